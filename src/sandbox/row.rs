//! The rows of the five lists, each with a table of its columns, from which filters and JSON are derived.

use std::fmt;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::account::{Account, Currency};
use super::calendar::stamp_text;

pub(super) type Column<R> = (&'static str, fn(&R) -> Value);

pub(super) trait Row: Send + Sync + 'static {
    const COLUMNS: &'static [Column<Self>];
}

fn text(value: impl fmt::Display) -> Value {
    value.to_string().into()
}

fn time(at: Option<NaiveDateTime>) -> Value {
    at.map(stamp_text).into()
}

fn closed_as(column: &str, status: &str, closed: Option<NaiveDateTime>) -> Value {
    time(closed.filter(|_| status == column))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reference(pub(super) u32);

impl Reference {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let reference = Self(text.strip_prefix("BK")?.parse().ok()?);
        (reference.to_string() == text).then_some(reference)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "BK{:06}", self.0)
    }
}

/// An id, formatted as a version 4 UUID. Its bits depend on the seed, so it is the same in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) u128);

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, two, three) = (self.0 >> 96, self.0 >> 80 & 0xffff, self.0 >> 64 & 0xfff);
        let (four, five) = (self.0 >> 48 & 0x3fff | 0x8000, self.0 & 0xffff_ffff_ffff);
        write!(out, "{one:08x}-{two:04x}-4{three:03x}-{four:04x}-{five:012x}")
    }
}

impl Id {
    fn link(self, tail: &str) -> Value {
        format!("https://valora.spotahome.com/documents/{self}{tail}").into()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) series: &'static str,
    pub(super) year: i32,
    pub(super) count: u32,
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}-{}-{:06}", self.series, self.year, self.count)
    }
}

#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) booking: Reference,
    pub(super) account: Arc<Account>,
    pub(super) kind: &'static str,
    pub(super) amount: i64,
    pub(super) issued_on: NaiveDate,
    pub(super) currency: Currency,
}

impl Row for Transaction {
    const COLUMNS: &'static [Column<Self>] = &[
        ("booking_id", |row| text(row.booking)),
        ("beneficiary", |row| row.account.holder.into()),
        ("type", |row| row.kind.into()),
        ("action", |_| "paid".into()),
        ("bank_account", |row| text(&row.account.iban)),
        ("amount", |row| row.amount.into()),
        ("issued_on", |row| text(row.issued_on)),
        ("currency", |row| row.currency.code.into()),
    ];
}

#[derive(Debug)]
pub(super) struct Scheduled {
    pub(super) id: Id,
    pub(super) booking: Reference,
    pub(super) account: Arc<Account>,
    pub(super) status: &'static str,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) due: NaiveDate,
}

impl Row for Scheduled {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| text(row.id)),
        ("booking_id", |row| text(row.booking)),
        ("type", |_| "Transfer".into()),
        ("account_name", |row| row.account.holder.into()),
        ("beneficiary", |row| row.account.holder.into()),
        ("iban", |row| {
            (!row.status.ends_with("missing_iban")).then(|| row.account.iban.clone()).into()
        }),
        ("status", |row| row.status.into()),
        ("amount", |row| row.amount.into()),
        ("currency", |row| row.currency.code.into()),
        ("due_date", |row| text(row.due)),
        ("notes", |row| match row.status {
            "blocked" => "Waiting for the outcome of a complaint by the tenant.".into(),
            "delayed" => "The transfer is being retried.".into(),
            _ => Value::Null,
        }),
    ];
}

#[derive(Debug)]
pub(super) struct Invoice {
    pub(super) id: Id,
    pub(super) booking: Reference,
    pub(super) number: Number,
    pub(super) account: Arc<Account>,
    pub(super) issued_on: NaiveDate,
    pub(super) net: i64,
    pub(super) gross: i64,
    pub(super) currency: Currency,
    pub(super) original: Option<Number>,
}

impl Invoice {
    pub(super) fn is_credit(&self) -> bool {
        self.original.is_some()
    }
}

