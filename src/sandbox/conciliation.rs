//! `conciliation/booking`: one booking's rows and totals, spoiled where the booking is special.
//! The convention of the totals is stated at [`Special`].

use serde_json::Value;

use super::answer::Answer;
use super::hostile::Hostile;
use super::json::{Node, Object};
use super::known::Special;
use super::row::{Debt, Invoice, Penalty, Reference, Row, Transaction};
use super::store::{Store, to_object};

/// The rows of one booking; the numbers are their places in their lists.
struct Sections<'a> {
    invoices: Vec<(usize, &'a Invoice)>,
    credit_notes: Vec<(usize, &'a Invoice)>,
    penalties: Vec<(usize, &'a Penalty)>,
    debts: Vec<(usize, &'a Debt)>,
    transactions: Vec<(usize, &'a Transaction)>,
}

/// The whole answer for a reference.
pub(super) fn booking(store: &Store, reference: &str, hostile: Option<Hostile>) -> Answer {
    let found = store.bookings.iter().find(|(known, _)| known.as_str() == reference);
    let Some((reference, special)) = found else {
        return Answer::message(404, "No data found for the given booking.");
    };
    let sections = Sections::of(store, *reference);
    Answer::json(200, &sections.body(*reference, *special, hostile))
}

impl<'a> Sections<'a> {
    fn of(store: &'a Store, booking: Reference) -> Self {
        let documents = |credit: bool| {
            select(&store.invoices, |row| row.booking == booking && row.is_credit() == credit)
        };
        Self {
            invoices: documents(false),
            credit_notes: documents(true),
            penalties: select(&store.penalties, |row| row.booking == booking),
            debts: select(&store.debts, |row| row.reference == booking.as_str()),
            transactions: select(&store.transactions, |row| row.booking == booking),
        }
    }

    fn totals(&self, special: Option<Special>) -> Object {
        let gross = |rows: &[(usize, &Invoice)]| rows.iter().map(|(_, row)| row.gross).sum::<i64>();
        let made = self.transactions.iter().enumerate();
        let made = made.map(|(nth, (_, row))| counted(special, nth, row.amount)).sum::<i64>();
        let penalties = self.penalties.iter().filter(|(_, row)| match special {
            Some(Special::TotalWithoutWaived) => row.status != "waived",
            Some(Special::TotalWithoutCancelled) => row.cancelled_on.is_none(),
            _ => true,
        });
        let only_open = special == Some(Special::TotalOnlyOpenDebt);
        let debts = self.debts.iter().filter(|(_, row)| row.is_open() || !only_open);
        Object::default()
            .with("transactions", self.transactions.len())
            .with("transactions_made", made)
            .with("invoices_gross", gross(&self.invoices))
            .with("credit_notes_gross", gross(&self.credit_notes))
            .with("penalties_gross", penalties.map(|(_, row)| row.amount).sum::<i64>())
            .with("debt", debts.map(|(_, row)| row.amount).sum::<i64>())
    }

    fn body(
        &self,
        reference: Reference,
        special: Option<Special>,
        hostile: Option<Hostile>,
    ) -> Object {
        let is = |kind: Special| special == Some(kind);
        let mut invoices = objects("invoices", &self.invoices, hostile);
        let mut transactions = objects("transactions", &self.transactions, hostile);
        if is(Special::AmountAsString) {
            amounts_as_strings(&mut invoices);
            amounts_as_strings(&mut transactions);
        }
        let credit_notes = objects("invoices", &self.credit_notes, hostile);
        let mut invoicing = Object::default().with_rows("invoices", invoices);
        let mut body = Object::default()
            .with("reference", reference.as_str())
            .with_object("totals", self.totals(special));
        if is(Special::SectionMoved) {
            body = body.with_object("invoicing", invoicing).with_rows("credit_notes", credit_notes);
        } else {
            invoicing = invoicing.with_rows("credit_notes", credit_notes);
            body = body.with_object("invoicing", invoicing);
        }
        if !is(Special::SectionMissing) {
            body = body.with_rows("penalties", objects("penalties", &self.penalties, hostile));
        }
        let debts = objects("debtors", &self.debts, hostile);
        body = match special {
            Some(Special::SectionNull) => body.with("debt", Value::Null),
            Some(Special::SectionRenamed) => body.with_rows("debtors", debts),
            _ => body.with_rows("debt", debts),
        };
        if is(Special::SectionObject) {
            return body
                .with_object("transactions", Object::default().with_rows("data", transactions));
        }
        body.with_rows("transactions", transactions)
    }
}

fn select<R>(rows: &[R], belongs: impl Fn(&R) -> bool) -> Vec<(usize, &R)> {
    rows.iter().enumerate().filter(|(_, row)| belongs(row)).collect()
}

fn objects<R: Row>(list: &str, rows: &[(usize, &R)], hostile: Option<Hostile>) -> Vec<Object> {
    let row = |(place, row): &(usize, &R)| Hostile::touch(hostile, list, *place, to_object(*row));
    rows.iter().map(row).collect()
}

/// What the nth transaction adds to `transactions_made`; it should be its amount.
fn counted(special: Option<Special>, nth: usize, amount: i64) -> i64 {
    match (special, nth) {
        (Some(Special::OutByOneRow), 1) | (Some(Special::OutInTwoRows), 1 | 2) => 0,
        (Some(Special::CountedTwice), 1) => amount * 2,
        (Some(Special::SignTurned), 1) => -amount,
        (Some(Special::DigitsSwapped), 1) => digits_swapped(amount),
        _ => amount,
    }
}

/// The amount with the first two neighbouring digits that differ, the leading one apart, swapped.
fn digits_swapped(amount: i64) -> i64 {
    let mut digits = amount.to_string().into_bytes();
    let differ = digits.windows(2).skip(1).position(|pair| pair.first() != pair.last());
    if let Some(place) = differ {
        digits.swap(place + 1, place + 2);
    }
    String::from_utf8_lossy(&digits).parse().unwrap_or(amount)
}

/// Turns the amounts of the first row into strings.
fn amounts_as_strings(rows: &mut [Object]) {
    for (name, node) in rows.first_mut().into_iter().flat_map(|row| &mut row.0) {
        if let Node::Value(value) = node
            && name.starts_with("amount")
            && value.is_number()
        {
            *value = value.to_string().into();
        }
    }
}
