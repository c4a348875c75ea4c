//! Recognizing sections by their rows.

use serde_json::{Value, json};

use super::super::{Place, find};
use super::*;
use crate::list::{penalties, transactions};

const FINE: (Role, usize) = (Role::Penalties, 1);
const PAID: (Role, usize) = (Role::Transactions, 1);
const CREDIT: (Role, usize) = (Role::CreditNotes, 1);
const OWED: (Role, usize) = (Role::Debt, 1);

fn penalty() -> Value {
    serde_json::from_str(penalties::SPEC.sample).unwrap()
}

fn payout() -> Value {
    serde_json::from_str(transactions::SPEC.sample).unwrap()
}

fn note() -> Value {
    json!([{"class": {"kind": "CREDIT_NOTE"}, "sum": 1}])
}

fn debt(of: &str) -> Value {
    json!([{"stage": "overdue", "why": of, "sum": 1}])
}

/// The sections with rows, and their number of rows.
fn found(body: &Value) -> Vec<(Role, usize)> {
    let body = body.to_string();
    let found = find(&body).unwrap();
    let count = |role: Role| match &found.sections[role as usize] {
        Place::Rows(rows) if !rows.is_empty() => Some((role, rows.len())),
        _ => None,
    };
    RECOGNIZABLE.into_iter().filter_map(count).collect()
}

fn check(cases: impl IntoIterator<Item = (Value, Vec<(Role, usize)>)>) {
    for (mut body, expected) in cases {
        body.as_object_mut().unwrap().entry("totals").or_insert_with(|| json!({}));
        assert_eq!(found(&body), expected, "{body}");
    }
}

#[test]
fn rows_are_recognized_under_any_key_that_can_name_the_complete_section() {
    let (penalty, payout) = (penalty(), payout());
    let (own, other) = (debt("invoices_not_paid"), debt("other"));
    let both = json!([own[0], other[0]]);
    let note = note();
    check([
        (json!({"charges": penalty, "moved": payout}), vec![FINE, PAID]),
        (json!({"extras": {"charges": {"notify": penalty}}}), vec![FINE]),
        (json!({"extras": {"charges": penalty, "credits": []}}), vec![FINE]),
        (json!({"cancellation_penalties": penalty, "bank_moves": payout}), vec![FINE, PAID]),
        (json!({"charges": {"2026-03": penalty}, "moved": {"data": payout}}), vec![FINE, PAID]),
        (json!({"rectifications": note, "obligations": own}), vec![CREDIT, OWED]),
        (json!({"obligations": {"mine": own, "yours": other}}), vec![(Role::Debt, 2)]),
        (json!({"openBalances": {"data": own}}), vec![OWED]),
        (json!({"obligations": both, "charges": []}), vec![(Role::Debt, 2)]),
        // All of these rows are in a group that could be the name of a part.
        (json!({"charges": {"paid": penalty, "waived": penalty}}), vec![(Role::Penalties, 2)]),
        (json!({"charges": {"paid": penalty, "mine": penalty}}), vec![(Role::Penalties, 2)]),
        (
            json!({"charges": [penalty[0], penalty[0], penalty[0], penalty[0], null]}),
            vec![(Role::Penalties, 5)],
        ),
        (json!({"adjustments": other, "moved": [{"amount": 1, "currency": "EUR"}]}), vec![]),
    ]);
}

#[test]
fn a_possible_part_is_not_the_section() {
    let (penalty, payout) = (penalty(), payout());
    let scheduled = json!([{"booking_id": "BK1", "amount": 1, "currency": "EUR", "type": "a",
        "beneficiary": "b", "bank_account": "c", "due_date": "2026-01-01"}]);
    let bare = json!([{"booking_id": "BK1", "amount": 1, "currency": "EUR", "beneficiary": "b"}]);
    let mut like = penalty[0].clone();
    like.as_object_mut().unwrap().remove("timestamp_notify");
    check([
        (json!({"charges": penalty, "extras": penalty}), vec![]),
        (json!({"paid_penalties": penalty, "failed_payments": payout}), vec![]),
        (json!({"settled": penalty, "old": {"charges": penalty}}), vec![]),
        (json!({"charges": penalty, "archived_charges": penalty}), vec![]),
        (json!({"charges": {"cancellation": penalty, "other": [{}]}}), vec![FINE]),
        (json!({"next_payouts": payout, "pagos_programados": payout}), vec![]),
        (json!({"moves": scheduled}), vec![]),
        (json!({"landlord_payouts": payout, "customer_payouts": payout}), vec![]),
        (json!({"landlord_payouts": payout, "tenant_payouts": bare}), vec![]),
        (json!({"charges": {"march": penalty, "april": [like]}}), vec![]),
        (json!({"cargos_pagados": penalty}), vec![]),
    ]);
}

#[test]
fn other_rows_are_ignored_and_a_known_name_wins() {
    let (penalty, payout) = (penalty(), payout());
    let (own, other) = (debt("invoices_not_paid"), debt("other"));
    let both = json!([own[0], other[0]]);
    let note = note();
    check([
        (
            json!({"extras": {"charges": [penalty[0], penalty[0]], "more": [{"why": "x", "amount": 5}]}}),
            vec![(Role::Penalties, 2)],
        ),
        (json!({"emails": [{"template": "credit_note", "sent": 1}]}), vec![]),
        (json!({"documents": [{"type": "Credit Note", "url": "https://x"}]}), vec![]),
        (json!({"totals": {"by_type": [{"type": "Credit Note", "gross": -5}]}}), vec![]),
        // A value with a known name is not another section.
        (json!({"transactions": [{"type": "Credit Note", "amount": 5}]}), vec![PAID]),
        (
            json!({"transactions": [{"status": "paid", "why": "transfers_badly_made", "amount": 1}]}),
            vec![PAID],
        ),
        (json!({"outstanding_balance": {"amount": 5}, "obligations": own}), vec![OWED]),
        (json!({"issued_credits": {"amount": 5}}), vec![]),
        (
            json!({"issued_credits": [{"number": "CN-1", "gross": -5}, {"number": "CN-2", "gross": -5}],
                "timeline": [{"type": "credit_note", "amount": 5}]}),
            vec![(Role::CreditNotes, 2)],
        ),
        (
            json!({"payments_made": {"items": [{"id": 1, "sum": 5}], "charges": penalty}}),
            vec![PAID],
        ),
        (json!({"movements": {"data": payout, "charges": penalty}}), vec![FINE, PAID]),
        (
            json!({"movements": {"data": [payout[0], payout[0]], "charges": penalty}}),
            vec![FINE, (Role::Transactions, 2)],
        ),
        (json!({"issued_credits": note, "applied_credits": []}), vec![CREDIT]),
        // A known name wins, unless its value is empty.
        (json!({"penalties": [], "charges": penalty}), vec![]),
        (json!({"penalties": null, "charges": penalty}), vec![FINE]),
        (json!({"payouts": {"items": payout, "charges": penalty}}), vec![PAID]),
        (json!({"outstanding_balance": {"amount": 5}, "arrears": both}), vec![(Role::Debt, 2)]),
    ]);
}
