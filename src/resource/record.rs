//! One row of a list as it came: its known fields typed, everything else kept beside them.

use std::borrow::Cow;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Field, Kind, Spec};
use crate::domain::date;
use crate::domain::money::{Currency, Sums, grouped};
use crate::domain::text::{Untrusted, sanitise};

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// The object had no such key.
    Missing,
    /// The key was there and held `null`.
    Null,
    /// A text.
    Text(Untrusted),
    /// An amount in minor units; its currency is the record's.
    Minor(i64),
    /// A civil date.
    Date(NaiveDate),
    /// JSON of a type that the contract does not give for this field, as it came.
    Odd(Untrusted),
}

impl Value {
    /// Minor units: a JSON integer, or a text of digits, which some payloads have.
    #[must_use]
    pub fn minor(&self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(*minor),
            Self::Odd(json) => json.raw_never_printed().trim_matches('"').parse().ok(),
            _ => None,
        }
    }
}

/// A row.
#[derive(Debug, Clone)]
pub struct Record {
    spec: &'static Spec,
    values: Box<[Value]>,
    extras: Box<[(Untrusted, Untrusted)]>,
    identity: u64,
}

impl Record {
    /// Reads one element of `data`. Never fails: what cannot be read is kept as an extra.
    #[must_use]
    pub fn read(spec: &'static Spec, json: &str) -> Self {
        let mut values = vec![Value::Missing; spec.fields.len()];
        let mut extras = Vec::new();
        match object_pairs(json) {
            Some(pairs) => {
                for (key, raw) in pairs {
                    let slot = slot_of(spec, &key).and_then(|at| Some((at, values.get_mut(at)?)));
                    match slot {
                        Some((at, slot)) if *slot == Value::Missing => {
                            *slot = read_value(&spec.fields[at], raw.get());
                        }
                        _ => extras.push((Untrusted::new(key), Untrusted::new(raw.get()))),
                    }
                }
            }
            None => extras.push((Untrusted::new("(row)"), Untrusted::new(json))),
        }
        let mut record = Self { spec, values: values.into(), extras: extras.into(), identity: 0 };
        record.identity = record.hash_identity();
        record
    }

    /// The list that this row belongs to.
    #[must_use]
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// A number that is the same for the same record after a refresh.
    #[must_use]
    pub fn identity(&self) -> u64 {
        self.identity
    }

    /// Fields that the contract does not know: key and JSON, in the order in which they came.
    #[must_use]
    pub fn extras(&self) -> &[(Untrusted, Untrusted)] {
        &self.extras
    }

    /// The value of a field by its documented name.
    #[must_use]
    pub fn value(&self, name: &str) -> &Value {
        self.spec.position(name).map_or(&Value::Missing, |at| self.at(at))
    }

    /// The value of the field at `position`.
    #[must_use]
    pub fn at(&self, position: usize) -> &Value {
        self.values.get(position).unwrap_or(&Value::Missing)
    }

    /// The text of a field, if it has one.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&Untrusted> {
        match self.value(name) {
            Value::Text(text) if !text.raw_never_printed().trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The reference of the row's booking.
    #[must_use]
    pub fn booking(&self) -> Option<&Untrusted> {
        self.text(self.spec.booking)
    }

    /// The currency of the row's amounts; [`Currency::NONE`] where it names none.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.text("currency")
            .and_then(|code| Currency::parse(code.raw_never_printed()))
            .unwrap_or(Currency::NONE)
    }

    /// Minor units of a field: a JSON integer, or a text of digits, which some payloads have.
    #[must_use]
    pub fn minor(&self, name: &str) -> Option<i64> {
        self.value(name).minor()
    }

