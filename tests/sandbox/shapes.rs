//! Every shape serves what the usual one does, under other names where no document gives them.

use crate::http::{booking, get, rows, sandbox};
use serde_json::{Value, json};
use strum::VariantArray;
use valora::list::{debt, penalties};
use valora::sandbox::{Sandbox, Shape, Special};

const LISTS: [&str; 5] =
    ["transactions", "transactions/scheduled", "invoices", "penalties", "debtors"];

async fn in_shape(shape: Shape) -> Sandbox {
    sandbox(|options| options.shape = shape).await
}

fn unusual() -> impl Iterator<Item = Shape> {
    Shape::all().filter(|shape| *shape != Shape::default())
}

/// The fields that some shapes add to the rows.
const ADDED: [&str; 17] = [
    "IsManual",
    "FeeRate",
    "VatRate",
    "InterestRate",
    "Meta",
    "Retries",
    "Lines",
    "Reminders",
    "ArchivedAt",
    "object",
    "self",
    "payout_url",
    "lock_version",
    "emailed",
    "line_items_count",
    "reminders_sent",
    "updated_by",
];

/// The values that a JSON value holds, sorted: names, nesting and order do not matter, nor do case,
/// a time at midnight and whether an integer is a text.
fn leaves(value: &Value) -> Vec<String> {
    fn collect(value: &Value, all: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter().filter(|(name, _)| !ADDED.contains(&name.as_str()));
                fields.for_each(|(_, field)| collect(field, all));
            }
            Value::Array(rows) => rows.iter().for_each(|row| collect(row, all)),
            Value::String(text) => {
                let text = text.to_lowercase();
                all.push(text.split("t00:00:00").next().unwrap_or_default().to_owned());
            }
            leaf => all.push(leaf.to_string()),
        }
    }
    let mut all = Vec::new();
    collect(value, &mut all);
    all.sort_unstable();
    all
}

/// The objects at any depth that have a field, in the order of their text; without the status, which
/// the group can be.
fn having(value: &Value, field: &str) -> Vec<String> {
    let mut all: Vec<String> = match value {
        Value::Object(fields) if fields.contains_key(field) => {
            let mut rest = fields.clone();
            rest.remove("status");
            vec![Value::Object(rest).to_string()]
        }
        Value::Object(fields) => fields.values().flat_map(|value| having(value, field)).collect(),
        Value::Array(rows) => rows.iter().flat_map(|row| having(row, field)).collect(),
        _ => Vec::new(),
    };
    all.sort_unstable();
    all
}

#[tokio::test]
async fn rows_keep_every_value_and_documented_rows_their_names() {
    let usual = in_shape(Shape::default()).await;
    for list in LISTS {
        let expected = rows(&usual, list, "").await;
        for shape in unusual() {
            let found = rows(&in_shape(shape).await, list, "").await;
            if ["transactions", "penalties"].contains(&list) {
                assert!(found == expected, "{shape} {list}");
                continue;
            }
            assert_eq!(found.len(), expected.len(), "{shape} {list}");
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(leaves(found), leaves(expected), "{shape} {list}");
            }
        }
    }
}

#[tokio::test]
async fn filters_pages_and_the_connection_test_are_those_of_the_usual_shape() {
    let usual = in_shape(Shape::default()).await;
    let reference = usual.known().one(Special::Balanced).to_owned();
    let mut targets = vec![
        "transactions/scheduled?status=upcoming&due_date_from=2026-05-10".to_owned(),
        "transactions/scheduled?currency=GBP&per_page=7&page=2".to_owned(),
        "transactions/scheduled?search=an".to_owned(),
        "invoices?doc_type=Credit+Note&amount_from=20&issue_date_to=2026-04-01".to_owned(),
        format!("invoices?booking_id={reference}"),
        "debtors?status=overdue&debt_type=other".to_owned(),
        format!("debtors?reference_id={reference}"),
        "debtors?status=lost".to_owned(),
        "invoices?search=nobody-at-all".to_owned(),
    ];
    targets.extend(LISTS.map(|list| format!("{list}?test=connection")));
    for shape in unusual() {
        let sandbox = in_shape(shape).await;
        for target in &targets {
            let (expected, found) = (get(&usual, target).await, get(&sandbox, target).await);
            assert_eq!(found.0, expected.0, "{shape} {target}");
            assert_eq!(found.1["pagination"], expected.1["pagination"], "{shape} {target}");
            assert_eq!(leaves(&found.1), leaves(&expected.1), "{shape} {target}");
        }
    }
}

