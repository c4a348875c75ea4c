//! Checks of penalties against debt and against the booking itself.

use std::collections::{BTreeSet, HashMap};

use super::{Facts, Finding, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, described, has_status, is_same, key_of, placed};
use crate::conciliation::rules::OPEN_DEBT;
use crate::conciliation::{Conciliation, Role};
use crate::list::record::Record;

/// Rows of debt that one penalty is compared with: more of one amount or number say nothing.
const MOST_ALIKE: usize = 100;

pub(super) fn waived_in_debt(facts: &Facts<'_>) -> Outcome {
    let booking = facts.booking;
    let mut tally = Tally::over(facts, &[Role::Penalties, Role::Debt]);
    let has_debt = !booking.rows(Role::Debt).is_empty();
    let known = Debts::of(booking);
    let mut unknown = 0;
    for (at, penalty) in placed(booking, Role::Penalties) {
        match has_status(penalty, &["waived"]) {
            Some(true) => {}
            Some(false) => continue,
            None => {
                unknown += usize::from(has_debt);
                continue;
            }
        }
        for row in known.alike(penalty) {
            if tally.is_full() {
                break;
            }
            let debt_at = RowAt { role: Role::Debt, row };
            let Some(debt) = booking.row(debt_at) else { continue };
            let Some(is_named) = is_named(penalty, debt) else { continue };
            let (is_guess, state) = match (is_named, has_status(debt, OPEN_DEBT)) {
                (_, Some(false)) => continue,
                (true, Some(true)) => (false, "is still open"),
                (false, Some(true)) => (true, "of the same amount is still open"),
                (_, None) => (true, "has no status"),
            };
            tally.push(Finding {
                one: format!("{} was waived", described(booking, at)),
                other: format!("debt {} {state}", described(booking, debt_at)),
                rows: vec![at, debt_at],
                is_guess,
            });
        }
    }
    tally.miss(unknown, "no status");
    tally.outcome()
}

/// The places of the rows of debt by what may tie a penalty to them.
#[derive(Default)]
struct Debts {
    by_number: HashMap<String, Vec<usize>>,
    by_amount: HashMap<Option<i128>, Vec<usize>>,
}

impl Debts {
    fn of(booking: &Conciliation) -> Self {
        let mut debts = Self::default();
        for (place, row) in booking.rows(Role::Debt).iter().enumerate() {
            if let Some(number) = row.text("invoice_number") {
                debts.by_number.entry(key_of(number)).or_default().push(place);
            }
            debts.by_amount.entry(amount(row, Role::Debt)).or_default().push(place);
        }
        debts
    }

    /// The places of those that may belong to a penalty, in the order of the section.
    fn alike(&self, penalty: &Record) -> BTreeSet<usize> {
        let number = penalty.text("invoice_number").map(key_of);
        let numbered = number.and_then(|number| self.by_number.get(&number));
        let sized = self.by_amount.get(&amount(penalty, Role::Penalties));
        let sized = sized.into_iter().flatten().take(MOST_ALIKE);
        numbered.into_iter().flatten().take(MOST_ALIKE).chain(sized).copied().collect()
    }
}

/// Whether a debt names the invoice of a penalty, or, where one names none, only has its amount;
/// `None` where they do not belong together.
fn is_named(penalty: &Record, debt: &Record) -> Option<bool> {
    let number = "invoice_number";
    if let Some((one, other)) = penalty.text(number).zip(debt.text(number)) {
        return is_same(one, other).then_some(true);
    }
    let is_alike = amount(penalty, Role::Penalties)? == amount(debt, Role::Debt)?
        && penalty.currency() == debt.currency();
    is_alike.then_some(false)
}

/// Penalties that another booking settled: taken from its payout, they are not in this one's.
pub(super) fn settled_elsewhere(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Penalties]);
    let own = &facts.booking.reference;
    let mut unknown = 0;
    for (at, row) in placed(facts.booking, Role::Penalties) {
        match row.text("settled_booking") {
            Some(other) if !is_same(other, own) => {
                let penalty = described(facts.booking, at);
                let one = format!("{penalty} was settled by booking {}", other.shown());
                tally.find(one, format!("this is booking {}", own.shown()), vec![at]);
            }
            Some(_) => {}
            None => unknown += usize::from(has_status(row, &["settled"]) == Some(true)),
        }
    }
    tally.miss(unknown, "the status settled and no booking that settled it");
    tally.outcome()
}
