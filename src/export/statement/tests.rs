//! The statement: what it must say to an owner, and what it must never contain.

use chrono::NaiveDate;

use crate::conciliation::Conciliation;
use crate::conciliation::report::{BookingReport, ExtraList, Sources, State};
use crate::domain::text::Untrusted;
use crate::export::{BookingExport, Format, Output, TenantPayments, as_text, render};
use crate::figures::tenant::TenantPaid;
use crate::list::record::Record;
use crate::list::{payments, scheduled};

const BODY: &str = r#"{"reference":"BK1","totals":{"transactions":1,"transactions_made":150000,
    "invoices_gross":12100,"credit_notes_gross":-2100,"penalties_gross":8000,"debt":21679},
    "invoicing":{"invoices":[{"document_id":"a","issue_date":"2026-03-02","amount_gross":12100,
    "currency":"EUR","doc_number":"INV-1","invoice_to":"Ana <b>Ruiz</b>"}],
    "credit_notes":[{"document_id":"b","issue_date":"2026-03-04","amount_gross":-2100,
    "currency":"EUR","doc_number":"CN-1","original_document":"INV-1"}]},
    "penalties":[{"id":"8b3edca1-c99a-4310-9495-65ca4900d8c8","amount":5000,"currency":"EUR",
    "status":"waived","due_date":"2026-05-01","settled_booking":"BK999"},
    {"id":"p2","invoice_number":"PEN-2","amount":3000,"currency":"EUR","status":"notify",
    "due_date":"2026-12-05"}],
    "debt":[{"id":"d","amount":21679,"remaining_amount":20000,"currency":"EUR","status":"overdue",
    "due_date":"2026-10-01"}],
    "transactions":[{"amount":150000,"currency":"EUR","issued_on":"2026-03-05","type":"Transfer",
    "bank_account":"ES9121000418450200051332"}]}"#;

const PLANNED: [&str; 3] = [
    r#"{"id":"s1","booking_id":"BK1","amount":100000,"currency":"EUR","status":"has_debt",
        "due_date":"2026-11-05","notes":"ask Kim"}"#,
    r#"{"id":"s2","booking_id":"BK1","amount":90000,"currency":"EUR","status":"upcoming",
        "due_date":"2026-12-05"}"#,
    r#"{"id":"s3","booking_id":"BK1","amount":90000,"currency":"EUR","status":"upcoming",
        "due_date":"2027-01-05"}"#,
];

fn written(body: &str, is_for_owner: bool, why: Option<&str>) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let at = today.and_hms_opt(14, 3, 0).unwrap();
    let came = Conciliation::read("BK1", body).unwrap();
    let mut sources = Sources::default();
    let rows: Vec<Record> = PLANNED.map(|row| Record::read(&scheduled::SPEC, row)).into();
    sources.accept(ExtraList::Scheduled, &Untrusted::new("BK1"), rows, Some(3), at);
    if let Some(why) = why {
        sources.of_mut(ExtraList::Scheduled).state = State::Failed(why.to_owned());
    }
    let report = BookingReport::of(&came, &sources, today);
    let tenant = [r#"{"id":"1","amount":55555,"currency":"EUR","status":"Paid"}"#];
    let tenant = tenant.map(|row| Record::read(&payments::SPEC, row));
    let tenant = TenantPaid::of(&tenant, 0, None);
    let (report, sources) = (&report, &sources);
    let tenant = TenantPayments::Loaded(tenant.as_ref());
    let customer = Some("acme-profile");
    let export = BookingExport { customer, report, sources, tenant, at, today, is_for_owner };
    as_text(render(&export, Output::of(Format::Html)))
}

/// The text of a page without its tags.
fn text(page: &str) -> String {
    let body = page.split_once("<body>").unwrap().1;
    let mut text = String::new();
    for part in body.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_owner_reads_what_was_paid_what_comes_and_what_is_owed() {
    let page = text(&written(BODY, true, None));
    for words in [
        "Statement for booking BK1",
        "As of 20 Nov 2026",
        "EUR 1,500.00 has been paid to you so far.",
        "2 payments (EUR 1,800.00) are planned; the next one is due on 5 Dec 2026.",
        "1 payment (EUR 1,000.00) is on hold because a debt is not paid yet.",
        "You have EUR 230.00 left to pay: a debt (due 1 Oct 2026), a fine (due 5 Dec 2026).",
        "Paid to you EUR 1,500.00",
        "Planned payments to you EUR 2,800.00",
        "Invoiced to you EUR 121.00",
        "Credited to you EUR 21.00",
        "Fines EUR 30.00",
        "Fines that you do not have to pay EUR 50.00",
        "Other debt EUR 216.79",
        "Still to be paid EUR 230.00",
        "5 Nov 2026 EUR 1,000.00 On hold: a debt is not paid yet",
        "1 May 2026 Fine EUR 50.00 Waived: you do not have to pay it",
        "5 Dec 2026 Fine PEN-2 EUR 30.00 To be paid",
        "1 Oct 2026 Debt EUR 216.79 Overdue, EUR 200.00 left to pay",
        "The entries on this page add up to the recorded totals.",
    ] {
        assert!(page.contains(words), "{words} in\n{page}");
    }
}

#[test]
fn nothing_but_facts_about_the_booking_is_for_the_owner() {
    let (for_owner, with_notes) = (written(BODY, true, None), written(BODY, false, None));
    for hidden in ["tenant", "555.55", "acme-profile", "BK999", "ask Kim", "Notes", "8b3edca1"] {
        assert!(!for_owner.contains(hidden), "{hidden} in {for_owner}");
    }
    for word in ["server", "response", "row", "verdict", "check", "ledger", "conciliation", "API"] {
        let text = text(&for_owner);
        assert!(!text.split([' ', '.', ',']).any(|it| it.eq_ignore_ascii_case(word)), "{word}");
    }
    let text = text(&with_notes);
    for words in ["tenant paid EUR 555.55", "acme-profile", "Notes, not for the owner", "BK999"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(text.contains("has been paid to the owner so far."), "{text}");
}

#[test]
fn a_difference_and_missing_data_are_said() {
    let less = BODY.replace("\"invoices_gross\":12100", "\"invoices_gross\":12000");
    let page = text(&written(&less, true, None));
    let differs =
        "The recorded total of the invoices is EUR 1.00 less than the entries on this page.";
    assert!(page.contains(differs), "{page}");
    let page = text(&written(BODY, true, Some("the server answered 503")));
    let words = "This statement is not complete: the planned payments could not be loaded.";
    assert!(page.contains(words) && !page.contains("503"), "{page}");
    let without = r#"{"reference":"BK1","totals":{},"transactions":[]}"#;
    let page = text(&written(without, true, None));
    for words in [
        "Nothing has been paid to you for this booking yet.",
        "What you have left to pay is not known",
        "This statement is not complete: the fines are missing.",
        "There are no entries yet.",
    ] {
        assert!(page.contains(words), "{words} in\n{page}");
    }
}

#[test]
fn a_page_is_text_without_anything_active() {
    let page = written(BODY, true, None);
    assert!(page.contains("Owner: Ana &lt;b&gt;Ruiz&lt;/b&gt;"), "{page}");
    for active in ["<a ", "<script", "<img", "<link", "<iframe", "<form", "http://", "https://"] {
        assert!(!page.contains(active), "{active} in {page}");
    }
}
