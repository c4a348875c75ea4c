//! A booking as a workbook: totals, ledger, the sums of the ledger and checks on their own sheets.

use std::collections::BTreeMap;
use std::io;

use super::cell::Cell;
use super::currencies::{not_counted_in, sums};
use super::delimited::{amount, outcomes, shown};
use super::grid::{Column, Grid, xlsx};
use super::{BookingExport, Side};
use crate::conciliation::Figure;
use crate::conciliation::ledger::{self, Entry, Kind, Line};
use crate::conciliation::report::ExtraList;
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::normalize::capitalized;

pub(super) fn render(export: &BookingExport<'_>) -> io::Result<Vec<u8>> {
    xlsx(&[&totals(export), &ledger(export), &summary(export), &checks(export)])
}

fn columns<const N: usize>(titles: [(&'static str, Side); N]) -> Vec<Column> {
    titles.map(|(title, side)| Column::new(title, title, side)).into()
}

/// The figures of the booking and of each section, a row for each currency; then the result in words.
fn totals(export: &BookingExport<'_>) -> Grid {
    let report = export.report;
    let mut rows = Vec::new();
    for (label, figure) in report.summary.figures() {
        if figure.is_unknown {
            continue;
        }
        let left_out = figure.not_summed;
        let result =
            if left_out.count() > 0 { format!("not counted: {left_out}") } else { String::new() };
        let empty = [Cell::Empty, Cell::Empty, Cell::text(result)];
        rows.extend(by_currency(&capitalized(label), &figure.sums, empty));
    }
    for total in &report.totals.sections {
        let title = total.role.kind().title;
        let count = Cell::Number(total.count.to_string());
        let result = Cell::text(total.comparison.to_string());
        if total.rows.len() < 2 {
            let server = total.server.as_ref().map(|it| Cell::amount(it.shown(total.currency())));
            let once = [count, server.unwrap_or_default(), result];
            rows.extend(by_currency(title, &total.rows, once));
            continue;
        }
        // The server names no currency for its total, and the number of rows is of all currencies.
        let server = total.server.as_ref().map(in_minor_units).unwrap_or_default();
        let name = Cell::text(format!("{title}, all currencies"));
        rows.push(vec![name, count, Cell::Empty, Cell::Empty, server, result]);
        rows.extend(by_currency(title, &total.rows, <[Cell; 3]>::default()));
    }
    let titles = [
        ("Total", Side::Left),
        ("Rows", Side::Right),
        ("Amount", Side::Right),
        ("Currency", Side::Left),
        ("Server's total", Side::Right),
        ("Result", Side::Left),
    ];
    rows.push(Vec::new());
    rows.extend(facts(export).into_iter().map(|fact| vec![Cell::text(fact)]));
    Grid { title: "Totals", columns: columns(titles), rows }
}

/// A row for each currency; the number of rows, the server's total and the result are in the first one.
fn by_currency(name: &str, sums: &Sums, once: [Cell; 3]) -> Vec<Vec<Cell>> {
    let none = [(Currency::NONE, 0)];
    let sums: Vec<_> = if sums.is_empty() { none.into() } else { sums.euros_first().collect() };
    let mut once = Some(once);
    let row = |(currency, minor): (Currency, i128)| {
        let [count, server, result] = once.take().unwrap_or_default();
        let amount = Cell::amount(format_amount(minor, currency));
        vec![Cell::text(name), count, amount, Cell::text(currency.code()), server, result]
    };
    sums.into_iter().map(row).collect()
}

/// A total whose currency, and so its decimals, are not known: a text.
fn in_minor_units(total: &Figure) -> Cell {
    Cell::text(match total {
        Figure::Minor(minor) | Figure::Number(minor) => format!("{minor} in minor units"),
        other => other.shown(Currency::NONE),
    })
}

fn facts(export: &BookingExport<'_>) -> Vec<String> {
    let BookingExport { report, sources, .. } = export;
    let unknown = report.summary.figures().into_iter().filter(|(_, figure)| figure.is_unknown);
    let unknown = unknown.map(|(label, _)| format!("{label}: unknown"));
    let mut facts = vec![format!("Booking {}", report.booking.reference.escaped())];
    facts.extend(report.verdict_lines().into_iter().map(|line| line.text));
    facts.extend(unknown);
    facts.extend(export.owner().map(|owner| format!("Owner: {}", owner.in_words())));
    facts.extend(export.tenant.in_words());
    facts.extend(export.customer.map(|name| format!("Customer: {name}")));
    facts.push(format!("As of {}", export.at.format("%Y-%m-%d %H:%M")));
    facts.extend(ExtraList::ALL.into_iter().filter_map(|list| {
        let state = sources.of(list).in_words("%Y-%m-%d %H:%M")?;
        Some(format!("{}: {state}", list.title()))
    }));
    let left_out = report.ledger.not_included_in_words();
    facts.extend((!left_out.is_empty()).then(|| format!("Not in the running total: {left_out}")));
    facts
}

/// In each column, only what may be added up: planned payments and charges that do not count are apart.
fn ledger(export: &BookingExport<'_>) -> Grid {
    let titles = [
        ("Date", Side::Left),
        ("Kind", Side::Left),
        ("Reference", Side::Left),
        ("Status", Side::Left),
        ("Charged", Side::Right),
        ("Paid", Side::Right),
        ("Planned", Side::Right),
        ("Not counted", Side::Right),
        ("Currency", Side::Left),
        ("Running total", Side::Right),
        ("Note", Side::Left),
    ];
    let row = |line: &Line| {
        let currency = || Cell::text(line.currency.code());
        let is_planned = line.kind == Kind::Scheduled && line.in_no_sum.is_none();
        let in_column = |column, is_wanted: bool| {
            if is_wanted { amount(line, column) } else { Cell::Empty }
        };
        let either = if line.is_payout() { ledger::Column::Paid } else { ledger::Column::Charged };
        vec![
            line.date.map_or(Cell::Empty, Cell::Date),
            Cell::text(line.kind.to_string()),
            line.reference.as_ref().map(shown).unwrap_or_default(),
            line.status.as_ref().map(shown).unwrap_or_default(),
            in_column(ledger::Column::Charged, line.counts()),
            in_column(ledger::Column::Paid, line.counts()),
            in_column(ledger::Column::Paid, is_planned),
            in_column(either, !line.counts() && !is_planned),
            line.unknown_currency.as_ref().map_or_else(currency, shown),
            amount(line, ledger::Column::RunningTotal),
            Cell::text(line.effect_in_words()),
        ]
    };
    let entries = export.report.ledger.entries().into_iter().filter_map(Entry::line);
    Grid { title: "Ledger", columns: columns(titles), rows: entries.map(row).collect() }
}

/// The sums of the columns of the ledger.
fn summary(export: &BookingExport<'_>) -> Grid {
    let ledger = &export.report.ledger;
    let added =
        |lines: &[Line], is_wanted: fn(&Line) -> bool, amount: fn(&Line) -> Option<i128>| {
            let mut sums = Sums::default();
            for line in lines.iter().filter(|line| line.in_no_sum.is_none() && is_wanted(line)) {
                if let Some(minor) = amount(line) {
                    sums.add(minor, line.currency);
                }
            }
            sums
        };
    let charged = added(&ledger.lines, Line::counts, |line| line.charged);
    let paid = added(&ledger.lines, Line::counts, |line| line.paid);
    let planned = added(&ledger.scheduled, |_| true, |line| line.paid);
    let left_out = added(&ledger.lines, |line| !line.counts(), |line| line.charged.or(line.paid));
    let mut rows = BTreeMap::new();
    let mut not_summed = ledger.not_summed;
    for line in ledger.lines.iter().chain(&ledger.scheduled) {
        match line.in_no_sum {
            None => *rows.entry(line.currency).or_default() += 1,
            Some(why) if line.kind == Kind::Scheduled => not_summed.add(why),
            Some(_) => {}
        }
    }
    let figures =
        [("Charged", &charged), ("Paid", &paid), ("Planned", &planned), ("Not counted", &left_out)];
    sums(&rows, &figures, vec![not_counted_in("any column", &not_summed)]).sheet
}

fn checks(export: &BookingExport<'_>) -> Grid {
    let titles = [("Check", Side::Left), ("Result", Side::Left)];
    let mut rows = Vec::new();
    for checked in &export.report.checks {
        for words in outcomes(&checked.outcome) {
            rows.push(vec![Cell::text(checked.check.name), Cell::text(words)]);
        }
    }
    for suggestion in &export.report.suggestions {
        let words = format!("{}: {suggestion}", suggestion.role.kind().title);
        rows.push(vec![Cell::text("possible reason"), Cell::text(words)]);
    }
    Grid { title: "Checks", columns: columns(titles), rows }
}

#[cfg(test)]
mod tests;
