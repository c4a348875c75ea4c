//! Transactions: payouts that were paid (contract, "GET /transactions").

use crate::list::filter::Filter;
use crate::list::{ChartBy, Field, Kind, Spec};

pub static SPEC: Spec = Spec {
    key: "transactions",
    title: "Transactions",
    path: "transactions",
    order: "issued on, newest first",
    latest_first: Some("issued_on"),
    fields: &[
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("issued_on", "Issued", Kind::Date).column(1),
        Field::new("amount", "Amount", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("beneficiary", "Beneficiary", Kind::Text).text_column(2, 12, 40),
        Field::new("type", "Type", Kind::Word(&["Transfer"])).column(5),
        Field::new("action", "Action", Kind::Word(&["paid"])).column(4),
        Field::new("bank_account", "Bank account", Kind::Text).text_column(3, 24, 34),
    ],
    filters: &[
        Filter::search(&["beneficiary", "type", "bank_account"]),
        Filter::date("pay_date_from", "Paid from", &["issued_on"]).from("paid"),
        Filter::date("pay_date_to", "Paid to", &["issued_on"]).to("paid"),
        Filter::amount("amount_from", "Amount from", &["amount"]).from("amount"),
        Filter::amount("amount_to", "Amount to", &["amount"]).to("amount"),
        Filter::exact("booking_id", "Booking", &["booking_id"]),
    ],
    tracked: &["issued_on", "amount", "currency", "type", "action"],
    newest_first: Some("issued_on"),
    charts: &[ChartBy::Month("issued_on")],
    sample: r#"[{
        "booking_id": "BK123456", "beneficiary": "John Smith", "type": "Transfer",
        "action": "paid", "bank_account": "ES9121000418450200051332", "amount": 100000,
        "issued_on": "2025-10-01", "currency": "EUR"
    }]"#,
    ..Spec::UNKNOWN
};
