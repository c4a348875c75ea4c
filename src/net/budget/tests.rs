//! The budget over virtual time.

use proptest::prelude::*;

use crate::domain::text::Untrusted;
use crate::net::budget::*;
use crate::net::response;

fn window(name: &str, limit: u32, remaining: u32, resets_in_seconds: u64) -> response::Window {
    response::Window { name: Untrusted::new(name), limit, remaining, resets_in_seconds }
}

fn limits(windows: Vec<response::Window>) -> Limits {
    Limits { plan: None, windows }
}

/// Sends as early as possible until `end`. Returns the times.
fn send_all(budget: &mut Budget, from: u64, end: u64) -> Vec<u64> {
    let mut now = from;
    let mut times = Vec::new();
    while now < end {
        match budget.admission(Priority::Visible, now) {
            Admission::Free => {
                budget.spend(now);
                times.push(now);
            }
            Admission::Until(at) => now = at,
            other => panic!("{other:?}"),
        }
    }
    times
}

fn said(window: RateWindow, limit: u32) -> Limited {
    Limited { window: Some(window), limit: Some(limit), ..Limited::default() }
}

#[test]
fn a_burst_of_20_then_one_each_750_ms() {
    let mut budget = Budget::new(Pace::Metered);
    let times = send_all(&mut budget, 0, 60_000);
    assert_eq!(times.len(), 20 + 79);
    assert_eq!(times[19..23], [0, 750, 1_500, 2_250]);
    assert_eq!((known(&budget, 60_000), budget.ready(90_000)), (None, 20));
}

#[test]
fn what_nobody_waits_for_leaves_only_while_half_of_the_burst_is_there() {
    let mut budget = Budget::new(Pace::Metered);
    (0..11).for_each(|_| {
        budget.spend(0);
    });
    assert_eq!(budget.admission(Priority::Visible, 0), Admission::Free);
    let held = [Priority::Next, Priority::Background];
    assert_eq!(held.map(|held| budget.admission(held, 0)), [Admission::Until(750); 2]);
    assert_eq!(held.map(|held| budget.admission(held, 750)), [Admission::Free; 2]);
}

#[test]
fn the_servers_lower_figure_wins_and_a_higher_one_does_not() {
    let mut budget = Budget::new(Pace::Metered);
    budget.learn(&limits(vec![window("minute", 600, 600, 60)]), 0, 0);
    assert_eq!((budget.limit(), budget.ready(0)), (120, 20));
    budget.learn(&limits(vec![window("minute", 60, 60, 60)]), 0, 0);
    assert_eq!((budget.limit(), budget.ready(0)), (60, 10));
    assert!(send_all(&mut budget, 0, 60_000).len() <= 50);
    budget.limited(&said(RateWindow::Minute, 6), 60_000);
    assert_eq!((budget.limit(), budget.ready(60_000)), (6, 1));
    budget.limited(&said(RateWindow::Minute, 0), 60_000);
    budget.limited(&said(RateWindow::Day, 2), 60_000);
    assert_eq!(budget.limit(), 6);
    budget.learn(&limits(vec![]), 0, 70_000);
    assert_eq!(budget.limit(), 120);
}

#[test]
fn what_colleagues_used_of_the_minute_is_respected_until_its_reset() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    budget.spend(100);
    budget.learn(&limits(vec![window("minute", 120, 3, 31)]), number, 1_000);
    assert_eq!((known(&budget, 1_000), budget.ready(1_000)), (Some(2), 2), "one left in between");
    assert_eq!(budget.admission(Priority::Background, 1_000), Admission::Until(32_000));
    budget.spend(1_000);
    budget.spend(1_000);
    assert_eq!(budget.admission(Priority::Visible, 1_000), Admission::Until(32_000));
    assert_eq!(budget.admission(Priority::Background, 32_000), Admission::Free);
}

/// The reported requests left.
fn known(budget: &Budget, now: u64) -> Option<u32> {
    budget.left(now).map(|(requests, _)| requests)
}

fn left(requests: u32, limit: Option<u32>) -> Remaining {
    Remaining { requests, limit }
}

#[test]
fn what_the_server_has_left_is_known_only_while_what_it_said_of_it_counts() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    assert_eq!(known(&budget, 0), None, "the contract's 120 are no word of the server");
    budget.limited(&Limited::default(), 0);
    budget.limited(&said(RateWindow::Day, 5), 0);
    budget.limited(&said(RateWindow::Minute, 600), 0);
    assert_eq!(known(&budget, 0), None, "not the limit of the minute");
    budget.limited(&said(RateWindow::Minute, 12), 0);
    assert_eq!(
        known(&budget, 0),
        None,
        "a limit alone does not say how much of it others have used"
    );
    budget.correct(left(7, Some(12)), number, 0);
    assert_eq!(budget.left(0), Some((7, 60_000)), "by a header, for a minute");
    budget.learn(&limits(vec![window("minute", 600, 585, 31)]), number, 0);
    assert_eq!(budget.left(0), Some((585, 31_000)), "by the limits, until the reset");
    assert_eq!((known(&budget, 30_999), known(&budget, 31_000)), (Some(585), None));
    budget.limited(&Limited::default(), 100);
    assert_eq!(known(&budget, 100), None, "a refusal is newer");
    budget.learn(&limits(vec![window("minute", 600, 585, 31)]), number, 100);
    assert_eq!((budget.limit(), budget.ready(100)), (120, 2), "at valora's own pace");
    let mut budget = Budget::new(Pace::Free);
    budget.spend(0);
    assert_eq!(known(&budget, 0), None);
}

