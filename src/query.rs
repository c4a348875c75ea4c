//! What can be asked of the API: a page of a list under filters, a booking, the limits.

use std::borrow::Cow;

use crate::filter::Rejected;
use crate::resource::Spec;

/// Rows of a page unless more are wanted (contract, "Every request").
pub const PAGE: u32 = 100;
/// The most rows of a page (contract, "Every request").
pub const LARGEST_PAGE: u32 = 500;

/// The path of the conciliation of one booking, below the base URL.
pub const BOOKING_PATH: &str = "conciliation/booking";
/// The path of the limits, below `/api/v1` and so outside of the base URL.
pub const LIMITS_PATH: &str = "tokens/limits";

/// The number of one request; an answer is accepted only where its ticket is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Which request leaves first when the budget is short; the smaller goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// What the user looks at and waits for.
    Visible,
    /// The next page of it.
    Next,
    /// Anything else, such as the counts of the other tabs.
    Background,
}

/// One request. All are `GET`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A page of a list.
    List(ListQuery),
    /// The conciliation of the booking with this reference.
    Booking(String),
    /// What the customer may still ask in the current windows.
    Limits,
    /// The connection test of the list or booking endpoint at this path.
    Connection(&'static str),
}

impl Request {
    /// The path that is asked, without host and query: what an error may name.
    #[must_use]
    pub fn endpoint(&self) -> &'static str {
        match self {
            Self::List(query) => query.spec.path,
            Self::Booking(_) => BOOKING_PATH,
            Self::Limits => LIMITS_PATH,
            Self::Connection(path) => path,
        }
    }
}

/// A page of a list under filters. Every value in it has passed [`crate::filter::Filter::check`].
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// The list.
    pub spec: &'static Spec,
    filters: Vec<(&'static str, String)>,
    /// The page, from 1.
    pub page: u32,
    /// Rows of a page.
    pub per_page: u32,
}

impl PartialEq for ListQuery {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.spec, other.spec)
            && (&self.filters, self.page, self.per_page)
                == (&other.filters, other.page, other.per_page)
    }
}

impl Eq for ListQuery {}

impl ListQuery {
    /// The first page of a list without filters.
    #[must_use]
    pub fn new(spec: &'static Spec) -> Self {
        Self { spec, filters: Vec::new(), page: 1, per_page: PAGE }
    }

    /// The same query for another page.
    #[must_use]
    pub fn page(mut self, page: u32, per_page: u32) -> Self {
        self.page = page;
        self.per_page = per_page.clamp(1, LARGEST_PAGE);
        self
    }

    /// Sets a filter to what was typed; an empty text clears it.
    ///
    /// # Errors
    /// [`Rejected`] if the list has no such parameter or the value cannot be sent; nothing changed.
    pub fn set(&mut self, param: &str, typed: &str) -> Result<(), Rejected> {
        let filter = self.spec.filter(param).ok_or_else(|| Rejected {
            param: param.to_owned(),
            why: format!("{} has no such filter", self.spec.title),
        })?;
        let checked = filter.check(typed)?;
        self.filters.retain(|(name, _)| *name != filter.param);
        self.filters.extend(checked.map(|value| (filter.param, value)));
        Ok(())
    }

    /// The filters that are set, in the order in which they were.
    pub fn filters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.filters.iter().map(|(param, value)| (*param, value.as_str()))
    }

    /// The query parameters as they are sent: filters in the order of the form, then the page.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        let mut pairs: Vec<_> = self
            .spec
            .filters
            .iter()
            .filter_map(|filter| self.filters.iter().find(|(name, _)| *name == filter.param))
            .map(|(name, value)| (*name, Cow::Borrowed(value.as_str())))
            .collect();
        pairs.push(("page", Cow::Owned(self.page.to_string())));
        pairs.push(("per_page", Cow::Owned(self.per_page.to_string())));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_sent_in_the_order_of_the_form_and_cleared_by_an_empty_text() {
        let mut query = ListQuery::new(Spec::named("penalties").unwrap());
        query.set("amount_from", "100.50").unwrap();
        query.set("status", "notify").unwrap();
        query.set("search", "x").unwrap();
        query.set("search", " ").unwrap();
        let query = query.page(2, 900);
        let sent: Vec<String> =
            query.pairs().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["status=notify", "amount_from=100.50", "page=2", "per_page=500"]);
    }

    #[test]
    fn an_unknown_parameter_or_a_wrong_value_changes_nothing() {
        let mut query = ListQuery::new(Spec::named("debt").unwrap());
        query.set("status", "overdue").unwrap();
        let before = query.clone();
        assert!(query.set("booking_id", "BK1").unwrap_err().to_string().contains("Debt"));
        assert!(query.set("status", "late").unwrap_err().why.contains("written_off"));
        assert_eq!(query, before);
    }
}
