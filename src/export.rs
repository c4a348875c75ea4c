//! A booking, or the rows of a list, for someone else: as text for a message, as csv for a
//! spreadsheet, as json for a program. The screen and the command line give the same.

pub mod guard;
mod json;
pub mod rows;
mod sheet;
mod text;

use chrono::{NaiveDate, NaiveDateTime};

use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::text::Untrusted;

/// Characters of a reference in the name of a file.
const LONGEST_NAME: usize = 40;

#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// The booking with what follows from it.
    pub report: &'a BookingReport,
    /// What the lists beside it gave.
    pub sources: &'a Sources,
    pub at: NaiveDateTime,
    /// The day of the line between past and future.
    pub today: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// To be read by people, in a message.
    Text,
    /// One row a ledger line, the checks at the end.
    Csv,
    /// All of it, amounts in minor units.
    Json,
}

impl Format {
    /// The ending of a file of this form.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The form that a file's ending names.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let all = [Self::Text, Self::Csv, Self::Json];
        all.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }
}

/// Writes a booking in a form.
pub fn render(sheet: &Sheet<'_>, format: Format) -> Result<String, String> {
    match format {
        Format::Text => Ok(text::render(sheet)),
        Format::Csv => sheet::render(sheet),
        Format::Json => json::render(sheet),
    }
}

/// The name of a file. A reference is text from outside, so no more than letters, digits, `-` and
/// `_` of it are used.
pub fn file_name(reference: &Untrusted, format: Format, today: NaiveDate) -> String {
    let is_safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let raw = reference.expose_raw();
    let safe: String = raw.chars().filter(is_safe).take(LONGEST_NAME).collect();
    let name = if safe.is_empty() { "unnamed" } else { &safe };
    format!("booking-{name}-{today}.{}", format.ending())
}

#[cfg(test)]
mod tests;
