//! What a tenant paid for a booking: the sums of the payments that are marked as paid.

use chrono::NaiveDate;

use super::{Figures, Summed};
use crate::domain::money::counted;
use crate::domain::normalize::is_same_word;
use crate::list::record::Record;

/// The documents do not list the statuses of a payment; these words mean that the tenant has paid.
const PAID: [&str; 5] = ["paid", "completed", "succeeded", "settled", "processed"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantPaid {
    /// The payments that are marked as paid.
    pub paid: Summed,
    /// The number of payments that are not.
    pub not_paid: usize,
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
        // Payments have no closed statuses.
        let paid = Figures::of(payments.iter().filter(is_paid), NaiveDate::default()).open;
        Some(Self { not_paid: payments.len() - paid.count, paid, of_others, incomplete })
    }

    /// Returns `true` if no payment shows what the tenant paid. The statuses are not documented, so
    /// this does not mean that the tenant paid nothing.
    pub fn is_unknown(&self) -> bool {
        self.paid.sums.is_empty()
    }

    /// `tenant paid EUR 5,759.75; 2 payments not marked as paid`.
    pub fn in_words(&self) -> String {
        let payments = |count: usize| counted(count as u64, "payment");
        let some =
            |count: usize, what: &str| (count > 0).then(|| format!("{} {what}", payments(count)));
        let not_summed = self.paid.not_summed.count();
        let not_paid = some(self.not_paid, "not marked as paid");
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
            (&[ready; 6], 0, None, "tenant paid: unknown (6 payments not marked as paid)"),
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
                 not marked as paid; only 5,000 of 9,000 payments loaded; 1 payment of other \
                 bookings)",
            ),
            (
                &[paid, odd, ready],
                0,
                part,
                "tenant paid EUR 1.00 + 1 payment not counted (only 5,000 of 9,000 payments \
                 loaded); 1 payment not marked as paid",
            ),
            (&[paid], 3, None, "tenant paid EUR 1.00"),
        ];
        for (rows, of_others, incomplete, expected) in table {
            assert_eq!(words(rows, of_others, incomplete), expected, "{rows:?} {of_others}");
        }
    }
}
