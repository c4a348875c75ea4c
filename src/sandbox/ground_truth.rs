//! The ground truth for tests: which bookings have which property.

/// A total counts the transactions or sums **all** rows of its section in minor units, including waived
/// and closed ones. Every booking adds up, except those marked *differs* (and hostile ones).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
pub enum Special {
    /// Adds up: every section has rows, all in one currency, and no check fails.
    Balanced,
    /// Rows in two or more currencies; the totals add amounts in different currencies.
    SeveralCurrencies,
    /// At least one section has no rows; the last of them has no rows at all.
    EmptySections,
    HundredRows,
    /// Differs: `penalties_gross` leaves out waived penalties.
    TotalWithoutWaived,
    /// Differs: `penalties_gross` leaves out penalties with a `cancelled_on`.
    TotalWithoutCancelled,
    /// Differs: `debt` sums only what is `pending` or `overdue`.
    TotalOnlyOpenDebt,
    /// Differs: `transactions_made` leaves out one row.
    OutByOneRow,
    /// Differs: `transactions_made` counts one row twice.
    CountedTwice,
    /// Differs: `transactions_made` counts one row with the wrong sign.
    SignTurned,
    /// Differs: `transactions_made` has one row with two neighboring digits swapped.
    DigitsSwapped,
    /// Differs: `transactions_made` leaves out two rows.
    OutInTwoRows,
    /// A payout before the invoice was issued, and a penalty paid before it was notified.
    PaidBeforeIssued,
    /// A waived penalty whose `invoice_number` is that of an open debt.
    WaivedStillInDebt,
    /// A settled penalty whose `settled_booking` is another booking, which exists.
    SettledElsewhere,
    SameAmountAndDateTwice,
    /// The key `penalties` is missing, though the total counts its rows.
    SectionMissing,
    /// `debt` is `null`, though the total counts its rows.
    SectionNull,
    /// `transactions` is an object that holds one array, `data`.
    SectionObject,
    SectionRenamed,
    /// `credit_notes` is at the top level instead of in `invoicing`.
    SectionMoved,
    /// The amounts of the first transaction and of the first invoice are strings.
    AmountAsString,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroundTruth {
    pub(super) bookings: Vec<(Special, String)>,
    /// The references of all bookings, including those without rows, in the order of their stories.
    pub references: Vec<String>,
    pub transactions: usize,
    pub scheduled: usize,
    pub invoices: usize,
    pub penalties: usize,
    pub debts: usize,
}

impl GroundTruth {
    /// Never empty.
    pub fn all(&self, special: Special) -> Vec<&str> {
        let of_kind = self.bookings.iter().filter(|(kind, _)| *kind == special);
        of_kind.map(|(_, reference)| reference.as_str()).collect()
    }

    pub fn one(&self, special: Special) -> &str {
        self.all(special).first().copied().unwrap_or_default()
    }
}
