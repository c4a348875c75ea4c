//! Finds the parts of a conciliation in a partly documented body: sections by the words of their
//! names, at the top or one level down, and everything else under its own name.

mod content;
mod names;
mod places;
mod rows;

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::value::RawValue;

use super::SECTIONS;
use super::row::{has_status, is_set};
use crate::domain::date;
use crate::domain::normalize::is_same_word;
use crate::list::record::{Record, object_pairs};
use crate::list::roles::Reason;
use crate::list::shape::Shapes;
use crate::list::{Field, Key, Kind, Spec};

pub(super) use names::is_amount_total;
use places::{Candidate, DEEPER, IN_INVOICING, KnownBy, Rank, TOP, best_places, place};
use rows::{by_period, holds_rows, is_row, may_be_sections, null_in, place_of};

type Pair<'a> = (String, &'a RawValue);

/// Keys that wrap the body, as in some endpoints of this API.
const WRAPS: &[&str] = &["data", "result", "response", "payload", "conciliation"];
const INVOICING: &str = "invoicing";
/// The most levels of objects that are searched; deeper values are named, not shown.
const DEEPEST: usize = 24;
/// The most characters of a name made of keys.
const LONGEST_NAME: usize = 120;
const MOST_VALUES: usize = 2_000;
const MOST_OTHERS: usize = 40;
/// The most keys of an object with sections; an object with more keys contains rows or values.
const MOST_PARTS: usize = 200;
/// The field that is added to a row for the key of its group, if no other field has it.
const GROUP: &str = "(group)";

/// The parts of a body; each of its rows and values is in exactly one of them.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    pub reference: Option<&'a RawValue>,
    pub totals: Vec<Pair<'a>>,
    pub sections: [Place<'a>; SECTIONS.len()],
    /// Arrays of objects that are not a known section, each with the keys that lead to it.
    pub others: Vec<(String, Vec<Row<'a>>)>,
    /// Single values: their keys joined by dots, and a number, a text, `true` or `null`.
    pub values: Vec<(String, &'a str)>,
    /// The number of values that are not in `values`.
    pub values_left_out: usize,
}

#[derive(Debug, Default)]
pub(super) enum Place<'a> {
    Rows(Vec<Row<'a>>),
    /// `null` under this key.
    Null(String),
    /// The value under this key contains no rows.
    NoRows(String),
    #[default]
    Missing,
}

#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// The key of its array, such as a status or a month; empty if the key means nothing.
    group: String,
    json: &'a str,
}

impl Found<'_> {
    /// The totals, each with the documented total it corresponds to.
    pub(super) fn totals_named(&self) -> impl Iterator<Item = (&str, &str, Option<&'static str>)> {
        let keys: Vec<&str> = self.totals.iter().map(|(key, _)| key.as_str()).collect();
        let meanings = names::totals(&keys);
        let pairs = self.totals.iter().zip(meanings);
        pairs.map(|((key, raw), meaning)| (key.as_str(), raw.get(), meaning))
    }
}

impl Row<'_> {
    /// The row's JSON, with its group as a field if no other field has it.
    pub(super) fn json(&self) -> Cow<'_, str> {
        let pairs = object_pairs(self.json).filter(|_| !self.group.is_empty());
        match pairs.filter(|pairs| !pairs.iter().any(|(_, raw)| self.is_group_in(raw.get()))) {
            Some(pairs) => with_field(&[GROUP], &self.group, &pairs).into(),
            None => self.json.into(),
        }
    }

    /// The documented status that its group corresponds to.
    fn status(&self, statuses: &'static [&'static str]) -> Option<&'static str> {
        let is_group = |word: &&&str| self.group.split('.').any(|part| is_same_word(part, word));
        statuses.iter().find(is_group).copied()
    }

    /// The JSON of a row without a status, with the status of its group at these keys.
    fn with_status(&self, keys: &[&str], status: &str) -> Option<String> {
        let mut pairs = object_pairs(self.json)?;
        // A value under this key is null or blank.
        pairs.retain(|(key, _)| keys != [key.as_str()]);
        let json = with_field(keys, status, &pairs);
        let is_all = is_same_word(&self.group, status);
        let group = if is_all { String::new() } else { self.group.clone() };
        Some(Row { group, json: &json }.json().into_owned())
    }

    /// Returns `true` if a value names the group: in its words, or as a day of the group's period.
    fn is_group_in(&self, json: &str) -> bool {
        let Ok(text) = serde_json::from_str::<String>(json) else { return false };
        let (said, group) = (names::words(&text), names::words(&self.group));
        let is_period = group.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        if group.is_empty() {
            return text == self.group;
        }
        said == group || is_period && date::day(&text).is_some() && said.starts_with(&group)
    }
}

