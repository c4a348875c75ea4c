//! The data as a whole: deterministic, complete in its kinds, and plausible.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::http::{ask, get, rows, sandbox};
use serde_json::Value;

fn values(rows: &[Value], field: &str) -> BTreeSet<String> {
    rows.iter().filter_map(|row| row[field].as_str().map(str::to_owned)).collect()
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[tokio::test]
async fn a_seed_and_a_day_give_the_same_data_and_another_seed_other_data() {
    let mut bodies = Vec::new();
    for seed in [7, 7, 8] {
        let sandbox = sandbox(|options| options.seed = seed).await;
        let mut all = sandbox.token().as_bytes().to_vec();
        for list in ["transactions", "transactions/scheduled", "invoices", "penalties", "debtors"] {
            all.extend(ask(&sandbox, &format!("{list}?per_page=500")).await.body);
        }
        bodies.push((all, sandbox.known()));
    }
    assert!(bodies[0] == bodies[1]);
    assert!(bodies[0].0 != bodies[2].0 && bodies[0].1 != bodies[2].1);
}

#[tokio::test]
async fn every_kind_of_record_occurs_for_any_seed_and_day() {
    for (seed, day) in [(1, "2026-05-03"), (2, "2024-02-29"), (99, "2026-01-01")] {
        let sandbox = sandbox(|options| {
            options.seed = seed;
            options.today = day.parse().unwrap();
        })
        .await;
        let waiting = rows(&sandbox, "transactions/scheduled", "").await;
        let nine = set(&[
            "upcoming",
            "delayed",
            "blocked",
            "missing_iban",
            "missing_details",
            "has_debt",
            "blocked_missing_details",
            "blocked_missing_iban",
            "blocked_account_debtor",
        ]);
        assert_eq!(values(&waiting, "status"), nine);
        let penalties = rows(&sandbox, "penalties", "").await;
        let five = set(&["pending", "notify", "paid", "waived", "settled"]);
        assert_eq!(values(&penalties, "status"), five);
        let debts = rows(&sandbox, "debtors", "").await;
        let six = set(&["pending", "overdue", "paid", "settled", "written_off", "voided"]);
        assert_eq!(values(&debts, "status"), six);
        assert_eq!(values(&debts, "debt_type").len(), 4);
        let paid = rows(&sandbox, "transactions", "").await;
        let eight = set(&["EUR", "GBP", "PLN", "CZK", "HUF", "AED", "TRY", "CAD"]);
        assert_eq!(values(&paid, "currency"), eight);
        assert!(values(&paid, "issued_on").iter().all(|issued| issued.as_str() <= day));
        let known = sandbox.known();
        assert_eq!((known.transactions, known.debts), (paid.len(), debts.len()));
        assert!((2_000..=3_500).contains(&known.transactions), "{}", known.transactions);
        assert!((40..=70).contains(&known.penalties), "{}", known.penalties);
        assert!((35..=70).contains(&known.debts), "{}", known.debts);
        assert!(known.scheduled >= 150 && known.invoices >= 400);
    }
}

/// ISO 7064: the rearranged number, letters as two digits, leaves 1 modulo 97.
fn iban_holds(iban: &str) -> bool {
    let (front, number) = iban.split_at(4);
    let rest = format!("{number}{front}").chars().fold(0, |rest, sign| {
        let value = sign.to_digit(36).unwrap();
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    });
    rest == 1
}

#[tokio::test]
async fn accounts_and_penalties_are_coherent() {
    let sandbox = sandbox(|_| ()).await;
    let paid = rows(&sandbox, "transactions", "").await;
    let ibans = values(&paid, "bank_account");
    assert!(ibans.iter().all(|iban| iban_holds(iban)));
    let countries: BTreeSet<_> = ibans.iter().map(|iban| iban.get(..2)).collect();
    assert!(countries.len() >= 10);
    assert!(paid.iter().all(|row| row["amount"].as_i64() > Some(0)));
    let known = sandbox.known();
    let unique: BTreeSet<_> = known.references.iter().collect();
    assert_eq!(unique.len(), known.references.len());
    for row in rows(&sandbox, "penalties", "").await {
        let status = row["status"].as_str().unwrap();
        for end in ["notify", "paid", "waived", "settled"] {
            let expected = end == status || (end == "notify" && status != "pending");
            assert_eq!(row[format!("timestamp_{end}")].is_string(), expected, "{row}");
        }
        if status == "settled" {
            let other = row["settled_booking"].as_str().unwrap();
            assert!(known.references.iter().any(|known| known == other));
            assert_ne!(other, row["booking_id"]);
            let [original, left, amount] = ["original_booking_amount", "final_amount", "amount"]
                .map(|field| row[field].as_i64().unwrap());
            assert_eq!(original - amount, left);
            let paid = paid.iter().filter(|row| row["booking_id"] == other);
            assert!(paid.into_iter().any(|row| row["amount"] == left), "{row}");
        }
        if let Some(rate) = row["rate_to_eur"].as_str() {
            assert_eq!(rate.split_once('.').unwrap().1.len(), 10);
            assert_eq!(rate == "1.0000000000", row["currency"] == "EUR");
            assert!(row["currency"] != "EUR" || row["amount"] == row["amount_eur"]);
        }
    }
}

#[tokio::test]
async fn credit_notes_point_at_an_invoice_of_the_same_booking() {
    let sandbox = sandbox(|_| ()).await;
    let documents = rows(&sandbox, "invoices", "").await;
    let gross = |row: &Value| row["amount_gross"].as_i64().unwrap();
    let invoices: HashMap<_, _> = documents
        .iter()
        .filter(|row| row["doc_type"] == "Invoice")
        .map(|row| (row["doc_number"].as_str().unwrap(), row))
        .collect();
    let mut credited = BTreeMap::new();
    for credit in documents.iter().filter(|row| row["doc_type"] == "Credit Note") {
        let original = invoices[credit["original_document"].as_str().unwrap()];
        assert_eq!(original["booking_id"], credit["booking_id"]);
        assert!(gross(credit) <= gross(original) && gross(credit) > 0);
        *credited.entry(original["doc_number"].as_str().unwrap()).or_insert(0) += 1;
    }
    assert!(credited.len() > 30);
}

#[tokio::test]
async fn as_many_rows_are_made_up_as_were_asked_for() {
    let sandbox = sandbox(|options| options.rows = Some(20_000)).await;
    assert!(sandbox.known().transactions >= 20_000);
    let (status, body) = get(&sandbox, "transactions?page=150").await;
    assert_eq!((status, body["data"].as_array().unwrap().len()), (200, 100));
}

#[tokio::test]
async fn hostile_rows_are_well_formed_json_with_everything_in_it() {
    let sandbox = sandbox(|options| options.hostile = true).await;
    let mut text = String::new();
    for page in 1..=4 {
        let reply = ask(&sandbox, &format!("transactions?per_page=500&page={page}")).await;
        let body = reply.json();
        assert_eq!(body["data"].as_array().unwrap().len(), 500);
        text.push_str(&body.to_string());
        let again = ask(&sandbox, &format!("transactions?per_page=500&page={page}")).await;
        assert_eq!(again.body, reply.body);
    }
    let signs = ["\\u001b[2J", "\u{202e}", "\u{200b}", "\\t", "=HYPERLINK", "javascript:"];
    for sign in signs.iter().chain(&["fraud_score", "quantum_hold", "0000-99-99", "WWWWWWWW"]) {
        assert!(text.contains(sign), "{sign}");
    }
    let reference = &sandbox.known().references[0];
    assert_eq!(get(&sandbox, &format!("conciliation/booking?booking_id={reference}")).await.0, 200);
}

#[tokio::test]
async fn overnight_nothing_changes_but_what_falls_due() {
    let day: chrono::NaiveDate = "2026-11-20".parse().unwrap();
    for days in [1, 2, 27] {
        let later = day + chrono::TimeDelta::days(days);
        let before = sandbox(|options| options.today = day).await;
        let after = sandbox(|options| {
            (options.stories_of, options.today) = (Some(day), later);
        })
        .await;
        for list in ["invoices", "penalties"] {
            assert_eq!(rows(&before, list, "").await, rows(&after, list, "").await, "{list}");
        }
        let is_due = |row: &Value| row["due_date"].as_str() <= Some(&later.to_string());
        let scheduled = rows(&before, "transactions/scheduled", "").await;
        let (due, waiting): (Vec<Value>, Vec<Value>) =
            scheduled.into_iter().partition(|row| row["status"] == "upcoming" && is_due(row));
        assert!(days == 1 || !due.is_empty());
        assert_eq!(rows(&after, "transactions/scheduled", "").await, waiting);
        let mut paid = rows(&after, "transactions", "").await;
        let known = rows(&before, "transactions", "").await;
        paid.retain(|row| !known.contains(row));
        assert_eq!(paid.len(), due.len());
        for row in &paid {
            let is_it = |it: &&Value| {
                ["booking_id", "amount", "currency"].iter().all(|name| it[name] == row[name])
                    && it["due_date"] == row["issued_on"]
            };
            assert!(due.iter().any(|it| is_it(&it)), "{row}");
        }
        let mut debts = rows(&before, "debtors", "").await;
        for debt in debts.iter_mut().filter(|row| row["status"] == "pending") {
            if debt["due_date"].as_str() < Some(&later.to_string()) {
                debt["status"] = "overdue".into();
            }
        }
        assert_eq!(rows(&after, "debtors", "").await, debts);
    }
}
