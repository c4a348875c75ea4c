//! A row of a booking: its position, its name in a sentence, and lenient readers for its fields.

use chrono::NaiveDate;

use super::{Conciliation, Role};
use crate::domain::money::counted;
use crate::domain::normalize::is_same_word;
use crate::domain::text::Untrusted;
use crate::list::record::{Record, Value};

/// The most references that a sentence names.
const MOST_NAMED: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowAt {
    pub role: Role,
    pub row: usize,
}

pub(super) fn placed(
    booking: &Conciliation,
    role: Role,
) -> impl Iterator<Item = (RowAt, &Record)> + Clone {
    booking.rows(role).iter().enumerate().map(move |(row, record)| (RowAt { role, row }, record))
}

pub(super) fn rows_label(rows: usize) -> String {
    counted(rows as u64, "row")
}

pub(super) fn rows_have(rows: usize, what: &str) -> String {
    let verb = if rows == 1 { "has" } else { "have" };
    format!("{} {verb} {what}", rows_label(rows))
}

pub(super) fn is_set(record: &Record, field: &str) -> bool {
    match record.value(field) {
        Value::Missing | Value::Null => false,
        Value::Text(text) => !text.expose_raw().trim().is_empty(),
        Value::Flag(flag) => *flag,
        Value::Odd(_) | Value::Decimal(_) | Value::Minor(_) | Value::Date(_) => true,
    }
}

/// `cancelled 2026-02-09`, or without the date if the row has only a flag.
pub(super) fn cancelled(row: &Record) -> Option<String> {
    match row.value("cancelled_on") {
        Value::Flag(true) => Some("cancelled".to_owned()),
        value => value.date().map(|day| format!("cancelled {day}")),
    }
}

/// Returns `true` if the status is one of these words; `None` if the row has no status.
pub(super) fn has_status(record: &Record, words: &[&str]) -> Option<bool> {
    let status = record.text("status")?.expose_raw().trim();
    Some(words.iter().any(|word| is_same_word(word, status)))
}

/// Returns `true` if two numbers or references are equal except for outer space and letter case.
pub fn is_same(one: &Untrusted, other: &Untrusted) -> bool {
    let (one, other) = (one.expose_raw().trim(), other.expose_raw().trim());
    one.eq_ignore_ascii_case(other)
}

/// The words for these bookings, and their first few references without duplicates:
/// `other bookings` and `BK1, BK2, BK3 and 4 more`. `None` if there are no bookings.
pub(super) fn other_bookings<'a>(
    bookings: impl Iterator<Item = &'a Untrusted>,
) -> Option<(&'static str, String)> {
    let mut all: Vec<&Untrusted> = Vec::new();
    for one in bookings {
        if !all.iter().any(|known| is_same(known, one)) {
            all.push(one);
        }
    }
    let shown: Vec<_> = all.iter().take(MOST_NAMED).map(|one| one.shown()).collect();
    let references = match all.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    };
    let words = if all.len() == 1 { "another booking" } else { "other bookings" };
    (!all.is_empty()).then_some((words, references))
}

/// A key for which equality is the same as [`is_same`].
pub(super) fn key_of(text: &Untrusted) -> String {
    text.expose_raw().trim().to_ascii_lowercase()
}

/// The name of a row: the number of its document, else its id; for a payout, its type.
pub(super) fn name(record: &Record, role: Role) -> Option<&Untrusted> {
    let fields = match role {
        Role::Invoices | Role::CreditNotes => ["doc_number", "document_id"],
        Role::Penalties | Role::Debt => ["invoice_number", "id"],
        Role::Transactions => ["type", "beneficiary"],
    };
    fields.iter().find_map(|field| record.reference(field))
}

/// The date of a row: issued, or due. For a penalty without a due date, when it was notified.
pub(super) fn dated(record: &Record, role: Role) -> Option<NaiveDate> {
    match role {
        Role::Invoices | Role::CreditNotes => record.date("issue_date"),
        Role::Penalties => record.date("due_date").or_else(|| record.date("timestamp_notify")),
        Role::Debt => record.date("due_date"),
        Role::Transactions => record.date("issued_on"),
    }
}

/// The amount that the section's total sums, in minor units.
pub(super) fn amount(record: &Record, role: Role) -> Option<i128> {
    record.minor(role.kind().spec.amount()).map(|minor| signed(record, role, minor.into()))
}

/// A credit note counts as negative, whichever sign the server sends.
pub(super) fn signed(record: &Record, role: Role, minor: i128) -> i128 {
    let is_credit_note =
        role == Role::CreditNotes || (role == Role::Invoices && record.takes_back());
    if is_credit_note { -minor.abs() } else { minor }
}

/// A row in a sentence, printable: `INV-2025-000012 (EUR 245.03, 2026-01-02)`.
pub(super) fn described(booking: &Conciliation, at: RowAt) -> String {
    let Some(record) = booking.row(at) else { return String::new() };
    let named = name(record, at.role).map_or_else(|| "a row".into(), Untrusted::shown);
    let money = record.money(at.role.kind().spec.amount());
    let day = dated(record, at.role).map(|day| day.to_string());
    let details = money.into_iter().chain(day).collect::<Vec<_>>().join(", ");
    if details.is_empty() { named.into_owned() } else { format!("{named} ({details})") }
}
