//! All rows of the sandbox, each list in its documented order, and the bookings that exist.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::calendar::stamp;
use super::ground_truth::Special;
use super::json::Object;
use super::row::{Debt, Invoice, Penalty, Reference, Row, Scheduled, Transaction};

pub(super) type ExtraRows = Vec<Map<String, Value>>;

pub(super) trait Table: Send + Sync {
    fn count(&self) -> usize;
    fn value(&self, row: usize, field: &str) -> Value;
    fn object(&self, row: usize) -> Object;
}

impl<R: Row> Table for Vec<R> {
    fn count(&self) -> usize {
        self.len()
    }

    fn value(&self, row: usize, field: &str) -> Value {
        let column = R::COLUMNS.iter().find(|(name, _)| *name == field);
        self.get(row).zip(column).map_or(Value::Null, |(row, (_, value))| value(row))
    }

    fn object(&self, row: usize) -> Object {
        self.get(row).map(to_object).unwrap_or_default()
    }
}

pub(super) fn to_object<R: Row>(row: &R) -> Object {
    Object(R::COLUMNS.iter().map(|(name, value)| ((*name).into(), value(row).into())).collect())
}

impl Table for ExtraRows {
    fn count(&self) -> usize {
        self.len()
    }

    fn value(&self, row: usize, field: &str) -> Value {
        self.get(row).and_then(|row| row.get(field)).cloned().unwrap_or_default()
    }

    fn object(&self, row: usize) -> Object {
        let fields = self.get(row).into_iter().flatten();
        Object(fields.map(|(name, value)| (name.clone().into(), value.clone().into())).collect())
    }
}

/// A change to a row after the stories; the text is the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    Paid(String),
    /// The new amount of a penalty, in minor units.
    Amount(String, i64),
    /// The penalty is not served, as if it had not been raised yet.
    Withheld(String),
    WrittenOff(String),
    /// The new status of a debt, which may be undocumented.
    Status(String, &'static str),
}

#[derive(Default)]
pub(super) struct Database {
    pub(super) transactions: Vec<Transaction>,
    pub(super) scheduled: Vec<Scheduled>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) penalties: Vec<Penalty>,
    pub(super) debts: Vec<Debt>,
    pub(super) bookings: HashMap<Reference, Option<Special>>,
    pub(super) extra: HashMap<String, ExtraRows>,
}

impl Database {
    /// Newest first, as documented; rows without a date last, rows of one day in their order.
    pub(super) fn sort(&mut self) {
        self.transactions.sort_by_key(|row| Reverse(row.issued_on));
        self.penalties.sort_by_key(|row| Reverse(row.due));
        self.invoices.sort_by_key(|row| Reverse(row.issued_on));
        self.debts.sort_by_key(|row| Reverse(row.due));
        // This list starts with the earliest, because users look for the next payout.
        self.scheduled.sort_by_key(|row| row.due);
    }

    /// Applies the time since the day of the stories: payouts that fell due were paid, and debts became
    /// overdue.
    pub(super) fn pass_time(&mut self, today: NaiveDate) {
        let is_due = |row: &Scheduled| row.status == "upcoming" && row.due <= today;
        let (due, later) = std::mem::take(&mut self.scheduled).into_iter().partition(is_due);
        self.scheduled = later;
        self.transactions.extend(<Vec<Scheduled>>::into_iter(due).map(|row| Transaction {
            booking: row.booking,
            account: row.account,
            kind: "Transfer",
            amount: row.amount,
            issued_on: row.due,
            currency: row.currency,
        }));
        for debt in self.debts.iter_mut().filter(|row| row.status == "pending" && row.due < today) {
            debt.status = "overdue";
        }
        self.sort();
    }

    pub(super) fn revise(&mut self, revision: &Revision, today: NaiveDate) {
        let (Revision::Paid(id)
        | Revision::Amount(id, _)
        | Revision::Withheld(id)
        | Revision::WrittenOff(id)
        | Revision::Status(id, _)) = revision;
        let penalty = self.penalties.iter_mut().find(|row| row.id.to_string() == *id);
        let debt = self.debts.iter_mut().find(|row| row.id.to_string() == *id);
        match (revision, penalty, debt) {
            (Revision::Paid(_), Some(penalty), _) => {
                penalty.status = "paid";
                penalty.closed = Some(stamp(today, 3));
            }
            (Revision::Amount(_, minor), Some(penalty), _) => penalty.amount = *minor,
            (Revision::Withheld(_), ..) => self.penalties.retain(|row| row.id.to_string() != *id),
            (Revision::WrittenOff(_), _, Some(debt)) => {
                debt.status = "written_off";
                debt.closed = Some(stamp(today, 3));
            }
            (Revision::Status(_, status), _, Some(debt)) => debt.status = status,
            _ => {}
        }
    }

    pub(super) fn table(&self, path: &str) -> &dyn Table {
        static EMPTY: ExtraRows = Vec::new();
        match path {
            "transactions" => &self.transactions,
            "transactions/scheduled" => &self.scheduled,
            "invoices" => &self.invoices,
            "penalties" => &self.penalties,
            "debtors" => &self.debts,
            _ => self.extra.get(path).unwrap_or(&EMPTY),
        }
    }
}
