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
    /// Why this may not be all: `only 5,000 of 9,000 payments loaded`.
    pub incomplete: Option<String>,
}

impl TenantPaid {
    pub fn of(payments: &[Record], incomplete: Option<String>) -> Self {
        let is_paid = |row: &&Record| {
            row.status().is_some_and(|status| PAID.iter().any(|word| is_same_word(word, status)))
        };
        // No status of a payment is a closed one.
        let paid = Figures::of(payments.iter().filter(is_paid), NaiveDate::default()).open;
        Self { not_paid: payments.len() - paid.count, paid, incomplete }
    }

    /// `tenant paid EUR 5,759.75; 2 payments not marked as paid`.
    pub fn in_words(&self) -> String {
        let sums =
            if self.paid.count == 0 { "nothing".to_owned() } else { self.paid.sums.in_words() };
        let payments = |count: usize| counted(count as u64, "payment");
        let not_summed = match self.paid.not_summed.count() {
            0 => String::new(),
            count => format!(" + {} not counted", payments(count)),
        };
        let not_paid = match self.not_paid {
            0 => String::new(),
            count => format!("; {} not marked as paid", payments(count)),
        };
        let incomplete = self.incomplete.as_ref().map(|why| format!(" ({why})"));
        let incomplete = incomplete.unwrap_or_default();
        format!("tenant paid {sums}{not_summed}{incomplete}{not_paid}")
    }
}
