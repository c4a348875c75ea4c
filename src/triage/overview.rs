//! Overview of the penalties: count and sum per currency, status and bucket of days overdue.

use chrono::NaiveDate;

use crate::domain::money::Currency;
use crate::domain::normalize::is_same_word;
use crate::figures::{Bucket, Counted};
use crate::list::penalties::STATUSES;
use crate::list::record::Record;
use strum::VariantArray;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Status(&'static str),
    /// The status is missing or not in the contract.
    OtherStatus,
    Age(Bucket),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub column: Column,
    /// The currency of its row; `None` for the row of all currencies.
    pub currency: Option<Currency>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub count: usize,
    pub minor: i128,
    /// How many of them are not summed.
    pub without: usize,
}

/// The matrix. The first row counts all currencies and sums nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    pub columns: Vec<Column>,
    /// The currencies, EUR first; [`Currency::NONE`] for amounts without a currency,
    /// [`Currency::UNKNOWN`] for amounts with an invalid one.
    pub currencies: Vec<Currency>,
    /// For each row (all, then each currency) one tally for each column.
    pub tallies: Vec<Vec<Tally>>,
}

impl Column {
    pub fn label(self) -> &'static str {
        match self {
            Self::Status(status) => status,
            Self::OtherStatus => "other",
            Self::Age(bucket) => bucket.into(),
        }
    }

    pub fn holds(self, record: &Record, day: NaiveDate) -> bool {
        match self {
            Self::Status(name) => record.status().is_some_and(|status| is_same_word(name, status)),
            Self::OtherStatus => {
                !STATUSES.iter().any(|status| Self::Status(status).holds(record, day))
            }
            Self::Age(bucket) => Bucket::of(record, day) == Some(bucket),
        }
    }
}

impl Cell {
    pub fn holds(self, record: &Record, day: NaiveDate) -> bool {
        self.currency.is_none_or(|currency| record.currency() == currency)
            && self.column.holds(record, day)
    }

    pub fn in_words(self) -> String {
        match self.currency {
            None => self.column.label().to_owned(),
            Some(Currency::NONE) => format!("{}, no currency", self.column.label()),
            Some(Currency::UNKNOWN) => format!("{}, unknown currency", self.column.label()),
            Some(currency) => format!("{}, {currency}", self.column.label()),
        }
    }
}

