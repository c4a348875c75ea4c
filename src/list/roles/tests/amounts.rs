//! Which of several amounts sums add up.

use super::*;

#[test]
fn one_row_of_other_amounts_is_not_taken_for_the_amount() {
    // The path, the value and the role, if any.
    let rows: [&[(&str, &str, &str)]; 15] = [
        &[
            ("original_amount", "12349", "amount"),
            ("collected_amount", "9262", "paid_amount"),
            ("balance_due", "3087", "remaining_amount"),
        ],
        // The object around them identifies only one of them.
        &[
            ("balance.original", "12349", "amount"),
            ("balance.paid", "12349", "paid_amount"),
            ("balance.outstanding", "0", "remaining_amount"),
        ],
        &[("balance.original", "12349", "amount"), ("balance.collected", "9262", "paid_amount")],
        &[("outstanding.original", "12349", "amount"), ("outstanding.paid", "9262", "paid_amount")],
        &[
            ("original_amount", "12349", "amount"),
            ("total_open_amount", "3087", "remaining_amount"),
        ],
        &[
            ("debt", "12349", "amount"),
            ("collected_amount", "9262", "paid_amount"),
            ("balance", "3087", "remaining_amount"),
        ],
        &[("debt", "12349", "amount"), ("last_event.amount", "500", "")],
        &[("principal", "12349", "amount"), ("last_payment.amount", "500", "")],
        &[("total_amount", "80000", "amount"), ("withheld_amount", "500", "")],
        &[("total.amount", "80000", "amount"), ("interest.amount", "500", "")],
        &[("principal", "12349", "amount"), ("outstanding_amount_due", "3087", "remaining_amount")],
        &[("debt", "12349", "amount"), ("gross_paid_amount", "9262", "paid_amount")],
        &[("value", "90000", "amount"), ("debt_waived", "500", "")],
        &[("remaining_amount", "3087", "remaining_amount"), ("event.amount", "500", "")],
        &[("debt_value", "80000", "amount"), ("collected_amount", "500", "paid_amount")],
    ];
    for row in rows {
        let columns: Vec<Column> = row
            .iter()
            .map(|(path, value, _)| ((*path).to_owned(), vec![(*value).to_owned()]))
            .collect();
        let mut expected: Vec<(String, String)> = row
            .iter()
            .filter(|(.., role)| !role.is_empty())
            .map(|(path, _, role)| ((*role).to_owned(), (*path).to_owned()))
            .collect();
        expected.sort();
        let mut found = pairs(list("debt"), &columns);
        found.sort();
        assert_eq!(found, expected);
    }
}

/// A list, paths with their values, and roles with their paths.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [(&'a str, &'a str)]);

#[test]
fn other_numbers_dates_and_parties_are_told_by_their_own_words() {
    let words = |text: &str| vec![format!("\"{text}\"")];
    let cases: [Case<'_>; 11] = [
        (
            "invoices",
            &[("number", "A-1"), ("corrected_invoice_number", "A-2")],
            &[("doc_number", "number"), ("original_document", "corrected_invoice_number")],
        ),
        ("debt", &[("invoice.issued_on", "2026-01-02T10:00:00Z")], &[]),
        (
            "debt",
            &[("status_transitions.paid_at", "2026-01-02T10:00:00Z")],
            &[("timestamp_paid", "status_transitions.paid_at")],
        ),
        ("scheduled", &[("tenant_history.iban", "ES9121000418450200051332")], &[]),
        ("scheduled", &[("payee", "Ann Ash")], &[("beneficiary", "payee")]),
        (
            "debt",
            &[("payment_date", "2026-01-03"), ("payment_due_date", "2026-01-02")],
            &[("due_date", "payment_due_date"), ("timestamp_paid", "payment_date")],
        ),
        ("scheduled", &[("hold_reason", "missing_details")], &[("status", "hold_reason")]),
        (
            "scheduled",
            &[("properties.payee", "Ann Ash"), ("properties.booking_id", "BK123456")],
            &[("booking_id", "properties.booking_id"), ("beneficiary", "properties.payee")],
        ),
        ("debt", &[("timeline.invoice.issued_at", "2026-01-02T10:00:00Z")], &[]),
        ("debt", &[("lifecycle.booking.cancelled_at", "2026-01-02T10:00:00Z")], &[]),
        (
            "scheduled",
            &[("payee", "Ann Ash"), ("contactName", "Ash Homes")],
            &[("account_name", "contactName"), ("beneficiary", "payee")],
        ),
    ];
    for (key, columns, expected) in cases {
        let columns: Vec<Column> =
            columns.iter().map(|(path, value)| ((*path).to_owned(), words(value))).collect();
        let found = pairs(list(key), &columns);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(role, path)| (role.as_str(), path.as_str())).collect();
        assert_eq!(found, expected);
    }
}
