//! The rows of the five lists: compact structs, and for each a table of its columns from which
//! filtering and the JSON both follow. Fields that the contract only infers are given too.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::account::Account;
use super::calendar::stamp_text;
use super::json::Cell;
use super::money::Currency;

/// A column: the field's name in the API and how a row tells its value.
pub(super) type Column<R> = (&'static str, for<'a> fn(&'a R) -> Cell<'a>);

/// A row that knows its columns, in the order of the documented example.
pub(super) trait Row: Send + Sync + 'static {
    const COLUMNS: &'static [Column<Self>];
}

/// A booking's reference, `BK` and six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Reference([u8; 8]);

impl Reference {
    /// The reference of a number below 1,000,000.
    pub(super) fn numbered(number: u32) -> Self {
        let text = format!("BK{:06}", number % 1_000_000);
        Self(text.as_bytes().try_into().unwrap_or(*b"BK000000"))
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn cell(&self) -> Cell<'_> {
        Cell::text(self.as_str())
    }
}

/// A unique identifier, shown as a version 4 UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) u128);

impl Id {
    pub(super) fn text(self) -> String {
        let bits = (self.0 & !(0xf << 76) & !(0b11 << 62)) | (4 << 76) | (0b10 << 62);
        let hex = format!("{bits:032x}");
        let mut parts = [8, 4, 4, 4, 12].into_iter();
        let mut left = parts.next().unwrap_or_default();
        let mut text = String::with_capacity(36);
        for digit in hex.chars() {
            if left == 0 {
                text.push('-');
                left = parts.next().unwrap_or_default();
            }
            text.push(digit);
            left -= 1;
        }
        text
    }

    fn cell(self) -> Cell<'static> {
        Cell::Text(self.text().into())
    }

    fn link(self, tail: &str) -> Cell<'static> {
        Cell::Text(format!("https://valora.spotahome.com/documents/{}{tail}", self.text()).into())
    }
}

/// The number of a document within its year, such as `INV-2025-000123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) series: &'static str,
    pub(super) year: i32,
    pub(super) count: u32,
}

impl Number {
    pub(super) fn new(series: &'static str, on: NaiveDate, count: u32) -> Self {
        Self { series, year: on.year(), count }
    }

    pub(super) fn text(self) -> String {
        format!("{}-{}-{:06}", self.series, self.year, self.count)
    }

    fn cell(self) -> Cell<'static> {
        Cell::Text(self.text().into())
    }
}

fn time(at: Option<NaiveDateTime>) -> Cell<'static> {
    Cell::maybe(at, |at| Cell::Text(stamp_text(at).into()))
}

/// A completed payout (`GET /transactions`).
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
        ("booking_id", |row| row.booking.cell()),
        ("beneficiary", |row| Cell::text(row.account.holder)),
        ("type", |row| Cell::text(row.kind)),
        ("action", |_| Cell::text("paid")),
        ("bank_account", |row| Cell::text(&row.account.iban)),
        ("amount", |row| Cell::Minor(row.amount)),
        ("issued_on", |row| Cell::Date(row.issued_on)),
        ("currency", |row| Cell::text(row.currency.code())),
    ];
}

/// A payout that is still to come (`GET /transactions/scheduled`).
#[derive(Debug)]
pub(super) struct Scheduled {
    pub(super) id: Id,
    pub(super) booking: Reference,
    pub(super) account: Arc<Account>,
    pub(super) status: &'static str,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) due: NaiveDate,
    pub(super) notes: Option<&'static str>,
}

impl Row for Scheduled {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| row.id.cell()),
        ("booking_id", |row| row.booking.cell()),
        ("type", |_| Cell::text("Transfer")),
        ("account_name", |row| Cell::text(row.account.holder)),
        ("beneficiary", |row| Cell::text(row.account.holder)),
        ("iban", |row| {
            if row.status.ends_with("missing_iban") {
                Cell::Null
            } else {
                Cell::text(&row.account.iban)
            }
        }),
        ("status", |row| Cell::text(row.status)),
        ("amount", |row| Cell::Minor(row.amount)),
        ("currency", |row| Cell::text(row.currency.code())),
        ("due_date", |row| Cell::Date(row.due)),
        ("notes", |row| Cell::maybe(row.notes, Cell::text)),
    ];
}

/// An invoice or a credit note (`GET /invoices`); a credit note's amounts are positive.
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
    /// The invoice that a credit note takes back.
    pub(super) original: Option<Number>,
}

impl Invoice {
    /// Whether this is a credit note.
    pub(super) fn is_credit(&self) -> bool {
        self.original.is_some()
    }
}

impl Row for Invoice {
    const COLUMNS: &'static [Column<Self>] = &[
        ("document_id", |row| row.id.cell()),
        ("doc_type", |row| Cell::text(if row.is_credit() { "Credit Note" } else { "Invoice" })),
        ("doc_number", |row| row.number.cell()),
        ("booking_id", |row| row.booking.cell()),
        ("invoice_to", |row| Cell::text(row.account.holder)),
        ("issue_date", |row| Cell::Date(row.issued_on)),
        ("amount_net", |row| Cell::Minor(row.net)),
        ("amount_gross", |row| Cell::Minor(row.gross)),
        ("currency", |row| Cell::text(row.currency.code())),
        ("original_document", |row| Cell::maybe(row.original, Number::cell)),
        ("link_view", |row| row.id.link("")),
        ("link_download", |row| row.id.link("/download")),
    ];
}

