//! Records and objects from their JSON, and back.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::domain::date;
use crate::domain::text::Untrusted;
use crate::list::Kind;
use crate::list::record::{Record, Value};

type Pairs<'a> = Vec<(String, &'a RawValue)>;

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(24));
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// In their order, the values unread: one too deep or out of range costs its own field only.
pub fn object_pairs(json: &str) -> Option<Pairs<'_>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let pairs = deserializer.deserialize_map(PairsVisitor).ok()?;
    deserializer.end().ok().map(|()| pairs)
}

/// A text where something else is documented stays a text; any other wrong type is kept as JSON.
pub(super) fn read_value(kind: Kind, json: &str) -> Value {
    if json == "null" {
        return Value::Null;
    }
    let text = || serde_json::from_str::<String>(json).ok();
    let read = match kind {
        Kind::Minor | Kind::MinorEur => serde_json::from_str(json).ok().map(Value::Minor),
        Kind::Date => text().and_then(|text| date::parse(&text)).map(Value::Date),
        _ => None,
    };
    read.or_else(|| text().map(|text| Value::Text(Untrusted::new(text))))
        .unwrap_or_else(|| Value::Odd(Box::new(Untrusted::new(json))))
}

impl Record {
    /// The record as indented JSON: known fields in the contract's order, then all others.
    pub fn to_json(&self) -> String {
        let renamed = self.rest.as_ref().map_or(&[][..], |rest| &rest.renamed);
        let known = self.spec.fields.iter().enumerate().filter_map(|(at, field)| {
            let alias = renamed.iter().find(|(renamed, _)| *renamed == at);
            Some((alias.map_or(field.name, |(_, alias)| alias), value_as_json(self.at(at))?))
        });
        let extras = self.extras().iter();
        let extras = extras.map(|(key, json)| (key.expose_raw(), parsed_or_text(json)));
        let line = |(key, value): (&str, serde_json::Value)| {
            let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
            format!("  {}: {}", serde_json::Value::from(key), pretty.replace('\n', "\n  "))
        };
        let lines: Vec<String> = known.chain(extras).map(line).collect();
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
