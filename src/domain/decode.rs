//! Why the body of a response cannot be decoded.

use serde::de::IgnoredAny;

use crate::domain::text::Untrusted;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the response is empty")]
    Empty,
    #[error("the response is a web page instead of JSON")]
    Html,
    /// Line and column count from 1.
    #[error("the response is not JSON (line {}, column {}: {})", .0, .1, .2.shown())]
    NotJson(usize, usize, Untrusted),
    #[error("the response has no `{0}`")]
    Missing(&'static str),
    /// A JSON path, the expected type, and the actual type.
    #[error("`{0}` in the response is {2} instead of {1}")]
    WrongType(&'static str, &'static str, &'static str),
    #[error("the response contains no booking data")]
    NotConciliation,
    #[error("a page has {rows} rows, but at most {most} are allowed")]
    TooManyRows { rows: usize, most: u32 },
    #[error("asked for page {asked}, got page {sent}")]
    OtherPage { asked: u32, sent: u32 },
}

impl DecodeError {
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
