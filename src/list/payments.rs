//! Tenant payments (Payments API). Not in [`crate::list::ALL`], because another server has them.

use crate::list::filter::Filter;
use crate::list::{Field, Host, Kind, Spec};

const TYPES: &[&str] = &["rent-collection", "fee-collection"];

pub static SPEC: Spec = Spec {
    key: "payments",
    title: "Payments",
    path: "payments",
    order: "the server's own; sortBy and sortType change it",
    booking: "sourceRefCode",
    identity: &["id"],
    fields: &[
        Field::new("sourceRefCode", "Booking", Kind::Booking).column(0),
        Field::new("dueDate", "Due", Kind::Date).column(1),
        Field::new("status", "Status", Kind::Word(&["Ready", "CREATED", "InProgress"])).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).also_named(&["currencyCode"]).column(0),
        Field::new("type", "Type", Kind::Word(TYPES)).column(2),
        Field::new("reason", "Reason", Kind::Text).text_column(2, 8, 24),
        Field::new("sourceType", "Source", Kind::Text).text_column(4, 7, 16),
        Field::new("isAutomatic", "Automatic", Kind::Text).text_column(4, 5, 9),
        Field::new("id", "Payment", Kind::Text),
        Field::new("sourceId", "Source id", Kind::Text),
    ],
    host: Host::Payments,
    filters: &[
        Filter::exact("sourceRefCode", "Booking", &["sourceRefCode"]),
        Filter::exact("type", "Type", &["type"]).known(TYPES),
        Filter::exact("bookingId", "Booking id", &["sourceId"]),
        Filter::exact("sourceId", "Source id", &["sourceId"]),
        Filter::exact("userId", "User id", &[]),
        Filter::exact("sortBy", "Sort by", &[]),
        Filter::one_of("sortType", "Sort order", &[], &["ASC", "DESC"]),
    ],
    sample: r#"[{
        "id": "1", "dueDate": "2022-09-29", "amount": 7899, "currencyCode": "EUR",
        "status": "Ready", "type": "rent-collection", "reason": "Rejected",
        "sourceType": "booking", "sourceId": "eeeef468-52f4-4995-abc7-25f0f6076b0b",
        "sourceRefCode": "R4KDP5-E7", "isAutomatic": true
    }]"#,
    ..Spec::UNKNOWN
};
