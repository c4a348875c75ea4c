//! Writes the stories: bookings, and the rows from the events of each booking.

mod ordinary;
mod special;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use fastrand::Rng;

use super::account::{Account, Currency, accounts, gross};
use super::calendar::{shift, stamp};
use super::database::Database;
use super::ground_truth::{GroundTruth, Special};
use super::row::{
    Debt, Id, Invoice, Number, Penalty, Reference, Scheduled, Settlement, Transaction,
};

const BOOKINGS: u32 = 400;
/// References have six digits from 100,000 on, which limits the bookings.
const MOST_BOOKINGS: u32 = 900_000;
const AHEAD: i64 = 84;

/// Generates at least `rows` transactions (at most about five million) from a seed and a day.
pub(super) fn write(seed: u64, today: NaiveDate, rows: usize) -> (Database, GroundTruth) {
    let mut rng = Rng::with_seed(seed);
    let accounts = accounts(&mut rng);
    let mut writer = StoryWriter {
        first_reference: rng.u32(..MOST_BOOKINGS),
        rng,
        today,
        accounts,
        database: Database::default(),
        known: GroundTruth::default(),
        count: Counts::default(),
    };
    writer.write_special();
    while writer.count.bookings < BOOKINGS
        || (writer.database.transactions.len() < rows && writer.count.bookings < MOST_BOOKINGS)
    {
        writer.write_ordinary();
    }
    writer.settle();
    writer.finish()
}

#[derive(Clone)]
struct Booking {
    reference: Reference,
    account: Arc<Account>,
    currency: Currency,
}

/// Counters that number rows and rotate through statuses.
#[derive(Default)]
struct Counts {
    bookings: u32,
    invoices: u32,
    credits: u32,
    penalties: u32,
    debts: usize,
    /// Debts that do not block a payout.
    old_debts: usize,
    /// Payouts that are held up.
    troubles: usize,
}

struct StoryWriter {
    rng: Rng,
    today: NaiveDate,
    accounts: Vec<Arc<Account>>,
    database: Database,
    known: GroundTruth,
    first_reference: u32,
    count: Counts,
}

