//! A booking, a worklist, or the rows of a list, for someone else: as text for a message, as csv for a
//! spreadsheet, as json for a program. The screen and the command line write the same.

mod columns;
mod delimited;
mod format;
pub mod guard;
mod json;
pub mod rows;
mod text;
pub mod worklist;

use chrono::{NaiveDate, NaiveDateTime};

use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::text::Untrusted;

pub use format::Format;

/// Characters of a reference in the name of a file.
const LONGEST_NAME: usize = 40;

#[derive(Debug, Clone, Copy)]
pub struct BookingExport<'a> {
    pub report: &'a BookingReport,
    pub sources: &'a Sources,
    /// When the conciliation was fetched.
    pub at: NaiveDateTime,
    pub today: NaiveDate,
}

/// Writes a booking; a format that is not one of [`Format::BOOKING`] is text.
pub fn render(export: &BookingExport<'_>, format: Format) -> Result<String, String> {
    match format {
        Format::Csv => delimited::render(export),
        Format::Json => json::render(export),
        _ => Ok(text::render(export)),
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

/// Rows of cells as csv.
fn csv<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Result<String, String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|why| why.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|why| why.to_string())?;
    String::from_utf8(bytes).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests;
