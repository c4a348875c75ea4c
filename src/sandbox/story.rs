//! Tells the stories: who books what, and the rows that each event of a booking leaves behind.
//! Deterministic for a seed and a day.

mod ordinary;
mod special;

use std::sync::Arc;

use chrono::NaiveDate;
use fastrand::Rng;

use super::account::{Account, accounts};
use super::calendar::{shift, stamp};
use super::known::{Known, Special};
use super::money::{Currency, gross};
use super::row::{
    Debt, Id, Invoice, Number, Penalty, Reference, Scheduled, Settlement, Transaction,
};
use super::store::Store;

/// Bookings without further wishes: two years of a busy landlord.
const BOOKINGS: u32 = 400;
/// References have six digits and begin at 100,000, so there are no more bookings than these.
const MOST_BOOKINGS: u32 = 900_000;
/// How far ahead payouts are scheduled, in days.
const AHEAD: i64 = 84;

/// The store and what is known of it, for a seed and the day on which the stories end.
/// `rows` asks for at least so many transactions (as far as references last: about five million).
pub(super) fn tell(seed: u64, today: NaiveDate, rows: usize) -> (Store, Known) {
    let mut teller = Teller::new(seed, today);
    teller.tell_special();
    while teller.told < BOOKINGS
        || (teller.store.transactions.len() < rows && teller.told < MOST_BOOKINGS)
    {
        teller.tell_ordinary();
    }
    teller.settle();
    teller.finish()
}

/// A booking while its story is told.
#[derive(Clone)]
struct Booking {
    reference: Reference,
    account: Arc<Account>,
    currency: Currency,
}

struct Teller {
    rng: Rng,
    today: NaiveDate,
    accounts: Vec<Arc<Account>>,
    store: Store,
    known: Known,
    told: u32,
    first_reference: u32,
    /// How many invoices, credit notes, penalties, debts (among them those that block no payout)
    /// and troubled payouts there were, to number them and to deal out every status in turn.
    invoices: u32,
    credits: u32,
    penalties: u32,
    debts: usize,
    old_debts: usize,
    troubles: usize,
}

impl Teller {
    fn new(seed: u64, today: NaiveDate) -> Self {
        let mut rng = Rng::with_seed(seed);
        let accounts = accounts(&mut rng);
        Self {
            first_reference: rng.u32(..MOST_BOOKINGS),
            rng,
            today,
            accounts,
            store: Store::default(),
            known: Known::default(),
            told: 0,
            invoices: 0,
            credits: 0,
            penalties: 0,
            debts: 0,
            old_debts: 0,
            troubles: 0,
        }
    }

    /// A new booking for an account of any currency, or of the one asked for.
    fn book(&mut self, currency: Option<Currency>) -> Booking {
        // 289,459 has no factor in common with 900,000: every number comes up once, in no order.
        let step = u64::from(self.told) * 289_459 + u64::from(self.first_reference);
        let number = 100_000 + u32::try_from(step % u64::from(MOST_BOOKINGS)).unwrap_or_default();
        self.told += 1;
        let reference = Reference::numbered(number);
        self.store.bookings.insert(reference, None);
        self.known.references.push(reference.as_str().to_owned());
        let start = self.rng.usize(..self.accounts.len());
        let circle = self.accounts.iter().cycle().skip(start).take(self.accounts.len());
        let fits = |account: &&Arc<Account>| currency.is_none_or(|asked| account.currency == asked);
        // There is an account of every currency, and so always one that fits.
        let account = circle.clone().find(fits).or_else(|| circle.clone().next()).cloned();
        let account = account.unwrap_or_else(|| {
            Arc::new(Account { holder: "", iban: String::new(), currency: Currency::Eur })
        });
        Booking { reference, currency: account.currency, account }
    }

    /// Notes that a booking is special.
    fn mark(&mut self, booking: &Booking, special: Special) {
        self.store.bookings.insert(booking.reference, Some(special));
        self.known.bookings.push((special, booking.reference.as_str().to_owned()));
    }

    fn pay(&mut self, booking: &Booking, kind: &'static str, amount: i64, issued_on: NaiveDate) {
        self.store.transactions.push(Transaction {
            booking: booking.reference,
            account: Arc::clone(&booking.account),
            kind,
            amount,
            issued_on,
            currency: booking.currency,
        });
    }

    fn schedule(&mut self, booking: &Booking, status: &'static str, amount: i64, due: NaiveDate) {
        let notes = match status {
            "blocked" => Some("Waiting for the outcome of a complaint by the tenant."),
            "delayed" => Some("The transfer is being retried."),
            _ => None,
        };
        self.store.scheduled.push(Scheduled {
            id: Id(self.rng.u128(..)),
            booking: booking.reference,
            account: Arc::clone(&booking.account),
            status,
            amount,
            currency: booking.currency,
            due,
            notes,
        });
    }

    /// An invoice over a net amount.
    fn invoice(&mut self, booking: &Booking, net: i64, issued_on: NaiveDate) -> Number {
        self.invoices += 1;
        let number = Number::new("INV", issued_on, self.invoices);
        self.document(booking, number, None, net, issued_on);
        number
    }

