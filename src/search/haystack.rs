//! The shown columns of all rows in one text, in which needles are found.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::thread;

use chrono::NaiveDate;
use memchr::memmem::Finder;

use crate::domain::money::Currency;
use crate::domain::names::Names;
use crate::domain::normalize::normalize_into;
use crate::domain::typed::account_number;
use crate::list::record::Record;
use crate::list::{Field, Kind, Rule, Spec};

use super::needle::{ACCOUNT, END_OF_CELL, Needle, Sought};

/// Rows for which a thread of its own is worth it.
const SMALLEST_PART: usize = 4_000;

/// The normalized columns of all rows in one text; other fields are not searched.
#[derive(Debug, Clone, Default)]
pub struct Haystack {
    text: String,
    ends: Vec<usize>,
}

impl Haystack {
    /// On all processors, as the user waits for it.
    pub fn new(spec: &Spec, records: &[Record], names: &Names) -> Self {
        let at_once = thread::available_parallelism().map_or(1, usize::from);
        let part = records.len().div_ceil(at_once).max(SMALLEST_PART);
        let made = |records: &[Record]| {
            let mut haystack = Self::default();
            haystack.extend(spec, records, names);
            haystack
        };
        let mut parts = records.chunks(part);
        let own = parts.next().unwrap_or_default();
        thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(move || made(part))).collect();
            let first = made(own);
            others.into_iter().fold(first, |all, other| match other.join() {
                Ok(other) => all.and(&other),
                Err(panic) => resume_unwind(panic),
            })
        })
    }

    fn and(mut self, other: &Self) -> Self {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
        self
    }

    /// `names` are the names of the owners.
    pub fn extend(&mut self, spec: &Spec, records: &[Record], names: &Names) {
        let is_searched = |field: &Field| field.column.is_some() || field.is_unknown();
        let columns: Vec<(usize, &Field)> =
            spec.fields.iter().enumerate().filter(|(_, field)| is_searched(field)).collect();
        self.ends.reserve(records.len());
        for record in records {
            let currency = record.currency();
            for (at, field) in &columns {
                let cell = record.cell(*at);
                match field.kind {
                    _ if cell.is_empty() => {}
                    Kind::Minor => self.push_amount(&cell, currency),
                    Kind::MinorEur => self.push_amount(&cell, Currency::EUR),
                    kind => self.push(&cell, kind),
                }
            }
            for derived in spec.derived.iter().filter(|derived| derived.rule != Rule::Days) {
                self.push(&derived.cell(record, NaiveDate::default(), names), Kind::Text);
            }
            self.ends.push(self.text.len());
        }
    }

    fn push(&mut self, cell: &str, kind: Kind) {
        let account = if kind == Kind::Text { account_number(cell) } else { None };
        if let Some(account) = &account {
            self.text.push(ACCOUNT.into());
            normalize_into(&mut self.text, account);
            self.end_cell();
        }
        // A cell with only the number is found by the number.
        if account.is_some_and(|account| account.len() == cell.len()) {
            return;
        }
        if cell.contains('_') {
            normalize_into(&mut self.text, &cell.replace('_', " "));
        } else {
            normalize_into(&mut self.text, cell);
        }
        self.end_cell();
    }

    fn end_cell(&mut self) {
        self.text.push(END_OF_CELL.into());
    }

    fn push_amount(&mut self, cell: &str, currency: Currency) {
        if currency != Currency::UNKNOWN {
            self.text.push_str(currency.code());
        }
        normalize_into(&mut self.text, cell);
        self.end_cell();
        // Amounts are found with and without thousands separators.
        if cell.contains(',') {
            self.text.extend(cell.chars().filter(|c| *c != ','));
            self.end_cell();
        }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The rows from `first` on that match all needles.
    pub fn find(&self, first: usize, needles: &[Needle]) -> Vec<u32> {
        let Some((needle, others)) = needles.split_first() else {
            return (0..).take(self.len()).skip(first).collect();
        };
        let mut found = match needle.texts() {
            [text] => self.find_text(first, text),
            texts => {
                let each = texts.iter().flat_map(|text| self.find_text(first, text));
                each.collect::<BTreeSet<u32>>().into_iter().collect()
            }
        };
        found.retain(|row| {
            let row = self.row(*row as usize);
            others.iter().all(|needle| needle.is_in(row))
        });
        found
    }

    fn row(&self, row: usize) -> &[u8] {
        let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let to = self.ends.get(row).copied().unwrap_or(self.text.len());
        self.text.as_bytes().get(from.unwrap_or(0)..to).unwrap_or_default()
    }

    fn find_text(&self, first: usize, needle: &Sought) -> Vec<u32> {
        let finder = Finder::new(needle.text.as_bytes());
        let text = self.text.as_bytes();
        let mut found = Vec::new();
        let before = first.checked_sub(1).and_then(|last| self.ends.get(last));
        let (mut row, mut from) = (first.min(self.len()), before.copied().unwrap_or(0));
        // Searching only the matches of a shorter needle is slower (measured with 100,000 rows).
        while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + at;
            if !needle.is_at(at, text) {
                from = at + 1;
                continue;
            }
            row += self.ends.get(row..).map_or(0, |ends| rows_before(ends, at));
            let Some(end) = self.ends.get(row) else { break };
            found.push(u32::try_from(row).unwrap_or(u32::MAX));
            from = *end;
            row += 1;
        }
        found
    }
}

/// Rows that end before or at `at`. Matches are mostly near: a few rows are tried first.
fn rows_before(ends: &[usize], at: usize) -> usize {
    const NEAR: usize = 8;
    let near = ends.iter().take(NEAR).position(|end| *end > at);
    near.unwrap_or_else(|| ends.partition_point(|end| *end <= at))
}
