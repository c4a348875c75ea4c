//! The structure of JSON without any value: its fields, their types, and how often each occurs.
//!
//! Users send it to the maintainers of valora, so it also omits keys that may be data (ids, months,
//! names).

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::list::record::object_pairs;
use crate::list::roles::{is_known_word, look, words};
use crate::list::{ALL, Field};

/// Replaces every key that may be data.
const ANY: &str = "*";
/// The elements of an array.
const ELEMENTS: &str = "[]";
const MOST_FIELDS: usize = 400;
/// The maximum different keys that are examined; all others may be data.
const MOST_KEYS: usize = 20_000;
/// The maximum depth of nested arrays and objects.
const DEEPEST: usize = 8;
const LONGEST_NAME: usize = 40;
/// The maximum digits of a name such as `address2`; ids have more.
const MOST_DIGITS: usize = 2;
/// The minimum letters of a word that makes a key with other words a name.
const SHORTEST_WORD: usize = 4;
/// Bytes from which a text is only described as long.
const LONGEST_TEXT: usize = 512;

/// Words of fields without a role, except those that are also names of people.
const ORDINARY: &str = "a an and as at by for from has in is of on or the to with made \
    active address answer approved area array arrears attribute batch block body branch category \
    change channel charge check city closed code comment completed config contract count \
    country created credit current data day debtor default deleted description detail due email \
    enabled end entry error event expected expired external extra fee field file finance fine \
    first flag format group history id index info internal invoicing issue item job \
    key kind label language last level line link list locale lock mail manager map meta \
    method min mode month name new next note number object old open option order other \
    outstanding own owner parent part partner payout penalty period person phone plan \
    platform previous priority product property public queue raw read reason receivable record \
    refund region remark result role room row run scheduled section send sent sequence setting \
    sort source stage start state step store sub summary system tag target task team \
    tenant term text time title token total type unit unknown updated url user valid value \
    version week year zip zone";

/// Words of roles that are also names of people, and therefore not enough for a field name.
const PEOPLE: [&str; 7] = ["art", "bill", "day", "max", "page", "price", "tag"];
/// Names from the contract's conciliation.
const TOTALS: [&str; 5] =
    ["transactions_made", "invoices_gross", "credit_notes_gross", "penalties_gross", "invoicing"];

/// The fields in the order of their first occurrence.
#[derive(Debug, Default)]
pub struct Outline {
    pub rows: usize,
    pub fields: Vec<Seen>,
    root: Node,
}

#[derive(Debug)]
pub struct Seen {
    pub path: Vec<String>,
    /// The number of objects that have it.
    pub rows: usize,
    pub types: BTreeMap<&'static str, usize>,
    /// The kinds of its texts.
    pub looks: BTreeMap<&'static str, usize>,
}

impl Seen {
    /// `payments.transactions[].amount`
    pub fn name(&self) -> String {
        if self.path.is_empty() {
            return "(row)".to_owned();
        }
        joined(&self.path)
    }
}

fn joined(path: &[String]) -> String {
    path.join(".").replace(&format!(".{ELEMENTS}"), ELEMENTS)
}

impl Outline {
    /// `known` are recognized fields of a list: keys with their words are not data.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a str>, known: &[Field]) -> Self {
        let mut outline = Self::default();
        let mut room = MOST_KEYS;
        for row in rows {
            outline.rows += 1;
            outline.root.rows += 1;
            outline.root.add(row, 0, &mut room);
        }
        for field in known.iter().filter(|field| !field.is_unknown()) {
            outline.root.know(field.keys().unwrap_or_default());
        }
        outline.root.mask(true);
        outline.root.list(&mut Vec::new(), &mut outline.fields);
        outline
    }

    /// The position of a field in [`Outline::fields`], by its keys.
    pub fn find(&self, keys: &[&str]) -> Option<usize> {
        keys.iter().try_fold(&self.root, |node, key| node.below_masked(key).map(|(_, it)| it))?.at
    }

    /// Keys for the user's own screen, which also shows the columns of a list: only keys below them,
    /// which may be data, are `*`.
    pub fn shown(&self, keys: &[&str]) -> String {
        let mut node = Some(&self.root);
        let mut path = Vec::new();
        for key in keys {
            let below = node.and_then(|node| node.below_masked(key));
            let name = below.map_or(ANY, |(name, _)| name);
            path.push(if path.is_empty() { (*key).to_owned() } else { name.to_owned() });
            node = below.map(|(_, node)| node);
        }
        joined(&path)
    }
}

/// All values at one path.
#[derive(Debug, Default)]
struct Node {
    /// The number of objects that have it.
    rows: usize,
    types: BTreeMap<&'static str, usize>,
    looks: BTreeMap<&'static str, usize>,
    /// The values that are objects, and their fields.
    objects: usize,
    below: IndexMap<String, Node>,
    is_known: bool,
    elements: Option<Box<Node>>,
    /// Its position among the fields of the outline.
    at: Option<usize>,
}

