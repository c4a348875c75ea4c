//! A filter field as data: which query parameter it sets, what may be typed, and why not.
//!
//! What is typed may be wider than what is sent: see [`setting`] for ranges and relative days.

mod amount;
mod days;
mod part;
pub mod setting;
mod split;

use std::ops::Range;

use crate::domain::date;

pub use part::Fault;
pub use setting::{Setting, Target};

/// Characters of one filter value; the API's columns are ordinary database strings.
const LONGEST_VALUE: usize = 255;

/// What may be typed into a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text that the server searches in several fields.
    Search,
    /// A text that must equal the field.
    Exact,
    /// One of the values that the contract lists.
    OneOf(&'static [&'static str]),
    Date,
    /// An amount in major units with a dot (contract, "Every request").
    Amount,
}

/// One query parameter of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// The documented name of the parameter.
    pub param: &'static str,
    /// What it is called on the screen.
    pub label: &'static str,
    pub kind: Kind,
    /// The fields of a row that it looks at.
    pub over: &'static [&'static str],
    /// The end of a range that it sets, where it is one of two.
    pub bound: Option<Bound>,
}

/// The end of a range: `due_date_from` is where `due` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The name of the range, which sets both ends: `due`.
    pub range: &'static str,
    /// What the range is called on the screen.
    pub label: &'static str,
    pub end: End,
}

/// The ends of a range; both belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    From,
    To,
}

/// Why a value is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {why}")]
pub struct Rejected {
    pub param: String,
    /// Which characters of the value are at fault.
    pub at: Range<usize>,
    /// Why the value cannot be sent, in words for its field.
    pub why: String,
}

impl Filter {
    /// The parameter `search`, which the server applies to several fields.
    pub const fn search(over: &'static [&'static str]) -> Self {
        Self::new("search", "Search", Kind::Search, over)
    }

    /// A parameter that must equal the field.
    pub const fn exact(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self::new(param, label, Kind::Exact, over)
    }

    /// A parameter that takes one of the documented values.
    pub const fn one_of(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
        values: &'static [&'static str],
    ) -> Self {
        Self::new(param, label, Kind::OneOf(values), over)
    }

    /// A parameter that takes a day.
    pub const fn date(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self::new(param, label, Kind::Date, over)
    }

    /// A parameter that takes an amount in major units.
    pub const fn amount(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self::new(param, label, Kind::Amount, over)
    }

    const fn new(
        param: &'static str,
        label: &'static str,
        kind: Kind,
        over: &'static [&'static str],
    ) -> Self {
        Self { param, label, kind, over, bound: None }
    }

    /// The same parameter as the beginning of a range.
    pub const fn from(self, range: &'static str, label: &'static str) -> Self {
        Self { bound: Some(Bound { range, label, end: End::From }), ..self }
    }

    /// The same parameter as the end of a range.
    pub const fn to(self, range: &'static str, label: &'static str) -> Self {
        Self { bound: Some(Bound { range, label, end: End::To }), ..self }
    }

    /// Checks a value as it is sent; gives it trimmed, or `None` for an empty one, which sends
    /// nothing. Relative days are no such values: [`Setting::resolve`] makes days of them.
    ///
    /// # Errors
    /// [`Rejected`] with the reason; such a value never leaves the program.
    pub fn check(&self, typed: &str) -> Result<Option<String>, Rejected> {
        let value = part::Part::trimmed(typed);
        if value.text.is_empty() {
            return Ok(None);
        }
        let checked = match self.kind {
            Kind::Search | Kind::Exact => check_text(value),
            Kind::OneOf(values) => check_choice(value, values),
            Kind::Date => check_date(value),
            Kind::Amount => amount::parse(value).map(|_| ()),
        };
        match checked {
            Ok(()) => Ok(Some(value.text.to_owned())),
            Err(Fault { at, why }) => Err(Rejected { param: self.param.to_owned(), at, why }),
        }
    }
}

/// Checks a text that is sent as it was typed.
fn check_text(value: part::Part<'_>) -> Result<(), Fault> {
    if value.text.chars().count() > LONGEST_VALUE {
        return Err(value.fault(format!("longer than {LONGEST_VALUE} characters")));
    }
    match value.text.chars().position(char::is_control) {
        None => Ok(()),
        Some(at) => Err(value.fault_at(at..at + 1, "contains a control character")),
    }
}

fn check_choice(value: part::Part<'_>, values: &[&str]) -> Result<(), Fault> {
    if values.contains(&value.text) {
        return Ok(());
    }
    Err(value.fault(format!("not one of {}", values.join(", "))))
}

fn check_date(value: part::Part<'_>) -> Result<(), Fault> {
    match date::parse(value.text) {
        Some(_) => Ok(()),
        None => Err(value.fault("not a day written as 2026-01-31")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(kind: Kind, typed: &str) -> Result<Option<String>, String> {
        let filter = Filter::new("p", "P", kind, &[]);
        filter.check(typed).map_err(|rejected| rejected.why)
    }

    #[test]
    fn what_is_sound_is_sent_trimmed() {
        let table = [
            (Kind::Search, " O'Brien & Søn ", "O'Brien & Søn"),
            (Kind::Exact, "BK000123", "BK000123"),
            (Kind::OneOf(&["paid", "waived"]), "waived", "waived"),
            (Kind::Date, "2024-02-29", "2024-02-29"),
            (Kind::Amount, "100.50", "100.50"),
            (Kind::Amount, "0", "0"),
        ];
        for (kind, typed, expected) in table {
            assert_eq!(sent(kind, typed), Ok(Some(expected.to_owned())));
        }
        assert_eq!(sent(Kind::Date, "  "), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_explained_and_never_sent() {
        let wrong = [
            (Kind::Search, "a\u{1b}b".to_owned()),
            (Kind::Exact, "x".repeat(256)),
            (Kind::OneOf(&["paid"]), "Paid?".to_owned()),
            (Kind::Date, "2026-02-31".to_owned()),
            (Kind::Date, "31.01.2026".to_owned()),
            (Kind::Date, "-30d".to_owned()),
            (Kind::Amount, "12,5,0".to_owned()),
            (Kind::Amount, "1e9".to_owned()),
            (Kind::Amount, "-5".to_owned()),
            (Kind::Amount, "5.".to_owned()),
            (Kind::Amount, "1.234".to_owned()),
            (Kind::Amount, "١٢".to_owned()),
        ];
        for (kind, typed) in wrong {
            assert!(sent(kind, &typed).is_err(), "{kind:?} {typed:?}");
        }
    }
}