    /// A credit note over a net amount of an invoice.
    fn credit(&mut self, booking: &Booking, original: Number, net: i64, issued_on: NaiveDate) {
        self.credits += 1;
        let number = Number::new("CN", issued_on, self.credits);
        self.document(booking, number, Some(original), net, issued_on);
    }

    fn document(
        &mut self,
        booking: &Booking,
        number: Number,
        original: Option<Number>,
        net: i64,
        issued_on: NaiveDate,
    ) {
        self.store.invoices.push(Invoice {
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
    }

    /// A penalty raised on `raised`, with the timestamps that belong to its status.
    fn penalty(&mut self, booking: &Booking, status: &'static str, amount: i64, raised: NaiveDate) {
        self.penalties += 1;
        let salt = self.rng.u32(..36_000);
        let notified = shift(raised, 2).min(self.today);
        let closed = shift(notified, self.rng.i64(3..25)).min(self.today);
        let closed_as = |asked| (status == asked).then(|| stamp(closed, salt + 36_000));
        let told = status != "pending";
        // A pending penalty may not even have a date yet.
        let dated = told || self.rng.bool();
        self.store.penalties.push(Penalty {
            id: Id(self.rng.u128(..)),
            booking: booking.reference,
            status,
            number: told.then(|| Number::new("PEN", raised, self.penalties)),
            amount,
            currency: booking.currency,
            due: dated.then(|| shift(raised, 30)),
            cancelled_on: None,
            settled: None,
            notified: told.then(|| stamp(notified, salt)),
            paid: closed_as("paid"),
            waived: closed_as("waived"),
            settled_at: closed_as("settled"),
        });
    }

    /// A debt record; one that is no longer open was closed soon after it fell due.
    fn debt(&mut self, booking: &Booking, status: &'static str, amount: i64, due: NaiveDate) {
        const KINDS: [&str; 4] =
            ["invoices_not_paid", "transfers_badly_made", "security_deposit_conflict", "other"];
        let kind = KINDS.iter().copied().cycle().nth(self.debts % 4).unwrap_or("other");
        self.debts += 1;
        let salt = self.rng.u32(..36_000);
        let open = matches!(status, "pending" | "overdue");
        let closed = shift(due, self.rng.i64(0..20)).min(self.today);
        let of_booking = |row: &&Invoice| row.booking == booking.reference && !row.is_credit();
        let invoice = self.store.invoices.iter().rev().take(16).find(of_booking);
        let paid = match status {
            "paid" => amount,
            "overdue" if self.debts.is_multiple_of(2) => amount / 4,
            _ => 0,
        };
        self.store.debts.push(Debt {
            id: Id(self.rng.u128(..)),
            reference: booking.reference.as_str().to_owned(),
            status,
            kind,
            invoice: invoice.filter(|_| kind == "invoices_not_paid").map(|row| row.number),
            amount,
            paid,
            currency: booking.currency,
            due,
            created: stamp(shift(due, -30).min(self.today), salt),
            closed: (!open).then(|| stamp(closed, salt + 36_000)),
        });
    }

    /// Takes each settled penalty from the payout of another, ordinary booking: that payout is
    /// then smaller by the penalty. Where there is no such payout the penalty was paid instead.
    fn settle(&mut self) {
        let count = self.store.transactions.len();
        for penalty in self.store.penalties.iter_mut().filter(|row| row.status == "settled") {
            if penalty.settled.is_some() {
                continue;
            }
            let start = self.rng.usize(..count.max(1));
            let from = (start..count).chain(0..start).find(|place| {
                self.store.transactions.get(*place).is_some_and(|row| {
                    row.currency == penalty.currency
                        && row.booking != penalty.booking
                        && row.amount > penalty.amount
                        && Some(row.issued_on) > penalty.notified.map(|at| at.date())
                        && self.store.bookings.get(&row.booking).is_some_and(Option::is_none)
                })
            });
            let Some(row) = from.and_then(|place| self.store.transactions.get_mut(place)) else {
                penalty.status = "paid";
                penalty.paid = penalty.settled_at.take();
                continue;
            };
            let (original, left) = (row.amount, row.amount - penalty.amount);
            row.amount = left;
            penalty.settled = Some(Settlement { booking: row.booking, original, left });
            penalty.settled_at = Some(stamp(row.issued_on, 17));
        }
    }

    /// Orders the lists and completes what is known.
    fn finish(mut self) -> (Store, Known) {
        for penalty in self.store.penalties.iter().filter(|row| row.settled.is_some()) {
            let entry = (Special::SettledElsewhere, penalty.booking.as_str().to_owned());
            if !self.known.bookings.contains(&entry) {
                self.known.bookings.push(entry);
            }
        }
        self.store.sort();
        self.known.transactions = self.store.transactions.len();
        self.known.scheduled = self.store.scheduled.len();
        self.known.invoices = self.store.invoices.len();
        self.known.penalties = self.store.penalties.len();
        self.known.debts = self.store.debts.len();
        (self.store, self.known)
    }
}
