//! The rows of a booking as one ledger with a running total for each currency.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use chrono::NaiveDate;

use super::row::{RowAt, amount, cancelled, dated, has_status, key_of, name, placed};
use super::rules::DROPPED_DEBT;
use super::{Conciliation, Role, SECTIONS};
use crate::domain::money::{Currency, Sums, format_amount};
use crate::domain::text::Untrusted;
use crate::domain::truncate::truncate;
use crate::list::record::Record;
use crate::list::record::sums::{InNoSum, NotSummed};

/// The most cells of an amount that is shown as received.
const LONGEST_AMOUNT: u16 = 27;

/// What the columns of the ledger mean, for the help.
pub const MEANINGS: [(&str, &str); 3] = [
    (
        "Charged",
        "charged to the landlord: invoices (gross), penalties, debt; credit notes are negative",
    ),
    ("Paid", "paid out to the landlord: transactions"),
    (
        "Running total",
        "the previous running total + paid - charged, per currency, starting at zero. Not included: \
         waived penalties; debt that is written off, voided or already invoiced; scheduled payments. \
         The running total is not what anyone owes, because it does not include the rent",
    ),
];

/// All rows of a booking as charges and payouts. A credit note has a negative charge, whichever sign its row
/// has. [`Ledger::running_total`] plus [`Ledger::not_included`] is all payouts minus all charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Sorted by day, by [`Kind`], then in the order of the response; lines without a day last.
    pub lines: Vec<Line>,
    /// In the same order; not included in the running total.
    pub scheduled: Vec<Line>,
    pub running_total: Sums,
    /// Paid minus charged of the lines that do not count, by reason.
    pub not_included: BTreeMap<&'static str, Sums>,
    /// Lines in neither of them.
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
    #[strum(to_string = "Running total")]
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
    /// `cancelled 2026-02-09`: the API does not say what was cancelled, so it changes no figure.
    cancelled: Option<String>,
    /// What the landlord is charged, in minor units.
    pub charged: Option<i128>,
    pub paid: Option<i128>,
    /// The amount as received, if it is not a whole number of minor units.
    pub odd_amount: Option<Untrusted>,
    pub currency: Currency,
    /// The currency as received, if it is not a code.
    pub unknown_currency: Option<Untrusted>,
    pub in_no_sum: Option<InNoSum>,
    pub inclusion: Inclusion,
    /// Of the line's currency after this line, in minor units.
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
pub enum Inclusion {
    Counts,
    /// The charge was dropped; the word says how.
    Dropped(&'static str),
    /// It is owed for this document, which is charged by another line.
    Repeats(Untrusted),
    ToCome,
}

impl Ledger {
    pub fn of(booking: &Conciliation, scheduled: &[Record], today: NaiveDate) -> Self {
        let mut lines = lines(booking);
        lines.extend(scheduled.iter().enumerate().map(|(place, row)| line_to_come(place, row)));
        lines.sort_by_key(Line::order);
        let (mut running_total, mut not_summed) = (Sums::default(), NotSummed::default());
        let mut not_included: BTreeMap<&str, Sums> = BTreeMap::new();
        for line in &mut lines {
            line.is_future = line.date.is_some_and(|day| day > today);
            match (line.inclusion.reason(), line.in_no_sum, line.effect()) {
                _ if line.kind == Kind::Scheduled => {}
                (_, Some(why), _) => not_summed.add(why),
                (None, None, effect) => {
                    running_total.add(effect.unwrap_or_default(), line.currency);
                }
                (Some(why), None, effect) => {
                    let sums = not_included.entry(why).or_default();
                    sums.add(effect.unwrap_or_default(), line.currency);
                }
            }
            line.running_total = running_total.of(line.currency);
        }
        let (scheduled, lines) = lines.into_iter().partition(|line| line.kind == Kind::Scheduled);
        Self { lines, scheduled, running_total, not_included, not_summed }
    }

    /// All lines in one order, scheduled or not; today is between past and future.
    pub fn entries<'a>(&'a self) -> Vec<Entry<'a>> {
        let mut lines: Vec<&'a Line> = self.lines.iter().chain(&self.scheduled).collect();
        lines.sort_by_key(|line| line.order());
        let entry = |line: &'a Line| {
            if line.kind == Kind::Scheduled { Entry::Scheduled(line) } else { Entry::Row(line) }
        };
        let mut entries: Vec<Entry<'a>> = lines.into_iter().map(entry).collect();
        entries.insert(self.past(), Entry::Today);
        entries
    }

    /// The number of entries before today's.
    pub fn past(&self) -> usize {
        let is_past = |line: &&Line| line.date.is_some() && !line.is_future;
        self.lines.iter().chain(&self.scheduled).filter(is_past).count()
    }

    pub fn entry_count(&self) -> usize {
        self.lines.len() + self.scheduled.len() + 1
    }

    /// `EUR -123.49 (already invoiced)`; empty if the running total includes all amounts.
    pub fn not_included_in_words(&self) -> String {
        let each = self.not_included.iter().map(|(why, sums)| format!("{sums} ({why})"));
        each.collect::<Vec<_>>().join(" · ")
    }
}

impl<'a> Entry<'a> {
    pub fn line(self) -> Option<&'a Line> {
        match self {
            Self::Row(line) | Self::Scheduled(line) => Some(line),
            Self::Today => None,
        }
    }
}

