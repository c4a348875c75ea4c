//! One cell of a row in a file: amounts and numbers as numbers, everything else as text that no
//! spreadsheet takes for a formula.

use chrono::NaiveDate;

use crate::domain::text::escape_json;
use crate::export::guard::{guarded, is_number};
use crate::list::record::{Record, Value};
use crate::list::{Kind, Spec};

/// The name over a column: the one that filters and sorting know.
pub(super) fn title(spec: &'static Spec, position: usize) -> &'static str {
    spec.described(position).map_or("", |column| column.name)
}

/// What a column holds for a row. Amounts are in major units with a point and without grouping.
pub(super) fn cell(row: &Record, position: usize, today: NaiveDate) -> String {
    let Some(field) = row.spec().fields.get(position) else {
        return derived(row, position, today).unwrap_or_default();
    };
    let is_amount = matches!(field.kind, Kind::Minor | Kind::MinorEur);
    match row.at(position) {
        Value::Missing | Value::Null => String::new(),
        Value::Date(day) => day.to_string(),
        value if is_amount && value.minor().is_some() => row.cell(position).replace(',', ""),
        Value::Minor(minor) => minor.to_string(),
        value => {
            let Some(text) = value.as_it_came() else { return String::new() };
            let text = text.escaped();
            if is_number(&text) { text.into_owned() } else { guarded(&text) }
        }
    }
}

/// A computed column, such as the days overdue.
pub(super) fn derived(row: &Record, position: usize, today: NaiveDate) -> Option<String> {
    let at = position.checked_sub(row.spec().fields.len())?;
    Some(row.spec().derived.get(at)?.value(row, today)?.to_string())
}

/// The fields that the contract does not know, as one JSON object; nothing where there are none.
pub(super) fn other(row: &Record) -> String {
    if row.extras().is_empty() {
        return String::new();
    }
    let each = row.extras().iter().map(|(key, json)| {
        let key = serde_json::Value::from(key.expose_raw());
        let json = json.expose_raw();
        // What is no JSON is a text, so that the whole still is.
        let is_json = serde_json::from_str::<&serde_json::value::RawValue>(json).is_ok();
        let value =
            if is_json { json.to_owned() } else { serde_json::Value::from(json).to_string() };
        // Between values a tab is white space as a new line is; within them both are escaped.
        format!("{key}:{}", value.replace(['\n', '\r', '\t'], " "))
    });
    let object = format!("{{{}}}", each.collect::<Vec<_>>().join(","));
    escape_json(&object).into_owned()
}
