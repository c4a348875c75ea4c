//! The state of one booking's screen: what was put together of it, and where the user is in it.

use std::sync::Arc;

use crate::conciliation::changes::{Change, Changes, Field};
use crate::conciliation::ledger::{Entry, Source as LedgerSource};
use crate::conciliation::others::Other;
use crate::conciliation::report::ReportLine;
use crate::conciliation::report::{BookingReport, ExtraList, Sources, State};
use crate::conciliation::row::RowAt;
use crate::conciliation::{Conciliation, SECTIONS, Tone};
use crate::domain::failure::Failure;
use crate::domain::money::format_count;
use crate::domain::text::Untrusted;
use crate::filter::query::{ListQuery, PAGE};
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::response::Page;
use crate::payments::account::masked;
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::msg::Now;

pub use crate::tui::component::scroll::Scroll;

#[derive(Debug, Clone, Default)]
pub struct Booking {
    pub asked: Untrusted,
    pub content: Option<Content>,
    pub sources: Sources,
    pub tenant: Option<Tenant>,
    pub view: BookingView,
    /// The section that is shown, or was last.
    pub section: usize,
    pub ledger: Scroll,
    pub checks: Scroll,
    /// The view to which `esc` returns, after the rows of one of its lines were shown.
    pub returns_to: Option<BookingView>,
    /// Since when the conciliation is waited for.
    pub load: Option<Now>,
    pub failure: Option<Failure>,
    pub detail: Detail,
    pub opened_from: OpenedFrom,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OpenedFrom {
    /// The row under the cursor of the list that lies below.
    List,
    /// What was typed to find it, to be mended where there is no such booking.
    Text(String),
    #[default]
    Elsewhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BookingView {
    #[default]
    Sections,
    Ledger,
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
    pub fn opening(asked: Untrusted, opened_from: OpenedFrom) -> Self {
        Self { asked, opened_from, ..Self::default() }
    }

    /// Its reference: the server's, else the one that was asked for.
    pub fn reference(&self) -> &Untrusted {
        self.content.as_ref().map_or(&self.asked, |content| &content.raw.reference)
    }

    /// What was typed to find it, where it was not found.
    pub fn typed_reference(&self) -> Option<String> {
        match &self.opened_from {
            OpenedFrom::Text(typed) if self.content.is_none() => Some(typed.clone()),
            _ => None,
        }
    }

    pub fn shown_table(&self) -> Option<&Table> {
        if self.is_tenant_section() {
            return self.tenant.as_ref().map(|tenant| &tenant.table);
        }
        let content = self.content.as_ref().filter(|_| self.view == BookingView::Sections)?;
        content.tables.get(self.section)
    }

    pub fn shown_table_mut(&mut self) -> Option<&mut Table> {
        if self.is_tenant_section() {
            return self.tenant.as_mut().map(|tenant| &mut tenant.table);
        }
        let content = self.content.as_mut().filter(|_| self.view == BookingView::Sections)?;
        content.tables.get_mut(self.section)
    }

    pub fn selected_record(&self) -> Option<&Record> {
        let content = self.content.as_ref()?;
        match self.view {
            BookingView::Sections => self.shown_table()?.selected(),
            BookingView::Ledger if self.ledger.cursor >= content.ledger_len() => {
                self.tenant_in_ledger(self.ledger.cursor)
            }
            BookingView::Ledger => match content.ledger_source(self.ledger.cursor)? {
                LedgerSource::Row(at) => content.report.booking.row(at),
                LedgerSource::Scheduled(place) => {
                    self.sources.of(ExtraList::Scheduled).rows.get(place)
                }
            },
            BookingView::Checks => None,
        }
    }

    /// The place of the record under the cursor among the rows of the answer.
    pub fn selected_row(&self) -> Option<RowAt> {
        let content = self.content.as_ref()?;
        match self.view {
            BookingView::Sections if self.is_tenant_section() => None,
            BookingView::Sections => {
                let row = self.shown_table()?.index(self.shown_table()?.cursor())?;
                Some(RowAt { role: SECTIONS.get(self.section)?.role, row })
            }
            BookingView::Ledger => match content.ledger_source(self.ledger.cursor)? {
                LedgerSource::Row(at) => Some(at),
                LedgerSource::Scheduled(_) => None,
            },
            BookingView::Checks => None,
        }
    }

    pub fn changed_fields(&self) -> Option<&[Field]> {
        match self.content.as_ref()?.changes.of(self.selected_row()?)? {
            Change::Changed(_, fields) => Some(fields),
            Change::New(_) | Change::Gone(_) => None,
        }
    }

    /// Takes an answer; the cursors of an earlier one stay on their records.
    pub fn accept(&mut self, raw: Conciliation, now: Now) {
        self.load = None;
        self.failure = None;
        let is_at_tenant = self.is_at_tenant();
        let before = self.content.take();
        let is_first = before.is_none();
        let content = Content::new(raw, before, &self.sources, now);
        if is_first {
            self.section = content.tables.iter().position(|table| !table.is_empty()).unwrap_or(0);
        }
        // Another answer can have fewer sections, or more before that of the tenant.
        let last = content.tables.len() - usize::from(!is_at_tenant);
        self.section = if is_at_tenant && !is_first { last } else { self.section.min(last) };
        self.content = Some(content);
    }

    pub fn reassemble(&mut self, now: Now) {
        if let Some(content) = &mut self.content {
            content.assemble(&self.sources, now);
        }
    }

    pub fn is_settled(&self) -> bool {
        let tenant = self.tenant.iter().map(|tenant| &tenant.state);
        let lists = ExtraList::ALL.iter().map(|list| &self.sources.of(*list).state);
        self.load.is_none() && lists.chain(tenant).all(|state| *state != State::Waiting)
    }

    pub fn cancel(&mut self) {
        for which in ExtraList::ALL {
            let source = self.sources.of_mut(which);
            if source.state == State::Waiting {
                let stopped = || State::Failed("stopped before it answered".to_owned());
                source.state = source.at.map_or_else(stopped, |_| State::Loaded);
            }
        }
        self.load = None;
        if let Some(tenant) = &mut self.tenant {
            tenant.cancel();
        }
    }

    pub fn scroll_mut(&mut self) -> &mut Scroll {
        if self.view == BookingView::Ledger { &mut self.ledger } else { &mut self.checks }
    }

    /// Marks rows in their section, and goes to the first.
    pub fn show_rows(&mut self, rows: &[RowAt]) {
        let Some(first) = rows.first() else { return };
        let Some(content) = &mut self.content else { return };
        for (section, table) in content.tables.iter_mut().enumerate() {
            let places = rows.iter().filter(|at| at.role as usize == section).map(|at| at.row);
            table.select_rows(&places.collect::<Vec<_>>());
        }
        self.section = first.role as usize;
        self.returns_to = Some(self.view);
        self.view = BookingView::Sections;
    }
}

impl Content {
    fn new(raw: Conciliation, before: Option<Self>, sources: &Sources, now: Now) -> Self {
        let report = BookingReport::of(&raw, sources, now.local.date());
        let tables = SECTIONS.iter().map(|kind| Table::new(kind.spec).of_booking());
        let mut tables: Vec<Table> = tables.collect();
        tables.extend(raw.others.iter().map(|other| Table::new(other.spec()).of_booking()));
        let (changes, before) = match before {
            Some(old) => {
                let is_kept = |(table, kept): &(&mut Table, Table)| table.spec().is(kept.spec());
                let old_tables = tables.iter_mut().zip(old.tables).take_while(is_kept);
                old_tables.for_each(|(table, kept)| *table = kept);
                (Changes::between(&old.raw, &raw), Some(old.raw))
            }
            None => (Changes::default(), None),
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
        let booking = &self.report.booking;
        let sections = booking.sections.iter().map(|section| section.records().to_vec());
        let others = booking.others.iter().map(Other::shown_rows);
        for (table, rows) in self.tables.iter_mut().zip(sections.chain(others)) {
            table.replace([rows]);
        }
    }

    /// The section at this place, if it is none of the known ones.
    pub fn other(&self, section: usize) -> Option<&Other> {
        self.report.booking.others.get(section.checked_sub(SECTIONS.len())?)
    }

    pub fn ledger_len(&self) -> usize {
        self.report.ledger.entries().count()
    }

    fn ledger_source(&self, at: usize) -> Option<LedgerSource> {
        match self.report.ledger.entries().nth(at)? {
            Entry::Row(line) | Entry::Scheduled(line) => Some(line.source),
            Entry::Today => None,
        }
    }
}

/// Pages that are fetched of one booking: thousands of payments.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Tenant {
    /// The loaded payments, in the order of the server.
    pub table: Table,
    pub state: State,
    pub is_in_ledger: bool,
    pager: Pager,
    loaded: Vec<Record>,
}

impl Default for Tenant {
    fn default() -> Self {
        Self {
            table: Table::new(&SPEC),
            state: State::Unasked,
            is_in_ledger: false,
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
            self.state = State::Loaded;
        }
        next
    }

    pub fn cancel(&mut self) {
        if self.state == State::Waiting {
            self.state = if self.table.is_empty() { State::Unasked } else { State::Loaded };
        }
    }
}

impl Booking {
    pub fn is_tenant_section(&self) -> bool {
        self.is_at_tenant() && self.view == BookingView::Sections
    }

    fn is_at_tenant(&self) -> bool {
        self.section >= self.own_sections() && self.tenant.is_some()
    }

    /// The sections of the answer; that of the tenant is the next.
    pub fn own_sections(&self) -> usize {
        self.content.as_ref().map_or(SECTIONS.len(), |content| content.tables.len())
    }

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
                (
                    format!("{rows} · {}, in no balance", tenant.table.all_figures().open.sums),
                    Tone::Quiet,
                )
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
        let amount = record.money(SPEC.amount()).unwrap_or_else(|| "?".to_owned());
        format!("{:<10}  {amount:>16}  {} · {}", cell("dueDate"), cell("type"), cell("status"))
    }
}
