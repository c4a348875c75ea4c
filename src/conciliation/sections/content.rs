//! Recognizes sections by the content of their rows where their names are unknown.

use std::collections::{BTreeSet, HashSet};

use serde_json::value::RawValue;

use super::super::Role;
use super::rows::rows_in;
use super::{
    Candidate, DEEPER, KnownBy, MOST_PARTS, Pair, Rank, Row, TOP, is_array, is_object, names, place,
};
use crate::domain::normalize::is_same_word;
use crate::list::record::{object_pairs, walk_value};
use crate::list::roles::meanings;
use crate::list::{ALL, Kind, debt};

/// The sections that can be recognized by their rows. The place of invoices is documented.
const RECOGNIZABLE: [Role; 4] =
    [Role::Penalties, Role::Transactions, Role::CreditNotes, Role::Debt];
/// How many of four documented fields a row must have.
const MINIMUM_OF_FOUR: usize = 3;
/// Documented fields that the rows of other lists lack.
const OWN_FIELDS: [(Role, &[&str]); 2] = [
    (Role::Penalties, &["timestamp_notify"]),
    // Scheduled payments have neither.
    (Role::Transactions, &["issued_on", "action"]),
];
/// The types of debt without `other`, which is not specific to debt.
const SPECIFIC_TYPES: &[&str] = debt::TYPES.split_at(debt::TYPES.len() - 1).0;

/// Recognizes the sections without a known name. If a second value has such rows, or rows with
/// similar fields, neither is the section, because each may be only a part of it.
pub(super) fn by_rows<'a>(
    pairs: &[Pair<'a>],
    found: &[Candidate<'a>],
    taken: &HashSet<*const u8>,
) -> Vec<Candidate<'a>> {
    let is_certain = |one: &&Candidate<'_>| {
        !one.rank.is_null && (one.rank.known_by != KnownBy::LongerName || one.has_rows())
    };
    let named: Vec<_> = found.iter().filter(is_certain).collect();
    let named_places: HashSet<_> = named.iter().map(|one| place(one.raw)).collect();
    let is_free =
        |raw: &RawValue| !named_places.contains(&place(raw)) && !taken.contains(&place(raw));
    let free = pairs.iter().filter(|(_, raw)| is_free(raw));
    let unnamed: Vec<_> = free.flat_map(|pair| unnamed_in(pair, is_free)).collect();
    let is_open = |role: &Role| !named.iter().any(|one| one.role == *role);
    let only = |role: Role| {
        let one = unnamed.iter().find(|one| one.role == Some(role))?;
        let may_be_part = |other: &Unnamed<'_>| {
            place(other.raw) != place(one.raw)
                && (other.role == Some(role)
                    || other.role.is_none() && one.has_similar_fields(other))
        };
        let is_complete = one.may_be_complete(role) && !unnamed.iter().any(may_be_part);
        let (level, known_by) = (one.level, KnownBy::Rows);
        let rank = Rank { is_null: false, known_by, level, name: 0, position: 0 };
        is_complete.then(|| Candidate { role, key: one.key.clone(), raw: one.raw, rank })
    };
    RECOGNIZABLE.into_iter().filter(is_open).filter_map(only).collect()
}

/// A value with rows under an unknown name.
struct Unnamed<'a> {
    level: usize,
    key: String,
    /// The key of the parent object; empty at the top level.
    parent: String,
    raw: &'a RawValue,
    rows: Vec<Row<'a>>,
    /// The keys of the first row.
    keys: BTreeSet<String>,
    /// The section that all rows belong to.
    role: Option<Role>,
}

impl<'a> Unnamed<'a> {
    /// Returns `None` if there are no rows. Values that are not objects are ignored.
    fn read(level: usize, parent: &str, (key, raw): &Pair<'a>) -> Option<Self> {
        if !is_array(raw) && !is_object(raw) {
            return None;
        }
        let mut rows = rows_in(Role::Invoices, raw);
        rows.retain(|row| row.json.starts_with('{'));
        let is_of = |role: &Role| rows.iter().all(|row| is_row_of(*role, row));
        let role =
            RECOGNIZABLE.into_iter().find(is_of).filter(|role| has_specific_type(*role, &rows));
        let (key, parent) = (key.clone(), parent.to_owned());
        let keys = object_pairs(rows.first()?.json).into_iter().flatten().map(|(key, _)| key);
        let keys = keys.collect();
        Some(Self { level, key, parent, raw, rows, keys, role })
    }

    /// Returns `true` if its name allows it to be the complete section: it is not the name of a
    /// wrapper, a month, an index, a status or a part.
    fn may_be_complete(&self, role: Role) -> bool {
        !self.key.starts_with(|c: char| c.is_ascii_digit())
            && !names::is_holder(&self.key)
            && !is_part_name(role, &self.key)
            && !is_part_name(role, &self.parent)
    }

