//! The exported worklist. Amounts are never cut, texts are printable, and no cell is a formula. An amount
//! that is not a whole number of minor units is unchanged, with a `?` that makes it a text.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::currencies::by_currency;
use super::grid::{Column, Grid};
use super::several::{CustomerRows, grid_of, json_of, part_of, table_of};
use super::{Format, Output, Place, Side, aligned};
use crate::domain::money::Currency;
use crate::domain::text::{Untrusted, sanitize};
use crate::list::record::Record;
use crate::list::record::sums::InNoSum;
use crate::triage::memory::Memory;
use crate::triage::queue::{TriageState, entry, triage_state};

/// The names in csv and json, the same as in the list of penalties if it has the column, and the titles
/// in tables.
const COLUMNS: [(&str, &str); 11] = [
    ("id", "id"),
    ("booking_id", "booking"),
    ("owner", "owner"),
    ("amount", "amount"),
    ("currency", "cur"),
    ("due_date", "due"),
    ("days", "overdue"),
    ("status", "status"),
    ("decision", "decision"),
    ("note", "note"),
    ("link_view", "link"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// In the order of [`COLUMNS`].
    cells: [Cell; COLUMNS.len()],
    minor: Option<i64>,
    odd_amount: Option<Untrusted>,
    days: Option<i64>,
}

impl Item {
    /// A penalty with its decision, its days overdue as of `day`, and the owner of its booking.
    pub fn of(
        record: &Record,
        owner: Option<&Untrusted>,
        memory: &Memory,
        day: NaiveDate,
        today: NaiveDate,
    ) -> Self {
        let entry = entry(record, memory);
        let shown =
            |text: Option<&Untrusted>| text.map_or_else(String::new, |it| it.escaped().into());
        let text = |name: &str| shown(record.text(name));
        let state = triage_state(record, entry, today);
        let decision = match (state, entry.and_then(|entry| entry.decision)) {
            (TriageState::Changed, Some(decision)) => format!("{}, changed since", decision.word()),
            (TriageState::Snoozed(until), _) => format!("snoozed until {until}"),
            _ => state.word().to_owned(),
        };
        let (minor, days) = (record.minor("amount"), record.days_overdue(day));
        let odd_amount = record.value("amount").odd_amount();
        let at = |name: &str| record.spec().position(name);
        let shown_at = |name: &str| at(name).map(|at| record.cell(at).into_owned());
        let amount = match &odd_amount {
            Some(came) => Some(format!("{}?", came.escaped())),
            None => record.money("amount").and_then(|_| shown_at("amount")),
        };
        let due = record.date("due_date").map(Cell::Date);
        let due = due.unwrap_or_else(|| Cell::text(shown_at("due_date").unwrap_or_default()));
        let amount = amount.unwrap_or_default();
        let amount = if record.summand("amount").err() == Some(InNoSum::UnknownCurrency) {
            Cell::unclear_amount(amount)
        } else {
            Cell::amount(amount)
        };
        let currency = match record.currency() {
            Currency::UNKNOWN => shown(record.value("currency").raw_text()),
            code => code.code().to_owned(),
        };
        // Recipients may click the link, so only https links are exported.
        let link = Some(text("link_view")).filter(|link| link.starts_with("https://"));
        let cells = [
            Cell::text(shown(record.reference("id"))),
            Cell::text(shown(record.booking())),
            Cell::text(shown(owner)),
            amount,
            Cell::text(currency),
            due,
            days.map_or(Cell::Empty, |days| Cell::Number(days.to_string())),
            Cell::text(text("status").replace('_', " ")),
            Cell::text(decision),
            Cell::text(entry.map(|entry| sanitize(&entry.note).into_owned()).unwrap_or_default()),
            link.map_or(Cell::Empty, Cell::Link),
        ];
        Self { cells, minor, odd_amount, days }
    }
}

fn side((name, _): (&str, &str)) -> Side {
    if matches!(name, "amount" | "days") { Side::Right } else { Side::Left }
}

/// Writes a worklist; a format that is not one of [`Format::WORKLIST`] is a table.
pub fn render(items: &[Item], output: Output<'_>) -> Result<Vec<u8>, String> {
    let grid = || {
        let rows = items.iter().map(|item| item.cells.to_vec()).collect();
        Grid { title: TITLE, columns: columns(), rows }
    };
    match output.format {
        Format::Json => {
            let all: Vec<_> = items.iter().map(object).collect();
            let text = serde_json::to_string_pretty(&all).map_err(|why| why.to_string())?;
            Ok((text + "\n").into_bytes())
        }
        _ => written(&grid(), output).unwrap_or_else(|| {
            let (titles, columns) = shown_columns();
            let table = aligned(titles, items.iter().map(shown_cells), columns, output.room);
            Ok(table.into_bytes())
        }),
    }
}

/// As [`render`], for several customers.
pub fn render_all(all: &[CustomerRows<Item>], output: Output<'_>) -> Result<Vec<u8>, String> {
    let cells = |item: &Item| item.cells.to_vec();
    let grid = || grid_of(all, (TITLE, columns()), cells, output.format);
    match output.format {
        Format::Json => json_of(all, object).map(String::into_bytes),
        _ => written(&grid(), Output { part: &part_of(all, output.part), ..output })
            .unwrap_or_else(|| {
                Ok(table_of(all, shown_columns(), shown_cells, output.room).into_bytes())
            }),
    }
}

const TITLE: &str = "Worklist";

/// With the sums by currency: on a sheet of their own, or in a line below the table.
fn written(grid: &Grid, output: Output<'_>) -> Option<Result<Vec<u8>, String>> {
    let sums = by_currency(grid, "Penalties", output.part);
    grid.render(output, &[&sums.sheet], &sums.lines)
}

fn columns() -> Vec<Column> {
    let column = |it: (&'static str, &'static str)| Column {
        is_for_people: is_shown(&it),
        ..Column::new(it.0, it.1, side(it))
    };
    COLUMNS.map(column).into()
}

/// Tables are without ids and links, which are too long for a terminal; the other formats have them.
fn is_shown((name, _): &(&str, &str)) -> bool {
    !matches!(*name, "id" | "link_view")
}

fn shown_columns() -> (Vec<String>, Vec<(Side, Place)>) {
    let columns = COLUMNS.into_iter().filter(is_shown);
    columns.map(|column| (column.1.to_owned(), (side(column), place(column.0)))).unzip()
}

fn shown_cells(item: &Item) -> Vec<String> {
    let cells = COLUMNS.iter().zip(&item.cells).filter(|(column, _)| is_shown(column));
    cells.map(|(_, cell)| cell.shown()).collect()
}

/// What gives way on a narrow terminal: the note first, the days last.
fn place(name: &str) -> Place {
    match name {
        "days" => Place::hidden_by(1),
        "decision" => Place::cut_to(10, 2),
        "owner" => Place::cut_to(10, 3),
        "status" => Place::hidden_by(4),
        "due_date" => Place::hidden_by(5),
        "note" => Place::cut_to(10, 6),
        _ => Place::FIXED,
    }
}

fn object(item: &Item) -> Map<String, Value> {
    let cells = COLUMNS.iter().zip(&item.cells).map(|((name, _), cell)| match *name {
        // Minor units, or the unchanged text if it is not a whole number of them.
        "amount" => match &item.odd_amount {
            Some(came) => ("amount", json!(came.shown())),
            None => ("amount", json!(item.minor)),
        },
        "days" => ("days", json!(item.days)),
        "id" => ("id", json!(cell.shown())),
        name => (name, json!((*cell != Cell::Empty).then(|| cell.shown()))),
    });
    cells.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests;