/// Without the signs, which the contract leaves open for credit notes, and with the statuses that
/// only groups have.
fn unsigned(value: &Value) -> Vec<String> {
    let all = leaves(value).into_iter().chain(statuses(value));
    let mut all: Vec<String> = all.map(|leaf| leaf.trim_start_matches('-').to_owned()).collect();
    all.sort_unstable();
    all
}

/// The status of each row that stands under it and has none of its own.
fn statuses(value: &Value) -> Vec<String> {
    let all = value.as_object().into_iter().flatten().flat_map(|(key, value)| {
        let status = key.to_lowercase();
        let is_status = [penalties::STATUSES, debt::STATUSES].concat().contains(&key.as_str());
        let rows = value.as_array().filter(|_| is_status).into_iter().flatten();
        let bare = rows.filter(|row| !leaves(row).contains(&status)).map(|_| status.clone());
        bare.chain(statuses(value)).collect::<Vec<_>>()
    });
    all.collect()
}

#[tokio::test]
async fn a_conciliation_holds_the_same_rows_and_what_is_documented_where_it_is_documented() {
    let usual = in_shape(Shape::default()).await;
    let known = usual.known();
    for shape in unusual() {
        let sandbox = in_shape(shape).await;
        for special in Special::VARIANTS {
            let reference = known.one(*special);
            let expected = booking(&usual, reference).await;
            let found = booking(&sandbox, reference).await;
            assert_eq!(unsigned(&found), unsigned(&expected), "{shape} {special:?}");
            for field in ["bank_account", "timestamp_waived"] {
                assert_eq!(having(&found, field), having(&expected, field), "{shape} {special:?}");
            }
            assert_eq!(found["reference"], expected["reference"]);
            for (name, total) in expected["totals"].as_object().unwrap() {
                let own = found["totals"][name].as_i64().unwrap();
                let total = total.as_i64().unwrap();
                let is_open = name == "credit_notes_gross" && own == -total;
                assert!(own == total || is_open, "{shape} {special:?} {name}");
            }
            let invoices = found["invoicing"]["invoices"].as_array().unwrap();
            let expected = expected["invoicing"]["invoices"].as_array().unwrap();
            assert_eq!(invoices.len(), expected.len(), "{shape} {special:?}");
            for (invoice, expected) in invoices.iter().zip(expected) {
                for field in "document_id doc_type invoice_to issue_date amount_net amount_gross \
                              currency"
                    .split(' ')
                {
                    assert_eq!(invoice[field], expected[field], "{shape} {special:?} {field}");
                }
            }
        }
    }
}

#[tokio::test]
async fn rows_have_the_names_of_their_shape() {
    let usual = rows(&in_shape(Shape::default()).await, "transactions/scheduled", "").await;
    for (shape, reference, amount) in [
        ("words", "/reference", "/amount_gross"),
        ("camel", "/bookingReference", "/amountInCents"),
        ("nested", "/booking/reference", "/money/amount"),
        ("german", "/buchung", "/betrag"),
        ("french", "/dossier/ref_resa", "/montant/centimes"),
    ] {
        let sandbox = in_shape(shape.parse().unwrap()).await;
        let found = rows(&sandbox, "transactions/scheduled", "").await;
        assert_eq!(found[0].pointer(reference), usual[0].get("booking_id"), "{shape}");
        assert_eq!(found[0].pointer(amount), usual[0].get("amount"), "{shape}");
    }
}

