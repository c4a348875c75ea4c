//! The rows of a booking as one ledger with a running balance for each currency.

use std::collections::HashSet;
use std::fmt;

use chrono::NaiveDate;

use super::row::{
    RowAt, amount, dated, day, has_status, is_credit_note, is_set, key_of, name, placed,
};
use super::rules::DROPPED_DEBT;
use super::{Conciliation, Role, SECTIONS};
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// What the columns of the ledger mean, for the help: the name and the meaning.
pub const MEANINGS: [(&str, &str); 3] = [
    (
        "Charged",
        "what the landlord is charged: invoices (gross), penalties, debt; credit notes take back",
    ),
    ("Paid", "what was paid out to the landlord: transactions"),
    (
        "Balance",
        "balance before + paid - charged, for each currency apart, from zero; without waived and \
         cancelled penalties, debt that was given up, debt over a document already charged, and \
         scheduled payments. It is not what anyone owes: the rent is not in the answer",
    ),
];

/// The rows of a booking by day, with `balance = balance before + paid - charged` for each currency,
/// from zero: what went to the landlord less what was charged to him ([`MEANINGS`]).
///
/// A credit note is charged with a minus sign, whichever sign it came with. A line that does not
/// count ([`BalanceEffect`]) keeps its amount and leaves the balance as it was. So the last balance
/// and [`Ledger::left_out`] together are exactly the payouts less the charges of all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// By day, then by [`Kind`], then in the order of the answer; lines without a day last.
    pub lines: Vec<Line>,
    /// How many of the lines have a day up to today.
    pub until_today: usize,
    /// By day, those without one last; in no balance.
    pub scheduled: Vec<Line>,
    /// The last balance of each currency.
    pub balance: Sums,
    /// Paid less charged of the lines that do not count.
    pub left_out: Sums,
    /// Lines without an amount that can be read; they are in no sum.
    pub without_amount: usize,
}

/// A line of the ledger as it is shown.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    Row(&'a Line),
    /// The line between what was and what is to come.
    Today,
    Scheduled(&'a Line),
}

/// A column of the ledger as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Day,
    Kind,
    Reference,
    Charged,
    Paid,
    /// Charged and paid as one amount: paid, or charged with a minus sign.
    Effect,
    Currency,
    Balance,
    Note,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub source: Source,
    pub date: Option<NaiveDate>,
    pub kind: Kind,
    /// The number of its document, else its id; for a payout, its type.
    pub reference: Option<Untrusted>,
    pub status: Option<Untrusted>,
    /// What the landlord is charged, in minor units.
    pub charged: Option<i128>,
    /// What is paid to the landlord, in minor units.
    pub paid: Option<i128>,
    pub currency: Currency,
    pub balance_effect: BalanceEffect,
    /// The balance of the currency after this line, in minor units; of a scheduled payment, the last.
    pub balance: i128,
    /// Whether its day is after today.
    pub is_future: bool,
}

/// The row that a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    Row(RowAt),
    /// The nth of the scheduled payments that were given.
    Scheduled(usize),
}

/// Lines of one day are in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Invoice,
    /// A credit note, also one among the invoices.
    CreditNote,
    Penalty,
    Debt,
    Payout,
    Scheduled,
}

/// Whether a line is part of the balance, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceEffect {
    Counts,
    /// The charge was dropped: the word for how.
    Dropped(&'static str),
    /// It is owed for this document, which is charged by another line.
    Repeats(Untrusted),
    ToCome,
}

