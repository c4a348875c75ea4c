//! Every known kind of booking exists and is what it is said to be.

use std::collections::{BTreeMap, BTreeSet};

use crate::http::{booking, sandbox, sum};
use serde_json::Value;
use strum::VariantArray;
use valora::sandbox::Sandbox;
use valora::sandbox::Special;

/// What each total is off by against all rows of its section, where it is.
fn differences(body: &Value) -> BTreeMap<&'static str, i64> {
    let invoicing = &body["invoicing"];
    let sums = [
        ("transactions_made", sum(&body["transactions"], "amount")),
        ("invoices_gross", sum(&invoicing["invoices"], "amount_gross")),
        ("credit_notes_gross", sum(&invoicing["credit_notes"], "amount_gross")),
        ("penalties_gross", sum(&body["penalties"], "amount")),
        ("debt", sum(&body["debt"], "amount")),
    ];
    let total = |name: &str| body["totals"][name].as_i64().unwrap();
    let off = sums.into_iter().map(|(name, sum)| (name, total(name) - sum));
    off.filter(|(_, off)| *off != 0).collect()
}

async fn of(sandbox: &Sandbox, special: Special) -> Value {
    booking(sandbox, sandbox.known().one(special)).await
}

fn amounts(body: &Value) -> Vec<i64> {
    let rows = body["transactions"].as_array().unwrap();
    rows.iter().map(|row| row["amount"].as_i64().unwrap()).collect()
}

