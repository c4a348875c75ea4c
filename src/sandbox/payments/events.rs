//! The event store: the events of each payment.

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Value, json};

use super::data::{EACH, Payment, PaymentsData, What, id};

const INSTALLMENT: u32 = 0x018e_1a73;
const TRANSACTION: u32 = 0x403e_f46c;

const MOST: usize = 1_000;

pub(super) fn between(data: &PaymentsData, from: usize, to: usize, has_quirks: bool) -> Value {
    let first = from.saturating_sub(1) / EACH;
    let events = data.payments.iter().skip(first).flat_map(|payment| of(payment, has_quirks));
    // Stops at the end of the window.
    let window = (to / EACH + 1).saturating_sub(first) * EACH;
    let written = data.payments.iter().flat_map(|payment| written(payment, has_quirks));
    let events = events.take(window).chain(written);
    let events = events.filter(|(number, _)| (from..=to).contains(number));
    json!({"events": events.map(|(_, event)| event).take(MOST).collect::<Vec<_>>()})
}

/// A stream that does not exist has no events.
pub(super) fn stream(payment: Option<&Payment>, has_quirks: bool) -> Value {
    let events = payment
        .into_iter()
        .flat_map(|payment| of(payment, has_quirks).chain(written(payment, has_quirks)));
    json!({"events": events.map(|(_, event)| event).collect::<Vec<_>>()})
}

/// The events of the writes.
fn written(payment: &Payment, has_quirks: bool) -> impl Iterator<Item = (usize, Value)> {
    payment.changes.iter().map(move |change| {
        let (name, body) = match change.what {
            What::Blocked => ("PaymentWasBlocked", json!({"id": payment.id()})),
            What::Unblocked => ("PaymentWasUnblocked", json!({"id": payment.id()})),
            What::Canceled => {
                ("PaymentCanceled", json!({"id": payment.id(), "status": "canceled", "version": 1}))
            }
        };
        let spelling = if has_quirks { change.event % 4 } else { 3 };
        let event = json!({"id": change.event.to_string(),
            "typeName": format!(r"Sah\Payments\Domain\Events\{name}"),
            "occurredOn": spelled(change.at, spelling), "eventBody": body});
        (change.event, event)
    })
}

fn of(payment: &Payment, has_quirks: bool) -> impl Iterator<Item = (usize, Value)> {
    let start = payment.seen.and_hms_opt(9, 0, 0).unwrap_or_default();
    let (payment_number, payment_id) = (payment.number, payment.id());
    (0..).zip(steps(payment)).map(move |(nth, (name, mut body))| {
        let number = (payment_number - 1) * EACH + nth + 1;
        let minutes = i64::try_from(nth * 37 + payment_number % 31).unwrap_or_default();
        let at = start.checked_add_signed(TimeDelta::minutes(minutes)).unwrap_or(start);
        if let Some(fields) = body.as_object_mut() {
            fields.entry("id").or_insert_with(|| payment_id.clone().into());
        }
        if has_quirks && number.is_multiple_of(3) {
            body = literal(&body).into();
        }
        let spelling = if has_quirks { number % 4 } else { 3 };
        // Names of domain events start with a capital.
        let is_domain = name.starts_with(char::is_uppercase);
        let family =
            if is_domain { r"Sah\Payments\Domain\Events\" } else { "com.sah.payments.events." };
        let event = json!({"id": number.to_string(), "typeName": format!("{family}{name}"),
            "occurredOn": spelled(at, spelling), "eventBody": body});
        (number, event)
    })
}

fn steps(payment: &Payment) -> impl Iterator<Item = (String, Value)> {
    let due = payment.due.to_string();
    let mut steps = vec![
        json!({"PaymentCreated": {"sourceType": "BOOKING", "sourceRefCode": payment.reference,
            "type": payment.kind, "amount": payment.amount, "currencyCode": payment.currency,
            "reference": "spotahome-fee", "isAutomatic": false, "dueDate": due,
            "status": "created", "version": 1}}),
        json!({"installment_was_created": {"id": id(INSTALLMENT, payment.number), "type": "payin",
            "state": "tobereviewed", "refCode": payment.reference, "dueDate": due,
            "currencyCode": payment.currency}}),
        json!({"PaymentValidated": {"status": "Ready", "version": 1}}),
    ];
    if payment.starts_blocked() {
        steps.push(json!({"PaymentWasBlocked": {}}));
    }
    match payment.status {
        "Ready" => {}
        "Canceled" => {
            steps.push(json!({"PaymentCanceled": {"status": "canceled", "version": 1}}));
        }
        _ => steps.extend(charged(payment)),
    }
    steps.into_iter().filter_map(|step| step.as_object()?.clone().into_iter().next())
}

fn charged(payment: &Payment) -> Vec<Value> {
    let transaction = id(TRANSACTION, payment.number);
    let mut steps = vec![
        json!({"transaction_was_created": {"id": transaction, "state": "pending",
            "amount": payment.amount, "currencyCode": payment.currency, "provider": "stripe",
            "paymentMethod": "card", "executionAttempt": 1}}),
        json!({"transaction_was_initiated": {"id": transaction, "state": "initiated"}}),
        json!({"transaction_was_executing": {"id": transaction, "state": "executing"}}),
    ];
    if payment.status == "Failed" {
        steps.push(json!({"transaction_was_failed": {"id": transaction, "state": "failed",
            "result": [], "failureType": "dispute_lost", "failureReason": "fraudulent"}}));
    }
    if payment.status == "Paid" {
        steps.push(json!({"transaction_was_executed": {"id": transaction, "state": "executed",
            "result": {"isSuccessful": true},
            "providerTransactionId": format!("pi_{:08}", payment.number)}}));
        steps.push(match payment.number % 11 {
            2 => json!({"transaction_amount_received_was_refunded": {"id": transaction,
                "amountReceived": 0, "amountRefunded": payment.amount,
                "currencyCode": payment.currency}}),
            // An undocumented event.
            4 => json!({"payment_was_celebrated": {"guests": 3}}),
            _ => json!({"PaymentPaid": {"status": "paid",
                "paidDate": format!("{} 12:00:00", payment.due)}}),
        });
    }
    steps
}

fn spelled(at: NaiveDateTime, spelling: usize) -> String {
    let seconds = at.format("%Y-%m-%dT%H:%M:%S");
    match spelling {
        0 => format!("{seconds}+982300"),
        1 => format!("{seconds}.000Z"),
        2 => format!("{seconds}+0000"),
        _ => format!("{seconds}+00:00"),
    }
}

/// A body as a Python literal. Its texts must not contain quotes or any of the replaced words.
fn literal(body: &Value) -> String {
    let python =
        [("\":", "\": "), (",\"", ", \""), ("null", "None"), ("true", "True"), ("false", "False")];
    let text = python.iter().fold(body.to_string(), |text, (from, to)| text.replace(from, to));
    text.replace('"', "'")
}
