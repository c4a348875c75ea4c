//! Checks of credit notes and penalties against the rows and bookings that belong to them.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use super::{Facts, Finding, Outcome, Tally};
use crate::conciliation::row::{RowAt, amount, described, has_status, is_same, key_of, placed};
use crate::conciliation::rules::OPEN_DEBT;
use crate::conciliation::{Conciliation, Role, SECTIONS};
use crate::domain::money::format_amount;
use crate::domain::reference::prefix;
use crate::domain::text::Untrusted;
use crate::list::record::Record;

/// The most debt rows that one penalty is compared with.
const MOST_ALIKE: usize = 100;

type Placed<'a> = (RowAt, &'a Record);

pub(super) fn originals(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Invoices, Role::CreditNotes]);
    let (credits, invoices): (Vec<Placed<'_>>, Vec<_>) =
        placed(facts.booking, Role::Invoices).partition(|(_, row)| row.takes_back());
    // By each of their numbers; the first of two invoices with the same number.
    let mut numbered = HashMap::new();
    for invoice in invoices {
        let numbers = ["doc_number", "document_id"].map(|name| invoice.1.reference(name));
        for number in numbers.into_iter().flatten() {
            numbered.entry(key_of(number)).or_insert(invoice);
        }
    }
    let mut unnamed = 0;
    let mut taken: IndexMap<String, (&Untrusted, Vec<Placed<'_>>)> = IndexMap::new();
    for note in placed(facts.booking, Role::CreditNotes).chain(credits) {
        let Some(original) = note.1.reference("original_document") else {
            unnamed += 1;
            continue;
        };
        taken.entry(key_of(original)).or_insert((original, Vec::new())).1.push(note);
    }
    let has_invoices = tally.unknown.is_empty();
    for (key, (original, notes)) in taken {
        match numbered.get(&key) {
            Some(invoice) => compare(facts.booking, &notes, original, *invoice, &mut tally),
            None if has_invoices => {
                let other = format!("the original {} is not among the invoices", original.shown());
                let rows = notes.iter().map(|(at, _)| *at).collect();
                tally.find(in_words(facts.booking, &notes), other, rows);
            }
            None => {}
        }
    }
    tally.miss(unnamed, "no original document");
    tally.outcome()
}

fn in_words(booking: &Conciliation, notes: &[Placed<'_>]) -> String {
    match notes {
        [(at, _)] => described(booking, *at),
        notes => format!("{} credit notes", notes.len()),
    }
}

fn compare(
    booking: &Conciliation,
    notes: &[Placed<'_>],
    original: &Untrusted,
    invoice: Placed<'_>,
    tally: &mut Tally,
) {
    let words = in_words(booking, notes);
    let currency = invoice.1.currency();
    // Absolute values, because credit notes can have either sign.
    let size = |row: &Record| {
        let is_alike = row.currency_text() == invoice.1.currency_text();
        amount(row, Role::CreditNotes).filter(|_| is_alike).map(i128::abs)
    };
    let sum: Option<i128> = notes.iter().map(|(_, row)| size(row)).sum();
    let Some((sum, whole)) = sum.zip(size(invoice.1)) else {
        let why = "cannot be compared with the original: amount missing or currency differs";
        return tally.unknown.push(format!("{words} {why}"));
    };
    if sum > whole {
        let money =
            |minor| format!("{} {}", invoice.1.currency_text(), format_amount(minor, currency));
        let one = format!("{words}: {} credited", money(sum).trim_start());
        let other = format!("invoice {} is only {}", original.shown(), money(whole).trim_start());
        let rows = notes.iter().map(|(at, _)| *at).chain([invoice.0]).collect();
        tally.find(one, other, rows);
    }
}

pub(super) fn waived_in_debt(facts: &Facts<'_>) -> Outcome {
    let booking = facts.booking;
    let mut tally = Tally::over(facts, &[Role::Penalties, Role::Debt]);
    let has_debt = !booking.rows(Role::Debt).is_empty();
    let known = Debts::of(booking);
    let mut unknown = 0;
    for (at, penalty) in placed(booking, Role::Penalties) {
        let is_waived = has_status(penalty, &["waived"]);
        unknown += usize::from(is_waived.is_none() && has_debt);
        if is_waived != Some(true) {
            continue;
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
                booking: None,
            });
        }
    }
    tally.miss(unknown, "no status");
    tally.outcome()
}

/// The indexes of the debt rows, by invoice number and by amount.
#[derive(Default)]
struct Debts {
    by_number: HashMap<String, Vec<usize>>,
    by_amount: HashMap<Option<i128>, Vec<usize>>,
}

impl Debts {
    fn of(booking: &Conciliation) -> Self {
        let mut debts = Self::default();
        for (place, row) in booking.rows(Role::Debt).iter().enumerate() {
            if let Some(number) = row.reference("invoice_number") {
                debts.by_number.entry(key_of(number)).or_default().push(place);
            }
            debts.by_amount.entry(amount(row, Role::Debt)).or_default().push(place);
        }
        debts
    }

    /// The indexes of the rows that may belong to a penalty, in the order of the section.
    fn alike(&self, penalty: &Record) -> BTreeSet<usize> {
        let number = penalty.reference("invoice_number").map(key_of);
        let numbered = number.and_then(|number| self.by_number.get(&number));
        let sized = self.by_amount.get(&amount(penalty, Role::Penalties));
        let sized = sized.into_iter().flatten().take(MOST_ALIKE);
        numbered.into_iter().flatten().take(MOST_ALIKE).chain(sized).copied().collect()
    }
}

/// `Some(true)` if a debt has the invoice number of a penalty; `Some(false)` if one of them has no
/// number, but amount and currency are equal; `None` if they do not match.
fn is_named(penalty: &Record, debt: &Record) -> Option<bool> {
    let number = "invoice_number";
    if let Some((one, other)) = penalty.reference(number).zip(debt.reference(number)) {
        return is_same(one, other).then_some(true);
    }
    let is_alike = amount(penalty, Role::Penalties)? == amount(debt, Role::Debt)?
        && penalty.currency_text() == debt.currency_text();
    is_alike.then_some(false)
}

/// Penalties settled by another booking: they are deducted from its payout, not from this one's.
pub(super) fn settled_elsewhere(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::over(facts, &[Role::Penalties]);
    let mut unknown = 0;
    for (at, row) in placed(facts.booking, Role::Penalties) {
        match row.reference("settled_booking") {
            Some(other) if !is_same(other, &facts.booking.reference) => {
                let penalty = described(facts.booking, at);
                let one = format!("{penalty} was settled by booking {}", other.shown());
                tally.find_other(one, at, facts, other);
            }
            Some(_) => {}
            None => unknown += usize::from(has_status(row, &["settled"]) == Some(true)),
        }
    }
    tally.miss(unknown, "the status settled, but no settling booking");
    tally.outcome()
}

/// Rows that name another booking but are in this booking's sums. A debt reference with another
/// prefix is not a booking; it may name a customer.
pub(super) fn own_booking(facts: &Facts<'_>) -> Outcome {
    let mut tally = Tally::default();
    let own = &facts.booking.reference;
    let is_booking = |role: Role, named: &Untrusted| {
        let [named, own] =
            [named, own].map(|it| prefix(it.expose_raw().trim()).unwrap_or_default());
        role != Role::Debt || named.eq_ignore_ascii_case(own)
    };
    for (at, row) in SECTIONS.iter().flat_map(|kind| placed(facts.booking, kind.role)) {
        let other = row.booking().filter(|named| !is_same(named, own));
        if let Some(other) = other.filter(|named| is_booking(at.role, named)) {
            let row = described(facts.booking, at);
            tally.find_other(format!("{row} names booking {}", other.shown()), at, facts, other);
        }
    }
    tally.outcome()
}
