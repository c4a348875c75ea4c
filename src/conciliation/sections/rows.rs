//! The rows of one section, in each shape that a section can have.

use std::collections::HashSet;

use super::{
    Candidate, KnownBy, Pair, Place, Row, cut, elements, is_array, is_object, names, place,
};
use crate::conciliation::Role;
use crate::list::record::object_pairs;
use serde_json::value::RawValue;

/// The most levels of groups: rows by year, then by month.
const MOST_GROUPS: usize = 3;

/// The rows of a section; its other values are left to other parts.
pub(super) fn place_of<'a>(candidate: &Candidate<'a>, taken: &mut HashSet<*const u8>) -> Place<'a> {
    let Candidate { role, key, raw, .. } = candidate;
    if raw.get() == "null" {
        taken.insert(place(raw));
        return Place::Null(key.clone());
    }
    let mut reader = Reader { role: *role, taken, rows: Vec::new() };
    let is_found = if is_array(raw) { reader.array("", raw) } else { reader.object("", raw, 0) };
    match is_found {
        true => Place::Rows(reader.rows),
        false if candidate.rank.known_by != KnownBy::Documented => Place::Missing,
        false => Place::NoRows(key.clone()),
    }
}

/// Returns `true` if the value is an array or an object in which rows of a section can be.
pub(super) fn holds_rows(role: Role, raw: &RawValue) -> bool {
    if is_array(raw) {
        return is_list(raw);
    }
    let mut taken = HashSet::new();
    Reader { role, taken: &mut taken, rows: Vec::new() }.object("", raw, 0)
}

/// The rows of a value, read as a section with this role.
pub(super) fn rows_in(role: Role, raw: &RawValue) -> Vec<Row<'_>> {
    let mut taken = HashSet::new();
    let mut reader = Reader { role, taken: &mut taken, rows: Vec::new() };
    let _ = if is_array(raw) { reader.array("", raw) } else { reader.object("", raw, 0) };
    reader.rows
}

/// Returns `true` if one of these values is a section, or if none of them is a single value.
pub(super) fn may_be_sections(pairs: &[Pair<'_>]) -> bool {
    let is_section =
        |(key, raw): &Pair<'_>| names::section(key).is_some_and(|(role, ..)| holds_rows(role, raw));
    let is_value = |raw: &RawValue| !is_object(raw) && !is_array(raw) && raw.get() != "null";
    pairs.iter().any(is_section) || !pairs.iter().any(|(_, raw)| is_value(raw))
}

/// The `null` in place of the rows of a section: `{"data": null}`.
pub(super) fn null_in<'a>(key: &str, raw: &'a RawValue) -> Option<Pair<'a>> {
    let pairs = object_pairs(raw.get())?;
    let is_null = |(key, raw): &Pair<'_>| names::is_holder(key) && raw.get() == "null";
    let has_rows = has_amount(&pairs) || pairs.iter().any(|(_, it)| is_array(it) || is_object(it));
    let (holder, raw) = pairs.into_iter().find(is_null).filter(|_| !has_rows)?;
    Some((format!("{key}.{holder}"), raw))
}

/// The rows under keys that begin with a digit, such as months and indexes, and the other pairs.
pub(super) fn by_period<'a>(pairs: Vec<Pair<'a>>) -> (Vec<Row<'a>>, Vec<Pair<'a>>) {
    let is_period = |(key, raw): &Pair<'_>| {
        let is_list = key.starts_with(|c: char| c.is_ascii_digit()) && has_object(raw);
        is_list || is_indexed_row(key, raw)
    };
    let (periods, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_period);
    let rows = |(key, raw): Pair<'a>| {
        let row = || vec![Row { group: String::new(), json: raw.get() }];
        if is_object(raw) { row() } else { in_group(&key, raw) }
    };
    (periods.into_iter().flat_map(rows).collect(), others)
}

fn in_group<'a>(group: &str, raw: &'a RawValue) -> Vec<Row<'a>> {
    let row = |json: &'a RawValue| Row { group: cut(group), json: json.get() };
    elements(raw).into_iter().map(row).collect()
}

