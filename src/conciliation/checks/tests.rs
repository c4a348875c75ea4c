//! Each check with payloads that pass, that fail, and that cannot be computed.

use chrono::NaiveDate;

use super::*;
use crate::conciliation::report::{BookingReport, Sources};

/// The result of a check for a payload: `pass`, its findings, or why it cannot be computed.
fn outcome(name: &str, body: &str) -> String {
    let booking = Conciliation::read("BK1", body).unwrap();
    let report = BookingReport::of(&booking, &Sources::default(), NaiveDate::MIN);
    let checked = report.checks.iter().find(|one| one.check.name == name).unwrap();
    match &checked.outcome {
        Outcome::Pass => "pass".to_owned(),
        Outcome::Fail(findings) => {
            let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
            format!("{} {:?}", all.join(" | "), places(checked))
        }
        Outcome::CannotCompute(why) => format!("open: {why}"),
    }
}

fn places(checked: &Checked) -> Vec<(usize, usize)> {
    checked.rows().iter().map(|at| (at.role as usize, at.row)).collect()
}

/// Runs a table of payloads. Missing sections become empty ones; missing totals stay missing.
fn table(name: &str, rows: &[(&str, &str)]) {
    for (sections, expected) in rows {
        let mut body = format!(r#"{{"totals":{{}},{sections}"#);
        for key in ["invoices", "credit_notes", "penalties", "debt", "transactions"] {
            if !sections.contains(&format!("\"{key}\"")) {
                body = format!("{body},\"{key}\":[]");
            }
        }
        body.push('}');
        assert_eq!(outcome(name, &body), *expected, "{body}");
    }
}

#[test]
fn names_are_unique_and_say_what_is_compared() {
    for (at, check) in CHECKS.iter().enumerate() {
        assert!(CHECKS[..at].iter().all(|other| other.name != check.name));
        assert!(check.compares.contains(" with ") && !check.compares.contains("  "));
    }
}

#[test]
fn rows_against_totals() {
    let all = r#"{"totals":{"transactions":2,"transactions_made":5,"invoices_gross":0,
        "credit_notes_gross":0,"penalties_gross":0,"debt":0},
        "transactions":[{"amount":3,"currency":"EUR","type":"Transfer"}]}"#;
    let name = "rows add up to the totals";
    assert_eq!(
        outcome(name, all),
        "Transactions: the server's total is 0.05; 1 row adds up to EUR 0.03, a difference \
         of EUR 0.02 | the server counts 2; the response lists 1 payout []"
    );
    let fine =
        all.replace("\"transactions\":2", "\"transactions\":1").replace("made\":5", "made\":3");
    assert_eq!(outcome(name, &fine), "pass");
    let open = fine.replace("\"debt\":0", "\"debt\":1");
    assert_eq!(outcome(name, &open), "open: Debt: the section is missing from the response");
}

