//! One line of text for everything that can be asked: typed after `:`, given in the shell, kept in a
//! saved view, sent to a colleague. Reading and printing are inverse to each other.

mod arguments;
pub mod columns;
pub mod complete;
mod lex;
pub mod parse;
mod payments;
pub mod print;
pub mod table;
pub mod views;

use chrono::NaiveDate;

use crate::filter::{FilterValue, InvalidFilter, ListQuery, TypedDay};
use crate::list::Spec;
use crate::list::sort::Sort;
use crate::payments::subject::Subject;

pub use columns::{Change, Columns};
pub use complete::{Completion, complete};
pub use parse::{locate, parameters, parse};
pub use print::{from_arguments, print};
pub use table::{COMMANDS, CommandSpec, PAYMENTS, Takes};
pub use views::check_view_name;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `penalties status=notify sort=-amount`: show a list like this.
    List(ListCommand),
    Booking(String),
    /// `sort -amount`: sort the list on the screen; without a column, as the server does.
    Sort(Option<Sort>),
    /// `columns +days -currency`: show and hide columns; without one, show the usual ones.
    Columns(Columns),
    /// `view NAME`: open a saved view.
    View(String),
    /// `save NAME`: save what is on the screen.
    Save(String),
    /// `copy-view`: copy what is on the screen as a line for a colleague.
    CopyView,
    /// `load all`: fetch the pages that are left.
    LoadAll,
    /// `events`, `account` and the like: show something of the Payments APIs.
    Show(Subject),
    /// `auto 60`: fetch the list on the screen anew every so many seconds; without them, no longer.
    Auto(Option<u32>),
    /// `asof 2026-10-31`: count ages to a day; without one, to today.
    AsOf(Option<TypedDay>),
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCommand {
    pub spec: &'static Spec,
    /// In the order in which they were typed.
    pub filters: Vec<FilterValue>,
    /// Its order, if not the server's.
    pub sort: Option<Sort>,
    pub columns: Columns,
}

impl ListCommand {
    /// A list without filters, as it is shown at first.
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), sort: None, columns: Columns::default() }
    }

    /// What is asked of the server for it on the day `today`.
    ///
    /// # Errors
    /// [`InvalidFilter`] with the filter that makes no sense on this day.
    pub fn query(&self, today: NaiveDate) -> Result<ListQuery, InvalidFilter> {
        ListQuery::with_filters(self.spec, self.filters.clone(), today)
    }

    /// The filter over a column that was typed by its name or its title: `issued` is filtered as
    /// `paid`.
    fn filter_over(&self, typed: &str) -> Option<&'static str> {
        let mut fields = self.spec.fields.iter();
        let field = fields.find(|it| it.name == typed || it.label.eq_ignore_ascii_case(typed))?;
        let filter = self.spec.filters.iter().find(|filter| filter.over == [field.name])?;
        Some(filter.range_end.map_or(filter.param, |end| end.range))
    }

    /// The parameters that the contract does not know, and for each the documented name that is
    /// spelled most like it: what a notice says.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        let raw = self.filters.iter().filter(|filter| filter.is_raw());
        raw.map(|filter| {
            let name = filter.target().name();
            let near = || nearest(name, parameters(self.spec));
            (name, self.filter_over(name).or_else(near))
        })
    }
}

/// What is known where a line is typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The list on the screen, which `sort` and `columns` are about.
    pub here: Option<&'static Spec>,
    /// The day that completions of relative days are explained for.
    pub today: Option<NaiveDate>,
    /// The names of the saved views.
    pub views: &'a [&'a str],
    /// Whether a Payments API is configured, so that its list and commands are offered.
    pub has_payments: bool,
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
