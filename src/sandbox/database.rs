//! All rows of the sandbox, each list in its documented order, and the bookings that exist.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::ground_truth::Special;
use super::json::Object;
use super::row::{Debt, Invoice, Penalty, Reference, Row, Scheduled, Transaction};

/// Rows of a list that is described elsewhere, in the order given.
pub(super) type ExtraRows = Vec<Map<String, Value>>;

pub(super) trait Table: Send + Sync {
    fn count(&self) -> usize;
    /// A field of a row; null for one that does not exist.
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

#[derive(Default)]
pub(super) struct Database {
    pub(super) transactions: Vec<Transaction>,
    pub(super) scheduled: Vec<Scheduled>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) penalties: Vec<Penalty>,
    pub(super) debts: Vec<Debt>,
    /// Every booking, and what is special about it.
    pub(super) bookings: HashMap<Reference, Option<Special>>,
    /// The lists that are described elsewhere, by path.
    pub(super) extra: HashMap<String, ExtraRows>,
}

impl Database {
    /// Sorts each list, newest first: transactions by `issued_on` and penalties by `due_date` as
    /// documented, the others alike; rows without a date come last.
    /// The sort is stable, so that rows of one day keep the order of their stories.
    pub(super) fn sort(&mut self) {
        self.transactions.sort_by_key(|row| Reverse(row.issued_on));
        self.penalties.sort_by_key(|row| Reverse(row.due));
        self.invoices.sort_by_key(|row| Reverse(row.issued_on));
        self.debts.sort_by_key(|row| Reverse(row.due));
        // The next payout is what one asks for, so this list begins with the earliest.
        self.scheduled.sort_by_key(|row| row.due);
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
