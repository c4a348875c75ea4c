//! Parts of a typed text with their positions (in `char`s), so that errors can point at them.

use std::ops::Range;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct InputError {
    /// Empty if something is missing.
    pub span: Range<usize>,
    pub why: String,
    pub expected: Vec<&'static str>,
}

impl InputError {
    pub fn new(span: Range<usize>, why: impl Into<String>) -> Self {
        Self { span, why: why.into(), expected: Vec::new() }
    }

    pub fn expecting(self, expected: impl IntoIterator<Item = &'static str>) -> Self {
        Self { expected: expected.into_iter().collect(), ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Range<usize>,
}

impl<'a> Spanned<&'a str> {
    pub fn all(typed: &'a str) -> Self {
        Self { value: typed, span: 0..typed.chars().count() }
    }

    pub fn trim(&self) -> Self {
        let left = self.value.trim_start();
        let start = self.span.end - left.chars().count();
        let value = left.trim_end();
        Self { value, span: start..start + value.chars().count() }
    }

    pub fn split_once(&self, separator: &str) -> Option<(Self, Self)> {
        let (left, right) = self.value.split_once(separator)?;
        let (end, start) = (left.chars().count(), right.chars().count());
        let left = Self { value: left, span: self.span.start..self.span.start + end };
        Some((left, Self { value: right, span: self.span.end - start..self.span.end }))
    }

    pub fn error(&self, why: impl Into<String>) -> InputError {
        InputError::new(self.span.clone(), why)
    }

    /// An error in some of its characters; `at` counts from the start of this part.
    pub fn error_at(&self, within: Range<usize>, why: impl Into<String>) -> InputError {
        let start = self.span.start;
        InputError::new(start + within.start..start + within.end, why)
    }
}

/// Line and column of a byte of a text, from 1; the column counts characters.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = (0..=at.min(text.len())).rev().find_map(|at| text.get(..at)).unwrap_or_default();
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}
