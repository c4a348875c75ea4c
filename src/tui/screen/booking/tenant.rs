//! What the tenant paid for a booking, from the Payments API.

use crate::conciliation::report::{State, of_other_bookings, take_others};
use crate::conciliation::verdict::Reason;
use crate::domain::money::{counted, format_count};
use crate::domain::text::Untrusted;
use crate::export::TenantPayments;
use crate::figures::tenant::TenantPaid;
use crate::filter::query::{ListQuery, PAGE};
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::pager::{PageOutcome, Pager};
use crate::net::response::Page;
use crate::payments::account::masked;
use crate::tui::component::table::Table;

/// For the help.
pub const MEANING: (&str, &str) =
    ("Tenant paid", "the tenant's payments for this booking that the Payments API marks as paid");

/// The day of a tenant payment.
pub const DUE: &str = "dueDate";

/// The most pages that are loaded for one booking: thousands of payments.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Tenant {
    /// The loaded payments, in the order of the server.
    pub table: Table,
    pub state: State,
    pub is_in_ledger: bool,
    /// The bookings named by loaded payments of other bookings; these payments are not counted.
    of_other_bookings: Vec<Untrusted>,
    /// `None` if the server has no payments.
    paid: Option<TenantPaid>,
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
            of_other_bookings: Vec::new(),
            paid: None,
            by_day: Vec::new(),
            pager: Pager::new(PAGE),
            loaded: Vec::new(),
        }
    }
}

impl Tenant {
    /// Starts loading from the first page; `None` if the reference is not a valid parameter value.
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

    /// Accepts a page; returns the next query. The old rows stay until all pages are loaded.
    pub fn accept(&mut self, number: u32, page: Page, reference: &Untrusted) -> Option<ListQuery> {
        // This screen cannot reveal numbers, so they must not be searched, copied or exported
        // either.
        let (rows, outcome) = self.pager.on_page(number, page);
        self.loaded.extend(rows.iter().map(masked));
        let next = self.next_query(reference);
        if next.is_none() {
            self.end(outcome, reference);
        }
        next
    }

    fn end(&mut self, outcome: PageOutcome, reference: &Untrusted) {
        let mut rows = std::mem::take(&mut self.loaded);
        let incomplete = self.why_incomplete(outcome, rows.len() as u64);
        self.of_other_bookings = take_others(&mut rows, reference);
        self.paid = TenantPaid::of(&rows, self.of_other_bookings.len(), incomplete);
        self.table.replace([rows]);
        let day = |at: &usize| self.table.records().get(*at).and_then(|row| row.date(DUE));
        self.by_day = (0..self.table.records().len()).collect();
        self.by_day.sort_by_key(|at| (day(at).is_none(), day(at)));
        self.state = State::Loaded;
    }

    /// Why the loaded payments may be incomplete or inconsistent.
    fn why_incomplete(&self, outcome: PageOutcome, loaded: u64) -> Option<String> {
        let total = self.pager.total;
        if let Some(total) = total.filter(|total| *total > loaded) {
            let all = counted(total, "payment");
            return Some(format!("only {} of {all} loaded", format_count(loaded)));
        }
        if self.pager.has_more() {
            return Some(format!("only the first {} loaded", counted(loaded, "payment")));
        }
        let is_repeated = outcome == PageOutcome::DuplicatePage && total.is_none();
        let is_uncertain = is_repeated || self.pager.shifted().is_some();
        is_uncertain.then(|| "the list changed or repeated a page while loading".to_owned())
    }

    pub fn cancel(&mut self) {
        if self.state == State::Waiting {
            self.state = if self.table.is_empty() { State::Unasked } else { State::Loaded };
        }
    }

    /// The payment at this position in the order of the ledger.
    pub fn by_day(&self, place: usize) -> Option<&Record> {
        self.table.records().get(*self.by_day.get(place)?)
    }

    /// `None` until all pages are loaded, or if the server has no payments.
    pub fn paid(&self) -> Option<&TenantPaid> {
        self.paid.as_ref().filter(|_| self.state == State::Loaded)
    }

    /// The payments for an export of the booking.
    pub fn payments(&self) -> TenantPayments<'_> {
        match &self.state {
            State::Unasked => TenantPayments::Failed("not requested"),
            State::Waiting => TenantPayments::Loading,
            State::Failed(why) => TenantPayments::Failed(why),
            State::Loaded => TenantPayments::Loaded(self.paid.as_ref()),
        }
    }

    /// The loaded payments of other bookings.
    pub fn others(&self) -> Option<Reason> {
        let nouns = ["tenant payment", "tenant payments"];
        of_other_bookings(&self.of_other_bookings, nouns, &SPEC)
    }
}
