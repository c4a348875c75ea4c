//! The stories of most bookings: a tenancy with its payouts, or a tenant or landlord who cancels.

use chrono::NaiveDate;

use super::super::account::{gross, percent};
use super::super::calendar::{shift, working_day};
use super::super::row::Number;
use super::{AHEAD, Booking, StoryWriter, in_turn};

const TROUBLES: &str = "missing_iban delayed has_debt blocked missing_details \
                        blocked_account_debtor blocked_missing_iban blocked_missing_details";
const DEBTS: &str = "overdue paid pending settled voided written_off";
/// Statuses of penalties that are not new, used in turn.
const PENALTIES: &str = "notify paid waived settled paid pending settled";

/// Amounts in minor units.
struct Terms {
    booking: Booking,
    confirmed: NaiveDate,
    move_in: NaiveDate,
    months: u32,
    rent: i64,
    commission: i64,
}

impl StoryWriter {
    pub(super) fn write_ordinary(&mut self) {
        let terms = self.agree();
        let invoice = self.invoice(&terms.booking, None, terms.commission, terms.confirmed);
        match self.rng.u8(..100) {
            0..8 => self.landlord_cancels(&terms, invoice),
            8..16 => self.tenant_cancels(&terms, invoice),
            _ => self.tenancy(&terms, invoice),
        }
    }

    fn agree(&mut self) -> Terms {
        let booking = self.book(None);
        let move_in = shift(self.today, self.rng.i64(-725..42));
        let confirmed = shift(move_in, -self.rng.i64(3..75)).min(self.today);
        let months = *self.rng.choice(&[1, 5, 6, 9, 10, 11, 12, 12, 12, 12]).unwrap_or(&6);
        let euro_cents = self.rng.i64(70..380) * 500 + self.rng.i64(0..3) * 25;
        let rent = booking.currency.price(euro_cents);
        let commission = percent(rent, self.rng.i64(18..42));
        Terms { booking, confirmed, move_in, months, rent, commission }
    }

    /// First payout within 48 hours of moving in, less commission; under Plus monthly by workday 5.
    fn tenancy(&mut self, terms: &Terms, invoice: Number) {
        let first = shift(terms.move_in, self.rng.i64(1..3));
        let plus = self.rng.u8(..100) < 92;
        let months = if plus { terms.months } else { 1 };
        let mut payouts = vec![(first, terms.rent - gross(terms.commission))];
        for month in 1..months {
            let nth = self.rng.u32(1..6);
            let day = working_day(terms.move_in, month, nth);
            payouts.push((day.max(shift(first, 1)), terms.rent));
        }
        let ongoing = payouts.last().is_some_and(|(day, _)| *day > self.today);
        let trouble = (ongoing && self.rng.u8(..100) < 34).then(|| {
            self.count.troubles += 1;
            in_turn(TROUBLES, self.count.troubles)
        });
        for (day, amount) in payouts {
            let late = trouble.is_some() && day > shift(self.today, -31);
            if day <= self.today && !late {
                self.pay(&terms.booking, "Transfer", amount, day);
            } else if day <= shift(self.today, AHEAD) {
                // A delay affects only payouts that are due; a missing IBAN also holds up later ones.
                let status = trouble.filter(|status| day <= self.today || *status != "delayed");
                self.schedule(&terms.booking, status.unwrap_or("upcoming"), amount, day);
            }
        }
        self.owe(terms, trouble);
        let corrected = shift(terms.move_in, 12);
        if corrected <= self.today && self.rng.u8(..100) < 6 {
            self.invoice(&terms.booking, Some(invoice), terms.commission / 4, corrected);
        }
    }

    fn owe(&mut self, terms: &Terms, trouble: Option<&str>) {
        let blocks = matches!(trouble, Some("has_debt" | "blocked_account_debtor"));
        if !blocks && self.rng.u8(..100) >= 5 {
            return;
        }
        let status = if blocks { "overdue" } else { self.next_debt() };
        let due = if status == "pending" {
            shift(self.today, self.rng.i64(3..28))
        } else {
            shift(terms.move_in, self.rng.i64(10..45)).min(shift(self.today, -2))
        };
        let amount = percent(terms.rent, self.rng.i64(8..90));
        self.debt(&terms.booking, status, amount, due);
        // Some debts belong to the customer, without a booking.
        if !blocks && self.count.debts.is_multiple_of(9) {
            let own = format!("CUST-{:06}", self.rng.u32(1_000..999_999));
            if let Some(debt) = self.database.debts.last_mut() {
                debt.reference = own;
                debt.invoice = None;
            }
        }
    }

    pub(super) fn next_debt(&mut self) -> &'static str {
        self.count.old_debts += 1;
        in_turn(DEBTS, self.count.old_debts)
    }

    /// No payout until 60 days before moving in, half until 30 days, then all; none within 24 h of
    /// confirming.
    fn tenant_cancels(&mut self, terms: &Terms, invoice: Number) {
        let span = (terms.move_in - terms.confirmed).num_days().max(1);
        let day = shift(terms.confirmed, self.rng.i64(0..span)).min(self.today);
        let notice = (terms.move_in - day).num_days();
        let share = match notice {
            _ if day == terms.confirmed => 0,
            60.. => 0,
            30..60 => 50,
            _ => 100,
        };
        if share < 100 {
            let back = percent(terms.commission, 100 - share);
            self.invoice(&terms.booking, Some(invoice), back, day);
        }
        let amount = percent(terms.rent - gross(terms.commission), share);
        let paid = shift(day, 5);
        if amount > 0 && paid <= self.today {
            self.pay(&terms.booking, "Compensation", amount, paid);
        } else if amount > 0 {
            self.schedule(&terms.booking, "upcoming", amount, paid);
        }
    }

    /// The penalty is the commission; on the day of moving in, plus 100 to 300 for an emergency stay.
    fn landlord_cancels(&mut self, terms: &Terms, invoice: Number) {
        let span = (terms.move_in - terms.confirmed).num_days().max(0);
        let day = shift(terms.confirmed, self.rng.i64(0..=span)).min(self.today);
        self.invoice(&terms.booking, Some(invoice), terms.commission, day);
        let stay = if day == terms.move_in { self.rng.i64(100..=300) * 100 } else { 0 };
        let amount = gross(terms.commission) + terms.booking.currency.price(stay);
        let is_fresh = (self.today - day).num_days() < 5;
        let turn = usize::try_from(self.count.penalties).unwrap_or_default();
        let status = if is_fresh { "pending" } else { in_turn(PENALTIES, turn) };
        self.penalty(&terms.booking, status, amount, day);
        // Some penalties are waived because the cancellation was itself cancelled.
        let penalty = self.database.penalties.last_mut().filter(|row| row.status == "waived");
        if let Some(penalty) = penalty.filter(|row| row.amount % 2 == 0) {
            penalty.cancelled_on = penalty.closed.map(|at| at.date());
        }
    }
}
