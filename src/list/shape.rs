//! The actual fields of a server's rows: a copy of a list's [`Spec`] in which each documented field has
//! its keys in the rows, followed by a column for each other field.
//!
//! A shape only grows: no field changes its position or keys, so that rows of earlier pages remain valid
//! together with later ones.
#![expect(clippy::disallowed_types, reason = "shapes are looked up by all threads that read pages")]

mod found;
mod interned;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::iter::once;
use std::sync::{Arc, Mutex, PoisonError};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::text::sanitize;
use crate::list::record::{Record, Row};
use crate::list::roles::{self, Assigned, Reason, Seen};
use crate::list::{Column, Derived, FIRST_DERIVED, Field, Host, Key, OTHER, Spec};

use found::{Found, fields_of, is_new};
pub use interned::interned_name;
use interned::{interned, interned_spec};

/// The maximum shapes of bookings with new keys; as many more may have known keys. A hostile server could
/// send new ones in each answer. The number of fields limits the shapes of a list.
const MOST_SHAPES: usize = 500;
/// The maximum remembered objects of a list whose keys are data.
const MOST_BY_DATA: usize = 100;
/// Cells of the title of a column.
const LONGEST_LABEL: usize = 40;
/// Columns of unknown fields are the first to be hidden.
const UNKNOWN_COLUMN: Column = Column { priority: 9, least: 8, most: 30 };

/// The fields that the user's settings assign, by the key of a list: a documented name, and the keys.
pub type Choices = BTreeMap<&'static str, Vec<Choice>>;
pub type Choice = (&'static str, Vec<String>);

/// The knowledge from the pages of a list.
#[derive(Debug, Clone)]
struct Known {
    shape: &'static Spec,
    /// Objects whose keys are data, as their own keys joined by dots.
    by_data: Arc<HashSet<String>>,
}

/// The shapes of the lists of one server. The first page of each list decides its shape.
#[derive(Debug, Default)]
pub struct Shapes {
    choices: Choices,
    settled: Mutex<HashMap<&'static str, Known>>,
    of_bookings: Mutex<Vec<&'static Spec>>,
}

impl Shapes {
    pub fn new(choices: Choices) -> Self {
        Self { choices, ..Self::default() }
    }

    /// The rows of a page, read with the shape from earlier pages and this one.
    pub fn read(&self, spec: &'static Spec, rows: &[&str]) -> Vec<Record> {
        let rows: Vec<Row<'_>> = rows.iter().map(|json| Row::new(json)).collect();
        let settled = || self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = || Known { shape: spec, by_data: Arc::default() };
        let known = settled().get(spec.key).cloned().unwrap_or_else(unknown);
        if known.shape.is_settled || !rows.iter().any(Row::is_object) {
            let records = read(known.shape, &rows);
            if !known.is_told_more(&records) {
                return records;
            }
        }
        let found = fields_of(&rows);
        let mut settled = settled();
        // Another thread may have extended the shape since.
        let known = settled.remove(spec.key).unwrap_or_else(unknown);
        let fields = settle(known.shape, &found, self.choices_of(spec), None, true);
        let shape = interned_spec(known.shape, fields);
        let by_data = found.into_iter().filter_map(|found| found.by_data);
        let by_data = known.by_data.iter().cloned().chain(by_data).take(MOST_BY_DATA).collect();
        settled.insert(spec.key, Known { shape, by_data: Arc::new(by_data) });
        drop(settled);
        read(shape, &rows)
    }

    /// The rows of a part of `booking`, whose shape is independent of the list's pages.
    pub fn read_once(&self, spec: &'static Spec, rows: &[&str], booking: &str) -> Vec<Record> {
        let rows: Vec<Row<'_>> = rows.iter().map(|json| Row::new(json)).collect();
        if !rows.iter().any(Row::is_object) {
            return read(spec, &rows);
        }
        let found = fields_of(&rows);
        let mut known = self.of_bookings.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = known.len() < MOST_SHAPES;
        let fields = settle(spec, &found, self.choices_of(spec), Some(booking), has_room);
        let same = known.iter().find(|shape| shape.is(spec) && shape.fields == fields).copied();
        let shape = same.unwrap_or_else(|| {
            if known.len() >= 2 * MOST_SHAPES {
                return spec;
            }
            let shape = interned_spec(spec, fields);
            known.push(shape);
            shape
        });
        drop(known);
        read(shape, &rows)
    }

    fn choices_of(&self, spec: &Spec) -> &[Choice] {
        self.choices.get(spec.key).map_or(&[], Vec::as_slice)
    }
}

fn read(spec: &'static Spec, rows: &[Row<'_>]) -> Vec<Record> {
    rows.iter().map(|row| Record::of_row(spec, row)).collect()
}

