//! The line of a booking: what each figure is made of.

use chrono::NaiveDate;

use super::Summary;
use crate::conciliation::Conciliation;
use crate::conciliation::ledger::Ledger;
use crate::domain::money::{Currency, format_amount};

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
            {"status":"notify","amount":70000,"currency":"EUR","cancelled_on":"2026-01-01"},
            {"status":"waived","amount":70000,"currency":"EUR"}],
        "debt":[
            {"status":"overdue","amount":3000,"remaining_amount":1000,"currency":"EUR",
             "invoice_number":"pen-1"},
            {"status":"pending","amount":50,"currency":"EUR"},
            {"status":"settled","amount":70000,"remaining_amount":70000,"currency":"EUR"}]}"#;
    let expected = "paid out EUR 1,000.00 · invoiced EUR 100.00 · still open EUR 14.50";
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
        assert!(said.contains(&format!("paid out {figure} · ")), "{said}");
    }
    let no_status = r#"{"penalties":[{"amount":5,"currency":"EUR"}],"debt":[]}"#;
    assert!(words(no_status).ends_with("still open unknown"), "{}", words(no_status));
}

#[test]
fn a_cancelled_penalty_is_neither_open_nor_in_the_running_total() {
    for (status, cancelled, open, charged) in [
        ("notify", "null", "EUR 5.00", "-5.00"),
        ("notify", r#""2026-01-01""#, "0.00", ""),
        ("new", r#""2026-01-01""#, "0.00", ""),
        ("", r#""2026-01-01""#, "0.00", ""),
        ("notify", r#""soon""#, "EUR 5.00", "-5.00"),
        ("paid", r#""2026-01-01""#, "0.00", "-5.00"),
        ("waived", "null", "0.00", ""),
    ] {
        let body = format!(
            r#"{{"debt":[],"penalties":[
                {{"status":"{status}","amount":500,"currency":"EUR","cancelled_on":{cancelled}}}]}}"#
        );
        let booking = Conciliation::read("BK1", &body).unwrap();
        let total = Ledger::of(&booking, &[], NaiveDate::MIN).running_total.of(Currency::EUR);
        let shown = if total == 0 { String::new() } else { format_amount(total, Currency::EUR) };
        assert_eq!(shown, charged, "{status} {cancelled}");
        let summary = Summary::of(&booking, false);
        let said = summary.in_words(summary.figures()[2]);
        assert_eq!(said, format!("still open {open}"), "{status} {cancelled}");
    }
}
