//! A record as the JSON that it was.

use crate::domain::text::Untrusted;
use crate::list::record::{Record, Value};

impl Record {
    /// The record as indented JSON: known fields in the contract's order, then all others.
    pub fn to_json(&self) -> String {
        let renamed = self.rest.as_ref().map_or(&[][..], |rest| &rest.renamed);
        let known = self.spec.fields.iter().enumerate();
        let known = known.filter_map(|(at, field)| {
            let value = self.at(at);
            let alias = renamed.iter().find(|(renamed, _)| *renamed == at);
            let name = alias.map_or(field.name, |(_, alias)| alias);
            Some((serde_json::Value::from(name), value_as_json(value)?))
        });
        let extra = self
            .extras()
            .iter()
            .map(|(key, json)| (serde_json::Value::from(key.expose_raw()), parsed_or_text(json)));
        let lines: Vec<String> = known
            .chain(extra)
            .map(|(key, value)| {
                let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
                format!("  {key}: {}", pretty.replace('\n', "\n  "))
            })
            .collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }
}

fn value_as_json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Missing => None,
        Value::Null => Some(serde_json::Value::Null),
        Value::Text(text) => Some(text.expose_raw().into()),
        Value::Minor(minor) => Some((*minor).into()),
        Value::Date(day) => Some(day.to_string().into()),
        Value::Odd(json) => Some(parsed_or_text(json)),
    }
}

/// JSON that is too deep or otherwise beyond the parser is shown as the text that it was.
fn parsed_or_text(json: &Untrusted) -> serde_json::Value {
    let raw = json.expose_raw();
    serde_json::from_str(raw).unwrap_or_else(|_| raw.into())
}
