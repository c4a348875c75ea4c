//! Which customer is first.

use std::collections::BTreeSet;

use proptest::prelude::*;
use strum::VariantArray;

use super::{Lists, TODAY, customer, failure, lists};
use crate::customers::attention::{Attention, Need, attention};
use crate::customers::state::{RowState, Trouble};
use crate::customers::summary::Changed;

fn ready(lines: &[&str]) -> RowState {
    lists(lines).ready()
}

fn with_changes(count: usize) -> RowState {
    let mut summary = Lists::default().summary();
    summary.changed = Some(Changed { count, is_complete: true });
    RowState::Ready(Box::new(summary))
}

fn failed_list(lines: &[&str]) -> RowState {
    let mut summary = lists(lines).summary();
    summary.penalties = Err(failure());
    RowState::Ready(Box::new(summary))
}

/// Each state with its need and its words, the most urgent first.
fn table() -> Vec<(RowState, Need, &'static str)> {
    let nothing = || Box::new(Lists::default().summary());
    vec![
        (
            ready(&["scheduled 2026-11-01 missing_iban 100 EUR", "debt 2026-01-01 overdue 9 EUR"]),
            Need::Blocked,
            "1 payout blocked: needs IBAN",
        ),
        (
            ready(&["penalties 2026-11-01 notify 100 EUR", "penalties 2026-11-02 notify 1 EUR"]),
            Need::PenaltiesOverdue,
            "2 penalties overdue",
        ),
        (
            ready(&["debt 2026-01-01 overdue 4000 EUR", "penalties 2026-12-01 notify 1 EUR"]),
            Need::DebtOver90,
            "EUR 40.00 over 90 days",
        ),
        (
            ready(&["penalties 2026-12-01 notify 100 EUR"]),
            Need::PenaltiesToDecide,
            "1 penalty to decide",
        ),
        (
            ready(&["debt 2026-11-01 overdue 100 PLN", "scheduled 2026-11-01 delayed 100 EUR"]),
            Need::OverdueOrDelayed,
            "PLN 1.00 overdue, 1 payout delayed",
        ),
        (with_changes(3), Need::Changed, "3 changes"),
        (failed_list(&[]), Need::Unknown, "Penalties could not be loaded: status 500"),
        (
            RowState::Failed(Trouble::Refused(failure())),
            Need::Unknown,
            "token refused: run valora check --profile acme",
        ),
        (
            RowState::Stale(nothing(), Trouble::Offline(failure())),
            Need::Unknown,
            "server not reached: run valora check --profile acme",
        ),
        (ready(&["debt 2026-12-01 pending 100 EUR"]), Need::Nothing, "nothing"),
        (RowState::Reloading(nothing()), Need::Nothing, "nothing"),
        (
            RowState::Failed(Trouble::Locked("pass".to_owned())),
            Need::NotLoaded,
            "locked: pass may ask for a password",
        ),
        (RowState::Loading, Need::NotLoaded, "loading"),
        (RowState::Queued, Need::NotLoaded, "waiting"),
    ]
}

#[test]
fn the_first_need_that_applies_ranks_a_customer() {
    let mut seen = BTreeSet::new();
    let mut before: Option<Attention> = None;
    for (place, (state, need, words)) in table().into_iter().enumerate() {
        let attention = attention(&state, place);
        assert_eq!(
            (attention.need, customer("acme", state).need_in_words().as_str()),
            (need, words)
        );
        assert!(before.is_none_or(|before| before < attention), "{words}");
        before = Some(attention);
        seen.insert(need);
    }
    assert_eq!(seen.len(), Need::VARIANTS.len(), "each need has a row: {seen:?}");
}

#[test]
fn trouble_does_not_hide_what_is_known() {
    let lines = ["scheduled 2026-11-01 missing_iban 100 EUR"];
    assert_eq!(attention(&failed_list(&lines), 0).need, Need::Blocked);
    let stale = RowState::Stale(Box::new(lists(&lines).summary()), Trouble::Slow);
    assert_eq!(attention(&stale, 0).need, Need::Blocked);
}

#[test]
fn in_one_need_the_amount_then_the_rows_then_the_date_then_the_settings_decide() {
    let penalty = |due: &str, amount: &str| format!("penalties {due} notify {amount}");
    let of = |rows: &[String], place| {
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        attention(&ready(&rows), place)
    };
    let small = penalty("2026-11-01", "100 EUR");
    let ranked = [
        of(&[penalty("2026-11-01", "300 EUR")], 5),
        of(&[penalty("2026-11-01", "9000 PLN 200")], 4),
        of(&[small.clone(), penalty("2026-11-01", "900000 CZK")], 3),
        of(&[penalty("2026-10-01", "100 EUR")], 2),
        of(std::slice::from_ref(&small), 0),
        of(&[small], 1),
    ];
    assert!(ranked.is_sorted(), "{ranked:?}");
}

proptest! {
    #[test]
    fn one_more_open_row_never_lowers_a_customer(
        lines in super::lines(), list in 0usize..3, days in -120i64..60, amount in 0i64..100_000,
    ) {
        let list = ["debt", "penalties", "scheduled"][list];
        let status = if list == "scheduled" { "blocked" } else { "pending" };
        let due = TODAY + chrono::Duration::days(days);
        let more = format!("{list} {due} {status} {amount} EUR {amount}");
        let before: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut after = before.clone();
        after.push(&more);
        let [before, after] = [before, after].map(|lines| attention(&ready(&lines), 0));
        prop_assert!(after <= before, "{more}: {before:?} {after:?}");
    }
}
