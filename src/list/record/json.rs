//! Records and objects from their JSON, and back.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::domain::date;
use crate::domain::text::Untrusted;
use crate::list::Kind;
use crate::list::record::{Record, Value};

pub(super) type RowPairs<'a> = Vec<(Key<'a>, &'a RawValue)>;

/// A key that is copied only if it contains an escape.
#[derive(Deserialize)]
pub(super) struct Key<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

struct PairsVisitor<K>(PhantomData<K>);

impl<'de, K: Deserialize<'de>> Visitor<'de> for PairsVisitor<K> {
    type Value = Vec<(K, &'de RawValue)>;

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

/// The pairs in their order, with unparsed values, so that an invalid one affects only its own field.
pub fn object_pairs(json: &str) -> Option<Vec<(String, &RawValue)>> {
    pairs(json)
}

pub(super) fn row_pairs(json: &str) -> Option<RowPairs<'_>> {
    pairs(json)
}

fn pairs<'de, K: Deserialize<'de>>(json: &'de str) -> Option<Vec<(K, &'de RawValue)>> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let pairs = deserializer.deserialize_map(PairsVisitor(PhantomData)).ok()?;
    deserializer.end().ok().map(|()| pairs)
}

/// A text in place of a documented type stays a text; any other wrong type stays JSON.
pub(super) fn read_value(kind: Kind, json: &str) -> Value {
    if json == "null" {
        return Value::Null;
    }
    let text = || serde_json::from_str::<String>(json).ok();
    let read = match kind {
        Kind::Whole => serde_json::from_str(json).ok().map(Value::Minor),
        Kind::Minor | Kind::MinorEur => match serde_json::from_str(json) {
            Ok(minor) => Some(Value::Minor(minor)),
            Err(_) if is_decimal_amount(json) => {
                Some(Value::Decimal(Box::new(Untrusted::new(json))))
            }
            Err(_) => None,
        },
        Kind::Date => text().and_then(|text| date::parse(&text)).map(Value::Date),
        _ => None,
    };
    read.or_else(|| text().map(|text| Value::Text(Untrusted::new(text)))).unwrap_or_else(|| {
        match json.parse() {
            Ok(flag) => Value::Flag(flag),
            Err(_) => Value::Odd(Box::new(Untrusted::new(json))),
        }
    })
}

/// A number, or a text of digits, with a fraction, an exponent or thousands separators. With a decimal
/// point, it may be in major units, even if it is `200.0`.
pub fn is_decimal_amount(json: &str) -> bool {
    let text = json.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let digits = text.unwrap_or(json);
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    let is_mark = |c: char| ".,'".contains(c) || text.is_none() && "eE+-".contains(c);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.contains(is_mark)
        && digits.chars().all(|c| c.is_ascii_digit() || is_mark(c))
}

impl Record {
    /// The record as indented JSON: known fields in the contract's order, then all others, with their
    /// original keys.
    pub fn to_json(&self) -> String {
        let mut object = Object::default();
        for (at, field) in self.spec.fields.iter().enumerate() {
            let Some(value) = value_as_json(self.at(at)) else { continue };
            object.put(field.keys().unwrap_or(&[field.name]), value);
        }
        for (key, json) in self.extras() {
            object.put(&[key.expose_raw()], parsed_or_text(json));
        }
        serde_json::to_string_pretty(&object).unwrap_or_default()
    }
}

/// An object in the order of its fields, built from values and their keys.
#[derive(Default)]
struct Object<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

enum Node<'a> {
    Value(serde_json::Value),
    Object(Object<'a>),
}

impl<'a> Object<'a> {
    /// Creates the objects on the path; if another value is in the way, joins the keys with dots.
    fn put(&mut self, path: &[&'a str], value: serde_json::Value) {
        let [outer, inner @ ..] = path else { return };
        if inner.is_empty() {
            return self.0.push(((*outer).into(), Node::Value(value)));
        }
        match self.0.iter_mut().find(|(key, _)| key == outer) {
            Some((_, Node::Object(below))) => below.put(inner, value),
            Some((_, Node::Value(_))) => self.0.push((path.join(".").into(), Node::Value(value))),
            None => {
                let mut below = Self::default();
                below.put(inner, value);
                self.0.push(((*outer).into(), Node::Object(below)));
            }
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, node)| (key, node)))
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

/// A value as JSON; `None` if it is missing.
pub(super) fn to_text(value: &Value) -> Option<Untrusted> {
    match value {
        Value::Odd(json) => Some((**json).clone()),
        value => value_as_json(value).map(|json| Untrusted::new(json.to_string())),
    }
}

/// JSON whose texts have one spelling, whatever the server escapes.
pub fn normal(json: &str) -> Cow<'_, str> {
    let text = Some(json).filter(|json| json.starts_with('"'));
    let text = text.and_then(|json| serde_json::from_str::<String>(json).ok());
    text.map_or(Cow::Borrowed(json), |text| serde_json::Value::from(text).to_string().into())
}

fn value_as_json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Missing => None,
        Value::Null => Some(serde_json::Value::Null),
        Value::Text(text) => Some(text.expose_raw().into()),
        Value::Minor(minor) => Some((*minor).into()),
        Value::Date(day) => Some(day.to_string().into()),
        Value::Flag(flag) => Some((*flag).into()),
        Value::Decimal(json) | Value::Odd(json) => Some(parsed_or_text(json)),
    }
}

/// JSON that cannot be parsed, such as too deep, is shown as text.
fn parsed_or_text(json: &Untrusted) -> serde_json::Value {
    let raw = json.expose_raw();
    serde_json::from_str(raw).unwrap_or_else(|_| raw.into())
}
