//! A filter field as data: which query parameter it sets, what may be typed, and why not.

use crate::domain::date;

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
    /// A day, `YYYY-MM-DD`, inclusive.
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
    /// What may be typed.
    pub kind: Kind,
    /// The fields of a row that it looks at.
    pub over: &'static [&'static str],
}

/// Why a value is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{param}: {why}")]
pub struct Rejected {
    /// The parameter that was meant.
    pub param: String,
    /// Why the value cannot be sent, in words for its field.
    pub why: String,
}

impl Filter {
    /// The parameter `search`, which the server applies to several fields.
    #[must_use]
    pub const fn search(over: &'static [&'static str]) -> Self {
        Self { param: "search", label: "Search", kind: Kind::Search, over }
    }

    /// A parameter that must equal the field.
    #[must_use]
    pub const fn exact(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self { param, label, kind: Kind::Exact, over }
    }

    /// A parameter that takes one of the documented values.
    #[must_use]
    pub const fn one_of(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
        values: &'static [&'static str],
    ) -> Self {
        Self { param, label, kind: Kind::OneOf(values), over }
    }

    /// A parameter that takes a day.
    #[must_use]
    pub const fn date(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self { param, label, kind: Kind::Date, over }
    }

    /// A parameter that takes an amount in major units.
    #[must_use]
    pub const fn amount(
        param: &'static str,
        label: &'static str,
        over: &'static [&'static str],
    ) -> Self {
        Self { param, label, kind: Kind::Amount, over }
    }

    /// Checks a typed value; gives what is sent, or `None` for an empty field, which sends nothing.
    ///
    /// # Errors
    /// [`Rejected`] with the reason; such a value never leaves the program.
    pub fn check(&self, typed: &str) -> Result<Option<String>, Rejected> {
        let value = typed.trim();
        if value.is_empty() {
            return Ok(None);
        }
        let why = match self.kind {
            Kind::Search | Kind::Exact => wrong_text(value),
            Kind::OneOf(values) => wrong_choice(value, values),
            Kind::Date => wrong_date(value),
            Kind::Amount => wrong_amount(value),
        };
        match why {
            None => Ok(Some(value.to_owned())),
            Some(why) => Err(Rejected { param: self.param.to_owned(), why }),
        }
    }
}

fn wrong_text(value: &str) -> Option<String> {
    if value.chars().count() > LONGEST_VALUE {
        return Some(format!("longer than {LONGEST_VALUE} characters"));
    }
    value.chars().any(char::is_control).then(|| "contains a control character".to_owned())
}

fn wrong_choice(value: &str, values: &[&str]) -> Option<String> {
    (!values.contains(&value)).then(|| format!("not one of {}", values.join(", ")))
}

fn wrong_date(value: &str) -> Option<String> {
    date::parse(value).is_none().then(|| "not a day written as 2026-01-31".to_owned())
}

fn wrong_amount(value: &str) -> Option<String> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let sound = digits(whole) && digits(fraction) && whole.len() <= 12 && fraction.len() <= 3;
    (!sound).then(|| "not an amount written as 100 or 100.50".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(kind: Kind, typed: &str) -> Result<Option<String>, String> {
        let filter = Filter { param: "p", label: "P", kind, over: &[] };
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
            (Kind::Amount, "12,5,0".to_owned()),
            (Kind::Amount, "1e9".to_owned()),
            (Kind::Amount, "-5".to_owned()),
            (Kind::Amount, "5.".to_owned()),
            (Kind::Amount, "١٢".to_owned()),
        ];
        for (kind, typed) in wrong {
            assert!(sent(kind, &typed).is_err(), "{kind:?} {typed:?}");
        }
    }
}
