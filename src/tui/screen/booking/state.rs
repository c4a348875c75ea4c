//! The state of one booking's screen: what was put together of it, and where the user is in it.

use std::sync::Arc;

use tenant::Tenant;

use crate::conciliation::changes::{Change, Changes, Field};
use crate::conciliation::ledger::{Entry, Source as LedgerSource};
use crate::conciliation::report::{BookingReport, ExtraList, Sources, State};
use crate::conciliation::row::RowAt;
use crate::conciliation::{Conciliation, SECTIONS};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::tui::component::detail::Detail;
use crate::tui::component::scroll;
use crate::tui::component::table::Table;
use crate::tui::effect::Ticket;
use crate::tui::msg::Now;
use crate::tui::screen::booking::tenant;

pub use scroll::Scroll;

#[derive(Debug, Clone)]
pub struct Booking {
    pub asked: Untrusted,
    pub content: Option<Content>,
    /// What the lists beside the conciliation returned.
    pub sources: Sources,
    /// The requests to these lists that are waited for, in their order.
    pub awaited: [Option<Ticket>; 3],
    pub tenant: Option<Tenant>,
    pub view: View,
    /// The section that is shown, or was last.
    pub section: usize,
    pub ledger: Scroll,
    pub checks: Scroll,
    /// The view to which `esc` goes back, after a check has led to its rows.
    pub led_from: Option<View>,
    /// The request that is waited for, and since when.
    pub load: Option<(Ticket, Now)>,
    pub failure: Option<Failure>,
    pub detail: Detail,
    /// What was typed to find it, to be mended where there is no such booking.
    pub typed: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Sections,
    Ledger,
    /// The checks, what may explain differences, what changed.
    Checks,
}

/// What is known of a booking. A copy of it shares all but its tables.
#[derive(Debug, Clone)]
pub struct Content {
    pub raw: Arc<Conciliation>,
    pub before: Option<Arc<Conciliation>>,
    pub report: Arc<BookingReport>,
    pub changes: Arc<Changes>,
    pub tables: Vec<Table>,
    pub fetched: Now,
}

impl Booking {
    /// A booking of which nothing is known yet; `typed` is what was typed to find it.
    pub fn opening(asked: Untrusted, typed: Option<String>) -> Self {
        Self {
            asked,
            content: None,
            sources: Sources::default(),
            awaited: [None; 3],
            tenant: None,
            view: View::Sections,
            section: 0,
            ledger: Scroll::default(),
            checks: Scroll::default(),
            led_from: None,
            load: None,
            failure: None,
            detail: Detail::default(),
            typed,
        }
    }

    /// Its reference: the server's, else the one that was asked for.
    pub fn reference(&self) -> &Untrusted {
        self.content.as_ref().map_or(&self.asked, |content| &content.raw.reference)
    }

    pub fn shown_table(&self) -> Option<&Table> {
        if self.is_tenant_section() {
            return self.tenant.as_ref().map(|tenant| &tenant.table);
        }
        let content = self.content.as_ref().filter(|_| self.view == View::Sections)?;
        content.tables.get(self.section)
    }

    pub fn shown_table_mut(&mut self) -> Option<&mut Table> {
        if self.is_tenant_section() {
            return self.tenant.as_mut().map(|tenant| &mut tenant.table);
        }
        let content = self.content.as_mut().filter(|_| self.view == View::Sections)?;
        content.tables.get_mut(self.section)
    }

    /// The record under the cursor, in whichever view.
    pub fn selected_record(&self) -> Option<&Record> {
        let content = self.content.as_ref()?;
        match self.view {
            View::Sections => self.shown_table()?.selected(),
            View::Ledger if self.ledger.cursor >= content.ledger_len() => {
                self.tenant_in_ledger(self.ledger.cursor)
            }
            View::Ledger => match content.ledger_source(self.ledger.cursor)? {
                LedgerSource::Row(at) => content.report.booking.row(at),
                LedgerSource::Scheduled(place) => {
                    self.sources.of(ExtraList::Scheduled).rows.get(place)
                }
            },
            View::Checks => None,
        }
    }