impl Node {
    fn add(&mut self, json: &str, depth: usize, room: &mut usize) {
        let is_looked_into = depth < DEEPEST && json.starts_with('{');
        let pairs = is_looked_into.then(|| object_pairs(json)).flatten();
        if let Some(pairs) = pairs.filter(|pairs| !pairs.is_empty()) {
            self.objects += 1;
            for (key, raw) in &pairs {
                let is_known = self.below.contains_key(key.as_str());
                let key = if is_known || *room > 0 { key } else { ANY };
                *room -= usize::from(!is_known && *room > 0);
                let below = self.below.entry(key.to_owned()).or_default();
                below.rows += 1;
                below.add(raw.get(), depth + 1, room);
            }
            return;
        }
        let (kind, looks) = type_of(json);
        *self.types.entry(kind).or_default() += 1;
        if let Some(looks) = looks {
            *self.looks.entry(looks).or_default() += 1;
        }
        if depth < DEEPEST && json.starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
            for element in elements {
                let node = self.elements.get_or_insert_default();
                node.rows += 1;
                node.add(element.get(), depth + 1, room);
            }
        }
    }

    fn know(&mut self, keys: &[&str]) {
        let Some((key, inner)) = keys.split_first() else { return };
        if let Some(below) = self.below.get_mut(*key) {
            below.is_known = words(key).iter().any(|word| is_known_word(word));
            below.know(inner);
        }
    }

    /// Merges everything below keys that may be data. Rows and elements of arrays are similar, so a key
    /// that most of them have is the name of a field.
    fn mask(&mut self, is_element: bool) {
        let objects = self.objects;
        let mut any: Option<Self> = None;
        for (key, node) in std::mem::take(&mut self.below) {
            let is_regular = node.rows >= 2 && node.rows * 2 >= objects;
            if node.is_known || is_name(&key, is_regular, is_element) {
                self.below.insert(key, node);
            } else {
                any.get_or_insert_default().merge(node);
            }
        }
        self.below.extend(any.map(|any| (ANY.to_owned(), any)));
        for node in self.below.values_mut() {
            node.rows = node.rows.min(objects);
            node.mask(false);
        }
        self.elements.iter_mut().for_each(|elements| elements.mask(true));
    }

    fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.objects += other.objects;
        for (kind, count) in other.types {
            *self.types.entry(kind).or_default() += count;
        }
        for (looks, count) in other.looks {
            *self.looks.entry(looks).or_default() += count;
        }
        for (key, node) in other.below {
            self.below.entry(key).or_default().merge(node);
        }
        if let Some(elements) = other.elements {
            self.elements.get_or_insert_default().merge(*elements);
        }
    }

    fn list(&mut self, path: &mut Vec<String>, fields: &mut Vec<Seen>) {
        let count = self.types.values().sum();
        if fields.len() >= MOST_FIELDS {
            return;
        }
        if count > 0 {
            self.at = Some(fields.len());
            let rows = self.rows.min(count);
            let (types, looks) = (self.types.clone(), self.looks.clone());
            fields.push(Seen { path: path.clone(), rows, types, looks });
        }
        let below = self.below.iter_mut().map(|(key, node)| (key.as_str(), node));
        let elements = self.elements.as_deref_mut().map(|node| (ELEMENTS, node));
        for (key, node) in below.chain(elements) {
            path.push(key.to_owned());
            node.list(path, fields);
            path.pop();
        }
    }

    fn below_masked(&self, key: &str) -> Option<(&str, &Self)> {
        let found = self.below.get_key_value(key).or_else(|| self.below.get_key_value(ANY));
        found.map(|(name, node)| (name.as_str(), node))
    }
}

/// The type of a value, and the kind of a text.
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

/// Returns `true` if a key can only be the name of a field: it is documented, or all its words occur in
/// names of fields. In rows and elements of arrays, which are similar, a key that is spelled like a name
/// and occurs regularly is enough. Below another field, a key needs both: such words, and regularity.
fn is_name(key: &str, is_regular: bool, is_element: bool) -> bool {
    let is_in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let digits = key.chars().filter(|c| c.is_numeric()).count();
    if key.len() > LONGEST_NAME || digits > MOST_DIGITS || !key.chars().all(is_in_name) {
        return false;
    }
    let words = words(key);
    if is_documented(&words.join("_")) {
        return true;
    }
    let mut words = words.iter().map(|word| word.trim_end_matches(char::is_numeric));
    if key.chars().any(char::is_alphabetic) && words.clone().all(is_of_fields) {
        let is_of_people = words.all(|word| PEOPLE.contains(&word));
        return if is_element { is_regular || !is_of_people } else { is_regular && !is_of_people };
    }
    let is_lower = key.starts_with(|c: char| c.is_lowercase() || c == '_');
    let has_word = words.any(|word| word.len() >= SHORTEST_WORD && is_of_fields(word));
    is_element && is_regular && (has_word || is_lower)
}

/// The names of documented fields, lists and totals, and other known names of these fields.
fn documented() -> impl Iterator<Item = &'static str> {
    let fields = ALL.iter().flat_map(|spec| spec.fields);
    let names = fields.flat_map(|field| field.aliases.iter().copied().chain([field.name]));
    names.chain(ALL.iter().map(|spec| spec.key)).chain(TOTALS)
}

/// Returns `true` for the words of a documented name.
fn is_documented(joined: &str) -> bool {
    static NAMES: LazyLock<HashSet<String>> =
        LazyLock::new(|| documented().map(|name| words(name).join("_")).collect());
    NAMES.contains(joined)
}

/// Returns `true` for a word of documented names, of roles, or of ordinary fields.
fn is_of_fields(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let ordinary = ORDINARY.split_whitespace().map(str::to_owned);
        documented().flat_map(words).chain(ordinary).collect()
    });
    let singular = word.strip_suffix('s').unwrap_or(word);
    word.is_empty() || WORDS.contains(word) || WORDS.contains(singular) || is_known_word(word)
}

#[cfg(test)]
mod tests;
