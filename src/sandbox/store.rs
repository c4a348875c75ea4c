//! All rows of the sandbox, each list in its documented order, and the bookings that exist.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::json::{Cell, Node, Object};
use super::known::Special;
use super::row::{Debt, Invoice, Penalty, Reference, Row, Scheduled, Transaction};

/// Rows of one list, without their type.
pub(super) trait Table: Send + Sync {
    fn count(&self) -> usize;
    /// The place of a field among the columns.
    fn column(&self, name: &str) -> Option<usize>;
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;
    /// A whole row for a body.
    fn object(&self, row: usize) -> Object;
}

impl<R: Row> Table for Vec<R> {
    fn count(&self) -> usize {
        self.len()
    }

    fn column(&self, name: &str) -> Option<usize> {
        R::COLUMNS.iter().position(|(column, _)| *column == name)
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.get(row), R::COLUMNS.get(column)) {
            (Some(row), Some((_, tell))) => tell(row),
            _ => Cell::Null,
        }
    }

    fn object(&self, row: usize) -> Object {
        self.get(row).map(to_object).unwrap_or_default()
    }
}

/// A typed row as JSON, its fields in the order of its columns.
pub(super) fn to_object<R: Row>(row: &R) -> Object {
    let fields = R::COLUMNS.iter();
    Object(
        fields.map(|(name, tell)| ((*name).into(), Node::Value(tell(row).into_json()))).collect(),
    )
}

/// Rows of a list that is described elsewhere: JSON as it was given, in the order given.
pub(super) struct JsonRows {
    names: Vec<String>,
    rows: Vec<Map<String, Value>>,
}

impl JsonRows {
    pub(super) fn new(rows: Vec<Map<String, Value>>) -> Self {
        let mut names: Vec<String> = rows.iter().flat_map(Map::keys).cloned().collect();
        names.sort_unstable();
        names.dedup();
        Self { names, rows }
    }
}

impl Table for JsonRows {
    fn count(&self) -> usize {
        self.rows.len()
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|column| column == name)
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let value = self.rows.get(row).zip(self.names.get(column));
        Cell::maybe(value.and_then(|(row, name)| row.get(name)), Cell::Json)
    }

    fn object(&self, row: usize) -> Object {
        let fields = self.rows.get(row).into_iter().flatten();
        Object(
            fields.map(|(name, value)| (name.clone().into(), Node::Value(value.clone()))).collect(),
        )
    }
}

/// Which list a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Transactions,
    Scheduled,
    Invoices,
    Penalties,
    Debts,
    /// The nth list that was described elsewhere.
    Extra(usize),
}

#[derive(Default)]
pub(super) struct Store {
    pub(super) transactions: Vec<Transaction>,
    pub(super) scheduled: Vec<Scheduled>,
    pub(super) invoices: Vec<Invoice>,
    pub(super) penalties: Vec<Penalty>,
    pub(super) debts: Vec<Debt>,
    /// Every booking, and what is special about it.
    pub(super) bookings: HashMap<Reference, Option<Special>>,
    pub(super) extra: Vec<JsonRows>,
}

impl Store {
    /// Puts each list into its order, newest first: transactions by `issued_on` and penalties by
    /// `due_date` as documented, the others by the like; rows without a date come last.
    /// The sort is stable, so that rows of one day keep the order of their stories.
    pub(super) fn sort(&mut self) {
        self.transactions.sort_by_key(|row| Reverse(row.issued_on));
        self.penalties.sort_by_key(|row| Reverse(row.due));
        self.invoices.sort_by_key(|row| Reverse(row.issued_on));
        self.debts.sort_by_key(|row| Reverse(row.due));
        // The next payout is what one asks for, so that this list begins with the earliest.
        self.scheduled.sort_by_key(|row| row.due);
    }

    pub(super) fn table(&self, source: Source) -> &dyn Table {
        match source {
            Source::Transactions => &self.transactions,
            Source::Scheduled => &self.scheduled,
            Source::Invoices => &self.invoices,
            Source::Penalties => &self.penalties,
            Source::Debts => &self.debts,
            Source::Extra(nth) => self.extra.get(nth).map_or(&NOTHING, |rows| rows as &dyn Table),
        }
    }
}

/// An empty list, for a place that does not exist.
static NOTHING: JsonRows = JsonRows { names: Vec::new(), rows: Vec::new() };