impl Row for Invoice {
    const COLUMNS: &'static [Column<Self>] = &[
        ("document_id", |row| text(row.id)),
        ("doc_type", |row| if row.is_credit() { "Credit Note" } else { "Invoice" }.into()),
        ("doc_number", |row| text(row.number)),
        ("booking_id", |row| text(row.booking)),
        ("invoice_to", |row| row.account.holder.into()),
        ("issue_date", |row| text(row.issued_on)),
        ("amount_net", |row| row.net.into()),
        ("amount_gross", |row| row.gross.into()),
        ("currency", |row| row.currency.code.into()),
        ("original_document", |row| row.original.map(text).into()),
        ("link_view", |row| row.id.link("")),
        ("link_download", |row| row.id.link("/download")),
    ];
}

#[derive(Debug)]
pub(super) struct Penalty {
    pub(super) id: Id,
    pub(super) booking: Reference,
    pub(super) status: &'static str,
    /// A penalty without a number has no document and no fixed amount in euros.
    pub(super) number: Option<Number>,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) due: Option<NaiveDate>,
    pub(super) cancelled_on: Option<NaiveDate>,
    pub(super) settled: Option<Settlement>,
    pub(super) notified: Option<NaiveDateTime>,
    pub(super) closed: Option<NaiveDateTime>,
}

/// The booking whose payout a penalty was deducted from, and the rest of that payout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settlement {
    pub(super) booking: Reference,
    pub(super) original: i64,
    pub(super) left: i64,
}

impl Row for Penalty {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| text(row.id)),
        ("booking_id", |row| text(row.booking)),
        ("status", |row| row.status.into()),
        ("invoice_number", |row| row.number.map(text).into()),
        ("amount", |row| row.amount.into()),
        ("amount_eur", |row| row.number.map(|_| row.currency.to_eur(row.amount)).into()),
        ("rate_to_eur", |row| row.number.map(|_| row.currency.rate_text()).into()),
        ("currency", |row| row.currency.code.into()),
        ("due_date", |row| row.due.map(text).into()),
        ("cancelled_on", |row| row.cancelled_on.map(text).into()),
        ("link_view", |row| row.number.map(|_| row.id.link("")).into()),
        ("link_download", |row| row.number.map(|_| row.id.link("/download")).into()),
        ("settled_booking", |row| row.settled.map(|settled| text(settled.booking)).into()),
        ("original_booking_amount", |row| row.settled.map(|settled| settled.original).into()),
        ("final_amount", |row| row.settled.map(|settled| settled.left).into()),
        ("timestamp_notify", |row| time(row.notified)),
        ("timestamp_paid", |row| closed_as("paid", row.status, row.closed)),
        ("timestamp_waived", |row| closed_as("waived", row.status, row.closed)),
        ("timestamp_settled", |row| closed_as("settled", row.status, row.closed)),
    ];
}

#[derive(Debug)]
pub(super) struct Debt {
    pub(super) id: Id,
    /// A booking's reference, or the customer's own for a debt without a booking.
    pub(super) reference: String,
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    pub(super) invoice: Option<Number>,
    pub(super) amount: i64,
    pub(super) paid: i64,
    pub(super) currency: Currency,
    pub(super) due: NaiveDate,
    pub(super) created: NaiveDateTime,
    pub(super) closed: Option<NaiveDateTime>,
}

impl Debt {
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status, "pending" | "overdue")
    }
}

impl Row for Debt {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| text(row.id)),
        ("reference_id", |row| text(&row.reference)),
        ("status", |row| row.status.into()),
        ("debt_type", |row| row.kind.into()),
        ("invoice_number", |row| row.invoice.map(text).into()),
        ("amount", |row| row.amount.into()),
        ("amount_eur", |row| row.currency.to_eur(row.amount).into()),
        ("amount_paid", |row| row.paid.into()),
        ("amount_remaining", |row| if row.is_open() { row.amount - row.paid } else { 0 }.into()),
        ("currency", |row| row.currency.code.into()),
        ("due_date", |row| text(row.due)),
        ("created_at", |row| time(Some(row.created))),
        ("timestamp_paid", |row| closed_as("paid", row.status, row.closed)),
        ("timestamp_settled", |row| closed_as("settled", row.status, row.closed)),
        ("timestamp_written_off", |row| closed_as("written_off", row.status, row.closed)),
        ("timestamp_voided", |row| closed_as("voided", row.status, row.closed)),
    ];
}
