//! A name for each reference, such as the owner of a booking, stored once for all its rows.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::text::Untrusted;

/// Names by reference; surrounding space and letter case of a reference do not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(HashMap<Box<str>, Untrusted>);

impl Names {
    pub fn get(&self, reference: &Untrusted) -> Option<&Untrusted> {
        self.0.get(folded(reference).as_ref())
    }

    /// Returns `true` if the reference had another name or none.
    pub fn insert(&mut self, reference: &Untrusted, name: &Untrusted) -> bool {
        match self.0.get_mut(folded(reference).as_ref()) {
            Some(known) if known == name => return false,
            Some(known) => *known = name.clone(),
            None => _ = self.0.insert(folded(reference).into(), name.clone()),
        }
        true
    }
}

/// The key of a reference. Most references are in capitals and need no copy.
pub fn folded(reference: &Untrusted) -> Cow<'_, str> {
    let raw = reference.expose_raw().trim();
    if raw.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(raw.to_ascii_uppercase())
    } else {
        Cow::Borrowed(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_its_own_name_in_any_case_and_with_space_around_it() {
        let mut names = Names::default();
        let text = |raw: &str| Untrusted::new(raw);
        assert!(names.insert(&text("bk1 "), &text("Ana")));
        assert!(!names.insert(&text("BK1"), &text("Ana")));
        assert!(names.insert(&text("BK1"), &text("Eva")));
        assert_eq!(names.get(&text(" Bk1")), Some(&text("Eva")));
        assert_eq!(names.get(&text("BK11")), None);
    }
}
