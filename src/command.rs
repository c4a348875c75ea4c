//! One line of text for everything that can be asked: typed after `:`, given in the shell, kept in a
//! saved view, sent to a colleague. Reading and printing are inverse to each other.

mod arguments;
pub mod columns;
pub mod complete;
mod lex;
pub mod parse;
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

/// A line that was read; what each does stands in the tables. Its name is that of its row there.
#[derive(Debug, Clone, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Command {
    List(ListCommand),
    Booking(String),
    Sort(Option<Sort>),
    Columns(Columns),
    View(String),
    Save(String),
    CopyView,
    #[strum(serialize = "load")]
    LoadAll,
    /// Something of the Payments APIs.
    Show(Subject),
    /// Every so many seconds; no longer without them.
    Auto(Option<u32>),
    #[strum(serialize = "asof")]
    AsOf(Option<TypedDay>),
    Group(&'static str),
    Worklist(&'static str),
    Changes,
    Chart,
    Theme(&'static str),
    Mouse,
    Quit,
    Help,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCommand {
    pub spec: &'static Spec,
    /// In the order in which they were typed.
    pub filters: Vec<FilterValue>,
    /// If not the server's.
    pub sort: Option<Sort>,
    pub columns: Columns,
}

impl ListCommand {
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), sort: None, columns: Columns::default() }
    }

    pub fn query(&self, today: NaiveDate) -> Result<ListQuery, InvalidFilter> {
        ListQuery::with_filters(self.spec, self.filters.clone(), today)
    }

    /// The filter over a column by its name or title: `issued` is filtered as `paid`.
    fn filter_over(&self, typed: &str) -> Option<&'static str> {
        let mut fields = self.spec.fields.iter();
        let field = fields.find(|it| it.name == typed || it.label.eq_ignore_ascii_case(typed))?;
        let filter = self.spec.filters.iter().find(|filter| filter.over == [field.name])?;
        Some(filter.range_end.map_or(filter.param, |end| end.range))
    }

    /// The parameters that the contract does not know, each with the documented name most like it.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, Option<&'static str>)> {
        let raw = self.filters.iter().filter(|filter| filter.is_raw());
        raw.map(|filter| {
            let name = filter.target().name();
            let near = || nearest(name, parameters(self.spec));
            (name, self.filter_over(name).or_else(near))
        })
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    pub here: Option<&'static Spec>,
    /// The day that completions of relative days are explained for.
    pub today: Option<NaiveDate>,
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
