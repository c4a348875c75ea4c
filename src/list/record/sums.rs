//! The amount of a row that a sum counts, and why some rows are not counted.

use std::fmt;

use strum::VariantArray;

use crate::domain::money::{Currency, counted};
use crate::list::record::{Record, Value};
use crate::list::roles::Reason;
use crate::list::{Field, Key, Kind, Spec};

/// Why a row is not counted in a sum. Exports use the names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum InNoSum {
    NoAmount,
    NoWholeMinorUnits,
    /// The amount is not a number that valora can read.
    UnreadableAmount,
    UnknownCurrency,
}

impl InNoSum {
    /// The reason for one row, shown next to its amount and currency.
    pub fn of_a_row(self) -> &'static str {
        match self {
            Self::NoAmount => "no amount",
            Self::NoWholeMinorUnits => "not a whole number of cents",
            Self::UnreadableAmount => "invalid amount",
            Self::UnknownCurrency => "unknown currency",
        }
    }

    fn of_rows(self) -> &'static str {
        match self {
            Self::NoAmount => "without an amount",
            Self::NoWholeMinorUnits => "with an amount that is not a whole number of cents",
            Self::UnreadableAmount => "with an invalid amount",
            Self::UnknownCurrency => "in an unknown currency",
        }
    }
}

/// How many rows are not counted, by reason; each row has one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NotSummed([usize; InNoSum::VARIANTS.len()]);

impl NotSummed {
    pub fn add(&mut self, why: InNoSum) {
        self.0[why as usize] += 1;
    }

    pub fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }

    pub fn count(&self) -> usize {
        self.0.iter().sum()
    }

    pub fn of(&self, why: InNoSum) -> usize {
        self.0.get(why as usize).copied().unwrap_or_default()
    }

    pub fn each(&self) -> impl Iterator<Item = (InNoSum, usize)> {
        InNoSum::VARIANTS.iter().copied().zip(self.0)
    }
}

impl fmt::Display for NotSummed {
    /// `1 row without an amount, 2 rows in an unknown currency`; empty if all rows are counted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (why, count)) in self.each().filter(|(_, count)| *count > 0).enumerate() {
            let gap = if index > 0 { ", " } else { "" };
            write!(f, "{gap}{} {}", counted(count as u64, "row"), why.of_rows())?;
        }
        Ok(())
    }
}

/// Where the rows of a list have an amount and its currency.
#[derive(Clone, Copy)]
pub struct AmountAt {
    amount: Option<usize>,
    currency: Option<usize>,
    is_in_euros: bool,
    /// No row has a currency, and the settings rename fields: they may use the currency field for another
    /// field, so the amounts may be in several currencies.
    has_lost_currency: bool,
}

impl AmountAt {
    pub fn of(spec: &Spec, field: &str) -> Self {
        let amount = spec.position(field);
        let kind = amount.and_then(|at| spec.fields.get(at)).map(|field| field.kind);
        let is_in_euros = kind == Some(Kind::MinorEur);
        let currency = spec.position("currency");
        let is_absent = |at: usize| spec.fields.get(at).is_some_and(Field::is_absent);
        let is_chosen = |field: &Field| matches!(field.key, Key::Recognized(_, Reason::Setting));
        let has_lost_currency =
            currency.is_some_and(is_absent) && spec.fields.iter().any(is_chosen);
        Self { amount, currency, is_in_euros, has_lost_currency }
    }

    pub fn minor(self, record: &Record) -> Option<i64> {
        self.amount.and_then(|at| record.at(at).minor())
    }

    /// The amount in minor units and its currency, as a sum counts them.
    pub fn summand(self, record: &Record) -> Result<(i64, Currency), InNoSum> {
        let value = self.amount.map_or(&Value::Missing, |at| record.at(at));
        let Some(minor) = value.minor() else {
            return Err(match value {
                Value::Decimal(_) => InNoSum::NoWholeMinorUnits,
                value if value.odd_amount().is_some() => InNoSum::UnreadableAmount,
                _ => InNoSum::NoAmount,
            });
        };
        match self.currency.map_or(Currency::NONE, |at| record.at(at).currency()) {
            _ if self.is_in_euros => Ok((minor, Currency::EUR)),
            _ if self.has_lost_currency => Err(InNoSum::UnknownCurrency),
            Currency::UNKNOWN => Err(InNoSum::UnknownCurrency),
            currency => Ok((minor, currency)),
        }
    }
}

impl Record {
    /// Like [`AmountAt::summand`]; for many rows, find the positions once.
    pub fn summand(&self, field: &str) -> Result<(i64, Currency), InNoSum> {
        AmountAt::of(self.spec(), field).summand(self)
    }

    /// The remark next to an amount that is not counted.
    pub fn sum_remark(&self, field: &str) -> Option<String> {
        let why = self.summand(field).err().filter(|why| *why != InNoSum::NoAmount)?;
        Some(format!("{}: not counted", why.of_a_row()))
    }
}

#[cfg(test)]
mod tests;
