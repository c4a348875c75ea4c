//! The line of a booking: the owner's name, and what each figure is made of.

use super::Summary;
use crate::conciliation::Conciliation;
use crate::list::record::Record;
use crate::list::scheduled;

fn summary(body: &str) -> Summary {
    let account = r#"{"account_name":"Ana","amount":5000000,"currency":"EUR"}"#;
    let booking = Conciliation::read("BK1", body).unwrap();
    Summary::of(&booking, &[Record::read(&scheduled::SPEC, account)])
}

fn words(body: &str) -> String {
    let summary = summary(body);
    let owner = summary.owner.iter().map(super::Owner::in_words);
    let figures = summary.figures().map(|figure| summary.in_words(figure));
    owner.chain(figures).collect::<Vec<_>>().join(" · ")
}

#[test]
fn the_owner_is_the_beneficiary_else_on_the_invoices_else_the_account() {
    let owner = |rows: &str| summary(&format!("{{{rows}}}")).owner.map(|it| it.in_words());
    let table = [
        (
            r#""transactions":[{"beneficiary":" "},{"beneficiary":"Zoë"},{"beneficiary":"zoë "},
               {"beneficiary":"Bo"}],"invoices":[{"invoice_to":"Cy"}]"#,
            "Zoë and 1 more",
        ),
        (r#""transactions":[{}],"invoices":[{"invoice_to":"Cy"}]"#, "Cy"),
        (r#""transactions":[]"#, "Ana"),
    ];
    for (rows, name) in table {
        assert_eq!(owner(rows).as_deref(), Some(name), "{rows}");
    }
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
            {"status":"waived","amount":70000,"currency":"EUR"}],
        "debt":[
            {"status":"overdue","amount":3000,"remaining_amount":1000,"currency":"EUR",
             "invoice_number":"pen-1"},
            {"status":"pending","amount":50,"currency":"EUR"},
            {"status":"settled","amount":70000,"remaining_amount":70000,"currency":"EUR"}]}"#;
    let expected = "Ana · paid out EUR 1,000.00 · invoiced EUR 100.00 · still open EUR 14.50";
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
