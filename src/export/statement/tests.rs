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
    as_text(rendered(body, is_for_owner, why))
}

fn rendered(body: &str, is_for_owner: bool, why: Option<&str>) -> Result<Vec<u8>, String> {
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
    render(&export, Output::of(Format::Html))
}

/// The statement for the owner of a booking with one row in a section, without its tags.
fn with_row(section: &str, row: &str) -> String {
    let rows = ["invoices", "credit_notes", "penalties", "debt", "transactions"]
        .map(|name| format!(r#""{name}":[{}]"#, if name == section { row } else { "" }));
    text(&written(
        &format!(r#"{{"reference":"BK1","totals":{{}},{}}}"#, rows.join(",")),
        true,
        None,
    ))
}

fn assert_says(page: &str, all: &[&str]) {
    for words in all {
        assert!(page.contains(words), "{words} in\n{page}");
    }
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
        "You still have to pay EUR 230.00: a debt (due 1 Oct 2026), a fine (due 5 Dec 2026).",
        "Paid to you EUR 1,500.00",
        "Planned payments to you EUR 2,800.00",
        "Invoiced to you EUR 121.00",
        "Credited to you EUR 21.00",
        "Fines EUR 30.00",
        "Fines that you do not have to pay EUR 50.00",
        "Other debt EUR 216.79",
        "You still have to pay EUR 230.00 Planned",
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
    assert_says(&page, &["Some figures on this page do not match the records yet"]);
    let page = text(&written(BODY, true, Some("the server answered 503")));
    assert!(!page.contains("503"), "{page}");
    assert_says(
        &page,
        &[
            "This statement is not complete: the planned payments could not all be loaded.",
            "Planned payments to you not known",
            "More payments may be planned.",
        ],
    );
}

#[test]
fn what_was_not_loaded_is_not_known() {
    let without = r#"{"reference":"BK1","totals":{},"brand_new":1}"#;
    let page = text(&written(without, true, Some("the server answered 503")));
    assert_says(
        &page,
        &[
            "How much has been paid to you for this booking is not known.",
            "How much you still have to pay is not known: data is missing.",
            "Paid to you not known",
            "Planned payments to you not known",
            "Invoiced to you not known",
            "Credited to you not known",
            "Fines not known",
            "Other debt not known",
            "You still have to pay not known",
            "This statement is not complete: the fines are missing.",
            "The entries are not known.",
        ],
    );
    assert!(!page.contains("none") && !page.contains("nothing"), "{page}");
    let none = r#"{"reference":"BK1","totals":{"invoices_gross":0,"credit_notes_gross":0,
        "penalties_gross":0,"debt":0,"transactions":0,"transactions_made":0},"transactions":[],
        "invoicing":{"invoices":[],"credit_notes":[]},"penalties":[],"debt":[]}"#;
    let page = text(&written(none, true, None));
    assert_says(
        &page,
        &[
            "Nothing has been paid to you for this booking yet.",
            "You have nothing left to pay.",
            "Fines none",
            "There are no entries yet.",
        ],
    );
}

#[test]
fn an_amount_that_is_not_clear_is_never_nothing() {
    let unclear = "1 amount that is not clear";
    for (section, label, amount) in [
        ("invoices", "Invoiced to you", "amount_gross"),
        ("credit_notes", "Credited to you", "amount_gross"),
        ("penalties", "Fines", "amount"),
        ("debt", "Other debt", "amount"),
        ("transactions", "Paid to you", "amount"),
    ] {
        for money in [r#""200.50","currency":"EUR""#, r#"20050,"currency":"Euro""#] {
            let row = format!(
                r#"{{"{amount}":{money},"status":"pending","due_date":"2026-10-01",
                    "issue_date":"2026-10-01","issued_on":"2026-10-01"}}"#
            );
            let page = with_row(section, &row);
            assert_says(
                &page,
                &[
                    &format!("{label} {unclear}"),
                    "This statement is not complete: 1 amount is not clear and in no sum.",
                ],
            );
            assert!(!page.contains("add up"), "{page}");
            let is_open = ["penalties", "debt"].contains(&section);
            assert_eq!(page.contains("You have nothing left to pay"), !is_open, "{page}");
            assert_eq!(page.contains(&format!("You still have to pay {unclear}")), is_open);
        }
    }
    let page =
        with_row("transactions", r#"{"amount":"1.5","currency":"EUR","issued_on":"2026-03-01"}"#);
    assert_says(&page, &["How much has been paid to you for this booking is not known"]);
    let clear = r#"{"amount":5000,"currency":"EUR","status":"overdue","due_date":"2026-10-01"}"#;
    let odd = r#"{"amount":9000,"remaining_amount":"200.50","currency":"EUR","status":"overdue"}"#;
    let page = with_row("debt", &format!("{clear},{odd}"));
    assert_says(
        &page,
        &[
            "You still have to pay EUR 50.00 and 1 amount that is not clear: a debt (due 1 Oct 2026), a debt.",
            "Overdue, not clear what is left to pay",
            "Other debt EUR 140.00",
        ],
    );
}

