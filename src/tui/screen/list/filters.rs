//! The filters of one list: what is set, what was set before, and how they become a query.

use chrono::NaiveDate;

use crate::filter::setting::{Setting, Unsendable};
use crate::net::pager::Pager;
use crate::net::query::ListQuery;
use crate::tui::component::table::Table;
use crate::tui::effect::Ticket;
use crate::tui::screen::list::state::List;

impl List {
    /// The filters that are set, in the order in which they were.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Sets these filters in the place of all others. The rows of the old ones go; the tickets of
    /// requests that are no longer wanted are given back.
    ///
    /// # Errors
    /// [`Unsendable`] where they cannot be sent together on the day `today`; nothing changed.
    pub fn apply(
        &mut self,
        settings: Vec<Setting>,
        today: NaiveDate,
    ) -> Result<Vec<Ticket>, Unsendable> {
        let query = ListQuery::under(self.spec(), &settings, today)?;
        if settings == self.settings {
            return Ok(Vec::new());
        }
        let before = std::mem::replace(&mut self.settings, settings);
        self.earlier.push(before);
        Ok(self.restart(query))
    }

    /// Brings back the filters that were set before; `None` if there were none.
    pub fn undo(&mut self, today: NaiveDate) -> Option<Vec<Ticket>> {
        let settings = self.earlier.pop()?;
        let Ok(query) = ListQuery::under(self.spec(), &settings, today) else {
            self.earlier.push(settings);
            return None;
        };
        self.settings = settings;
        Some(self.restart(query))
    }

    /// How many changes of filters can be undone.
    pub fn undoable(&self) -> usize {
        self.earlier.len()
    }

    /// Resolves the filters anew: what is relative moves with the day.
    ///
    /// # Errors
    /// [`Unsendable`] where a relative day has left its range meanwhile.
    pub fn resolve(&mut self, today: NaiveDate) -> Result<(), Unsendable> {
        self.query = ListQuery::under(self.spec(), &self.settings, today)?;
        Ok(())
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
    /// Takes all records away; columns stay as they are.
    fn empty(&mut self) {
        self.replace([]);
        self.unmark_all();
    }
}
