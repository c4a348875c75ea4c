//! The pages of a list: which to request next, and the rows of several values merged into one list.
//!
//! The API accepts one value of a parameter. A filter with several sends one request for each and
//! merges the rows: by the date that the contract sorts the list by, else value by value. A row that
//! arrives for two values, as from a server that ignores the filter, is delivered once.

mod stream;

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};

use chrono::NaiveDate;

use crate::filter::query::{LARGEST_PAGE, ListQuery, PAGE};
use crate::list::record::Record;
use crate::net::response::Page;

use stream::Stream;

/// In order of severity, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum PageOutcome {
    #[default]
    FetchMore,
    Done,
    TotalChanged,
    /// An empty page before the server's total was reached: the end.
    EndedEarly,
    /// The server repeated a page, or sent a page of known rows only: the end.
    DuplicatePage,
}

/// Loads a list from its first page on. Pages may arrive in any order.
#[derive(Debug, Clone)]
pub struct Pager {
    size: u32,
    later_size: u32,
    /// One for each value; empty until the first page is requested.
    sources: Vec<Source>,
    latest_first: Option<&'static str>,
    is_all: bool,
    /// With several values: which of them sent a row first, by the row's identity.
    known: HashMap<u64, usize>,
    doubles: u64,
    worst: PageOutcome,
    /// The last place in the list's order for which a row was delivered.
    reached: Place,
    order: Order,
    /// Rows on the server; `None` until it has reported a total for each value, or while rows arrive
    /// for two values.
    pub total: Option<u64>,
    pub has_changed: bool,
}

/// The place of a row in a list of several values: the latest day first, else value by value.
type Place = (Reverse<NaiveDate>, usize);

const FIRST: Place = (Reverse(NaiveDate::MAX), 0);

/// How far rows are delivered in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Kept,
    /// A value failed, and the rows of the others were delivered without its rows.
    Gap,
    /// Its rows arrived after rows that belong behind them.
    Broken,
}

#[derive(Debug, Clone)]
struct Source {
    stream: Stream,
    /// Rows that arrived before the rows that precede them.
    held: VecDeque<Record>,
    /// Until the next attempt, rows of other values are delivered without it.
    has_failed: bool,
}

impl Source {
    fn is_awaited(&self) -> bool {
        !self.has_failed && !self.stream.is_over()
    }

    fn is_blocking(&self) -> bool {
        self.is_awaited() && self.held.is_empty()
    }
}

impl Pager {
    pub fn new(size: u32) -> Self {
        Self {
            size,
            later_size: size,
            sources: Vec::new(),
            latest_first: None,
            is_all: false,
            known: HashMap::new(),
            doubles: 0,
            worst: PageOutcome::FetchMore,
            reached: FIRST,
            order: Order::Kept,
            total: None,
            has_changed: false,
        }
    }

    /// Small pages for a quick first screen; from the 500th row on, the largest, for fewer requests.
    pub fn growing() -> Self {
        Self::growing_from(PAGE)
    }

    /// As [`Self::growing`], with a first page of so many rows.
    pub fn growing_from(first: u32) -> Self {
        Self { later_size: LARGEST_PAGE, ..Self::new(first) }
    }

    pub fn load_all(&mut self) {
        self.cancel();
        self.is_all = true;
        self.sources.iter_mut().for_each(|source| source.stream.load_all());
    }

