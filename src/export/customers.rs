//! All customers as a file: a row for each, also for one that could not be loaded. A number is always of
//! all rows of its list; every other figure of a part is marked as one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::currencies::{CurrencySums, not_counted_in, sums};
use super::grid::{Column, Grid};
use super::json::minor;
use super::several::CustomerError;
use super::{Format, Output, Place, Side, aligned};
use crate::customers::rows::{SPEC, money_in_full};
use crate::customers::state::CustomerRow;
use crate::customers::summary::{Debt, Extent, Summary};
use crate::customers::totals::Totals;
use crate::domain::failure::Failure;
use crate::domain::money::Sums;
use crate::figures::Summed;
use crate::list::record::Record;
use crate::list::scheduled::reason_in_words;

/// The columns of the csv: those of the table, then what went wrong.
const COLUMNS: [&str; 15] = [
    "profile",
    "environment",
    "need",
    "open_eur",
    "open",
    "over_90_eur",
    "over_90",
    "penalties",
    "held_up",
    "next_payout",
    "next_amount",
    "changed",
    "status",
    "as_of",
    "error",
];

impl Format {
    pub const CUSTOMERS: &'static [Self] =
        &[Self::Csv, Self::Xlsx, Self::Json, Self::Html, Self::Markdown, Self::Table];
}

/// Writes customers in this order; a format that is not one of [`Format::CUSTOMERS`] is a table.
pub fn render(rows: &[CustomerRow], output: Output<'_>) -> Result<Vec<u8>, String> {
    match output.format {
        Format::Json => {
            let all: Vec<Value> = rows.iter().map(object).collect();
            let text = serde_json::to_string_pretty(&all).map_err(|why| why.to_string())?;
            Ok((text + "\n").into_bytes())
        }
        _ => {
            let cells = rows.iter().map(|row| cells(row).into()).collect();
            let grid = Grid { title: "Customers", columns: columns(), rows: cells };
            let sums = by_currency(rows, output.part);
            let written = grid.render(output, &[&sums.sheet], &sums.lines);
            written.unwrap_or_else(|| Ok(table(rows, output.room).into_bytes()))
        }
    }
}

fn columns() -> Vec<Column> {
    let column = |name| {
        let field = SPEC.field(name);
        let is_right = field.is_some_and(|field| field.kind.is_right_aligned());
        let title = field.map_or("Error", |field| field.label);
        Column::new(name, title, if is_right { Side::Right } else { Side::Left })
    };
    COLUMNS.map(column).into()
}

/// Open debt of all customers, with those whose figures are not complete.
fn by_currency(rows: &[CustomerRow], part: &str) -> CurrencySums {
    let totals = Totals::of(rows);
    let missing = match totals.missing_in_words() {
        missing if missing.is_empty() => missing,
        missing => format!("Incomplete: customers {missing}"),
    };
    let figures = [("Open debt", &totals.open), ("Over 90 days", &totals.over_90)];
    let left_out = figures.map(|(title, rows)| not_counted_in(title, &rows.not_summed));
    let notes = [part.to_owned(), missing].into_iter().chain(left_out).collect();
    sums(&BTreeMap::new(), &figures.map(|(title, rows)| (title, &rows.sums)), notes)
}

/// Why a customer, or one of its lists, could not be loaded; empty if all were.
pub fn error(row: &CustomerRow) -> String {
    let trouble = row.state.trouble().map(|trouble| trouble.in_words(&row.profile));
    let failures = row.state.figures().into_iter().flat_map(Summary::failures);
    let all = trouble.into_iter().chain(failures.map(ToString::to_string));
    all.collect::<Vec<_>>().join("; ")
}

fn cells(row: &CustomerRow) -> [Cell; COLUMNS.len()] {
    let (record, figures) = (record(row), row.state.figures());
    let debt = figures.and_then(|it| it.debt.as_ref().ok());
    let next = figures.and_then(|it| it.payouts.as_ref().ok()?.next.as_ref());
    let of_debt = |rows: fn(&Debt) -> &Summed| {
        Cell::text(debt.map_or_else(String::new, |debt| money_in_full(rows(debt), debt.extent)))
    };
    COLUMNS.map(|name| match name {
        "open_eur" | "over_90_eur" => Cell::amount(cell(&record, name)),
        "open" => of_debt(|debt| &debt.open),
        "over_90" => of_debt(|debt| &debt.over_90),
        "next_payout" => match record.date(name) {
            Some(day) => Cell::Date(day),
            None => Cell::text(cell(&record, name)),
        },
        "next_amount" => Cell::text(next.map_or_else(String::new, |(_, rows)| {
            // The next payout is only known if no row is missing.
            let all = Extent { is_whole: true, ..Extent::default() };
            money_in_full(rows, all)
        })),
        "as_of" => figures.map_or(Cell::Empty, |it| Cell::Time(it.at)),
        "error" => Cell::text(error(row)),
        name => Cell::text(cell(&record, name)),
    })
}

fn record(row: &CustomerRow) -> Record {
    row.record(row.state.figures().map(|it| it.at.date()).unwrap_or_default())
}