fn currencies(body: &Value) -> BTreeSet<String> {
    let text = body.to_string();
    let parts = text.split("\"currency\":\"").skip(1);
    parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn all_bookings_reconcile_but_those_known_not_to() {
    let sandbox = sandbox(|_| ()).await;
    let known = sandbox.known();
    let odd: Vec<&str> = [
        Special::TotalWithoutWaived,
        Special::TotalWithoutCancelled,
        Special::TotalOnlyOpenDebt,
        Special::OutByOneRow,
        Special::CountedTwice,
        Special::SignTurned,
        Special::DigitsSwapped,
        Special::OutInTwoRows,
        Special::SectionMissing,
        Special::SectionNull,
        Special::SectionObject,
        Special::SectionRenamed,
        Special::SectionMoved,
        Special::AmountAsString,
    ]
    .into_iter()
    .flat_map(|kind| known.all(kind))
    .collect();
    assert!(known.references.len() >= 400);
    let mut several = Vec::new();
    for reference in &known.references {
        if odd.contains(&reference.as_str()) {
            continue;
        }
        let body = booking(&sandbox, reference).await;
        assert_eq!(body["reference"], *reference);
        assert!(differences(&body).is_empty(), "{body}");
        let count = body["transactions"].as_array().unwrap().len();
        assert_eq!(body["totals"]["transactions"], count);
        if currencies(&body).len() > 1 {
            several.push(reference.as_str());
        }
    }
    assert_eq!(several, known.all(Special::SeveralCurrencies));
}

#[tokio::test]
async fn no_check_fails_by_chance() {
    let sandbox = sandbox(|_| ()).await;
    let known = sandbox.known();
    let marked: BTreeSet<&str> = [
        Special::PaidBeforeIssued,
        Special::WaivedStillInDebt,
        Special::SameAmountAndDateTwice,
        Special::SectionMissing,
        Special::SectionNull,
        Special::SectionObject,
        Special::SectionRenamed,
        Special::SectionMoved,
    ]
    .into_iter()
    .flat_map(|kind| known.all(kind))
    .collect();
    let rest = known.references.iter().filter(|one| !marked.contains(one.as_str()));
    let mut elsewhere = BTreeSet::new();
    for reference in rest {
        let body = booking(&sandbox, reference).await;
        assert!(!paid_before_issued(&body) && !waived_in_debt(&body) && !twice(&body), "{body}");
        if body["penalties"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["settled_booking"].is_string())
        {
            elsewhere.insert(reference.as_str());
        }
    }
    assert_eq!(elsewhere, known.all(Special::SettledElsewhere).into_iter().collect());
}

fn paid_before_issued(body: &Value) -> bool {
    let texts = |rows: &Value, field: &str| -> Vec<String> {
        let rows = rows.as_array().unwrap().iter();
        rows.filter_map(|row| row[field].as_str().map(str::to_owned)).collect()
    };
    let paid = texts(&body["transactions"], "issued_on").into_iter().min();
    let issued = texts(&body["invoicing"]["invoices"], "issue_date").into_iter().max();
    let early = paid.is_some() && paid < issued;
    let penalties = body["penalties"].as_array().unwrap().iter();
    early
        || penalties.into_iter().any(|row| {
            ["paid", "waived", "settled"].iter().any(|end| {
                row[format!("timestamp_{end}")].as_str().is_some_and(|end| {
                    row["timestamp_notify"].as_str().is_none_or(|told| end <= told)
                })
            })
        })
}

fn waived_in_debt(body: &Value) -> bool {
    let debts = body["debt"].as_array().unwrap();
    body["penalties"].as_array().unwrap().iter().any(|row| {
        row["status"] == "waived"
            && debts.iter().any(|debt| debt["invoice_number"] == row["invoice_number"])
    })
}

fn twice(body: &Value) -> bool {
    let rows = body["transactions"].as_array().unwrap();
    let unique: BTreeSet<_> =
        rows.iter().map(|row| format!("{} {}", row["amount"], row["issued_on"])).collect();
    unique.len() < rows.len()
}

#[tokio::test]
async fn totals_that_differ_differ_as_they_are_said_to() {
    let sandbox = sandbox(|_| ()).await;
    let sum_of = |body: &Value, section: &str, keep: &dyn Fn(&Value) -> bool| -> i64 {
        let rows = body[section].as_array().unwrap().iter().filter(|row| keep(row));
        rows.map(|row| row["amount"].as_i64().unwrap()).sum()
    };
    let body = of(&sandbox, Special::TotalWithoutWaived).await;
    let waived = sum_of(&body, "penalties", &|row| row["status"] == "waived");
    assert_eq!(differences(&body), BTreeMap::from([("penalties_gross", -waived)]));
    let body = of(&sandbox, Special::TotalWithoutCancelled).await;
    let cancelled = sum_of(&body, "penalties", &|row| !row["cancelled_on"].is_null());
    assert_eq!(differences(&body), BTreeMap::from([("penalties_gross", -cancelled)]));
    let body = of(&sandbox, Special::TotalOnlyOpenDebt).await;
    let open = |row: &Value| row["status"] == "pending" || row["status"] == "overdue";
    let closed = sum_of(&body, "debt", &|row| !open(row));
    assert!(closed > 0 && sum_of(&body, "debt", &open) > 0);
    assert_eq!(differences(&body), BTreeMap::from([("debt", -closed)]));

    let off = |body: &Value| {
        let differences = differences(body);
        assert_eq!(differences.len(), 1);
        differences["transactions_made"]
    };
    let body = of(&sandbox, Special::OutByOneRow).await;
    assert!(amounts(&body).contains(&-off(&body)));
    let body = of(&sandbox, Special::CountedTwice).await;
    assert!(amounts(&body).contains(&off(&body)));
    let body = of(&sandbox, Special::SignTurned).await;
    assert!(off(&body) % 2 == 0 && amounts(&body).contains(&(-off(&body) / 2)));
    let body = of(&sandbox, Special::DigitsSwapped).await;
    assert!(off(&body) % 9 == 0 && !amounts(&body).contains(&off(&body).abs()));
    let body = of(&sandbox, Special::OutInTwoRows).await;
    let all = amounts(&body);
    let pair = |sum: i64| all.iter().enumerate().any(|(n, a)| all[..n].contains(&(sum - a)));
    assert!(pair(-off(&body)) && !all.contains(&-off(&body)) && off(&body) % 9 != 0);
}

#[tokio::test]
async fn bookings_that_fail_a_check_fail_just_that_one() {
    let sandbox = sandbox(|_| ()).await;
    let checks = |body: &Value| (paid_before_issued(body), waived_in_debt(body), twice(body));
    let body = of(&sandbox, Special::PaidBeforeIssued).await;
    assert_eq!(checks(&body), (true, false, false));
    let body = of(&sandbox, Special::WaivedStillInDebt).await;
    assert_eq!(checks(&body), (false, true, false));
    let body = of(&sandbox, Special::SameAmountAndDateTwice).await;
    assert_eq!(checks(&body), (false, false, true));
    let body = of(&sandbox, Special::SettledElsewhere).await;
    let penalties = body["penalties"].as_array().unwrap();
    let settled = penalties.iter().find(|row| row["status"] == "settled").unwrap();
    let other = settled["settled_booking"].as_str().unwrap();
    assert!(
        amounts(&booking(&sandbox, other).await)
            .contains(&settled["final_amount"].as_i64().unwrap())
    );
}

#[tokio::test]
async fn sections_come_in_every_shape() {
    let sandbox = sandbox(|_| ()).await;
    let body = of(&sandbox, Special::SectionMissing).await;
    assert!(body.get("penalties").is_none() && body["totals"]["penalties_gross"] != 0);
    let body = of(&sandbox, Special::SectionNull).await;
    assert!(body["debt"].is_null() && body.get("debt").is_some() && body["totals"]["debt"] != 0);
    let body = of(&sandbox, Special::SectionObject).await;
    assert_eq!(sum(&body["transactions"]["data"], "amount"), body["totals"]["transactions_made"]);
    let body = of(&sandbox, Special::SectionRenamed).await;
    assert!(body.get("debt").is_none());
    assert_eq!(sum(&body["debtors"], "amount"), body["totals"]["debt"]);
    let body = of(&sandbox, Special::SectionMoved).await;
    assert!(body["invoicing"].get("credit_notes").is_none());
    assert_eq!(sum(&body["credit_notes"], "amount_gross"), body["totals"]["credit_notes_gross"]);
    let body = of(&sandbox, Special::AmountAsString).await;
    assert!(body["transactions"][0]["amount"].as_str().unwrap().parse::<i64>().is_ok());
    assert!(body["transactions"][1]["amount"].is_i64());
    assert!(body["invoicing"]["invoices"][0]["amount_gross"].is_string());
}

#[tokio::test]
async fn every_kind_has_a_booking() {
    let sandbox = sandbox(|_| ()).await;
    let known = sandbox.known();
    assert!(Special::VARIANTS.iter().all(|special| !known.one(*special).is_empty()));
    assert!(known.all(Special::Balanced).len() > 2);
    for reference in known.all(Special::Balanced) {
        let body = booking(&sandbox, reference).await;
        for section in ["penalties", "debt", "transactions"] {
            assert!(!body[section].as_array().unwrap().is_empty());
        }
        assert!(sum(&body["invoicing"]["credit_notes"], "amount_gross") > 0);
    }
    for reference in known.all(Special::SeveralCurrencies) {
        assert!(currencies(&booking(&sandbox, reference).await).len() > 1);
    }
    assert!(amounts(&of(&sandbox, Special::HundredRows).await).len() >= 100);
    let empty = known.all(Special::EmptySections);
    let body = booking(&sandbox, empty[0]).await;
    assert!(amounts(&body).len() == 1 && body["penalties"].as_array().unwrap().is_empty());
    let body = booking(&sandbox, empty[1]).await;
    assert!(amounts(&body).is_empty() && currencies(&body).is_empty());
}