    /// Returns `true` if the rows share more than half of the fields of the smaller row.
    fn has_similar_fields(&self, other: &Self) -> bool {
        let [own, its] = [&self.keys, &other.keys];
        own.intersection(its).count() * 2 > own.len().min(its.len())
    }
}

/// The unnamed rows of a top-level value: the value itself, or the values nested in it that have rows.
fn unnamed_in<'a>(pair: &Pair<'a>, is_free: impl Fn(&RawValue) -> bool) -> Vec<Unnamed<'a>> {
    let within = object_pairs(pair.1.get()).filter(|within| within.len() <= MOST_PARTS);
    let within = within.unwrap_or_default();
    let has_named = within.iter().any(|(_, raw)| !is_free(raw));
    let free = within.iter().filter(|(_, raw)| is_free(raw));
    let mut inner: Vec<_> =
        free.filter_map(|inner| Unnamed::read(DEEPER, &pair.0, inner)).collect();
    let outer = Unnamed::read(TOP, "", pair).filter(|_| !has_named);
    let Some(outer) = outer else { return inner };
    let Some(role) = outer.role else {
        return if inner.is_empty() { vec![outer] } else { inner };
    };
    let is_same = |one: &Unnamed<'_>| one.role == Some(role);
    let is_all = |one: &Unnamed<'_>| is_same(one) && one.rows.len() == outer.rows.len();
    inner.retain(|one| {
        is_all(one) && one.may_be_complete(role) || one.role.is_some() && !is_same(one)
    });
    if !inner.iter().any(is_same) {
        inner.push(outer);
    }
    inner
}

/// Returns `true` for the key of a part: a status, or a name such as `paid_charges`.
fn is_part_name(role: Role, key: &str) -> bool {
    let fields = ALL.iter().flat_map(|spec| spec.fields);
    let statuses = fields.filter_map(|field| match (field.name, field.kind) {
        ("status", Kind::Word(words)) => Some(words),
        _ => None,
    });
    let statuses: Vec<&str> = statuses.flatten().copied().collect();
    let is_status = |word: &String| statuses.iter().any(|status| is_same_word(status, word));
    names::words(key).iter().any(is_status) || names::is_part(role, key)
}

fn has_specific_type(role: Role, rows: &[Row<'_>]) -> bool {
    role != Role::Debt || rows.iter().any(|row| has_word(row, SPECIFIC_TYPES, |_| true))
}

fn is_row_of(role: Role, row: &Row<'_>) -> bool {
    let is_type = |key: &str| {
        let meanings = meanings(key);
        ["document", "type"].iter().any(|word| meanings.contains(*word))
    };
    match role {
        // Documented field by field (contract, "GET /penalties", "GET /transactions").
        Role::Penalties | Role::Transactions => is_documented(role, row.json),
        Role::CreditNotes => {
            let word = role.kind().spec.taken_back.map(|(_, word)| word);
            word.is_some_and(|word| has_word(row, &[word], is_type)) && has_number(row)
        }
        Role::Debt => {
            let has_status =
                row.status(debt::STATUSES).is_some() || has_word(row, debt::STATUSES, |_| true);
            has_status && has_word(row, debt::TYPES, |_| true) && has_number(row)
        }
        Role::Invoices => false,
    }
}

fn is_documented(role: Role, row: &str) -> bool {
    let pairs = object_pairs(row).unwrap_or_default();
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    let fields = role.kind().spec.fields;
    let found = fields.iter().filter(|field| has(field.name)).count();
    let own = OWN_FIELDS.iter().filter(|(it, _)| *it == role).flat_map(|(_, names)| *names);
    found * 4 >= fields.len() * MINIMUM_OF_FOUR && own.into_iter().all(|name| has(name))
}

/// Returns `true` if the row contains one of these words under a matching key.
fn has_word(row: &Row<'_>, words: &[&str], is_key: impl Fn(&str) -> bool) -> bool {
    let mut is_found = false;
    walk_value(&[], row.json, &mut |path, raw| {
        let text = serde_json::from_str::<String>(raw.get()).ok();
        is_found |= text.is_some_and(|text| words.iter().any(|word| is_same_word(&text, word)))
            && path.last().is_some_and(|key| is_key(key));
    });
    is_found
}

/// Returns `true` if the row contains a number, also as text: a possible amount.
fn has_number(row: &Row<'_>) -> bool {
    let mut has_one = false;
    walk_value(&[], row.json, &mut |_, raw| {
        let digits = raw.get().trim_matches('"').trim_start_matches('-');
        has_one |= !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    });
    has_one
}

#[cfg(test)]
mod tests;
