//! The fields that the rows of a page have: their keys and their values.

use std::collections::{HashMap, HashSet};

use crate::domain::text::Untrusted;
use crate::list::record::Row;
use crate::list::roles::Seen;
use crate::list::{Field, Spec};

/// Bytes of the keys of a field; one with longer ones has no column.
const LONGEST_NAME: usize = 200;
/// Fields of a page that are looked at; those behind them stay with their rows.
const MOST_FOUND: usize = 200;
/// Fields among which these are chosen: only a hostile page has more.
const MOST_KEPT: usize = 5_000;
/// Digits of a name such as `address_2`; the keys of an object by id or by month have more.
const MOST_DIGITS: usize = 2;
/// An object with at least this many keys, each in few of its rows, is one by id or by name.
const MANY_KEYS: usize = 8;

/// A field of a page: its keys, its JSON values without those that tell nothing.
pub(super) struct Found<'a> {
    pub(super) path: Vec<String>,
    pub(super) values: Vec<&'a str>,
    /// Whether a key is data, as that of an object by id: nothing that a column is named after.
    is_by_data: bool,
}

impl<'a> Found<'a> {
    pub(super) fn is_named(&self, name: &str) -> bool {
        matches!(&self.path[..], [key] if key == name)
    }

    pub(super) fn is_free(&self, fields: &[Field]) -> bool {
        !self.values.is_empty()
            && !self.is_by_data
            && !fields.iter().any(|field| field.is_at(&self.path))
    }

    pub(super) fn keys(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    pub(super) fn seen<'s>(&self, keys: &'s [&'s str]) -> Seen<'s>
    where
        'a: 's,
    {
        Seen { path: keys, values: self.values.clone() }
    }
}

/// Whether a value says anything: nothing can be recognized by a null or an empty object.
fn tells(json: &str) -> bool {
    !matches!(json, "null" | "{}" | "[]")
}

/// Whether what no field of the list holds has a value under keys that are new.
pub(super) fn is_new(known: &Spec, (key, json): &(Untrusted, Untrusted)) -> bool {
    let (key, json) = (key.expose_raw(), json.expose_raw());
    let is_new = |inner: &[&str], json: &str| {
        let mut path = key.to_owned();
        path.extend(inner.iter().flat_map(|key| [".", key]));
        tells(json)
            && path.len() < LONGEST_NAME
            && !known.fields.iter().any(|it| it.joins_to(&path))
    };
    let row = Row::new(json);
    let mut has_new = !row.is_object() && is_new(&[], json);
    row.walk(&mut |inner, raw| has_new |= is_new(inner, raw.get()));
    has_new
}

/// The fields of a page: those of the rows themselves, then those inside of objects, each by their
/// keys, so that the order of rows and keys decides nothing.
pub(super) fn fields_of<'a>(rows: &[Row<'a>]) -> Vec<Found<'a>> {
    let mut all = Fields::default();
    for row in rows {
        all.next = 0;
        row.walk(&mut |path, raw| all.add(path, raw.get()));
    }
    let mut all = all.found;
    all.sort_by(|one, other| (one.path.len(), &one.path).cmp(&(other.path.len(), &other.path)));
    all.truncate(MOST_FOUND);
    mark_data(&mut all, rows.len());
    all
}

#[derive(Default)]
struct Fields<'a> {
    found: Vec<Found<'a>>,
    places: HashMap<Vec<String>, usize>,
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
        if let Some(found) = self.found.get_mut(at).filter(|_| tells(json)) {
            found.values.push(json);
        }
    }

    /// `None` if there is no room for it.
    fn place(&mut self, path: &[&str]) -> Option<usize> {
        let keys: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        if let Some(at) = self.places.get(&keys) {
            return Some(*at);
        }
        let at = self.found.len();
        let length: usize = path.iter().map(|key| key.len() + 1).sum();
        if length > LONGEST_NAME || at >= MOST_KEPT {
            return None;
        }
        self.found.push(Found { path: keys.clone(), values: Vec::new(), is_by_data: false });
        self.places.insert(keys, at);
        Some(at)
    }
}

fn mark_data(all: &mut [Found<'_>], rows: usize) {
    let mut inside: HashMap<&[String], HashSet<&String>> = HashMap::new();
    let mut values: HashMap<&[String], usize> = HashMap::new();
    for found in &*all {
        for (at, key) in found.path.iter().enumerate().skip(1) {
            let Some(outer) = found.path.get(..at) else { continue };
            inside.entry(outer).or_default().insert(key);
            *values.entry(outer).or_default() += found.values.len();
        }
    }
    let is_sparse = |outer: &[String]| {
        let keys = inside.get(outer).map_or(0, HashSet::len);
        let values = values.get(outer).copied().unwrap_or(0);
        keys >= MANY_KEYS && values * 4 <= keys * rows
    };
    let is_id = |key: &String| key.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS;
    let is_by_data = |path: &[String]| {
        let mut inner = (1..path.len()).filter_map(|at| Some((path.get(..at)?, path.get(at)?)));
        inner.any(|(outer, key)| is_id(key) || is_sparse(outer))
    };
    let marks: Vec<bool> = all.iter().map(|found| is_by_data(&found.path)).collect();
    all.iter_mut().zip(marks).for_each(|(found, mark)| found.is_by_data = mark);
}
