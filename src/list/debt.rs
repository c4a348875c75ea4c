//! Open and closed debt (contract, "GET /debtors").

use crate::list::filter::Filter;
use crate::list::{ChartBy, Derived, Field, Kind, Spec};

pub const STATUSES: &[&str] = &["pending", "overdue", "paid", "settled", "written_off", "voided"];

pub const TYPES: &[&str] =
    &["invoices_not_paid", "transfers_badly_made", "security_deposit_conflict", "other"];

/// Its filters are documented, its fields are inferred.
pub static SPEC: Spec = Spec {
    key: "debt",
    title: "Debt",
    path: "debtors",
    booking: "reference_id",
    identity: &["id"],
    fields: &[
        Field::new("reference_id", "Reference", Kind::Booking)
            .also_named(&["booking_id"])
            .column(0),
        Field::new("due_date", "Due", Kind::Date).column(1),
        Field::new("status", "Status", Kind::Word(STATUSES)).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("debt_type", "Type", Kind::Word(TYPES)).column(2),
        Field::new("invoice_number", "Invoice", Kind::Text).text_column(5, 16, 24),
        Field::new("amount_eur", "In EUR", Kind::MinorEur).column(3),
        Field::new("remaining_amount", "Remaining", Kind::Minor)
            .also_named(&["amount_remaining"])
            .column(2),
        Field::new("paid_amount", "Paid", Kind::Minor).also_named(&["amount_paid"]).column(6),
        Field::new("rate_to_eur", "Rate to EUR", Kind::Decimal),
        Field::new("timestamp_paid", "Paid on", Kind::Timestamp),
        Field::new("timestamp_settled", "Settled on", Kind::Timestamp),
        Field::new("timestamp_written_off", "Written off on", Kind::Timestamp),
        Field::new("timestamp_voided", "Voided on", Kind::Timestamp),
        Field::new("created_at", "Created on", Kind::Timestamp),
        Field::new("link_view", "View", Kind::Link),
        Field::new("link_download", "Download", Kind::Link),
        Field::new("id", "Id", Kind::Text),
    ],
    derived: &[
        Derived::days_overdue("due_date", &["paid", "settled", "written_off", "voided"]),
        Derived::owner("reference_id"),
    ],
    filters: &[
        Filter::search(&["reference_id", "invoice_number"]),
        Filter::one_of("status", "Status", &["status"], STATUSES),
        Filter::one_of("debt_type", "Type", &["debt_type"], TYPES),
        Filter::exact("reference_id", "Reference", &["reference_id"]),
        Filter::date("due_date_from", "Due from", &["due_date"]).from("due"),
        Filter::date("due_date_to", "Due to", &["due_date"]).to("due"),
        Filter::amount("amount_from", "Amount from", &["amount"]).from("amount"),
        Filter::amount("amount_to", "Amount to", &["amount"]).to("amount"),
    ],
    tracked: &[
        "status",
        "amount",
        "currency",
        "due_date",
        "remaining_amount",
        "paid_amount",
        "timestamp_paid",
        "timestamp_settled",
        "timestamp_written_off",
        "timestamp_voided",
    ],
    charts: &[ChartBy::Age],
    sample: r#"[{
        "id": "debt-1", "reference_id": "BK123456", "status": "overdue",
        "debt_type": "invoices_not_paid", "invoice_number": "INV-2025-0001", "amount": 12100,
        "amount_eur": 12100, "currency": "EUR", "due_date": "2025-10-28",
        "remaining_amount": 12100, "paid_amount": 0
    }]"#,
    ..Spec::UNKNOWN
};