impl Ledger {
    pub fn of(booking: &Conciliation, scheduled: &[Record], today: NaiveDate) -> Self {
        let mut lines: Vec<Line> = Vec::new();
        for kind in &SECTIONS {
            lines.extend(placed(booking, kind.role).map(|(at, row)| line(kind.role, at, row)));
        }
        mark_repeats(&mut lines, booking);
        lines.sort_by_key(|line| (line.date.is_none(), line.date, line.kind));
        let until_today =
            lines.iter().filter(|line| line.date.is_some_and(|day| day <= today)).count();
        let (mut balance, mut left_out) = (Sums::default(), Sums::default());
        let mut without_amount = 0;
        for line in &mut lines {
            line.is_future = line.date.is_some_and(|day| day > today);
            match (line.effect(), &line.balance_effect) {
                (Some(effect), BalanceEffect::Counts) => balance.add(effect, line.currency),
                (Some(effect), _) => left_out.add(effect, line.currency),
                (None, _) => without_amount += 1,
            }
            line.balance = balance.of(line.currency);
        }
        let to_come = scheduled.iter().enumerate();
        let mut scheduled: Vec<Line> =
            to_come.map(|(place, row)| line_to_come(place, row, &balance, today)).collect();
        scheduled.sort_by_key(|line| (line.date.is_none(), line.date));
        Self { lines, until_today, scheduled, balance, left_out, without_amount }
    }

    /// The lines as they are shown: what is scheduled below all others.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let (past, later) = self.lines.split_at(self.until_today.min(self.lines.len()));
        let rows = past.iter().map(Entry::Row).chain([Entry::Today]);
        rows.chain(later.iter().map(Entry::Row)).chain(self.scheduled.iter().map(Entry::Scheduled))
    }
}

impl Column {
    pub fn title(self) -> &'static str {
        match self {
            Self::Day => "Date",
            Self::Kind => "Kind",
            Self::Reference => "Reference",
            Self::Charged => "Charged",
            Self::Paid => "Paid",
            Self::Effect => "Amount",
            Self::Currency => "Cur",
            Self::Balance => "Balance",
            Self::Note => "",
        }
    }

    pub fn is_amount(self) -> bool {
        matches!(self, Self::Charged | Self::Paid | Self::Effect | Self::Balance)
    }
}

impl Line {
    /// What the line shows in a column, printable.
    pub fn cell(&self, column: Column) -> String {
        let money = |minor: i128| format_amount(minor, self.currency);
        let is_unreadable = self.effect().is_none();
        match column {
            Column::Day => self.date.map_or_else(|| "no day".to_owned(), |day| day.to_string()),
            Column::Kind => self.kind.label().to_owned(),
            Column::Reference => {
                self.reference.as_ref().map(|text| text.shown().into_owned()).unwrap_or_default()
            }
            Column::Charged | Column::Effect if is_unreadable => "?".to_owned(),
            Column::Charged => self.charged.map(money).unwrap_or_default(),
            Column::Paid => self.paid.map(money).unwrap_or_default(),
            Column::Effect => self.effect().map(money).unwrap_or_default(),
            Column::Currency => self.currency.code().to_owned(),
            Column::Balance => money(self.balance),
            Column::Note => self.note(),
        }
    }

    /// Its status, and why it is in no balance.
    fn note(&self) -> String {
        let status = self.status.as_ref().map(|status| status.shown());
        let status = status.as_deref().unwrap_or_default();
        let effect = match self.balance_effect {
            // Its kind says so.
            BalanceEffect::ToCome if !status.is_empty() => String::new(),
            _ => self.balance_effect.to_string(),
        };
        match (effect.as_str(), status.replace('_', " ")) {
            ("", status) => status,
            (effect, _) if effect == status || status.is_empty() => effect.to_owned(),
            (effect, status) => format!("{status}, {effect}"),
        }
    }

    /// Paid less charged, in minor units: what the line does to the balance if it counts.
    pub fn effect(&self) -> Option<i128> {
        match (self.paid, self.charged) {
            (None, None) => None,
            (paid, charged) => Some(paid.unwrap_or_default() - charged.unwrap_or_default()),
        }
    }
}

impl Kind {
    pub fn label(self) -> &'static str {
        match self {
            Self::Invoice => "Invoice",
            Self::CreditNote => "Credit note",
            Self::Penalty => "Penalty",
            Self::Debt => "Debt",
            Self::Payout => "Payout",
            Self::Scheduled => "Scheduled",
        }
    }
}

impl fmt::Display for BalanceEffect {
    /// Nothing for a line that counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts => Ok(()),
            Self::Dropped(word) => f.write_str(word),
            Self::Repeats(number) => write!(f, "owed for {}", number.shown()),
            Self::ToCome => f.write_str("to come"),
        }
    }
}

