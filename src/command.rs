//! One line of text for everything that can be asked: typed after `:`, given in the shell, kept in a
//! saved view, sent to a colleague. Reading and printing are inverse to each other.

pub mod columns;
pub mod command;
pub mod complete;
pub mod days;
pub mod lex;
pub mod name;
pub mod parse;
pub mod print;
pub mod views;

use std::ops::Range;

use chrono::NaiveDate;

use crate::filter::setting::Unsendable;
use crate::filter::{Fault, Setting};
use crate::list::Spec;
use crate::list::sort::Sort;
use crate::net::query::ListQuery;
use crate::payments::subject::Subject;

pub use columns::{Change, Columns};
pub use command::{COMMANDS, Command, PAYMENTS, Takes};
pub use complete::{Completion, complete};
pub use days::as_of_day;
pub use name::check_view_name;
pub use parse::{parameters, parse};
pub use print::{from_arguments, print};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// `penalties status=notify sort=-amount`: show a list like this.
    List(ListLine),
    Booking(String),
    /// `sort -amount`: sort the list on the screen; without a column, as the server does.
    Sort(Option<Sort>),
    /// `columns +days -currency`: show and hide columns; without one, show the usual ones.
    Columns(Columns),
    /// `view NAME`: open a saved view.
    View(String),
    /// `save NAME`: save what is on the screen.
    Save(String),
    /// `copy-view`: give what is on the screen as a line to a colleague.
    CopyView,
    /// `load all`: fetch the pages that are left.
    LoadAll,
    /// `events`, `account` and the like: show something of the Payments APIs.
    Show(Subject),
    /// `auto 60`: fetch the list on the screen anew every so many seconds; without them, no longer.
    Auto(Option<u32>),
    /// `asof 2026-10-31`: count ages to a day; without one, to today.
    AsOf(String),
    Group(&'static str),
    Worklist(&'static str),
    /// `changes`: what is new or changed since the last session.
    Changes,
    /// `chart`: the fetched rows as bars.
    Chart,
    Theme(&'static str),
    /// `mouse`: give the mouse to valora, or back to the terminal.
    Mouse,
    Quit,
    Help,
}

/// A list, and how it is shown.
#[derive(Debug, Clone)]
pub struct ListLine {
    pub spec: &'static Spec,
    /// Its filters, in the order in which they were typed.
    pub settings: Vec<Setting>,
    /// Its order, if not the server's.
    pub sort: Option<Sort>,
    pub columns: Columns,
}

impl PartialEq for ListLine {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.spec, other.spec)
            && (&self.settings, self.sort, &self.columns)
                == (&other.settings, other.sort, &other.columns)
    }
}

impl Eq for ListLine {}

impl ListLine {
    /// A list without filters, as it is shown at first.
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, settings: Vec::new(), sort: None, columns: Columns::default() }
    }

    /// What is asked of the server for it on the day `today`.
    ///
    /// # Errors
    /// [`Unsendable`] with the setting that makes no sense on this day or beside another one.
    pub fn query(&self, today: NaiveDate) -> Result<ListQuery, Unsendable> {
        ListQuery::under(self.spec, &self.settings, today)
    }

    /// The filter over a column that was typed by its name or its title: `issued` is filtered as
    /// `paid`.
    fn filter_over(&self, typed: &str) -> Option<&'static str> {
        let is_named = |position: &usize| {
            let column = self.spec.described(*position);
            column.is_some_and(|it| it.name == typed || it.label.eq_ignore_ascii_case(typed))
        };
        let field = self.spec.fields.get((0..self.spec.fields.len()).find(is_named)?)?;
        let filter = self.spec.filters.iter().find(|filter| filter.over == [field.name])?;
        Some(filter.bound.map_or(filter.param, |bound| bound.range))
    }

    /// The parameters that the contract does not know, and for each the documented name that is
    /// spelled most like it: what a notice says.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        let raw = self.settings.iter().filter(|setting| setting.is_raw());
        raw.map(|setting| {
            let name = setting.target().name();
            let near = || nearest(name, parse::parameters(self.spec));
            (name, self.filter_over(name).or_else(near))
        })
    }
}

/// What is known where a line is typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The list on the screen, which `sort` and `columns` are about.
    pub here: Option<&'static Spec>,
    /// The day that relative days count from. Without it, what depends on the day is not judged:
    /// so a saved view stays readable on any day.
    pub today: Option<NaiveDate>,
    /// The names of the saved views.
    pub views: &'a [&'a str],
    /// Whether a Payments API is configured, so that its list and commands are offered.
    pub has_payments: bool,
}

/// Why a line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct LineError {
    /// The characters at fault, counted in `char`s from the start of the line. Empty where
    /// something is missing.
    pub at: Range<usize>,
    /// The reason, as a sentence without its full stop.
    pub why: String,
    /// What could stand there, where that is a short list.
    pub expected: Vec<&'static str>,
}

impl LineError {
    fn new(at: Range<usize>, why: impl Into<String>) -> Self {
        Self { at, why: why.into(), expected: Vec::new() }
    }

    fn expecting(self, expected: impl IntoIterator<Item = &'static str>) -> Self {
        Self { expected: expected.into_iter().collect(), ..self }
    }

    fn of(fault: Fault, piece: &lex::Piece) -> Self {
        Self::new(piece.locate(fault.at), fault.why)
    }
}

/// The candidate that `typed` is most likely a slip of, if one is near enough.
fn nearest(
    typed: &str,
    candidates: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let distance = |candidate: &'static str| (strsim::osa_distance(typed, candidate), candidate);
    let (slips, candidate) = candidates.into_iter().map(distance).min()?;
    (slips <= (typed.chars().count() / 3).max(1)).then_some(candidate)
}

#[cfg(test)]
mod tests;
