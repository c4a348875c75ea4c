//! What a tenant paid for a booking: the sums of the payments that are marked as paid, and the number
//! and sums of the others for each status. A failed and a future payment have no common total.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Figures, Summed};
use crate::domain::money::{counted, format_count};
use crate::domain::normalize::{is_same_word, word_key};
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// The documents do not list the statuses of a payment; these words mean that the tenant has paid.
const PAID: [&str; 5] = ["paid", "completed", "succeeded", "settled", "processed"];

/// The statuses that are named; a server may send any number of them.
const MOST_STATUSES: usize = 4;
const NO_STATUS: &str = "without a status";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantPaid {
    /// The payments that are marked as paid.
    pub paid: Summed,
    /// The others by status, spelled as in the first payment, the most frequent first.
    pub statuses: Vec<(Untrusted, Summed)>,
    /// The number of payments that name another booking; not in the other figures.
    pub of_others: usize,
    /// Why this may not be all: `only 5,000 of 9,000 payments loaded`.
    pub incomplete: Option<String>,
}

impl TenantPaid {
    /// `None` if the server has no payments.
    pub fn of(payments: &[Record], of_others: usize, incomplete: Option<String>) -> Option<Self> {
        if payments.is_empty() && of_others == 0 && incomplete.is_none() {
            return None;
        }
        let is_paid = |row: &&Record| {
            row.status().is_some_and(|status| PAID.iter().any(|word| is_same_word(word, status)))
        };
        let paid = summed(payments.iter().filter(is_paid));
        let statuses = by_status(payments.iter().filter(|row| !is_paid(row)));
        Some(Self { paid, statuses, of_others, incomplete })
    }

    /// The number of payments that are not marked as paid.
    pub fn not_paid(&self) -> usize {
        self.statuses.iter().map(|(_, rows)| rows.count).sum()
    }

    /// Returns `true` if no payment shows what the tenant paid. The statuses are not documented, so
    /// this does not mean that the tenant paid nothing.
    pub fn is_unknown(&self) -> bool {
        self.paid.sums.is_empty()
    }

    /// `tenant paid EUR 5,759.75; 2 payments not marked as paid`.
    pub fn in_short(&self) -> String {
        self.with_others("")
    }

    /// `tenant paid EUR 5,759.75; 2 payments not marked as paid: 1 Ready EUR 80.00, 1 Failed EUR 10.00`.
    pub fn in_words(&self) -> String {
        let others = self.others_in_words();
        let colon = if others.is_empty() { "" } else { ": " };
        self.with_others(&format!("{colon}{others}"))
    }

    /// The payments that are not marked as paid: `2 Ready EUR 80.00 + 1 not counted, 1 Failed EUR 10.00`.
    pub fn others_in_words(&self) -> String {
        let named = self.statuses.iter().take(MOST_STATUSES);
        let mut parts: Vec<String> =
            named.map(|(status, rows)| with_sums(&status.shown(), rows)).collect();
        let rest = self.statuses.iter().skip(MOST_STATUSES).map(|(_, rows)| rows);
        let rest = rest.fold(Summed::default(), |mut all, rows| {
            all.merge(rows);
            all
        });
        parts.extend((rest.count > 0).then(|| with_sums("with other statuses", &rest)));
        parts.join(", ")
    }

    /// `details` follow the number of the payments that are not marked as paid.
    fn with_others(&self, details: &str) -> String {
        let payments = |count: usize| counted(count as u64, "payment");
        let some =
            |count: usize, what: &str| (count > 0).then(|| format!("{} {what}", payments(count)));
        let not_summed = self.paid.not_summed.count();
        let not_paid = some(self.not_paid(), "not marked as paid").map(|text| text + details);
        if self.is_unknown() {
            let reasons = [
                some(not_summed, "without a valid amount or currency"),
                not_paid,
                self.incomplete.clone(),
                some(self.of_others, "of other bookings"),
            ];
            let reasons: Vec<String> = reasons.into_iter().flatten().collect();
            return format!("tenant paid: unknown ({})", reasons.join("; "));
        }
        let not_summed = some(not_summed, "not counted").map(|text| format!(" + {text}"));
        let incomplete = self.incomplete.as_ref().map(|why| format!(" ({why})"));
        let not_paid = not_paid.map(|text| format!("; {text}"));
        let notes: String = [not_summed, incomplete, not_paid].into_iter().flatten().collect();
        format!("tenant paid {}{notes}", self.paid.sums.in_words())
    }
}

/// Payments have no closed statuses.
fn summed<'a>(rows: impl IntoIterator<Item = &'a Record>) -> Summed {
    Figures::of(rows, NaiveDate::default()).open
}

