//! The pages of a list: which to ask for next, what each means, and when there are no more.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::filter::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::list::record::Record;
use crate::net::response::Page;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageOutcome {
    FetchMore,
    Done,
    /// The server repeated a page, or sent a page of known rows only: the end.
    DuplicatePage,
    TotalChanged,
    /// An empty page before the server's total was reached: the end.
    EndedEarly,
}

/// Fetches a list from its first page on. Pages may arrive in any order.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// Rows of a page; `expected`, `unasked` and `last` count pages of this size.
    size: u32,
    later_size: u32,
    /// The page to deliver next.
    expected: u32,
    unasked: u32,
    last: u32,
    early: BTreeMap<u32, Page>,
    /// Rows at the start of the expected page that smaller pages had already.
    overlap: usize,
    received: u64,
    delivered: u64,
    /// Rows that an earlier page had too: as many rows have moved the other way and are missing.
    duplicates: u64,
    is_even: bool,
    is_over: bool,
    pub total: Option<u64>,
    first_total: Option<u64>,
    pub has_changed: bool,
    /// Identities of the rows so far that have an id.
    known: HashSet<u64>,
    /// The pages so far, each by all its rows.
    seen: HashSet<u64>,
}

impl Pager {
    pub fn new(size: u32) -> Self {
        let (expected, unasked, last) = (1, 1, 1);
        Self { size, later_size: size, expected, unasked, last, is_even: true, ..Self::default() }
    }

    /// Small pages for a quick first screen; from the 500th row on the largest: fewer requests.
    pub fn growing() -> Self {
        Self { later_size: LARGEST_PAGE, ..Self::new(PAGE) }
    }

    pub fn load_all(&mut self) {
        self.cancel();
        if self.is_even && self.size < LARGEST_PAGE {
            self.enlarge();
        }
    }

    fn enlarge(&mut self) {
        self.size = LARGEST_PAGE;
        let size = u64::from(LARGEST_PAGE);
        let number = |pages: u64| u32::try_from(pages).unwrap_or(u32::MAX);
        self.expected = number(self.received / size + 1);
        self.unasked = self.expected;
        self.overlap = usize::try_from(self.received % size).unwrap_or_default();
        self.last = number(self.total.unwrap_or(0).div_ceil(size)).max(self.expected);
    }

    pub fn next_query(&mut self, query: &ListQuery, at_once: usize) -> Option<ListQuery> {
        let in_flight = (self.unasked - self.expected) as usize - self.early.len();
        if self.is_over || in_flight >= at_once || self.unasked > self.last {
            return None;
        }
        let query = query.clone().page(self.unasked, self.size);
        self.unasked = self.unasked.saturating_add(1);
        Some(query)
    }

    pub fn cancel(&mut self) {
        self.unasked = self.expected;
        self.early.clear();
    }

    /// Returns the rows that follow those delivered before, without duplicates, and the outcome.
    pub fn on_page(&mut self, number: u32, page: Page) -> (Vec<Record>, PageOutcome) {
        let (mut rows, mut outcome) = (Vec::new(), PageOutcome::FetchMore);
        if (self.expected..self.unasked).contains(&number) {
            self.early.insert(number, page);
        }
        while let Some(page) = self.early.remove(&self.expected).filter(|_| !self.is_over) {
            use PageOutcome::{Done, FetchMore, TotalChanged};
            outcome = match (outcome, self.take(page, &mut rows)) {
                (TotalChanged, FetchMore | Done) => TotalChanged,
                (_, newest) => newest,
            };
        }
        (rows, outcome)
    }

    fn take(&mut self, page: Page, rows: &mut Vec<Record>) -> PageOutcome {
        let number = self.expected;
        let before = self.total;
        self.total = page.total.or(before);
        self.first_total = self.first_total.or(page.total);
        let is_changed = before.is_some() && self.total != before;
        self.has_changed |= is_changed;
        let count = page.rows.len() as u64;
        let overlap = std::mem::take(&mut self.overlap);
        // An empty page is the last; without a page count, a full page has a successor.
        let is_short = page.rows.len() < page.per_page as usize;
        self.is_over = count == 0 || page.last.map_or(is_short, |last| number >= last);
        if count == 0 {
            let is_early =
                self.total.is_some_and(|total| self.received > 0 && self.received < total);
            return if is_early { PageOutcome::EndedEarly } else { PageOutcome::Done };
        }
        let fresh = self.deliver(page.rows, overlap, rows);
        if fresh == 0 && overlap == 0 {
            self.is_over = true;
            return PageOutcome::DuplicatePage;
        }
        self.received += count.saturating_sub(overlap as u64);
        self.expected = number.saturating_add(1);
        self.last = page.last.unwrap_or(self.last).max(self.expected);
        self.is_even =
            page.per_page == self.size && self.received == u64::from(number) * u64::from(self.size);
        let is_filled = self.received.is_multiple_of(LARGEST_PAGE.into());
        let grows = self.size < self.later_size;
        if grows && self.is_even && is_filled && self.unasked == self.expected {
            self.enlarge();
        }
        match (is_changed, self.is_over) {
            (true, _) => PageOutcome::TotalChanged,
            (_, true) => PageOutcome::Done,
            _ => PageOutcome::FetchMore,
        }
    }

    /// Returns the number of new rows; 0 for a repeated page.
    fn deliver(&mut self, page: Vec<Record>, overlap: usize, rows: &mut Vec<Record>) -> u64 {
        let mut hasher = DefaultHasher::new();
        for row in &page {
            row.identity().hash(&mut hasher);
        }
        if !self.seen.insert(hasher.finish()) {
            return 0;
        }
        // Equal rows on one page are separate records.
        let from = rows.len();
        for (at, row) in page.into_iter().enumerate() {
            let is_overlap = at < overlap;
            let is_known =
                if row.has_id { self.known.contains(&row.identity()) } else { is_overlap };
            if !is_known {
                rows.push(row);
            } else if !is_overlap {
                self.duplicates += 1;
            }
        }
        let fresh = rows.get(from..).unwrap_or_default();
        self.known.extend(fresh.iter().filter(|row| row.has_id).map(Record::identity));
        self.delivered += fresh.len() as u64;
        fresh.len() as u64
    }

    pub fn has_more(&self) -> bool {
        self.received > 0 && !self.is_over
    }

    /// Returns how many rows may be missing or duplicated; `None` if nothing changed. A deletion and
    /// an addition between the same two requests are not detected.
    pub fn shifted(&self) -> Option<u64> {
        let total = self.first_total.filter(|_| self.is_over);
        let off = total.map_or(0, |total| total.abs_diff(self.delivered)).max(self.duplicates);
        (off > 0 || self.has_changed).then(|| off.max(1))
    }
}

#[cfg(test)]
mod tests;
