//! What stops requests: the server's limits, a rejected credential, an outage.

use crate::net::response::{Limits, Window};
use crate::net::schedule::tests::*;

#[test]
fn a_429_stops_everything_until_one_probe_has_gone_through() {
    let mut story = Story::new();
    (1..=6).for_each(|ticket| story.submit(ticket, VISIBLE));
    let started = story.started();
    for (id, _) in &started {
        assert!(matches!(story.finish(*id, limited(RateWindow::Minute, 31)), Finished::Retried(_)));
    }
    let network = story.scheduler.network(story.now);
    assert!((31_000..=32_000).contains(&network.limited_for.unwrap()), "{network:?}");
    assert_eq!((network.ready, network.left), (0, network.limited_for.map(|wait| (0, wait))));
    assert!(story.wait() <= 32_000);
    assert_eq!(
        story.scheduler.network(story.now).left,
        None,
        "the limit is over, and nothing was said since"
    );
    let probe = story.start_one();
    assert!(story.is_idle());
    story.finish(probe, answer());
    assert_eq!(story.answered_and_started(), (vec![(1, None)], vec![2, 3, 4, 5]));
    assert_eq!(story.scheduler.network(story.now).limited_for, None);
}

#[test]
fn a_probe_that_nobody_wants_any_more_is_followed_by_another() {
    let mut story = Story::new();
    (1..=2).for_each(|ticket| story.submit(ticket, VISIBLE));
    let started = story.started();
    story.finish(started[0].0, limited(RateWindow::Minute, 5));
    story.finish(started[1].0, limited(RateWindow::Minute, 5));
    story.wait();
    let probe = story.start_one();
    assert_eq!(story.scheduler.cancel(Ticket(1)), Some(probe));
    assert_eq!(story.started().len(), 1);
}

#[test]
fn a_429_is_answered_in_the_end_and_at_once_where_nobody_waits() {
    let mut story = Story::new();
    story.submit(1, BACKGROUND);
    let id = story.start_one();
    assert_eq!(story.finish(id, limited(RateWindow::Minute, 5)), Finished::Done);
    assert_eq!(story.answered(), [(1, Some(Kind::Limited))]);
    assert!(story.wait() >= 5_000, "its end is worth a call even if nothing is queued");
    story.submit(2, VISIBLE);
    for _ in 0..2 {
        let id = story.start_one();
        assert!(matches!(story.finish(id, limited(RateWindow::Minute, 5)), Finished::Retried(_)));
        story.wait();
    }
    let id = story.start_one();
    assert_eq!(story.finish(id, limited(RateWindow::Minute, 5)), Finished::Done);
    assert_eq!(story.answered(), [(2, Some(Kind::Limited))]);
}

#[test]
fn a_spent_day_leaves_nobody_waiting_until_it_is_over() {
    let mut story = Story::new();
    (1..=6).for_each(|ticket| story.submit(ticket, VISIBLE));
    let started = story.started();
    story.finish(started[0].0, limited(RateWindow::Day, 7_200));
    let limited_tickets: Vec<u64> = story.answered().iter().map(|(ticket, _)| *ticket).collect();
    assert_eq!(limited_tickets, [1, 5, 6], "the three under way are still out");
    story.submit(7, VISIBLE);
    let Next::Response(_, Err(failure)) = story.scheduler.next(60_000) else { panic!() };
    assert_eq!(failure.kind, Kind::Limited);
    assert!(failure.why.contains("per day") && failure.why.contains("1 h 59 min"), "{failure}");
    assert!(story.is_idle(), "nothing resumes by itself");
    assert!(story.scheduler.network(0).limited_for.unwrap() >= 7_200_000);
    for (id, _) in &started[1..] {
        story.finish(*id, answer());
    }
    assert_eq!(story.answered().len(), 3);
    story.now = 7_202_000;
    story.submit(8, VISIBLE);
    let probe = story.start_one();
    story.finish(probe, answer());
    assert_eq!(story.answered(), [(8, None)]);
}