#[test]
fn paid_before_issued() {
    let invoices = r#""invoices":[{"issue_date":"2026-02-01"},{"issue_date":"2026-01-05"}]"#;
    let paid = |days: &str| format!(r#"{invoices},"transactions":[{days}]"#);
    table(
        "no payout before first invoice",
        &[
            (&paid(r#"{"issued_on":"2026-01-05"}"#), "pass"),
            (
                &paid(r#"{"issued_on":"2026-01-09"},{"issued_on":"2026-01-04T23:00:00Z"}"#),
                "paid out a row (2026-01-04); the first invoice was issued on 2026-01-05 \
                 [(4, 1), (0, 1)]",
            ),
            (&paid("{}"), "open: 1 row has no payment date"),
            (&paid(""), "pass"),
            (r#""transactions":[{}]"#, "open: the booking has payouts but no invoice"),
            (
                r#""invoices":[{},{}],"transactions":[{"issued_on":"2026-01-09"}]"#,
                "open: 2 rows have no issue date",
            ),
            (r#""invoices":null"#, "open: Invoices: the server sent no data for invoices (null)"),
        ],
    );
}

#[test]
fn closed_before_notified() {
    let penalty = |end: &str| {
        format!(
            r#""penalties":[{{"id":"p","timestamp_notify":"2026-01-01T10:00:00.000000Z",{end}}}]"#
        )
    };
    table(
        "no penalty closed before notice",
        &[
            (&penalty(r#""timestamp_paid":"2026-01-01T10:00:00Z""#), "pass"),
            (
                &penalty(r#""timestamp_waived":"2026-01-01T11:00:00+02:00""#),
                "p (2026-01-01) was waived at 2026-01-01 09:00Z; the landlord was notified at \
                 2026-01-01 10:00Z [(2, 0)]",
            ),
            (
                &penalty(r#""timestamp_settled":"then""#),
                "open: 1 row has a time that cannot be read",
            ),
            (r#""penalties":[{"timestamp_paid":"2026-01-01T10:00:00Z"}]"#, "pass"),
        ],
    );
}

#[test]
fn waived_still_in_debt() {
    let both = |penalty: &str, debt: &str| {
        format!(
            r#""penalties":[{{"status":"waived","amount":5,"currency":"EUR",{penalty}}}],
               "debt":[{{"amount":5,"currency":"EUR",{debt}}}]"#
        )
    };
    let number = r#""invoice_number":"PEN-1""#;
    let at = "[(2, 0), (3, 0)]";
    table(
        "no waived penalty still in debt",
        &[
            (
                &both(number, r#""invoice_number":" pen-1","status":"overdue""#),
                &format!("PEN-1 (EUR 0.05) was waived; debt  pen-1 (EUR 0.05) is still open {at}"),
            ),
            (
                &both(number, r#""status":"pending","id":"d""#),
                &format!(
                    "possible match: PEN-1 (EUR 0.05) was waived; debt d (EUR 0.05) of the same \
                     amount is still open {at}"
                ),
            ),
            (
                &both(number, number),
                &format!(
                    "possible match: PEN-1 (EUR 0.05) was waived; debt PEN-1 (EUR 0.05) has no \
                     status {at}"
                ),
            ),
            (&both(number, r#""invoice_number":"INV-1","status":"overdue""#), "pass"),
            (&both(number, r#""invoice_number":"PEN-1","status":"voided""#), "pass"),
            (
                &both(r#""id":"p""#, r#""status":"overdue","currency":"PLN""#),
                &format!(
                    "possible match: p (EUR 0.05) was waived; debt a row (EUR 0.05) of the same \
                     amount is still open {at}"
                ),
            ),
            (
                r#""penalties":[{"amount":5}],"debt":[{"amount":5,"status":"overdue"}]"#,
                "open: 1 row has no status",
            ),
            (r#""penalties":[{"status":"waived"}],"debt":[{"status":"overdue"}]"#, "pass"),
        ],
    );
}

#[test]
fn settled_by_another_booking() {
    table(
        "no penalty settled elsewhere",
        &[
            (
                r#""penalties":[{"id":"p","status":"settled","settled_booking":"BK2"}]"#,
                "p was settled by booking BK2; this is booking BK1 [(2, 0)]",
            ),
            (r#""penalties":[{"status":"settled","settled_booking":"bk1 "}]"#, "pass"),
            (
                r#""penalties":[{"status":"settled"},{"status":"paid"}]"#,
                "open: 1 row has the status settled, but no settling booking",
            ),
        ],
    );
}

#[test]
fn same_amount_and_date_twice() {
    let row = r#"{"amount":5,"currency":"EUR","issued_on":"2026-01-01"}"#;
    let other = r#"{"amount":5,"currency":"PLN","issued_on":"2026-01-01"}"#;
    table(
        "no amount paid twice on one day",
        &[
            (&format!(r#""transactions":[{row},{other}]"#), "pass"),
            (
                &format!(r#""transactions":[{row},{other},{row}]"#),
                "EUR 0.05 on 2026-01-01; 2 times [(4, 0), (4, 2)]",
            ),
            (&format!(r#""transactions":[{row},{{"amount":5}}]"#), "open: 1 row has no date"),
            (
                &format!(
                    r#""transactions":[{},{}]"#,
                    row.replace('5', "5.0"),
                    row.replace("EUR", "Euro")
                ),
                "open: 1 row with an amount that is not a whole number of cents, \
                 1 row in an unknown currency",
            ),
        ],
    );
}

#[test]
fn currencies_that_are_no_code_are_named_as_they_came() {
    let row = |code: &str| format!(r#"{{"currency":"{code}"}}"#);
    let (euro, dollar) = (row("Euro"), row("US Dollar"));
    table(
        "all rows in one currency",
        &[
            (&format!(r#""debt":[{euro},{euro}]"#), "pass"),
            (
                &format!(r#""debt":[{euro},{dollar},{euro}]"#),
                "Euro in 2 rows; US Dollar in 1 row [(3, 1)]",
            ),
        ],
    );
    let many: Vec<String> = (0..30).map(|at| row(&format!("money {at}"))).collect();
    let said = outcome("all rows in one currency", &format!(r#"{{"debt":[{}]}}"#, many.join(",")));
    assert!(said.contains(" and 9 more"), "{said}");
}

#[test]
fn one_currency() {
    let row = |code: &str| format!(r#"{{"currency":"{code}"}}"#);
    let (eur, pln) = (row("EUR"), row("PLN"));
    table(
        "all rows in one currency",
        &[
            (&format!(r#""debt":[{eur}],"transactions":[{eur}]"#), "pass"),
            (
                &format!(r#""debt":[{pln}],"transactions":[{eur},{eur}]"#),
                "EUR in 2 rows; PLN in 1 row [(3, 0)]",
            ),
            (&format!(r#""debt":[{{}}],"transactions":[{eur}]"#), "open: 1 row has no currency"),
        ],
    );
}

#[test]
fn credit_notes_and_originals() {
    let invoice = r#""invoices":[{"document_id":"i","doc_number":"INV-1","amount_gross":100,
                     "currency":"EUR"}]"#;
    let notes = |notes: &str| format!(r#"{invoice},"credit_notes":[{notes}]"#);
    let note = |original: &str, amount: i64| {
        format!(
            r#"{{"doc_number":"CN-1","original_document":"{original}","amount_gross":{amount},
                "currency":"EUR"}}"#
        )
    };
    let (half, most) = (note("INV-1", -50), note("i", 100));
    let other = note("INV-1", 60).replace("EUR", "PLN");
    table(
        "credit notes match invoices",
        &[
            (&notes(&half), "pass"),
            (&notes(&most), "pass"),
            (
                &notes(&note("INV-2", 5)),
                "CN-1 (EUR 0.05); the original INV-2 is not among the invoices [(1, 0)]",
            ),
            (
                &notes(&format!("{half},{}", note("inv-1", 51))),
                "2 credit notes: EUR 1.01 credited; invoice INV-1 is only EUR 1.00 \
                 [(1, 0), (1, 1), (0, 0)]",
            ),
            (
                &notes(&other),
                "open: CN-1 (PLN 0.60) cannot be compared with the original: amount missing or \
                 currency differs",
            ),
            (&notes("{}"), "open: 1 row has no original document"),
            (
                &format!(r#""invoices":null,"credit_notes":[{half}]"#),
                "open: Invoices: the server sent no data for invoices (null)",
            ),
            (
                r#""invoices":[{"doc_type":"Credit Note","doc_number":"CN-1",
                   "original_document":"INV-9"}]"#,
                "CN-1; the original INV-9 is not among the invoices [(0, 0)]",
            ),
        ],
    );
}

#[test]
fn what_is_found_is_bounded_and_printable() {
    let penalty = r#"{"status":"waived","amount":5,"id":"\u001b[2J"}"#;
    let debt = r#"{"status":"overdue","amount":5}"#;
    let body = format!(
        r#"{{"penalties":[{}],"debt":[{}]}}"#,
        vec![penalty; 50].join(","),
        vec![debt; 50].join(",")
    );
    let found = outcome("no waived penalty still in debt", &body);
    assert!(found.starts_with("possible match: ") && !found.chars().any(char::is_control));
    assert_eq!(found.matches("was waived").count(), MOST_FINDINGS);
}

#[test]
fn documents_of_which_the_number_is_a_json_number_are_compared() {
    let fine = r#""invoices":[{"doc_number":1001,"amount_gross":100,"currency":"EUR"}],
        "credit_notes":[{"doc_number":7,"original_document":"1001","amount_gross":ALL,"currency":"EUR"}]"#;
    let (half, most) = (
        fine.replace("ALL", "-50"),
        fine.replace("ALL", "-150").replace("\"1001", "1001").replace("1001\"", "1001"),
    );
    table(
        "credit notes match invoices",
        &[
            (&half, "pass"),
            (
                &most,
                "7 (EUR -1.50): EUR 1.50 credited; invoice 1001 is only EUR 1.00 [(1, 0), (0, 0)]",
            ),
        ],
    );
}

#[test]
fn rows_of_other_bookings() {
    let invoice =
        |booking: &str| format!(r#""invoices":[{{"doc_number":"I","booking_id":"{booking}"}}]"#);
    let debt = |named: &str| format!(r#""debt":[{{"id":"d","reference_id":"{named}"}}]"#);
    table(
        "no rows from other bookings",
        &[
            (r#""invoices":[{}],"debt":[{}]"#, "pass"),
            (&invoice(" bk1"), "pass"),
            (&invoice("BK2"), "I names booking BK2; this is booking BK1 [(0, 0)]"),
            (&invoice("XY2"), "I names booking XY2; this is booking BK1 [(0, 0)]"),
            (&debt("bk2"), "d names booking bk2; this is booking BK1 [(3, 0)]"),
            (&debt("CUST-495146"), "pass"),
        ],
    );
    let headline = |bookings: [&str; 2]| {
        let rows = bookings.map(|it| format!(r#"{{"booking_id":"{it}","amount":0}}"#)).join(",");
        let zero = r#""transactions_made":0,"invoices_gross":0,"credit_notes_gross":0"#;
        let totals = format!(r#""totals":{{{zero},"penalties_gross":0,"debt":0}}"#);
        let body = format!(r#"{{{totals},"transactions":[{rows}]}}"#);
        let booking = Conciliation::read("BK1", &body).unwrap();
        BookingReport::of(&booking, &Sources::default(), NaiveDate::MIN).verdict.headline()
    };
    let said = "Adds up, but 1 check failed: rows name";
    assert_eq!(headline(["BK2", "BK1"]), format!("{said} another booking, BK2"));
    assert_eq!(headline(["BK2", "BK3"]), format!("{said} other bookings, BK2, BK3"));
}
