//! A booking as a workbook: totals, ledger and checks on their own sheets.

use std::io;

use super::cell::Cell;
use super::delimited::{amount, outcomes, shown};
use super::grid::{Column, Grid, xlsx};
use super::{BookingExport, Side};
use crate::conciliation::Figure;
use crate::conciliation::ledger::{self, Entry, Line};
use crate::conciliation::report::ExtraList;
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::normalize::capitalized;

pub(super) fn render(export: &BookingExport<'_>) -> io::Result<Vec<u8>> {
    xlsx(&[&totals(export), &ledger(export), &checks(export)])
}

fn columns<const N: usize>(titles: [(&'static str, Side); N]) -> Vec<Column> {
    titles.map(|(title, side)| Column::new(title, title, side)).into()
}

/// The figures of the booking and of each section, a row for each currency; then the result in words.
fn totals(export: &BookingExport<'_>) -> Grid {
    let report = export.report;
    let mut rows = Vec::new();
    let mut add =
        |name: &str, count: Cell, sums: &Sums, server: Option<&Figure>, result: String| {
            let none = [(Currency::NONE, 0)];
            let sums: Vec<_> =
                if sums.is_empty() { none.into() } else { sums.euros_first().collect() };
            for (currency, minor) in sums {
                let server = server.map_or(Cell::Empty, |it| Cell::amount(it.shown(currency)));
                rows.push(vec![
                    Cell::text(name),
                    count.clone(),
                    Cell::amount(format_amount(minor, currency)),
                    Cell::text(currency.code()),
                    server,
                    Cell::text(result.as_str()),
                ]);
            }
        };
    for (label, figure) in report.summary.figures() {
        if figure.is_unknown {
            continue;
        }
        let left_out = figure.not_summed;
        let result =
            if left_out.count() > 0 { format!("not counted: {left_out}") } else { String::new() };
        add(&capitalized(label), Cell::Empty, &figure.sums, None, result);
    }
    for total in &report.totals.sections {
        let count = Cell::Number(total.count.to_string());
        let result = total.comparison.to_string();
        add(total.role.kind().title, count, &total.rows, total.server.as_ref(), result);
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

fn ledger(export: &BookingExport<'_>) -> Grid {
    let titles = [
        ("Date", Side::Left),
        ("Kind", Side::Left),
        ("Reference", Side::Left),
        ("Status", Side::Left),
        ("Charged", Side::Right),
        ("Paid", Side::Right),
        ("Currency", Side::Left),
        ("Running total", Side::Right),
        ("Note", Side::Left),
    ];
    let row = |line: &Line| {
        let currency = || Cell::text(line.currency.code());
        vec![
            line.date.map_or(Cell::Empty, Cell::Date),
            Cell::text(line.kind.to_string()),
            line.reference.as_ref().map(shown).unwrap_or_default(),
            line.status.as_ref().map(shown).unwrap_or_default(),
            amount(line, ledger::Column::Charged),
            amount(line, ledger::Column::Paid),
            line.unknown_currency.as_ref().map_or_else(currency, shown),
            amount(line, ledger::Column::RunningTotal),
            Cell::text(line.effect_in_words()),
        ]
    };
    let entries = export.report.ledger.entries().into_iter().filter_map(Entry::line);
    Grid { title: "Ledger", columns: columns(titles), rows: entries.map(row).collect() }
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
