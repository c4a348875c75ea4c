//! A piece of what was typed, which knows where it stood, so that an error can point at it.

use std::ops::Range;

/// What is wrong with a typed text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Fault {
    /// The characters at fault, counted in `char`s from the start of what was typed.
    pub at: Range<usize>,
    /// The reason, in words for the place where it was typed.
    pub why: String,
}

/// A piece of a typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl<'a> Part<'a> {
    /// All that was typed, but the white space around it.
    pub(super) fn trimmed(typed: &'a str) -> Self {
        Self { text: typed, start: 0 }.trim()
    }

    /// The piece without the white space around it.
    pub(super) fn trim(self) -> Self {
        let left = self.text.trim_start();
        let dropped = self.text.chars().count() - left.chars().count();
        Self { text: left.trim_end(), start: self.start + dropped }
    }

    /// What stands before and after the first `separator`.
    pub(super) fn split_once(self, separator: &str) -> Option<(Self, Self)> {
        let (left, right) = self.text.split_once(separator)?;
        let start = self.start + left.chars().count() + separator.chars().count();
        Some((Self { text: left, ..self }, Self { text: right, start }))
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start..self.start + self.text.chars().count()
    }

    /// A fault of the whole piece.
    pub(super) fn fault(self, why: impl Into<String>) -> Fault {
        Fault { at: self.range(), why: why.into() }
    }

    /// A fault of some of its characters, counted from its own start.
    pub(super) fn fault_at(self, within: Range<usize>, why: impl Into<String>) -> Fault {
        Fault { at: self.start + within.start..self.start + within.end, why: why.into() }
    }
}
