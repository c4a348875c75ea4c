//! What changed between two answers about the same booking: rows by their identity, and totals.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::row::{RowAt, rows_label};
use super::{Conciliation, Place, Rows, Section};
use crate::domain::money::Currency;
use crate::domain::text::Untrusted;
use crate::list::record::{Record, Value};

/// What a refresh changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub totals: Vec<Field>,
    /// Sections that only one answer has; their rows are not in `rows`.
    pub sections: Vec<Shape>,
    /// Those of the later answer in their order, then those that are gone.
    pub rows: Vec<Change>,
}

/// A section whose rows are there in one answer only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub section: usize,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Its place in the later answer.
    New(RowAt),
    /// Its place in the earlier answer.
    Gone(RowAt),
    /// Its places in both answers.
    Changed { before: RowAt, after: RowAt, fields: Vec<Field> },
}

/// A value that changed, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: Untrusted,
    /// Printable; empty where there was none.
    pub before: String,
    pub after: String,
}

impl fmt::Display for Field {
    /// The old value beside the new one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_nothing = |text: &str| if text.is_empty() { "nothing" } else { text }.to_owned();
        let (before, after) = (or_nothing(&self.before), or_nothing(&self.after));
        write!(f, "{}: was {before}, now {after}", self.name.shown().replace('_', " "))
    }
}

impl Changes {
    /// Compares an earlier answer with a later one.
    ///
    /// Rows of the same identity are compared in the order in which they came, so that of two alike
    /// transactions one can go. A transaction has no identity but its content: a changed one is
    /// one that is gone and one that is new.
    pub fn between(before: &Conciliation, after: &Conciliation) -> Self {
        let mut changes = Self { totals: totals(before, after), ..Self::default() };
        for (section, (old, new)) in before.sections.iter().zip(&after.sections).enumerate() {
            if let (Rows::Present(old), Rows::Present(new)) = (&old.rows, &new.rows) {
                changes.rows.extend(rows(section, old, new));
            } else if shape(old) != shape(new) {
                changes.sections.push(Shape { section, before: shape(old), after: shape(new) });
            }
        }
        changes
    }

    pub fn is_empty(&self) -> bool {
        self.totals.is_empty() && self.sections.is_empty() && self.rows.is_empty()
    }

    /// What happened to a row of the later answer.
    pub fn of(&self, at: RowAt) -> Option<&Change> {
        self.rows.iter().find(|change| match change {
            Change::New(place) | Change::Changed { after: place, .. } => *place == at,
            Change::Gone(_) => false,
        })
    }
}

fn shape(section: &Section) -> String {
    match (&section.rows, section.place) {
        (Rows::Present(rows), _) => rows_label(rows.len()),
        (Rows::Odd(json), _) => format!("no list: {}", json.shown()),
        (Rows::Absent, Place::Null(_)) => "null".to_owned(),
        (Rows::Absent, _) => "not in the answer".to_owned(),
    }
}

fn totals(before: &Conciliation, after: &Conciliation) -> Vec<Field> {
    let in_order = before.totals.iter().chain(&after.totals).map(|total| &total.name);
    let figure = |booking: &Conciliation, name: &Untrusted| {
        // With the decimals of its rows' currency, where they have one.
        let section = booking.sections.iter().find(|it| it.kind.total == name.expose_raw());
        let currency = section.and_then(|section| section.sums().0.only_currency());
        let figure = booking.total(name.expose_raw());
        figure.map(|it| it.shown(currency.unwrap_or(Currency::NONE))).unwrap_or_default()
    };
    let mut seen = HashSet::new();
    let names = in_order.filter(|name| seen.insert(*name));
    names.filter_map(|name| differing(name, figure(before, name), figure(after, name))).collect()
}

fn differing(name: &Untrusted, before: String, after: String) -> Option<Field> {
    (before != after).then(|| Field { name: name.clone(), before, after })
}

fn rows(section: usize, before: &[Record], after: &[Record]) -> Vec<Change> {
    let mut old: HashMap<u64, Vec<usize>> = HashMap::with_capacity(before.len());
    for (row, record) in before.iter().enumerate().rev() {
        old.entry(record.identity()).or_default().push(row);
    }
    let mut is_kept = vec![false; before.len()];
    let mut changes = Vec::new();
    for (row, record) in after.iter().enumerate() {
        let at = RowAt { section, row };
        let earlier = old.get_mut(&record.identity()).and_then(Vec::pop);
        let Some((row, was)) = earlier.and_then(|row| Some((row, before.get(row)?))) else {
            changes.push(Change::New(at));
            continue;
        };
        if let Some(kept) = is_kept.get_mut(row) {
            *kept = true;
        }
        let fields = fields(was, record);
        if !fields.is_empty() {
            changes.push(Change::Changed { before: RowAt { section, row }, after: at, fields });
        }
    }
    let gone = is_kept.iter().enumerate().filter(|(_, kept)| !**kept);
    changes.extend(gone.map(|(row, _)| Change::Gone(RowAt { section, row })));
    changes
}

/// The fields whose shown values differ, and texts that differ though they are shown alike.
fn fields(before: &Record, after: &Record) -> Vec<Field> {
    let known = after.spec().fields.iter().enumerate().filter_map(|(position, field)| {
        let (old, new) = (before.cell(position), after.cell(position));
        let name = Untrusted::new(field.name);
        match (before.value(field.name), after.value(field.name)) {
            (Value::Text(old), Value::Text(new)) if old != new && old.shown() == new.shown() => {
                Some(Field { name, before: old.spelled_out(), after: new.spelled_out() })
            }
            _ => differing(&name, old.into_owned(), new.into_owned()),
        }
    });
    let json = |record: &Record, key: &Untrusted| {
        let pair = record.extras().iter().find(|(known, _)| known == key);
        pair.map(|(_, json)| json.shown().into_owned()).unwrap_or_default()
    };
    let mut seen = HashSet::new();
    let keys = before.extras().iter().chain(after.extras()).map(|(key, _)| key);
    let extra = keys
        .filter(|key| seen.insert(*key))
        .filter_map(|key| differing(key, json(before, key), json(after, key)));
    known.chain(extra).collect()
}

#[cfg(test)]
mod tests;
