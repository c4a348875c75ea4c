//! The state of one list: its rows, its filters, its loads and failures.

mod ahead;
mod several;

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::command::Columns;
use crate::domain::failure::Failure;
use crate::export::Format;
use crate::figures::summary::Scope;
use crate::filter::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::filter::{FilterValue, SeenWords};
use crate::list::Spec;
use crate::list::record::Record;
use crate::net::budget::PAUSE;
use crate::net::pager::Pager;
use crate::net::response::{NetState, Page};
use crate::net::schedule::MOST_IN_FLIGHT;
use crate::tui::component::table::Table;
use crate::tui::effect::Priority;
use crate::tui::msg::Now;
use crate::tui::screen::list::chips;

pub use crate::net::pager::PageOutcome;
use ahead::Ahead;

/// Rows that a refresh always loads again, wherever the cursor is: four requests.
const CHEAP: usize = 4 * LARGEST_PAGE as usize;
/// Milliseconds that a request for 500 rows typically takes.
const USUAL: u64 = 400;

/// An export that waits for missing rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingExport {
    pub path: PathBuf,
    pub format: Format,
}

#[derive(Debug, Clone)]
pub struct List {
    /// The loaded rows, in the server's order, from its first row on.
    pub table: Table,
    /// The list and its filters, as they are sent.
    pub query: ListQuery,
    /// Earlier filters and searches, for undo.
    pub earlier: VecDeque<(Vec<FilterValue>, Vec<String>)>,
    /// From all rows loaded in this session, including rows that are gone.
    pub seen_words: SeenWords,
    /// Rows on the server, if it said so.
    pub total: Option<u64>,
    pub pager: Pager,
    pub load: Option<Load>,
    /// Since when all rows are being loaded.
    pub all: Option<Now>,
    /// Whether the user cancelled a load of the next page; none starts until the cursor moves.
    pub is_paused: bool,
    /// Why the last load failed; earlier rows are kept.
    pub failure: Option<Failure>,
    /// For a filter with several values: why the rows of one are missing, until the others are
    /// loaded.
    value_failure: Option<Failure>,
    /// Counts the rows while the list is not opened.
    count: Pager,
    /// The first page, from when the rows were counted, until the list is opened.
    ahead: Option<Ahead>,
    /// When the first rows were received.
    pub fetched: Option<Now>,
    pub auto: Option<Auto>,
    pub export: Option<PendingExport>,
    /// Columns requested by name, until rows have shown which columns exist.
    pub asked: Option<Asked>,
    /// Rows that the first load contains, if the server has them.
    pub reach: usize,
    /// Whether the fields in the settings were checked against the first rows.
    pub is_checked: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub columns: Columns,
    /// Whether they are saved for later sessions.
    pub is_kept: bool,
    /// The view that names them.
    pub view: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Load {
    pub since: Now,
    /// A load that no key asked for stays in the background.
    pub priority: Priority,
    /// Where set, the rows replace all others; otherwise they are appended.
    pub refresh: Option<Refresh>,
}

/// Pages that replace all rows once enough are loaded.
#[derive(Debug, Clone)]
pub struct Refresh {
    pager: Pager,
    pages: Vec<Vec<Record>>,
    needed: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub requests: u32,
    pub seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auto {
    /// Seconds between two refreshes, at least 60.
    pub every: u32,
    /// When the newest one began, in milliseconds since the start.
    pub last: u64,
}

impl List {
    pub fn new(spec: &'static Spec) -> Self {
        Self {
            table: Table::new(spec),
            query: ListQuery::new(spec),
            earlier: VecDeque::new(),
            seen_words: SeenWords::new(spec),
            total: None,
            pager: Pager::growing(),
            load: None,
            all: None,
            is_paused: false,
            failure: None,
            value_failure: None,
            count: Pager::new(PAGE),
            ahead: None,
            fetched: None,
            auto: None,
            export: None,
            asked: None,
            reach: 0,
            is_checked: false,
        }
    }

    pub fn spec(&self) -> &'static Spec {
        self.query.spec
    }

    pub fn filters(&self) -> &[FilterValue] {
        &self.query.filters
    }