impl Column {
    pub fn is_amount(self) -> bool {
        matches!(self, Self::Charged | Self::Paid | Self::Effect | Self::RunningTotal)
    }
}

impl Line {
    /// A line with the amount fields of a row; its source, date and effect are not set.
    fn of(row: &Record, amount: &str, kind: Kind) -> Self {
        let currency = row.currency();
        let named = row.value("currency").raw_text().filter(|_| currency == Currency::UNKNOWN);
        Self {
            source: Source::Scheduled(0),
            date: None,
            kind,
            reference: None,
            status: row.text("status").cloned(),
            cancelled: cancelled(row),
            charged: None,
            paid: None,
            odd_amount: row.value(amount).odd_amount(),
            currency,
            unknown_currency: named.cloned(),
            in_no_sum: row.summand(amount).err(),
            inclusion: Inclusion::ToCome,
            running_total: 0,
            is_future: false,
        }
    }

    pub fn cell(&self, column: Column) -> String {
        let money = |minor: i128| format_amount(minor, self.currency);
        match column {
            Column::Day => self.date.map_or_else(|| "no date".to_owned(), |day| day.to_string()),
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
        let effect = match self.inclusion {
            // The kind already shows it.
            Inclusion::ToCome if !status.is_empty() && self.in_no_sum.is_none() => String::new(),
            _ => self.effect_in_words(),
        };
        let status = status.replace('_', " ");
        let is_repeated = effect.eq_ignore_ascii_case(&status);
        let status = Some(status).filter(|_| !is_repeated);
        let parts = status.into_iter().chain([effect]).chain(self.cancelled.clone());
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// By date, lines without one last; lines of one date by kind.
    fn order(&self) -> (bool, Option<NaiveDate>, Kind) {
        (self.date.is_none(), self.date, self.kind)
    }

    pub fn counts(&self) -> bool {
        self.in_no_sum.is_none() && self.inclusion == Inclusion::Counts
    }

    /// Why the running total does not include it; empty if it does.
    pub fn effect_in_words(&self) -> String {
        let why = self.in_no_sum.map(InNoSum::of_a_row);
        why.map_or_else(|| self.inclusion.to_string(), str::to_owned)
    }

    pub fn is_payout(&self) -> bool {
        matches!(self.kind, Kind::Payout | Kind::Scheduled)
    }

    fn amount_as_it_came(&self) -> String {
        let came = self.odd_amount.as_ref().map(Untrusted::shown).unwrap_or_default();
        truncate(came, LONGEST_AMOUNT).into_owned() + "?"
    }

    /// Paid minus charged, in minor units: what the line adds to the running total if it counts.
    pub fn effect(&self) -> Option<i128> {
        self.paid.or(self.charged)?;
        Some(self.paid.unwrap_or_default() - self.charged.unwrap_or_default())
    }
}

impl Inclusion {
    /// Why lines are not in the running total: the label of their sum.
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Counts => None,
            Self::Dropped(word) => Some(word),
            Self::Repeats(_) => Some("already invoiced"),
            Self::ToCome => Some("scheduled"),
        }
    }
}

impl fmt::Display for Inclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts => Ok(()),
            Self::Dropped(word) => f.write_str(word),
            Self::Repeats(number) => write!(f, "invoiced as {}", number.shown()),
            Self::ToCome => f.write_str("scheduled"),
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
            let counts = line.inclusion == Inclusion::Counts
                && line.in_no_sum != Some(InNoSum::UnknownCurrency);
            if counts && matches!(line.kind, Kind::Invoice | Kind::Penalty) {
                let numbers = ["doc_number", "document_id", "invoice_number"];
                charged.extend(numbers.into_iter().filter_map(key));
            } else if counts
                && line.kind == Kind::Debt
                && let Some(number) = row.reference("invoice_number")
                && charged.contains(&(key_of(number), currency))
            {
                line.inclusion = Inclusion::Repeats(number.clone());
            }
            lines.push(line);
        }
    }
    lines
}

fn line(role: Role, at: RowAt, row: &Record) -> Line {
    let minor = amount(row, role);
    let (kind, charged, paid) = match role {
        Role::Invoices if row.takes_back() => (Kind::CreditNote, minor, None),
        Role::Invoices => (Kind::Invoice, minor, None),
        Role::CreditNotes => (Kind::CreditNote, minor, None),
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
        inclusion: inclusion(kind, row),
        ..Line::of(row, role.kind().spec.amount(), kind)
    }
}

fn inclusion(kind: Kind, row: &Record) -> Inclusion {
    let has = |words: &[&str]| has_status(row, words) == Some(true);
    match kind {
        Kind::Penalty if has(&["waived"]) => Inclusion::Dropped("waived"),
        Kind::Debt if has(DROPPED_DEBT) => {
            Inclusion::Dropped(if has(&["voided"]) { "voided" } else { "written off" })
        }
        _ => Inclusion::Counts,
    }
}

fn line_to_come(place: usize, row: &Record) -> Line {
    Line {
        source: Source::Scheduled(place),
        date: row.date("due_date"),
        reference: row.reference("type").or_else(|| row.reference("id")).cloned(),
        paid: row.minor("amount").map(i128::from),
        ..Line::of(row, "amount", Kind::Scheduled)
    }
}

#[cfg(test)]
mod tests;