impl Overview {
    pub fn of(records: &[Record], day: NaiveDate) -> Self {
        let known = STATUSES.iter().map(|status| Column::Status(status));
        let has_other = records.iter().any(|record| Column::OtherStatus.holds(record, day));
        let other = has_other.then_some(Column::OtherStatus);
        let ages = Bucket::VARIANTS.iter().map(|bucket| Column::Age(*bucket));
        let columns: Vec<Column> = ages.chain(known).chain(other).collect();
        let mut currencies: Vec<Currency> = records.iter().map(Record::currency).collect();
        let is_code = |it: &Currency| ![Currency::NONE, Currency::UNKNOWN].contains(it);
        currencies.sort_by_key(|it| (!is_code(it), *it != Currency::EUR, *it));
        currencies.dedup();
        let mut tallies = vec![vec![Tally::default(); columns.len()]; currencies.len() + 1];
        for record in records {
            let row = currencies.iter().position(|it| *it == record.currency()).unwrap_or_default();
            let minor = Counted::of(record, day).amount.ok().map(|(minor, _)| minor);
            for (at, column) in columns.iter().enumerate() {
                if !column.holds(record, day) {
                    continue;
                }
                for row in [0, row + 1] {
                    if let Some(tally) = tallies.get_mut(row).and_then(|row| row.get_mut(at)) {
                        tally.count += 1;
                        tally.without += usize::from(minor.is_none());
                        tally.minor += minor.filter(|_| row > 0).unwrap_or(0);
                    }
                }
            }
        }
        Self { columns, currencies, tallies }
    }

    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let currency = if row == 0 { None } else { Some(*self.currencies.get(row - 1)?) };
        Some(Cell { column: *self.columns.get(column)?, currency })
    }

    pub fn tally(&self, row: usize, column: usize) -> Tally {
        self.tallies.get(row).and_then(|row| row.get(column)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;

    #[test]
    fn unknown_currencies_are_counted_in_a_row_of_their_own_and_never_added_up() {
        let records =
            [("100", "\"Euro\""), ("200", "\"US Dollar\""), ("7", "null"), ("8", "\"PLN\"")].map(
                |(amount, currency)| {
                    let json =
                        format!(r#"{{"status":"notify","amount":{amount},"currency":{currency}}}"#);
                    Record::read(Spec::named("penalties").unwrap(), &json)
                },
            );
        let overview = Overview::of(&records, NaiveDate::default());
        let known = Currency::parse("PLN").unwrap();
        assert_eq!(overview.currencies, [known, Currency::NONE, Currency::UNKNOWN]);
        let at = overview.columns.iter().position(|it| it.label() == "notify").unwrap();
        assert_eq!(overview.tally(3, at), Tally { count: 2, minor: 0, without: 2 });
        assert_eq!(overview.tally(2, at), Tally { count: 1, minor: 7, without: 0 });
        assert_eq!(overview.cell(3, at).unwrap().in_words(), "notify, unknown currency");
    }

    #[test]
    fn a_status_is_the_documented_one_in_any_spelling() {
        let records = ["WAIVED", " Waived", "waived", "new"].map(|status| {
            let json = format!(r#"{{"status":"{status}","amount":1,"currency":"EUR"}}"#);
            Record::read(Spec::named("penalties").unwrap(), &json)
        });
        let overview = Overview::of(&records, NaiveDate::default());
        let count = |label: &str| {
            let at = overview.columns.iter().position(|it| it.label() == label).unwrap();
            overview.tally(1, at).count
        };
        assert_eq!((count("waived"), count("other")), (3, 1));
    }

    #[test]
    fn each_penalty_is_counted_once_by_status_and_once_by_age_and_no_currencies_are_mixed() {
        let rows = [
            ("notify", "\"2026-11-01\"", "EUR", "100"),
            ("notify", "\"2026-11-02\"", "EUR", "250"),
            ("notify", "\"2026-11-01\"", "PLN", "900"),
            ("pending", "null", "EUR", "7"),
            ("paid", "\"2026-01-01\"", "EUR", "5"),
            ("brand_new", "\"2026-12-01\"", "EUR", "\"much\""),
            ("waived", "\"2026-12-01\"", "", "3"),
        ];
        let spec = Spec::named("penalties").unwrap();
        let records: Vec<Record> = rows
            .iter()
            .map(|(status, due, currency, amount)| {
                let json = format!(
                    r#"{{"status":"{status}","due_date":{due},"currency":"{currency}","amount":{amount}}}"#
                );
                Record::read(spec, &json)
            })
            .collect();
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let overview = Overview::of(&records, day);
        let codes: Vec<&str> = overview.currencies.iter().map(Currency::code).collect();
        assert_eq!(codes, ["EUR", "PLN", ""]);
        let find =
            |label: &str| overview.columns.iter().position(|it| it.label() == label).unwrap();
        let tally = |row, label: &str| {
            let it = overview.tally(row, find(label));
            (it.count, it.minor, it.without)
        };
        assert_eq!(tally(1, "notify"), (2, 350, 0));
        assert_eq!(tally(2, "notify"), (1, 900, 0));
        assert_eq!(tally(0, "notify"), (3, 0, 0), "the row of all currencies has no sum");
        assert_eq!(tally(1, "1-30 d"), (2, 350, 0));
        assert_eq!(tally(1, "no date"), (1, 7, 0));
        assert_eq!(tally(1, "not due"), (1, 0, 1), "without an amount");
        assert_eq!(tally(1, "other"), (1, 0, 1));
        let (ages, statuses) = overview.tallies[0].split_at(Bucket::VARIANTS.len());
        let count = |tallies: &[Tally]| tallies.iter().map(|it| it.count).sum::<usize>();
        assert_eq!((count(statuses), count(ages)), (7, 5), "paid and waived have no age");
        for row in 0..=overview.currencies.len() {
            for column in 0..overview.columns.len() {
                let cell = overview.cell(row, column).unwrap();
                let held = records.iter().filter(|record| cell.holds(record, day)).count();
                assert_eq!(held, overview.tally(row, column).count, "{cell:?}");
            }
        }
    }
}
