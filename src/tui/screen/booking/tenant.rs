//! What the tenant paid for a booking, of the Payments API.

use chrono::NaiveDate;

use crate::conciliation::report::State;
use crate::conciliation::summary::in_words;
use crate::domain::money::counted;
use crate::domain::normalize::is_same_word;
use crate::domain::text::Untrusted;
use crate::figures::Figures;
use crate::filter::query::{ListQuery, PAGE};
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::response::Page;
use crate::payments::account::masked;
use crate::tui::component::table::Table;

/// For the help.
pub const MEANING: (&str, &str) =
    ("Tenant paid", "the tenant's payments that the Payments API marks as paid");

/// The documents do not list the statuses of a payment; these words mean that the tenant has paid.
const PAID: [&str; 5] = ["paid", "completed", "succeeded", "settled", "processed"];

/// The day of a tenant payment.
pub const DUE: &str = "dueDate";

/// Pages that are loaded of one booking: thousands of payments.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Tenant {
    /// The loaded payments, in the order of the server.
    pub table: Table,
    pub state: State,
    pub is_in_ledger: bool,
    /// The payments in the order of the ledger, by their position in the table.
    by_day: Vec<usize>,
    pager: Pager,
    loaded: Vec<Record>,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            table: Table::new(&SPEC),
            state: State::Unasked,
            is_in_ledger: false,
            by_day: Vec::new(),
            pager: Pager::new(PAGE),
            loaded: Vec::new(),
        }
    }
}

impl Tenant {
    /// Begins to fetch them from the first page on; `None` for a reference that no parameter can
    /// carry.
    pub fn begin(&mut self, reference: &Untrusted) -> Option<ListQuery> {
        self.pager = Pager::new(PAGE);
        self.loaded.clear();
        self.next_query(reference)
    }

    fn next_query(&mut self, reference: &Untrusted) -> Option<ListQuery> {
        let query = ListQuery::of_booking(&SPEC, reference.expose_raw())?;
        let query = self.pager.next_query(&query, 1).filter(|query| query.page <= MOST_PAGES)?;
        self.state = State::Waiting;
        Some(query)
    }

    /// Takes a page; returns what to ask for next. The old rows stay until all pages are loaded.
    pub fn accept(&mut self, number: u32, page: Page, reference: &Untrusted) -> Option<ListQuery> {
        // Nothing on this screen reveals a number, so none is searched, copied or exported either.
        let (rows, _) = self.pager.on_page(number, page);
        self.loaded.extend(rows.iter().map(masked));
        let next = self.next_query(reference);
        if next.is_none() {
            self.table.replace([std::mem::take(&mut self.loaded)]);
            let day = |at: &usize| self.table.records().get(*at).and_then(|row| row.date(DUE));
            self.by_day = (0..self.table.records().len()).collect();
            self.by_day.sort_by_key(|at| (day(at).is_none(), day(at)));
            self.state = State::Loaded;
        }
        next
    }

    pub fn cancel(&mut self) {
        if self.state == State::Waiting {
            self.state = if self.table.is_empty() { State::Unasked } else { State::Loaded };
        }
    }

    /// The payment at this place in the order of the ledger.
    pub fn by_day(&self, place: usize) -> Option<&Record> {
        self.table.records().get(*self.by_day.get(place)?)
    }

    /// `Tenant paid EUR 5,759.75; 2 payments not marked as paid`; `None` until all payments are loaded,
    /// or if there are none.
    pub fn paid(&self) -> Option<String> {
        if self.state != State::Loaded || self.table.is_empty() {
            return None;
        }
        let is_paid = |row: &&Record| {
            row.status().is_some_and(|status| PAID.iter().any(|word| is_same_word(word, status)))
        };
        let rows = self.table.records();
        let paid = Figures::of(rows.iter().filter(is_paid), NaiveDate::default()).open;
        let sums = if paid.count == 0 { "nothing".to_owned() } else { in_words(&paid.sums) };
        let payments = |count: usize| counted(count as u64, "payment");
        let part = |count: usize, before: &str, after: &str| match count {
            0 => String::new(),
            count => [before, &payments(count), after].concat(),
        };
        let not_counted = part(paid.not_summed.count(), " + ", " not counted");
        let others = part(rows.len() - paid.count, "; ", " not marked as paid");
        Some(format!("Tenant paid {sums}{not_counted}{others}"))
    }
}
