//! The fields that the rows of a server turn out to have: a copy of a list's [`Spec`] in which each
//! documented field says under which keys it comes, and each other field follows as a column.
//!
//! A shape only grows: no field leaves its position or its keys, so that rows of earlier pages stay
//! readable beside those of later ones.
#![expect(clippy::disallowed_types, reason = "shapes are looked up by all threads that read pages")]

use std::collections::{BTreeMap, HashMap};
use std::iter::once;
use std::sync::{Mutex, PoisonError};

use crate::domain::text::{Untrusted, sanitize};
use crate::list::record::{Record, walk};
use crate::list::roles::{self, Assigned, Known, Reason, Seen};
use crate::list::{Column, Derived, FIRST_DERIVED, Field, Host, Key, Spec};

/// Shapes of bookings that are kept: a hostile server could have other fields in each answer. Those
/// of a list grow at most as often as there is room for a field.
const MOST_SHAPES: usize = 500;
/// Bytes of the name of a field; one with a longer name has no column.
const LONGEST_NAME: usize = 200;
/// Characters of the title of a column.
const LONGEST_LABEL: usize = 40;
/// Columns of unknown fields are the first to be hidden.
const UNKNOWN_COLUMN: Column = Column { priority: 9, least: 8, most: 30 };

/// The fields that the user says are those of a list, by its key: a documented name, and the keys.
pub type Choices = BTreeMap<&'static str, Vec<Choice>>;
pub type Choice = (&'static str, Vec<String>);

/// The shapes of the lists of one server, settled by the first page of each.
#[derive(Debug, Default)]
pub struct Shapes {
    choices: Choices,
    settled: Mutex<HashMap<&'static str, &'static Spec>>,
    of_bookings: Mutex<Vec<&'static Spec>>,
}

impl Shapes {
    pub fn new(choices: Choices) -> Self {
        Self { choices, ..Self::default() }
    }

    /// The rows of a page, read with what earlier pages of the list and this one tell.
    pub fn read(&self, spec: &'static Spec, rows: &[&str]) -> Vec<Record> {
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        let known = settled.get(spec.key).copied().unwrap_or(spec);
        let (records, shape) = self.read_with(known, rows, None);
        if shape.is_settled {
            settled.insert(spec.key, shape);
        }
        records
    }

    /// The rows of a part of `booking`, which has nothing in common with the pages of its list.
    pub fn read_once(&self, spec: &'static Spec, rows: &[&str], booking: &str) -> Vec<Record> {
        let mut known = self.of_bookings.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_SHAPES {
            return rows.iter().map(|row| Record::read(spec, row)).collect();
        }
        let (records, shape) = self.read_with(spec, rows, Some(booking));
        if !known.iter().any(|known| std::ptr::eq(*known, shape)) {
            known.push(shape);
        }
        records
    }

    fn read_with(
        &self,
        known: &'static Spec,
        rows: &[&str],
        booking: Option<&str>,
    ) -> (Vec<Record>, &'static Spec) {
        let read = |spec| rows.iter().map(|row| Record::read(spec, row)).collect();
        let records: Vec<Record> = read(known);
        let is_row = |record: &&Record| record.unreadable().is_none();
        let has_room = known.fields.len() < FIRST_DERIVED;
        let is_due = |record: &Record| {
            let is_new = |(key, json): &(Untrusted, Untrusted)| {
                json.expose_raw() != "null" && key.expose_raw().len() < LONGEST_NAME
            };
            !known.is_settled || has_room && record.extras().iter().any(is_new)
        };
        if !records.iter().filter(is_row).any(is_due) {
            return (records, known);
        }
        let none = Vec::new();
        let chosen = self.choices.get(known.key).unwrap_or(&none);
        let shape = settle(known, rows, chosen, booking);
        if shape.fields == known.fields {
            return (records.into_iter().map(|record| record.settled(shape)).collect(), shape);
        }
        (read(shape), shape)
    }
}

/// A field of a page: its keys, its JSON values without nulls.
struct Found<'a> {
    path: Vec<String>,
    values: Vec<&'a str>,
}

impl Found<'_> {
    fn is_named(&self, name: &str) -> bool {
        matches!(&self.path[..], [key] if key == name)
    }

    fn is_of(&self, field: &Field) -> bool {
        let keys: Vec<&str> = self.path.iter().map(String::as_str).collect();
        field.is_at(&keys)
    }
}

