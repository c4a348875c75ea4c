//! The pages of one value of a list: which to request next, what each means, when the list ends.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use super::PageOutcome;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::Record;
use crate::net::response::Page;

/// Loads a list from its first page on. Pages may arrive in any order.
#[derive(Debug, Clone, Default)]
pub(super) struct Stream {
    /// Rows per page; `expected`, `unasked` and `last` count pages of this size.
    size: u32,
    later_size: u32,
    /// The page to deliver next.
    expected: u32,
    unasked: u32,
    last: u32,
    early: BTreeMap<u32, Page>,
    /// Rows at the start of the expected page that smaller pages already delivered.
    overlap: usize,
    received: u64,
    delivered: u64,
    /// Rows that an earlier page also had: as many rows moved the other way and are missing.
    duplicates: u64,
    is_even: bool,
    is_over: bool,
    pub(super) total: Option<u64>,
    first_total: Option<u64>,
    pub(super) has_changed: bool,
    /// Identities of the loaded rows that have an id.
    known: HashSet<u64>,
    /// Hashes of the loaded pages.
    seen: HashSet<u64>,
    /// The page that the server sent twice.
    pub(super) repeated: Option<u32>,
}

impl Stream {
    /// Pages have `size` rows, from the 500th row on `later_size`.
    pub(super) fn new(size: u32, later_size: u32) -> Self {
        let (expected, unasked, last) = (1, 1, 1);
        Self { size, later_size, expected, unasked, last, is_even: true, ..Self::default() }
    }

    pub(super) fn in_flight(&self) -> usize {
        ((self.unasked - self.expected) as usize).saturating_sub(self.early.len())
    }

    /// Returns `true` once a page has arrived.
    pub(super) fn has_begun(&self) -> bool {
        self.received > 0 || self.is_over
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Rows on the server, if it reported a total or all rows are loaded.
    pub(super) fn count(&self) -> Option<u64> {
        self.total.or_else(|| self.is_over.then_some(self.received))
    }

    /// The number of requests for the missing rows, with the largest pages.
    pub(super) fn requests_left(&self) -> u64 {
        let size = u64::from(LARGEST_PAGE);
        let left = self.total.unwrap_or(0).div_ceil(size).saturating_sub(self.received / size);
        if self.is_over { 0 } else { left.max(1) }
    }

    pub(super) fn load_all(&mut self) {
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

    pub(super) fn next_query(&mut self, query: &ListQuery, at_once: usize) -> Option<ListQuery> {
        if self.is_over || self.in_flight() >= at_once || self.unasked > self.last {
            return None;
        }
        let query = query.clone().page(self.unasked, self.size);
        self.unasked = self.unasked.saturating_add(1);
        Some(query)
    }

    pub(super) fn cancel(&mut self) {
        self.unasked = self.expected;
        self.early.clear();
    }

    /// Returns the next rows in order, without duplicates, and the outcome.
    pub(super) fn on_page(&mut self, number: u32, page: Page) -> (Vec<Record>, PageOutcome) {
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
            self.repeated = Some(number);
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

    pub(super) fn has_more(&self) -> bool {
        self.received > 0 && !self.is_over
    }

    /// Returns how many rows may be missing or duplicated; `None` if nothing changed. A deletion and
    /// an addition between the same two requests are not detected.
    pub(super) fn shifted(&self) -> Option<u64> {
        let total = self.first_total.filter(|_| self.is_over);
        let off = total.map_or(0, |total| total.abs_diff(self.delivered)).max(self.duplicates);
        (off > 0 || self.has_changed).then(|| off.max(1))
    }
}
