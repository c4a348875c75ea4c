//! Rows are in the same sections however a body is arranged, and nothing is lost.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::conciliation::others::Other;
use crate::conciliation::{Conciliation, Figure, Role, SECTIONS};
use crate::list::record::Record;

const SPELLINGS: [&[&str]; SECTIONS.len()] = [
    &["invoices", "Invoices", "invoice_list", "bills", "INVOICES", "Rechnungen"],
    &["credit_notes", "creditNotes", "credit-notes", "Credit Notes", "creditnotes", "refundNotes"],
    &["penalties", "Penalty", "fines", "penaltyList", "booking_penalties"],
    &["debt", "debtors", "Debts", "outstandingDebt", "arrears", "debtRecords"],
    &["transactions", "Transfers", "payouts", "transaction_list", "bank-transfers"],
];
const TOTALS: [&[&str]; SECTIONS.len()] = [
    &["invoices_gross", "invoicesGross", "bills gross"],
    &["credit_notes_gross", "creditNotesGross", "Credit-Notes-Gross"],
    &["penalties_gross", "penaltyGross", "fines_amount"],
    &["debt", "debts", "total_debt"],
    &["transactions_made", "transactionsMade", "payouts_amount"],
];
const PARENTS: [&str; 5] = ["", "", "invoicing", "payments", "finance"];

#[derive(Debug, Clone)]
struct Arrangement {
    name: usize,
    total: usize,
    parent: usize,
    shape: usize,
    rows: usize,
}

fn arrangement() -> impl Strategy<Value = Arrangement> {
    (0..6usize, 0..3usize, 0..PARENTS.len(), 0..7usize, 0..5usize).prop_map(
        |(name, total, parent, shape, rows)| Arrangement { name, total, parent, shape, rows },
    )
}

fn rows(role: Role, count: usize) -> Vec<Value> {
    let row =
        |at: usize| json!({"unknown": format!("{role:?}-{at}"), "amount": at, "amount_gross": at});
    (0..count).map(row).collect()
}

/// The rows in one of the shapes, with a value that is not a row if the shape has one.
fn shaped(rows: Vec<Value>, shape: usize, mark: &str) -> Value {
    let half = rows.len() / 2;
    let (one, other) = rows.split_at(half);
    match shape {
        1 => json!({"items": rows, "meta": {"mark": mark}}),
        2 => json!({"pending": one, "notify": other, "mark": mark}),
        3 => json!({"2025-11": one, "2025-12": other}),
        4 => json!({"2025": {"11": one}, "2026": {"01": other, "02": []}}),
        5 if !rows.is_empty() => {
            let indexed = rows.into_iter().enumerate().map(|(at, row)| (at.to_string(), row));
            Value::Object(indexed.collect())
        }
        6 if rows.len() == 1 => rows.into_iter().next().unwrap_or_default(),
        _ => Value::Array(rows),
    }
}

fn body(all: &[Arrangement], wrap: usize) -> String {
    let mut body = Map::new();
    let mut totals = Map::new();
    for (kind, (names, arrangement)) in SECTIONS.iter().zip(SPELLINGS.iter().zip(all)) {
        let name = names[arrangement.name % names.len()];
        let total = TOTALS[kind.role as usize][arrangement.total];
        totals.insert(total.to_owned(), json!(kind.role as usize + 100));
        let rows = rows(kind.role, arrangement.rows);
        let shaped = shaped(rows, arrangement.shape, &format!("mark of {:?}", kind.role));
        let parent = PARENTS[arrangement.parent];
        if parent.is_empty() {
            body.insert(name.to_owned(), shaped);
        } else {
            let parent = body.entry(parent).or_insert_with(|| json!({}));
            parent[name] = shaped;
        }
    }
    body.insert("totals".to_owned(), Value::Object(totals));
    body.insert("leftover".to_owned(), json!({"adjustments": [{"why": "left over"}], "n": null}));
    match wrap {
        1 => json!({"message": "ok", "data": body}),
        2 => json!([body]),
        3 => json!({"data": [body]}),
        _ => Value::Object(body),
    }
    .to_string()
}

fn marks(rows: &[Record]) -> Vec<String> {
    let field = |row: &Record, name: &str| {
        let pair = row.unknown().find(|(key, _)| key.expose_raw() == name);
        pair.map(|(_, json)| json.expose_raw().trim_matches('"').to_owned())
    };
    let mut marks: Vec<String> = rows.iter().filter_map(|row| field(row, "unknown")).collect();
    marks.sort();
    marks
}

proptest! {
    #[test]
    fn any_arrangement_has_the_same_rows_in_the_same_sections_and_loses_nothing(
        all in proptest::collection::vec(arrangement(), SECTIONS.len()),
        wrap in 0..4usize,
    ) {
        let body = body(&all, wrap);
        let booking = Conciliation::read("BK1", &body).expect(&body);
        for (kind, arrangement) in SECTIONS.iter().zip(&all) {
            let expected = marks(&rows(kind.role, arrangement.rows)
                .iter()
                .map(|row| Record::read(kind.spec, &row.to_string()))
                .collect::<Vec<_>>());
            prop_assert_eq!(marks(booking.rows(kind.role)), expected, "{}", &body);
            let total = Figure::Minor(kind.role as i64 + 100);
            prop_assert_eq!(booking.total(kind.total), Some(&total), "{}", &body);
        }
        let left: Vec<String> = booking.others.iter().flat_map(Other::lines).collect();
        let mut expected = 2;
        prop_assert!(left.contains(&"why: left over".to_owned()), "{:?}", &left);
        prop_assert!(left.contains(&"leftover.n: null".to_owned()), "{:?}", &left);
        for (kind, arrangement) in SECTIONS.iter().zip(&all) {
            if matches!(arrangement.shape, 1 | 2) {
                let mark = format!("mark: mark of {:?}", kind.role);
                prop_assert!(left.iter().any(|line| line.ends_with(&mark)), "{:?} {}", &left, &body);
                expected += 1;
            }
        }
        prop_assert_eq!(left.len(), expected, "{:?} {}", &left, &body);
    }
}