impl Known {
    /// Returns `true` if rows have fields that their shape lacks.
    fn is_told_more(&self, records: &[Record]) -> bool {
        let has_room = self.shape.is_settled && self.shape.fields.len() < FIRST_DERIVED;
        let readable = records.iter().filter(|record| has_room && record.unreadable().is_none());
        readable.flat_map(Record::extras).any(|extra| is_new(self.shape, &self.by_data, extra))
    }
}

/// The shape of a row that is filled from another: missing fields are where the other shape has them.
pub fn filled(own: &'static Spec, fuller: &Spec) -> &'static Spec {
    // A field under the keys of another field here is that field.
    let is_free = |known: &&Field| !own.fields.iter().any(|field| field.is_at(known.path()));
    let known = |field: &Field| {
        fuller.field(field.name).filter(is_free).map_or(Key::Absent, |known| known.key)
    };
    let is_filled = |field: &Field| field.is_absent() && known(field) != Key::Absent;
    if !own.fields.iter().any(is_filled) {
        return own;
    }
    let key = |field: &Field| if is_filled(field) { known(field) } else { field.key };
    let fields = own.fields.iter().map(|field| Field { key: key(field), ..*field });
    interned_spec(own, fields.collect())
}

/// The fields of a list after another page. Rows of a booking follow the settings only if the field is
/// present. Without room for more shapes, only known keys are used.
fn settle(
    known: &'static Spec,
    found: &[Found<'_>],
    choices: &[Choice],
    booking: Option<&str>,
    has_room: bool,
) -> Vec<Field> {
    let comes = |path: &[String]| found.iter().any(|one| one.path == path);
    let mut fields = known.fields.to_vec();
    if !known.is_settled {
        choose(&mut fields, choices.iter().filter(|(_, path)| booking.is_none() || comes(path)));
        find_exact(&mut fields, found);
    }
    let displaced = displaced(known, found, choices, booking);
    recognize(&mut fields, found, (booking, has_room), &displaced);
    for field in &mut fields {
        // A field of the settings that is absent must be reported.
        let is_missed = matches!(field.key, Key::Recognized(_, Reason::Setting))
            && !comes(&[field.name.to_owned()]);
        if field.keys() == Some(&[field.name]) && !field.is_unknown() && !is_missed {
            field.key = Key::Documented;
        }
    }
    append(&mut fields, found, known.derived, has_room);
    show_beneficiary(&mut fields);
    let is_missing = |field: &Field| field.column.is_some() && field.is_absent();
    // Undocumented fields of a tenant's payment are hidden by default.
    let is_wanted = known.host == Host::Customer && fields.iter().any(is_missing);
    let column = is_wanted.then_some(UNKNOWN_COLUMN);
    fields.iter_mut().filter(|field| field.is_unknown()).for_each(|field| field.column = column);
    // Without any shown column, rows would be empty lines.
    if !fields.iter().any(|field| field.column.is_some() && !field.is_absent()) {
        for field in &mut fields {
            field.column = field.column.or(Some(UNKNOWN_COLUMN));
        }
    }
    fields
}

/// Shows the beneficiary in the column of the account name if the server sends no account name.
fn show_beneficiary(fields: &mut [Field]) {
    let account = fields.iter().find(|field| field.name == "account_name" && field.is_absent());
    let column = account.and_then(|account| account.column);
    let hidden = |field: &&mut Field| field.name == "beneficiary" && !field.is_absent();
    if let Some(beneficiary) = fields.iter_mut().find(hidden) {
        beneficiary.column = beneficiary.column.or(column);
    }
}

/// The fields whose server field the settings assign to another field. They stay empty: the second-best
/// match would be wrong, and could be an amount.
fn displaced(
    known: &Spec,
    found: &[Found<'_>],
    choices: &[Choice],
    booking: Option<&str>,
) -> Vec<&'static str> {
    if choices.is_empty() {
        return Vec::new();
    }
    let own = known.fields.iter().filter(|field| !field.is_unknown());
    let mut fields: Vec<Field> =
        own.map(|field| Field { key: Key::Documented, ..*field }).collect();
    find_exact(&mut fields, found);
    recognize(&mut fields, found, (booking, true), &[]);
    let is_chosen =
        |field: &Field| choices.iter().any(|(name, path)| *name != field.name && field.is_at(path));
    let is_its_own = |field: &Field| choices.iter().any(|(name, _)| *name == field.name);
    let displaced = fields.iter().filter(|field| !field.is_absent() && !is_its_own(field));
    displaced.filter(|field| is_chosen(field)).map(|field| field.name).collect()
}

fn choose<'c>(fields: &mut [Field], choices: impl Iterator<Item = &'c Choice>) {
    for (name, path) in choices {
        let field = fields.iter_mut().find(|field| field.name == *name);
        if let Some((field, keys)) = field.zip(interned(path, true)) {
            field.key = Key::Recognized(keys, Reason::Setting);
        }
    }
}

/// The documented name; if it never has a value, an alias that has one.
fn find_exact(fields: &mut [Field], found: &[Found<'_>]) {
    for at in 0..fields.len() {
        let Some(field) = fields.get(at).filter(|field| field.key == Key::Documented) else {
            continue;
        };
        let is_free = |one: &&Found<'_>| {
            let mut others = fields.iter().filter(|other| other.key != Key::Documented);
            !others.any(|other| other.is_at(&one.path))
        };
        let own = found.iter().filter(is_free).find(|one| one.is_named(field.name));
        let is_alias = |one: &&Found<'_>| {
            !one.values.is_empty() && field.aliases.iter().any(|alias| one.is_named(alias))
        };
        let has_value = own.is_some_and(|own| !own.values.is_empty());
        let alias = found.iter().filter(is_free).find(is_alias).filter(|_| !has_value);
        let alias = alias.and_then(|alias| interned(&alias.path, true));
        let key = match (alias, own) {
            (Some(path), _) => Key::Recognized(path, Reason::Alias),
            (None, Some(_)) => Key::Documented,
            (None, None) => Key::Absent,
        };
        fields.iter_mut().skip(at).take(1).for_each(|field| field.key = key);
    }
}

