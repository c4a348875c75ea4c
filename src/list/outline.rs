//! What JSON looks like without a single value: its fields, their types and how often each comes.
//!
//! What is sent to the maintainers of valora is made of this alone, so keys that may be data (objects
//! by id, by month, by name) are no part of it either.

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;

use crate::list::record::Row;
use crate::list::roles::{is_known_word, look, words};

/// Stands for every key that may be data.
const ANY: &str = "*";
/// The elements of an array.
const ELEMENTS: &str = "[]";
const MOST_FIELDS: usize = 400;
/// Arrays and objects in each other that are looked into.
const DEEPEST: usize = 8;
const LONGEST_NAME: usize = 40;
/// Digits of a name such as `address2`; ids have more.
const MOST_DIGITS: usize = 2;
/// Bytes of a text from which it is only long.
const LONGEST_TEXT: usize = 512;

/// In the order in which the fields first come.
#[derive(Debug, Default)]
pub struct Outline {
    pub rows: usize,
    pub fields: Vec<Seen>,
    places: HashMap<Vec<String>, usize>,
    /// Objects that were looked at, those inside of rows too.
    objects: usize,
}

#[derive(Debug)]
pub struct Seen {
    pub path: Vec<String>,
    /// The objects that have it.
    pub rows: usize,
    pub types: BTreeMap<&'static str, usize>,
    /// What its texts look like.
    pub looks: BTreeMap<&'static str, usize>,
    last: usize,
}

impl Seen {
    /// `payments.transactions[].amount`
    pub fn name(&self) -> String {
        if self.path.is_empty() {
            return "(row)".to_owned();
        }
        self.path.join(".").replace(&format!(".{ELEMENTS}"), ELEMENTS)
    }
}

impl Outline {
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a str>) -> Self {
        let mut outline = Self::default();
        for row in rows {
            outline.rows += 1;
            outline.add(&[], row);
        }
        outline
    }

    pub fn find(&self, keys: &[&str]) -> Option<usize> {
        self.places.get(&masked(keys)).copied()
    }

    /// An object by its fields, an array by its elements, anything else by itself.
    fn add(&mut self, above: &[String], json: &str) {
        self.objects += 1;
        let object = self.objects;
        let mut arrays: Vec<(Vec<String>, &str)> = Vec::new();
        let row = Row::new(json);
        row.walk(&mut |keys, raw| {
            let path: Vec<String> = above.iter().cloned().chain(masked(keys)).collect();
            self.count(&path, raw.get(), object);
            if raw.get().starts_with('[') {
                arrays.push((path, raw.get()));
            }
        });
        if !row.is_object() {
            self.count(above, json, object);
            if json.starts_with('[') {
                arrays.push((above.to_vec(), json));
            }
        }
        for (mut path, json) in arrays.into_iter().filter(|(path, _)| path.len() < DEEPEST) {
            path.push(ELEMENTS.to_owned());
            let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
            for element in elements {
                self.add(&path, element.get());
            }
        }
    }

    fn count(&mut self, path: &[String], json: &str, object: usize) {
        let known = self.places.get(path).copied();
        let at = known.unwrap_or(self.fields.len());
        if known.is_none() {
            if at >= MOST_FIELDS {
                return;
            }
            let (types, looks) = (BTreeMap::new(), BTreeMap::new());
            self.fields.push(Seen { path: path.to_vec(), rows: 0, types, looks, last: 0 });
            self.places.insert(path.to_vec(), at);
        }
        let Some(seen) = self.fields.get_mut(at) else { return };
        if seen.last != object {
            (seen.rows, seen.last) = (seen.rows + 1, object);
        }
        let (kind, looks) = type_of(json);
        *seen.types.entry(kind).or_default() += 1;
        if let Some(looks) = looks {
            *seen.looks.entry(looks).or_default() += 1;
        }
    }
}

/// The type, and what a text looks like.
fn type_of(json: &str) -> (&'static str, Option<&'static str>) {
    match json.bytes().next() {
        Some(b'{') => ("object", None),
        Some(b'[') => ("array", None),
        Some(b'"') if json.len() > LONGEST_TEXT => ("string", Some("long text")),
        Some(b'"') => {
            let text = serde_json::from_str::<String>(json).unwrap_or_default();
            ("string", Some(look(&text)))
        }
        Some(b't' | b'f') => ("bool", None),
        Some(b'n') => ("null", None),
        _ if json.contains(['.', 'e', 'E']) => ("decimal", None),
        _ => ("integer", None),
    }
}

fn masked(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| if is_name(key) { *key } else { ANY }.to_owned()).collect()
}

/// Whether a key can only be the name of a field. Names of people have capitals as those of fields in
/// some APIs do, which have a word of finance in them.
fn is_name(key: &str) -> bool {
    let is_in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let digits = key.chars().filter(|c| c.is_numeric()).count();
    let is_lower = key.starts_with(|c: char| c.is_lowercase() || c == '_');
    key.len() <= LONGEST_NAME
        && key.chars().all(is_in_name)
        && digits <= MOST_DIGITS
        && (is_lower || words(key).iter().any(|word| is_known_word(word)))
}

#[cfg(test)]
mod tests;