/// An object with one more field, nested in an object for each of its keys but the last.
fn with_field(keys: &[&str], value: &str, pairs: &[Pair<'_>]) -> String {
    let text = |key: &str| serde_json::Value::from(key).to_string();
    let field =
        keys.iter().rev().fold(text(value), |inner, key| format!("{{{}:{inner}}}", text(key)));
    let others = pairs.iter().map(|(key, raw)| format!(",{}:{}", text(key), raw.get()));
    let field = field.strip_suffix('}').unwrap_or(&field);
    format!("{field}{}}}", others.collect::<String>())
}

/// `None` if the body has no part of a conciliation.
pub(super) fn find(body: &str) -> Option<Found<'_>> {
    let pairs = unwrapped(body)?;
    let mut search = Search { reads_rows: true, ..Search::default() };
    if !search.claim_parts(&pairs) {
        return None;
    }
    search.leftovers("", &pairs, 0);
    let is_figure = |raw: &RawValue| !is_object(raw) && !is_array(raw);
    let mut odd = search.found.totals.clone();
    odd.retain(|(_, raw)| !is_figure(raw));
    search.leftovers("totals", &odd, 0);
    Some(search.found)
}

/// Reads the rows of a section. Rows without a status get that of their group, if it is a documented one.
pub(super) fn records(
    spec: &'static Spec,
    rows: &[Row<'_>],
    (shapes, asked): (&Shapes, &str),
) -> Vec<Record> {
    let mut json: Vec<Cow<'_, str>> = rows.iter().map(Row::json).collect();
    let read = |json: &[Cow<'_, str>]| {
        let rows: Vec<&str> = json.iter().map(AsRef::as_ref).collect();
        shapes.read_once(spec, &rows, asked)
    };
    let records = read(&json);
    let Some(Field { kind: Kind::Word(statuses), .. }) = spec.field("status") else {
        return records;
    };
    // A field that was only guessed to be the status does not override a group that is one.
    let field = records.first().and_then(|record| record.spec().field("status"));
    let is_certain = |field: &&Field| {
        matches!(field.key, Key::Documented | Key::Recognized(_, Reason::Setting))
            || records.iter().any(|row| has_status(row, statuses) == Some(true))
    };
    let own = field.filter(is_certain);
    let keys = own.and_then(Field::keys).unwrap_or(&["status"]);
    let mut is_complete = true;
    for ((row, json), record) in rows.iter().zip(&mut json).zip(&records) {
        let status = row.status(statuses).filter(|_| own.is_none() || !is_set(record, "status"));
        if let Some(whole) = status.and_then(|status| row.with_status(keys, status)) {
            (*json, is_complete) = (whole.into(), false);
        }
    }
    if is_complete { records } else { read(&json) }
}

fn is_object(raw: &RawValue) -> bool {
    raw.get().starts_with('{')
}

fn is_array(raw: &RawValue) -> bool {
    raw.get().starts_with('[')
}

fn elements(raw: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// The pairs of the body, with those of an object that wraps it.
fn unwrapped(body: &str) -> Option<Vec<Pair<'_>>> {
    let array: Vec<&RawValue> = serde_json::from_str(body).unwrap_or_default();
    let mut pairs = match array[..] {
        [only] => object_pairs(only.get())?,
        _ => object_pairs(body)?,
    };
    for wrap in WRAPS {
        let Some(at) = pairs.iter().position(|(key, _)| key == wrap) else { continue };
        let Some((_, raw)) = pairs.get(at) else { continue };
        let inner = match elements(raw)[..] {
            [only] if !Search::default().claim_parts(&pairs) => object_pairs(only.get()),
            _ => object_pairs(raw.get()),
        };
        if let Some(inner) = inner {
            pairs.remove(at);
            pairs.extend(inner);
        }
    }
    Some(pairs)
}

#[derive(Default)]
struct Search<'a> {
    /// Values claimed by a part, by their position in the body.
    taken: HashSet<*const u8>,
    found: Found<'a>,
    /// Whether sections are also recognized by their rows.
    reads_rows: bool,
}

