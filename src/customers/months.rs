//! What was paid out this month and last, from the transactions of one customer.

use chrono::{Datelike, Months, NaiveDate};

use super::summary::Part;
use crate::figures::{Figures, Summed};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    pub first: NaiveDate,
    pub paid: Summed,
    /// `false` if rows of this month may be missing.
    pub is_whole: bool,
}

/// This month, then the last one. The server sends the newest transactions first (contract, "GET
/// /transactions"), so a month is whole once an older row is loaded.
pub fn months(transactions: Part<'_>, today: NaiveDate) -> [Month; 2] {
    let this = today.with_day(1).unwrap_or(today);
    let last = this.checked_sub_months(Months::new(1)).unwrap_or(this);
    let oldest = transactions.rows.iter().filter_map(|row| row.date("issued_on")).min();
    [(this, NaiveDate::MAX), (last, this)].map(|(first, next)| {
        let rows = transactions
            .rows
            .iter()
            .filter(|row| row.date("issued_on").is_some_and(|day| (first..next).contains(&day)));
        Month {
            first,
            paid: Figures::of(rows, today).open,
            is_whole: transactions.extent.is_whole || oldest.is_some_and(|day| day < first),
        }
    })
}