#[tokio::test]
async fn values_are_written_and_fields_added_as_the_table_says() {
    let usual = rows(&in_shape(Shape::default()).await, "transactions/scheduled", "").await;
    let pascal =
        rows(&in_shape("pascal".parse().unwrap()).await, "transactions/scheduled", "").await;
    for (usual, pascal) in usual.iter().zip(&pascal) {
        let text = |name: &str| usual[name].as_str().unwrap();
        assert_eq!(pascal["StatusCode"], text("status").to_uppercase());
        assert_eq!(pascal["CurrencyCode"], text("currency").to_lowercase());
        assert_eq!(pascal["DueOn"], format!("{}T00:00:00Z", text("due_date")));
        assert_eq!(pascal["AmountMinor"], usual["amount"].to_string());
        let id = text("id");
        let added = json!([false, {"Source": "api", "Batch": 7}, {id: {"State": "none"}}, null]);
        let found = ["IsManual", "Meta", "Retries", "ArchivedAt"].map(|name| &pascal[name]);
        assert_eq!(json!(found), added);
        assert_eq!(pascal["FeeRate"].to_string(), "0.2100");
    }
}

#[tokio::test]
async fn sections_are_nested_grouped_and_signed_as_the_table_says() {
    let body = async |name: &str| {
        let sandbox = in_shape(name.parse().unwrap()).await;
        booking(&sandbox, sandbox.known().one(Special::Balanced)).await
    };
    let (usual, words) = (body("usual").await, body("words").await);
    let (camel, nested, german) = (body("camel").await, body("nested").await, body("german").await);
    let length = |value: &Value| value.as_array().unwrap().len();
    assert_eq!(words["payouts"]["data"], usual["transactions"]);
    for (status, fines) in body("terse").await["pens"].as_object().unwrap() {
        assert!(length(fines) > 0 && fines[0]["status"] == *status);
    }
    for fines in words["fines"].as_object().unwrap().values() {
        assert!(length(fines) > 0 && fines[0].get("status").is_none());
    }
    for (month, payouts) in camel["completedTransactions"].as_object().unwrap() {
        assert!(
            length(payouts) > 0 && payouts[0]["issued_on"].as_str().unwrap().starts_with(month)
        );
    }
    assert_eq!(nested["payments"]["transactions"], usual["transactions"]);
    assert_eq!(german["data"]["strafen"], usual["penalties"]);
    let credit = usual["invoicing"]["credit_notes"][0]["amount_gross"].as_i64().unwrap();
    let total = usual["totals"]["credit_notes_gross"].as_i64().unwrap();
    assert_eq!(camel["invoicing"]["creditNotes"][0]["grossAmountInCents"], -credit);
    assert_eq!(nested["documents"]["credit_notes"][0]["money"]["gross"], credit);
    assert_eq!(german["data"]["gutschriften"][0]["bruttobetrag"], -credit);
    let totals = [&words, &camel, &nested, &german].map(|it| &it["totals"]["credit_notes_gross"]);
    assert_eq!(json!(totals), json!([total, -total, -total, total]));
}

#[tokio::test]
async fn faults_and_hostile_data_act_on_every_shape() {
    for shape in unusual() {
        let faults = ["null:invoices:1", "huge-string:debtors:1", "500:conciliation/booking:1"];
        let sandbox = sandbox(|options| {
            options.shape = shape;
            options.hostile = true;
            options.faults = faults.map(|fault| fault.parse().unwrap()).into();
        })
        .await;
        assert_eq!(get(&sandbox, "invoices").await.1["data"], Value::Null, "{shape}");
        assert!(get(&sandbox, "debtors").await.1.to_string().len() > 4 << 20, "{shape}");
        let target = format!("conciliation/booking?booking_id={}", sandbox.known().references[0]);
        assert_eq!(get(&sandbox, &target).await.0, 500, "{shape}");
        for reference in sandbox.known().references.iter().take(30) {
            assert_eq!(booking(&sandbox, reference).await["reference"], **reference, "{shape}");
        }
        for list in LISTS {
            assert!(!rows(&sandbox, list, "").await.is_empty(), "{shape} {list}");
        }
    }
}

#[test]
fn the_program_refuses_an_unknown_shape_and_names_those_that_there_are() {
    for command in ["sandbox", "demo"] {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_valora"));
        let output = program.args([command, "--shape", "round"]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(Shape::all().all(|shape| said.contains(shape.name())), "{said}");
    }
}