impl<'a> Search<'a> {
    /// Finds the known parts; returns `false` if nothing is known.
    fn claim_parts(&mut self, pairs: &[Pair<'a>]) -> bool {
        let totals = pairs.iter().filter(|(key, raw)| names::is_totals(key) && is_object(raw));
        let totals = totals.min_by_key(|(key, _)| key != "totals");
        if let Some((_, raw)) = totals {
            self.take(raw);
            self.found.totals = object_pairs(raw.get()).unwrap_or_default();
        }
        let best = best_places(self.candidates(pairs));
        let is_known = !best.is_empty()
            || totals.is_some()
            || pairs.iter().any(|(key, _)| key == INVOICING || key == "totals");
        // Inner values are claimed before the object around them, which gets the rest.
        let (whole, inner): (Vec<_>, Vec<_>) =
            best.into_iter().partition(|it| it.rank.level == TOP);
        for candidate in inner.into_iter().chain(whole) {
            if let Some(place) = self.found.sections.get_mut(candidate.role as usize) {
                *place = place_of(&candidate, &mut self.taken);
            }
        }
        for (key, raw) in pairs {
            let is_text = !is_object(raw) && !is_array(raw) && raw.get() != "null";
            if self.found.reference.is_none() && names::is_reference(key) && is_text {
                self.found.reference = Some(raw);
                self.take(raw);
            } else if key == "message" {
                self.take(raw);
            }
        }
        is_known
    }

    fn take(&mut self, raw: &RawValue) {
        self.taken.insert(place(raw));
    }

    fn has(&self, raw: &RawValue) -> bool {
        self.taken.contains(&place(raw))
    }

    fn candidates(&self, pairs: &[Pair<'a>]) -> Vec<Candidate<'a>> {
        let mut all = Vec::new();
        let mut add = |(key, raw): &Pair<'a>, level: usize| {
            let Some((role, known_by, name)) = names::section(key) else { return };
            let (key, raw) = null_in(key, raw).unwrap_or((key.clone(), raw));
            let is_null = raw.get() == "null";
            // Under its documented name and in its place, any value is the section, even without rows.
            let is_in_place = known_by == KnownBy::Documented && level != DEEPER;
            // It contains sections; if empty, it can be an array.
            let is_container = key == INVOICING && (is_object(raw) || raw.get() == "[]");
            // An object with a single amount, such as the balance of the debt, is not a row.
            let is_figure = known_by == KnownBy::LongerName
                && object_pairs(raw.get()).is_some_and(|pairs| is_row(&pairs));
            let has_rows = holds_rows(role, raw) && !is_container && !is_figure;
            if is_in_place || has_rows || is_null {
                let position = all.len();
                let rank = Rank { is_null, known_by, level, name, position };
                all.push(Candidate { role, key, raw, rank });
            }
        };
        for pair in pairs.iter().filter(|(_, raw)| !self.has(raw)) {
            add(pair, TOP);
            let level = if pair.0 == INVOICING { IN_INVOICING } else { DEEPER };
            let inner = object_pairs(pair.1.get()).filter(|inner| inner.len() <= MOST_PARTS);
            let inner = inner.unwrap_or_default();
            // A null in a single row or in an object of values is not a section.
            let may_lack = !is_row(&inner) && (level == IN_INVOICING || may_be_sections(&inner));
            let inner = inner.iter().filter(|(_, raw)| may_lack || raw.get() != "null");
            inner.for_each(|inner| add(inner, level));
        }
        if self.reads_rows {
            all.extend(content::by_rows(pairs, &all, &self.taken));
        }
        all
    }

    /// Everything below these pairs that no part claimed: arrays of objects as sections, else values.
    fn leftovers(&mut self, path: &str, pairs: &[Pair<'a>], depth: usize) {
        for (key, raw) in pairs {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.leftover(&cut(&path), raw, depth);
        }
    }

    fn leftover(&mut self, path: &str, raw: &'a RawValue, depth: usize) {
        if self.has(raw) {
            return;
        }
        let rows = elements(raw);
        if rows.iter().any(|row| is_object(row)) {
            let rows = rows.into_iter().map(|row| Row { group: String::new(), json: row.get() });
            return self.add_other(path, rows.collect());
        }
        if depth == DEEPEST && (is_object(raw) || is_array(raw)) {
            return self.add_value(path, "\"…\"");
        }
        if is_array(raw) {
            for (at, element) in rows.iter().enumerate() {
                self.leftover(&cut(&format!("{path}.{at}")), element, depth + 1);
            }
        } else if let Some(pairs) = object_pairs(raw.get()) {
            let pairs = pairs.into_iter().filter(|(_, raw)| !self.has(raw)).collect();
            let (rows, others) = by_period(pairs);
            if !rows.is_empty() {
                self.add_other(path, rows);
            }
            self.leftovers(path, &others, depth + 1);
        } else {
            self.add_value(path, raw.get());
        }
    }

    fn add_other(&mut self, path: &str, rows: Vec<Row<'a>>) {
        if self.found.others.len() < MOST_OTHERS {
            return self.found.others.push((path.to_owned(), rows));
        }
        let group = |row: Row<'a>| match row.group.as_str() {
            "" => Row { group: path.to_owned(), ..row },
            own => Row { group: cut(&format!("{path}.{own}")), ..row },
        };
        if let Some((_, last)) = self.found.others.last_mut() {
            last.extend(rows.into_iter().map(group));
        }
    }

    fn add_value(&mut self, path: &str, json: &'a str) {
        if self.found.values.len() < MOST_VALUES {
            self.found.values.push((path.to_owned(), json));
        } else {
            self.found.values_left_out += 1;
        }
    }
}

fn cut(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
