//! The fields that the rows of a page have: their keys and their values.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::text::Untrusted;
use crate::list::record::Row;
use crate::list::roles::Seen;
use crate::list::{Field, Spec};

/// Bytes of the keys of a field; one with longer ones has no column.
const LONGEST_NAME: usize = 200;
/// Fields of a page that are looked at; those behind them stay with their rows.
const MOST_FOUND: usize = 200;
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
    let mut all: BTreeMap<String, Found<'a>> = BTreeMap::new();
    let mut place = String::new();
    for row in rows {
        row.walk(&mut |path, raw| {
            place.clear();
            place.extend(char::from_digit(u32::try_from(path.len()).unwrap_or(9), 10));
            place.extend(path.iter().flat_map(|key| [key, "\0"]));
            if !all.contains_key(&place) {
                let is_behind = all.last_key_value().is_some_and(|(last, _)| place > *last);
                if place.len() > LONGEST_NAME || is_behind && all.len() >= MOST_FOUND {
                    return;
                }
                let path = path.iter().map(|key| (*key).to_owned()).collect();
                all.insert(place.clone(), Found { path, values: Vec::new(), is_by_data: false });
                if all.len() > MOST_FOUND {
                    all.pop_last();
                }
            }
            if let Some(found) = all.get_mut(&place).filter(|_| tells(raw.get())) {
                found.values.push(raw.get());
            }
        });
    }
    let mut all: Vec<Found<'a>> = all.into_values().collect();
    mark_data(&mut all, rows.len());
    all
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
