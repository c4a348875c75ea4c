//! The three formats of a booking: what each must contain, and what must never be exported.

use chrono::NaiveDate;

use super::{BookingExport, Format, Output, TenantPayments, as_text, file_name, render};
use crate::conciliation::Conciliation;
use crate::conciliation::report::{BookingReport, ExtraList, Sources, State};
use crate::domain::text::Untrusted;
use crate::figures::tenant::TenantPaid;
use crate::list::payments;
use crate::list::record::Record;

const BODY: &str = r#"{"reference":"=BK1","totals":{"transactions":1,"transactions_made":150000,
    "invoices_gross":12100,"credit_notes_gross":0,"penalties_gross":0,"debt":0},
    "invoicing":{"invoices":[{"document_id":"a","issue_date":"2026-03-02","amount_gross":12100,
    "currency":"EUR","doc_number":"=HYPERLINK(\"x\")\u001b[31m"}],"credit_notes":[]},
    "penalties":[],"debt":[],"transactions":[{"amount":150001,"currency":"EUR",
    "issued_on":"2027-03-04","type":"-1+1"}],"brand_new":{"a":1}}"#;

fn exported(format: Format) -> String {
    exported_from(BODY, format)
}

fn exported_from(body: &str, format: Format) -> String {
    let payments = [
        r#"{"id":"1","amount":100,"currency":"EUR","status":"Paid"}"#,
        r#"{"id":"2","amount":200,"currency":"EUR","status":"Ready"}"#,
        r#"{"id":"3","currency":"EUR","status":"READY"}"#,
    ];
    let payments = payments.map(|row| Record::read(&payments::SPEC, row));
    let tenant = TenantPaid::of(&payments, 0, Some("only 2 of 9 payments loaded".to_owned()));
    exported_with(body, TenantPayments::Loaded(tenant.as_ref()), format)
}

fn exported_with(body: &str, tenant: TenantPayments<'_>, format: Format) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let came = Conciliation::read("BK1", body).unwrap();
    let mut sources = Sources::default();
    sources.of_mut(ExtraList::Scheduled).state =
        State::Failed("the server answered 503".to_owned());
    let report = BookingReport::of(&came, &sources, today);
    let at = today.and_hms_opt(14, 3, 0).unwrap();
    let (report, sources) = (&report, &sources);
    let export =
        BookingExport { customer: None, report, sources, tenant, at, today, is_for_owner: false };
    let text = as_text(render(&export, Output::of(format)));
    assert!(!text.contains('\u{1b}'));
    text
}

#[test]
fn tenant_payments_that_are_missing_are_said_in_every_form() {
    let empty = TenantPaid::of(&[], 0, Some("only 0 of 9,000 payments loaded".to_owned()));
    let part = "only 0 of 9,000 payments loaded";
    let table = [
        (TenantPayments::NotConfigured, "not_configured", None),
        (TenantPayments::Loaded(None), "loaded", None),
        (TenantPayments::Loading, "loading", Some("still loading")),
        (
            TenantPayments::Failed("the server answered 500"),
            "failed",
            Some("the server answered 500"),
        ),
        (TenantPayments::Loaded(empty.as_ref()), "loaded", Some(part)),
    ];
    for (tenant, state, why) in table {
        let words = why.map(|why| format!("tenant paid: unknown ({why})"));
        let text = exported_with(BODY, tenant, Format::Text);
        let csv = exported_with(BODY, tenant, Format::Csv);
        for text in [&text, &csv] {
            assert_eq!(text.contains("tenant paid"), why.is_some(), "{text}");
            assert!(words.as_ref().is_none_or(|words| text.contains(words)), "{words:?} in {text}");
        }
        let json = exported_with(BODY, tenant, Format::Json);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let payments = &value["summary"]["tenant_payments"];
        assert_eq!(payments["state"], state);
        assert_eq!(payments["why"].as_str(), why);
    }
}

#[test]
fn text_says_what_the_screen_says() {
    let text = exported(Format::Text);
    for words in [
        "Booking =BK1: Incomplete: Scheduled payments: the server answered 503; BK1 was requested, \
         but the response is for booking =BK1\ntenant paid EUR 1.00 (only 2 of 9 payments loaded); 2 \
         payments not marked as paid: 2 Ready EUR 2.00 + 1 not counted · paid out EUR 1,500.01 · invoiced EUR 121.00 · still open EUR 0.00\n",
        "  EUR 0.01 of payouts are missing from the server's total",
        "  Running total: EUR 1,379.01",
        "Invoices: total 121.00; EUR 121.00 in 1 row; adds up",
        "today 2026-11-20",
        "Also in the response\n  Other values\n    brand_new.a: 1",
        "✗ Rows do not add up to the totals\n    Transactions: the server's total is 1,500.00",
        "  Scheduled payments: the server answered 503",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}

#[test]
fn csv_has_a_row_a_line_and_no_formula() {
    let text = exported(Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let lines: Vec<_> = rows.iter().filter(|row| &row[0] == "line").collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0][6], &lines[0][9], &lines[0][8]), ("121.00", "-121.00", "EUR"));
    assert_eq!((&lines[1][7], &lines[1][4]), ("1500.01", "'-1+1"));
    assert!(rows.iter().all(|row| &row[1] == "'=BK1"));
    assert!(lines[0][4].starts_with("'=HYPERLINK"));
    assert!(rows.iter().filter(|row| &row[0] == "check").count() >= 8);
    let tenant = rows.iter().find(|row| &row[0] == "summary" && &row[3] == "tenant paid").unwrap();
    assert!(tenant[10].starts_with("tenant paid EUR 1.00 (only 2 of 9"), "{tenant:?}");
    let sources: Vec<_> = rows.iter().filter(|row| &row[0] == "source").collect();
    let shown: Vec<_> = sources.iter().map(|row| (&row[3], &row[10])).collect();
    assert_eq!(shown[0], ("Scheduled payments", "failed: the server answered 503"));
    assert_eq!(shown[1], ("List of penalties", "not needed"));
    assert_eq!((shown.len(), shown[3]), (4, ("Conciliation", "at 2026-11-20 14:03")));
}