#[test]
fn a_window_that_the_limits_say_is_spent_is_not_asked_against() {
    let mut story = Story::new();
    story.scheduler.submit(Ticket(1), VISIBLE, Request::Limits, 0);
    let Next::Start { id, .. } = story.scheduler.next(0) else { panic!() };
    let (name, resets_in_seconds) = (Untrusted::new("month"), 86_400);
    let window = Window { name, limit: 1_000, remaining: 0, resets_in_seconds };
    story.finish(id, Ok(Response::Limits(Limits { plan: None, windows: vec![window] })));
    story.submit(2, VISIBLE);
    assert_eq!(story.answered(), [(1, None), (2, Some(Kind::Limited))]);
}

#[test]
fn a_401_stops_everything_until_the_credential_is_good_again() {
    let mut story = Story::new();
    (1..=5).for_each(|ticket| story.submit(ticket, VISIBLE));
    let started = story.started();
    assert_eq!(story.finish(started[0].0, status(401)), Finished::Done);
    story.submit(6, BACKGROUND);
    let access = Some(Kind::Access);
    assert_eq!(story.answered(), [(1, access), (5, access), (6, access)]);
    story.finish(started[1].0, answer());
    story.submit(7, VISIBLE);
    assert_eq!(story.answered(), [(2, None), (7, access)]);
    story.scheduler.resume();
    story.submit(8, VISIBLE);
    assert_eq!(story.started().len(), 1);
}

#[test]
fn offline_holds_what_the_user_waits_for_and_refuses_the_rest() {
    let mut story = Story::new();
    story.go_offline();
    assert_eq!(story.scheduler.network(story.now).offline_for, Some(5_000));
    assert!(story.is_idle(), "nobody waits, nothing is tried");
    story.submit(1, BACKGROUND);
    assert_eq!(story.answered(), [(1, Some(Kind::Passing))]);
    let began = story.now;
    story.submit(2, VISIBLE);
    let id = story.start_one();
    assert!(matches!(story.finish(id, reset()), Finished::Retried(_)), "tried at once");
    assert_eq!(story.wait(), began + 5_000, "a try in between makes nobody wait longer");
    let id = story.start_one();
    story.submit(3, BACKGROUND);
    story.submit(4, VISIBLE);
    assert_eq!(story.started(), [], "one probe and no more");
    story.finish(id, answer());
    assert_eq!(story.answered_and_started(), (vec![(2, None)], vec![4, 3]));
    assert_eq!(story.scheduler.network(story.now).offline_for, None);
}

#[test]
fn nobody_waits_for_ever_while_the_server_is_out_of_reach() {
    let mut story = Story::new();
    story.go_offline();
    let began = story.now;
    (1..=3).for_each(|ticket| story.submit(ticket, VISIBLE));
    let mut answers = Vec::new();
    while answers.len() < 3 {
        match story.scheduler.next(story.now) {
            Next::Start { id, .. } => {
                story.finish(id, reset());
            }
            Next::Response(ticket, answer) => answers.push((ticket, answer.is_err())),
            Next::WaitUntil(at) => story.now = at,
            Next::Idle => panic!("idle with {answers:?}"),
        }
    }
    assert!(answers.iter().all(|(_, failed)| *failed));
    assert!(story.now <= began + retry::ACTION, "{}", story.now - began);
    assert!(story.is_idle());
}

#[test]
fn what_was_asked_for_before_a_switch_answers_nobody_and_refuses_nobody() {
    let mut story = Story::new();
    story.submit(1, VISIBLE);
    let before = story.start_one();
    story.scheduler.abandon_session();
    // The next session may have another token, so the same request is sent again.
    story.submit(1, VISIBLE);
    let now = story.start_one();
    assert_eq!(story.finish(before, answer()), Finished::Cancelled);
    assert_eq!(story.answered(), []);
    story.finish(now, answer());
    assert_eq!(story.answered(), [(1, None)]);
    story.submit(2, VISIBLE);
    let before = story.start_one();
    story.scheduler.abandon_session();
    story.finish(before, status(401));
    story.submit(3, VISIBLE);
    let now = story.start_one();
    story.finish(now, answer());
    assert_eq!(story.answered(), [(3, None)]);
}
