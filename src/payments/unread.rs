//! Why a body is not the documented one.

use serde::de::IgnoredAny;

use crate::domain::text::Untrusted;

/// Why a body cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    Empty,
    Html,
    /// It is not JSON, at this line and column, both from 1.
    NotJson(usize, usize, Untrusted),
    /// The value at this JSON path is missing.
    Missing(&'static str),
    /// The value at this JSON path is not of this type.
    WrongType(&'static str, &'static str, &'static str),
}

impl Unread {
    /// Why `text` is not the JSON that was expected at its root.
    pub fn root(text: &str, wanted: &'static str) -> Self {
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return Self::Empty;
        }
        if trimmed.starts_with('<') {
            return Self::Html;
        }
        match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Self::WrongType("$", wanted, kind(trimmed)),
            Err(error) => {
                let words = error.to_string();
                let why = words.split(" at line ").next().unwrap_or_default();
                Self::NotJson(error.line(), error.column(), Untrusted::new(why))
            }
        }
    }
}

/// The type of a JSON value in words.
pub fn kind(json: &str) -> &'static str {
    match json.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'n') => "null",
        Some(b't' | b'f') => "true or false",
        _ => "a number",
    }
}