fn kind_of(role: Role, row: &Record) -> Kind {
    match role {
        Role::Invoices if is_credit_note(row) => Kind::CreditNote,
        Role::Invoices => Kind::Invoice,
        Role::CreditNotes => Kind::CreditNote,
        Role::Penalties => Kind::Penalty,
        Role::Debt => Kind::Debt,
        Role::Transactions => Kind::Payout,
    }
}

fn line(role: Role, at: RowAt, row: &Record) -> Line {
    let kind = kind_of(role, row);
    let minor = amount(row, role);
    let (charged, paid) = match kind {
        Kind::Payout | Kind::Scheduled => (None, minor),
        Kind::CreditNote => (minor.map(|minor| -minor.abs()), None),
        Kind::Invoice | Kind::Penalty | Kind::Debt => (minor, None),
    };
    Line {
        source: Source::Row(at),
        date: dated(row, role),
        kind,
        reference: name(row, role).cloned(),
        status: row.text("status").cloned(),
        charged,
        paid,
        currency: row.currency(),
        balance_effect: balance_effect(kind, row),
        balance: 0,
        is_future: false,
    }
}

/// A waived penalty and a debt that was written off are no longer charged. One that was paid or
/// settled is: the landlord bore it. A `cancelled_on` drops a penalty only while it is open, since it does
/// not undo money that has moved (and the contract does not say what was cancelled).
fn balance_effect(kind: Kind, row: &Record) -> BalanceEffect {
    let has = |words: &[&str]| has_status(row, words) == Some(true);
    match kind {
        // "EURO" and "£" are no currency codes: such amounts cannot be added up.
        _ if row.has_odd_currency() => BalanceEffect::Dropped("unknown currency"),
        Kind::Penalty if has(&["waived"]) => BalanceEffect::Dropped("waived"),
        Kind::Penalty if is_set(row, "cancelled_on") && !has(&["paid", "settled"]) => {
            BalanceEffect::Dropped("cancelled")
        }
        Kind::Debt if has(DROPPED_DEBT) => {
            BalanceEffect::Dropped(if has(&["voided"]) { "voided" } else { "written off" })
        }
        _ => BalanceEffect::Counts,
    }
}

/// Debt over an invoice or a penalty that is charged in this ledger, in the same currency, is the
/// same money again.
fn mark_repeats(lines: &mut [Line], booking: &Conciliation) {
    let mut charged: HashSet<(String, Currency)> = HashSet::new();
    for line in lines.iter().filter(|line| line.balance_effect == BalanceEffect::Counts) {
        if let (Kind::Invoice | Kind::Penalty, Source::Row(at)) = (line.kind, line.source)
            && let Some(row) = booking.row(at)
        {
            let numbers =
                ["doc_number", "document_id", "invoice_number"].map(|name| row.text(name));
            charged.extend(numbers.into_iter().flatten().map(|one| (key_of(one), line.currency)));
        }
    }
    let debts = lines.iter_mut().filter(|line| line.kind == Kind::Debt);
    for line in debts.filter(|line| line.balance_effect == BalanceEffect::Counts) {
        let Source::Row(at) = line.source else { continue };
        let number = booking.row(at).and_then(|row| row.text("invoice_number"));
        if let Some(number) = number
            && charged.contains(&(key_of(number), line.currency))
        {
            line.balance_effect = BalanceEffect::Repeats(number.clone());
        }
    }
}

fn line_to_come(place: usize, row: &Record, balance: &Sums, today: NaiveDate) -> Line {
    let date = day(row, "due_date");
    Line {
        source: Source::Scheduled(place),
        date,
        kind: Kind::Scheduled,
        reference: row.text("type").or_else(|| row.text("id")).cloned(),
        status: row.text("status").cloned(),
        charged: None,
        paid: row.minor("amount").map(i128::from),
        currency: row.currency(),
        balance_effect: BalanceEffect::ToCome,
        balance: balance.of(row.currency()),
        is_future: date.is_some_and(|day| day > today),
    }
}

#[cfg(test)]
mod tests;
