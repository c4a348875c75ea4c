//! A booking as csv: a row per ledger line, then the totals, checks and sources.

use std::io;

use super::BookingExport;
use super::cell::Cell;
use super::dialect::Dialect;
use crate::conciliation::checks::Outcome;
use crate::conciliation::ledger::{Column, Entry, Line};
use crate::conciliation::report::{ExtraList, State};
use crate::domain::money::Currency;
use crate::domain::text::Untrusted;

/// Amounts are in major units with a decimal point and without grouping. One that is not a whole number
/// of minor units is unchanged, with a `?` that makes it a text, so that no sum includes it.
const HEADER: [&str; 11] = [
    "record",
    "booking_id",
    "date",
    "kind",
    "reference",
    "status",
    "charged",
    "paid",
    "currency",
    "running_total",
    "note",
];

type Row = [Cell; HEADER.len()];

pub(super) fn render(export: &BookingExport<'_>, dialect: Dialect) -> Result<Vec<u8>, String> {
    let (report, booking) = (export.report, &export.report.booking);
    let reference = shown(&booking.reference);
    let ledger = report.ledger.entries().into_iter().filter_map(Entry::line);
    let mut rows: Vec<Row> = ledger.map(|line| ledger_line(&reference, line)).collect();
    let mut note = |record: &str, kind: &str, note: &str| {
        let mut row = Row::default();
        row[0] = Cell::text(record);
        row[1].clone_from(&reference);
        row[3] = Cell::text(kind);
        row[10] = Cell::text(note);
        rows.push(row);
    };
    note("verdict", "", &report.verdict.headline());
    for reason in &report.verdict.reasons {
        note("reason", "", &reason.to_string());
    }
    if let Some(owner) = export.owner() {
        note("owner", "", &owner.in_words());
    }
    if let Some(tenant) = export.tenant.in_words() {
        note("summary", "tenant paid", &tenant);
    }
    for (label, figure) in report.summary.figures() {
        note("summary", label, &report.summary.in_words((label, figure)));
    }
    for total in &report.totals.sections {
        note("total", total.role.kind().title, &format!("server {total}"));
    }
    for other in booking.other_totals() {
        let figure = other.figure.shown(Currency::NONE);
        note("total", &other.shown_name(), &format!("server {figure}"));
    }
    for other in &booking.others {
        for line in other.lines() {
            note("also in the response", &other.title.escaped(), &line);
        }
    }
    for checked in &report.checks {
        for words in outcomes(&checked.outcome) {
            note("check", checked.check.name, &words);
        }
    }
    for suggestion in &report.suggestions {
        note("suggestion", "", &suggestion.to_string());
    }
    for list in ExtraList::ALL {
        let source = export.sources.of(list);
        let failed = if matches!(source.state, State::Failed(_)) { "failed: " } else { "" };
        let words = source.in_words("%Y-%m-%d %H:%M");
        let words = words.as_deref().unwrap_or("not needed");
        note("source", list.title(), &format!("{failed}{words}"));
    }
    for left_out in report.ledger.not_included_in_words().split(" · ").filter(|it| !it.is_empty())
    {
        note("not included", "", left_out);
    }
    note("source", "Conciliation", &format!("at {}", export.at.format("%Y-%m-%d %H:%M")));
    lines(export.customer, rows, dialect).map_err(|why| why.to_string())
}

/// The rows below their names; the customer comes first if the booking was looked for in several.
fn lines(customer: Option<&str>, rows: Vec<Row>, dialect: Dialect) -> io::Result<Vec<u8>> {
    let mut writer = dialect.writer(Vec::new())?;
    writer.write_record(customer.map(|_| "customer").into_iter().chain(HEADER))?;
    let customer = customer.map(|customer| dialect.text(customer));
    for row in rows {
        let cells = row.iter().map(|cell| cell.in_csv(dialect));
        writer.write_record(customer.clone().into_iter().chain(cells))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

pub(super) fn outcomes(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Pass => vec!["pass".to_owned()],
        Outcome::CannotCompute(why) => vec![format!("cannot be computed: {why}")],
        Outcome::Fail(findings) => findings.iter().map(|it| format!("fail: {it}")).collect(),
    }
}

fn ledger_line(booking: &Cell, line: &Line) -> Row {
    let text = |text: &Untrusted| shown(text);
    let currency = || Cell::text(line.currency.code());
    [
        Cell::text("line"),
        booking.clone(),
        line.date.map_or(Cell::Empty, Cell::Date),
        Cell::text(line.kind.to_string()),
        line.reference.as_ref().map(text).unwrap_or_default(),
        line.status.as_ref().map(text).unwrap_or_default(),
        amount(line, Column::Charged),
        amount(line, Column::Paid),
        line.unknown_currency.as_ref().map_or_else(currency, text),
        amount(line, Column::RunningTotal),
        Cell::text(line.effect_in_words()),
    ]
}

/// Empty if there is none.
pub(super) fn amount(line: &Line, column: Column) -> Cell {
    match line.cell(column) {
        cell if cell == "?" => Cell::Empty,
        cell if line.unknown_currency.is_some() => Cell::unclear_amount(cell),
        cell => Cell::amount(cell),
    }
}

pub(super) fn shown(text: &Untrusted) -> Cell {
    Cell::text(text.escaped())
}
