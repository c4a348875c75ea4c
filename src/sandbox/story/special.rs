//! The bookings that tests select by name: one full booking, repeated with one change each.

use chrono::NaiveDate;
use strum::VariantArray;

use super::super::account::Currency;
use super::super::calendar::{shift, stamp};
use super::super::ground_truth::Special;
use super::super::row::Settlement;
use super::{Booking, StoryWriter};

/// Minor units, chosen so that each difference has one explanation: no sum of two is a multiple of nine
/// or equals a third.
const PAYOUTS: [i64; 5] = [81_237, 124_651, 93_418, 107_089, 118_942];
const SEVERAL: [(Special, u32); 2] = [(Special::Balanced, 3), (Special::SeveralCurrencies, 3)];

impl StoryWriter {
    pub(super) fn write_special(&mut self) {
        for (place, special) in (0_i64..).zip(Special::VARIANTS.iter().copied()) {
            let count = SEVERAL.iter().find(|(kind, _)| *kind == special).map_or(1, |(_, n)| *n);
            for nth in 0..i64::from(count) {
                self.retell(special, shift(self.today, -180 - place * 24 - nth * 7));
            }
        }
        let empty = self.book(Some(Currency::EUR));
        self.mark(&empty, Special::EmptySections);
    }

    fn retell(&mut self, special: Special, start: NaiveDate) {
        let booking = self.book(Some(Currency::EUR));
        self.mark(&booking, special);
        match special {
            Special::EmptySections => return self.pay(&booking, "Transfer", 64_300, start),
            // A complete building, paid every week for two years.
            Special::HundredRows => {
                let start = shift(self.today, -728);
                self.full(&booking, start);
                for week in 0..102 {
                    let day = shift(start, 5 + week * 7);
                    self.pay(&booking, "Transfer", 210_011 + week * 137, day);
                }
            }
            _ => self.full(&booking, start),
        }
        match special {
            Special::SeveralCurrencies => {
                let abroad = Booking { currency: Currency::GBP, ..booking.clone() };
                self.pay(&abroad, "Transfer", 98_765, shift(start, 45));
                let invoiced = Booking { currency: Currency::PLN, ..booking };
                self.invoice(&invoiced, None, 44_900, shift(start, -10));
            }
            Special::TotalWithoutWaived => self.penalty(&booking, "waived", 21_175, start),
            Special::TotalWithoutCancelled => {
                self.penalty(&booking, "notify", 21_175, start);
                if let Some(penalty) = self.database.penalties.last_mut() {
                    penalty.cancelled_on = Some(shift(start, 9));
                }
            }
            Special::TotalOnlyOpenDebt => {
                self.debt(&booking, "overdue", 9_118, shift(start, 45));
                self.debt(&booking, "written_off", 7_301, shift(start, 50));
            }
            Special::PaidBeforeIssued => self.paid_before_issued(&booking, start),
            Special::WaivedStillInDebt => self.waived_still_in_debt(&booking, start),
            Special::SettledElsewhere => self.settled_elsewhere(&booking, start),
            Special::SameAmountAndDateTwice => {
                self.pay(&booking, "Transfer", 118_942, shift(start, 122));
            }
            _ => {}
        }
    }

    /// Consistent rows in every section; penalty and debt vary between bookings.
    fn full(&mut self, booking: &Booking, start: NaiveDate) {
        let invoice = self.invoice(booking, None, 20_250, shift(start, -12));
        self.invoice(booking, Some(invoice), 5_000, shift(start, 15));
        for (month, amount) in (0_i64..).zip(PAYOUTS) {
            self.pay(booking, "Transfer", amount, shift(start, 2 + month * 30));
        }
        let status = if self.count.penalties.is_multiple_of(3) { "notify" } else { "paid" };
        self.penalty(booking, status, 15_250, shift(start, 40));
        let (status, due) = match self.next_debt() {
            "pending" => ("pending", shift(self.today, 14)),
            status => (status, shift(start, 70)),
        };
        self.debt(booking, status, 12_349, due);
    }

    fn paid_before_issued(&mut self, booking: &Booking, start: NaiveDate) {
        let mine = self.database.invoices.iter_mut().rev();
        let mut mine = mine.filter(|row| row.booking == booking.reference && !row.is_credit());
        if let Some(invoice) = mine.next() {
            invoice.issued_on = shift(start, 10);
        }
        if let Some(penalty) = self.database.penalties.last_mut() {
            penalty.status = "paid";
            penalty.closed = Some(stamp(shift(start, 30), 5));
        }
    }

    fn waived_still_in_debt(&mut self, booking: &Booking, start: NaiveDate) {
        self.penalty(booking, "waived", 30_250, shift(start, 20));
        self.debt(booking, "overdue", 30_250, shift(start, 50));
        let number = self.database.penalties.last().and_then(|penalty| penalty.number);
        if let Some(debt) = self.database.debts.last_mut() {
            debt.invoice = number;
            debt.kind = "invoices_not_paid";
        }
    }

    /// Deducted from the last payout of the first booking: its amount is the rest.
    fn settled_elsewhere(&mut self, booking: &Booking, start: NaiveDate) {
        self.penalty(booking, "settled", 30_250, start);
        let Some(other) = self.database.transactions.get(PAYOUTS.len() - 1) else { return };
        let (reference, left, day) = (other.booking, other.amount, other.issued_on);
        if let Some(penalty) = self.database.penalties.last_mut() {
            penalty.settled =
                Some(Settlement { booking: reference, original: left + 30_250, left });
            penalty.closed = Some(stamp(day, 17));
        }
    }
}