    /// Its filters, then its kept searches.
    pub fn chips(&self) -> impl Iterator<Item = String> {
        let found = self.table.found().iter().map(|found| chips::of_search(found));
        self.filters().iter().map(chips::of_filter).chain(found)
    }

    pub fn has_chips(&self) -> bool {
        !self.filters().is_empty() || !self.table.found().is_empty()
    }

    pub fn is_opened(&self) -> bool {
        self.fetched.is_some() || self.load.is_some() || self.failure.is_some()
    }

    pub fn has_more(&self) -> bool {
        self.pager.has_more()
    }

    /// Returns `true` if the next page should be loaded: the cursor is near the last row. Never in
    /// sorted or narrowed rows, whose last row is not where the server continues.
    pub fn wants_next(&self, height: usize) -> bool {
        let ahead = 2 * height.max(10);
        self.has_more()
            && self.load.is_none()
            && self.all.is_none()
            && !self.is_paused
            && !self.is_arranged()
            && self.failure.is_none()
            && self.table.cursor() + ahead >= self.table.len()
    }

    fn is_arranged(&self) -> bool {
        self.table.sort().is_some()
            || self.table.is_narrowed()
            || self.table.options.queue.is_some()
    }

    /// Starts to load all rows up to the cursor again. Returns the first request.
    pub fn start_refresh(&mut self, since: Now, priority: Priority) -> ListQuery {
        self.is_paused = false;
        // Up to the cursor, and as much as a few requests return. All rows if they are sorted,
        // narrowed or marked: what is on the screen may then be anywhere on the server.
        let fetched = self.table.records().len();
        let needs_all = self.is_arranged() || !self.table.marks.is_empty();
        let reached = if needs_all { fetched } else { CHEAP };
        let needed = fetched.min(reached).max(self.table.cursor() + 1).max(self.reach);
        let fits_page = needed <= PAGE as usize;
        let mut pager = if fits_page { Pager::growing() } else { Pager::new(LARGEST_PAGE) };
        let query = pager.next_query(&self.query, 1).unwrap_or_else(|| self.query.clone());
        self.value_failure = None;
        let refresh = Some(Refresh { pager, pages: Vec::new(), needed });
        self.load = Some(Load { since, priority, refresh });
        query
    }

    /// `None` if the server has no further page.
    pub fn start_next_page(&mut self, since: Now) -> Option<(Priority, ListQuery)> {
        if !self.has_more() {
            return None;
        }
        self.pager.cancel();
        let query = self.pager.next_query(&self.query, 1)?;
        self.load = Some(Load { since, priority: Priority::Next, refresh: None });
        let priority = if self.promote() { Priority::Visible } else { Priority::Next };
        Some((priority, query))
    }

    pub fn next_refresh_page(&mut self) -> Option<(Priority, ListQuery)> {
        let load = self.load.as_mut()?;
        let query = load.refresh.as_mut()?.pager.next_query(&self.query, 1)?;
        Some((load.priority, query))
    }

    /// Adds a page; [`PageOutcome::FetchMore`] asks for [`List::next_refresh_page`].
    pub fn on_page(&mut self, number: u32, page: Page, now: Now) -> PageOutcome {
        let Some(load) = &mut self.load else { return PageOutcome::Done };
        self.failure = None;
        self.seen_words.add(&page.rows);
        let total = page.total;
        let Some(refresh) = &mut load.refresh else {
            self.load = None;
            let (rows, outcome) = self.pager.on_page(number, page);
            self.total = self.counted(total);
            self.append(rows);
            return outcome;
        };
        let (rows, outcome) = refresh.pager.on_page(number, page);
        refresh.pages.push(rows);
        if self.query.values() == 1 {
            self.total = total.or(self.total);
        }
        if refresh.is_unfinished() {
            PageOutcome::FetchMore
        } else {
            self.end_refresh(outcome, now)
        }
    }

    fn end_refresh(&mut self, outcome: PageOutcome, now: Now) -> PageOutcome {
        let Some(mut refresh) = self.load.take().and_then(|load| load.refresh) else {
            return outcome;
        };
        self.table.replace(std::mem::take(&mut refresh.pages));
        self.reach = 0;
        self.fetched = Some(now);
        self.pager = refresh.pager;
        self.total = self.counted(None);
        self.failure = self.value_failure.take();
        if self.pager.has_changed { PageOutcome::TotalChanged } else { outcome }
    }

