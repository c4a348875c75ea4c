//! Everything that follows from one booking's conciliation, computed once when it changes: for the
//! screen, and for every form in which the booking is given to someone else.

use chrono::NaiveDate;

use super::Conciliation;
use super::checks::{self, Checked};
use super::ledger::Ledger;
use super::suggest::{Suggestion, suggest};
use super::totals::Totals;
use super::verdict::{Failed, Verdict};
use crate::list::record::Record;

/// What was found out about a booking.
#[derive(Debug, Clone)]
pub struct Examination {
    pub verdict: Verdict,
    pub totals: Totals,
    /// What each check gave, in the order of [`checks::CHECKS`].
    pub checks: Vec<Checked>,
    /// What may explain the differences, section by section, the likeliest first.
    pub suggestions: Vec<Suggestion>,
    pub ledger: Ledger,
}

impl Examination {
    /// Examines a booking on a day, with the scheduled payments that are known of it and the
    /// sources that failed.
    pub fn of(
        booking: &Conciliation,
        scheduled: &[Record],
        failed: &[Failed],
        today: NaiveDate,
    ) -> Self {
        let totals = Totals::of(booking);
        let differing = totals.differences().map(|(compared, _)| compared);
        let suggestions: Vec<_> =
            differing.flat_map(|compared| suggest(booking, compared)).collect();
        Self {
            verdict: Verdict::of(booking, &totals, failed),
            checks: checks::run(booking, &totals, &suggestions),
            ledger: Ledger::of(booking, scheduled, today),
            suggestions,
            totals,
        }
    }
}
