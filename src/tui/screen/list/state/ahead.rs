//! The first page of a list that is not opened yet: the request that counts the rows brings it, so
//! that the first visit waits for nothing.

use super::List;
use crate::filter::FilterValue;
use crate::filter::query::ListQuery;
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::response::Page;
use crate::tui::msg::Now;

/// Milliseconds after which rows that were loaded ahead are loaded again at the first visit.
const FRESH: u64 = 60_000;

#[derive(Debug, Clone)]
pub(super) struct Ahead {
    filters: Vec<FilterValue>,
    rows: Vec<Record>,
    at: Now,
}

impl List {
    /// The requests that count the rows: one for each value of a filter.
    pub fn start_count(&mut self, rows_per_page: u32) -> Vec<ListQuery> {
        let mut pager = Pager::growing_from(rows_per_page);
        let first = std::iter::from_fn(|| pager.next_query(&self.query, 1)).collect();
        (self.count, self.ahead) = (pager, None);
        first
    }

    pub fn on_count(&mut self, number: u32, page: Page, now: Now) {
        self.seen_words.add(&page.rows);
        let (rows, _) = self.count.on_page(number, page);
        self.total = self.count.total;
        if self.query.values() == 1 {
            self.ahead = Some(Ahead { filters: self.filters().to_vec(), rows, at: now });
        }
    }

    #[cfg(test)]
    pub fn forget_ahead(&mut self) {
        self.ahead = None;
    }

    /// Shows the page that was loaded ahead, if it has enough rows. Returns whether it is too old to
    /// stay; `None` if there is no such page.
    pub fn show_ahead(&mut self, now: Now) -> Option<bool> {
        let Ahead { filters, rows, at } = self.ahead.take()?;
        let is_enough = rows.len() >= self.reach || !self.count.has_more();
        if filters != self.filters() || !is_enough {
            return None;
        }
        self.table.replace([rows]);
        self.pager = std::mem::replace(&mut self.count, Pager::growing());
        (self.fetched, self.reach) = (Some(at), 0);
        Some(now.elapsed.saturating_sub(at.elapsed) > FRESH)
    }
}
