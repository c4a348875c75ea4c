//! Names, keys and shapes that live as long as the process, like all descriptions of lists.
#![expect(clippy::disallowed_types, reason = "one copy of each is shared by all threads")]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::list::{Field, Spec};

/// A name of a column.
pub fn interned_name(name: &str) -> &'static str {
    let keys = interned(&[name.to_owned()], true).unwrap_or_default();
    keys.first().copied().unwrap_or_default()
}

/// `None` for new keys, if none may be added.
pub(super) fn interned(path: &[String], may_add: bool) -> Option<&'static [&'static str]> {
    static PATHS: Mutex<BTreeMap<Vec<String>, &'static [&'static str]>> =
        Mutex::new(BTreeMap::new());
    let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = paths.get(path) {
        return Some(known);
    }
    if !may_add {
        return None;
    }
    let keys: Vec<&'static str> = path.iter().map(|key| &*key.clone().leak()).collect();
    let keys: &'static [&'static str] = keys.leak();
    paths.insert(path.to_vec(), keys);
    Some(keys)
}

/// The shared copy of a shape in `known`, so that equal shapes are the same.
pub(super) fn interned_spec(known: &'static Spec, fields: Vec<Field>) -> &'static Spec {
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
