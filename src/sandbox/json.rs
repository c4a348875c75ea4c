//! JSON that keeps the order in which it was written, as the API's bodies do.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// One field of a row: what filters test and bodies show.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    /// An amount in minor units.
    Minor(i64),
    Date(NaiveDate),
    /// A value of a list that is described elsewhere.
    Json(&'a Value),
}

impl<'a> Cell<'a> {
    /// A text that lives in the row.
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// A value that may be missing.
    pub(super) fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, cell)
    }

    /// The text of the cell, for searching.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(value) => value.as_str(),
            _ => None,
        }
    }

    /// The amount in minor units.
    pub(super) fn as_minor(&self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(*minor),
            Self::Json(value) => value.as_i64(),
            _ => None,
        }
    }

    /// The day; a timestamp counts as its day.
    pub(super) fn as_date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Json(value) => value.as_str()?.get(..10)?.parse().ok(),
            _ => None,
        }
    }

    /// The cell as it goes into a body.
    pub(super) fn into_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Minor(minor) => Value::from(minor),
            Self::Date(date) => Value::String(date.to_string()),
            Self::Json(value) => value.clone(),
        }
    }
}

/// A JSON object whose fields stay in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(pub(super) Vec<(Cow<'static, str>, Node)>);

impl Object {
    /// The object with a plain value as its next field.
    pub(super) fn with(self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.with_node(name, Node::Value(value.into()))
    }

    /// The object with an object as its next field.
    pub(super) fn with_object(self, name: &'static str, object: Self) -> Self {
        self.with_node(name, Node::Object(object))
    }

    /// The object with a list of objects as its next field.
    pub(super) fn with_rows(self, name: &'static str, rows: Vec<Self>) -> Self {
        self.with_node(name, Node::List(rows))
    }

    fn with_node(mut self, name: impl Into<Cow<'static, str>>, node: Node) -> Self {
        self.0.push((name.into(), node));
        self
    }

    /// The body as bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        // Strings, numbers and lists of them: there is nothing here that serde_json refuses.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, node)| (name, node)))
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Node {
    Value(Value),
    Object(Object),
    List(Vec<Object>),
}