/// A penalty (`GET /penalties`).
#[derive(Debug)]
pub(super) struct Penalty {
    pub(super) id: Id,
    pub(super) booking: Reference,
    pub(super) status: &'static str,
    pub(super) number: Option<Number>,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) due: Option<NaiveDate>,
    pub(super) cancelled_on: Option<NaiveDate>,
    pub(super) settled: Option<Settlement>,
    pub(super) notified: Option<NaiveDateTime>,
    pub(super) paid: Option<NaiveDateTime>,
    pub(super) waived: Option<NaiveDateTime>,
    pub(super) settled_at: Option<NaiveDateTime>,
}

/// From which booking's payout a penalty was taken, and what was left of that payout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settlement {
    pub(super) booking: Reference,
    pub(super) original: i64,
    pub(super) left: i64,
}

impl Penalty {
    /// Until a penalty is numbered it has no document, and the euro amount is not fixed.
    fn numbered(&self) -> Option<&Self> {
        self.number.map(|_| self)
    }
}

impl Row for Penalty {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| row.id.cell()),
        ("booking_id", |row| row.booking.cell()),
        ("status", |row| Cell::text(row.status)),
        ("invoice_number", |row| Cell::maybe(row.number, Number::cell)),
        ("amount", |row| Cell::Minor(row.amount)),
        ("amount_eur", |row| {
            Cell::maybe(row.numbered(), |row| Cell::Minor(row.currency.to_eur(row.amount)))
        }),
        ("rate_to_eur", |row| {
            Cell::maybe(row.numbered(), |row| Cell::Text(row.currency.rate_text().into()))
        }),
        ("currency", |row| Cell::text(row.currency.code())),
        ("due_date", |row| Cell::maybe(row.due, Cell::Date)),
        ("cancelled_on", |row| Cell::maybe(row.cancelled_on, Cell::Date)),
        ("link_view", |row| Cell::maybe(row.numbered(), |row| row.id.link(""))),
        ("link_download", |row| Cell::maybe(row.numbered(), |row| row.id.link("/download"))),
        ("settled_booking", |row| Cell::maybe(row.settled.as_ref(), |s| s.booking.cell())),
        ("original_booking_amount", |row| Cell::maybe(row.settled, |s| Cell::Minor(s.original))),
        ("final_amount", |row| Cell::maybe(row.settled, |s| Cell::Minor(s.left))),
        ("timestamp_notify", |row| time(row.notified)),
        ("timestamp_paid", |row| time(row.paid)),
        ("timestamp_waived", |row| time(row.waived)),
        ("timestamp_settled", |row| time(row.settled_at)),
    ];
}

/// A debt record (`GET /debtors`).
#[derive(Debug)]
pub(super) struct Debt {
    pub(super) id: Id,
    /// A booking's reference, or the customer's own where no booking is behind the debt.
    pub(super) reference: String,
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    pub(super) invoice: Option<Number>,
    pub(super) amount: i64,
    pub(super) paid: i64,
    pub(super) currency: Currency,
    pub(super) due: NaiveDate,
    pub(super) created: NaiveDateTime,
    /// When it was paid, settled, written off or voided.
    pub(super) closed: Option<NaiveDateTime>,
}

impl Debt {
    /// Whether the debt still blocks payouts.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.status, "pending" | "overdue")
    }

    fn closed_as(&self, status: &str) -> Cell<'static> {
        time(self.closed.filter(|_| self.status == status))
    }
}

impl Row for Debt {
    const COLUMNS: &'static [Column<Self>] = &[
        ("id", |row| row.id.cell()),
        ("reference_id", |row| Cell::text(&row.reference)),
        ("status", |row| Cell::text(row.status)),
        ("debt_type", |row| Cell::text(row.kind)),
        ("invoice_number", |row| Cell::maybe(row.invoice, Number::cell)),
        ("amount", |row| Cell::Minor(row.amount)),
        ("amount_eur", |row| Cell::Minor(row.currency.to_eur(row.amount))),
        ("amount_paid", |row| Cell::Minor(row.paid)),
        ("amount_remaining", |row| {
            Cell::Minor(if row.is_open() { row.amount - row.paid } else { 0 })
        }),
        ("currency", |row| Cell::text(row.currency.code())),
        ("due_date", |row| Cell::Date(row.due)),
        ("created_at", |row| time(Some(row.created))),
        ("timestamp_paid", |row| row.closed_as("paid")),
        ("timestamp_settled", |row| row.closed_as("settled")),
        ("timestamp_written_off", |row| row.closed_as("written_off")),
        ("timestamp_voided", |row| row.closed_as("voided")),
    ];
}
