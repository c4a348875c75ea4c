//! Places in a file of views, as a person counts them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::text::sanitise;

/// What is wrong in a file of views. Never a line of the file: it is named, not repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{why}", .view.as_ref().map(|view| format!("{view}: ")).unwrap_or_default())]
pub struct ViewFault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The name of the view, where it has one.
    pub view: Option<String>,
    pub why: String,
}

pub(super) struct Source<'a>(&'a str);

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// A fault at a byte of the file.
    pub(super) fn fault(&self, at: usize, view: Option<&str>, why: &str) -> ViewFault {
        let at = at.min(self.0.len());
        let before = (0..=at).rev().find_map(|at| self.0.get(..at)).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        ViewFault {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            view: view.map(|view| sanitise(view).into_owned()),
            why: why.to_owned(),
        }
    }

    /// The byte of a character of a TOML string, counted in the text that it stands for. Where it is
    /// written with escapes, the start of the string is near enough.
    pub(super) fn inside(&self, span: &Range<usize>, text: &str, character: usize) -> usize {
        let written = self.0.get(span.clone()).unwrap_or_default();
        let is_plain = written.get(1..written.len().saturating_sub(1)) == Some(text);
        let before = text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
        if is_plain { span.start + 1 + before } else { span.start }
    }
}

/// The entries of a file that are written as `[[view]]`.
pub(super) fn entries<'a, 'i>(document: &'a Spanned<DeTable<'i>>) -> Vec<&'a Spanned<DeValue<'i>>> {
    let views = document.get_ref().iter().filter(|(key, _)| key.get_ref() == "view");
    views.filter_map(|(_, value)| value.get_ref().as_array()).flatten().collect()
}