/// The fields of a page, in the order in which they first come.
fn fields_of<'a>(rows: &[&'a str]) -> Vec<Found<'a>> {
    let mut all: Vec<Found<'a>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut joined = String::new();
    for row in rows {
        walk(row, &mut |path, raw| {
            joined.clear();
            joined.extend(path.iter().flat_map(|key| [key, "\0"]));
            if joined.len() > LONGEST_NAME {
                return;
            }
            let at = places.get(&joined).copied().unwrap_or_else(|| {
                let path = path.iter().map(|key| (*key).to_owned()).collect();
                all.push(Found { path, values: Vec::new() });
                places.insert(joined.clone(), all.len() - 1);
                all.len() - 1
            });
            if let Some(found) = all.get_mut(at).filter(|_| raw.get() != "null") {
                found.values.push(raw.get());
            }
        });
    }
    all
}

/// The shape of a list after another page. Rows of a booking follow a choice only if it comes.
fn settle(
    known: &'static Spec,
    rows: &[&str],
    choices: &[Choice],
    booking: Option<&str>,
) -> &'static Spec {
    let found = fields_of(rows);
    let comes = |path: &[String]| found.iter().any(|one| one.path == path);
    let mut fields = known.fields.to_vec();
    if !known.is_settled {
        choose(&mut fields, choices.iter().filter(|(_, path)| booking.is_none() || comes(path)));
        find_exact(&mut fields, &found);
    }
    let bookings: Vec<String> = booking.map(ToOwned::to_owned).into_iter().collect();
    recognize(&mut fields, &found, &Known { bookings: &bookings });
    for field in &mut fields {
        if field.keys() == Some(&[field.name]) && !field.is_unknown() {
            field.key = Key::Documented;
        }
    }
    append(&mut fields, &found, known.derived);
    let is_missing = |field: &Field| field.column.is_some() && field.is_absent();
    // What a tenant's payment has beside what is documented is not shown unasked.
    let is_wanted = known.host == Host::Customer && fields.iter().any(is_missing);
    let column = is_wanted.then_some(UNKNOWN_COLUMN);
    fields.iter_mut().filter(|field| field.is_unknown()).for_each(|field| field.column = column);
    // Rows of which nothing is shown would be lines without a text.
    if !fields.iter().any(|field| field.column.is_some() && !field.is_absent()) {
        for field in &mut fields {
            field.column = field.column.or(Some(UNKNOWN_COLUMN));
        }
    }
    interned_spec(known, fields)
}

fn choose<'c>(fields: &mut [Field], choices: impl Iterator<Item = &'c Choice>) {
    for (name, path) in choices {
        let field = fields.iter_mut().find(|field| field.name == *name);
        if let Some(field) = field {
            field.key = Key::Recognized(interned(path), Reason::Setting);
        }
    }
}

/// The documented name; where it never has a value, another name that is expected and has one.
fn find_exact(fields: &mut [Field], found: &[Found<'_>]) {
    for at in 0..fields.len() {
        let Some(field) = fields.get(at).filter(|field| field.key == Key::Documented) else {
            continue;
        };
        let is_free = |one: &&Found<'_>| {
            let mut others = fields.iter().filter(|other| other.key != Key::Documented);
            !others.any(|other| one.is_of(other))
        };
        let own = found.iter().filter(is_free).find(|one| one.is_named(field.name));
        let is_alias = |one: &&Found<'_>| {
            !one.values.is_empty() && field.aliases.iter().any(|alias| one.is_named(alias))
        };
        let has_value = own.is_some_and(|own| !own.values.is_empty());
        let alias = found.iter().filter(is_free).find(is_alias).filter(|_| !has_value);
        let alias = alias.map(|alias| interned(&alias.path));
        let key = match (alias, own) {
            (Some(path), _) => Key::Recognized(path, Reason::Alias),
            (None, Some(_)) => Key::Documented,
            (None, None) => Key::Absent,
        };
        fields.iter_mut().skip(at).take(1).for_each(|field| field.key = key);
    }
}

