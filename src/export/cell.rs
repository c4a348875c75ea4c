//! One value of an exported table, before a format writes it.

use chrono::{NaiveDate, NaiveDateTime};

use super::dialect::Dialect;
use super::guard::is_number;

/// Texts are printable; each format guards or escapes them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Cell {
    #[default]
    Empty,
    Text(String),
    /// In major units, grouped by thousands, with the decimals of its currency: `1,234.50`.
    Amount(String),
    /// The same in an unknown currency: its decimals are assumed, so it is no number in a workbook and in no
    /// sum.
    UnclearAmount(String),
    /// A plain decimal number that is not an amount, such as days or a rate.
    Number(String),
    Date(NaiveDate),
    /// In UTC, or in local time if the column says so.
    Time(NaiveDateTime),
    /// The address of a document; only Markdown makes it a link, and only a known host.
    Link(String),
}

impl Cell {
    /// [`Cell::Empty`] for an empty text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A grouped amount, or a text if it is not a decimal number, such as `2,000.5?`.
    pub(super) fn amount(shown: impl Into<String>) -> Self {
        let shown = shown.into();
        if is_number(&shown.replace(',', "")) { Self::Amount(shown) } else { Self::text(shown) }
    }

    /// An amount in a currency that is not a code.
    pub(super) fn unclear_amount(shown: impl Into<String>) -> Self {
        match Self::amount(shown) {
            Self::Amount(shown) => Self::UnclearAmount(shown),
            other => other,
        }
    }

    /// For people.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text)
            | Self::Amount(text)
            | Self::UnclearAmount(text)
            | Self::Number(text)
            | Self::Link(text) => text.clone(),
            Self::Date(day) => day.to_string(),
            Self::Time(time) => time.format("%Y-%m-%d %H:%M").to_string(),
        }
    }

    pub(super) fn in_csv(&self, dialect: Dialect) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Link(text) => dialect.text(text),
            Self::Amount(shown) | Self::UnclearAmount(shown) => {
                dialect.number(&shown.replace(',', ""))
            }
            Self::Number(text) => dialect.number(text),
            Self::Date(day) => day.to_string(),
            Self::Time(time) => time.format("%Y-%m-%dT%H:%M:%S").to_string(),
        }
    }

    /// An amount in minor units.
    pub(super) fn minor(&self) -> Option<i128> {
        match self {
            Self::Amount(shown) => shown.replace([',', '.'], "").parse().ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::{Currency, format_amount};

    #[test]
    fn an_amount_is_written_as_each_reader_parses_it() {
        for (minor, code, plain, excel) in [
            (123_456_i128, "EUR", "1234.56", "1234,56"),
            (-5, "EUR", "-0.05", "-0,05"),
            (1_234_567, "JPY", "1234567", "1234567"),
            (1_234_567, "KWD", "1234.567", "1234,567"),
        ] {
            let cell = Cell::amount(format_amount(minor, Currency::parse(code).unwrap()));
            assert_eq!(cell.in_csv(Dialect::Plain), plain);
            assert_eq!(cell.in_csv(Dialect::Excel), excel);
            assert_eq!(cell.minor(), Some(minor));
        }
        for odd in ["2,000.5?", "?", "=1", ""] {
            assert!(!matches!(Cell::amount(odd), Cell::Amount(_)), "{odd}");
        }
    }
}