    /// The next request, if fewer than `at_once` are in flight. The first pages of all values are
    /// requested at once, because only together they report the number of rows.
    pub fn next_query(&mut self, query: &ListQuery, at_once: usize) -> Option<ListQuery> {
        if self.sources.is_empty() {
            let stream = Stream::new(self.size, self.later_size);
            let source = Source { stream, held: VecDeque::new(), has_failed: false };
            self.sources = vec![source; query.values()];
            self.latest_first = query.spec.latest_first;
        }
        let is_first = |source: &Source| {
            source.is_awaited() && !source.stream.has_begun() && source.stream.in_flight() == 0
        };
        let first = self.sources.iter().position(is_first);
        let in_flight: usize = self.sources.iter().map(|source| source.stream.in_flight()).sum();
        let is_full = in_flight >= at_once;
        let mut next = first.or_else(|| self.next_source().filter(|_| !is_full));
        while let Some(at) = next {
            let asked = self.sources.get_mut(at)?.stream.next_query(query, at_once);
            if let Some(asked) = asked {
                return Some(asked.of_value(at));
            }
            // All pages of this value are already in flight: the next value can start.
            let is_next = |(index, source): &(usize, &Source)| *index > at && source.is_awaited();
            let later = self.sources.iter().enumerate().find(is_next);
            next = later.map(|(index, _)| index).filter(|_| self.is_all);
        }
        None
    }

    /// The value whose rows are needed next.
    fn next_source(&self) -> Option<usize> {
        let is_in_turn = self.is_all || self.latest_first.is_none();
        let is_next = |it: &Source| if is_in_turn { it.is_awaited() } else { it.is_blocking() };
        self.sources.iter().position(is_next)
    }

    pub fn cancel(&mut self) {
        self.is_all = false;
        for source in &mut self.sources {
            source.has_failed = false;
            source.stream.cancel();
        }
    }

    /// `number` is [`ListQuery::number`]. Returns the next rows in order, without duplicates, and the
    /// outcome.
    pub fn on_page(&mut self, number: u32, page: Page) -> (Vec<Record>, PageOutcome) {
        let (at, number) = self.place(number);
        let is_one = self.sources.len() == 1;
        let Some(source) = self.sources.get_mut(at) else {
            return (Vec::new(), PageOutcome::FetchMore);
        };
        let (rows, outcome) = source.stream.on_page(number, page);
        self.has_changed |= source.stream.has_changed;
        if is_one {
            self.total = source.stream.total;
            return (rows, outcome);
        }
        let known = &mut self.known;
        let is_double = |row: &&Record| *known.entry(row.identity()).or_insert(at) != at;
        self.doubles += rows.iter().filter(is_double).count() as u64;
        source.held.extend(rows);
        let rows = self.deliver();
        self.worst = self.worst.max(outcome);
        let outcome = match outcome {
            PageOutcome::TotalChanged => outcome,
            _ if self.has_more() => PageOutcome::FetchMore,
            _ => self.worst.max(PageOutcome::Done),
        };
        (rows, outcome)
    }

    /// The value and the page of a request number.
    fn place(&self, number: u32) -> (usize, u32) {
        let count = u32::try_from(self.sources.len().max(1)).unwrap_or(1);
        let number = number.saturating_sub(1);
        (usize::try_from(number % count).unwrap_or_default(), number / count + 1)
    }

    /// Records that a request failed. Returns the rows of other values that waited for it.
    pub fn fail(&mut self, number: u32) -> Vec<Record> {
        let (at, _) = self.place(number);
        if let Some(source) = self.sources.get_mut(at) {
            source.has_failed = true;
            source.stream.cancel();
            self.order = self.order.max(Order::Gap);
        }
        self.deliver()
    }

    fn deliver(&mut self) -> Vec<Record> {
        let mut rows = Vec::new();
        while let Some(at) = self.next_delivery() {
            let Some(row) = self.sources.get_mut(at).and_then(|it| it.held.pop_front()) else {
                break;
            };
            // A row that arrived for two values belongs to the first.
            if self.known.get(&row.identity()) == Some(&at) {
                let place = self.place_of(&row, self.reached);
                if self.order == Order::Gap && place < self.reached {
                    self.order = Order::Broken;
                }
                self.reached = self.reached.max(place);
                rows.push(row);
            }
        }
        let counts = self.sources.iter().map(|source| source.stream.count());
        let total: Option<u64> = counts.sum();
        // A server that ignores the filter counts all rows for each value. The number of duplicates is
        // known once all rows are loaded.
        let is_known = self.doubles == 0 || self.sources.iter().all(|it| it.stream.is_over());
        self.total = total.filter(|_| is_known).map(|total| total.saturating_sub(self.doubles));
        rows
    }

