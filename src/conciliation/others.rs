//! What the response for a booking contains in addition to its known sections: other arrays of
//! objects, each an additional section under its own name, and single values.

use std::iter;

use serde_json::value::RawValue;

use super::sections::Found;
use crate::domain::money::counted;
use crate::domain::normalize::capitalized;
use crate::domain::text::Untrusted;
use crate::list::record::{Record, object_pairs};
use crate::list::roles::spelled_words;
use crate::list::{Field, Kind, Spec};

/// Single values: their names, with dots between the keys, and the values as received.
static VALUES: Spec = Spec {
    key: "values",
    title: "Other values",
    fields: &[
        Field::new("name", "Name", Kind::Text).text_column(0, 12, 60),
        Field::new("value", "Value", Kind::Text).text_column(0, 12, 120),
    ],
    ..Spec::UNKNOWN
};

/// Rows without known fields: all fields in one column.
static ROWS: Spec = Spec {
    key: "others",
    title: "Others",
    fields: &[Field::new(SUMMARY, "Row", Kind::Text).text_column(0, 20, 240)],
    ..Spec::UNKNOWN
};
const SUMMARY: &str = "(summary)";
/// The most fields of a row that are summarized, and the most levels of objects in it.
const MOST_FIELDS: usize = 60;
const DEEPEST: usize = 6;

#[derive(Debug, Clone)]
pub struct Other {
    /// The keys that lead to it, joined by dots; empty for single values.
    pub path: Untrusted,
    /// Its name in words.
    pub title: Untrusted,
    /// As received; for single values, their names and values.
    pub rows: Vec<Record>,
    /// `false` if they are single values.
    pub are_rows: bool,
    /// The number of single values that are not kept.
    pub left_out: usize,
}

pub(super) fn read(found: &Found<'_>) -> Vec<Other> {
    let rows = found.others.iter().map(|(path, rows)| Other {
        path: Untrusted::new(path.as_str()),
        title: Untrusted::new(in_words(path)),
        rows: rows.iter().map(|row| Record::read(&Spec::UNKNOWN, &row.json())).collect(),
        are_rows: true,
        left_out: 0,
    });
    let value = |(name, json): &(String, &str)| {
        let json = serde_json::json!({"name": name, "value": as_text(json)});
        Record::read(&VALUES, &json.to_string())
    };
    let values = (!found.values.is_empty()).then(|| Other {
        path: Untrusted::default(),
        title: Untrusted::new(VALUES.title),
        rows: found.values.iter().map(value).collect(),
        are_rows: false,
        left_out: found.values_left_out,
    });
    rows.chain(values).collect()
}

impl Other {
    /// The list whose table shows [`Other::shown_rows`].
    pub fn spec(&self) -> &'static Spec {
        if self.are_rows { &ROWS } else { &VALUES }
    }

    /// The rows for a table: each with all its fields in one column, objects in it flattened.
    pub fn shown_rows(&self) -> Vec<Record> {
        if !self.are_rows {
            return self.rows.clone();
        }
        let shown = |row: &Record| {
            let fields = fields(row);
            let summary = (SUMMARY.to_owned(), summary(&fields));
            let text = serde_json::Value::from;
            let pairs = iter::once(summary).chain(fields);
            let pairs = pairs.map(|(name, value)| format!("{}:{}", text(name), text(value)));
            Record::read(&ROWS, &format!("{{{}}}", pairs.collect::<Vec<_>>().join(",")))
        };
        self.rows.iter().map(shown).collect()
    }

    /// Each row in one printable line: the names of its fields with their values.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let line = |row: &Record| match (row.text("name"), self.are_rows) {
            (Some(name), false) => {
                let value = row.text("value").map(Untrusted::escaped).unwrap_or_default();
                format!("{}: {value}", name.escaped())
            }
            _ => Untrusted::new(summary(&fields(row))).escaped().into_owned(),
        };
        let left_out = (self.left_out > 0).then(|| counted(self.left_out as u64, "more value"));
        self.rows.iter().map(line).chain(left_out)
    }

    /// Its title and its number of rows; for single values, the first of them.
    pub fn in_short(&self) -> String {
        let title = self.title.shown();
        if self.are_rows {
            return format!("{title}: {}", counted(self.rows.len() as u64, "row"));
        }
        self.lines().take(MOST_FIELDS).collect::<Vec<_>>().join(" · ")
    }
}

/// A name of keys in words: `payments.refundNotes` as `Payments refund notes`.
fn in_words(path: &str) -> String {
    let is_name = |word: &str| word.chars().skip(1).any(char::is_uppercase);
    let mut words = spelled_words(path);
    for word in words.iter_mut().skip(1).filter(|word| !is_name(word)) {
        *word = word.to_lowercase();
    }
    if words.is_empty() { path.to_owned() } else { capitalized(&words.join(" ")) }
}

/// A number, `true`, `false` or `null` as received, a text without its quotes.
pub(super) fn as_text(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_else(|_no_text| json.to_owned())
}

/// The fields of a row that no list describes, without the objects and arrays around their values.
fn fields(row: &Record) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (key, json) in row.extras() {
        flatten(key.expose_raw(), json.expose_raw(), 0, &mut fields);
    }
    fields
}

/// Adds the values. The first one beyond the limit is `…` and represents all after it.
fn flatten(name: &str, json: &str, depth: usize, out: &mut Vec<(String, String)>) {
    if out.len() > MOST_FIELDS {
        return;
    }
    let inner: Vec<(String, &RawValue)> = object_pairs(json).unwrap_or_else(|| {
        let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
        elements.into_iter().enumerate().map(|(at, raw)| (at.to_string(), raw)).collect()
    });
    let is_value = !json.starts_with(['{', '[']);
    if out.len() == MOST_FIELDS || depth == DEEPEST && !is_value {
        out.push((name.to_owned(), "…".to_owned()));
    } else if is_value {
        out.push((name.to_owned(), as_text(json)));
    } else {
        for (key, raw) in inner {
            flatten(&format!("{name}.{key}"), raw.get(), depth + 1, out);
        }
    }
}

fn summary(fields: &[(String, String)]) -> String {
    let field = |(name, value): &(String, String)| format!("{name}: {value}");
    fields.iter().map(field).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests;
