//! Why the body of an answer cannot be used.

use std::fmt;

use serde::de::IgnoredAny;

use crate::domain::text::Untrusted;

/// Why a body is not the documented one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    Empty,
    Html,
    /// It is not JSON, at this line and column, both from 1.
    NotJson(usize, usize, Untrusted),
    /// The value at this JSON path is missing.
    Missing(&'static str),
    /// The value at this JSON path has this type instead of that one.
    WrongType(&'static str, &'static str, &'static str),
    /// It holds nothing of a conciliation.
    NotConciliation,
    /// A page has more rows than the contract allows.
    TooManyRows {
        rows: usize,
        most: u32,
    },
    /// It is another page than the one that was asked for.
    OtherPage {
        /// The page that was asked for.
        asked: u32,
        came: u32,
    },
}

impl DecodeError {
    /// Why `text` is not the JSON that was expected at its root.
    pub fn root(text: &str, expected: &'static str) -> Self {
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if trimmed.starts_with('<') {
            return Self::Html;
        }
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Self::WrongType("$", expected, type_of(trimmed)),
            Err(error) => {
                let words = error.to_string();
                let why = words.split(" at line ").next().unwrap_or_default();
                Self::NotJson(error.line(), error.column(), Untrusted::new(why))
            }
        }
    }
}

/// The type of a JSON value in words.
pub fn type_of(json: &str) -> &'static str {
    match json.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'n') => "null",
        Some(b't' | b'f') => "true or false",
        _ => "a number",
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the answer is empty"),
            Self::Html => f.write_str("the answer is a web page instead of JSON"),
            Self::NotJson(line, column, why) => {
                write!(f, "the answer is not JSON (line {line}, column {column}: {})", why.shown())
            }
            Self::Missing(path) => write!(f, "the answer has no `{path}`"),
            Self::WrongType(path, wanted, found) => {
                write!(f, "`{path}` in the answer is {found} instead of {wanted}")
            }
            Self::TooManyRows { rows, most } => {
                write!(f, "a page has {rows} rows, where the contract allows {most}")
            }
            Self::OtherPage { asked, came } => {
                write!(f, "page {asked} was asked for, and page {came} came")
            }
            Self::NotConciliation => f.write_str("the answer holds nothing of a booking"),
        }
    }
}
