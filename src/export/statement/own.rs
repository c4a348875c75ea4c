//! The part of a booking's data that its statement shows: rows that name no other booking.

use crate::conciliation::ledger::{Kind, Ledger, Line, Source};
use crate::conciliation::report::{ExtraList, State, take_others};
use crate::conciliation::verdict::Reason;
use crate::conciliation::{Conciliation, Role, Rows, SECTIONS};
use crate::domain::text::Untrusted;
use crate::export::BookingExport;
use crate::list::record::Record;
use crate::owners::{name_in, names_in};

pub(super) struct Own<'a> {
    pub(super) export: &'a BookingExport<'a>,
    pub(super) booking: Conciliation,
    pub(super) ledger: Ledger,
    /// By section: the number of rows that name another booking.
    left_out: [u64; SECTIONS.len()],
}

impl<'a> Own<'a> {
    pub(super) fn of(export: &'a BookingExport<'a>) -> Self {
        let mut booking = export.report.booking.clone();
        let mut left_out = [0; SECTIONS.len()];
        for (section, count) in booking.sections.iter_mut().zip(&mut left_out) {
            if let Rows::Present(rows) = &mut section.rows {
                *count = take_others(rows, &booking.reference).len() as u64;
            }
        }
        let scheduled = &export.sources.of(ExtraList::Scheduled).rows;
        let ledger = Ledger::of(&booking, scheduled, export.today);
        Self { export, booking, ledger, left_out }
    }

    pub(super) fn left_out(&self) -> u64 {
        self.left_out.iter().sum()
    }

    /// Returns `false` if rows of the section may be missing, so that its sum may be too small.
    pub(super) fn is_known(&self, role: Role) -> bool {
        let section = self.booking.section(role);
        let is_left_out = self.left_out.get(role as usize).is_some_and(|count| *count > 0);
        let list = match role {
            Role::Penalties => Some(ExtraList::Penalties),
            Role::Debt => Some(ExtraList::Debt),
            _ => None,
        };
        let lacks_rows = |reason: &Reason| matches!(reason, Reason::Unmatched(title, _) if list.is_some_and(|it| it.title() == *title));
        section.is_known(self.booking.total(section.kind.total))
            // Rows that were all left out may name this booking in another way.
            && !(is_left_out && section.records().is_empty())
            && !self.export.report.verdict.reasons.iter().any(lacks_rows)
    }

    /// Returns `false` if planned payments may be missing.
    pub(super) fn knows_planned(&self) -> bool {
        self.export.sources.of(ExtraList::Scheduled).state == State::Loaded
    }

    pub(super) fn record(&self, line: &Line) -> Option<&Record> {
        match line.source {
            Source::Row(at) => self.booking.row(at),
            Source::Scheduled(at) => self.export.sources.of(ExtraList::Scheduled).rows.get(at),
        }
    }

    /// The different names in the payouts, the invoices and the planned payments.
    pub(super) fn names(&self) -> Vec<&Untrusted> {
        let roles = [Role::Transactions, Role::Invoices, Role::CreditNotes];
        let rows = roles.into_iter().flat_map(|role| self.booking.rows(role));
        names_in(rows.chain(&self.export.sources.of(ExtraList::Scheduled).rows))
    }

    /// To whom a line is paid or billed; empty for a charge that names nobody.
    pub(super) fn name_of(&self, line: &Line) -> String {
        let name = self.record(line).and_then(name_in);
        match (name, line.kind) {
            (Some(name), _) => name.shown().into_owned(),
            (None, Kind::Penalty | Kind::Debt) => String::new(),
            (None, _) => "not named".to_owned(),
        }
    }
}
