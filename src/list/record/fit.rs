//! Rows among rows of other shapes, and rows that are filled from fuller ones.

use super::{Record, Rest, Value};
use crate::domain::text::Untrusted;
use crate::list::shape::filled;
use crate::list::{FIRST_DERIVED, Spec};

impl Record {
    /// The record among others of this list. A row of another answer can have its fields elsewhere.
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

    /// The record with its missing fields taken from a fuller record; other fields do not change.
    pub fn filled_from(&self, fuller: &Self) -> Self {
        let spec = filled(self.spec, fuller.spec);
        let values = (0..spec.fields.len().min(FIRST_DERIVED)).map(|at| {
            match (self.at(at), self.counterpart(fuller, at)) {
                (Value::Missing, other) => other.clone(),
                (Value::Null, other) if *other != Value::Missing => other.clone(),
                (own, _) => own.clone(),
            }
        });
        let is_new = |(key, _): &(Untrusted, Untrusted)| {
            spec.field(key.expose_raw()).is_none()
                && !self.extras().iter().any(|(known, _)| known == key)
        };
        let added = fuller.unknown().filter(is_new);
        let extras = self.extras().iter().cloned().chain(added).collect();
        let is_unreadable = self.unreadable().is_some();
        Self::pack(spec, values.collect(), Rest { extras, is_unreadable })
    }

    /// The value of a field in another record, whose list may have its fields in another order.
    fn counterpart<'a>(&self, other: &'a Self, position: usize) -> &'a Value {
        if std::ptr::eq(self.spec, other.spec) {
            return other.at(position);
        }
        self.spec.fields.get(position).map_or(&Value::Missing, |field| other.value(field.name))
    }
}

#[cfg(test)]
mod tests;
