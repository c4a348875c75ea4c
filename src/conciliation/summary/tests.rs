//! The line of a booking: what each figure includes.

use chrono::NaiveDate;

use super::Summary;
use crate::conciliation::Conciliation;
use crate::conciliation::ledger::{Column, Ledger};
use crate::domain::money::Currency;

fn words(body: &str) -> String {
    let summary = Summary::of(&Conciliation::read("BK1", body).unwrap(), false);
    summary.figures().map(|figure| summary.in_words(figure)).join(" · ")
}

#[test]
fn what_is_still_open_is_what_remains_of_open_penalties_and_debt_counted_once() {
    let body = r#"{"transactions":[{"amount":100000,"currency":"EUR"}],
        "invoicing":{"invoices":[{"amount_gross":12100,"currency":"EUR"}],
                     "credit_notes":[{"amount_gross":2100,"currency":"EUR"}]},
        "penalties":[
            {"status":"notify","amount":3000,"currency":"EUR","invoice_number":"PEN-1"},
            {"status":"pending","amount":400,"currency":"EUR","invoice_number":"PEN-2"},
            {"status":"paid","amount":70000,"currency":"EUR"},
            {"status":"notify","amount":1000,"currency":"EUR","cancelled_on":"2026-01-01"},
            {"status":"waived","amount":70000,"currency":"EUR"}],
        "debt":[
            {"status":"overdue","amount":3000,"remaining_amount":1000,"currency":"EUR",
             "invoice_number":"pen-1"},
            {"status":"pending","amount":50,"currency":"EUR"},
            {"status":"settled","amount":70000,"remaining_amount":70000,"currency":"EUR"}]}"#;
    let expected = "paid out EUR 1,000.00 · invoiced EUR 100.00 · still open EUR 24.50";
    assert_eq!(words(body), expected);
}

#[test]
fn currencies_are_apart_and_a_part_never_looks_complete() {
    let all = |transactions: &str| {
        format!(
            r#"{{"transactions":{transactions},"invoices":[],"credit_notes":[],"penalties":[],
                "debt":[]}}"#
        )
    };
    let row = |currency: &str| format!(r#"{{"amount":100,"currency":"{currency}"}}"#);
    let several = ["EUR", "GBP", "PLN", "CZK"].map(row).join(",");
    let table = [
        (r#"[{"amount":1,"currency":"EUR"},{"amount":2,"currency":"PLN"}]"#, "EUR 0.01, PLN 0.02"),
        (r#"[{"amount":1,"currency":"EUR"},{"currency":"EUR"}]"#, "EUR 0.01 + 1 row not counted"),
        (r#"[{"amount":"x"},{}]"#, "2 rows not counted"),
        (&format!("[{several}]"), "in 4 currencies"),
        ("[]", "0.00"),
        ("null", "unknown"),
    ];
    for (transactions, figure) in table {
        let said = words(&all(transactions));
        let sign = if figure == "unknown" { ":" } else { "" };
        assert!(said.contains(&format!("paid out{sign} {figure} · ")), "{said}");
    }
    let no_status = r#"{"penalties":[{"amount":5,"currency":"EUR"}],"debt":[]}"#;
    assert!(words(no_status).ends_with("still open: unknown"), "{}", words(no_status));
}

#[test]
fn a_penalty_is_open_and_charged_by_its_status_whatever_its_day_of_cancellation() {
    for (status, cancelled, open, charged, note) in [
        ("notify", "null", "EUR 5.00", -500, "notify"),
        ("notify", r#""2026-01-01""#, "EUR 5.00", -500, "notify, cancelled 2026-01-01"),
        ("notify", r#""2026-01-01T10:00:00Z""#, "EUR 5.00", -500, "notify, cancelled 2026-01-01"),
        ("notify", "true", "EUR 5.00", -500, "notify, cancelled"),
        ("notify", "false", "EUR 5.00", -500, "notify"),
        ("new", r#""2026-01-01""#, "EUR 5.00", -500, "new, cancelled 2026-01-01"),
        ("paid", r#""2026-01-01""#, "0.00", -500, "paid, cancelled 2026-01-01"),
        ("waived", r#""2026-01-01""#, "0.00", 0, "waived, cancelled 2026-01-01"),
    ] {
        let body = format!(
            r#"{{"debt":[],"penalties":[
                {{"status":"{status}","amount":500,"currency":"EUR","cancelled_on":{cancelled}}}]}}"#
        );
        let booking = Conciliation::read("BK1", &body).unwrap();
        let ledger = Ledger::of(&booking, &[], NaiveDate::MIN);
        assert_eq!(ledger.running_total.of(Currency::EUR), charged, "{status} {cancelled}");
        assert_eq!(ledger.lines[0].cell(Column::Note), note, "{status} {cancelled}");
        let summary = Summary::of(&booking, false);
        let said = summary.in_words(summary.figures()[2]);
        assert_eq!(said, format!("still open {open}"), "{status} {cancelled}");
    }
}