    /// Returns `true` if the user waits for the load, `false` if it only runs ahead of the cursor.
    pub fn is_awaited(&self) -> bool {
        let at_end = self.table.cursor() + 1 >= self.table.len();
        self.load.as_ref().is_some_and(|load| at_end || load.refresh.is_some())
    }

    /// Notes that the user now waits for a load that ran ahead. Returns `true` once.
    pub fn promote(&mut self) -> bool {
        let is_awaited = self.is_awaited();
        let ahead = self.load.as_mut().filter(|load| load.priority == Priority::Next);
        let ahead = ahead.filter(|_| is_awaited);
        ahead.map(|load| load.priority = Priority::Visible).is_some()
    }

    pub fn fail(&mut self, failure: Failure) {
        (self.load, self.reach) = (None, 0);
        self.failure = Some(failure);
    }

    /// Why the last load failed, if rows are still shown.
    pub fn failure_beside_rows(&self) -> Option<&Failure> {
        self.failure.as_ref().filter(|_| !self.table.records().is_empty())
    }

    pub fn waiting_since(&self) -> Option<Now> {
        let awaited = self.load.as_ref().filter(|_| self.is_awaited());
        self.all.or(awaited.map(|load| load.since))
    }

    /// The cost of loading the missing rows; `None` if no row is missing.
    pub fn cost_of_all(&self, network: &NetState) -> Option<Cost> {
        if !self.has_more() {
            return None;
        }
        let pages = self.pager.requests_left().max(1);
        let metered = pages.saturating_sub(network.ready.into()) * PAUSE;
        let seconds = (pages * USUAL / MOST_IN_FLIGHT as u64).max(metered).div_ceil(1_000);
        Some(Cost { requests: u32::try_from(pages).unwrap_or(u32::MAX), seconds })
    }

    pub fn start_load_all(&mut self, now: Now) {
        (self.failure, self.value_failure) = (None, None);
        self.pager.load_all();
        self.all = Some(now);
    }

    /// The next page to request, if there is one and it may be in flight.
    pub fn next_page_of_all(&mut self) -> Option<ListQuery> {
        self.all.and_then(|_| self.pager.next_query(&self.query, MOST_IN_FLIGHT))
    }

    /// Adds a page of a load of all rows; anything but [`PageOutcome::FetchMore`] ends it.
    pub fn on_page_of_all(&mut self, number: u32, page: Page) -> PageOutcome {
        self.seen_words.add(&page.rows);
        let total = page.total;
        let (rows, outcome) = self.pager.on_page(number, page);
        self.total = self.counted(total);
        self.append(rows);
        match outcome {
            _ if self.has_more() => PageOutcome::FetchMore,
            PageOutcome::Done if self.pager.shifted().is_some() => PageOutcome::TotalChanged,
            outcome => outcome,
        }
    }

    /// Keeps loaded rows, and drops a waiting export. Returns `true` if there was one.
    pub(super) fn end_load_all(&mut self) -> bool {
        self.pager.cancel();
        self.all = None;
        self.export.take().is_some()
    }

    /// Which rows the figures of the list cover.
    pub fn scope(&self) -> Scope {
        let loaded = self.table.records().len() as u64;
        let total = self.total.filter(|total| *total > loaded);
        let is_part = self.has_more() || total.is_some();
        Scope {
            of: self.table.counts(),
            part: is_part.then_some((loaded, total)),
            ..Scope::default()
        }
    }

    /// The key that loads the missing rows.
    pub fn rest_by(&self) -> &'static str {
        if self.has_more() { "{load-all} loads all" } else { "{refresh} refreshes" }
    }

    /// Returns `true` if the server counts more rows than its pages contained.
    pub fn lacks_rows(&self) -> bool {
        let fetched = self.table.records().len() as u64;
        !self.has_more() && self.load.is_none() && self.total.is_some_and(|total| total > fetched)
    }
}

#[cfg(test)]
mod tests;
