//! Exports of a booking, a worklist, changes, customers, or the rows of a list, for the screen and the
//! command line.

mod cell;
pub mod changes;
mod currencies;
pub mod customers;
mod delimited;
mod dialect;
pub mod flags;
mod format;
mod grid;
pub mod guard;
mod html;
mod json;
mod markdown;
pub mod rows;
pub mod several;
mod sheets;
mod statement;
mod text;
pub mod worklist;
mod xlsx;

use chrono::{NaiveDate, NaiveDateTime};
use unicode_width::UnicodeWidthStr;

use crate::conciliation::report::{BookingReport, ExtraList, Sources};
use crate::domain::columns::{Column, ColumnLayout, Cut, Side, fit};
use crate::domain::text::Untrusted;
use crate::domain::truncate::truncate;
use crate::figures::tenant::TenantPaid;
use crate::owners::Owner;

pub use dialect::Dialect;
pub use format::Format;

const LONGEST_NAME: usize = 40;

#[derive(Debug, Clone, Copy)]
pub struct BookingExport<'a> {
    /// The profile, if the booking was looked for in several.
    pub customer: Option<&'a str>,
    pub report: &'a BookingReport,
    pub sources: &'a Sources,
    pub tenant: TenantPayments<'a>,
    pub at: NaiveDateTime,
    pub today: NaiveDate,
    /// For a statement: without what is not for the owner, such as notes, guesses and other people.
    pub is_for_owner: bool,
}

/// What is known about a tenant's payments.
#[derive(Debug, Clone, Copy)]
pub enum TenantPayments<'a> {
    /// No Payments API is configured.
    NotConfigured,
    Loading,
    /// The reason, printable.
    Failed(&'a str),
    /// `None` if the server has no payments.
    Loaded(Option<&'a TenantPaid>),
}

impl<'a> TenantPayments<'a> {
    fn state(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::Loading => "loading",
            Self::Failed(_) => "failed",
            Self::Loaded(_) => "loaded",
        }
    }

    fn paid(self) -> Option<&'a TenantPaid> {
        if let Self::Loaded(paid) = self { paid } else { None }
    }

    /// `tenant paid EUR 5,759.75`; `None` if there are no payments.
    fn in_words(self) -> Option<String> {
        match self {
            Self::Loading | Self::Failed(_) => {
                self.why_incomplete().map(|why| format!("tenant paid: unknown ({why})"))
            }
            Self::NotConfigured | Self::Loaded(_) => self.paid().map(TenantPaid::in_words),
        }
    }

    /// Why payments are missing; `None` if they are complete.
    pub fn why_incomplete(self) -> Option<&'a str> {
        match self {
            Self::NotConfigured | Self::Loaded(None) => None,
            Self::Loading => Some("still loading"),
            Self::Failed(why) => Some(why),
            Self::Loaded(Some(paid)) => paid.incomplete.as_deref(),
        }
    }
}

impl BookingExport<'_> {
    fn owner(&self) -> Option<Owner> {
        Owner::of(&self.report.booking, &self.sources.of(ExtraList::Scheduled).rows)
    }
}

/// How a file is written.
#[derive(Debug, Clone, Copy)]
pub struct Output<'a> {
    pub format: Format,
    pub dialect: Dialect,
    /// The width of the terminal, for a table.
    pub room: Option<usize>,
    /// Which rows are missing; empty if none is known to be missing.
    pub part: &'a str,
}

impl Output<'_> {
    pub fn of(format: Format) -> Self {
        Self { format, dialect: Dialect::Plain, room: None, part: "" }
    }
}

/// Writes a booking; a format that is not one of [`Format::BOOKING`] is text.
pub fn render(export: &BookingExport<'_>, output: Output<'_>) -> Result<Vec<u8>, String> {
    match output.format {
        Format::Csv => delimited::render(export, output.dialect),
        Format::Xlsx => sheets::render(export).map_err(|why| why.to_string()),
        Format::Html => statement::render(export).map(String::into_bytes),
        Format::Json => json::render(export).map(String::into_bytes),
        _ => Ok(text::render(export).into_bytes()),
    }
}

/// Uses only the letters, digits, `-` and `_` of the reference, because it is untrusted.
pub fn file_name(reference: &Untrusted, format: Format, today: NaiveDate) -> String {
    let is_safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let raw = reference.expose_raw();
    let safe: String = raw.chars().filter(is_safe).take(LONGEST_NAME).collect();
    let name = if safe.is_empty() { "unnamed" } else { &safe };
    format!("booking-{name}-{today}.{}", format.ending())
}

/// Cells between two columns.
const GAP: u16 = 2;

/// Cells behind the titles for the number of hidden columns.
const MARK: usize = 7;

/// Added to the priority of a column that is the same in all rows, which is hidden first.
const UNIFORM: u8 = 100;

