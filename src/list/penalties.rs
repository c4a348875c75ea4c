//! Penalties raised for cancelled bookings (contract, "GET /penalties").
//!
//! `cancelled_on` is shown but changes no figure: the API does not say whether the penalty or the
//! booking was cancelled. The status alone decides whether a penalty is open.

use crate::list::filter::Filter;
use crate::list::{ChartBy, Derived, Field, Kind, Spec};

pub const STATUSES: &[&str] = &["pending", "notify", "paid", "waived", "settled"];

pub static SPEC: Spec = Spec {
    key: "penalties",
    title: "Penalties",
    path: "penalties",
    order: "due date, latest first",
    latest_first: Some("due_date"),
    identity: &["id"],
    fields: &[
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("due_date", "Due", Kind::Date).column(1),
        Field::new("status", "Status", Kind::Word(STATUSES)).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("invoice_number", "Invoice", Kind::Text).text_column(2, 16, 24),
        Field::new("amount_eur", "In EUR", Kind::MinorEur).column(3),
        Field::new("settled_booking", "Settled by", Kind::Booking).column(4),
        Field::new("final_amount", "Final", Kind::Minor).column(5),
        Field::new("cancelled_on", "Cancelled", Kind::Date).column(6),
        Field::new("original_booking_amount", "Booking amount", Kind::Minor).column(7),
        Field::new("rate_to_eur", "Rate to EUR", Kind::Decimal),
        Field::new("timestamp_notify", "Notified", Kind::Timestamp),
        Field::new("timestamp_paid", "Paid", Kind::Timestamp),
        Field::new("timestamp_waived", "Waived", Kind::Timestamp),
        Field::new("timestamp_settled", "Settled", Kind::Timestamp),
        Field::new("link_view", "View", Kind::Link),
        Field::new("link_download", "Download", Kind::Link),
        Field::new("id", "Id", Kind::Text),
    ],
    derived: &[
        Derived::days_overdue("due_date", &["paid", "waived", "settled"]),
        Derived::owner("booking_id"),
    ],
    filters: &[
        Filter::search(&["booking_id", "invoice_number"]),
        Filter::one_of("status", "Status", &["status"], STATUSES),
        Filter::exact("booking_id", "Booking", &["booking_id"]),
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
        "settled_booking",
        "final_amount",
        "timestamp_notify",
        "timestamp_paid",
        "timestamp_waived",
        "timestamp_settled",
    ],
    charts: &[ChartBy::Age, ChartBy::Month("due_date")],
    sample: r#"[{
        "id": "uuid-penalty-123", "booking_id": "BK123456", "status": "notify",
        "invoice_number": "PEN-2025-001", "amount": 3000, "amount_eur": 3000,
        "rate_to_eur": "1.0000000000", "currency": "EUR", "due_date": "2025-02-01",
        "cancelled_on": null, "link_view": "https://valora.spotahome.com/p/1",
        "link_download": "https://valora.spotahome.com/p/1.pdf", "settled_booking": null,
        "original_booking_amount": null, "final_amount": null,
        "timestamp_notify": "2025-01-20T09:00:00.000000Z", "timestamp_paid": null,
        "timestamp_waived": null, "timestamp_settled": null
    }]"#,
    ..Spec::UNKNOWN
};
