//! Rows, changes and bookings all of whose texts are the same text.

use serde_json::{Value, json};
use valora::conciliation::Conciliation;
use valora::conciliation::report::{BookingReport, ExtraList, Sources};
use valora::domain::text::Untrusted;
use valora::export::{BookingExport, Format, Output, TenantPayments, render};
use valora::figures::tenant::TenantPaid;
use valora::journal::Journal;
use valora::journal::look::LookBuilder;
use valora::journal::rows::Entry;
use valora::list::record::Record;
use valora::list::{Kind, Spec, payments};

use crate::today;

/// A row of a list whose texts, dates and words are all the same text.
pub(crate) fn row(spec: &'static Spec, text: &str, minor: i64) -> Record {
    let mut row = serde_json::Map::new();
    for field in spec.fields {
        let value = match field.kind {
            Kind::Minor | Kind::MinorEur => json!(minor),
            Kind::Currency => json!("EUR"),
            _ => json!(text),
        };
        row.insert(field.name.to_owned(), value);
    }
    row.insert(text.to_owned(), json!(text));
    Record::read(spec, &Value::Object(row).to_string())
}

/// A booking all of whose texts are this text: its sections, its planned payment, its notes, its tenant.
pub(crate) fn booking(text: &str, is_for_owner: bool, format: Format) -> Option<Vec<u8>> {
    let fields = json!({"id": text, "status": text, "doc_number": text, "invoice_number": text,
        "invoice_to": text, "beneficiary": text, "account_name": text, "notes": text, "type": text,
        "due_date": text, "amount": 5, "amount_gross": 5, "currency": text, text: text});
    let rows = json!([fields, {"amount": text, "amount_gross": text, "currency": "EUR"}]);
    let body = json!({"reference": text, "totals": {"debt": text, text: text},
        "invoicing": {"invoices": rows, "credit_notes": rows}, "penalties": rows, "debt": rows,
        "transactions": rows, text: [text]});
    let booking = Conciliation::read(text, &body.to_string())?;
    let at = today().and_hms_opt(9, 0, 0).unwrap();
    let mut sources = Sources::default();
    let scheduled = [&rows[0], &rows[1]];
    let scheduled =
        scheduled.map(|row| Record::read(Spec::named("scheduled").unwrap(), &row.to_string()));
    sources.accept(ExtraList::Scheduled, &Untrusted::new(text), scheduled.into(), Some(2), at);
    let report = BookingReport::of(&booking, &sources, today());
    let payment = json!({"id": text, "amount": 5, "currency": text, "status": text});
    let payment = Record::read(&payments::SPEC, &payment.to_string());
    let tenant = TenantPaid::of(&[payment], 0, Some(Untrusted::new(text).shown().into_owned()));
    let export = BookingExport {
        customer: Some(text),
        report: &report,
        sources: &sources,
        tenant: TenantPayments::Loaded(tenant.as_ref()),
        at,
        today: today(),
        is_for_owner,
    };
    Some(render(&export, Output::of(format)).unwrap())
}

/// Changes whose texts are this text.
pub(crate) fn changed(text: &str) -> Vec<Entry> {
    let spec = Spec::named("penalties").unwrap();
    let mut journal = Journal::default();
    let old =
        json!({"id": "1", "booking_id": text, "status": "old", "amount": 5, "currency": text});
    let mut new = old.clone();
    (new["status"], new["due_date"]) = (json!(text), json!(text));
    let gone = json!({"id": text, "booking_id": text, "amount": 7, "status": text});
    for (day, rows) in [("2026-11-19", vec![old, gone]), ("2026-11-20", vec![new])] {
        let mut builder = LookBuilder::new(spec);
        let rows: Vec<Record> =
            rows.iter().map(|row| Record::read(spec, &row.to_string())).collect();
        builder.add(&rows);
        let look = builder.take(Some(rows.len() as u64), true, false).unwrap();
        journal.add(spec.key, &look, day.parse().unwrap());
    }
    Entry::all(&[journal.compare_list(spec, None, today())])
}
