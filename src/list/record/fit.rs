//! Fits rows to other shapes, and fills rows from fuller ones.

use super::json::read_value;
use super::{Record, Rest, Value};
use crate::domain::text::Untrusted;
use crate::list::shape::filled;
use crate::list::{FIRST_DERIVED, Field, Spec};

impl Record {
    /// The record in the shape of this list. A row of another answer can have its fields elsewhere.
    pub fn fitted_to(self, spec: &'static Spec) -> Self {
        if std::ptr::eq(self.spec, spec) || self.spec.begins(spec) {
            return self;
        }
        let none = vec![Value::Missing; spec.fields.len().min(FIRST_DERIVED)];
        let unreadable = self.unreadable().map(|json| (Untrusted::new("(row)"), json.clone()));
        let is_unreadable = unreadable.is_some();
        let rest = Rest { extras: unreadable.into_iter().collect(), is_unreadable };
        Self::pack(spec, none, rest).filled_from(&self)
    }

    /// The record with its missing fields filled from a fuller record; other fields do not change. Extras
    /// of the fuller record are added under their keys.
    pub fn filled_from(&self, fuller: &Self) -> Self {
        let spec = filled(self.spec, fuller.spec);
        let mut values = Vec::new();
        let mut taken = Vec::new();
        for (at, field) in spec.fields.iter().enumerate().take(FIRST_DERIVED) {
            let (own, place) = (self.at(at), place_in(spec, at, fuller.spec));
            let other = taken_from(fuller, place, field);
            let is_filled = !own.is_given() && other != Value::Missing;
            if is_filled || *own == other {
                taken.extend(place);
            }
            values.push(if is_filled { other } else { own.clone() });
        }
        let is_new = |key: &str| {
            !spec.fields.iter().any(|field| field.joins_to(key))
                && !self.extras().iter().any(|(known, _)| known.expose_raw() == key)
        };
        let others = fuller.spec.fields.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        let others = others.filter_map(|(at, field)| {
            Some((Untrusted::new(field.path().join(".")), fuller.at(at).json()?))
        });
        let added = others.chain(fuller.extras().iter().cloned());
        let added = added.filter(|(key, _)| is_new(key.expose_raw()));
        let extras = self.extras().iter().cloned().chain(added).collect();
        let is_unreadable = self.unreadable().is_some();
        Self::pack(spec, values, Rest { extras, is_unreadable })
    }

    /// The value of the same field in another record, whose list may have its fields elsewhere.
    pub fn counterpart<'a>(&self, position: usize, other: &'a Self) -> &'a Value {
        let place = place_in(self.spec, position, other.spec);
        place.map_or(&Value::Missing, |at| other.at(at))
    }
}

/// The position of a field in another shape: under the same keys, as any field; else by its name, unless
/// that has the keys of another field here.
fn place_in(own: &Spec, position: usize, other: &Spec) -> Option<usize> {
    if std::ptr::eq(own, other) {
        return Some(position);
    }
    let field = own.fields.get(position)?;
    let under_its_keys = other.fields.iter().position(|it| it.is_at(field.path()));
    under_its_keys.or_else(|| {
        let at = other.position(field.name).filter(|_| !field.is_unknown())?;
        let keys = other.fields.get(at)?.path();
        (!own.fields.iter().any(|it| it.is_at(keys))).then_some(at)
    })
}

/// A value of another record as one of this field.
fn taken_from(fuller: &Record, place: Option<usize>, field: &Field) -> Value {
    let came = place.and_then(|at| Some((fuller.at(at), fuller.spec.fields.get(at)?)));
    match came {
        Some((value, known)) if known.kind == field.kind => value.clone(),
        Some((value, _)) => {
            value.json().map_or(Value::Missing, |json| read_value(field.kind, json.expose_raw()))
        }
        None => {
            let mut extras = fuller.extras().iter();
            let extra = extras.find(|(key, _)| field.joins_to(key.expose_raw()));
            extra.map_or(Value::Missing, |(_, json)| read_value(field.kind, json.expose_raw()))
        }
    }
}

#[cfg(test)]
mod tests;
