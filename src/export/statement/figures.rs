//! The figures of a statement. A figure that may lack rows is not known; amounts that no sum includes are
//! counted, so that a part never looks complete.

use chrono::NaiveDate;

use super::own::Own;
use super::reader::Reader;
use crate::conciliation::Role;
use crate::conciliation::ledger::{Inclusion, Kind, Line};
use crate::conciliation::summary::open_rows;
use crate::domain::money::{Sums, counted};
use crate::domain::normalize::{capitalized, is_same_word};
use crate::figures::Counted;
use crate::list::record::Record;
use crate::list::{Spec, debt, penalties};

#[derive(Debug, Clone, Default)]
pub(super) struct Figure {
    pub(super) sums: Sums,
    /// Amounts that are not in the sums: unreadable, in an unknown currency, or of an unknown status.
    pub(super) unclear: u64,
    pub(super) is_unknown: bool,
}

impl Figure {
    fn add(&mut self, line: &Line) {
        match line.paid.or(line.charged).filter(|_| line.in_no_sum.is_none()) {
            Some(minor) => self.sums.add(minor, line.currency),
            None => self.unclear += 1,
        }
    }

    pub(super) fn of<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Self {
        let mut figure = Self::default();
        lines.into_iter().for_each(|line| figure.add(line));
        figure
    }

    fn is_none(&self) -> bool {
        self.sums.is_empty() && self.unclear == 0 && !self.is_unknown
    }

    /// `EUR 50.00 and 1 amount that is not clear`, `none` or `not known`.
    pub(super) fn in_words(&self) -> String {
        if self.is_unknown {
            return "not known".to_owned();
        }
        let sums = (!self.sums.is_empty()).then(|| self.sums.in_words());
        let words: Vec<String> = sums.into_iter().chain(self.unclear_in_words()).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(" and ") }
    }

    /// `2 amounts that are not clear`; `None` if there are none.
    pub(super) fn unclear_in_words(&self) -> Option<String> {
        let are = if self.unclear == 1 { "is" } else { "are" };
        (self.unclear > 0).then(|| format!("{} that {are} not clear", amounts(self.unclear)))
    }

    /// The amounts of one sign, without their sign.
    pub(super) fn with_sign(&self, signum: i128) -> Sums {
        let mut sums = Sums::default();
        let of_sign = self.sums.iter().filter(|(_, minor)| minor.signum() == signum);
        of_sign.for_each(|(currency, minor)| sums.add(minor.abs(), currency));
        sums
    }

    fn negated(mut self) -> Self {
        let mut sums = Sums::default();
        self.sums.iter().for_each(|(currency, minor)| sums.add(-minor, currency));
        self.sums = sums;
        self
    }
}

pub(super) fn amounts(count: u64) -> String {
    counted(count, "amount")
}

/// When a payout is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Paid,
    Announced,
    Undated,
}

pub(super) fn when(line: &Line) -> When {
    match line.date {
        None => When::Undated,
        Some(_) if line.is_future => When::Announced,
        Some(_) => When::Paid,
    }
}

pub(super) struct Figures<'a> {
    pub(super) paid: Figure,
    pub(super) announced: Figure,
    pub(super) undated: Figure,
    pub(super) planned: Figure,
    invoiced: Figure,
    credited: Figure,
    fines: Figure,
    waived: Figure,
    debt: Figure,
    voided: Figure,
    written_off: Figure,
    /// What remains of the open charges, without those of an unknown status.
    pub(super) open: Figure,
    /// The charges of which something remains.
    pub(super) open_rows: Vec<(Role, &'a Record)>,
}

