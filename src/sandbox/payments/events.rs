//! The event store: what happened to each payment, one event after the other.

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Map, Value, json};

use super::books::{Books, Payment, id};

/// Events of one payment at most; each has so many numbers of the store to itself.
const EACH: usize = 10;
/// The kind of an installment's identifier.
const INSTALLMENT: u32 = 0x018e_1a73;

/// Events of one answer at most.
const MOST: usize = 1_000;

const DOMAIN: &str = r"Sah\Payments\Domain\Events\";
const STREAM: &str = "com.sah.payments.events.";

/// The events between two numbers, both of them included.
pub(super) fn between(books: &Books, from: usize, to: usize, has_quirks: bool) -> Value {
    let first = from.saturating_sub(1) / EACH;
    let events = books.payments.iter().skip(first).flat_map(|payment| of(payment, has_quirks));
    let is_in = |event: &Value| {
        let number = event.get("id").and_then(Value::as_str).and_then(|it| it.parse().ok());
        number.is_some_and(|number: usize| (from..=to).contains(&number))
    };
    // Behind the last number nothing follows, so that the search ends with the window.
    let reached = to / EACH + 1;
    let wanted = reached.saturating_sub(first) * EACH;
    json!({"events": events.take(wanted).filter(is_in).take(MOST).collect::<Vec<_>>()})
}

pub(super) fn stream(payment: &Payment, has_quirks: bool) -> Value {
    json!({"events": of(payment, has_quirks)})
}

fn of(payment: &Payment, has_quirks: bool) -> Vec<Value> {
    let start = payment.seen.and_hms_opt(9, 0, 0).unwrap_or_default();
    let steps = steps(payment);
    steps
        .into_iter()
        .enumerate()
        .map(|(nth, (kind, mut body))| {
            let number = (payment.number - 1) * EACH + nth + 1;
            let minutes = i64::try_from(nth * 37 + payment.number % 31).unwrap_or_default();
            let at = start.checked_add_signed(TimeDelta::minutes(minutes)).unwrap_or(start);
            body.entry("id").or_insert_with(|| payment.id().into());
            let spelling = if has_quirks { number % 4 } else { 3 };
            let body = if has_quirks && number.is_multiple_of(3) {
                Value::from(literal(&Value::Object(body)))
            } else {
                Value::Object(body)
            };
            json!({"id": number.to_string(), "typeName": kind, "occurredOn": spelled(at, spelling),
                "eventBody": body})
        })
        .collect()
}

/// Types and bodies, by how the payment went.
fn steps(payment: &Payment) -> Vec<(String, Map<String, Value>)> {
    let domain = |name: &str, body: Value| (format!("{DOMAIN}{name}"), map(body));
    let stream = |name: &str, body: Value| (format!("{STREAM}{name}"), map(body));
    let mut steps = vec![
        domain(
            "PaymentCreated",
            json!({"sourceType": "BOOKING", "sourceRefCode": payment.reference, "type": payment.kind,
                "amount": payment.amount, "currencyCode": payment.currency,
                "reference": "spotahome-fee", "isAutomatic": false,
                "dueDate": payment.due.to_string(), "status": "created", "version": 1}),
        ),
        stream(
            "installment_was_created",
            json!({"id": id(INSTALLMENT, payment.number), "type": "payin", "state": "tobereviewed",
                "refCode": payment.reference, "dueDate": payment.due.to_string(),
                "currencyCode": payment.currency}),
        ),
        domain("PaymentValidated", json!({"status": "Ready", "version": 1})),
    ];
    if payment.is_blocked() {
        steps.push(domain("PaymentWasBlocked", json!({})));
    }
    if payment.status == "Ready" {
        return steps;
    }
    if payment.status == "Canceled" {
        steps.push(domain("PaymentCanceled", json!({"status": "canceled", "version": 1})));
        return steps;
    }
    steps.extend(charged(payment));
    steps
}

/// How the money was asked for, and what came of it.
fn charged(payment: &Payment) -> Vec<(String, Map<String, Value>)> {
    let domain = |name: &str, body: Value| (format!("{DOMAIN}{name}"), map(body));
    let stream = |name: &str, body: Value| (format!("{STREAM}{name}"), map(body));
    let transaction = id(0x403e_f46c, payment.number);
    let mut steps = Vec::new();
    steps.push(stream(
        "transaction_was_created",
        json!({"id": transaction, "state": "pending", "amount": payment.amount,
            "currencyCode": payment.currency, "provider": "stripe", "paymentMethod": "card",
            "executionAttempt": 1}),
    ));
    steps.push(stream(
        "transaction_was_initiated",
        json!({"id": transaction, "state": "initiated"}),
    ));
    steps.push(stream(
        "transaction_was_executing",
        json!({"id": transaction, "state": "executing"}),
    ));
    match payment.status {
        "Failed" => steps.push(stream(
            "transaction_was_failed",
            json!({"id": transaction, "state": "failed", "result": [], "failureType": "dispute_lost",
                "failureReason": "fraudulent"}),
        )),
        "Paid" => {
            steps.push(stream(
                "transaction_was_executed",
                json!({"id": transaction, "state": "executed", "result": {"isSuccessful": true},
                    "providerTransactionId": format!("pi_{:08}", payment.number)}),
            ));
            let last = match payment.number % 11 {
                2 => stream(
                    "transaction_amount_received_was_refunded",
                    json!({"id": transaction, "amountReceived": 0, "amountRefunded": payment.amount,
                        "currencyCode": payment.currency}),
                ),
                // One that no document names.
                4 => stream("payment_was_celebrated", json!({"guests": 3})),
                _ => domain(
                    "PaymentPaid",
                    json!({"status": "paid", "paidDate": format!("{} 12:00:00", payment.due)}),
                ),
            };
            steps.push(last);
        }
        _ => {}
    }
    steps
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The spellings of a time in the documents.
fn spelled(at: NaiveDateTime, spelling: usize) -> String {
    let seconds = at.format("%Y-%m-%dT%H:%M:%S");
    match spelling {
        0 => format!("{seconds}+982300"),
        1 => format!("{seconds}.000Z"),
        2 => format!("{seconds}+0000"),
        _ => format!("{seconds}+00:00"),
    }
}

/// A value as Python would print it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(list) => {
            format!("[{}]", list.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let pairs = map.iter().map(|(key, value)| format!("'{key}': {}", literal(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Number(number) => number.to_string(),
    }
}
