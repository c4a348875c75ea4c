//! Checks that compare figures: totals with rows, payouts and currencies with each other.

use std::collections::BTreeMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, counted, dated, placed};
use crate::conciliation::totals::{Compared, Comparison, Difference};
use crate::conciliation::{Figure, Role, SECTIONS};
use crate::domain::money::{Currency, format_amount, format_money};

/// Each total and the count with the rows.
pub(super) fn totals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::default();
    for compared in &facts.totals.sections {
        let title = compared.kind().title;
        match &compared.outcome {
            Comparison::Agrees => {}
            Comparison::Incomparable(why) => tally.unknown.push(format!("{title}: {why}")),
            Comparison::Differs(by) => {
                let (server, rows) = sides(compared, by);
                tally.find(format!("{title}: {server}"), rows, behind(facts, compared, by));
            }
        }
    }
    let count = &facts.totals.count;
    if let (Some(Figure::Count(server)), Some(rows), Some(false)) =
        (&count.server, count.rows, count.agrees())
    {
        tally.find(format!("the server counts {server} transactions"), counted(rows), Vec::new());
    }
    tally.outcome()
}

fn sides(compared: &Compared, by: &Difference) -> (String, String) {
    let server = match compared.server {
        Some(Figure::Minor(minor) | Figure::Count(minor)) => {
            // Without a code, since the server names none; with the decimals of the rows.
            format_amount(minor.into(), by.currency)
        }
        _ => String::new(),
    };
    let sum = format_money(compared.rows.of(by.currency), by.currency);
    let verb = if compared.count == 1 { "makes" } else { "make" };
    let rows = format!("{} {verb} {sum}, a difference of {by}", counted(compared.count));
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
    let field = SECTIONS[Role::Transactions.index()].amount;
    let mut groups: BTreeMap<_, Vec<RowAt>> = BTreeMap::new();
    let mut unknown = 0;
    for (at, row) in placed(facts.booking, Role::Transactions) {
        match (dated(row, Role::Transactions), row.minor(field)) {
            (Some(day), Some(minor)) if !row.has_odd_currency() => {
                groups.entry((day, row.currency(), minor)).or_default().push(at);
            }
            _ => unknown += 1,
        }
    }
    for ((day, currency, minor), rows) in groups {
        if rows.len() > 1 {
            let amount = format_money(minor.into(), currency);
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
        let told = |(currency, rows): &(Currency, Vec<RowAt>)| {
            format!("{currency} in {}", counted(rows.len()))
        };
        let other = others.iter().map(told).collect::<Vec<_>>().join(", ");
        let rows = others.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        tally.find(told(&(*main, most.clone())), other, rows);
    }
    tally.miss(unnamed.len(), "no currency");
    tally.outcome()
}
