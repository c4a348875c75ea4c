//! Changes as a file: a line for each changed field, and for each row that is new or gone. Amounts are
//! never cut, texts are printable, and no cell is a formula.

mod sums;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::grid::{Column, Grid};
use super::several::{CustomerRows, grid_of, json_of, jsonl_of, part_of, table_of};
use super::{Format, Output, Place, Side, aligned};
use crate::domain::date;
use crate::domain::money::Currency;
use crate::domain::text::sanitize;
use crate::journal::rows::Entry;
use crate::list::Kind;
use crate::triage::fingerprint::Difference;

use sums::new_and_gone;

const HEADER: [&str; 11] = [
    "list",
    "booking_id",
    "change",
    "field",
    "old",
    "new",
    "status",
    "amount",
    "currency",
    "last_seen",
    "id",
];

impl Format {
    /// The formats of changes on the command line.
    pub const CHANGES: &'static [Self] =
        &[Self::Csv, Self::Xlsx, Self::Json, Self::Jsonl, Self::Html, Self::Markdown, Self::Table];
}

fn cells(entry: &Entry) -> [Cell; HEADER.len()] {
    let (change, print) = (&entry.change, &entry.change.print);
    let [old, new] = match &entry.difference {
        Some(Difference { old, new, minor, .. }) => {
            let cell = |text: &String, minor: Option<i64>| match minor {
                Some(_) if currency(entry).is_some() => Cell::amount(text),
                Some(_) => Cell::unclear_amount(text),
                None => typed(text),
            };
            [cell(old, minor[0]), cell(new, minor[1])]
        }
        None => Default::default(),
    };
    [
        Cell::text(entry.list.key),
        Cell::text(entry.booking()),
        Cell::text(<&str>::from(change.kind)),
        Cell::text(entry.difference.as_ref().map_or("", |difference| difference.name)),
        old,
        new,
        Cell::text(sanitize(print.text("status").unwrap_or_default())),
        amount(entry),
        Cell::text(print.shown("currency", Kind::Currency)),
        typed(&entry.last_seen()),
        Cell::text(sanitize(&change.id)),
    ]
}

fn amount(entry: &Entry) -> Cell {
    let shown = entry.change.print.shown(entry.list.amount(), Kind::Minor);
    if currency(entry).is_some() { Cell::amount(shown) } else { Cell::unclear_amount(shown) }
}

/// `None` if the row has a currency that is not a code.
fn currency(entry: &Entry) -> Option<Currency> {
    entry.change.print.text("currency").map_or(Some(Currency::NONE), Currency::parse)
}

/// A date if it is written as one.
fn typed(text: &str) -> Cell {
    date::parse(text).map_or_else(|| Cell::text(text), Cell::Date)
}

/// Amounts are numbers in minor units, everything else is text.
fn object(entry: &Entry) -> Map<String, Value> {
    let minor = entry.difference.as_ref().map_or([None; 2], |difference| difference.minor);
    let cell = |(name, cell): (&&str, Cell)| {
        let number = match *name {
            "old" => minor[0],
            "new" => minor[1],
            "amount" => entry.change.print.minor(entry.list.amount()),
            _ => None,
        };
        let text = || (cell != Cell::Empty).then(|| cell.shown());
        ((*name).to_owned(), number.map_or_else(|| json!(text()), |number| json!(number)))
    };
    HEADER.iter().zip(cells(entry)).map(cell).collect()
}

fn side(column: &str) -> Side {
    if column == "amount" { Side::Right } else { Side::Left }
}

/// Writes changes; a format that is not one of [`Format::CHANGES`] is a table.
pub fn render(entries: &[&Entry], output: Output<'_>) -> Result<Vec<u8>, String> {
    let entries = || entries.iter().copied();
    match output.format {
        Format::Json => {
            let all: Vec<_> = entries().map(object).collect();
            let text = serde_json::to_string_pretty(&all).map_err(|why| why.to_string())?;
            Ok((text + "\n").into_bytes())
        }
        Format::Jsonl => {
            let line = |entry| serde_json::to_string(&object(entry)).map(|text| text + "\n");
            let lines = entries().map(line).collect::<Result<String, _>>();
            lines.map(String::into_bytes).map_err(|why| why.to_string())
        }
        _ => {
            let rows = entries().map(|entry| cells(entry).into()).collect();
            let grid = Grid { title: TITLE, columns: columns(), rows };
            let sums = new_and_gone(entries(), output.part);
            grid.render(output, &[&sums.sheet], &sums.lines).unwrap_or_else(|| {
                let (titles, columns) = shown_columns();
                let table = aligned(titles, entries().map(shown_cells), columns, output.room);
                Ok(table.into_bytes())
            })
        }
    }
}

/// As [`render`], for several customers.
pub fn render_all(all: &[CustomerRows<Entry>], output: Output<'_>) -> Result<Vec<u8>, String> {
    match output.format {
        Format::Json => json_of(all, object).map(String::into_bytes),
        Format::Jsonl => jsonl_of(all, object).map(String::into_bytes),
        _ => {
            let cells = |entry: &Entry| cells(entry).into();
            let grid = grid_of(all, (TITLE, columns()), cells, output.format);
            let part = part_of(all, output.part);
            let sums = new_and_gone(all.iter().flat_map(|it| &it.rows), &part);
            grid.render(output, &[&sums.sheet], &sums.lines).unwrap_or_else(|| {
                Ok(table_of(all, shown_columns(), shown_cells, output.room).into_bytes())
            })
        }
    }
}

const TITLE: &str = "Changes";

fn columns() -> Vec<Column> {
    let column = |name| Column {
        is_for_people: is_shown(name),
        ..Column::new(name, name.replace('_', " "), side(name))
    };
    HEADER.map(column).into()
}

/// Tables are without ids, which are too long for a terminal; the other formats have them.
fn is_shown(name: &str) -> bool {
    name != "id"
}

fn shown_columns() -> (Vec<String>, Vec<(Side, Place)>) {
    let columns = HEADER.into_iter().filter(|name| is_shown(name));
    columns.map(|name| (name.replace('_', " "), (side(name), place(name)))).unzip()
}

/// A row that is new or gone has its amount and status as its new or old value, as on the screen.
fn shown_cells(entry: &Entry) -> Vec<String> {
    let mut values = entry.values().into_iter();
    let cells = HEADER.into_iter().zip(cells(entry)).filter(|(name, _)| is_shown(name));
    let cells = cells.map(|(name, cell)| match name {
        "old" | "new" => values.next().unwrap_or_default(),
        _ => cell.shown(),
    });
    cells.collect()
}

/// Cells in which every amount of whole minor units fits, so that none of these is cut.
const AMOUNT: u16 = 28;

/// What gives way on a narrow terminal: what a row has besides its change, the day first.
fn place(name: &str) -> Place {
    match name {
        "old" | "new" => Place { priority: 0, least: Some(AMOUNT) },
        "field" => Place::cut_to(8, 1),
        "change" => Place::hidden_by(2),
        "list" => Place::hidden_by(3),
        "amount" => Place::hidden_by(4),
        "status" => Place::hidden_by(5),
        "last_seen" => Place::hidden_by(6),
        _ => Place::FIXED,
    }
}

#[cfg(test)]
mod tests;
