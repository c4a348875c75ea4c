//! Lines of one payment: its fields, its block, who pays and who is paid, its events.

use serde_json::Value;

use super::{Line, Opens, Part, Report, Tone, events};
use crate::domain::failure::Kind;
use crate::domain::text::Untrusted;
use crate::payments::fields::{Fields, in_words};
use crate::payments::request::PaymentsRequest as Request;
use crate::payments::timestamp;

const PLAIN: &[(&str, &str)] = &[
    ("status", "Status"),
    ("type", "Type"),
    ("dueDate", "Due"),
    ("paidDate", "Paid"),
    ("reference", "Reference"),
    ("reason", "Reason"),
    ("sourceRefCode", "Booking"),
    ("sourceType", "Source"),
    ("sourceId", "Source id"),
    ("referencePaymentId", "Refers to"),
    ("isAutomatic", "Automatic"),
    ("transactionId", "Transaction"),
];

pub(super) fn lines(report: &Report, id: &str) -> Vec<Line> {
    let failure = report.failure().filter(|it| it.kind == Kind::Missing && report.is_complete());
    if let (Some(failure), None) = (failure, &report.known) {
        return vec![Line::title("Payment"), Line::failed(&failure)];
    }
    let object = |request: Request| report.part(&request).and_then(Part::object);
    let admin = object(Request::Admin(id.to_owned()));
    let public = object(Request::Public(id.to_owned()));
    let known = report.known.as_ref();
    let views: Vec<&Fields> = [admin, public, known].into_iter().flatten().collect();
    let title = match (admin, public, known) {
        (Some(_), ..) => "Payment · full view",
        (None, Some(_), _) => "Payment · public view",
        (None, None, Some(_)) => "Payment · from the list",
        _ => "Payment",
    };
    let mut lines = vec![Line::title(title)];
    lines.extend(described(&views));
    if let Some(first) = views.first() {
        lines = Line::all_with_raw(lines, &first.to_value());
    }
    let views = report.all(|request| matches!(request, Request::Admin(_) | Request::Public(_)));
    lines.extend(views.filter_map(|part| {
        let is_needed = admin.is_none() || !part.is_missing();
        let line = Line::of_state(part)?;
        Some(if is_needed { line } else { Line { tone: Tone::Quiet, ..line } })
    }));
    lines.extend(block(report));
    lines.extend(holders(report, admin));
    for part in report.all(|request| matches!(request, Request::Stream(_))) {
        lines.push(Line::title("What happened"));
        lines.extend(part.lines_of(events::timeline));
    }
    lines
}

/// Takes each field from the first view that has it.
fn described(views: &[&Fields]) -> Vec<Line> {
    let text = |name: &str| views.iter().find_map(|view| view.text(name));
    let mut lines = Vec::new();
    let currency = text("currencyCode").or_else(|| text("currency"));
    let amount = views.iter().find_map(|view| view.money("amount", currency.as_ref()));
    lines.extend(amount.map(|amount| Line::plain("Amount", amount)));
    for (name, label) in PLAIN {
        let Some(text) = text(name) else { continue };
        let opens = match *name {
            "sourceRefCode" => Some(Opens::Booking(text.clone())),
            "referencePaymentId" => Some(Opens::Payment(text.expose_raw().to_owned())),
            _ => None,
        };
        let is_word = matches!(*name, "status" | "type" | "reason");
        let shown = text.shown();
        let shown = if is_word { shown.replace('_', " ") } else { shown.into_owned() };
        lines.push(Line::plain(label, shown).opening(opens));
    }
    lines
}

fn block(report: &Report) -> Vec<Line> {
    report.lines_of(
        |request| matches!(request, Request::Block(_)),
        |part| {
            let Some(state) = part.object() else { return Vec::new() };
            let since = state.text("updatedAt").map(|at| timestamp::shown(&at)).unwrap_or_default();
            let line = match state.flag("isBlocked") {
                Some(true) => Line::new("Block", format!("BLOCKED, as of {since}"), Tone::Warning),
                Some(false) => Line::plain("Block", format!("not blocked, as of {since}")),
                None => Line::new("Block", "unknown", Tone::Quiet),
            };
            vec![line.with_raw(&state.to_value())]
        },
    )
}

fn holders(report: &Report, admin: Option<&Fields>) -> Vec<Line> {
    let Some(admin) = admin else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, method, title) in [
        ("originPaymentHolderId", "originPaymentMethodId", "Paid by"),
        ("targetPaymentHolderId", "targetPaymentMethodId", "Paid to"),
    ] {
        let (id, used) = (admin.text(name), admin.text(method));
        if id.is_none() && used.is_none() {
            continue;
        }
        lines.push(Line::title(title));
        let request = id.as_ref().map(|id| Request::Holder(id.expose_raw().to_owned()));
        let part = request.and_then(|request| report.part(&request));
        let holder = |part: &Part| Some(holder_lines(part.object()?, used.as_ref()));
        lines.extend(
            part.into_iter()
                .flat_map(|part| part.lines_of(|part| holder(part).unwrap_or_default())),
        );
        // Without the holder, the ids are all that is known.
        if part.is_none_or(|part| part.failure().is_some()) {
            let ids = [("Holder id", &id), ("Method id", &used)];
            let shown = |(label, id): (&'static str, &Option<Untrusted>)| {
                Some(Line::plain(label, id.as_ref()?.shown()))
            };
            lines.extend(ids.into_iter().filter_map(shown));
        }
    }
    lines
}

fn holder_lines(holder: &Fields, used: Option<&Untrusted>) -> Vec<Line> {
    let mut lines = Line::of_fields(holder, &[("name", "Name"), ("email", "Email")]);
    let default = holder.text("defaultPaymentMethodId");
    let mut is_used_known = used.is_none();
    // Only a list in which each method has an id can lack one.
    let mut is_list = holder.get("paymentMethods").is_some_and(Value::is_array);
    for method in holder.list("paymentMethods") {
        is_list &= Fields::of(method).is_some_and(|it| it.text("id").is_some());
        let Some(fields) = Fields::of(method) else {
            lines.push(Line::plain("Method", Untrusted::new(in_words(method)).shown()));
            continue;
        };
        let text = |name| fields.text(name).map(|text| text.shown().replace('_', " "));
        let mut words = text("type").unwrap_or_else(|| "unnamed".to_owned());
        if let Some(provider) = text("provider") {
            words = format!("{words} at {provider}");
        }
        let id = fields.text("id");
        if id.is_some() && id == default {
            words.push_str(" · default");
        }
        if id.is_some() && id.as_ref() == used {
            words.push_str(" · used here");
            is_used_known = true;
        }
        lines.push(Line::plain("Method", words));
    }
    if let Some(used) = used.filter(|_| !is_used_known) {
        let note = if is_list { ", not among the holder's methods" } else { "" };
        lines.push(Line::plain("Method id", format!("{}{note}", used.shown())));
    }
    Line::all_with_raw(lines, &holder.to_value())
}
