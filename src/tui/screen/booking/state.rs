//! The state of one booking's screen: its loaded content, and where the user is in it.

use std::collections::VecDeque;
use std::iter;
use std::sync::Arc;

use crate::conciliation::changes::{Change, Changes, Field};
use crate::conciliation::ledger::{Entry, Source as LedgerSource};
use crate::conciliation::others::Other;
use crate::conciliation::report::ReportLine;
use crate::conciliation::report::{BookingReport, ExtraList, Sources, State};
use crate::conciliation::row::RowAt;
use crate::conciliation::{Conciliation, SECTIONS, Tone};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::normalize::capitalized;
use crate::domain::text::Untrusted;
use crate::export::TenantPayments;
use crate::figures::tenant::TenantPaid;
use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::owners::Owner;
use crate::tui::component::detail::Detail;
use crate::tui::component::table::Table;
use crate::tui::msg::Now;
use crate::tui::screen::booking::tenant::{DUE, Tenant};

const NOT_INCLUDED: &str = " (not included above)";

pub use crate::tui::component::scroll::Scroll;

#[derive(Debug, Clone, Default)]
pub struct Booking {
    pub asked: Untrusted,
    pub content: Option<Content>,
    pub sources: Sources,
    pub tenant: Option<Tenant>,
    pub view: BookingView,
    /// The section that is or was last shown.
    pub section: usize,
    pub ledger: Scroll,
    pub checks: Scroll,
    /// The view to return to, after the rows of one of its lines were shown.
    pub returns_to: Option<BookingView>,
    /// Since when the conciliation has been loading.
    pub load: Option<Now>,
    pub failure: Option<Failure>,
    pub detail: Detail,
    pub opened_from: OpenedFrom,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OpenedFrom {
    /// The row under the cursor of the list below.
    List,
    /// The typed text that led to it.
    Text(Typed),
    #[default]
    Elsewhere,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    pub text: String,
    /// The reference in the text, as typed.
    pub reference: Untrusted,
    /// Other references it may mean, the likeliest first.
    pub others: VecDeque<Untrusted>,
    /// The references that the server does not have.
    pub unknown: Vec<Untrusted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BookingView {
    #[default]
    Sections,
    Ledger,
    Checks,
}

/// The loaded content of a booking. A copy shares everything except its tables.
#[derive(Debug, Clone)]
pub struct Content {
    pub raw: Arc<Conciliation>,
    pub before: Option<Arc<Conciliation>>,
    pub report: Arc<BookingReport>,
    pub changes: Arc<Changes>,
    pub owner: Option<Owner>,
    pub tables: Vec<Table>,
    pub fetched: Now,
}

impl Booking {
    pub fn opening(asked: Untrusted, opened_from: OpenedFrom) -> Self {
        Self { asked, opened_from, ..Self::default() }
    }

    /// Its reference: the server's, else the requested one.
    pub fn reference(&self) -> &Untrusted {
        self.content.as_ref().map_or(&self.asked, |content| &content.raw.reference)
    }

    /// The typed text that led to it, if it was not found.
    pub fn typed_reference(&self) -> Option<String> {
        match &self.opened_from {
            OpenedFrom::Text(typed) if self.content.is_none() => Some(typed.text.clone()),
            _ => None,
        }
    }

    /// Returns `true` if it failed to load and has no content.
    pub fn has_failed(&self) -> bool {
        self.content.is_none() && self.failure.is_some()
    }

    /// Returns `true` if the server does not have this booking.
    pub fn is_unknown(&self) -> bool {
        let is_unknown = |failure: &Failure| {
            let lookup = [Advice::LookUpAnother, Advice::LookUpAnotherOrSearchDebt];
            failure.kind == Kind::Missing && lookup.contains(&failure.advice)
        };
        self.content.is_none() && self.failure.as_ref().is_some_and(is_unknown)
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

    /// The position of the record under the cursor in the response.
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

    /// Accepts a response; cursors stay on their records. The first response selects the section
    /// that does not add up, else the first one with rows.
    pub fn accept(&mut self, raw: Conciliation, now: Now) {
        self.load = None;
        self.failure = None;
        let is_at_tenant = self.is_at_tenant();
        let before = self.content.take();
        let is_first = before.is_none();
        let content = Content::new(raw, before, &self.sources, now);
        if is_first {
            let with_rows = || content.tables.iter().position(|table| !table.is_empty());
            let first = content.report.totals.first_difference().or_else(with_rows);
            self.section = first.unwrap_or(0);
        }
        // A new response can have fewer sections, or more before the tenant's section.
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
                let stopped = || State::Failed("cancelled before loading finished".to_owned());
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

    /// Marks rows in their sections, and goes to the section of the first.
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
        let owner = Owner::of(&raw, &sources.of(ExtraList::Scheduled).rows);
        let mut content = Self { raw, before, report, changes, owner, tables, fetched: now };
        content.fill_tables();
        content
    }

    fn assemble(&mut self, sources: &Sources, now: Now) {
        self.report = Arc::new(BookingReport::of(&self.raw, sources, now.local.date()));
        self.owner = Owner::of(&self.raw, &sources.of(ExtraList::Scheduled).rows);
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

    /// The section at this position, if it is an additional one.
    pub fn other(&self, section: usize) -> Option<&Other> {
        self.report.booking.others.get(section.checked_sub(SECTIONS.len())?)
    }

    pub fn ledger_len(&self) -> usize {
        self.report.ledger.entry_count()
    }

    fn ledger_source(&self, at: usize) -> Option<LedgerSource> {
        match self.report.ledger.entries().get(at)? {
            Entry::Row(line) | Entry::Scheduled(line) => Some(line.source),
            Entry::Today => None,
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

    /// The number of sections in the response; the tenant's section follows.
    pub fn own_sections(&self) -> usize {
        self.content.as_ref().map_or(SECTIONS.len(), |content| content.tables.len())
    }

    pub fn tenant_lines(&self) -> Vec<ReportLine> {
        let Some(tenant) = &self.tenant else { return Vec::new() };
        let mark = if self.is_tenant_section() { "▸" } else { "" };
        let (text, tone) = match &tenant.state {
            State::Unasked => return Vec::new(),
            State::Waiting => ("Tenant payments: loading…".to_owned(), Tone::Quiet),
            State::Failed(why) => (format!("Tenant payments: {why}"), Tone::Bad),
            State::Loaded => match tenant.paid() {
                None => ("No tenant payments".to_owned(), Tone::Quiet),
                Some(paid) => {
                    let words = capitalized(&paid.in_short());
                    match paid {
                        paid if paid.is_unknown() => (words, Tone::Open),
                        TenantPaid { incomplete: Some(_), .. } => {
                            (words + NOT_INCLUDED, Tone::Open)
                        }
                        _ => (words + NOT_INCLUDED, Tone::Quiet),
                    }
                }
            },
        };
        let others = tenant.others().map(|it| ReportLine::new(2, format!("✗ {it}"), Tone::Bad));
        let first = ReportLine::new(2, format!("{mark}{text}"), tone);
        // On a line of its own, so that no amount is cut.
        let not_paid = tenant.paid().map(TenantPaid::others_in_words).unwrap_or_default();
        let not_paid = (!not_paid.is_empty())
            .then(|| ReportLine::new(2, format!("Not marked as paid: {not_paid}"), Tone::Quiet));
        iter::once(first).chain(not_paid).chain(others).collect()
    }

    pub fn tenant_payments(&self) -> TenantPayments<'_> {
        self.tenant.as_ref().map_or(TenantPayments::NotConfigured, Tenant::payments)
    }

    /// What an export of the booking lacks, and why; empty if the booking is complete.
    pub fn missing(&self) -> Vec<String> {
        let is_loading = self.content.as_ref().is_some_and(|it| it.report.verdict.is_loading);
        let loading = is_loading.then(|| "lists of the booking are still loading".to_owned());
        let others = self.tenant.as_ref().and_then(Tenant::others);
        let problems = self.sources.problems().into_iter().chain(others);
        let problems = problems.map(|problem| problem.to_string());
        let payments = self.tenant_payments().why_incomplete();
        let payments = payments.map(|why| format!("Tenant payments: {why}"));
        loading.into_iter().chain(problems).chain(payments).collect()
    }

    /// The lines of the ledger view, with the tenant payments below: a heading and one line each.
    pub fn ledger_lines(&self) -> usize {
        let below = self.tenant.as_ref().filter(|tenant| tenant.is_in_ledger);
        let below = below.map_or(0, |tenant| 1 + tenant.table.records().len());
        self.content.as_ref().map_or(0, Content::ledger_len) + below
    }

    /// The payment of a line of the ledger; `None` for the ledger's own lines and the heading.
    pub fn tenant_in_ledger(&self, line: usize) -> Option<&Record> {
        let own = self.content.as_ref()?.ledger_len();
        let tenant = self.tenant.as_ref().filter(|tenant| tenant.is_in_ledger)?;
        tenant.by_day(line.checked_sub(own + 1)?)
    }

    pub fn tenant_line(&self, line: usize) -> String {
        let Some(record) = self.tenant_in_ledger(line) else {
            return "── tenant payments, not included in the running total ──".to_owned();
        };
        let cell = |name: &str| SPEC.position(name).map(|at| record.cell(at)).unwrap_or_default();
        let amount = record.money(SPEC.amount()).unwrap_or_else(|| "?".to_owned());
        format!("{:<10}  {amount:>16}  {} · {}", cell(DUE), cell("type"), cell("status"))
    }
}