    /// What stands in the cell of the field at `position`: printable, one line, empty for nothing.
    #[must_use]
    pub fn cell(&self, position: usize) -> Cow<'_, str> {
        let (Some(field), Some(value)) =
            (self.spec.fields.get(position), self.values.get(position))
        else {
            return Cow::Borrowed("");
        };
        match value {
            Value::Missing | Value::Null => Cow::Borrowed(""),
            Value::Date(day) => Cow::Owned(day.to_string()),
            Value::Minor(_) | Value::Odd(_) => match self.minor(field.name) {
                Some(minor) => Cow::Owned(self.amount(field.kind, minor)),
                None => match value {
                    Value::Odd(json) => json.shown(),
                    _ => Cow::Borrowed(""),
                },
            },
            Value::Text(text) => text_cell(field.kind, text),
        }
    }

    fn amount(&self, kind: Kind, minor: i64) -> String {
        let euro = Currency::parse("EUR").unwrap_or(Currency::NONE);
        let currency = if kind == Kind::MinorEur { euro } else { self.currency() };
        grouped(minor.into(), currency)
    }

    /// The record as indented JSON: known fields in the contract's order, then all others.
    #[must_use]
    pub fn to_json(&self) -> String {
        let known = self.spec.fields.iter().zip(&self.values).filter_map(|(field, value)| {
            Some((serde_json::Value::from(field.name), value_as_json(value)?))
        });
        let extra = self.extras.iter().map(|(key, json)| {
            (serde_json::Value::from(key.raw_never_printed()), parsed_or_text(json))
        });
        let lines: Vec<String> = known
            .chain(extra)
            .map(|(key, value)| {
                let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
                format!("  {key}: {}", pretty.replace('\n', "\n  "))
            })
            .collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }

    fn hash_identity(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let named = self.spec.identity.iter().map(|name| self.value(name));
        let is_named = named.clone().any(|value| !matches!(value, Value::Missing | Value::Null));
        if is_named {
            named.for_each(|value| value.hash(&mut hasher));
        } else {
            self.values.hash(&mut hasher);
            self.extras.hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn slot_of(spec: &Spec, key: &str) -> Option<usize> {
    spec.position(key).or_else(|| spec.fields.iter().position(|field| field.aliases.contains(&key)))
}

fn read_value(field: &Field, json: &str) -> Value {
    if json == "null" {
        return Value::Null;
    }
    let read = match field.kind {
        Kind::Minor | Kind::MinorEur => serde_json::from_str(json).ok().map(Value::Minor),
        Kind::Date => serde_json::from_str::<String>(json)
            .ok()
            .and_then(|text| date::parse(&text))
            .map(Value::Date),
        _ => {
            serde_json::from_str::<String>(json).ok().map(|text| Value::Text(Untrusted::new(text)))
        }
    };
    read.unwrap_or_else(|| Value::Odd(Untrusted::new(json)))
}

fn text_cell(kind: Kind, text: &Untrusted) -> Cow<'_, str> {
    let raw = text.raw_never_printed();
    match kind {
        Kind::Word(_) if raw.contains('_') => Cow::Owned(sanitise(raw).replace('_', " ")),
        Kind::Timestamp => date::timestamp_in_minutes(raw).map_or_else(|| text.shown(), Cow::Owned),
        _ => text.shown(),
    }
}

fn value_as_json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Missing => None,
        Value::Null => Some(serde_json::Value::Null),
        Value::Text(text) => Some(text.raw_never_printed().into()),
        Value::Minor(minor) => Some((*minor).into()),
        Value::Date(day) => Some(day.to_string().into()),
        Value::Odd(json) => Some(parsed_or_text(json)),
    }
}

/// JSON that is too deep or otherwise beyond the parser is shown as the text that it was.
fn parsed_or_text(json: &Untrusted) -> serde_json::Value {
    let raw = json.raw_never_printed();
    serde_json::from_str(raw).unwrap_or_else(|_| raw.into())
}

/// The keys and values of an object in the order in which they came, the values unread: a value
/// that is too deep or out of range then costs its own field only.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

/// The sums of a field for each currency, and how many records have no readable amount in it.
#[must_use]
pub fn sums(records: &[Record], field: &str) -> (Sums, usize) {
    let mut sums = Sums::default();
    let mut without = 0;
    for record in records {
        match record.minor(field) {
            Some(minor) => sums.add(minor, record.currency()),
            None => without += 1,
        }
    }
    (sums, without)
}

/// The keys and the unread values of a JSON object; `None` if `json` is not one.
#[must_use]
pub fn object_pairs(json: &str) -> Option<Vec<(String, &RawValue)>> {
    serde_json::from_str::<Pairs<'_>>(json).ok().map(|pairs| pairs.0)
}