fn cell(record: &Record, name: &str) -> String {
    SPEC.position(name).map(|at| record.cell(at).into_owned()).unwrap_or_default()
}

fn as_of(summary: &Summary) -> String {
    summary.at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn object(row: &CustomerRow) -> Value {
    let error = row.state.trouble();
    let error = error.map(|trouble| CustomerError::of(trouble, &row.profile).to_json());
    let need: &str = row.attention(0).need.into();
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
    set("profile", json!(row.profile));
    set("environment", json!((!row.environment.is_empty()).then_some(&row.environment)));
    set("status", json!(row.state.word().replace(' ', "_")));
    set("need", json!(need));
    set("needs_you", json!(row.need_in_words()));
    set("error", json!(error));
    if let Some(summary) = row.state.figures() {
        for (name, value) in figures(summary) {
            set(name, value);
        }
    }
    Value::Object(object)
}

fn figures(summary: &Summary) -> Vec<(&'static str, Value)> {
    let (debt, penalties) = (summary.debt.as_ref(), summary.penalties.as_ref());
    let payouts = summary.payouts.as_ref();
    let failed = |list: &str, failure: Option<&Failure>| {
        failure.map(|failure| json!({"list": list, "text": failure.to_string()}))
    };
    let failed: Vec<Value> = [
        failed("debt", debt.err()),
        failed("penalties", penalties.err()),
        failed("scheduled", payouts.err()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let [of_debt, of_penalties, of_scheduled] = summary.extents().map(|it| it.map(extent));
    let held = payouts.ok().map(|it| {
        let each = it.held.iter().map(|(reason, rows)| {
            let mut object = rows_of(rows);
            object.insert("reason".to_owned(), json!(reason_in_words(*reason)));
            object
        });
        each.collect::<Vec<_>>()
    });
    let next = payouts.ok().and_then(|it| it.next.as_ref()).map(|(day, rows)| {
        let mut object = rows_of(rows);
        object.insert("date".to_owned(), json!(day));
        object
    });
    let changes = summary
        .changed
        .map(|changed| json!({"count": changed.count, "is_complete": changed.is_complete}));
    vec![
        ("failed", json!(failed)),
        ("loaded", json!({"debt": of_debt, "penalties": of_penalties, "scheduled": of_scheduled})),
        ("open_eur", json!(debt.ok().and_then(Debt::open_eur))),
        ("open", json!(debt.ok().map(|it| rows_of(&it.open)))),
        ("over_90_eur", json!(debt.ok().and_then(Debt::over_90_eur))),
        ("over_90", json!(debt.ok().map(|it| rows_of(&it.over_90)))),
        ("penalties_to_decide", json!(penalties.ok().map(|it| rows_of(&it.to_decide)))),
        ("penalties_overdue", json!(penalties.ok().map(|it| rows_of(&it.overdue)))),
        ("payouts_held", json!(held)),
        ("next_payout", json!(next)),
        ("changes", json!(changes)),
        ("compared", json!(summary.coverage)),
        ("as_of", json!(as_of(summary))),
    ]
}

/// Of the loaded rows: see `loaded` of the customer.
fn rows_of(rows: &Summed) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("rows".to_owned(), json!(rows.count));
    object.insert("amounts".to_owned(), amounts(&rows.sums));
    object.insert("not_counted".to_owned(), json!(rows.not_summed.count()));
    object
}

fn amounts(sums: &Sums) -> Value {
    let each = sums.euros_first();
    each.map(|(currency, sum)| json!({"currency": currency.code(), "amount": minor(sum)})).collect()
}

fn extent(extent: Extent) -> Value {
    json!({"rows": extent.loaded, "total": extent.total, "is_complete": extent.is_whole})
}

/// Without the time, which is now.
fn table(rows: &[CustomerRow], room: Option<usize>) -> String {
    let fields = || SPEC.fields.iter().filter(|field| field.name != "as_of");
    let titles = fields().map(|field| field.label.to_lowercase()).collect();
    let cells = rows.iter().map(|row| {
        let record = record(row);
        fields().map(|field| cell(&record, field.name)).collect()
    });
    let needs = room.map_or(usize::MAX, |room| room / 4).clamp(16, 48);
    let needs = u16::try_from(needs).unwrap_or(u16::MAX);
    let columns = fields().map(|field| {
        let side = if field.kind.is_right_aligned() { Side::Right } else { Side::Left };
        (side, place(field.name, needs))
    });
    aligned(titles, cells, columns, room)
}

/// What gives way on a narrow terminal; the needs have at least so many cells.
fn place(name: &str, needs: u16) -> Place {
    match name {
        "need" => Place::cut_to(needs, 0),
        "open_eur" => Place::hidden_by(2),
        "over_90_eur" => Place::hidden_by(4),
        "penalties" => Place::hidden_by(5),
        "held_up" => Place::cut_to(16, 6),
        "next_payout" => Place::hidden_by(7),
        "changed" => Place::hidden_by(8),
        "next_amount" | "open" | "over_90" => Place::hidden_by(9),
        _ => Place::FIXED,
    }
}

#[cfg(test)]
mod tests;