    /// The place of the record under the cursor among the rows of the answer.
    pub fn selected_place(&self) -> Option<RowAt> {
        let content = self.content.as_ref()?;
        match self.view {
            View::Sections if self.is_tenant_section() => None,
            View::Sections => {
                let row = self.shown_table()?.index(self.shown_table()?.cursor())?;
                Some(RowAt { role: SECTIONS.get(self.section)?.role, row })
            }
            View::Ledger => match content.ledger_source(self.ledger.cursor)? {
                LedgerSource::Row(at) => Some(at),
                LedgerSource::Scheduled(_) => None,
            },
            View::Checks => None,
        }
    }

    pub fn changed_fields(&self) -> Option<&[Field]> {
        match self.content.as_ref()?.changes.of(self.selected_place()?)? {
            Change::Changed(_, fields) => Some(fields),
            Change::New(_) | Change::Gone(_) => None,
        }
    }

    /// Takes an answer; the cursors of an earlier one stay on their records.
    pub fn accept(&mut self, raw: Conciliation, now: Now) {
        self.load = None;
        self.failure = None;
        let before = self.content.take();
        let is_first = before.is_none();
        let content = Content::new(raw, before, &self.sources, now);
        if is_first {
            self.section = content.tables.iter().position(|table| !table.is_empty()).unwrap_or(0);
        }
        self.content = Some(content);
    }

    pub fn reassemble(&mut self, now: Now) {
        if let Some(content) = &mut self.content {
            content.assemble(&self.sources, now);
        }
    }

    /// Notes that the request failed; what was shown stays.
    pub fn fail(&mut self, failure: Failure) {
        self.load = None;
        self.failure = Some(failure);
    }

    pub fn is_settled(&self) -> bool {
        self.load.is_none()
            && self.awaited.iter().all(Option::is_none)
            && self.tenant.as_ref().is_none_or(|tenant| tenant.awaited.is_none())
    }

    pub fn give_up(&mut self) {
        for which in ExtraList::ALL {
            let source = self.sources.of_mut(which);
            if source.state == State::Waiting {
                source.state = if source.at.is_some() {
                    State::Loaded
                } else {
                    State::Failed("stopped before it answered".to_owned())
                };
            }
        }
        self.load = None;
        self.awaited = [None; 3];
        if let Some(tenant) = &mut self.tenant {
            tenant.give_up();
        }
    }

    /// Where the user is in the view that is no table.
    pub fn scroll_mut(&mut self) -> &mut Scroll {
        if self.view == View::Ledger { &mut self.ledger } else { &mut self.checks }
    }

    /// Marks rows in their section, and goes to the first.
    pub fn lead_to(&mut self, rows: &[RowAt]) {
        let Some(first) = rows.first() else { return };
        let Some(content) = &mut self.content else { return };
        for (section, table) in content.tables.iter_mut().enumerate() {
            let places = rows.iter().filter(|at| at.role as usize == section).map(|at| at.row);
            table.select_rows(&places.collect::<Vec<_>>());
        }
        self.section = first.role as usize;
        self.led_from = Some(self.view);
        self.view = View::Sections;
    }
}

impl Content {
    fn new(raw: Conciliation, before: Option<Self>, sources: &Sources, now: Now) -> Self {
        let report = BookingReport::of(&raw, sources, now.local.date());
        let (changes, tables, before) = match before {
            Some(old) => (Changes::between(&old.raw, &raw), old.tables, Some(old.raw)),
            None => {
                let tables = SECTIONS.iter().map(|kind| Table::new(kind.spec, kind.spec.amount()));
                (Changes::default(), tables.collect(), None)
            }
        };
        let (raw, changes, report) = (Arc::new(raw), Arc::new(changes), Arc::new(report));
        let mut content = Self { raw, before, report, changes, tables, fetched: now };
        content.fill_tables();
        content
    }

    fn assemble(&mut self, sources: &Sources, now: Now) {
        self.report = Arc::new(BookingReport::of(&self.raw, sources, now.local.date()));
        self.fill_tables();
    }

    fn fill_tables(&mut self) {
        for (table, section) in self.tables.iter_mut().zip(&self.report.booking.sections) {
            table.replace([section.records().to_vec()]);
        }
    }

    /// Lines of the ledger view.
    pub fn ledger_len(&self) -> usize {
        self.report.ledger.entries().count()
    }

    /// Where a line of the ledger view comes from.
    fn ledger_source(&self, at: usize) -> Option<LedgerSource> {
        match self.report.ledger.entries().nth(at)? {
            Entry::Row(line) | Entry::Scheduled(line) => Some(line.source),
            Entry::Today => None,
        }
    }
}