/// Gives the fields that are still absent what plays their roles.
fn recognize(fields: &mut [Field], found: &[Found<'_>], others: &Known<'_>) {
    let free: Vec<&Found<'_>> = free_of(fields, found).collect();
    let paths: Vec<Vec<&str>> =
        free.iter().map(|one| one.path.iter().map(String::as_str).collect()).collect();
    let seen: Vec<Seen<'_>> = free
        .iter()
        .zip(&paths)
        .map(|(one, path)| Seen { path, values: one.values.clone() })
        .collect();
    let absent: Vec<usize> =
        (0..fields.len()).filter(|at| fields.get(*at).is_some_and(Field::is_absent)).collect();
    let wanted: Vec<Field> = absent.iter().filter_map(|at| fields.get(*at)).copied().collect();
    let wanted: Vec<&Field> = wanted.iter().collect();
    for Assigned { role, seen, reason } in roles::assign(&wanted, &seen, others) {
        let path = free.get(seen).map(|one| interned(&one.path));
        let field = absent.get(role).and_then(|at| fields.get_mut(*at));
        if let Some((field, path)) = field.zip(path) {
            field.key = Key::Recognized(path, reason);
        }
    }
}

/// What plays no role, as long as there is room.
fn append(fields: &mut Vec<Field>, found: &[Found<'_>], derived: &[Derived]) {
    let free: Vec<&Found<'_>> = free_of(fields, found).collect();
    for one in free {
        if fields.len() >= FIRST_DERIVED {
            return;
        }
        let path: Vec<&str> = one.path.iter().map(String::as_str).collect();
        let kind = roles::kind(&Seen { path: &path, values: one.values.clone() });
        let is_used = |name: &str| {
            fields.iter().any(|field| field.name == name)
                || derived.iter().any(|derived| derived.field.name == name)
        };
        let Some(name) = name_of(&path, is_used) else { continue };
        let path = interned(&one.path);
        let label = label_of(path).unwrap_or(name);
        fields.push(Field { key: Key::Unknown(path), ..Field::new(name, label, kind) });
    }
}

fn free_of<'f, 'a>(
    fields: &[Field],
    found: &'f [Found<'a>],
) -> impl Iterator<Item = &'f Found<'a>> {
    let is_free =
        |one: &&Found<'_>| !one.values.is_empty() && !fields.iter().any(|field| one.is_of(field));
    found.iter().filter(is_free).collect::<Vec<_>>().into_iter()
}

/// The keys joined by dots, with nothing in them that could not be typed, and unlike other names.
fn name_of(path: &[&str], is_used: impl Fn(&str) -> bool) -> Option<&'static str> {
    let joined = path.join(".");
    let first: String = joined.chars().map(|it| if is_typed(it) { it } else { '_' }).collect();
    let names = once(first.clone()).chain((2..).map(|nth| format!("{first}_{nth}")));
    let name = names.into_iter().find(|name| !is_used(name))?;
    Some(interned_name(&name))
}

/// Whether a column can have this name.
pub fn is_well_formed(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_typed)
}

fn is_typed(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// The title of a column: the keys as they came, if they can be shown so.
fn label_of(path: &[&str]) -> Option<&'static str> {
    let joined = path.join(".");
    let is_plain = joined.chars().count() <= LONGEST_LABEL && sanitize(&joined) == joined;
    is_plain.then(|| interned_name(&joined))
}

/// A name of a column that lives as long as the process.
pub fn interned_name(name: &str) -> &'static str {
    interned(&[name.to_owned()]).first().copied().unwrap_or_default()
}

/// Keys that live as long as the process, as all that describes lists does.
fn interned(path: &[String]) -> &'static [&'static str] {
    static PATHS: Mutex<BTreeMap<Vec<String>, &'static [&'static str]>> =
        Mutex::new(BTreeMap::new());
    let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = paths.get(path) {
        return known;
    }
    let keys: Vec<&'static str> = path.iter().map(|key| &*key.clone().leak()).collect();
    let keys: &'static [&'static str] = keys.leak();
    paths.insert(path.to_vec(), keys);
    keys
}

/// The one copy of a shape, so that equal ones are the same.
fn interned_spec(known: &'static Spec, fields: Vec<Field>) -> &'static Spec {
    static SPECS: Mutex<Vec<&'static Spec>> = Mutex::new(Vec::new());
    let mut specs = SPECS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_same = |spec: &&&'static Spec| spec.is(known) && spec.fields == fields;
    if let Some(same) = specs.iter().find(is_same) {
        return same;
    }
    let shape = Spec { fields: fields.leak(), is_settled: true, ..known.clone() };
    let shape: &'static Spec = Box::leak(Box::new(shape));
    specs.push(shape);
    shape
}

#[cfg(test)]
mod tests;
