//! Checks that compare figures: totals with rows, payouts and currencies with each other.

use std::collections::BTreeMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, dated, placed, rows_label};
use crate::conciliation::totals::{Compared, Comparison, Difference};
use crate::conciliation::{Role, SECTIONS};
use crate::domain::money::{Currency, format_money};

/// Each total and the count with the rows.
pub(super) fn totals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::default();
    for compared in &facts.totals.sections {
        let title = compared.role.kind().title;
        match &compared.comparison {
            Comparison::Agrees => {}
            Comparison::Incomparable(why) => tally.unknown.push(format!("{title}: {why}")),
            Comparison::Differs(by) => {
                let (server, rows) = sides(compared, by);
                tally.find(format!("{title}: {server}"), rows, behind(facts, compared, by));
            }
        }
    }
    if let Some((server, rows)) = facts.totals.count.mismatch() {
        tally.find(
            format!("the server counts {server} transactions"),
            rows_label(rows),
            Vec::new(),
        );
    }
    tally.outcome()
}

fn sides(compared: &Compared, by: &Difference) -> (String, String) {
    let server = compared.server_shown(by.currency);
    let sum = format_money(compared.rows.of(by.currency), by.currency);
    let verb = if compared.count == 1 { "makes" } else { "make" };
    let rows = format!("{} {verb} {sum}, a difference of {by}", rows_label(compared.count));
    (format!("the server's total is {server}"), rows)
}

/// The rows that the first explanation leaves out, else those of the first suggestion.
fn behind(facts: &Facts<'_>, compared: &Compared, by: &Difference) -> Vec<RowAt> {
    let explained = by.explanations.first().map(|one| one.left_out.clone());
    let suggested = facts.suggestions.iter().find(|one| one.role == compared.role);
    explained.or_else(|| suggested.map(|one| one.rows.clone())).unwrap_or_default()
}

/// Payouts with the same amount, currency and day.
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

/// The currencies that rows name. The one of most rows is taken for the booking's.
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
    if let [(main, most), others @ ..] = &groups[..]
        && !others.is_empty()
    {
        let label = |(currency, rows): &(Currency, Vec<RowAt>)| {
            format!("{currency} in {}", rows_label(rows.len()))
        };
        let other = others.iter().map(label).collect::<Vec<_>>().join(", ");
        let rows = others.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        tally.find(label(&(*main, most.clone())), other, rows);
    }
    tally.miss(unnamed.len(), "no currency");
    tally.outcome()
}