/// Rows below their titles as aligned columns, in at most `room` cells if they are for a terminal: texts
/// are cut, then columns hidden, whose number follows the titles.
fn aligned(
    titles: Vec<String>,
    rows: impl IntoIterator<Item = Vec<String>>,
    columns: impl IntoIterator<Item = (Side, Place)>,
    room: Option<usize>,
) -> String {
    let (sides, places): (Vec<Side>, Vec<Place>) = columns.into_iter().unzip();
    let mut columns = Columns::new(sides);
    let lines: Vec<Vec<String>> = std::iter::once(titles).chain(rows).collect();
    for line in &lines {
        columns.fit(line);
    }
    let place = |at: usize| {
        let place = places.get(at).copied().unwrap_or(Place::FIXED);
        let gives_way = place.priority > 0 && is_uniform(&lines, at);
        Place { priority: place.priority + if gives_way { UNIFORM } else { 0 }, ..place }
    };
    let hidden = room.map_or(0, |room| columns.narrow_to(room, place));
    let mut shown = lines.iter().map(|line| columns.line(line));
    let mark = if hidden > 0 { format!("  +{hidden}") } else { String::new() };
    let titles = shown.next().unwrap_or_default() + &mark;
    std::iter::once(titles).chain(shown).map(|line| line + "\n").collect()
}

/// Returns `true` if a column has the same text in all of several lines below the titles.
fn is_uniform(lines: &[Vec<String>], at: usize) -> bool {
    let mut cells = lines.iter().skip(1).filter_map(|line| line.get(at));
    let first = cells.next();
    lines.len() > 2 && cells.all(|cell| Some(cell) == first)
}

/// Lines of cells as aligned columns. Cells are cut only after [`Columns::narrow`]; before, a cell wider
/// than its column shifts its line.
struct Columns {
    all: Vec<(usize, Side)>,
    shown: Option<ColumnLayout<usize>>,
}

/// How a column shrinks if the columns do not fit.
#[derive(Clone, Copy)]
struct Place {
    /// The column with the highest number is hidden first; one with 0 is never hidden.
    priority: u8,
    /// The minimum width of a text that may be cut if it is wider.
    least: Option<u16>,
}

impl Place {
    /// Of a column that is neither cut nor hidden.
    const FIXED: Self = Self { priority: 0, least: None };

    const fn hidden_by(priority: u8) -> Self {
        Self { priority, least: None }
    }

    const fn cut_to(least: u16, priority: u8) -> Self {
        Self { priority, least: Some(least) }
    }
}

impl Columns {
    fn new(sides: impl IntoIterator<Item = Side>) -> Self {
        Self { all: sides.into_iter().map(|side| (0, side)).collect(), shown: None }
    }

    fn len(&self) -> usize {
        self.all.len()
    }

    fn fit(&mut self, cells: &[String]) {
        for ((width, _), cell) in self.all.iter_mut().zip(cells) {
            *width = cell.width().max(*width);
        }
    }

    /// Cuts texts and hides columns until the lines have at most `room` cells. Returns the number of
    /// hidden columns.
    fn narrow(&mut self, room: usize, place: impl Fn(usize) -> Place) -> usize {
        let column = |(id, (width, side)): (usize, &(usize, Side))| {
            let Place { priority, least } = place(id);
            let natural = u16::try_from(*width).unwrap_or(u16::MAX);
            let cut =
                if least.is_some_and(|least| least < natural) { Cut::Allowed } else { Cut::Never };
            let least = least.map_or(natural, |least| least.min(natural));
            Column { id, side: *side, priority, least, natural, cut }
        };
        let all: Vec<Column<usize>> = self.all.iter().enumerate().map(column).collect();
        let layout = fit(all, GAP, u16::try_from(room).unwrap_or(u16::MAX));
        let hidden = layout.hidden;
        self.shown = Some(layout);
        hidden
    }

    /// As [`Self::narrow`], with room for the number of hidden columns behind the titles.
    fn narrow_to(&mut self, room: usize, place: impl Fn(usize) -> Place) -> usize {
        match self.narrow(room, &place) {
            0 => 0,
            _ => self.narrow(room.saturating_sub(MARK), &place),
        }
    }

    /// The positions of the hidden columns.
    fn hidden(&self) -> Vec<usize> {
        let Some(layout) = &self.shown else { return Vec::new() };
        (0..self.all.len()).filter(|at| layout.shown.iter().all(|it| it.id != *at)).collect()
    }

    fn line(&self, cells: &[String]) -> String {
        let mut text = String::new();
        let mut add = |cell: &str, width: usize, side: Side| {
            let blank = " ".repeat(width.saturating_sub(cell.width()));
            match side {
                Side::Left => text.extend([cell, blank.as_str(), "  "]),
                Side::Right => text.extend([blank.as_str(), cell, "  "]),
            }
        };
        match &self.shown {
            None => {
                cells
                    .iter()
                    .zip(&self.all)
                    .for_each(|(cell, (width, side))| add(cell, *width, *side));
            }
            // A line with other cells is not a row.
            Some(_) if cells.len() != self.all.len() => return cells.join("  "),
            Some(layout) => {
                for column in &layout.shown {
                    let Some(cell) = cells.get(column.id) else { continue };
                    let cell = match column.side {
                        Side::Left => truncate(cell.as_str().into(), column.width),
                        Side::Right => cell.as_str().into(),
                    };
                    add(&cell, column.width.into(), column.side);
                }
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

#[cfg(test)]
pub(crate) fn as_text(written: Result<Vec<u8>, String>) -> String {
    String::from_utf8(written.unwrap()).unwrap()
}

#[cfg(test)]
mod tests;
