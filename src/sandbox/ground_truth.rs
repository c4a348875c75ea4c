//! The ground truth for tests: which bookings have which property.

/// What is special about a booking.
///
/// # The convention of the totals
///
/// `transactions` is the number of the booking's transaction rows; `transactions_made` is the sum
/// of their `amount`. `invoices_gross` and `credit_notes_gross` are the sums of `amount_gross` over
/// the invoices and over the credit notes (whose amounts are positive). `penalties_gross` is the
/// sum of `amount` over **all** penalties, waived and cancelled ones included. `debt` is the sum of `amount` over **all** debt records, open or not. Sums are in
/// minor units and ignore the currency.
///
/// A booking is *balanced* when each total equals that sum over the rows of its section. Every
/// booking of the sandbox is, but those of the kinds marked *differs* below. (Under
/// [`Options::hostile`](super::Options::hostile) none of this is promised.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
pub enum Special {
    /// All totals agree, every section has rows, one currency, and no check fails.
    Balanced,
    /// Rows in two or more currencies; the totals add up the bare numbers.
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
    /// Differs: `transactions_made` has one row twice.
    CountedTwice,
    /// Differs: `transactions_made` has one row with its sign turned.
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
    /// Two transactions with the same amount on the same day.
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

/// References of bookings with a special property, and the sizes of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroundTruth {
    pub(super) bookings: Vec<(Special, String)>,
    /// References of all bookings, those without any row included, in the order of their stories.
    pub references: Vec<String>,
    pub transactions: usize,
    pub scheduled: usize,
    pub invoices: usize,
    pub penalties: usize,
    pub debts: usize,
}

impl GroundTruth {
    /// The bookings of one kind, in a fixed order; there is at least one.
    pub fn all(&self, special: Special) -> Vec<&str> {
        let of_kind = self.bookings.iter().filter(|(kind, _)| *kind == special);
        of_kind.map(|(_, reference)| reference.as_str()).collect()
    }

    /// The first booking of one kind; empty only if there were none.
    pub fn one(&self, special: Special) -> &str {
        self.all(special).first().copied().unwrap_or_default()
    }
}
