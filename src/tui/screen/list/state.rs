//! The state of one list: its rows, its filters, what is being fetched and what failed.

use crate::domain::failure::Failure;
use crate::filter::setting::Setting;
use crate::list::Spec;
use crate::list::record::Record;
use crate::net::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::net::response::Page;
use crate::tui::component::table::Table;
use crate::tui::effect::{Priority, Ticket};
use crate::tui::msg::Now;
use crate::tui::screen::list::saving::Pending;
use crate::tui::screen::list::{all, auto};
use crate::tui::undo::History;

pub use all::{Cost, LoadAll, Progress};
pub use auto::{Auto, Due, UNATTENDED};

/// Rows that a refresh fetches again wherever the cursor is: four requests.
const CHEAP: usize = 4 * LARGEST_PAGE as usize;

#[derive(Debug, Clone)]
pub struct List {
    /// The rows that were fetched, in the order of the server, from its first one on.
    pub table: Table,
    /// The list and its filters, as they are sent.
    pub query: ListQuery,
    pub settings: Vec<Setting>,
    pub earlier: History<Vec<Setting>>,
    /// Rows on the server, where it said so.
    pub total: Option<u64>,
    /// The page that follows the fetched rows, unless all are there.
    pub next: Option<(u32, u32)>,
    /// The rows of the newest page, by identity: a server that repeats it is not asked for ever.
    newest: Vec<u64>,
    /// The fetch that is under way.
    pub load: Option<Load>,
    /// The fetch of all pages that is under way.
    pub all: Option<LoadAll>,
    /// Whether the user gave up a fetch of the next page; until they move on, none begins.
    pub is_paused: bool,
    /// The small request for the count on the tab.
    pub count: Option<Ticket>,
    /// Why the last fetch gave nothing; the rows before it are still there.
    pub failure: Option<Failure>,
    /// When the first of the rows came.
    pub fetched: Option<Now>,
    /// Whether it is refreshed by itself, and how often.
    pub auto: Option<Auto>,
    /// The export that waits for the rows that are missing.
    pub export: Option<Pending>,
}

/// A fetch of rows under way.
#[derive(Debug, Clone)]
pub struct Load {
    /// The ticket of the request that is waited for.
    pub ticket: Ticket,
    pub since: Now,
    pub priority: Priority,
    /// Whether nobody asked for it: it is never more urgent than what somebody did ask for.
    pub is_automatic: bool,
    /// The page that was asked for.
    page: (u32, u32),
    kind: LoadKind,
}

#[derive(Debug, Clone)]
enum LoadKind {
    /// They follow the rows that are there.
    Append,
    /// They take the place of all rows, once there are as many as are wanted.
    Replace { pages: Vec<Vec<Record>>, wanted: usize },
}

/// What the list needs after a page has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Rest,
    /// The next page of a refresh.
    Continue,
    /// Nothing, and the user is told that the server gave the same page twice.
    Repeated,
    /// Nothing, and the user is told that rows came or went since the page before.
    Moved,
}

impl Load {
    /// The page that follows the rows, for somebody who waits.
    fn of(ticket: Ticket, since: Now, page: (u32, u32)) -> Self {
        let (priority, kind) = (Priority::Visible, LoadKind::Append);
        Self { ticket, since, priority, is_automatic: false, page, kind }
    }
}