#[test]
fn what_is_owed_says_by_whom_and_a_credit_is_in_favor() {
    let page = with_row("debt", r#"{"amount":-500,"currency":"EUR","status":"overdue"}"#);
    assert_says(
        &page,
        &[
            "You have nothing left to pay. EUR 5.00 is in your favor.",
            "You still have to pay nothing; EUR 5.00 in your favor",
        ],
    );
    let page = text(&written(BODY, false, None));
    assert_says(&page, &["The owner still has to pay EUR 230.00"]);
}

#[test]
fn an_unknown_status_is_not_owed_and_a_written_off_debt_is_no_waiver() {
    let page = with_row("penalties", r#"{"amount":5000,"currency":"EUR","status":"refunded"}"#);
    assert_says(
        &page,
        &[
            "How much you still have to pay is not known (1 amount that is not clear).",
            "Not known if it is still to be paid",
        ],
    );
    assert!(!page.contains("refunded") && !page.contains("nothing"), "{page}");
    for (status, words, is_waiver) in [
        ("written_off", "Debt that is not claimed at present EUR 50.00", false),
        ("voided", "Debt that you do not have to pay EUR 50.00", true),
    ] {
        let row = format!(r#"{{"amount":5000,"currency":"EUR","status":"{status}"}}"#);
        let page = with_row("debt", &row);
        assert_says(&page, &[words, "Other debt none", "You have nothing left to pay."]);
        assert_eq!(page.contains("do not have to pay it"), is_waiver, "{page}");
        assert_eq!(page.contains("Not claimed at present"), !is_waiver, "{page}");
    }
}

#[test]
fn a_payout_of_the_future_or_without_a_date_is_not_paid() {
    let pay = |minor: i64, day: &str| {
        format!(r#"{{"amount":{minor},"currency":"EUR","issued_on":{day}}}"#)
    };
    let rows = [pay(100, "\"2026-11-20\""), pay(150_000, "\"2026-12-05\""), pay(700, "null")];
    let page = with_row("transactions", &rows.join(","));
    assert_says(
        &page,
        &[
            "EUR 1.00 has been paid to you so far.",
            "1 payment (EUR 1,500.00) is announced for 5 Dec 2026.",
            "1 payment (EUR 7.00) has no date, so it is not known if it was paid.",
            "Paid to you EUR 1.00 Announced payments to you EUR 1,500.00 Payments to you without a date EUR 7.00",
            "EUR 1,500.00 Announced for 5 Dec 2026",
            "No date: not known if it was paid",
        ],
    );
}

#[test]
fn a_charge_in_two_sections_is_named_once_and_keeps_its_state() {
    let body = r#"{"reference":"BK1","totals":{},"transactions":[],
        "invoicing":{"invoices":[{"doc_number":"INV-1","amount_gross":30000,"currency":"EUR"}],"credit_notes":[]},
        "penalties":[{"invoice_number":"PEN-1","amount":5000,"currency":"EUR","status":"notify",
            "due_date":"2026-10-01","cancelled_on":"2026-02-09"}],
        "debt":[{"invoice_number":"PEN-1","amount":5000,"currency":"EUR","status":"overdue","due_date":"2026-10-01"},
            {"invoice_number":"INV-1","amount":30000,"remaining_amount":20000,"currency":"EUR","status":"overdue"}]}"#;
    let page = text(&written(body, true, None));
    assert_says(
        &page,
        &[
            "You still have to pay EUR 250.00: a debt (due 1 Oct 2026), a debt.",
            "Included in INV-1, overdue, EUR 200.00 left to pay",
            "Included in PEN-1, overdue",
            "To be paid, cancelled on 9 Feb 2026",
        ],
    );
}

#[test]
fn the_data_of_another_booking_is_no_statement_for_the_owner() {
    let other = BODY.replace("\"reference\":\"BK1\"", "\"reference\":\"BK2\"");
    let why = rendered(&other, true, None).unwrap_err();
    assert!(why.contains("BK1 was requested, but the response is for booking BK2"), "{why}");
    let page = text(&written(&other, false, None));
    assert_says(&page, &["the records name another booking", "Notes, not for the owner"]);
}

#[test]
fn rows_that_name_another_booking_are_left_out_and_counted() {
    let row = |booking: &str, name: &str| {
        format!(
            r#"{{"amount":100,"currency":"EUR","issued_on":"2026-03-01","beneficiary":"{name}",
                "booking_id":"{booking}"}}"#
        )
    };
    let page = with_row("transactions", &[row("bk1", "Ana"), row("BK2", "Kim")].join(","));
    assert_says(
        &page,
        &[
            "EUR 1.00 has been paid to you so far.",
            "This statement is not complete: 1 entry that names another booking is left out.",
            "Owner: Ana As of",
        ],
    );
    assert!(!page.contains("Kim") && !page.contains("BK2"), "{page}");
    let page = with_row("transactions", &row("BK2", "Kim"));
    assert_says(&page, &["Paid to you not known"]);
}

#[test]
fn several_payees_are_named_in_each_line_and_nobody_is_you() {
    let row = |name: &str| {
        format!(
            r#"{{"amount":100000,"currency":"EUR","issued_on":"2026-03-01","beneficiary":"{name}"}}"#
        )
    };
    let page = with_row("transactions", &[row("Ana"), row("Kim")].join(","));
    assert_says(
        &page,
        &[
            "Owners: Ana, Kim",
            "EUR 2,000.00 has been paid so far.",
            "The owners have nothing left to pay.",
            "Date What Document Name Charged Paid State",
            "1 Mar 2026 Payment Ana EUR 1,000.00",
            "1 Mar 2026 Payment Kim EUR 1,000.00",
        ],
    );
    let you = ["you", "your", "You"];
    assert!(!page.split(' ').any(|word| you.contains(&word)), "{page}");
    let same = with_row("transactions", &[row("Ana"), row(" ana ")].join(","));
    assert_says(&same, &["EUR 2,000.00 has been paid to you so far."]);
    let to_kim =
        BODY.replace("\"type\":\"Transfer\"", "\"type\":\"Transfer\",\"beneficiary\":\"Kim\"");
    let page = text(&written(&to_kim, true, None));
    assert_says(&page, &["Owners: Kim, Ana"]);
    assert!(!page.contains(" to you"), "{page}");
}

#[test]
fn one_delayed_payment_is_delayed() {
    let delayed = PLANNED[1].replace("upcoming", "delayed");
    let record = Record::read(&scheduled::SPEC, &delayed);
    let why = scheduled::reason(&record).unwrap();
    assert_eq!(super::entries::held(why, super::reader::Reader::You), ("delayed", "delayed"));
}

#[test]
fn a_page_is_text_without_anything_active() {
    let page = written(BODY, true, None);
    assert!(page.contains("Owner: Ana &lt;b&gt;Ruiz&lt;/b&gt;"), "{page}");
    for active in ["<a ", "<script", "<img", "<link", "<iframe", "<form", "http://", "https://"] {
        assert!(!page.contains(active), "{active} in {page}");
    }
}
