//! Lines of one payment: what it is, whether it is blocked, who pays and who is paid, what happened.

use super::line::{Line, Opens, Tone};
use super::{Report, events};
use crate::domain::money::{Currency, format_money};
use crate::domain::text::Untrusted;
use crate::payments::fields::{Fields, in_words};
use crate::payments::request::PaymentsRequest;
use crate::payments::response::PaymentsResponse;
use crate::payments::timestamp;

/// Fields of the payment: name and label.
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
    let own = id.to_owned();
    let object =
        |request: &PaymentsRequest| report.response(request).and_then(PaymentsResponse::object);
    let admin = object(&PaymentsRequest::Admin(own.clone()));
    let public = object(&PaymentsRequest::Public(own.clone()));
    let views: Vec<&Fields> =
        [admin, public, report.known.as_ref()].into_iter().flatten().collect();
    let mut lines = vec![];
    let title = Line::title(match (admin, public, &report.known) {
        (Some(_), ..) => "Payment · full view",
        (None, Some(_), _) => "Payment · public view",
        (None, None, Some(_)) => "Payment · as the list has it",
        _ => "Payment",
    });
    let raw_of = admin.or(public).or(report.known.as_ref()).map(Fields::to_value);
    lines.push(Line { raw: raw_of.clone(), ..title });
    lines.extend(described(&views).into_iter().map(|line| Line { raw: raw_of.clone(), ..line }));
    let views = report
        .all(|request| matches!(request, PaymentsRequest::Admin(_) | PaymentsRequest::Public(_)));
    lines.extend(views.filter_map(Line::of_state));
    lines.extend(block(report));
    lines.extend(holders(report, admin));
    for part in report.all(|request| matches!(request, PaymentsRequest::Stream(_))) {
        lines.push(Line::title("What happened"));
        lines.extend(events::timeline(part));
    }
    lines
}

/// Each field from the first view that has it.
fn described(views: &[&Fields]) -> Vec<Line> {
    let text = |name: &str| views.iter().find_map(|view| view.text(name));
    let mut lines = Vec::new();
    if let Some(minor) = views.iter().find_map(|view| view.minor("amount")) {
        let code = text("currencyCode").or_else(|| text("currency"));
        let currency = code.and_then(|code| Currency::parse(code.expose_raw()));
        let amount = format_money(minor.into(), currency.unwrap_or(Currency::NONE));
        lines.push(Line::plain("Amount", amount));
    }
    for (name, label) in PLAIN {
        let Some(text) = text(name) else { continue };
        let opens = (*name == "sourceRefCode").then(|| Opens::Booking(text.clone()));
        let is_word = matches!(*name, "status" | "type" | "reason");
        let shown = text.shown();
        let shown = if is_word { shown.replace('_', " ") } else { shown.into_owned() };
        lines.push(Line::plain(label, shown).opening(opens));
    }
    lines
}

fn block(report: &Report) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in report.all(|request| matches!(request, PaymentsRequest::Block(_))) {
        lines.extend(Line::of_state(part));
        let Some(Ok(PaymentsResponse::Object(state))) = &part.response else { continue };
        let since = state.text("updatedAt").map(|at| timestamp::shown(&at)).unwrap_or_default();
        let line = match state.flag("isBlocked") {
            Some(true) => Line::new("Block", format!("BLOCKED, as of {since}"), Tone::Warning),
            Some(false) => Line::plain("Block", format!("not blocked, as of {since}")),
            None => Line::new("Block", "the server does not say", Tone::Quiet),
        };
        lines.push(line.with_raw(&state.to_value()));
    }
    lines
}

/// Who pays and who is paid.
fn holders(report: &Report, admin: Option<&Fields>) -> Vec<Line> {
    let Some(admin) = admin else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, method, title) in [
        ("originPaymentHolderId", "originPaymentMethodId", "Paid by"),
        ("targetPaymentHolderId", "targetPaymentMethodId", "Paid to"),
    ] {
        let Some(id) = admin.text(name) else { continue };
        let request = PaymentsRequest::Holder(id.expose_raw().to_owned());
        let Some(part) = report.parts().iter().find(|part| part.request == request) else {
            continue;
        };
        lines.push(Line::title(title));
        lines.extend(Line::of_state(part));
        if let Some(Ok(PaymentsResponse::Object(holder))) = &part.response {
            lines.extend(holder_lines(holder, admin.text(method).as_ref()));
        }
    }
    lines
}

fn holder_lines(holder: &Fields, used: Option<&Untrusted>) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, label) in [("name", "Name"), ("email", "Email")] {
        let text = holder.text(name).map(|text| text.shown().into_owned());
        lines.extend(text.map(|text| Line::plain(label, text)));
    }
    let default = holder.text("defaultPaymentMethodId");
    for method in holder.list("paymentMethods") {
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
        }
        lines.push(Line::plain("Method", words));
    }
    let raw = holder.to_value();
    lines.into_iter().map(|line| line.with_raw(&raw)).collect()
}
