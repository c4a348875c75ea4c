//! The state of one list: its rows, its filters, what is being fetched and what failed.

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::domain::failure::Failure;
use crate::export::Format;
use crate::filter::FilterValue;
use crate::filter::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::list::Spec;
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::response::Page;
use crate::tui::component::table::Table;
use crate::tui::effect::{Priority, Ticket};
use crate::tui::msg::Now;
use crate::tui::screen::list::{all, auto};

pub use crate::net::pager::PageOutcome;
pub use all::{Cost, LoadAll};
pub use auto::{Auto, Due};

/// Rows that a refresh fetches again wherever the cursor is: four requests.
const CHEAP: usize = 4 * LARGEST_PAGE as usize;

/// An export that waits for the rows that are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub path: PathBuf,
    pub format: Format,
}

#[derive(Debug, Clone)]
pub struct List {
    /// The rows that were fetched, in the order of the server, from its first one on.
    pub table: Table,
    /// The list and its filters, as they are sent.
    pub query: ListQuery,
    pub earlier: VecDeque<Vec<FilterValue>>,
    /// Rows on the server, where it said so.
    pub total: Option<u64>,
    /// Where the rows end, and what follows them.
    pub(super) pager: Pager,
    pub load: Option<Load>,
    pub all: Option<LoadAll>,
    /// Whether the user canceled a load of the next page; none starts until the cursor moves.
    pub is_paused: bool,
    /// The small request for the count on the tab.
    pub count: Option<Ticket>,
    /// Why the last fetch gave nothing; the rows before it are still there.
    pub failure: Option<Failure>,
    /// When the first of the rows came.
    pub fetched: Option<Now>,
    /// Whether it is refreshed by itself, and how often.
    pub auto: Option<Auto>,
    pub export: Option<Pending>,
}

#[derive(Debug, Clone)]
pub struct Load {
    pub ticket: Ticket,
    pub since: Now,
    pub priority: Priority,
    /// Whether it is a background refresh: never more urgent than what the user asked for.
    pub is_automatic: bool,
    page: u32,
    /// Where set, the rows replace all others; otherwise they are appended.
    refresh: Option<Refresh>,
}

/// Pages that replace all rows once enough are loaded.
#[derive(Debug, Clone)]
struct Refresh {
    pager: Pager,
    pages: Vec<Vec<Record>>,
    wanted: usize,
}

impl Load {
    /// For somebody who waits.
    fn new(ticket: Ticket, since: Now, page: u32, refresh: Option<Refresh>) -> Self {
        let priority = Priority::Visible;
        Self { ticket, since, priority, is_automatic: false, page, refresh }
    }
}

impl List {
    pub fn new(spec: &'static Spec) -> Self {
        Self {
            table: Table::new(spec, spec.amount()).netted(),
            query: ListQuery::new(spec),
            earlier: VecDeque::new(),
            total: None,
            pager: Pager::growing(),
            load: None,
            all: None,
            is_paused: false,
            count: None,
            failure: None,
            fetched: None,
            auto: None,
            export: None,
        }
    }

