//! Invoices and credit notes (contract, "GET /invoices").

use crate::list::filter::Filter;
use crate::list::{ChartBy, Field, Kind, Spec};

const DOCUMENTS: &[&str] = &["Invoice", "Credit Note"];

/// Its filters are documented, its main fields known from the conciliation, the others inferred.
pub static SPEC: Spec = Spec {
    key: "invoices",
    title: "Invoices",
    path: "invoices",
    identity: &["document_id"],
    fields: &[
        Field::new("booking_id", "Booking", Kind::Booking).column(0),
        Field::new("issue_date", "Issued", Kind::Date).column(1),
        Field::new("doc_type", "Document", Kind::Word(DOCUMENTS)).column(1),
        Field::new("amount_gross", "Gross", Kind::Minor).column(0),
        Field::new("currency", "Cur", Kind::Currency).column(0),
        Field::new("doc_number", "Number", Kind::Text).text_column(2, 16, 24),
        Field::new("amount_net", "Net", Kind::Minor).column(3),
        Field::new("invoice_to", "Invoice to", Kind::Text).text_column(2, 12, 40),
        Field::new("original_document", "Original", Kind::Text).text_column(4, 16, 24),
        Field::new("document_id", "Document id", Kind::Text),
        Field::new("link_view", "View", Kind::Link),
        Field::new("link_download", "Download", Kind::Link),
    ],
    taken_back: Some(("doc_type", "Credit Note")),
    filters: &[
        Filter::search(&["invoice_to", "doc_type", "original_document"]),
        Filter::date("issue_date_from", "Issued from", &["issue_date"]).from("issued"),
        Filter::date("issue_date_to", "Issued to", &["issue_date"]).to("issued"),
        Filter::amount("amount_from", "Amount from", &["amount_gross"]).from("amount"),
        Filter::amount("amount_to", "Amount to", &["amount_gross"]).to("amount"),
        Filter::exact("doc_type", "Document", &["doc_type"])
            .known(DOCUMENTS)
            .documented(&["Invoice"]),
        Filter::exact("doc_number", "Number", &["doc_number"]),
        Filter::exact("booking_id", "Booking", &["booking_id"]),
    ],
    tracked: &["doc_type", "issue_date", "amount_gross", "amount_net", "currency"],
    newest_first: Some("issue_date"),
    charts: &[ChartBy::Month("issue_date")],
    sample: r#"[{
        "document_id": "doc-1", "doc_type": "Invoice", "invoice_to": "John Smith",
        "issue_date": "2025-09-28", "amount_net": 10000, "amount_gross": 12100,
        "currency": "EUR", "booking_id": "BK123456", "doc_number": "INV-2025-0001",
        "original_document": null, "link_view": "https://valora.spotahome.com/d/1",
        "link_download": "https://valora.spotahome.com/d/1.pdf"
    }, {
        "document_id": "doc-2", "doc_type": "Credit Note", "invoice_to": "John Smith",
        "issue_date": "2025-10-02", "amount_net": -10000, "amount_gross": -12100,
        "currency": "EUR", "booking_id": "BK123456", "doc_number": "CN-2025-0001",
        "original_document": "INV-2025-0001", "link_view": null, "link_download": null
    }]"#,
    ..Spec::UNKNOWN
};
