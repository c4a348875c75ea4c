//! What the tenant of a booking paid: a section beside those of the conciliation, from another server.
//! None of it counts for the landlord's balance.

use crate::conciliation::report::State;
use crate::conciliation::report::lines::ReportLine;
use crate::conciliation::{SECTIONS, Tone};
use crate::domain::money::{format_count, format_money};
use crate::domain::text::Untrusted;
use crate::filter::query::{ListQuery, PAGE};
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::response::Page;
use crate::tui::component::table::Table;
use crate::tui::effect::Ticket;
use crate::tui::screen::booking::state::{Booking, Content, View};

/// Pages that are fetched of one booking: thousands of payments.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Tenant {
    /// Those that came, in the order of the server.
    pub table: Table,
    pub state: State,
    pub awaited: Option<Ticket>,
    /// Whether they stand below the ledger.
    pub is_in_ledger: bool,
    pager: Pager,
    page: u32,
    came: Vec<Record>,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            table: Table::new(&SPEC, SPEC.amount()),
            state: State::Unasked,
            awaited: None,
            is_in_ledger: false,
            pager: Pager::new(PAGE),
            page: 1,
            came: Vec::new(),
        }
    }
}

impl Tenant {
    /// Begins to fetch them from the first page on; `None` for a reference that no parameter can
    /// carry.
    pub fn begin(&mut self, ticket: Ticket, reference: &Untrusted) -> Option<ListQuery> {
        self.pager = Pager::new(PAGE);
        self.came.clear();
        self.ask(ticket, reference)
    }

    fn ask(&mut self, ticket: Ticket, reference: &Untrusted) -> Option<ListQuery> {
        let query = ListQuery::of_booking(&SPEC, reference.expose_raw())?;
        let query = self.pager.next_query(&query, 1).filter(|query| query.page <= MOST_PAGES)?;
        self.page = query.page;
        self.state = State::Waiting;
        self.awaited = Some(ticket);
        Some(query)
    }

    /// Takes a page. Returns what to ask for next under this ticket. The old rows stay until all pages
    /// are loaded.
    pub fn accept(
        &mut self,
        answer: Result<Page, String>,
        ticket: Ticket,
        reference: &Untrusted,
    ) -> Option<ListQuery> {
        self.awaited = None;
        let page = match answer {
            Ok(page) => page,
            Err(why) => {
                self.state = State::Failed(why);
                return None;
            }
        };
        self.came.extend(self.pager.on_page(self.page, page).0);
        let next = self.ask(ticket, reference);
        if next.is_none() {
            self.table.replace([std::mem::take(&mut self.came)]);
            self.state = State::Loaded;
        }
        next
    }

    pub fn give_up(&mut self) -> Option<Ticket> {
        let ticket = self.awaited.take()?;
        let has_rows = !self.table.is_empty();
        self.state = if has_rows { State::Loaded } else { State::Unasked };
        Some(ticket)
    }
}

impl Booking {
    pub fn is_tenant_section(&self) -> bool {
        self.view == View::Sections && self.section >= SECTIONS.len() && self.tenant.is_some()
    }

    /// The line of the panel about what the tenant paid.
    pub fn tenant_summary(&self) -> Option<ReportLine> {
        let tenant = self.tenant.as_ref()?;
        let mark = if self.is_tenant_section() { "▸" } else { "" };
        let (text, tone) = match &tenant.state {
            State::Unasked => return None,
            State::Waiting => ("fetching …".to_owned(), Tone::Quiet),
            State::Failed(why) => (why.clone(), Tone::Bad),
            State::Loaded if tenant.table.is_empty() => ("none".to_owned(), Tone::Quiet),
            State::Loaded => {
                let rows = format_count(tenant.table.records().len() as u64);
                (format!("{rows} · {}, in no balance", tenant.table.sums()), Tone::Quiet)
            }
        };
        Some(ReportLine::new(2, format!("{mark}Tenant payments: {text}"), tone))
    }

    /// Lines of the ledger view, with those of the tenant below: a heading and one each.
    pub fn ledger_lines(&self) -> usize {
        let below = self.tenant.as_ref().filter(|tenant| tenant.is_in_ledger);
        let below = below.map_or(0, |tenant| 1 + tenant.table.records().len());
        self.content.as_ref().map_or(0, Content::ledger_len) + below
    }

    /// The payment of a line of the ledger; none for a line that is the ledger's own, or the heading.
    pub fn tenant_in_ledger(&self, line: usize) -> Option<&Record> {
        let own = self.content.as_ref()?.ledger_len();
        let tenant = self.tenant.as_ref().filter(|tenant| tenant.is_in_ledger)?;
        tenant.table.records().get(line.checked_sub(own + 1)?)
    }

    pub fn tenant_line(&self, line: usize) -> String {
        let Some(record) = self.tenant_in_ledger(line) else {
            return "── tenant payments, in no balance ──".to_owned();
        };
        let cell = |name: &str| SPEC.position(name).map(|at| record.cell(at)).unwrap_or_default();
        let amount = record
            .minor(SPEC.amount())
            .map_or_else(|| "?".to_owned(), |minor| format_money(minor.into(), record.currency()));
        format!("{:<10}  {amount:>16}  {} · {}", cell("dueDate"), cell("type"), cell("status"))
    }
}