    pub fn spec(&self) -> &'static Spec {
        self.query.spec
    }

    /// Returns `true` if rows of it were ever asked for.
    pub fn is_opened(&self) -> bool {
        self.fetched.is_some() || self.load.is_some() || self.failure.is_some()
    }

    pub fn has_more(&self) -> bool {
        self.pager.has_more()
    }

    /// Whether the cursor is near the last loaded row. Never in sorted or narrowed rows, whose last one
    /// is not where the server continues.
    pub fn wants_next(&self, height: usize) -> bool {
        let ahead = 2 * height.max(10);
        self.has_more()
            && self.load.is_none()
            && self.all.is_none()
            && !self.is_paused
            && self.table.sort().is_none()
            && !self.table.options.queue.is_some()
            && !self.table.is_narrowed()
            && self.failure.is_none()
            && self.table.cursor() + ahead >= self.table.len()
    }

    /// Starts to load all rows up to the cursor again. Returns the first request.
    pub fn start_refresh(&mut self, ticket: Ticket, now: Now) -> ListQuery {
        self.is_paused = false;
        // As far as the cursor, and all that a few requests give back. Where rows are sorted, narrowed
        // or marked, what is on the screen may stand anywhere on the server: all of them.
        let fetched = self.table.records().len();
        let is_arranged = self.table.sort().is_some()
            || self.table.is_narrowed()
            || self.table.options.queue.is_some();
        let reached = if is_arranged || !self.table.marks.is_empty() { fetched } else { CHEAP };
        let wanted = fetched.min(reached).max(self.table.cursor() + 1);
        let fits_page = wanted <= PAGE as usize;
        let mut pager = if fits_page { Pager::growing() } else { Pager::new(LARGEST_PAGE) };
        let query = pager.next_query(&self.query, 1).unwrap_or_else(|| self.query.clone());
        let refresh = Refresh { pager, pages: Vec::new(), wanted };
        self.load = Some(Load::new(ticket, now, query.page, Some(refresh)));
        query
    }

    /// Starts to fetch the page that follows, if one does.
    pub fn start_next_page(&mut self, ticket: Ticket, now: Now) -> Option<ListQuery> {
        if !self.has_more() {
            return None;
        }
        self.pager.cancel();
        let query = self.pager.next_query(&self.query, 1)?;
        self.load = Some(Load::new(ticket, now, query.page, None));
        Some(query)
    }

    /// The next page of the refresh under way, if it needs one.
    pub fn next_refresh_page(&mut self, ticket: Ticket) -> Option<(Priority, ListQuery)> {
        let load = self.load.as_mut()?;
        let query = load.refresh.as_mut()?.pager.next_query(&self.query, 1)?;
        (load.page, load.ticket) = (query.page, ticket);
        Some((load.priority, query))
    }

    /// Takes the page that was waited for; [`PageOutcome::FetchMore`] asks for
    /// [`List::next_refresh_page`].
    pub fn on_page(&mut self, page: Page, now: Now) -> PageOutcome {
        let Some(mut load) = self.load.take() else { return PageOutcome::Done };
        self.failure = None;
        self.total = page.total.or(self.total);
        let Some(refresh) = &mut load.refresh else {
            let (rows, outcome) = self.pager.on_page(load.page, page);
            self.table.extend(rows);
            return outcome;
        };
        let (rows, outcome) = refresh.pager.on_page(load.page, page);
        refresh.pages.push(rows);
        let rows: usize = refresh.pages.iter().map(Vec::len).sum();
        if rows < refresh.wanted && refresh.pager.has_more() {
            self.load = Some(load);
            return PageOutcome::FetchMore;
        }
        self.table.replace(std::mem::take(&mut refresh.pages));
        self.fetched = Some(now);
        self.pager = refresh.pager.clone();
        if self.pager.has_changed { PageOutcome::TotalChanged } else { outcome }
    }

    /// Whether the user waits for the fetch under way, or it only runs ahead of the cursor.
    pub fn is_awaited(&self) -> bool {
        let at_end = self.table.cursor() + 1 >= self.table.len();
        self.load.as_ref().is_some_and(|load| at_end || load.refresh.is_some())
    }

    pub fn set_priority(&mut self, priority: Priority, is_automatic: bool) {
        if let Some(load) = &mut self.load {
            (load.priority, load.is_automatic) = (priority, is_automatic);
        }
    }

    /// Notes that the user now waits for a fetch that ran ahead. Returns its ticket, once.
    pub fn promote(&mut self) -> Option<Ticket> {
        let is_awaited = self.is_awaited();
        let load = self.load.as_mut().filter(|load| is_awaited && !load.is_automatic)?;
        let was_ahead = std::mem::replace(&mut load.priority, Priority::Visible);
        (was_ahead != Priority::Visible).then_some(load.ticket)
    }

    /// Notes that the fetch under way failed; the rows stay.
    pub fn fail(&mut self, failure: Failure) {
        self.load = None;
        self.failure = Some(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Now {
        Now::default()
    }

    fn page(number: u32, size: u32, total: u64) -> Page {
        let spec = Spec::named("transactions").unwrap();
        let first = u64::from((number - 1) * size);
        let last_row = total.min(first + u64::from(size));
        let rows = (first..last_row)
            .map(|row| Record::read(spec, &format!(r#"{{"booking_id":"BK{row}"}}"#)))
            .collect();
        let last = u32::try_from(total.div_ceil(u64::from(size))).unwrap();
        Page { rows, total: Some(total), current: number, last: Some(last), per_page: size }
    }

    #[test]
    fn pages_grow_after_five_hundred_rows_and_no_row_is_skipped_or_doubled() {
        let mut list = List::new(Spec::named("transactions").unwrap());
        let mut asked = vec![list.start_refresh(Ticket(0), now())];
        loop {
            let query = asked.last().unwrap();
            list.on_page(page(query.page, query.per_page, 1_234), now());
            match list.start_next_page(Ticket(1), now()) {
                Some(query) => asked.push(query),
                None => break,
            }
        }
        let pages: Vec<_> = asked.iter().map(|query| (query.page, query.per_page)).collect();
        assert_eq!(pages, [(1, 100), (2, 100), (3, 100), (4, 100), (5, 100), (2, 500), (3, 500)]);
        let references: Vec<_> =
            list.table.records().iter().map(|r| r.cell(0).into_owned()).collect();
        let expected: Vec<_> = (0..1_234).map(|row| format!("BK{row}")).collect();
        assert_eq!(references, expected);
    }

    #[test]
    fn pages_that_add_nothing_end_it_and_a_changed_total_is_told() {
        let spec = Spec::named("penalties").unwrap();
        let rows = |ids: std::ops::Range<u32>| Page {
            rows: ids
                .map(|id| Record::read(spec, &format!(r#"{{"id":"{}"}}"#, id % 100)))
                .collect(),
            ..page(1, 100, 1_000)
        };
        let mut list = List::new(spec);
        list.start_refresh(Ticket(0), now());
        list.on_page(rows(0..100), now());
        list.start_next_page(Ticket(1), now()).unwrap();
        let again = Page { current: 2, ..rows(101..201) };
        assert_eq!(list.on_page(again, now()), PageOutcome::DuplicatePage);
        assert!(!list.has_more());

        let mut list = List::new(Spec::named("transactions").unwrap());
        list.start_refresh(Ticket(0), now());
        list.on_page(page(1, 100, 1_000), now());
        list.start_next_page(Ticket(1), now()).unwrap();
        assert_eq!(list.on_page(page(2, 100, 1_001), now()), PageOutcome::TotalChanged);
        let without = Page { total: None, ..page(3, 100, 1_001) };
        list.start_next_page(Ticket(2), now()).unwrap();
        list.on_page(without, now());
        assert_eq!(list.total, Some(1_001));
    }

    #[test]
    fn a_refresh_fetches_as_far_as_the_cursor_and_swaps_the_rows_at_once() {
        let mut list = List::new(Spec::named("transactions").unwrap());
        list.start_refresh(Ticket(0), now());
        list.on_page(page(1, 100, 900), now());
        for _ in 0..5 {
            let query = list.start_next_page(Ticket(0), now()).unwrap();
            list.on_page(page(query.page, query.per_page, 900), now());
        }
        list.table.step(crate::tui::keymap::Step::Last, 20);
        let query = list.start_refresh(Ticket(7), now());
        assert_eq!((query.page, query.per_page), (1, 500));
        assert_eq!(list.on_page(page(1, 500, 901), now()), PageOutcome::FetchMore);
        assert_eq!(list.table.records().len(), 900);
        list.next_refresh_page(Ticket(8));
        assert_eq!(list.on_page(page(2, 500, 901), now()), PageOutcome::Done);
        assert_eq!((list.table.records().len(), list.table.cursor()), (901, 899));
    }

    #[test]
    fn a_server_that_repeats_a_page_is_not_asked_for_ever() {
        let mut list = List::new(Spec::named("transactions").unwrap());
        list.start_refresh(Ticket(0), now());
        list.on_page(page(1, 100, 1_000), now());
        list.start_next_page(Ticket(1), now()).unwrap();
        assert_eq!(list.on_page(page(1, 100, 1_000), now()), PageOutcome::DuplicatePage);
        assert!(!list.has_more());
        assert_eq!(list.table.len(), 100, "no row of it is counted twice");
    }
}