#[test]
fn what_an_answer_says_is_left_of_the_minute_is_believed_in_both_directions() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    budget.spend(100);
    budget.correct(left(59, Some(120)), number, 200);
    assert_eq!(known(&budget, 200), Some(58), "one left in between");
    assert_eq!(budget.admission(Priority::Background, 200), Admission::Until(60_000));
    assert_eq!(budget.admission(Priority::Visible, 200), Admission::Free);
    let number = budget.spend(1_000);
    assert_eq!(known(&budget, 1_000), Some(57));
    budget.correct(left(119, None), number, 1_100);
    assert_eq!(known(&budget, 1_100), Some(119), "a minute has begun at the server");
    assert_eq!(budget.admission(Priority::Background, 1_100), Admission::Free);
    assert_eq!(known(&budget, 61_000), None, "an answer counts for a minute");
}

#[test]
fn nothing_left_by_an_answer_stops_nobody_who_waits_until_its_end_is_known() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    budget.correct(left(0, Some(120)), number, 0);
    assert_eq!((known(&budget, 0), budget.ready(0)), (Some(0), 0));
    assert_eq!(budget.admission(Priority::Visible, 0), Admission::Free);
    budget.learn(&limits(vec![window("minute", 120, 80, 31)]), number, 0);
    budget.correct(left(0, Some(120)), number, 1_000);
    assert_eq!(budget.admission(Priority::Visible, 1_000), Admission::Until(31_000));
    assert_eq!(budget.admission(Priority::Visible, 31_000), Admission::Free);
    assert_eq!(known(&budget, 31_000), None, "of the plan's next minute nothing was said");
}

#[test]
fn figures_that_cannot_be_of_the_minute_change_nothing() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    for odd in
        [left(121, None), left(u32::MAX, Some(u32::MAX)), left(5, Some(1_000)), left(3, Some(0))]
    {
        budget.correct(odd, number, 0);
        assert_eq!(known(&budget, 0), None, "{odd:?}");
    }
    budget.learn(&limits(vec![window("minute", 60, 50, 31)]), number, 0);
    budget.correct(left(100, Some(120)), number, 0);
    assert_eq!(known(&budget, 0), Some(50), "the plan's own limit is known");
    budget.correct(left(40, Some(60)), number, 0);
    assert_eq!(known(&budget, 0), Some(40));
}

#[test]
fn a_lower_limit_that_an_answer_tells_counts_and_a_higher_one_does_not() {
    let mut budget = Budget::new(Pace::Metered);
    let number = budget.spend(0);
    budget.correct(left(59, Some(60)), number, 0);
    assert_eq!((budget.limit(), known(&budget, 0), budget.ready(0)), (60, Some(59), 10));
    assert_eq!(budget.admission(Priority::Background, 0), Admission::Free);
    assert!(send_all(&mut budget, 0, 60_000).len() <= 50);
    let number = budget.spend(59_000);
    budget.correct(left(58, Some(60)), number, 59_000);
    let number = budget.spend(59_500);
    budget.correct(left(100, Some(120)), number, 59_600);
    assert_eq!((budget.limit(), known(&budget, 59_600)), (120, Some(100)), "a header tells more");
    budget.correct(left(500, Some(600)), number, 59_700);
    assert_eq!((budget.limit(), known(&budget, 59_700)), (120, Some(100)), "more than is granted");
    budget.correct(left(57, Some(60)), number, 59_800);
    assert_eq!(budget.limit(), 60);
    budget.spend(119_499);
    assert_eq!((budget.limit(), budget.burst()), (60, 10));
    budget.spend(119_500);
    assert_eq!((budget.limit(), budget.burst()), (120, 20), "a limit counts for its minute");
    budget.learn(&limits(vec![window("minute", 600, 600, 60)]), number, 130_000);
    let number = budget.spend(130_000);
    budget.correct(left(29, Some(30)), number, 130_000);
    assert_eq!((budget.limit(), known(&budget, 130_000)), (30, Some(29)));
}