impl<'a> Figures<'a> {
    pub(super) fn of(own: &'a Own<'a>) -> Self {
        let lines = || own.ledger.lines.iter();
        let known = |figure: Figure, role| Figure { is_unknown: !own.is_known(role), ..figure };
        let of = |kind: Kind, inclusion: fn(&Inclusion) -> bool| {
            Figure::of(lines().filter(|line| line.kind == kind && inclusion(&line.inclusion)))
        };
        let counts: fn(&Inclusion) -> bool = |it| *it == Inclusion::Counts;
        let payouts =
            |at| Figure::of(lines().filter(|line| line.kind == Kind::Payout && when(line) == at));
        let (open, open_rows) = open(own);
        Self {
            paid: known(payouts(When::Paid), Role::Transactions),
            announced: payouts(When::Announced),
            undated: payouts(When::Undated),
            planned: Figure {
                is_unknown: !own.knows_planned(),
                ..Figure::of(&own.ledger.scheduled)
            },
            invoiced: known(of(Kind::Invoice, counts), Role::Invoices),
            credited: known(of(Kind::CreditNote, counts), Role::CreditNotes).negated(),
            fines: known(of(Kind::Penalty, counts), Role::Penalties),
            waived: of(Kind::Penalty, |it| matches!(it, Inclusion::Dropped(_))),
            debt: known(of(Kind::Debt, counts), Role::Debt),
            voided: of(Kind::Debt, |it| matches!(it, Inclusion::Dropped(word) if !is_kept(word))),
            written_off: of(
                Kind::Debt,
                |it| matches!(it, Inclusion::Dropped(word) if is_kept(word)),
            ),
            open,
            open_rows,
        }
    }

    /// The labels and the figures; those without an amount only if they are usual.
    pub(super) fn lines(&self, reader: Reader) -> Vec<(String, String)> {
        let (to, not) = (reader.to(), reader.does_not_have_to_pay());
        let lines = [
            (true, format!("Paid{to}"), &self.paid),
            (false, format!("Announced payments{to}"), &self.announced),
            (false, format!("Payments{to} without a date"), &self.undated),
            (true, format!("Planned payments{to}"), &self.planned),
            (true, format!("Invoiced{to}"), &self.invoiced),
            (true, format!("Credited{to}"), &self.credited),
            (true, "Fines".to_owned(), &self.fines),
            (false, format!("Fines that {not}"), &self.waived),
            (true, "Other debt".to_owned(), &self.debt),
            (false, format!("Debt that {not}"), &self.voided),
            (false, "Debt that is not claimed at present".to_owned(), &self.written_off),
        ];
        let lines = lines.into_iter().filter(|(is_usual, _, it)| *is_usual || !it.is_none());
        let mut lines: Vec<_> =
            lines.map(|(_, label, figure)| (label, figure.in_words())).collect();
        lines.push((capitalized(reader.still_has_to_pay()), self.still_open(reader)));
        lines
    }

    fn still_open(&self, reader: Reader) -> String {
        let Figure { unclear, is_unknown, .. } = self.open;
        let owed = Figure { sums: self.open.with_sign(1), unclear, is_unknown };
        let owed = if owed.is_none() { "nothing".to_owned() } else { owed.in_words() };
        let favor = self.open.with_sign(-1);
        if favor.is_empty() || is_unknown {
            return owed;
        }
        format!("{owed}; {} {}", favor.in_words(), reader.in_favor())
    }
}

/// Returns `true` for a charge that was written off: this is bookkeeping, and no waiver.
pub(super) fn is_kept(word: &str) -> bool {
    word == "written off"
}

fn open<'a>(own: &'a Own<'_>) -> (Figure, Vec<(Role, &'a Record)>) {
    let (open, is_unknown) = open_rows(&own.booking);
    let is_unknown = is_unknown || own.export.report.summary.still_open.is_unknown;
    let mut figure = Figure { is_unknown, ..Figure::default() };
    let mut rows = Vec::new();
    for (at, row) in open {
        match Counted::of(row, NaiveDate::default()).amount.ok().filter(|_| has_known_status(row)) {
            Some((0, _)) => continue,
            Some((minor, currency)) => figure.sums.add(minor, currency),
            None => figure.unclear += 1,
        }
        rows.push((at.role, row));
    }
    (figure, rows)
}

/// Returns `false` if it is not known whether a fine or a debt is still to be paid.
pub(super) fn has_known_status(row: &Record) -> bool {
    let is_of = |spec: &Spec| spec.is(row.spec());
    let known = if is_of(&penalties::SPEC) { penalties::STATUSES } else { debt::STATUSES };
    row.status().is_some_and(|status| known.iter().any(|word| is_same_word(word, status)))
}
