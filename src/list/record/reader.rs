//! Reads a row: flattens nested objects, and reads each field of the list from its keys.

use serde_json::value::RawValue;

use super::json::{RowPairs, object_pairs, read_value, row_pairs};
use super::{Rest, Value};
use crate::domain::text::Untrusted;
use crate::list::{FIRST_DERIVED, Field, Spec};

/// The maximum depth of flattened objects; a deeper one is one value.
const DEEPEST: usize = 4;

/// A value of a row: its keys from the outside in, and its JSON.
pub(super) type Visit<'v, 'a> = dyn FnMut(&[&str], &'a RawValue) + 'v;

/// A row that is split into its parts only once.
pub(in crate::list) struct Row<'a> {
    json: &'a str,
    /// `None` if it is not an object.
    pairs: Option<RowPairs<'a>>,
}

impl<'a> Row<'a> {
    pub(in crate::list) fn new(json: &'a str) -> Self {
        Self { json, pairs: row_pairs(json) }
    }

    pub(in crate::list) fn is_object(&self) -> bool {
        self.pairs.is_some()
    }

    /// Visits the values that are not objects, and the objects that are too deep or empty.
    pub(in crate::list) fn walk(&self, visit: &mut Visit<'_, 'a>) {
        for (key, raw) in self.pairs.iter().flatten() {
            visit_below(&[&key.0], raw, visit);
        }
    }
}

/// Visits the nested values of one value of a row that are not objects, or the value itself. `path` holds the
/// keys of the value.
pub fn walk_value<'a>(path: &[&str], json: &'a str, visit: &mut Visit<'_, 'a>) {
    if let Ok(raw) = serde_json::from_str(json) {
        visit_below(path, raw, visit);
    }
}

fn visit_below<'a>(path: &[&str], raw: &'a RawValue, visit: &mut Visit<'_, 'a>) {
    let object = Some(raw.get()).filter(|json| json.starts_with('{') && path.len() < DEEPEST);
    match object.and_then(object_pairs).filter(|pairs| !pairs.is_empty()) {
        Some(pairs) => {
            for (key, raw) in &pairs {
                let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
                visit_below(&path, raw, visit);
            }
        }
        None => visit(path, raw),
    }
}

pub(super) struct Reader {
    spec: &'static Spec,
    pub(super) values: Vec<Value>,
    pub(super) rest: Rest,
    /// The field that probably comes next: rows mostly have their fields in the same order.
    next: usize,
}

impl Reader {
    pub(super) fn new(spec: &'static Spec) -> Self {
        let values = vec![Value::Missing; spec.fields.len().min(FIRST_DERIVED)];
        Self { spec, values, rest: Rest::default(), next: 0 }
    }

    pub(super) fn read(&mut self, row: &Row<'_>) {
        match &row.pairs {
            Some(pairs) => pairs.iter().for_each(|(key, raw)| self.take_or_descend(&[&key.0], raw)),
            None => {
                self.rest.is_unreadable = true;
                self.rest.extras.push((Untrusted::new("(row)"), Untrusted::new(row.json)));
            }
        }
    }

    /// Flattens an object only if a field is inside it.
    fn take_or_descend(&mut self, path: &[&str], raw: &RawValue) {
        let is_inside = |field: &Field| {
            field.keys().is_some_and(|keys| keys.len() > path.len() && keys.starts_with(path))
        };
        let pairs = Some(raw.get()).filter(|json| json.starts_with('{'));
        let pairs = pairs
            .filter(|_| self.spec.fields.iter().any(is_inside))
            .and_then(object_pairs)
            .filter(|pairs| !pairs.is_empty());
        match pairs {
            Some(pairs) => {
                for (key, raw) in &pairs {
                    let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
                    self.take_or_descend(&path, raw);
                }
            }
            None => self.take(path, raw),
        }
    }

    fn take(&mut self, path: &[&str], raw: &RawValue) {
        let found = self.find(path);
        if let Some((at, field, slot)) = found
            .and_then(|at| Some((at, self.spec.fields.get(at)?, self.values.get_mut(at)?)))
            .filter(|(_, _, slot)| matches!(slot, Value::Missing | Value::Null))
        {
            *slot = read_value(field.kind, raw.get());
            self.next = at + 1;
        } else {
            let key = Untrusted::new(path.join("."));
            self.rest.extras.push((key, Untrusted::new(raw.get())));
        }
    }

    fn find(&self, path: &[&str]) -> Option<usize> {
        let count = self.values.len();
        let after = self.next..count;
        let mut all = after.chain(0..self.next.min(count));
        all.find(|at| self.spec.fields.get(*at).is_some_and(|field| field.is_at(path)))
    }
}