#[test]
fn a_late_answer_about_the_plan_does_not_undo_what_a_later_request_has_told() {
    let mut budget = Budget::new(Pace::Metered);
    let slow = budget.spend(0);
    let number = budget.spend(100);
    budget.correct(left(7, Some(120)), number, 200);
    budget.learn(&limits(vec![window("minute", 120, 100, 31), window("day", 9, 4, 60)]), slow, 300);
    assert_eq!((known(&budget, 300), budget.ready(300)), (Some(7), 3), "the day is new");
    budget.correct(left(110, Some(120)), slow, 400);
    assert_eq!(known(&budget, 400), Some(7), "it is still older");
    let number = budget.spend(500);
    budget.learn(&limits(vec![window("minute", 120, 90, 31)]), number, 600);
    assert_eq!(known(&budget, 600), Some(90));
    budget.learn(&limits(vec![]), slow, 700);
    assert_eq!(
        known(&budget, 700),
        Some(90),
        "an older answer without a minute tells nothing of it"
    );
}

#[test]
fn a_late_answer_does_not_lower_the_next_minute() {
    let mut budget = Budget::new(Pace::Metered);
    let slow = budget.spend(0);
    budget.learn(&limits(vec![window("minute", 120, 100, 30)]), slow, 0);
    let slow = budget.spend(1_000);
    budget.correct(left(2, Some(120)), slow, 31_000);
    assert_eq!(known(&budget, 31_000), None, "the minute in which it left is over");
    let number = budget.spend(32_000);
    budget.correct(left(90, Some(120)), number, 33_000);
    assert_eq!(known(&budget, 33_000), Some(90));

    let mut budget = Budget::new(Pace::Metered);
    let slow = budget.spend(0);
    let number = budget.spend(1_000);
    budget.correct(left(119, Some(120)), number, 1_100);
    budget.correct(left(0, Some(120)), slow, 1_200);
    assert_eq!(known(&budget, 1_200), Some(119), "a later request was answered before");
    let slow = budget.spend(2_000);
    budget.correct(left(0, Some(120)), slow, 61_999);
    assert_eq!((known(&budget, 61_999), known(&budget, 62_000)), (Some(0), None));
    let slow = budget.spend(62_000);
    budget.correct(left(0, Some(120)), slow, 122_000);
    assert_eq!(known(&budget, 122_000), None);
}

#[test]
fn windows_of_the_plan_are_obeyed_each_in_its_way() {
    let table = [
        (window("hour", 1_000, 0, 600), Admission::Until(600_000)),
        (window("hour", 1_000, 0, 3_000), Admission::Exhausted(RateWindow::Hour, 3_000_000)),
        (window("day", 1_000, 0, 60), Admission::Exhausted(RateWindow::Day, 60_000)),
        (window("month", 9, 0, u64::MAX), Admission::Exhausted(RateWindow::Month, 31 * 86_400_000)),
        (window("fortnight", 9, 0, 60), Admission::Until(60_000)),
        (window("minute", 0, 0, 60), Admission::Free),
        (window("day", 9, 1, 0), Admission::Free),
    ];
    for (window, expected) in table {
        let mut budget = Budget::new(Pace::Metered);
        budget.learn(&limits(vec![window.clone()]), 0, 0);
        assert_eq!(budget.admission(Priority::Visible, 0), expected, "{window:?}");
        if let Admission::Until(at) | Admission::Exhausted(_, at) = expected {
            assert_eq!(budget.admission(Priority::Visible, at), Admission::Free, "{window:?}");
        }
    }
}

#[test]
fn a_free_pace_holds_nothing() {
    let mut budget = Budget::new(Pace::Free);
    budget.learn(&limits(vec![window("day", 9, 0, 60)]), 0, 0);
    (0..1_000).for_each(|_| {
        budget.spend(0);
    });
    assert_eq!(budget.admission(Priority::Background, 0), Admission::Free);
}

proptest! {
    #[test]
    fn no_minute_ever_sees_more_than_100(
        pauses in prop::collection::vec((0_u64..5_000, 0_u32..200), 1..200),
        limit in prop::option::of(2_u32..300),
    ) {
        let mut budget = Budget::new(Pace::Metered);
        if let Some(limit) = limit {
            budget.learn(&limits(vec![window("minute", limit, limit, 60)]), 0, 0);
        }
        let most = limit.map_or(100, |limit| limit.min(100)) as usize;
        let mut now = 0;
        let mut times: Vec<u64> = Vec::new();
        for (pause, wanted) in pauses {
            now += pause;
            for _ in 0..wanted {
                if budget.admission(Priority::Visible, now) == Admission::Free {
                    budget.spend(now);
                    times.push(now);
                }
            }
        }
        for pair in times.windows(most + 1) {
            prop_assert!(pair[most] - pair[0] >= 60_000);
        }
    }
}

#[test]
fn it_is_full_again_when_nothing_of_the_last_minute_and_no_spent_window_is_left() {
    let mut budget = Budget::new(Pace::Metered);
    assert_eq!(budget.refilled_at(5), 5);
    for now in [1_000, 2_000] {
        budget.spend(now);
    }
    assert_eq!(budget.refilled_at(2_000), 62_000);
    assert_eq!(budget.refilled_at(99_000), 99_000);
    budget.limited(&said(RateWindow::Minute, 1), 2_000);
    assert_eq!(budget.refilled_at(2_000), 62_000);
}
