//! Checks that compare figures and dates: totals, payouts, currencies, when penalties were closed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, dated, described, is_set, placed, rows_label};
use crate::conciliation::totals::{Comparison, Difference};
use crate::conciliation::verdict::MOST_NAMED;
use crate::conciliation::{Role, SECTIONS};
use crate::domain::date::instant;
use crate::domain::money::{Currency, counted, format_money};
use crate::list::record::Record;
use crate::list::record::sums::NotSummed;

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
                let verb = if compared.count == 1 { "adds" } else { "add" };
                let signs = compared.signs.map(|signs| format!(" ({signs})")).unwrap_or_default();
                tally.find(
                    format!("{title}: the server's total is {server}"),
                    format!("{rows} {verb} up to {sum}{signs}, a difference of {by}"),
                    behind(facts, compared.role, by),
                );
            }
        }
    }
    if let Some((server, rows)) = facts.totals.count.mismatch() {
        let rows = format!("the response lists {}", counted(rows as u64, "payout"));
        tally.find(format!("the server counts {server}"), rows, Vec::new());
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
    let (mut undated, mut not_summed) = (0, NotSummed::default());
    for (at, row) in placed(facts.booking, Role::Transactions) {
        match (dated(row, Role::Transactions), row.summand(Role::Transactions.kind().spec.amount()))
        {
            (Some(day), Ok((minor, currency))) => {
                groups.entry((day, currency, minor)).or_default().push(at);
            }
            (_, Err(why)) => not_summed.add(why),
            (None, Ok(_)) => undated += 1,
        }
    }
    for ((day, currency, minor), rows) in groups {
        if rows.len() > 1 {
            let amount = format_money(minor.into(), currency);
            tally.find(format!("{amount} on {day}"), format!("{} times", rows.len()), rows);
        }
    }
    tally.miss(undated, "no date");
    tally.unknown.extend((not_summed.count() > 0).then(|| not_summed.to_string()));
    tally.outcome()
}

/// Rows in another currency than most rows. A currency that is not a code is shown as received.
pub(super) fn currencies(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &SECTIONS.each_ref().map(|kind| kind.role));
    let mut groups: BTreeMap<Cow<'_, str>, Vec<RowAt>> = BTreeMap::new();
    for kind in &SECTIONS {
        for (at, row) in placed(facts.booking, kind.role) {
            groups.entry(row.currency_text()).or_default().push(at);
        }
    }
    let unnamed = groups.remove(Currency::NONE.code()).unwrap_or_default();
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let labels = groups.iter().map(|(name, rows)| format!("{name} in {}", rows_label(rows.len())));
    if let [main, others @ ..] = &labels.collect::<Vec<_>>()[..]
        && !others.is_empty()
    {
        let rows = groups.iter().skip(1).flat_map(|(_, rows)| rows).copied().collect();
        let more = others.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = others.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
        tally.find(main.clone(), named + &more, rows);
    }
    tally.miss(unnamed.len(), "no currency");
    tally.outcome()
}

/// Payouts before the first invoice. Rows without a date are skipped, but then it cannot pass.
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
        tally.miss(undated_invoices, "no issue date");
        if first.is_none() && undated_invoices == 0 && tally.unknown.is_empty() {
            tally.unknown.push("the booking has payouts but no invoice".to_owned());
        }
    }
    tally.miss(undated, "no payment date");
    tally.outcome()
}

const ENDS: [(&str, &str); 3] =
    [("paid", "timestamp_paid"), ("waived", "timestamp_waived"), ("settled", "timestamp_settled")];

/// Penalties closed before they were notified. Those not notified or still open are skipped.
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