/// Assigns server fields to absent fields by their roles.
fn recognize(
    fields: &mut [Field],
    found: &[Found<'_>],
    (booking, has_room): (Option<&str>, bool),
    but: &[&str],
) {
    let free: Vec<&Found<'_>> = found.iter().filter(|one| one.is_free(fields)).collect();
    let paths: Vec<Vec<&str>> = free.iter().map(|one| one.keys()).collect();
    let seen: Vec<Seen<'_>> = free.iter().zip(&paths).map(|(one, path)| one.seen(path)).collect();
    let is_open = |field: &Field| field.is_absent() && !but.contains(&field.name);
    let absent: Vec<usize> =
        (0..fields.len()).filter(|at| fields.get(*at).is_some_and(is_open)).collect();
    let missing: Vec<Field> = absent.iter().filter_map(|at| fields.get(*at)).copied().collect();
    let missing: Vec<&Field> = missing.iter().collect();
    for Assigned { role, seen, reason } in roles::assign(&missing, &seen, booking) {
        let path = free.get(seen).and_then(|one| interned(&one.path, has_room));
        let field = absent.get(role).and_then(|at| fields.get_mut(*at));
        if let Some((field, path)) = field.zip(path) {
            field.key = Key::Recognized(path, reason);
        }
    }
}

/// Adds columns for fields without a role, up to the limit.
fn append(fields: &mut Vec<Field>, found: &[Found<'_>], derived: &[Derived], has_room: bool) {
    for one in found {
        if fields.len() >= FIRST_DERIVED {
            return;
        }
        let Some(keys) = Some(one)
            .filter(|one| one.is_free(fields))
            .and_then(|one| interned(&one.path, has_room))
        else {
            continue;
        };
        let path = one.keys();
        let kind = roles::kind(&one.seen(&path));
        let is_used = |name: &str| {
            name == OTHER
                || fields.iter().any(|field| field.name == name)
                || derived.iter().any(|derived| derived.field.name == name)
        };
        let Some(name) = name_of(&path, is_used) else { continue };
        let label = label_of(&path).unwrap_or(name);
        let key = Key::Unknown(keys);
        fields.push(Field { key, ..Field::new(name, label, kind) });
    }
}

/// The keys joined by dots, without characters that cannot be typed, and unique.
fn name_of(path: &[&str], is_used: impl Fn(&str) -> bool) -> Option<&'static str> {
    let keys: Vec<&str> = path.iter().map(|key| if key.is_empty() { "_" } else { key }).collect();
    let joined = keys.join(".");
    let first: String = joined.chars().map(|it| if is_typed(it) { it } else { '_' }).collect();
    let first = if is_well_formed(&first) { first } else { format!("_{first}") };
    let names = once(first.clone()).chain((2..).map(|nth| format!("{first}_{nth}")));
    let name = names.into_iter().find(|name| !is_used(name))?;
    Some(interned_name(&name))
}

/// Returns `true` if a column can have this name.
pub fn is_well_formed(name: &str) -> bool {
    let is_begun = name.starts_with(|first: char| first.is_alphanumeric() || first == '_');
    is_begun && name.chars().all(is_typed)
}

fn is_typed(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// The title of a column: the server's keys, cut if they are too long.
fn label_of(path: &[&str]) -> Option<&'static str> {
    let joined = path.join(".");
    if sanitize(&joined) != joined {
        return None;
    }
    if joined.width() <= LONGEST_LABEL {
        return Some(interned_name(&joined));
    }
    let mut cells = 0;
    let fits = |c: &char| {
        cells += c.width().unwrap_or(0);
        cells < LONGEST_LABEL
    };
    let cut: String = joined.chars().take_while(fits).collect();
    Some(interned_name(&(cut + "…")))
}

#[cfg(test)]
mod tests;
