//! Checks that compare figures and days: totals, payouts, currencies, the ends of penalties.

use std::collections::BTreeMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, dated, described, is_set, placed, rows_label};
use crate::conciliation::totals::{Comparison, Difference};
use crate::conciliation::{Role, SECTIONS};
use crate::domain::date::instant;
use crate::domain::money::{Currency, format_money};
use crate::list::record::Record;

pub(super) fn totals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::default();
    for compared in &facts.totals.sections {
        let title = compared.role.kind().title;
        match &compared.comparison {
            Comparison::Agrees => {}
            Comparison::Incomparable(why) => tally.unknown.push(format!("{title}: {why}")),
            Comparison::Differs(by) => {
                let server = compared.server_shown(by.currency);
                let sum = format_money(compared.rows.of(by.currency), by.currency);
                let rows = rows_label(compared.count);
                let verb = if compared.count == 1 { "makes" } else { "make" };
                tally.find(
                    format!("{title}: the server's total is {server}"),
                    format!("{rows} {verb} {sum}, a difference of {by}"),
                    behind(facts, compared.role, by),
                );
            }
        }
    }
    if let Some((server, rows)) = facts.totals.count.mismatch() {
        let server = format!("the server counts {server} transactions");
        tally.find(server, rows_label(rows), Vec::new());
    }
    tally.outcome()
}

/// The rows that the first explanation leaves out, else those of the first suggestion.
fn behind(facts: &Facts<'_>, role: Role, by: &Difference) -> Vec<RowAt> {
    let explained = by.explanations.first().map(|one| one.left_out.clone());
    let suggested = facts.suggestions.iter().find(|one| one.role == role);
    explained.or_else(|| suggested.map(|one| one.rows.clone())).unwrap_or_default()
}

pub(super) fn twice(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Transactions]);
    let mut groups: BTreeMap<_, Vec<RowAt>> = BTreeMap::new();
    let mut unknown = 0;
    for (at, row) in placed(facts.booking, Role::Transactions) {
        match (dated(row, Role::Transactions), amount(row, Role::Transactions)) {
            (Some(day), Some(minor)) if !row.has_odd_currency() => {
                groups.entry((day, row.currency(), minor)).or_default().push(at);
            }
            _ => unknown += 1,
        }
    }
    for ((day, currency, minor), rows) in groups {
        if rows.len() > 1 {
            let amount = format_money(minor, currency);
            tally.find(format!("{amount} on {day}"), format!("{} times", rows.len()), rows);
        }
    }
    tally.miss(unknown, "no day or no amount");
    tally.outcome()
}

/// Rows in another currency than the one that most rows have.
pub(super) fn currencies(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &SECTIONS.each_ref().map(|kind| kind.role));
    let mut groups: BTreeMap<Currency, Vec<RowAt>> = BTreeMap::new();
    for kind in &SECTIONS {
        for (at, row) in placed(facts.booking, kind.role) {
            groups.entry(row.currency()).or_default().push(at);
        }
    }
    let unnamed = groups.remove(&Currency::NONE).unwrap_or_default();
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let labels = groups.iter().map(|(code, rows)| format!("{code} in {}", rows_label(rows.len())));
    if let [main, others @ ..] = &labels.collect::<Vec<_>>()[..]
        && !others.is_empty()
    {
        let rows = groups.iter().skip(1).flat_map(|(_, rows)| rows).copied().collect();
        tally.find(main.clone(), others.join(", "), rows);
    }
    tally.miss(unnamed.len(), "no currency");
    tally.outcome()
}

/// Payouts before the first invoice. Rows without a day are skipped, but then it cannot pass.
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

const ENDS: [(&str, &str); 3] =
    [("paid", "timestamp_paid"), ("waived", "timestamp_waived"), ("settled", "timestamp_settled")];

/// Penalties closed before they were notified; those not notified or still open are skipped.
pub(super) fn notices(facts: &Facts<'_>) -> Outcome {
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