fn by_status<'a>(payments: impl Iterator<Item = &'a Record>) -> Vec<(Untrusted, Summed)> {
    let mut groups: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for row in payments {
        groups.entry(word_key(row.status().unwrap_or_default())).or_default().push(row);
    }
    let spelled = |rows: &[&Record]| {
        let status = rows.first().and_then(|row| row.status()).filter(|it| !it.is_empty());
        Untrusted::new(status.unwrap_or(NO_STATUS))
    };
    let mut statuses: Vec<_> =
        groups.into_values().map(|rows| (spelled(&rows), summed(rows))).collect();
    let is_unnamed = |status: &Untrusted| status.expose_raw() == NO_STATUS;
    statuses.sort_by_key(|(status, rows)| (Reverse(rows.count), is_unnamed(status)));
    statuses
}

/// `3 Ready EUR 80.00 + 1 not counted`: the number is that of all rows.
fn with_sums(status: &str, rows: &Summed) -> String {
    let words = format!("{} {status}", format_count(rows.count as u64));
    if rows.sums.is_empty() {
        return format!("{words} (not counted)");
    }
    let not_summed = match rows.not_summed.count() {
        0 => String::new(),
        count => format!(" + {} not counted", format_count(count as u64)),
    };
    format!("{words} {}{not_summed}", rows.sums.in_words())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::payments::SPEC;

    fn words(rows: &[&str], of_others: usize, incomplete: Option<&str>) -> String {
        let rows: Vec<Record> = rows.iter().map(|row| Record::read(&SPEC, row)).collect();
        let paid = TenantPaid::of(&rows, of_others, incomplete.map(str::to_owned));
        paid.map_or_else(|| "none".to_owned(), |paid| paid.in_words())
    }

    #[test]
    fn what_no_payment_says_is_unknown_and_neither_nothing_nor_none() {
        let paid = r#"{"status":"Paid","amount":100,"currency":"EUR"}"#;
        let (ready, odd) = (r#"{"status":"Ready","amount":100}"#, r#"{"status":"Paid"}"#);
        let part = Some("only 5,000 of 9,000 payments loaded");
        let table: [(&[&str], usize, Option<&str>, &str); 8] = [
            (&[], 0, None, "none"),
            (&[], 0, part, "tenant paid: unknown (only 5,000 of 9,000 payments loaded)"),
            (&[], 2, None, "tenant paid: unknown (2 payments of other bookings)"),
            (
                &[ready; 6],
                0,
                None,
                "tenant paid: unknown (6 payments not marked as paid: 6 Ready 6.00)",
            ),
            (
                &[odd; 2],
                0,
                None,
                "tenant paid: unknown (2 payments without a valid amount or currency)",
            ),
            (
                &[odd, ready],
                1,
                part,
                "tenant paid: unknown (1 payment without a valid amount or currency; 1 payment \
                 not marked as paid: 1 Ready 1.00; only 5,000 of 9,000 payments loaded; 1 payment of \
                 other bookings)",
            ),
            (
                &[paid, odd, ready],
                0,
                part,
                "tenant paid EUR 1.00 + 1 payment not counted (only 5,000 of 9,000 payments \
                 loaded); 1 payment not marked as paid: 1 Ready 1.00",
            ),
            (&[paid], 3, None, "tenant paid EUR 1.00"),
        ];
        for (rows, of_others, incomplete, expected) in table {
            assert_eq!(words(rows, of_others, incomplete), expected, "{rows:?} {of_others}");
        }
    }

    #[test]
    fn the_payments_that_are_not_paid_are_counted_by_status_and_summed() {
        let row = |status: &str, amount: u32| {
            format!(r#"{{"status":"{status}","amount":{amount},"currency":"AED"}}"#)
        };
        let rows = [("Paid", 24_773), ("Ready", 100), ("Failed", 30), ("Ready", 100), ("", 5)];
        let rows = rows.map(|(status, amount)| row(status, amount));
        let rows = rows.iter().map(String::as_str).collect::<Vec<_>>();
        let expected = "tenant paid AED 247.73; 4 payments not marked as paid: 2 Ready AED 2.00, 1 \
                        Failed AED 0.30, 1 without a status AED 0.05";
        assert_eq!(words(&rows, 0, None), expected);
        let many = (b'a'..=b'f').map(|c| row(&char::from(c).to_string(), 1)).collect::<Vec<_>>();
        let many = words(&many.iter().map(String::as_str).collect::<Vec<_>>(), 0, None);
        assert!(
            many.contains("1 c AED 0.01, 1 d AED 0.01, 2 with other statuses AED 0.02"),
            "{many}"
        );
    }

    #[test]
    fn a_status_is_one_in_all_its_spellings_and_says_which_rows_its_sum_leaves_out() {
        let row = |status: &str, amount: &str| {
            format!(r#"{{"status":"{status}","amount":{amount},"currency":"EUR"}}"#)
        };
        let rows = [
            ("in_progress", "100"),
            ("InProgress", "50"),
            ("In Progress", "866.604"),
            ("Failed", "\"?\""),
            ("failed", "null"),
            ("Ready", "200"),
        ];
        let rows = rows.map(|(status, amount)| row(status, amount));
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let expected = "tenant paid: unknown (6 payments not marked as paid: 3 in_progress EUR 1.50 + 1 \
                        not counted, 2 Failed (not counted), 1 Ready EUR 2.00)";
        assert_eq!(words(&rows, 0, None), expected);
    }
}
