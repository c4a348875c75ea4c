//! How the breaker opens, admits one request, and closes again.

use crate::net::breaker::*;

fn said(window: Option<RateWindow>, resets_in: Option<u64>, retry_after: Option<u64>) -> Limited {
    Limited { window, limit: None, resets_in, retry_after, said_at: None }
}

#[test]
fn it_waits_as_long_as_the_server_says_where_that_can_be_true() {
    use RateWindow::{Hour, Minute, Month};
    let table = [
        (said(Some(Minute), Some(31), Some(5)), 31),
        (said(Some(Minute), Some(0), None), 1),
        (said(Some(Minute), None, Some(5)), 5),
        (said(Some(Minute), Some(86_400), Some(5)), 5),
        (said(Some(Minute), Some(86_400), Some(86_400)), 60),
        (said(Some(Minute), Some(u64::MAX), None), 60),
        (said(Some(Hour), Some(3_600), None), 3_600),
        (said(Some(Month), Some(u64::MAX), Some(u64::MAX)), 60),
        (said(None, None, None), 60),
        (said(None, Some(40), None), 40),
    ];
    for (limited, expected) in table {
        assert_eq!(limited.seconds_to_wait(), expected, "{limited:?}");
    }
}

#[test]
fn a_minute_resumes_an_hour_only_soon_and_longer_windows_not() {
    let table = [
        (Some(RateWindow::Minute), 60, true),
        (Some(RateWindow::Hour), 900, true),
        (Some(RateWindow::Hour), 902, false),
        (Some(RateWindow::Day), 10, false),
        (Some(RateWindow::Week), 10, false),
        (Some(RateWindow::Month), 10, false),
        (None, 60, true),
        (None, 7_200, false),
    ];
    for (window, seconds, resumes) in table {
        let mut breaker = CircuitBreaker::default();
        breaker.limited(&said(window, Some(seconds), None), 1_000, 0);
        let until = 1_000 + seconds * 1_000;
        let expected = if resumes {
            Admission::Until(until)
        } else {
            Admission::Exhausted(window.unwrap_or(RateWindow::Other), until)
        };
        assert_eq!(breaker.limit(1_000), expected, "{window:?} {seconds}");
        assert_eq!(breaker.limit(until), Admission::Probe);
    }
}

#[test]
fn a_limit_ends_with_one_probe_and_begins_again_with_its_429() {
    let mut breaker = CircuitBreaker::default();
    let minute = said(Some(RateWindow::Minute), Some(10), None);
    breaker.limited(&minute, 0, 2_001);
    assert_eq!(breaker.limit(0), Admission::Until(11_000));
    breaker.limited(&said(Some(RateWindow::Minute), Some(3), None), 0, 0);
    assert_eq!(breaker.limit(0), Admission::Until(11_000), "a shorter wait does not shorten it");
    breaker.is_probing = true;
    assert_eq!(breaker.limit(11_000), Admission::Busy);
    breaker.is_probing = false;
    assert_eq!(breaker.limit(11_000), Admission::Probe);
    breaker.is_probing = true;
    breaker.limited(&minute, 11_500, 0);
    breaker.probe_answered();
    assert_eq!(breaker.limit(11_500), Admission::Until(21_500));
    breaker.is_probing = true;
    breaker.probe_answered();
    assert_eq!(breaker.limit(21_500), Admission::Free);
}

#[test]
fn an_answer_to_another_request_leaves_the_probe_of_a_limit_alone() {
    let mut breaker = CircuitBreaker::default();
    breaker.limited(&said(Some(RateWindow::Minute), Some(10), None), 0, 0);
    breaker.is_probing = true;
    breaker.answered();
    assert_eq!(breaker.limit(10_000), Admission::Busy);
    (0..FAILURES).for_each(|_| breaker.failed(10_000));
    assert_eq!(breaker.outage(10_000), Admission::Until(15_000));
    breaker.probe_answered();
    assert_eq!((breaker.limit(10_000), breaker.outage(10_000)), (Admission::Free, Admission::Free));
}

fn offline() -> CircuitBreaker {
    let mut breaker = CircuitBreaker::default();
    for _ in 0..FAILURES {
        assert_eq!(breaker.outage(100), Admission::Free);
        breaker.failed(100);
    }
    breaker
}

#[test]
fn five_failures_in_a_row_are_needed_and_an_answer_ends_the_row() {
    let mut breaker = CircuitBreaker::default();
    for _ in 0..3 {
        (0..4).for_each(|_| breaker.failed(0));
        breaker.answered();
    }
    assert!(!breaker.is_offline());
    assert_eq!(offline().offline_for(100), Some(5_000));
}

#[test]
fn probes_leave_at_5_10_20_40_60_and_60_seconds() {
    let mut breaker = offline();
    let mut now = 100;
    for pause in [5_000, 10_000, 20_000, 40_000, 60_000, 60_000] {
        assert_eq!(breaker.outage(now), Admission::Until(now + pause));
        breaker.failed(now);
        now += pause;
        assert_eq!(breaker.outage(now), Admission::Probe);
        breaker.is_probing = true;
        assert_eq!(breaker.outage(now), Admission::Busy);
        breaker.probe_failed(now);
    }
    breaker.answered();
    assert_eq!(breaker.outage(now), Admission::Free);
}

#[test]
fn the_user_need_not_wait_for_the_probe() {
    let mut breaker = offline();
    breaker.promote_probe(200);
    assert_eq!(breaker.outage(200), Admission::Probe);
    breaker.is_probing = true;
    breaker.promote_probe(300);
    assert_eq!(breaker.outage(300), Admission::Busy);
    breaker.is_probing = false;
    assert_eq!(breaker.outage(300), Admission::Probe);
}

#[test]
fn what_the_user_tries_in_between_makes_nobody_wait_longer() {
    let mut breaker = offline();
    for now in [200, 400, 600] {
        breaker.promote_probe(now);
        breaker.promote_probe(now);
        assert_eq!(breaker.outage(now), Admission::Probe);
        breaker.is_probing = true;
        breaker.promote_probe(now);
        breaker.probe_failed(now);
        assert_eq!(breaker.offline_for(now), Some(PAUSES[0]));
    }
    breaker.promote_probe(600 + PAUSES[0]);
    breaker.is_probing = true;
    breaker.probe_failed(600 + PAUSES[0]);
    assert_eq!(breaker.offline_for(600 + PAUSES[0]), Some(PAUSES[1]), "it left in its time");
}
