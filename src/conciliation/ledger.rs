//! The rows of a booking as one ledger with a running total for each currency.

use std::collections::HashSet;
use std::fmt;

use chrono::NaiveDate;

use super::row::{RowAt, amount, dated, has_status, is_set, key_of, name, placed};
use super::rules::DROPPED_DEBT;
use super::{Conciliation, Role, SECTIONS};
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::Untrusted;
use crate::domain::truncate::truncate;
use crate::list::record::Record;
use crate::list::record::sums::{InNoSum, NotSummed};

/// Cells of an amount that is shown as it came.
const LONGEST_AMOUNT: u16 = 27;

/// What the columns of the ledger mean, for the help.
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

/// All rows of a booking as charges and payouts. A credit note has a negative charge, whichever sign
/// its row has. [`Ledger::running_total`] plus [`Ledger::left_out`] is all payouts less all charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Sorted by day, by [`Kind`], then in the order of the response; lines without a day last.
    pub lines: Vec<Line>,
    pub until_today: usize,
    /// Sorted by day, those without a day last; not included in the running total.
    pub scheduled: Vec<Line>,
    pub running_total: Sums,
    /// Paid less charged of the lines that do not count.
    pub left_out: Sums,
    /// Lines that are in neither of them.
    pub not_summed: NotSummed,
}

#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    Row(&'a Line),
    Today,
    Scheduled(&'a Line),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
pub enum Column {
    #[strum(to_string = "Date")]
    Day,
    Kind,
    Reference,
    Charged,
    Paid,
    /// Charged and paid as one amount: paid, or charged with a minus sign.
    #[strum(to_string = "Amount")]
    Effect,
    #[strum(to_string = "Cur")]
    Currency,
    #[strum(to_string = "Balance")]
    RunningTotal,
    #[strum(to_string = "")]
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
    pub paid: Option<i128>,
    /// What came as the amount, if it is no whole number of minor units.
    pub odd_amount: Option<Untrusted>,
    pub currency: Currency,
    /// What came as the currency, if it is no code.
    pub unknown_currency: Option<Untrusted>,
    pub in_no_sum: Option<InNoSum>,
    pub balance_effect: BalanceEffect,
    /// Of the line's currency after this line, in minor units; of a scheduled payment, the last one.
    pub running_total: i128,
    pub is_future: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    Row(RowAt),
    Scheduled(usize),
}

/// Lines of one day are in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display)]
pub enum Kind {
    Invoice,
    /// Also one among the invoices.
    #[strum(to_string = "Credit note")]
    CreditNote,
    Penalty,
    Debt,
    Payout,
    Scheduled,
}

/// Whether a line is included in the running total, and if not, why.
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
        let mut lines = lines(booking);
        lines.sort_by_key(|line| (line.date.is_none(), line.date, line.kind));
        let until_today =
            lines.iter().filter(|line| line.date.is_some_and(|day| day <= today)).count();
        let (mut running_total, mut left_out) = (Sums::default(), Sums::default());
        let mut not_summed = NotSummed::default();
        for line in &mut lines {
            line.is_future = line.date.is_some_and(|day| day > today);
            match (line.in_no_sum, line.effect()) {
                (Some(why), _) => not_summed.add(why),
                (None, Some(effect)) if line.counts() => running_total.add(effect, line.currency),
                (None, effect) => left_out.add(effect.unwrap_or_default(), line.currency),
            }
            line.running_total = running_total.of(line.currency);
        }
        let to_come = scheduled.iter().enumerate();
        let mut scheduled: Vec<Line> =
            to_come.map(|(place, row)| line_to_come(place, row, &running_total, today)).collect();
        scheduled.sort_by_key(|line| (line.date.is_none(), line.date));
        Self { lines, until_today, scheduled, running_total, left_out, not_summed }
    }

    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let (past, later) = self.lines.split_at(self.until_today.min(self.lines.len()));
        let rows = past.iter().map(Entry::Row).chain([Entry::Today]);
        rows.chain(later.iter().map(Entry::Row)).chain(self.scheduled.iter().map(Entry::Scheduled))
    }
}

impl Column {
    pub fn is_amount(self) -> bool {
        matches!(self, Self::Charged | Self::Paid | Self::Effect | Self::RunningTotal)
    }
}

impl Line {
    /// A line with what a row says of its amount; its place, day and effect are not filled in.
    fn of(row: &Record, amount: &str, kind: Kind) -> Self {
        let currency = row.currency();
        let named = row.value("currency").raw_text().filter(|_| currency == Currency::UNKNOWN);
        Self {
            source: Source::Scheduled(0),
            date: None,
            kind,
            reference: None,
            status: row.text("status").cloned(),
            charged: None,
            paid: None,
            odd_amount: row.value(amount).odd_amount(),
            currency,
            unknown_currency: named.cloned(),
            in_no_sum: row.summand(amount).err(),
            balance_effect: BalanceEffect::ToCome,
            running_total: 0,
            is_future: false,
        }
    }