fn in_turn(words: &'static str, count: usize) -> &'static str {
    let turn = count % words.split(' ').count();
    words.split(' ').nth(turn).unwrap_or_default()
}

impl StoryWriter {
    fn book(&mut self, currency: Option<Currency>) -> Booking {
        // 289,459 and 900,000 have no common factor, so every number is used once, in a mixed order.
        let step = u64::from(self.count.bookings) * 289_459 + u64::from(self.first_reference);
        let number = 100_000 + u32::try_from(step % u64::from(MOST_BOOKINGS)).unwrap_or_default();
        self.count.bookings += 1;
        let reference = Reference(number);
        self.database.bookings.insert(reference, None);
        self.known.references.push(reference.to_string());
        let start = self.rng.usize(..self.accounts.len());
        let mut circle = self.accounts.iter().cycle().skip(start).take(self.accounts.len());
        let account = circle.find(|one| currency.is_none_or(|asked| one.currency == asked));
        // Every currency has an account, so there is always a match.
        let account = account.cloned().unwrap_or_default();
        Booking { reference, currency: account.currency, account }
    }

    fn mark(&mut self, booking: &Booking, special: Special) {
        self.database.bookings.insert(booking.reference, Some(special));
        self.known.bookings.push((special, booking.reference.to_string()));
    }

    fn pay(&mut self, booking: &Booking, kind: &'static str, amount: i64, issued_on: NaiveDate) {
        self.database.transactions.push(Transaction {
            booking: booking.reference,
            account: Arc::clone(&booking.account),
            kind,
            amount,
            issued_on,
            currency: booking.currency,
        });
    }

    fn schedule(&mut self, booking: &Booking, status: &'static str, amount: i64, due: NaiveDate) {
        self.database.scheduled.push(Scheduled {
            id: Id(self.rng.u128(..)),
            booking: booking.reference,
            account: Arc::clone(&booking.account),
            status,
            amount,
            currency: booking.currency,
            due,
        });
    }

    /// An invoice for a net amount, or a credit note for an `original`.
    fn invoice(
        &mut self,
        booking: &Booking,
        original: Option<Number>,
        net: i64,
        issued_on: NaiveDate,
    ) -> Number {
        let (series, count) = match original {
            None => ("INV", &mut self.count.invoices),
            Some(_) => ("CN", &mut self.count.credits),
        };
        *count += 1;
        let number = Number { series, year: issued_on.year(), count: *count };
        self.database.invoices.push(Invoice {
            id: Id(self.rng.u128(..)),
            booking: booking.reference,
            number,
            account: Arc::clone(&booking.account),
            issued_on,
            net,
            gross: gross(net),
            currency: booking.currency,
            original,
        });
        number
    }

    fn penalty(&mut self, booking: &Booking, status: &'static str, amount: i64, raised: NaiveDate) {
        self.count.penalties += 1;
        let salt = self.rng.u32(..36_000);
        let notified = shift(raised, 2).min(self.today);
        let closed = shift(notified, self.rng.i64(3..25)).min(self.today);
        let is_closed = matches!(status, "paid" | "waived" | "settled");
        let is_notified = status != "pending";
        let is_dated = is_notified || self.rng.bool();
        let number = Number { series: "PEN", year: raised.year(), count: self.count.penalties };
        self.database.penalties.push(Penalty {
            id: Id(self.rng.u128(..)),
            booking: booking.reference,
            status,
            number: is_notified.then_some(number),
            amount,
            currency: booking.currency,
            due: is_dated.then(|| shift(raised, 30)),
            cancelled_on: None,
            settled: None,
            notified: is_notified.then(|| stamp(notified, salt)),
            closed: is_closed.then(|| stamp(closed, salt + 36_000)),
        });
    }

    /// A debt record; a closed one was closed soon after it fell due.
    fn debt(&mut self, booking: &Booking, status: &'static str, amount: i64, due: NaiveDate) {
        const KINDS: &str =
            "invoices_not_paid transfers_badly_made security_deposit_conflict other";
        let kind = in_turn(KINDS, self.count.debts);
        self.count.debts += 1;
        let salt = self.rng.u32(..36_000);
        let is_open = matches!(status, "pending" | "overdue");
        let closed = shift(due, self.rng.i64(0..20)).min(self.today);
        let is_own = |row: &&Invoice| row.booking == booking.reference && !row.is_credit();
        let invoice = self.database.invoices.iter().rev().take(16).find(is_own);
        let paid = match status {
            "paid" => amount,
            "overdue" if self.count.debts.is_multiple_of(2) => amount / 4,
            _ => 0,
        };
        self.database.debts.push(Debt {
            id: Id(self.rng.u128(..)),
            reference: booking.reference.to_string(),
            status,
            kind,
            invoice: invoice.filter(|_| kind == "invoices_not_paid").map(|row| row.number),
            amount,
            paid,
            currency: booking.currency,
            due,
            created: stamp(shift(due, -30).min(self.today), salt),
            closed: (!is_open).then(|| stamp(closed, salt + 36_000)),
        });
    }

    /// Deducts each settled penalty from a payout of another, ordinary booking; without one, it is paid.
    fn settle(&mut self) {
        let count = self.database.transactions.len();
        let open = self.database.penalties.iter_mut();
        for penalty in open.filter(|row| row.status == "settled" && row.settled.is_none()) {
            let start = self.rng.usize(..count.max(1));
            let from = (start..count).chain(0..start).find(|place| {
                self.database.transactions.get(*place).is_some_and(|row| {
                    row.currency == penalty.currency
                        && row.booking != penalty.booking
                        && row.amount > penalty.amount
                        && Some(row.issued_on) > penalty.notified.map(|at| at.date())
                        && self.database.bookings.get(&row.booking).is_some_and(Option::is_none)
                })
            });
            let Some(row) = from.and_then(|place| self.database.transactions.get_mut(place)) else {
                penalty.status = "paid";
                continue;
            };
            let (original, left) = (row.amount, row.amount - penalty.amount);
            row.amount = left;
            penalty.settled = Some(Settlement { booking: row.booking, original, left });
            penalty.closed = Some(stamp(row.issued_on, 17));
        }
    }

    fn finish(mut self) -> (Database, GroundTruth) {
        for penalty in self.database.penalties.iter().filter(|row| row.settled.is_some()) {
            let entry = (Special::SettledElsewhere, penalty.booking.to_string());
            if !self.known.bookings.contains(&entry) {
                self.known.bookings.push(entry);
            }
        }
        self.database.sort();
        (self.database, self.known)
    }
}
