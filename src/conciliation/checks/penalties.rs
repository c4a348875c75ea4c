//! Checks of penalties against debt and against the booking itself.

use std::collections::{BTreeSet, HashMap};

use super::{Facts, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, described, has_status, is_same, key_of, placed};
use crate::conciliation::rules::OPEN_DEBT;
use crate::conciliation::{Conciliation, Role};
use crate::list::record::Record;

/// Rows of debt that one penalty is compared with: more of one amount or number say nothing.
const MOST_ALIKE: usize = 100;

/// How a waived penalty and a debt belong together.
enum Match {
    Number,
    /// One names no invoice, and amount and currency are the same.
    Likeness,
}

/// Waived penalties that open debt still holds.
pub(super) fn waived_in_debt(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Penalties, Role::Debt]);
    let has_debt = !facts.booking.rows(Role::Debt).is_empty();
    let known = Debts::of(facts.booking);
    let mut unknown = 0;
    for (at, penalty) in placed(facts.booking, Role::Penalties) {
        match has_status(penalty, &["waived"]) {
            Some(true) => {}
            Some(false) => continue,
            None => {
                unknown += usize::from(has_debt);
                continue;
            }
        }
        for place in known.alike(penalty) {
            if tally.is_full() {
                break;
            }
            let debt_at = RowAt::new(Role::Debt, place);
            let Some(debt) = facts.booking.row(debt_at) else { continue };
            let Some(by) = matched(penalty, debt) else { continue };
            let one = format!("{} was waived", described(facts.booking, at));
            let other = format!("debt {}", described(facts.booking, debt_at));
            match (by, has_status(debt, OPEN_DEBT)) {
                (_, Some(false)) => {}
                (Match::Number, Some(true)) => {
                    tally.find(one, format!("{other} is still open"), vec![at, debt_at]);
                }
                (Match::Likeness, Some(true)) => {
                    let other = format!("{other} of the same amount is still open");
                    tally.guess(one, other, vec![at, debt_at]);
                }
                (_, None) => {
                    tally.guess(one, format!("{other} has no status"), vec![at, debt_at]);
                }
            }
        }
    }
    tally.miss(unknown, "no status");
    tally.outcome()
}

/// The rows of debt by what may tie a penalty to them.
struct Debts {
    by_number: HashMap<String, Vec<usize>>,
    /// By minor units.
    by_amount: HashMap<Option<i128>, Vec<usize>>,
}

impl Debts {
    fn of(booking: &Conciliation) -> Self {
        let mut debts = Self { by_number: HashMap::new(), by_amount: HashMap::new() };
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

fn matched(penalty: &Record, debt: &Record) -> Option<Match> {
    if let (Some(one), Some(other)) = (penalty.text("invoice_number"), debt.text("invoice_number"))
    {
        return is_same(one, other).then_some(Match::Number);
    }
    let same = amount(penalty, Role::Penalties)? == amount(debt, Role::Debt)?
        && penalty.currency() == debt.currency();
    same.then_some(Match::Likeness)
}

/// Penalties that another booking settled: taken from its payout, they are not in this one's.
pub(super) fn settled_elsewhere(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Penalties]);
    let mut unknown = 0;
    for (at, row) in placed(facts.booking, Role::Penalties) {
        match row.text("settled_booking") {
            Some(other) if !is_same(other, &facts.booking.reference) => tally.find(
                format!(
                    "{} was settled by booking {}",
                    described(facts.booking, at),
                    other.shown()
                ),
                format!("this is booking {}", facts.booking.reference.shown()),
                vec![at],
            ),
            Some(_) => {}
            None => unknown += usize::from(has_status(row, &["settled"]) == Some(true)),
        }
    }
    tally.miss(unknown, "the status settled and no booking that settled it");
    tally.outcome()
}
