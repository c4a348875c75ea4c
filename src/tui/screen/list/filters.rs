//! The filters of one list: what is set, and what was set before.

use chrono::NaiveDate;

use crate::filter::{FilterValue, InvalidFilter, ListQuery};
use crate::net::pager::Pager;
use crate::tui::component::table::Table;
use crate::tui::effect::Ticket;
use crate::tui::screen::list::state::List;
use crate::tui::undo;

impl List {
    /// The filters that are set, in the order in which they were.
    pub fn settings(&self) -> &[FilterValue] {
        self.query.filters()
    }

    /// Sets the filters of a query in the place of all others. The rows of the old ones go; the
    /// tickets of requests that are no longer needed are returned.
    pub fn apply(&mut self, query: ListQuery) -> Vec<Ticket> {
        if query.filters() == self.settings() {
            return Vec::new();
        }
        undo::remember(&mut self.earlier, self.query.filters().to_vec());
        self.restart(query)
    }

    /// Brings back the filters that were set before; `None` if there were none.
    ///
    /// # Errors
    /// [`InvalidFilter`] where they make no sense on the day `today`; nothing changed.
    pub fn undo(&mut self, today: NaiveDate) -> Option<Result<Vec<Ticket>, InvalidFilter>> {
        let filters = self.earlier.pop_back()?;
        Some(match ListQuery::with_filters(self.spec(), filters.clone(), today) {
            Ok(query) => Ok(self.restart(query)),
            Err(invalid) => {
                self.earlier.push_back(filters);
                Err(invalid)
            }
        })
    }

    pub fn undoable(&self) -> usize {
        self.earlier.len()
    }

    fn restart(&mut self, query: ListQuery) -> Vec<Ticket> {
        let given_up = self.cancel();
        self.table.empty();
        self.query = query;
        self.total = None;
        self.pager = Pager::growing();
        self.failure = None;
        self.fetched = None;
        self.is_paused = false;
        given_up
    }
}

impl Table {
    /// Removes all records; columns stay.
    fn empty(&mut self) {
        self.replace([]);
        self.unmark_all();
    }
}
