//! The fields in the rows of a page: their keys and values.

use std::collections::{HashMap, HashSet};

use crate::domain::text::Untrusted;
use crate::list::record::{Row, walk_value};
use crate::list::roles::Seen;
use crate::list::{Field, Spec};

/// The maximum bytes of a field's keys; a field with longer keys has no column.
const LONGEST_NAME: usize = 200;
/// The maximum examined fields of a page; further ones stay with their rows.
const MOST_FOUND: usize = 200;
/// The maximum fields from which these are chosen: only a hostile page has more.
const MOST_KEPT: usize = 5_000;
/// The maximum digits of a name such as `address_2`; ids and months as keys have more.
const MOST_DIGITS: usize = 2;
/// An object with at least this many keys, each in few of its rows, has ids or names as keys.
const MANY_KEYS: usize = 8;

/// A field of a page: its keys, and its JSON values without null and empty ones.
pub(super) struct Found<'a> {
    pub(super) path: Vec<String>,
    pub(super) values: Vec<&'a str>,
    /// The indexes of the objects around it.
    around: Vec<usize>,
    /// The object around it whose keys are data, such as ids, which must not name a column.
    pub(super) by_data: Option<String>,
}

impl Found<'_> {
    pub(super) fn is_named(&self, name: &str) -> bool {
        matches!(&self.path[..], [key] if key == name)
    }

    pub(super) fn is_free(&self, fields: &[Field]) -> bool {
        !self.values.is_empty()
            && self.by_data.is_none()
            && !fields.iter().any(|field| field.is_at(&self.path))
    }

    pub(super) fn keys(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    pub(super) fn seen<'s>(&'s self, keys: &'s [&'s str]) -> Seen<'s> {
        Seen { path: keys, values: &self.values }
    }
}

/// Returns `true` unless the value is null or an empty object, which identify no field.
fn tells(json: &str) -> bool {
    !matches!(json, "null" | "{}" | "[]")
}

/// Returns `true` if a value that no field of the list holds is under new keys. Keys within the objects
/// `by_data` are never new.
pub(super) fn is_new(
    known: &Spec,
    by_data: &HashSet<String>,
    (key, json): &(Untrusted, Untrusted),
) -> bool {
    let (key, json) = (key.expose_raw(), json.expose_raw());
    let is_within = |path: &str, outer: &str| {
        path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let is_new = |keys: &[&str], json: &str| {
        let length: usize = keys.iter().map(|key| key.len() + 1).sum();
        if length > LONGEST_NAME || !tells(json) {
            return false;
        }
        let path = keys.join(".");
        !by_data.iter().any(|outer| is_within(&path, outer))
            && !known.fields.iter().any(|it| it.joins_to(&path))
    };
    let mut has_new = false;
    walk_value(&[key], json, &mut |keys, raw| has_new |= is_new(keys, raw.get()));
    has_new
}

/// The fields of a page: those of the rows, then those inside objects, each sorted by their keys, so
/// that the order of rows and keys does not matter.
pub(super) fn fields_of<'a>(rows: &[Row<'a>]) -> Vec<Found<'a>> {
    let mut all = Fields::default();
    for (number, row) in rows.iter().enumerate() {
        (all.next, all.row) = (0, number);
        row.walk(&mut |path, raw| all.add(path, raw.get()));
    }
    all.mark_data();
    let mut all = all.found;
    all.sort_by(|one, other| (one.path.len(), &one.path).cmp(&(other.path.len(), &other.path)));
    all.truncate(MOST_FOUND);
    all
}

/// An object of the rows.
#[derive(Default)]
struct Outer {
    keys: HashSet<String>,
    /// The number of rows that have it, and the last of them.
    rows: usize,
    last: Option<usize>,
    /// The fields within it, and how often any of them occurs, nulls included.
    fields: usize,
    values: usize,
}

impl Outer {
    fn is_sparse(&self) -> bool {
        self.keys.len() >= MANY_KEYS && self.values * 4 <= self.fields * self.rows
    }

    /// Returns `true` if this key is one of several that contain an id or a date.
    fn is_id(&self, key: &str) -> bool {
        let is_id = |key: &str| key.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS;
        is_id(key) && self.keys.iter().filter(|key| is_id(key)).nth(1).is_some()
    }
}

#[derive(Default)]
struct Fields<'a> {
    found: Vec<Found<'a>>,
    places: HashMap<Vec<String>, usize>,
    outer: Vec<Outer>,
    outer_places: HashMap<Vec<String>, usize>,
    row: usize,
    /// The field that probably comes next: rows mostly have their fields in the same order.
    next: usize,
}

impl<'a> Fields<'a> {
    fn add(&mut self, path: &[&str], json: &'a str) {
        let is_next = self.found.get(self.next).is_some_and(|found| found.path == path);
        let Some(at) = Some(self.next).filter(|_| is_next).or_else(|| self.place(path)) else {
            return;
        };
        self.next = at + 1;
        let Some(found) = self.found.get_mut(at) else { return };
        for at in &found.around {
            let Some(outer) = self.outer.get_mut(*at) else { continue };
            outer.values += 1;
            if outer.last != Some(self.row) {
                (outer.rows, outer.last) = (outer.rows + 1, Some(self.row));
            }
        }
        if tells(json) {
            found.values.push(json);
        }
    }

    /// `None` if the limit is reached.
    fn place(&mut self, path: &[&str]) -> Option<usize> {
        let length: usize = path.iter().map(|key| key.len() + 1).sum();
        if length > LONGEST_NAME {
            return None;
        }
        let keys: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        if let Some(at) = self.places.get(&keys) {
            return Some(*at);
        }
        let at = self.found.len();
        if at >= MOST_KEPT {
            return None;
        }
        let around =
            (1..keys.len()).filter_map(|end| self.place_outer(keys.get(..=end)?)).collect();
        let found = Found { path: keys.clone(), values: Vec::new(), around, by_data: None };
        self.found.push(found);
        self.places.insert(keys, at);
        Some(at)
    }

    /// Counts a field in the object around the last of these keys.
    fn place_outer(&mut self, keys: &[String]) -> Option<usize> {
        let (key, outer) = keys.split_last()?;
        let at = *self.outer_places.entry(outer.to_vec()).or_insert(self.outer.len());
        if at == self.outer.len() {
            self.outer.push(Outer::default());
        }
        let outer = self.outer.get_mut(at)?;
        outer.fields += 1;
        if !outer.keys.contains(key) {
            outer.keys.insert(key.clone());
        }
        Some(at)
    }

    fn mark_data(&mut self) {
        for found in &mut self.found {
            let outer = found.around.iter().filter_map(|at| self.outer.get(*at));
            let mut outer = (1..).zip(outer);
            let by_data = outer.find(|(end, outer)| {
                outer.is_sparse() || found.path.get(*end).is_some_and(|key| outer.is_id(key))
            });
            found.by_data = by_data.and_then(|(end, _)| Some(found.path.get(..end)?.join(".")));
        }
    }
}