fn has_object(raw: &RawValue) -> bool {
    is_array(raw) && elements(raw).iter().any(|element| is_object(element))
}

fn is_empty_array(raw: &RawValue) -> bool {
    is_array(raw) && elements(raw).is_empty()
}

fn is_list(raw: &RawValue) -> bool {
    is_empty_array(raw) || has_object(raw)
}

fn has_amount(pairs: &[Pair<'_>]) -> bool {
    let is_amount =
        |(key, raw): &Pair<'_>| names::is_amount(key) && !is_array(raw) && !is_object(raw);
    pairs.iter().any(is_amount)
}

/// Returns `true` if the object is one row by itself: it has an amount, and no other rows.
pub(super) fn is_row(pairs: &[Pair<'_>]) -> bool {
    let holds_others =
        |(key, raw): &Pair<'_>| has_object(raw) || names::is_holder(key) && is_empty_array(raw);
    has_amount(pairs) && !pairs.iter().any(holds_others)
}

fn is_index(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// An array with removed elements may be encoded as an object whose keys are the indexes.
fn is_indexed_row(key: &str, raw: &RawValue) -> bool {
    let Some(pairs) = object_pairs(raw.get()).filter(|_| is_index(key)) else { return false };
    let is_group = !has_amount(&pairs) && pairs.iter().any(|(_, raw)| has_object(raw))
        || pairs.iter().all(|(_, raw)| is_list(raw));
    !is_group
}

struct Reader<'a, 'b> {
    role: Role,
    taken: &'b mut HashSet<*const u8>,
    rows: Vec<Row<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn take(&mut self, raw: &RawValue) -> bool {
        self.taken.insert(place(raw))
    }

    /// Returns `true` if no other part had claimed it.
    fn array(&mut self, group: &str, raw: &'a RawValue) -> bool {
        let is_free = self.take(raw);
        if is_free {
            self.rows.extend(in_group(group, raw));
        }
        is_free
    }

    fn row(&mut self, group: &str, raw: &'a RawValue) -> bool {
        let is_free = self.take(raw);
        if is_free {
            self.rows.push(Row { group: cut(group), json: raw.get() });
        }
        is_free
    }

    fn object(&mut self, group: &str, raw: &'a RawValue, depth: usize) -> bool {
        let Some(pairs) = object_pairs(raw.get()) else { return false };
        if is_row(&pairs) {
            return self.row(group, raw);
        }
        let holder = |is_it: fn(&RawValue) -> bool| {
            pairs.iter().find(|(key, raw)| names::is_holder(key) && is_it(raw))
        };
        if let Some((_, raw)) = holder(is_list) {
            return self.array(group, raw);
        }
        // An object with an amount next to arrays of rows is their sum.
        let has_lists = pairs.iter().any(|(_, raw)| has_object(raw));
        let mut is_found = false;
        for (key, raw) in &pairs {
            let group = self.group(group, key, raw);
            is_found |= if is_list(raw) {
                self.array(&group, raw)
            } else if is_indexed_row(key, raw) {
                self.row(&group, raw)
            } else {
                let inner = object_pairs(raw.get()).unwrap_or_default();
                let is_sum = names::is_totals(key) || has_lists && is_row(&inner);
                depth < MOST_GROUPS && !is_sum && self.object(&group, raw, depth + 1)
            };
        }
        is_found
    }

    /// The group of the values under a key in a group. The key of a wrapper, an index, and the name
    /// of the section itself add nothing.
    fn group(&self, outer: &str, key: &str, raw: &RawValue) -> String {
        let is_own =
            names::section(key).is_some_and(|(role, _, name)| role == self.role && name < 2);
        if is_indexed_row(key, raw) || is_own || names::is_holder(key) {
            outer.to_owned()
        } else if outer.is_empty() {
            key.to_owned()
        } else {
            format!("{outer}.{key}")
        }
    }
}
