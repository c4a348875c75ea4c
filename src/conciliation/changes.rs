//! What changed between two responses for the same booking: rows by their identity, and totals.

mod fields;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use super::row::{RowAt, rows_label};
use super::{Conciliation, Role, Rows};
use crate::domain::money::Currency;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub totals: Vec<Field>,
    /// Sections that only one of the responses has; the values describe the rows in each response.
    pub sections: Vec<Field>,
    pub rows: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    New(RowAt),
    Gone(RowAt),
    Changed(RowAt, Vec<Field>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: Untrusted,
    /// Printable; empty if the response had no value.
    pub before: String,
    pub after: String,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [before, after] =
            [&self.before, &self.after].map(|it| if it.is_empty() { "(empty)" } else { it });
        write!(f, "{}: was {before}, now {after}", self.name.shown().replace('_', " "))
    }
}

impl Changes {
    /// Compares rows of the same identity in their order, so that one of two identical transactions
    /// can be gone. A transaction has no id: a changed one counts as gone and as new.
    pub fn between(before: &Conciliation, after: &Conciliation) -> Self {
        let mut changes = Self { totals: totals(before, after), ..Self::default() };
        for (old, new) in before.sections.iter().zip(&after.sections) {
            if let (Rows::Present(before), Rows::Present(after)) = (&old.rows, &new.rows) {
                changes.rows.extend(rows(old.kind.role, before, after));
            } else {
                let title = Untrusted::new(old.kind.title);
                changes.sections.extend(differing(&title, shape(&old.rows), shape(&new.rows)));
            }
        }
        changes.sections.extend(others(before, after));
        changes
    }

    pub fn is_empty(&self) -> bool {
        self.totals.is_empty() && self.sections.is_empty() && self.rows.is_empty()
    }

    pub fn of(&self, at: RowAt) -> Option<&Change> {
        self.rows.iter().find(|change| match change {
            Change::New(place) | Change::Changed(place, _) => *place == at,
            Change::Gone(_) => false,
        })
    }
}

fn shape(rows: &Rows) -> String {
    match rows {
        Rows::Present(rows) => rows_label(rows.len()),
        Rows::Odd(_) => "no rows".to_owned(),
        Rows::Null(_) => "null".to_owned(),
        Rows::Missing => "not in the response".to_owned(),
    }
}

/// An additional section with the number and the sorted identities of its rows, or a single value.
#[derive(Clone, Default)]
struct Shown {
    name: Untrusted,
    text: String,
    rows: Vec<u64>,
}

/// Additional sections and single values that changed.
fn others(before: &Conciliation, after: &Conciliation) -> Vec<Field> {
    let (old, new) = (by_path(before), by_path(after));
    let paths: BTreeSet<&Untrusted> = old.keys().chain(new.keys()).collect();
    let field = |path: &Untrusted| {
        let name = &new.get(path).or_else(|| old.get(path))?.name;
        let [old, new] = [&old, &new].map(|all| all.get(path).cloned().unwrap_or_default());
        let is_same_number = old.text == new.text && old.rows != new.rows;
        let text = new.text;
        let now = if is_same_number { format!("{text} (changed)") } else { text };
        differing(name, old.text, now)
    };
    paths.into_iter().filter_map(field).collect()
}

fn by_path(booking: &Conciliation) -> BTreeMap<Untrusted, Shown> {
    let mut all: BTreeMap<Untrusted, Shown> = BTreeMap::new();
    for other in booking.others.iter().filter(|other| other.are_rows) {
        let shown = all.entry(other.path.clone()).or_default();
        shown.name = other.title.clone();
        shown.rows.extend(other.rows.iter().map(Record::identity));
        shown.rows.sort_unstable();
        shown.text = rows_label(shown.rows.len());
    }
    let values = booking.others.iter().filter(|other| !other.are_rows);
    for row in values.flat_map(|other| &other.rows) {
        let name = row.text("name").cloned().unwrap_or_default();
        let text = row.text("value").map(|text| text.shown().into_owned()).unwrap_or_default();
        all.insert(name.clone(), Shown { name, text, rows: Vec::new() });
    }
    all
}

fn totals(before: &Conciliation, after: &Conciliation) -> Vec<Field> {
    let in_order = before.totals.iter().chain(&after.totals).map(|total| &total.name);
    let figure = |booking: &Conciliation, name: &Untrusted| {
        // With the decimals of the rows' currency, if they have only one.
        let total = booking.totals.iter().find(|total| total.name == *name)?;
        let section = booking.sections.iter().find(|it| Some(it.kind.total) == total.meaning);
        let currency = section.and_then(|section| section.sums().0.only_currency());
        Some(total.figure.shown(currency.unwrap_or(Currency::NONE)))
    };
    let mut seen = HashSet::new();
    let names = in_order.filter(|name| seen.insert(*name));
    let figure = |booking, name| figure(booking, name).unwrap_or_default();
    names.filter_map(|name| differing(name, figure(before, name), figure(after, name))).collect()
}

fn differing(name: &Untrusted, before: String, after: String) -> Option<Field> {
    (before != after).then(|| Field { name: name.clone(), before, after })
}

fn rows(role: Role, before: &[Record], after: &[Record]) -> Vec<Change> {
    let mut old: HashMap<u64, Vec<usize>> = HashMap::with_capacity(before.len());
    for (row, record) in before.iter().enumerate().rev() {
        old.entry(record.identity()).or_default().push(row);
    }
    let mut changes = Vec::new();
    for (row, record) in after.iter().enumerate() {
        let after = RowAt { role, row };
        let earlier = old.get_mut(&record.identity()).and_then(Vec::pop);
        let Some(was) = earlier.and_then(|row| before.get(row)) else {
            changes.push(Change::New(after));
            continue;
        };
        let fields = fields::changed(was, record);
        if !fields.is_empty() {
            changes.push(Change::Changed(after, fields));
        }
    }
    let mut gone: Vec<usize> = old.into_values().flatten().collect();
    gone.sort_unstable();
    changes.extend(gone.into_iter().map(|row| Change::Gone(RowAt { role, row })));
    changes
}

#[cfg(test)]
mod tests;
