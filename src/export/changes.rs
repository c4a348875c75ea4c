//! Changes as a file: a line for each changed field, and for each row that is new or gone. Amounts are
//! never cut, texts are printable, and no cell is a formula.

use serde_json::{Map, Value, json};

use super::guard::guarded;
use super::several::{CustomerRows, csv_of, json_of, jsonl_of, markdown_of, table_of};
use super::{Format, Place, Side, aligned, csv, markdown};
use crate::domain::text::sanitize;
use crate::journal::rows::Entry;
use crate::list::Kind;

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
        &[Self::Csv, Self::Json, Self::Jsonl, Self::Markdown, Self::Table];
}

fn cells(entry: &Entry) -> [String; HEADER.len()] {
    let (change, print) = (&entry.change, &entry.change.print);
    let [old, new] = match &entry.difference {
        Some(difference) => [difference.old.clone(), difference.new.clone()],
        None => Default::default(),
    };
    [
        entry.list.key.to_owned(),
        entry.booking(),
        <&str>::from(change.kind).to_owned(),
        entry.difference.as_ref().map_or("", |difference| difference.name).to_owned(),
        old,
        new,
        sanitize(print.text("status").unwrap_or_default()).into_owned(),
        print.shown(entry.list.amount(), Kind::Minor),
        print.shown("currency", Kind::Currency),
        entry.last_seen(),
        sanitize(&change.id).into_owned(),
    ]
}

/// Amounts are numbers in minor units, everything else is text.
fn object(entry: &Entry) -> Map<String, Value> {
    let minor = entry.difference.as_ref().map_or([None; 2], |difference| difference.minor);
    let cell = |(name, cell): (&&str, String)| {
        let number = match *name {
            "old" => minor[0],
            "new" => minor[1],
            "amount" => entry.change.print.minor(entry.list.amount()),
            _ => None,
        };
        let text = || (!cell.is_empty()).then_some(cell.as_str());
        ((*name).to_owned(), number.map_or_else(|| json!(text()), |number| json!(number)))
    };
    HEADER.iter().zip(cells(entry)).map(cell).collect()
}

fn side(column: &str) -> Side {
    if column == "amount" { Side::Right } else { Side::Left }
}

/// Amounts without commas, as spreadsheets read them.
fn for_spreadsheet(entry: &Entry) -> [String; HEADER.len()] {
    let minor = entry.difference.as_ref().map_or([None; 2], |difference| difference.minor);
    let amount = entry.change.print.minor(entry.list.amount());
    let mut numbers = [None; HEADER.len()];
    for (name, number) in HEADER.iter().zip(&mut numbers) {
        *number = match *name {
            "old" => minor[0],
            "new" => minor[1],
            "amount" => amount,
            _ => None,
        };
    }
    let mut numbers = numbers.into_iter();
    cells(entry).map(|cell| match numbers.next().flatten() {
        Some(_) => cell.replace(',', ""),
        None => guarded(&cell),
    })
}

/// Writes changes; a format that is not one of [`Format::CHANGES`] is a table, in `room` cells if it is
/// for a terminal.
pub fn render(entries: &[&Entry], format: Format, room: Option<usize>) -> Result<String, String> {
    let entries = || entries.iter().copied();
    match format {
        Format::Csv => {
            let header = HEADER.map(str::to_owned);
            csv(std::iter::once(header).chain(entries().map(for_spreadsheet)))
        }
        Format::Json => {
            let all: Vec<_> = entries().map(object).collect();
            serde_json::to_string_pretty(&all)
                .map(|text| text + "\n")
                .map_err(|why| why.to_string())
        }
        Format::Jsonl => {
            let line = |entry| serde_json::to_string(&object(entry)).map(|text| text + "\n");
            entries().map(line).collect::<Result<String, _>>().map_err(|why| why.to_string())
        }
        Format::Markdown => {
            Ok(markdown::table(&titles(), &HEADER.map(side), entries().map(in_markdown)))
        }
        _ => {
            let (titles, columns) = shown_columns();
            Ok(aligned(titles, entries().map(shown_cells), columns, room))
        }
    }
}

/// As [`render`], for several customers.
pub fn render_all(
    all: &[CustomerRows<Entry>],
    format: Format,
    room: Option<usize>,
) -> Result<String, String> {
    match format {
        Format::Csv => csv_of(all, HEADER, for_spreadsheet),
        Format::Json => json_of(all, object),
        Format::Jsonl => jsonl_of(all, object),
        Format::Markdown => Ok(markdown_of(all, (titles(), HEADER.map(side)), in_markdown)),
        _ => Ok(table_of(all, shown_columns(), shown_cells, room)),
    }
}

fn titles() -> [String; HEADER.len()] {
    HEADER.map(|name| name.replace('_', " "))
}

fn in_markdown(entry: &Entry) -> [String; HEADER.len()] {
    cells(entry).map(|cell| markdown::plain(&cell))
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
        _ => cell,
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
