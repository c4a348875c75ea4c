//! A list and its filters as they are sent on one day.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{FilterValue, SentParam};
use crate::domain::input::{InputError, Spanned};
use crate::list::Spec;
use crate::list::filter::{Filter, RangeParams};

/// Rows of a page unless more are asked for (contract, "Every request").
pub const PAGE: u32 = 100;
/// The most rows of a page (contract, "Every request").
pub const LARGEST_PAGE: u32 = 500;

/// A page of a list, with filters whose relative days are resolved for one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    pub spec: &'static Spec,
    pub filters: Vec<FilterValue>,
    /// The filters resolved for `day`, in the order of the form, unknown parameters last.
    sent: Vec<SentParam>,
    day: Option<NaiveDate>,
    pub page: u32,
    pub per_page: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {error}")]
pub struct InvalidFilter {
    pub index: usize,
    pub name: String,
    pub error: InputError,
}

impl ListQuery {
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), sent: Vec::new(), day: None, page: 1, per_page: PAGE }
    }

    pub fn with_filters(
        spec: &'static Spec,
        filters: Vec<FilterValue>,
        today: NaiveDate,
    ) -> Result<Self, InvalidFilter> {
        let sent = resolve(spec, &filters, today)?;
        Ok(Self { filters, sent, day: Some(today), ..Self::new(spec) })
    }

    /// The first page of the rows of one booking; `None` if the reference is not a valid value.
    pub fn of_booking(spec: &'static Spec, reference: &str) -> Option<Self> {
        let filter = FilterValue::named(spec, spec.booking, reference).ok()?;
        Self::with_filters(spec, vec![filter], NaiveDate::default()).ok()
    }

    pub fn page(mut self, page: u32, per_page: u32) -> Self {
        self.page = page;
        self.per_page = per_page.clamp(1, LARGEST_PAGE);
        self
    }

    /// Resolves relative days for `today`. On an error the query does not change.
    pub fn move_to(&mut self, today: NaiveDate) -> Result<(), InvalidFilter> {
        if self.day != Some(today) {
            self.sent = resolve(self.spec, &self.filters, today)?;
            self.day = Some(today);
        }
        Ok(())
    }

    /// The query parameters: filters in the order of the form, unknown ones, then the page.
    pub fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        let sent = self.sent.iter().map(|it| (it.param.as_str(), it.value.as_str().into()));
        let rows = if self.spec.is_of_payments() { "itemsPerPage" } else { "per_page" };
        let page = [("page", self.page), (rows, self.per_page)];
        sent.chain(page.map(|(param, number)| (param, number.to_string().into()))).collect()
    }
}

fn resolve(
    spec: &'static Spec,
    filters: &[FilterValue],
    today: NaiveDate,
) -> Result<Vec<SentParam>, InvalidFilter> {
    let mut sent: Vec<SentParam> = Vec::new();
    for (index, filter) in filters.iter().enumerate() {
        let name = filter.target.name();
        let invalid = |error| InvalidFilter { index, name: name.to_owned(), error };
        sent.extend(filter.resolve(today).map_err(invalid)?);
        // The ends of a range may be two filters.
        let rank = |end: &Filter| sent.iter().find(|it| it.param == end.param).map(|it| it.rank);
        let is_reversed = |range: RangeParams| {
            rank(range.from).zip(rank(range.to)).is_some_and(|(from, to)| from > to)
        };
        if RangeParams::all(spec.filters).any(is_reversed) {
            let typed = Spanned::all(&filter.typed);
            return Err(invalid(typed.error("the range ends before it begins")));
        }
    }
    let place = |sent: &SentParam| spec.filters.iter().position(|it| it.param == sent.param);
    sent.sort_by_key(|sent| place(sent).unwrap_or(usize::MAX));
    Ok(sent)
}

#[cfg(test)]
mod tests;
