//! One line of a report.

use serde_json::Value;

use crate::domain::text::Untrusted;
use crate::payments::report::Part;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Plain,
    Quiet,
    Warning,
    Failure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    Booking(Untrusted),
    Stream(String),
}

/// A line: printable, with what stands behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is about; empty where the text says it.
    pub label: &'static str,
    pub text: String,
    pub tone: Tone,
    pub opens: Option<Opens>,
    /// The JSON that it is made of, nothing in it hidden.
    pub raw: Option<Value>,
}

impl Line {
    pub(super) fn new(label: &'static str, text: impl Into<String>, tone: Tone) -> Self {
        Self { label, text: text.into(), tone, opens: None, raw: None }
    }

    pub(super) fn title(text: impl Into<String>) -> Self {
        Self::new("", text, Tone::Title)
    }

    pub(super) fn plain(label: &'static str, text: impl Into<String>) -> Self {
        Self::new(label, text, Tone::Plain)
    }

    pub(super) fn opening(mut self, opens: Option<Opens>) -> Self {
        self.opens = opens;
        self
    }

    pub(super) fn with_raw(mut self, raw: &Value) -> Self {
        self.raw = Some(raw.clone());
        self
    }

    pub(super) fn all_with_raw(lines: Vec<Self>, raw: &Value) -> Vec<Self> {
        lines.into_iter().map(|line| line.with_raw(raw)).collect()
    }

    /// What is said of a part that has not come; `None` for one that has.
    pub(super) fn of_state(part: &Part) -> Option<Self> {
        match &part.response {
            None => {
                Some(Self::new("", format!("{}: fetching …", part.request.subject()), Tone::Quiet))
            }
            Some(Err(failure)) => {
                let text = format!("✗ {}: {}", failure.what, failure.why);
                Some(Self::new("", text, Tone::Failure))
            }
            Some(Ok(_)) => None,
        }
    }
}
