//! Sections whose names say nothing, by what their rows say.

use std::collections::{BTreeSet, HashSet};

use serde_json::value::RawValue;

use super::super::Role;
use super::rows::rows_in;
use super::{
    Candidate, DEEPER, Known, MOST_PARTS, Pair, Rank, Row, TOP, is_array, is_object, names, place,
};
use crate::domain::normalize::is_same_word;
use crate::list::record::{object_pairs, walk_value};
use crate::list::roles::meanings;
use crate::list::{ALL, Kind, debt};

/// The sections that rows can tell; the place of invoices is documented.
const TOLD: [Role; 4] = [Role::Penalties, Role::Transactions, Role::CreditNotes, Role::Debt];
/// Of four documented fields, those that a row must have.
const LEAST_OF_FOUR: usize = 3;
/// Documented fields that rows of other lists do not have.
const OWN_FIELDS: [(Role, &[&str]); 2] = [
    (Role::Penalties, &["timestamp_notify"]),
    // What was not paid yet is scheduled.
    (Role::Transactions, &["issued_on", "action"]),
];
/// Types of debt that nothing else has, as `other` could be.
const UNMISTAKABLE_TYPES: &[&str] = debt::TYPES.split_at(debt::TYPES.len() - 1).0;

/// The sections of a body that only their rows tell. Where two places have such rows, or another has rows
/// of like fields, none is the section: each may be a part of it.
pub(super) fn by_rows<'a>(
    pairs: &[Pair<'a>],
    found: &[Candidate<'a>],
    taken: &HashSet<*const u8>,
) -> Vec<Candidate<'a>> {
    let is_certain = |one: &&Candidate<'_>| {
        !one.rank.is_null && (one.rank.known != Known::LongerName || one.has_rows())
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
                && (other.role == Some(role) || other.role.is_none() && one.is_like(other))
        };
        let is_whole = one.may_be_whole(role) && !unnamed.iter().any(may_be_part);
        let (level, known) = (one.level, Known::Rows);
        let rank = Rank { is_null: false, known, level, name: 0, position: 0 };
        is_whole.then(|| Candidate { role, key: one.key.clone(), raw: one.raw, rank })
    };
    TOLD.into_iter().filter(is_open).filter_map(only).collect()
}

/// A value with rows and without a name that tells.
struct Unnamed<'a> {
    level: usize,
    key: String,
    /// The key of the object around it; empty at the top.
    around: String,
    raw: &'a RawValue,
    rows: Vec<Row<'a>>,
    /// Those of the first row.
    keys: BTreeSet<String>,
    /// The section to which each of its rows belongs.
    role: Option<Role>,
}

impl<'a> Unnamed<'a> {
    /// `None` without rows; of what is no object among them nobody knows.
    fn read(level: usize, around: &str, (key, raw): &Pair<'a>) -> Option<Self> {
        if !is_array(raw) && !is_object(raw) {
            return None;
        }
        let mut rows = rows_in(Role::Invoices, raw);
        rows.retain(|row| row.json.starts_with('{'));
        let is_of = |role: &Role| rows.iter().all(|row| is_row_of(*role, row));
        let role = TOLD.into_iter().find(is_of).filter(|role| is_unmistakable(*role, &rows));
        let (key, around) = (key.clone(), around.to_owned());
        let keys = object_pairs(rows.first()?.json).into_iter().flatten().map(|(key, _)| key);
        let keys = keys.collect();
        Some(Self { level, key, around, raw, rows, keys, role })
    }

    /// Whether it can be the whole by its name, which is that of no holder, month, index, status or part.
    fn may_be_whole(&self, role: Role) -> bool {
        !self.key.starts_with(|c: char| c.is_ascii_digit())
            && !names::is_holder(&self.key)
            && !names_part(role, &self.key)
            && !names_part(role, &self.around)
    }

    /// Whether the rows of both have more than half of the fields of those that have fewer.
    fn is_like(&self, other: &Self) -> bool {
        let [own, its] = [&self.keys, &other.keys];
        own.intersection(its).count() * 2 > own.len().min(its.len())
    }
}

/// The value, or the values in it if these have the rows: one of them all, or each those of another
/// section.
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
    inner
        .retain(|one| is_all(one) && one.may_be_whole(role) || one.role.is_some() && !is_same(one));
    if !inner.iter().any(is_same) {
        inner.push(outer);
    }
    inner
}

/// Whether a key is that of a part: a status, or a name such as `paid_charges`.
fn names_part(role: Role, key: &str) -> bool {
    let fields = ALL.iter().flat_map(|spec| spec.fields);
    let statuses = fields.filter_map(|field| match (field.name, field.kind) {
        ("status", Kind::Word(words)) => Some(words),
        _ => None,
    });
    let statuses: Vec<&str> = statuses.flatten().copied().collect();
    let is_status = |word: &String| statuses.iter().any(|status| is_same_word(status, word));
    names::words(key).iter().any(is_status) || names::is_part(role, key)
}

fn is_unmistakable(role: Role, rows: &[Row<'_>]) -> bool {
    role != Role::Debt || rows.iter().any(|row| says(row, UNMISTAKABLE_TYPES, |_| true))
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
            word.is_some_and(|word| says(row, &[word], is_type)) && has_number(row)
        }
        Role::Debt => {
            let has_status =
                row.status(debt::STATUSES).is_some() || says(row, debt::STATUSES, |_| true);
            has_status && says(row, debt::TYPES, |_| true) && has_number(row)
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
    found * 4 >= fields.len() * LEAST_OF_FOUR && own.into_iter().all(|name| has(name))
}

/// Whether a text in the row, under such a key, is one of these words.
fn says(row: &Row<'_>, words: &[&str], is_key: impl Fn(&str) -> bool) -> bool {
    let mut is_said = false;
    walk_value(&[], row.json, &mut |path, raw| {
        let text = serde_json::from_str::<String>(raw.get()).ok();
        is_said |= text.is_some_and(|text| words.iter().any(|word| is_same_word(&text, word)))
            && path.last().is_some_and(|key| is_key(key));
    });
    is_said
}

/// Whether there is what can be an amount, be it as a text.
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
