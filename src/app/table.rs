//! A table of records with its cursor. The cursor follows the record, not the row number.

use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::columns;
use super::keymap::Step;
use crate::domain::money::Sums;
use crate::resource::Spec;
use crate::resource::record::{self, Record};

/// Records in the order of the server, and where the user is in them.
#[derive(Debug, Clone)]
pub struct Table {
    spec: &'static Spec,
    amount: &'static str,
    records: Vec<Record>,
    identities: HashSet<u64>,
    widths: Vec<u16>,
    sums: Sums,
    cursor: usize,
    top: usize,
    column: usize,
}

impl Table {
    /// An empty table that sums the field `amount`.
    #[must_use]
    pub fn new(spec: &'static Spec, amount: &'static str) -> Self {
        Self {
            spec,
            amount,
            records: Vec::new(),
            identities: HashSet::new(),
            widths: vec![0; spec.fields.len()],
            sums: Sums::default(),
            cursor: 0,
            top: 0,
            column: 0,
        }
    }

    /// The list that the records belong to.
    #[must_use]
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The records that were fetched.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The record under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&Record> {
        self.records.get(self.cursor)
    }

    /// The row of the cursor, from 0.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The first row on the screen, from 0.
    #[must_use]
    pub fn top(&self) -> usize {
        self.top
    }

    /// The column cursor: which of [`columns::of`] it stands on.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// The position of the field under the column cursor.
    #[must_use]
    pub fn field(&self) -> usize {
        columns::of(self.spec).nth(self.column).map_or(0, |(field, _)| field)
    }

    /// The cells that the widest value of each field takes.
    #[must_use]
    pub fn widths(&self) -> &[u16] {
        &self.widths
    }

    /// The sums of the fetched records, one for each currency.
    #[must_use]
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// Puts these records in the place of all others; the cursor stays on its record, or on its row
    /// where the record is gone.
    pub fn replace(&mut self, records: Vec<Record>) {
        let selected = self.selected().map(Record::identity);
        let nearest = |at: &usize| at.abs_diff(self.cursor);
        let found = records
            .iter()
            .enumerate()
            .filter(|(_, record)| Some(record.identity()) == selected)
            .map(|(at, _)| at)
            .min_by_key(nearest);
        self.records.clear();
        self.identities.clear();
        self.widths.fill(0);
        self.sums = Sums::default();
        let on_screen = self.cursor - self.top;
        self.extend(records);
        self.cursor = found.unwrap_or(self.cursor).min(self.records.len().saturating_sub(1));
        self.top = self.cursor.saturating_sub(on_screen);
    }

    /// Adds records at the end. One that is there already (a row moved between two pages meanwhile)
    /// is left out where the list tells records apart. Gives the number that was added.
    pub fn extend(&mut self, records: Vec<Record>) -> usize {
        let before = self.records.len();
        for record in records {
            let is_new = self.identities.insert(record.identity());
            if is_new || self.spec.identity.is_empty() {
                self.measure(&record);
                self.records.push(record);
            }
        }
        let added = self.records.get(before..).unwrap_or_default();
        self.sums.merge(&record::sums(added, self.amount).0);
        self.records.len() - before
    }

    fn measure(&mut self, record: &Record) {
        for (field, _) in columns::of(self.spec) {
            let cells = u16::try_from(record.cell(field).width()).unwrap_or(u16::MAX);
            if let Some(width) = self.widths.get_mut(field) {
                *width = cells.max(*width);
            }
        }
    }

    /// Moves the cursor in a window of `height` rows.
    pub fn step(&mut self, step: Step, height: usize) {
        let page = height.max(1);
        let half = (height / 2).max(1);
        let last = self.records.len().saturating_sub(1);
        self.cursor = match step {
            Step::Down => self.cursor + 1,
            Step::Up => self.cursor.saturating_sub(1),
            Step::HalfDown => self.cursor + half,
            Step::HalfUp => self.cursor.saturating_sub(half),
            Step::PageDown => self.cursor + page,
            Step::PageUp => self.cursor.saturating_sub(page),
            Step::First => 0,
            Step::Last => last,
        }
        .min(last);
        // A page moves the window as a whole, so that the eye finds the cursor where it was.
        self.top = match step {
            Step::PageDown => self.top + page,
            Step::HalfDown => self.top + half,
            Step::PageUp => self.top.saturating_sub(page),
            Step::HalfUp => self.top.saturating_sub(half),
            _ => self.top,
        };
        self.settle(height);
    }

    /// Moves the column cursor by one.
    pub fn step_column(&mut self, is_right: bool) {
        let last = columns::of(self.spec).count().saturating_sub(1);
        self.column =
            if is_right { self.column + 1 } else { self.column.saturating_sub(1) }.min(last);
    }

    /// Keeps the cursor inside a window of `height` rows, and the window inside the table.
    pub fn settle(&mut self, height: usize) {
        let height = height.max(1);
        let lowest_top = self.records.len().saturating_sub(height);
        let least = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.min(lowest_top).clamp(least, self.cursor.max(least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn penalty(id: usize) -> Record {
        let spec = Spec::named("penalties").unwrap();
        Record::read(spec, &format!(r#"{{"id":"{id}","amount":{id},"currency":"EUR"}}"#))
    }

    fn table(ids: impl IntoIterator<Item = usize>) -> Table {
        let mut table = Table::new(Spec::named("penalties").unwrap(), "amount");
        table.extend(ids.into_iter().map(penalty).collect());
        table
    }

    #[test]
    fn the_cursor_follows_its_record_through_a_refresh() {
        let mut table = table(0..50);
        for _ in 0..30 {
            table.step(Step::Down, 10);
        }
        table.replace([100, 101].into_iter().chain(0..50).map(penalty).collect());
        assert_eq!(table.cursor(), 32);
        assert_eq!(table.cursor() - table.top(), 9);
        table.replace((40..50).map(penalty).collect());
        assert_eq!(table.cursor(), 9);
    }

    #[test]
    fn rows_that_moved_between_pages_are_not_doubled() {
        let mut table = table(0..10);
        assert_eq!(table.extend((8..12).map(penalty).collect()), 2);
        assert_eq!(table.records().len(), 12);
        assert_eq!(table.sums().to_string(), "EUR 0.66");
    }

    #[test]
    fn equal_transactions_are_all_kept_since_nothing_tells_them_apart() {
        let spec = Spec::named("transactions").unwrap();
        let mut table = Table::new(spec, "amount");
        let twice = || Record::read(spec, r#"{"amount":5,"currency":"EUR"}"#);
        assert_eq!(table.extend(vec![twice(), twice()]), 2);
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_in_the_window(
            rows in 0usize..60, steps in proptest::collection::vec((0u8..8, 0usize..30), 1..60)
        ) {
            let all = [Step::Down, Step::Up, Step::HalfDown, Step::HalfUp, Step::PageDown,
                       Step::PageUp, Step::First, Step::Last];
            let mut table = table(0..rows);
            for (step, height) in steps {
                table.step(all[usize::from(step)], height);
                prop_assert!(table.cursor() < rows.max(1));
                prop_assert!(table.top() <= table.cursor());
                prop_assert!(table.cursor() < table.top() + height.max(1));
            }
        }
    }
}
