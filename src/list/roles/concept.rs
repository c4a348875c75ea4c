//! A meaning that documented fields have, and how names and values show it.

use super::vocabulary::CONCEPTS;

/// A meaning that documented fields have, and how a field of any name shows that it has it too.
pub(super) struct Concept {
    /// The documented fields of this meaning, of all lists.
    pub(super) fields: &'static [&'static str],
    /// Phrases, in any order and with other words between, and their weight. The longest phrase that
    /// a name has counts, so a long one of no weight is what a short one does not mean.
    pub(super) says: Vec<(&'static str, i32)>,
    /// Words of a partial amount, and the maximum weight of a name that contains one of them.
    pub(super) caps: &'static [(&'static str, i32)],
    /// Words beside them that change nothing.
    pub(super) with: &'static str,
    /// Words that a name of this meaning never has.
    pub(super) against: &'static [&'static str],
    pub(super) test: Test,
    /// Whether a field of any name has this meaning if no other has such values.
    pub(super) is_told_by_values: bool,
}

/// What values must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Booking,
    Account,
    Party,
    Amount,
    Currency,
    Date,
    Timestamp,
    /// Words of an enumeration, best those that are documented.
    Word,
    /// Numbers of documents.
    Number,
    /// Different in each row.
    Id,
    Rate,
    View,
    Download,
    Text,
}

impl Concept {
    pub(super) fn of(field: &str) -> Option<&'static Self> {
        CONCEPTS.iter().find(|concept| concept.fields.contains(&field))
    }

    pub(super) fn new(fields: &'static [&'static str], test: Test) -> Self {
        Self {
            fields,
            says: Vec::new(),
            caps: &[],
            with: "",
            against: &[],
            test,
            is_told_by_values: false,
        }
    }

    /// When something was done to a row.
    pub(super) fn moment(fields: &'static [&'static str], says: &'static str) -> Self {
        Self::new(fields, Test::Timestamp)
            .says(says)
            .with("date on timestamp time payment")
            .against(&["amount status by due booking"])
    }

    pub(super) fn says(self, says: &'static str) -> Self {
        let weighed = |phrase: &'static str| {
            let (phrase, weight) = phrase.trim().rsplit_once(' ')?;
            Some((phrase, weight.parse().ok()?))
        };
        let phrases = says.split(',');
        let says: Vec<_> = phrases.clone().filter_map(weighed).collect();
        debug_assert!(says.len() == phrases.count(), "a phrase without a weight");
        Self { says, ..self }
    }

    pub(super) fn caps(self, caps: &'static [(&'static str, i32)]) -> Self {
        Self { caps, ..self }
    }

    pub(super) fn with(self, with: &'static str) -> Self {
        Self { with, ..self }
    }

    pub(super) fn against(self, against: &'static [&'static str]) -> Self {
        Self { against, ..self }
    }

    pub(super) fn told_by_values(self) -> Self {
        Self { is_told_by_values: true, ..self }
    }
}