    /// A row without a date stays after the row before it.
    fn place_of(&self, row: &Record, before: Place) -> Place {
        let value = || self.known.get(&row.identity()).copied().unwrap_or_default();
        match self.latest_first {
            Some(date) => row.date(date).map_or(before, |day| (Reverse(day), 0)),
            None => (Reverse(NaiveDate::MAX), value()),
        }
    }

    /// Returns `true` if rows of a value that had failed were delivered after rows that they precede;
    /// then resets. [`Pager::in_order`] sorts them.
    pub fn take_disorder(&mut self) -> bool {
        let is_broken = self.order == Order::Broken;
        if is_broken {
            self.order = Order::Gap;
        }
        is_broken
    }

    /// The delivered rows in the order of the list.
    pub fn in_order(&self, rows: impl IntoIterator<Item = Record>) -> Vec<Record> {
        let mut before = FIRST;
        let placed = rows.into_iter().map(|row| {
            before = self.place_of(&row, before);
            (before, row)
        });
        let mut placed: Vec<(Place, Record)> = placed.collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, row)| row).collect()
    }

    /// The value (counted from 0) and the number of a page that the server sent twice.
    pub fn repeated_page(&self) -> Option<(usize, u32)> {
        let repeated = self.sources.iter().map(|source| source.stream.repeated);
        repeated.enumerate().find_map(|(value, page)| Some((value, page?)))
    }

    /// The value whose row is next in the order of the list, if known.
    fn next_delivery(&self) -> Option<usize> {
        let Some(date) = self.latest_first else {
            let is_next = |source: &Source| source.is_awaited() || !source.held.is_empty();
            return self.sources.iter().position(is_next);
        };
        if self.sources.iter().any(Source::is_blocking) {
            return None;
        }
        let first = |(at, source): (usize, &Source)| {
            // A row without a date stays after the row before it.
            let day = source.held.front()?.date(date).unwrap_or(NaiveDate::MAX);
            Some((Reverse(day), at))
        };
        self.sources.iter().enumerate().filter_map(first).min().map(|(_, at)| at)
    }

    pub fn has_more(&self) -> bool {
        let has_begun = self.sources.iter().any(|source| source.stream.has_begun());
        match self.sources.as_slice() {
            [one] => one.stream.has_more(),
            several => {
                let is_open = |it: &Source| !it.stream.is_over() || !it.held.is_empty();
                has_begun && several.iter().any(is_open)
            }
        }
    }

    /// Returns `true` if these rows are all rows of the list, as far as the server shows.
    pub fn is_whole(&self, received: u64) -> bool {
        let is_steady = self.shifted().is_none() && self.repeated_page().is_none();
        !self.has_more() && is_steady && self.total.is_none_or(|total| total <= received)
    }

    /// Returns `true` while the first page of a value is missing.
    pub fn is_beginning(&self) -> bool {
        self.sources.iter().any(|source| source.is_awaited() && !source.stream.has_begun())
    }

    /// Returns `true` if other values can still deliver rows after a failure.
    pub fn can_continue(&self) -> bool {
        self.sources.iter().any(Source::is_awaited)
    }

    /// The number of requests for the missing rows.
    pub fn requests_left(&self) -> u64 {
        self.sources.iter().map(|source| source.stream.requests_left()).sum()
    }

    /// Returns how many rows may be missing or duplicated; `None` if nothing changed. A deletion and
    /// an addition between the same two requests are not detected.
    pub fn shifted(&self) -> Option<u64> {
        self.sources.iter().filter_map(|source| source.stream.shifted()).reduce(u64::saturating_add)
    }
}

#[cfg(test)]
mod tests;
