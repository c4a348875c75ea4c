//! Checks that compare days and instants: payouts with invoices, the ends of penalties with notices.

use super::{Facts, Outcome, Tally};
use crate::conciliation::Role;
use crate::conciliation::row::{dated, described, is_set, placed};
use crate::domain::date::instant;
use crate::list::record::Record;

/// Payouts before the booking's first invoice. Where one is missing its day, what is left is
/// compared, and nothing found then means that it cannot be said.
pub(super) fn payouts(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Invoices, Role::Transactions]);
    let invoices = placed(facts.booking, Role::Invoices);
    let days = invoices.clone().filter_map(|(at, row)| Some((dated(row, Role::Invoices)?, at)));
    let first = days.min_by_key(|(day, _)| *day);
    let undated_invoices = invoices.filter(|(_, row)| dated(row, Role::Invoices).is_none()).count();
    let mut undated = 0;
    for (at, row) in placed(facts.booking, Role::Transactions) {
        match (dated(row, Role::Transactions), first) {
            (Some(paid), Some((issued, invoice))) if paid < issued => tally.find(
                format!("paid out {}", described(facts.booking, at)),
                format!("the first invoice was issued on {issued}"),
                vec![at, invoice],
            ),
            (None, Some(_)) => undated += 1,
            _ => {}
        }
    }
    if !facts.booking.rows(Role::Transactions).is_empty() {
        tally.miss(undated_invoices, "no day of issue");
        if first.is_none() && undated_invoices == 0 && tally.unknown.is_empty() {
            tally.unknown.push("the booking has payouts and no invoice".to_owned());
        }
    }
    tally.miss(undated, "no day of payment");
    tally.outcome()
}

/// The ways in which a penalty ends, with the field that says when.
const ENDS: [(&str, &str); 3] =
    [("paid", "timestamp_paid"), ("waived", "timestamp_waived"), ("settled", "timestamp_settled")];

/// Penalties that ended before they were notified. One of which the landlord was never told, or
/// that has not ended, has nothing to compare.
pub(super) fn penalties(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Penalties]);
    let mut unreadable = 0;
    for (at, row) in placed(facts.booking, Role::Penalties) {
        for (word, field) in ENDS {
            if !is_set(row, field) || !is_set(row, "timestamp_notify") {
                continue;
            }
            match (stamp(row, field), stamp(row, "timestamp_notify")) {
                (Some((end, ended)), Some((notice, notified))) if end < notice => tally.find(
                    format!("{} was {word} at {ended}", described(facts.booking, at)),
                    format!("the landlord was notified at {notified}"),
                    vec![at],
                ),
                (Some(_), Some(_)) => {}
                _ => unreadable += 1,
            }
        }
    }
    tally.miss(unreadable, "a time that cannot be read");
    tally.outcome()
}

fn stamp(row: &Record, field: &str) -> Option<(impl PartialOrd, String)> {
    let at = instant(row.text(field)?.expose_raw())?;
    Some((at, at.format("%Y-%m-%d %H:%MZ").to_string()))
}
