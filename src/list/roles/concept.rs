//! A meaning of documented fields, and how names and values indicate it.

use super::vocabulary::CONCEPTS;

/// A meaning of documented fields, and how it is recognized in fields with other names.
pub(super) struct Concept {
    /// The documented fields with this meaning, in all lists.
    pub(super) fields: &'static [&'static str],
    /// Phrases, whose words may be in any order and apart, and their weights. The longest phrase in a name
    /// counts, so a long phrase of weight 0 excludes a meaning of a short one.
    pub(super) says: Vec<(&'static str, i32)>,
    /// Words of a partial amount, and the maximum weight of a name that contains one of them.
    pub(super) caps: &'static [(&'static str, i32)],
    /// Additional words that change nothing.
    pub(super) with: &'static str,
    /// Words that a name of this meaning never has.
    pub(super) against: &'static [&'static str],
    pub(super) test: Test,
    /// `true` if a field with any name has this meaning when no other field has such values.
    pub(super) is_told_by_values: bool,
}

/// The pattern that values must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    Booking,
    Account,
    Party,
    Amount,
    Currency,
    Date,
    Timestamp,
    /// Words of an enumeration, preferably documented ones.
    Word,
    /// Numbers of documents.
    Number,
    /// A different value in each row.
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

    /// The time of an action on a row.
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
