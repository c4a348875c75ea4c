//! The rows and totals of a booking. [`Special`] describes the changes to special bookings.

use serde_json::Value;

use super::database::{Database, to_object};
use super::ground_truth::Special;
use super::hostile::touch;
use super::json::{Node, Object, object};
use super::reply::HttpReply;
use super::row::{Debt, Invoice, Penalty, Reference, Row, Transaction};
use super::shape::Shape;

pub(super) fn booking(
    database: &Database,
    text: &str,
    hostile: Option<u64>,
    shape: Shape,
) -> HttpReply {
    let found = Reference::parse(text).and_then(|it| database.bookings.get_key_value(&it));
    match found {
        Some((own, special)) => {
            HttpReply::json(200, &shape.booking(body(database, *own, *special, hostile)))
        }
        None => HttpReply::message(404, "No data found for the given booking."),
    }
}

fn select<R>(rows: &[R], belongs: impl Fn(&R) -> bool) -> Vec<(usize, &R)> {
    rows.iter().enumerate().filter(|(_, row)| belongs(row)).collect()
}

fn sum<'a, R: 'a>(rows: &[(usize, &'a R)], amount: impl Fn(&R) -> i64) -> i64 {
    rows.iter().map(|(_, row)| amount(row)).sum()
}

fn objects<R: Row>(list: &str, rows: &[(usize, &R)], hostile: Option<u64>) -> Vec<Object> {
    let row = |(place, row): &(usize, &R)| touch(hostile, list, *place, to_object(*row));
    rows.iter().map(row).collect()
}

/// The rows of one booking, with their positions in the database.
struct Parts<'a> {
    invoices: Vec<(usize, &'a Invoice)>,
    credit_notes: Vec<(usize, &'a Invoice)>,
    penalties: Vec<(usize, &'a Penalty)>,
    debts: Vec<(usize, &'a Debt)>,
    transactions: Vec<(usize, &'a Transaction)>,
}

impl<'a> Parts<'a> {
    fn of(database: &'a Database, own: Reference) -> Self {
        let reference = own.to_string();
        Self {
            invoices: select(&database.invoices, |row| row.booking == own && !row.is_credit()),
            credit_notes: select(&database.invoices, |row| row.booking == own && row.is_credit()),
            penalties: select(&database.penalties, |row| row.booking == own),
            debts: select(&database.debts, |row| row.reference == reference),
            transactions: select(&database.transactions, |row| row.booking == own),
        }
    }

    fn totals(&self, special: Option<Special>) -> Object {
        let payouts = (0..).zip(&self.transactions);
        let made = payouts.map(|(nth, (_, row))| counted(special, nth, row.amount));
        object! {
            "transactions": self.transactions.len(),
            "transactions_made": made.sum::<i64>(),
            "invoices_gross": sum(&self.invoices, |row| row.gross),
            "credit_notes_gross": sum(&self.credit_notes, |row| row.gross),
            "penalties_gross": sum(&self.penalties, |row| match special {
                Some(Special::TotalWithoutWaived) if row.status == "waived" => 0,
                Some(Special::TotalWithoutCancelled) if row.cancelled_on.is_some() => 0,
                _ => row.amount,
            }),
            "debt": sum(&self.debts, |row| match special {
                Some(Special::TotalOnlyOpenDebt) if !row.is_open() => 0,
                _ => row.amount,
            }),
        }
    }
}

fn body(
    database: &Database,
    own: Reference,
    special: Option<Special>,
    hostile: Option<u64>,
) -> Object {
    let is = |kind: Special| special == Some(kind);
    let parts = Parts::of(database, own);
    let mut invoices = objects("invoices", &parts.invoices, hostile);
    let mut transactions = objects("transactions", &parts.transactions, hostile);
    if is(Special::AmountAsString) {
        amounts_as_strings(&mut invoices);
        amounts_as_strings(&mut transactions);
    }
    let credit_notes = Node::List(objects("invoices", &parts.credit_notes, hostile));
    let penalties = Node::List(objects("penalties", &parts.penalties, hostile));
    let debts = Node::List(objects("debtors", &parts.debts, hostile));
    let transactions = Node::List(transactions);

    let mut invoicing = object! {"invoices": Node::List(invoices)};
    let mut moved = object! {"credit_notes": credit_notes};
    if !is(Special::SectionMoved) {
        invoicing.0.append(&mut moved.0);
    }
    let totals = parts.totals(special);
    let mut body = object! {"reference": own.to_string(), "totals": totals, "invoicing": invoicing};
    body.0.append(&mut moved.0);
    if !is(Special::SectionMissing) {
        body.0.push(("penalties".into(), penalties));
    }
    body.0.push(match special {
        Some(Special::SectionNull) => ("debt".into(), Value::Null.into()),
        Some(Special::SectionRenamed) => ("debtors".into(), debts),
        _ => ("debt".into(), debts),
    });
    body.0.push(match special {
        Some(Special::SectionObject) => {
            ("transactions".into(), object! {"data": transactions}.into())
        }
        _ => ("transactions".into(), transactions),
    });
    body
}

/// The amount that the nth transaction adds to `transactions_made`: its own, unless the booking is
/// special.
fn counted(special: Option<Special>, nth: usize, amount: i64) -> i64 {
    match (special, nth) {
        (Some(Special::OutByOneRow), 1) | (Some(Special::OutInTwoRows), 1 | 2) => 0,
        (Some(Special::CountedTwice), 1) => amount * 2,
        (Some(Special::SignTurned), 1) => -amount,
        (Some(Special::DigitsSwapped), 1) => digits_swapped(amount),
        _ => amount,
    }
}

/// The amount with the first two different neighboring digits after the leading one swapped.
fn digits_swapped(amount: i64) -> i64 {
    let mut digits = amount.to_string().into_bytes();
    let differ = digits.windows(2).skip(1).position(|pair| pair.first() != pair.last());
    if let Some(place) = differ {
        digits.swap(place + 1, place + 2);
    }
    String::from_utf8_lossy(&digits).parse().unwrap_or(amount)
}

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