    pub fn cell(&self, column: Column) -> String {
        let money = |minor: i128| format_amount(minor, self.currency);
        match column {
            Column::Day => self.date.map_or_else(|| "no day".to_owned(), |day| day.to_string()),
            Column::Kind => self.kind.to_string(),
            Column::Reference => {
                self.reference.as_ref().map(|text| text.shown().into_owned()).unwrap_or_default()
            }
            Column::Effect => self.effect().map_or_else(|| self.amount_as_it_came(), money),
            Column::Charged | Column::Paid => {
                let is_paid = column == Column::Paid;
                let minor = if is_paid { self.paid } else { self.charged };
                match minor {
                    Some(minor) => money(minor),
                    None if is_paid == self.is_payout() => self.amount_as_it_came(),
                    None => String::new(),
                }
            }
            Column::Currency => match &self.unknown_currency {
                Some(text) => text.shown().into_owned(),
                None => self.currency.code().to_owned(),
            },
            Column::RunningTotal if self.unknown_currency.is_some() => String::new(),
            Column::RunningTotal => money(self.running_total),
            Column::Note => self.note(),
        }
    }

    fn note(&self) -> String {
        let status = self.status.as_ref().map(|status| status.shown());
        let status = status.as_deref().unwrap_or_default();
        let effect = match self.balance_effect {
            // Its kind says so.
            BalanceEffect::ToCome if !status.is_empty() && self.in_no_sum.is_none() => {
                String::new()
            }
            _ => self.effect_in_words(),
        };
        match (effect.as_str(), status.replace('_', " ")) {
            ("", status) => status,
            (effect, status) if effect.eq_ignore_ascii_case(&status) || status.is_empty() => {
                effect.to_owned()
            }
            (effect, status) => format!("{status}, {effect}"),
        }
    }

    /// Returns `true` if the balance includes it.
    pub fn counts(&self) -> bool {
        self.in_no_sum.is_none() && self.balance_effect == BalanceEffect::Counts
    }

    /// Why the balance does not include it; empty if it does.
    pub fn effect_in_words(&self) -> String {
        let why = self.in_no_sum.map(InNoSum::of_a_row);
        why.map_or_else(|| self.balance_effect.to_string(), str::to_owned)
    }

    pub fn is_payout(&self) -> bool {
        matches!(self.kind, Kind::Payout | Kind::Scheduled)
    }

    fn amount_as_it_came(&self) -> String {
        let came = self.odd_amount.as_ref().map(Untrusted::shown).unwrap_or_default();
        truncate(came, LONGEST_AMOUNT).into_owned() + "?"
    }

    /// Paid less charged, in minor units: what the line adds to the running total if it counts.
    pub fn effect(&self) -> Option<i128> {
        self.paid.or(self.charged)?;
        Some(self.paid.unwrap_or_default() - self.charged.unwrap_or_default())
    }
}

impl fmt::Display for BalanceEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts => Ok(()),
            Self::Dropped(word) => f.write_str(word),
            Self::Repeats(number) => write!(f, "owed for {}", number.shown()),
            Self::ToCome => f.write_str("to come"),
        }
    }
}

/// The lines of all rows. Debt for an invoice or a penalty that is charged too does not count.
fn lines(booking: &Conciliation) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut charged: HashSet<(String, Currency)> = HashSet::new();
    // The last section is debt, so every invoice and penalty is known before it.
    for kind in &SECTIONS {
        for (at, row) in placed(booking, kind.role) {
            let mut line = line(kind.role, at, row);
            let currency = line.currency;
            let key = |field: &str| Some((key_of(row.reference(field)?), currency));
            let counts = line.balance_effect == BalanceEffect::Counts
                && line.in_no_sum != Some(InNoSum::UnknownCurrency);
            if counts && matches!(line.kind, Kind::Invoice | Kind::Penalty) {
                let numbers = ["doc_number", "document_id", "invoice_number"];
                charged.extend(numbers.into_iter().filter_map(key));
            } else if counts
                && line.kind == Kind::Debt
                && let Some(number) = row.reference("invoice_number")
                && charged.contains(&(key_of(number), currency))
            {
                line.balance_effect = BalanceEffect::Repeats(number.clone());
            }
            lines.push(line);
        }
    }
    lines
}

fn line(role: Role, at: RowAt, row: &Record) -> Line {
    let minor = amount(row, role);
    let returned = minor.map(|minor| -minor.abs());
    let (kind, charged, paid) = match role {
        Role::Invoices if row.takes_back() => (Kind::CreditNote, returned, None),
        Role::Invoices => (Kind::Invoice, minor, None),
        Role::CreditNotes => (Kind::CreditNote, returned, None),
        Role::Penalties => (Kind::Penalty, minor, None),
        Role::Debt => (Kind::Debt, minor, None),
        Role::Transactions => (Kind::Payout, None, minor),
    };
    Line {
        source: Source::Row(at),
        date: dated(row, role),
        reference: name(row, role).cloned(),
        charged,
        paid,
        balance_effect: balance_effect(kind, row),
        ..Line::of(row, role.kind().spec.amount(), kind)
    }
}

/// What was paid or settled is charged: the landlord bore it. A `cancelled_on` drops a penalty only
/// while it is open: it undoes no money that has moved (the contract says not what was cancelled).
fn balance_effect(kind: Kind, row: &Record) -> BalanceEffect {
    let has = |words: &[&str]| has_status(row, words) == Some(true);
    match kind {
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

fn line_to_come(place: usize, row: &Record, running_total: &Sums, today: NaiveDate) -> Line {
    let date = row.date("due_date");
    Line {
        source: Source::Scheduled(place),
        date,
        reference: row.reference("type").or_else(|| row.reference("id")).cloned(),
        paid: row.minor("amount").map(i128::from),
        running_total: running_total.of(row.currency()),
        is_future: date.is_some_and(|day| day > today),
        ..Line::of(row, "amount", Kind::Scheduled)
    }
}

#[cfg(test)]
mod tests;
