//! The totals of the rows of a list: open and closed, by currency, in EUR, by days overdue.
//!
//! [`Figures`] is the only way to add up a list: the summary line, the chart, triage, exports and
//! the command line use it, so that they always agree.

pub mod ages;
pub mod aging;
pub mod summary;
pub mod tenant;
pub mod urgency;

use chrono::NaiveDate;
use strum::VariantArray;

use crate::domain::money::{Currency, Sums};
use crate::list::Spec;
use crate::list::record::Record;
use crate::list::record::sums::{AmountAt, InNoSum, NotSummed};
use crate::list::sort::IN_EUROS;

pub use aging::Bucket;

/// The field with what remains to be paid of an open row.
const REMAINING: &str = "remaining_amount";

/// What a sum counts of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub is_open: bool,
    /// What remains of an open row, the amount of a closed one. Credit notes are negative.
    pub amount: Result<(i128, Currency), InNoSum>,
    /// The same in cents of EUR; `None` where the row has no amount in EUR.
    pub in_euros: Option<i128>,
    /// `None` for a closed row.
    pub age: Option<Bucket>,
}

impl Counted {
    pub fn of(record: &Record, day: NaiveDate) -> Self {
        Counter::of(record.spec()).count(record, day)
    }
}

/// The positions of the counted fields in a list, found once for many rows.
#[derive(Clone, Copy)]
pub struct Counter {
    amount: AmountAt,
    remaining: Option<AmountAt>,
    in_euros: Option<usize>,
}

impl Counter {
    pub fn of(spec: &Spec) -> Self {
        let has_remaining = spec.position(REMAINING).is_some();
        Self {
            amount: AmountAt::of(spec, spec.amount()),
            remaining: has_remaining.then(|| AmountAt::of(spec, REMAINING)),
            in_euros: spec.position(IN_EUROS),
        }
    }

    pub fn count(self, record: &Record, day: NaiveDate) -> Counted {
        let is_open = record.is_open();
        let (at, amount) = self.counted(record, is_open);
        let signed = |minor: i64| {
            let minor = i128::from(minor);
            if record.takes_back() { -minor.abs() } else { minor }
        };
        let amount = amount.map(|(minor, currency)| (signed(minor), currency));
        let in_euros = match amount {
            Ok((minor, Currency::EUR)) => Some(minor),
            _ => at.minor(record).and_then(|part| self.convert(record, signed(part))),
        };
        Counted { is_open, amount, in_euros, age: Bucket::of(record, day) }
    }

    /// The field that counts, and its value. A remaining amount that cannot be read is not replaced
    /// by the full amount, which would be too much.
    fn counted(
        self,
        record: &Record,
        is_open: bool,
    ) -> (AmountAt, Result<(i64, Currency), InNoSum>) {
        let remaining = self.remaining.filter(|_| is_open).map(|at| (at, at.summand(record)));
        let given = remaining.filter(|(_, value)| *value != Err(InNoSum::NoAmount));
        given.unwrap_or_else(|| (self.amount, self.amount.summand(record)))
    }

    /// The amount in EUR, pro rata for `part` of the amount, rounded half away from zero.
    fn convert(self, record: &Record, part: i128) -> Option<i128> {
        let euros = record.at(self.in_euros?).minor()?;
        let of = self.amount.minor(record).map(i128::from).filter(|of| *of != 0)?;
        let product = i128::from(euros) * part;
        let (quotient, rest) = (product / of, product % of);
        let is_up = rest.unsigned_abs() * 2 >= of.unsigned_abs();
        Some(quotient + if is_up { product.signum() * of.signum() } else { 0 })
    }
}

/// The total of some rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summed {
    pub count: usize,
    pub sums: Sums,
    pub not_summed: NotSummed,
    euros: i128,
    without_euros: usize,
    /// Rows in another currency that have an amount in EUR.
    converted: usize,
}

/// A total over all currencies, in cents of EUR.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InEuros {
    pub minor: i128,
    /// Rows that are not in it.
    pub without: usize,
}

impl Summed {
    pub fn add(&mut self, row: &Counted) {
        self.count += 1;
        match row.amount {
            Ok((minor, currency)) => self.sums.add(minor, currency),
            Err(why) => self.not_summed.add(why),
        }
        match row.in_euros {
            Some(minor) => self.euros += minor,
            None => self.without_euros += 1,
        }
        let is_in_euros = matches!(row.amount, Ok((_, Currency::EUR)));
        self.converted += usize::from(!is_in_euros && row.in_euros.is_some());
    }

    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sums.merge(&other.sums);
        self.not_summed.merge(&other.not_summed);
        self.euros += other.euros;
        self.without_euros += other.without_euros;
        self.converted += other.converted;
    }

    /// The total in EUR; `None` if all rows are in EUR, or no other row has an amount in EUR.
    pub fn in_euros(&self) -> Option<InEuros> {
        (self.converted > 0).then_some(self.euros())
    }

    /// The same, also if all rows have one currency.
    pub fn euros(&self) -> InEuros {
        InEuros { minor: self.euros, without: self.without_euros }
    }
}

/// The totals of the rows of a list on a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// What remains of open rows; all rows if the list has no closed statuses.
    pub open: Summed,
    pub closed: Summed,
    ages: [Summed; Bucket::VARIANTS.len()],
}

impl Figures {
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Record>, day: NaiveDate) -> Self {
        let mut figures = Self::default();
        figures.add(rows, day);
        figures
    }

    /// Must be fast: a search runs it over all rows.
    pub fn add<'a>(&mut self, rows: impl IntoIterator<Item = &'a Record>, day: NaiveDate) {
        let mut known: Option<(&Spec, Counter)> = None;
        for record in rows {
            let spec = record.spec();
            let counter = known.filter(|(known, _)| std::ptr::eq(*known, spec));
            let counter = counter.map_or_else(|| Counter::of(spec), |(_, counter)| counter);
            known = Some((spec, counter));
            let row = counter.count(record, day);
            if row.is_open { &mut self.open } else { &mut self.closed }.add(&row);
            if let Some(of_age) = row.age.and_then(|age| self.ages.get_mut(age as usize)) {
                of_age.add(&row);
            }
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.open.merge(&other.open);
        self.closed.merge(&other.closed);
        self.ages.iter_mut().zip(&other.ages).for_each(|(own, other)| own.merge(other));
    }

    /// The open rows of this age.
    pub fn of_age(&self, age: Bucket) -> &Summed {
        self.ages.get(age as usize).unwrap_or(&self.open)
    }
}

#[cfg(test)]
mod tests;
