//! Scheduled payments and the reasons that hold them up (contract, "GET /transactions/scheduled").

use crate::domain::normalize::is_same_word;
use crate::list::filter::Filter;
use crate::list::record::Record;
use crate::list::{ChartBy, Derived, Field, Kind, Spec};

pub const STATUSES: &[&str] = &[
    "upcoming",
    "delayed",
    "blocked",
    "missing_iban",
    "missing_details",
    "has_debt",
    "blocked_missing_details",
    "blocked_missing_iban",
    "blocked_account_debtor",
];

/// The reasons that hold up payouts and their statuses, starting with those that a customer can resolve.
/// The contract does not explain `blocked` alone.
const REASONS: [(&str, &[&str]); 6] = [
    ("needs IBAN", &["missing_iban", "blocked_missing_iban"]),
    ("needs account details", &["missing_details", "blocked_missing_details"]),
    (BLOCKED_BY_DEBT, &["has_debt", "blocked_account_debtor"]),
    ("blocked, reason unknown", &["blocked"]),
    ("other", &[]),
    ("delayed", &["delayed"]),
];
const BLOCKED_BY_DEBT: &str = "blocked by debt";
/// The position of the reason `delayed`, the only one that ends by itself.
pub const DELAYED: usize = REASONS.len() - 1;

/// The position in `REASONS` of the reason that holds up a payout; `None` if it is not held up. An unknown
/// status counts as `other`, so that no payout is missed.
pub fn reason(record: &Record) -> Option<usize> {
    let is = |word: &str| record.status().is_some_and(|status| is_same_word(word, status));
    if is("upcoming") {
        return None;
    }
    let known = REASONS.iter().position(|(_, statuses)| statuses.iter().any(|word| is(word)));
    known.or_else(|| REASONS.iter().position(|(_, statuses)| statuses.is_empty()))
}

pub fn reason_in_words(reason: usize) -> &'static str {
    REASONS.get(reason).map_or("", |(words, _)| words)
}

pub fn is_blocked_by_debt(record: &Record) -> bool {
    record.spec().is(&SPEC) && reason(record).map(reason_in_words) == Some(BLOCKED_BY_DEBT)
}

/// Its filters are documented, its fields are inferred.
pub static SPEC: Spec = Spec {
    key: "scheduled",
    title: "Scheduled",
    path: "transactions/scheduled",
    identity: &["id"],
    fields: &[
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("due_date", "Due", Kind::Date).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("status", "Status", Kind::Word(STATUSES)).column(1),
        Field::new("account_name", "Account", Kind::Text).text_column(2, 12, 40),
        Field::new("iban", "IBAN", Kind::Text).also_named(&["bank_account"]).text_column(3, 24, 34),
        Field::new("type", "Type", Kind::Text).text_column(6, 8, 16),
        Field::new("beneficiary", "Beneficiary", Kind::Text),
        Field::new("notes", "Notes", Kind::Text).text_column(5, 12, 40),
        Field::new("id", "Id", Kind::Text),
    ],
    derived: &[Derived::days_overdue("due_date", &[]), Derived::reason()],
    filters: &[
        Filter::exact("booking_id", "Booking", &["booking_id"]),
        Filter::one_of("status", "Status", &["status"], STATUSES),
        Filter::exact("currency", "Currency", &["currency"])
            .known(&["EUR", "USD"])
            .documented(&["EUR", "USD"]),
        Filter::date("due_date_from", "Due from", &["due_date"]).from("due"),
        Filter::date("due_date_to", "Due to", &["due_date"]).to("due"),
        Filter::amount("amount_from", "Amount from", &["amount"]).from("amount"),
        Filter::amount("amount_to", "Amount to", &["amount"]).to("amount"),
        Filter::search(&["booking_id", "account_name", "iban"]),
    ],
    tracked: &["status", "amount", "currency", "due_date"],
    charts: &[ChartBy::Week("due_date")],
    sample: r#"[{
        "id": "sch-1", "booking_id": "BK123456", "account_name": "John Smith",
        "iban": "ES9121000418450200051332", "status": "missing_iban", "amount": 80000,
        "currency": "EUR", "due_date": "2025-11-05", "type": "Transfer",
        "beneficiary": "John Smith", "notes": null
    }]"#,
    ..Spec::UNKNOWN
};
