//! Search in the shown columns of all rows, ignoring case and accents.

use chrono::NaiveDate;
use memchr::memmem::Finder;

use crate::domain::names::Names;
use crate::domain::normalize::normalize_into;
use crate::list::record::Record;
use crate::list::{Field, Kind, Rule, Spec};

/// Separates cells. A needle never contains it, so that no match spans two cells.
const END_OF_CELL: char = '\u{1F}';

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needle(String);

impl Needle {
    /// Outer white space is ignored, and `_` is a space, as in statuses on the screen.
    pub fn new(typed: &str) -> Self {
        let mut folded = String::with_capacity(typed.len());
        normalize_into(&mut folded, typed.trim());
        Self(folded.replace('_', " ").chars().filter(|c| !c.is_control()).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The normalized columns of all rows in one text; other fields are not searched.
#[derive(Debug, Clone, Default)]
pub struct Haystack {
    text: String,
    ends: Vec<usize>,
}

impl Haystack {
    pub fn new(spec: &Spec, records: &[Record], names: &Names) -> Self {
        let mut haystack = Self::default();
        haystack.extend(spec, records, names);
        haystack
    }

    /// `names` are those of the owners.
    pub fn extend(&mut self, spec: &Spec, records: &[Record], names: &Names) {
        let is_searched = |field: &Field| field.column.is_some() || field.is_unknown();
        let columns: Vec<(usize, &Field)> =
            spec.fields.iter().enumerate().filter(|(_, field)| is_searched(field)).collect();
        self.ends.reserve(records.len());
        for record in records {
            for (at, field) in &columns {
                self.push(&record.cell(*at), field.kind);
            }
            for derived in spec.derived.iter().filter(|derived| derived.rule != Rule::Days) {
                self.push(&derived.cell(record, NaiveDate::default(), names), Kind::Text);
            }
            self.ends.push(self.text.len());
        }
    }

    fn push(&mut self, cell: &str, kind: Kind) {
        if cell.is_empty() {
            return;
        }
        if cell.contains('_') {
            normalize_into(&mut self.text, &cell.replace('_', " "));
        } else {
            normalize_into(&mut self.text, cell);
        }
        self.text.push(END_OF_CELL);
        // Amounts are found with and without thousands separators.
        if kind.is_amount() && cell.contains(',') {
            self.text.extend(cell.chars().filter(|c| *c != ','));
            self.text.push(END_OF_CELL);
        }
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn find(&self, needle: &Needle) -> Vec<u32> {
        self.find_from(0, needle)
    }

    /// Like [`Self::find`], starting at the row `first`.
    pub fn find_from(&self, first: usize, needle: &Needle) -> Vec<u32> {
        if needle.is_empty() {
            return (0..).take(self.len()).skip(first).collect();
        }
        let finder = Finder::new(needle.0.as_bytes());
        let text = self.text.as_bytes();
        let mut found = Vec::new();
        let before = first.checked_sub(1).and_then(|last| self.ends.get(last));
        let (mut row, mut from) = (first.min(self.len()), before.copied().unwrap_or(0));
        // Looking only where a shorter needle was found takes longer (measured over 100,000 rows).
        while let Some(at) = text.get(from..).and_then(|rest| finder.find(rest)) {
            let at = from + at;
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

#[cfg(test)]
mod tests;
