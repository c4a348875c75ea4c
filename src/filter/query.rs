//! A list and its filters as they are sent on one day.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::values::MOST_VALUES;
use super::{FilterTarget, FilterValue, SentParam};
use crate::domain::input::{InputError, Spanned};
use crate::domain::text::sanitize;
use crate::list::Spec;
use crate::list::filter::{Filter, RangeParams};

/// Rows of a page unless more are requested (contract, "Every request").
pub const PAGE: u32 = 100;
/// The most rows of a page (contract, "Every request").
pub const LARGEST_PAGE: u32 = 500;

/// A page of a list, with filters whose relative days are resolved for one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    pub spec: &'static Spec,
    pub filters: Vec<FilterValue>,
    /// The filters resolved for `day`, in the order of the form, unknown parameters last. A parameter
    /// with several values is repeated.
    sent: Vec<SentParam>,
    /// The index of the value that this request is for.
    value: usize,
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
        let (filters, sent) = (Vec::new(), Vec::new());
        Self { spec, filters, sent, value: 0, day: None, page: 1, per_page: PAGE }
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
        let target = FilterTarget::named(spec.filters, spec.booking).ok()?;
        let filter = FilterValue::literal(target, reference).ok()?;
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

    /// The parameter with several values, and its values: the API accepts one value per request.
    fn several(&self) -> Option<(&str, Vec<&str>)> {
        let of = |param: &str| {
            let same = self.sent.iter().filter(|it| it.param == param);
            same.map(|it| it.value.as_str()).collect::<Vec<_>>()
        };
        let all = self.sent.iter().map(|it| (it.param.as_str(), of(&it.param)));
        all.into_iter().find(|(_, values)| values.len() > 1)
    }

    /// The number of requests for a page of the list: one for each value of a filter with several.
    pub fn values(&self) -> usize {
        self.several().map_or(1, |(_, values)| values.len())
    }

    /// The same page for another of the values, counted from 0.
    #[must_use]
    pub fn of_value(self, value: usize) -> Self {
        Self { value, ..self }
    }

    /// The number of this page among those of all values; the page number if there is one value.
    pub fn number(&self) -> u32 {
        let count = u32::try_from(self.values()).unwrap_or(1);
        let value = u32::try_from(self.value).unwrap_or_default();
        self.page.saturating_sub(1).saturating_mul(count).saturating_add(value + 1)
    }

    /// The list, and the requested value if there are several: `Scheduled (status missing_iban)`.
    pub fn in_words(&self) -> String {
        let title = self.spec.title;
        let value =
            self.several().and_then(|(param, values)| Some((param, *values.get(self.value)?)));
        let Some((param, value)) = value else { return title.to_owned() };
        let label = self.spec.filter(param).map_or(param, |filter| filter.label).to_lowercase();
        format!("{title} ({label} {})", sanitize(value))
    }

    /// The list and its filters, with their days resolved: `Debt, status overdue, due to 2026-11-28`.
    pub fn described(&self) -> String {
        let mut words = vec![self.spec.title.to_owned()];
        let mut params: Vec<&str> = Vec::new();
        for sent in &self.sent {
            if params.contains(&sent.param.as_str()) {
                continue;
            }
            params.push(&sent.param);
            let same = self.sent.iter().filter(|it| it.param == sent.param);
            let values: Vec<String> =
                same.map(|it| sanitize(&it.value).replace('_', " ")).collect();
            let label = self.spec.filter(&sent.param).map_or(sent.param.as_str(), |it| it.label);
            words.push(format!("{} {}", sanitize(label).to_lowercase(), values.join(" or ")));
        }
        words.join(", ")
    }

    /// The query parameters: filters in the order of the form, unknown ones, then the page.
    pub fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        let several =
            self.several().map(|(param, values)| (param, values.get(self.value).copied()));
        let is_asked = |it: &&SentParam| match several {
            Some((param, value)) => it.param != param || value == Some(it.value.as_str()),
            None => true,
        };
        let sent = self.sent.iter().filter(is_asked);
        let sent = sent.map(|it| (it.param.as_str(), it.value.as_str().into()));
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
    let mut several = None;
    for (index, filter) in filters.iter().enumerate() {
        let name = filter.target.name();
        let invalid = |error| InvalidFilter { index, name: name.to_owned(), error };
        sent.extend(filter.resolve(today).map_err(invalid)?);
        if filter.values().len() > 1 {
            check_several(filter, several.replace(name)).map_err(invalid)?;
        }
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

/// Each value needs a request: their number is limited, and two such filters would multiply it.
fn check_several(filter: &FilterValue, earlier: Option<&str>) -> Result<(), InputError> {
    let (typed, count) = (Spanned::all(&filter.typed), filter.values().len());
    let why = match earlier {
        Some(earlier) => {
            format!("only one filter can have several values, and {earlier} already has several")
        }
        None if count > MOST_VALUES => {
            format!(
                "{count} values are too many: at most {MOST_VALUES}, because each needs a request"
            )
        }
        None => return Ok(()),
    };
    Err(typed.error(why))
}

#[cfg(test)]
mod tests;
