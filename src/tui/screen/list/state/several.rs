//! A list with a filter of several values: one request for each value, handled as one load.

use crate::domain::failure::Failure;
use crate::list::record::Record;
use crate::net::pager::PageOutcome;
use crate::tui::msg::Now;

use super::{List, Refresh};

impl List {
    /// Handles the failure of a request. For a filter with several values, the rows of the other
    /// values are shown if there were no rows before: returns `true` while these are still loading.
    pub fn fail_page(&mut self, number: u32, failure: Failure, now: Now) -> bool {
        let has_rows = !self.table.records().is_empty();
        let load = self.load.as_mut().filter(|_| self.query.values() > 1 && !has_rows);
        let Some(refresh) = load.and_then(|load| load.refresh.as_mut()) else {
            self.fail(failure);
            return false;
        };
        refresh.pages.push(refresh.pager.fail(number));
        let goes_on = refresh.is_unfinished();
        let is_all = !goes_on && !refresh.pager.has_more();
        let first = self.value_failure.take().unwrap_or(failure);
        if is_all {
            self.fail(first);
            return false;
        }
        self.value_failure = Some(first);
        if !goes_on {
            self.end_refresh(PageOutcome::Done, now);
        }
        goes_on
    }

    /// The rows on the server, after a page with this `total`.
    pub(super) fn counted(&self, total: Option<u64>) -> Option<u64> {
        if self.query.values() > 1 { self.pager.total } else { total.or(self.total) }
    }

    /// Handles the failure of a request of a load of all rows. Returns the failure once no more
    /// rows can be loaded: until then, rows of other values can.
    pub fn fail_page_of_all(&mut self, number: u32, failure: Failure) -> Option<Failure> {
        if self.query.values() > 1 {
            let rows = self.pager.fail(number);
            self.append(rows);
        }
        let first = self.value_failure.take().unwrap_or(failure);
        if self.query.values() > 1 && self.pager.can_continue() {
            self.value_failure = Some(first);
            return None;
        }
        Some(first)
    }

    /// Inserts rows of a value that failed before at their place among the others.
    pub(super) fn append(&mut self, rows: Vec<Record>) {
        if self.pager.take_disorder() {
            let all = self.table.records().iter().cloned().chain(rows);
            let all = self.pager.in_order(all);
            self.table.replace([all]);
        } else if !rows.is_empty() {
            self.table.extend(rows);
        }
    }

    /// Why rows of a value are missing, once all others are loaded.
    pub fn end_of_values(&mut self) -> Option<Failure> {
        self.value_failure.take_if(|_| !self.pager.can_continue())
    }

    /// Returns `true` if all rows of one of several values may be missing.
    pub fn lacks_a_value(&self) -> bool {
        self.query.values() > 1 && self.failure.is_some()
    }
}

impl Refresh {
    pub(super) fn is_unfinished(&self) -> bool {
        let rows: usize = self.pages.iter().map(Vec::len).sum();
        self.pager.is_beginning() || rows < self.needed && self.pager.can_continue()
    }
}