impl List {
    /// A list of which nothing is known yet.
    pub fn new(spec: &'static Spec) -> Self {
        Self {
            table: Table::new(spec, spec.amount()).netted(),
            query: ListQuery::new(spec),
            settings: Vec::new(),
            earlier: History::default(),
            total: None,
            next: None,
            newest: Vec::new(),
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

    /// What kind of list it is.
    pub fn spec(&self) -> &'static Spec {
        self.query.spec
    }

    /// Whether rows of it were ever asked for.
    pub fn is_opened(&self) -> bool {
        self.fetched.is_some() || self.load.is_some() || self.failure.is_some()
    }

    /// Whether rows are left on the server.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }

    /// Whether the cursor is so near the last fetched row that the next page is wanted. Of sorted or
    /// narrowed rows the last one is no place where the server goes on: `L` fetches the others.
    pub fn wants_next(&self, height: usize) -> bool {
        let ahead = 2 * height.max(10);
        self.next.is_some()
            && self.load.is_none()
            && self.all.is_none()
            && !self.is_paused
            && self.table.sort().is_none()
            && !self.table.is_queued()
            && !self.table.is_narrowed()
            && self.failure.is_none()
            && self.table.cursor() + ahead >= self.table.len()
    }

    /// Begins to fetch anew as many rows as reach the cursor; gives what to ask for.
    pub fn begin_replace(&mut self, ticket: Ticket, now: Now) -> ListQuery {
        self.is_paused = false;
        // As far as the cursor, and all that a few requests give back. Where rows are sorted, narrowed
        // or marked, what is on the screen may stand anywhere on the server: all of them.
        let fetched = self.table.records().len();
        let is_arranged =
            self.table.sort().is_some() || self.table.is_narrowed() || self.table.is_queued();
        let reached = if is_arranged || self.table.marked() > 0 { fetched } else { CHEAP };
        let wanted = fetched.min(reached).max(self.table.cursor() + 1);
        let fits_page = wanted <= PAGE as usize;
        let page = (1, if fits_page { PAGE } else { LARGEST_PAGE });
        let kind = LoadKind::Replace { pages: Vec::new(), wanted };
        self.load = Some(Load { kind, ..Load::of(ticket, now, page) });
        self.query.clone().page(page.0, page.1)
    }

    /// Begins to fetch the page that follows; gives what to ask for, if one follows.
    pub fn begin_next(&mut self, ticket: Ticket, now: Now) -> Option<ListQuery> {
        let page = self.next?;
        self.load = Some(Load::of(ticket, now, page));
        Some(self.query.clone().page(page.0, page.1))
    }

    /// Goes on with a refresh of several pages; gives what to ask for.
    pub fn continue_replace(&mut self, ticket: Ticket) -> Option<(Priority, ListQuery)> {
        let load = self.load.as_mut()?;
        load.page.0 += 1;
        load.ticket = ticket;
        Some((load.priority, self.query.clone().page(load.page.0, load.page.1)))
    }

    /// Takes the page that the fetch under way was waiting for.
    pub fn accept(&mut self, page: Page, now: Now) -> Then {
        let Some(mut load) = self.load.take() else { return Then::Rest };
        self.failure = None;
        let has_moved = self.total.is_some() && page.total.is_some() && page.total != self.total;
        self.total = page.total.or(self.total);
        let identities = identities_of(&page.rows);
        let is_repeated = !identities.is_empty() && load.page.0 > 1 && identities == self.newest;
        let (asked, is_last, per_page) = (load.page, is_last(&page), page.per_page);
        self.newest = identities;
        let mut is_exhausted = is_last || is_repeated;
        let mut then = if is_repeated { Then::Repeated } else { Then::Rest };
        if let LoadKind::Replace { pages, wanted } = &mut load.kind {
            if !is_repeated {
                pages.push(page.rows);
            }
            let rows: usize = pages.iter().map(Vec::len).sum();
            if rows < *wanted && !is_exhausted {
                self.load = Some(load);
                return Then::Continue;
            }
            self.table.replace(std::mem::take(pages));
            self.fetched = Some(now);
        } else if !is_repeated {
            let came = page.rows.len();
            if self.table.extend(page.rows) == 0 && came > 0 {
                is_exhausted = true;
                then = Then::Repeated;
            } else if has_moved {
                then = Then::Moved;
            }
        }
        self.next = if is_exhausted { None } else { self.following(asked, per_page) };
        then
    }

    /// The page after the one that was `asked` for. Small pages first, for a quick first screen;
    /// from the 500th row on the largest ones, which cost fewer requests.
    fn following(&self, asked: (u32, u32), per_page: u32) -> Option<(u32, u32)> {
        let (page, size) = asked;
        let reached = page.checked_mul(size)?;
        let is_as_asked = per_page == size && reached as usize == self.table.records().len();
        if is_as_asked && reached % LARGEST_PAGE == 0 {
            return Some((reached / LARGEST_PAGE + 1, LARGEST_PAGE));
        }
        Some((page.checked_add(1)?, size))
    }

    /// Whether the user waits for the fetch under way, or it only runs ahead of the cursor.
    pub fn is_awaited(&self) -> bool {
        let at_end = self.table.cursor() + 1 >= self.table.len();
        self.load.as_ref().is_some_and(|load| at_end || !matches!(load.kind, LoadKind::Append))
    }

    /// Says how urgent the fetch under way is.
    pub fn set_priority(&mut self, priority: Priority, is_automatic: bool) {
        if let Some(load) = &mut self.load {
            (load.priority, load.is_automatic) = (priority, is_automatic);
        }
    }

    /// Notes that the user has come to wait for a fetch that ran ahead; gives its ticket, once.
    pub fn hurry(&mut self) -> Option<Ticket> {
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

pub fn identities_of(rows: &[Record]) -> Vec<u64> {
    rows.iter().map(Record::identity).collect()
}

/// Whether no page follows. An empty page is always the last one, whatever the server says.
fn is_last(page: &Page) -> bool {
    page.rows.is_empty()
        || match page.last {
            Some(last) => page.current >= last,
            None => page.rows.len() < page.per_page as usize,
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
        let mut asked = vec![list.begin_replace(Ticket(0), now())];
        loop {
            let query = asked.last().unwrap();
            list.accept(page(query.page, query.per_page, 1_234), now());
            match list.begin_next(Ticket(1), now()) {
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
        list.begin_replace(Ticket(0), now());
        list.accept(rows(0..100), now());
        list.begin_next(Ticket(1), now()).unwrap();
        let again = Page { current: 2, ..rows(101..201) };
        assert_eq!(list.accept(again, now()), Then::Repeated);
        assert!(!list.has_more());

        let mut list = List::new(Spec::named("transactions").unwrap());
        list.begin_replace(Ticket(0), now());
        list.accept(page(1, 100, 1_000), now());
        list.begin_next(Ticket(1), now()).unwrap();
        assert_eq!(list.accept(page(2, 100, 1_001), now()), Then::Moved);
        let without = Page { total: None, ..page(3, 100, 1_001) };
        list.begin_next(Ticket(2), now()).unwrap();
        list.accept(without, now());
        assert_eq!(list.total, Some(1_001));
    }

    #[test]
    fn a_refresh_fetches_as_far_as_the_cursor_and_swaps_the_rows_at_once() {
        let mut list = List::new(Spec::named("transactions").unwrap());
        list.begin_replace(Ticket(0), now());
        list.accept(page(1, 100, 900), now());
        for _ in 0..5 {
            list.begin_next(Ticket(0), now());
            let (number, size) = list.load.as_ref().unwrap().page;
            list.accept(page(number, size, 900), now());
        }
        list.table.step(crate::tui::keymap::Step::Last, 20);
        let query = list.begin_replace(Ticket(7), now());
        assert_eq!((query.page, query.per_page), (1, 500));
        assert_eq!(list.accept(page(1, 500, 901), now()), Then::Continue);
        assert_eq!(list.table.records().len(), 900);
        list.continue_replace(Ticket(8));
        assert_eq!(list.accept(page(2, 500, 901), now()), Then::Rest);
        assert_eq!((list.table.records().len(), list.table.cursor()), (901, 899));
    }

    #[test]
    fn a_server_that_repeats_a_page_is_not_asked_for_ever() {
        let mut list = List::new(Spec::named("transactions").unwrap());
        list.begin_replace(Ticket(0), now());
        list.accept(page(1, 100, 1_000), now());
        list.begin_next(Ticket(1), now()).unwrap();
        assert_eq!(list.accept(page(1, 100, 1_000), now()), Then::Repeated);
        assert!(!list.has_more());
        assert_eq!(list.table.len(), 100, "no row of it is counted twice");
    }
}
