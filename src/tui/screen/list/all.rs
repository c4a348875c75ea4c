//! The fetch of every page: what it costs, and which pages are under way.

use std::collections::BTreeMap;

use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::net::pager::PageOutcome;
use crate::net::response::{NetState, Page};
use crate::tui::effect::Ticket;
use crate::tui::msg::Now;
use crate::tui::screen::list::state::List;

/// Pages under way at the same time.
const AT_ONCE: usize = 4;
/// Milliseconds between two requests once the burst is spent (80 a minute).
const METERED: u64 = 750;
/// Milliseconds that a request of 500 rows takes on a usual line.
const USUAL: u64 = 400;

#[derive(Debug, Clone)]
pub struct LoadAll {
    under_way: BTreeMap<Ticket, u32>,
    pub since: Now,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    pub requests: u32,
    pub seconds: u64,
}

impl List {
    /// What it costs to fetch the rows that are missing; `None` if none are.
    pub fn cost_of_all(&self, network: &NetState) -> Option<Cost> {
        if !self.has_more() {
            return None;
        }
        let total = self.total.unwrap_or(0);
        let fetched = self.table.records().len() as u64;
        let size = u64::from(LARGEST_PAGE);
        let pages = total.div_ceil(size).saturating_sub(fetched / size).max(1);
        let metered = pages.saturating_sub(network.ready.into()) * METERED;
        let seconds = (pages * USUAL / AT_ONCE as u64).max(metered).div_ceil(1_000);
        Some(Cost { requests: u32::try_from(pages).unwrap_or(u32::MAX), seconds })
    }

    pub fn start_load_all(&mut self, now: Now) {
        self.failure = None;
        self.pager.load_all();
        self.all = Some(LoadAll { under_way: BTreeMap::new(), since: now });
    }

    /// The next page to ask for under this ticket, as long as there is one and room for it.
    pub fn next_page_of_all(&mut self, ticket: Ticket) -> Option<ListQuery> {
        let all = self.all.as_mut()?;
        let query = self.pager.next_query(&self.query, AT_ONCE)?;
        all.under_way.insert(ticket, query.page);
        Some(query)
    }

    /// Takes a page of the fetch of all; anything but [`PageOutcome::FetchMore`] ends it.
    pub fn on_page_of_all(&mut self, ticket: Ticket, page: Page) -> PageOutcome {
        let number = self.all.as_mut().and_then(|all| all.under_way.remove(&ticket));
        let Some(number) = number else { return PageOutcome::FetchMore };
        self.total = page.total.or(self.total);
        let (rows, outcome) = self.pager.on_page(number, page);
        if !rows.is_empty() {
            self.table.extend(rows);
        }
        match outcome {
            _ if self.has_more() => PageOutcome::FetchMore,
            PageOutcome::Done if self.pager.shifted().is_some() => PageOutcome::TotalChanged,
            outcome => outcome,
        }
    }

    /// Loaded rows stay; an export that waited is dropped. Returns the tickets to cancel.
    pub fn cancel_load_all(&mut self) -> Vec<Ticket> {
        self.export = None;
        self.pager.cancel();
        let all = self.all.take();
        all.map(|all| all.under_way.into_keys().collect()).unwrap_or_default()
    }

    /// Cancels all loads. Returns the tickets to cancel.
    pub fn cancel(&mut self) -> Vec<Ticket> {
        let mut tickets = self.cancel_load_all();
        tickets.extend(self.load.take().map(|load| load.ticket));
        tickets.extend(self.count.take());
        tickets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::list::record::Record;
    use proptest::prelude::*;

    fn now() -> Now {
        Now::default()
    }

    fn page(key: &str, number: u32, size: u32, total: u32) -> Page {
        let spec = Spec::named(key).unwrap();
        let rows = ((number - 1) * size..total.min(number * size))
            .map(|row| Record::read(spec, &format!(r#"{{"id":"{row}","booking_id":"BK{row}"}}"#)))
            .collect();
        let last = Some(total.div_ceil(size));
        Page { rows, total: Some(total.into()), current: number, last, per_page: size }
    }

    fn first_page(key: &str, total: u32) -> List {
        let mut list = List::new(Spec::named(key).unwrap());
        list.start_refresh(Ticket(0), now());
        list.on_page(page(key, 1, 100, total), now());
        list
    }

    proptest! {
        #[test]
        fn pages_in_any_order_give_all_rows_once_and_in_order(
            total in 101u32..4_000, order in any::<u64>(), key in "transactions|penalties",
        ) {
            let mut list = first_page(&key, total);
            list.start_load_all(now());
            let (mut tickets, mut open) = (Ticket(1), Vec::new());
            let mut random = fastrand::Rng::with_seed(order);
            loop {
                while let Some(query) = list.next_page_of_all(tickets) {
                    open.push((tickets, query.page));
                    tickets = Ticket(tickets.0 + 1);
                }
                prop_assert!(open.len() <= AT_ONCE);
                let (ticket, number) = open.swap_remove(random.usize(..open.len()));
                let progress = list.on_page_of_all(ticket, page(&key, number, 500, total));
                if progress == PageOutcome::Done {
                    break;
                }
                prop_assert_eq!(progress, PageOutcome::FetchMore);
            }
            let booking = list.spec().position("booking_id").unwrap();
            let found: Vec<_> = list.table.records().iter().map(|r| r.cell(booking).into_owned()).collect();
            let expected: Vec<_> = (0..total).map(|row| format!("BK{row}")).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_server_that_repeats_or_runs_dry_ends_it() {
        for (number, expected) in [(1, PageOutcome::DuplicatePage), (9, PageOutcome::EndedEarly)] {
            let mut list = first_page("transactions", 2_000);
            list.start_load_all(now());
            let tickets = [Ticket(1), Ticket(2)];
            for ticket in tickets {
                list.next_page_of_all(ticket).unwrap();
            }
            list.on_page_of_all(tickets[0], page("transactions", 1, 500, 2_000));
            let odd = page("transactions", number, 500, 2_000);
            assert_eq!(list.on_page_of_all(tickets[1], odd), expected, "{number}");
            assert!(!list.has_more());
            assert!(list.table.len() <= 500, "no row is counted twice");
            assert_eq!(list.cancel_load_all(), []);
        }
    }

    #[test]
    fn the_cost_counts_requests_and_what_the_budget_makes_them_wait() {
        let list = first_page("transactions", 3_412);
        let ready = |ready| NetState { ready, ..NetState::default() };
        assert_eq!(list.cost_of_all(&ready(20)), Some(Cost { requests: 7, seconds: 1 }));
        assert_eq!(list.cost_of_all(&ready(1)), Some(Cost { requests: 7, seconds: 5 }));
        assert_eq!(first_page("transactions", 100).cost_of_all(&ready(20)), None);
    }
}
