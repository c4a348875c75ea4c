//! The values of a row in each format.

use std::borrow::Cow;

use super::Layout;
use crate::domain::date;
use crate::domain::money::{Currency, format_amount};
use crate::domain::text::{CHANGED, Untrusted, escape_json};
use crate::export::Format;
use crate::export::cell::Cell;
use crate::export::guard::is_number;
use crate::list::record::sums::InNoSum;
use crate::list::record::{Record, Value};
use crate::list::{FIRST_DERIVED, Field, Kind, OTHER, Rule, Spec};

/// A record as one line of JSON: the names of the columns, and the unchanged values.
pub(super) fn record(row: &Record, layout: &Layout) -> String {
    let Layout { spec, columns, .. } = layout;
    let fields = columns.iter().filter_map(|at| {
        let json = if *at < FIRST_DERIVED {
            row.at(*at).json().map(|json| json_of(&json))
        } else {
            computed(row, *at, layout)
        };
        Some(pair(spec.described(*at)?.name, json.as_deref().unwrap_or("null")))
    });
    let other = pair(OTHER, &object(&other(row, spec)));
    object(&fields.chain([other]).collect::<Vec<_>>().join(","))
}

fn pair(key: &str, json: &str) -> String {
    format!("{}:{json}", serde_json::Value::from(key))
}

pub(super) fn object(pairs: &str) -> String {
    escape_json(&format!("{{{pairs}}}")).into_owned()
}

/// Valid JSON on one line; an invalid value becomes a string, so that the object stays valid.
fn json_of(json: &Untrusted) -> String {
    let json = json.expose_raw();
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(json).is_ok();
    let value = if is_json { json.to_owned() } else { serde_json::Value::from(json).to_string() };
    // Tabs and line breaks can only be between values; inside strings they are escaped.
    value.replace(['\n', '\r', '\t'], " ")
}

/// The value of a cell for a spreadsheet. Amounts are in major units. One that is not a whole number of minor
/// units is unchanged, with a `?` that makes it a text.
pub(super) fn value(row: &Record, position: usize, layout: &Layout) -> Cell {
    if position >= FIRST_DERIVED {
        let shown = derived(row, position, layout);
        return if is_days(layout, position) { number(shown) } else { Cell::text(shown) };
    }
    let Some(field) = row.spec().fields.get(position) else { return Cell::Empty };
    let value = row.at(position);
    if layout.format == Format::Xlsx
        && let Some(typed) = typed(row, field, value)
    {
        return typed;
    }
    match value {
        Value::Missing | Value::Null => Cell::Empty,
        Value::Date(day) => Cell::Date(*day),
        Value::Decimal(_) => Cell::text(row.cell(position)),
        Value::Flag(flag) => Cell::Text(flag.to_string()),
        value if field.kind.is_amount() && value.minor().is_some() => {
            Cell::amount(row.cell(position))
        }
        Value::Minor(minor) => number(minor.to_string()),
        value => {
            let text = value.raw_text().map(Untrusted::escaped).unwrap_or_default();
            let is_number = matches!(field.kind, Kind::Decimal | Kind::Whole) && is_number(&text);
            if is_number { number(text) } else { Cell::text(text) }
        }
    }
}

fn number(text: impl Into<String>) -> Cell {
    match text.into() {
        text if text.is_empty() => Cell::Empty,
        text => Cell::Number(text),
    }
}

/// What a workbook has instead of the server's text: dates and times (in UTC), amounts in an unknown currency
/// as texts, and the amounts of rows such as credit notes as negative amounts, so that the column adds up to
/// the figures of the list.
fn typed(row: &Record, field: &Field, value: &Value) -> Option<Cell> {
    let is_unclear = || row.summand(field.name).err() == Some(InNoSum::UnknownCurrency);
    match field.kind {
        Kind::Date => value.date().map(Cell::Date),
        kind if kind.is_amount() && is_unclear() => {
            Some(Cell::unclear_amount(row.cell(row.spec().position(field.name)?)))
        }
        Kind::Timestamp => {
            let at = date::instant(value.raw_text()?.expose_raw())?;
            Some(Cell::Time(at.naive_utc()))
        }
        kind if kind.is_amount() && row.takes_back() => {
            let minor = -i128::from(value.minor()?).abs();
            let is_in_euros = kind == Kind::MinorEur;
            let currency = if is_in_euros { Currency::EUR } else { row.currency() };
            Some(Cell::amount(format_amount(minor, currency)))
        }
        _ => None,
    }
}

/// The cells of a row as on the screen; only one if the row cannot be read.
pub(super) fn shown(row: &Record, layout: &Layout) -> Vec<String> {
    let cell = |at: &usize| {
        if *at < FIRST_DERIVED {
            let sign = if row.is_changed(*at) { CHANGED } else { "" };
            format!("{}{sign}", row.cell(*at))
        } else {
            derived(row, *at, layout).into_owned()
        }
    };
    match row.unreadable() {
        Some(json) => vec![format!("✗ cannot be read: {}", json.shown())],
        None => layout.columns.iter().map(cell).collect(),
    }
}

fn is_days(layout: &Layout, position: usize) -> bool {
    let at = position.checked_sub(FIRST_DERIVED);
    at.and_then(|at| layout.spec.derived.get(at)).is_some_and(|it| it.rule == Rule::Days)
}

/// The days overdue of a row, for a program; empty if it is not overdue.
fn days(row: &Record, layout: &Layout) -> String {
    row.days_overdue(layout.today).map(|days| days.to_string()).unwrap_or_default()
}

fn derived<'a>(row: &Record, position: usize, layout: &'a Layout) -> Cow<'a, str> {
    let at = position.checked_sub(FIRST_DERIVED);
    let derived = at.and_then(|at| layout.spec.derived.get(at));
    if is_days(layout, position) && !layout.format.is_for_people() {
        return days(row, layout).into();
    }
    match derived.and_then(|it| it.owner_of(row, &layout.names)) {
        Some(owner) => owner.escaped(),
        None => derived.map(|it| it.cell(row, layout.today, &layout.names)).unwrap_or_default(),
    }
}

/// A computed value as JSON: days are a number, other values are texts.
fn computed(row: &Record, position: usize, layout: &Layout) -> Option<String> {
    let derived = layout.spec.derived.get(position.checked_sub(FIRST_DERIVED)?)?;
    let text = match derived.owner_of(row, &layout.names) {
        _ if derived.rule == Rule::Days => days(row, layout).into(),
        Some(owner) => owner.expose_raw().into(),
        None => derived.cell(row, layout.today, &layout.names),
    };
    match derived.rule {
        _ if text.is_empty() => None,
        Rule::Days => Some(text.into_owned()),
        Rule::Reason | Rule::Owner => Some(serde_json::Value::from(text.as_ref()).to_string()),
    }
}

/// The values without a column, as the inside of a JSON object: values that no field of the list holds,
/// and fields that first appear in later rows.
pub(super) fn other(row: &Record, spec: &Spec) -> String {
    let is_late = |name: &str| spec.field(name).is_none_or(Field::is_absent);
    let late = row.fields_as_json().filter(|(name, _)| is_late(name));
    let late = late.map(|(name, json)| pair(name, &json_of(&json)));
    let extras = row.extras().iter().map(|(key, json)| pair(key.expose_raw(), &json_of(json)));
    late.chain(extras).collect::<Vec<_>>().join(",")
}