#[test]
fn json_keeps_minor_units_as_integers() {
    let value: serde_json::Value = serde_json::from_str(&exported(Format::Json)).unwrap();
    assert_eq!(value["ledger"][0]["charged"], 12_100);
    assert_eq!(value["totals"][4]["server_minor"], 150_000);
    assert_eq!(value["totals"][4]["outcome"]["by"], -1);
    assert_eq!(value["verdict"]["kind"], "incomplete");
    assert_eq!(value["summary"]["paid_out"]["sums"][0]["minor"], 150_001);
    let tenant = &value["summary"]["tenant_paid"];
    assert_eq!(tenant["sums"][0]["minor"], 100);
    assert_eq!(tenant["rows_not_marked_as_paid"], 2);
    let statuses = tenant["statuses_not_marked_as_paid"].as_array().unwrap();
    assert_eq!((statuses.len(), &statuses[0]["status"]), (1, &"Ready".into()));
    assert_eq!((&statuses[0]["rows"], &statuses[0]["sums"][0]["minor"]), (&2.into(), &200.into()));
    assert_eq!(statuses[0]["rows_in_no_sum"]["no_amount"], 1);
    assert_eq!(tenant["incomplete"], "only 2 of 9 payments loaded");
    assert_eq!(value["running_total"][0]["minor"], 137_901);
    assert_eq!(value["sources"][0]["why"], "the server answered 503");
}

#[test]
fn what_no_sum_can_take_is_as_it_came_in_every_form() {
    let body = r#"{"totals":{"debt":866.604},"transactions":[
        {"amount":100,"currency":"Euro"},{"amount":200,"currency":"US Dollar"}],
        "debt":[{"amount":866.604,"currency":"EUR"},{"amount":"-2,000.00","currency":"EUR"}]}"#;
    let text = exported_from(body, Format::Text);
    for words in [
        "  Not counted: 2 rows with an amount that is not a whole number of cents, 2 rows in an unknown",
        "Debt: total 866.604?; no sum in 2 rows; its total debt is not a whole number of cents",
        "the rows are in EUR, Euro, US Dollar",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    assert!(!text.contains("Not included") && !text.contains("-3.00"), "{text}");
    let csv = exported_from(body, Format::Csv);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cells: Vec<_> =
        rows.iter().take(4).map(|row| [6, 7, 8, 9, 10].map(|at| &row[at])).collect();
    let why = "not a whole number of cents";
    let expected = [
        ["866.604?", "", "EUR", "0.00", why],
        ["'-2,000.00?", "", "EUR", "0.00", why],
        ["", "1.00", "Euro", "", "unknown currency"],
        ["", "2.00", "US Dollar", "", "unknown currency"],
    ];
    assert_eq!(cells, expected);
    let value: serde_json::Value =
        serde_json::from_str(&exported_from(body, Format::Json)).unwrap();
    let counts = serde_json::json!({
        "no_amount": 0, "no_whole_minor_units": 2, "unreadable_amount": 0, "unknown_currency": 2,
    });
    assert_eq!(value["rows_in_no_sum"], counts);
    assert_eq!(value["totals"][3]["rows_in_no_sum"]["no_whole_minor_units"], 2);
    let line = &value["ledger"][0];
    assert_eq!((&line["charged"], &line["amount_as_it_came"]), (&().into(), &"866.604".into()));
    let line = &value["ledger"][2];
    assert_eq!((&line["paid"], &line["currency"]), (&100.into(), &"Euro".into()));
    assert_eq!((&line["running_total"], &line["is_included"]), (&().into(), &false.into()));
    assert!(value["not_included"].as_array().unwrap().is_empty());
}

#[test]
fn a_name_holds_nothing_that_a_file_system_could_take_amiss() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    let table = [
        ("BK100234", "booking-BK100234-2026-11-20.csv"),
        ("../../etc/x\0", "booking-etcx-2026-11-20.csv"),
        ("", "booking-unnamed-2026-11-20.csv"),
    ];
    for (reference, name) in table {
        assert_eq!(file_name(&Untrusted::new(reference), Format::Csv, today), name);
    }
}
