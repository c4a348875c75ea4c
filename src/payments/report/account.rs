//! Lines of bank accounts and their properties, of the Stripe account, and of a tax number.

use super::{LISTS, Line, List, Part, Report, Tone};
use crate::domain::text::Untrusted;
use crate::list::Host;
use crate::payments::account::{self, tax_numbers};
use crate::payments::fields::Fields;
use crate::payments::iban;
use crate::payments::request::{PaymentsRequest as Request, Tin};
use crate::payments::response::Response;

pub(super) fn all(report: &Report, is_revealed: bool) -> Vec<Line> {
    let own = |row: &Fields| {
        let mut lines = account("Bank account", row, is_revealed);
        let id = row.text("id").map(|id| id.expose_raw().to_owned());
        let part = id.and_then(|id| report.part(&Request::MyProperties(id)));
        lines.extend(part.into_iter().flat_map(|part| part.lines_of(properties)));
        lines
    };
    let mut lines = report.lines_of(
        |request| matches!(request, Request::MyAccounts(_)),
        |part| part.rows().iter().flat_map(own).collect(),
    );
    let [accounts, methods, currencies] = LISTS;
    let incomplete = report.incomplete_list(accounts);
    lines.extend(incomplete.map(|text| Line::new("", text, Tone::Warning)));
    lines.extend(report.lines_of(
        |request| matches!(request, Request::AccountHolder),
        |part| part.object().map(|it| account_holder(it, is_revealed)).unwrap_or_default(),
    ));
    let method =
        |row: &Fields| Line::plain("", format!("{:>3}  {}", row.shown("id"), row.shown("text")));
    lines.extend(listed(report, methods, method));
    lines.extend(listed(report, currencies, currency));
    lines
}

fn listed(report: &Report, list: List, words: impl Fn(&Fields) -> Line) -> Vec<Line> {
    let (title, fits) = list;
    let line = |row: &Fields| words(row).with_raw(&row.to_value());
    let mut lines = report.lines_of(fits, |part| part.rows().iter().map(line).collect());
    if report.all(fits).next().is_some() {
        lines.insert(0, Line::title(title));
    }
    let incomplete = report.incomplete_list(list);
    lines.extend(incomplete.map(|text| Line::new("", text, Tone::Warning)));
    lines
}

/// A currency as this server has it, with the name and decimals from ISO 4217.
fn currency(row: &Fields) -> Line {
    let (label, symbol) = (row.shown("label"), row.shown("symbol"));
    match iso_currency::Currency::from_code(&label) {
        Some(known) => {
            let decimals = known.exponent().unwrap_or(0);
            Line::plain("", format!("{label}  {symbol:<4} {}, {decimals} decimals", known.name()))
        }
        None => {
            let text = format!("{label}  {symbol:<4} not an ISO 4217 code; shown with 2 decimals");
            Line::new("", text, Tone::Warning)
        }
    }
}

/// One account with its heading; a number with wrong check digits needs attention.
fn account(title: &str, fields: &Fields, is_revealed: bool) -> Vec<Line> {
    let mark = if fields.flag("useAsDefault") == Some(true) { " · default" } else { "" };
    let id = fields.text("id").map(|id| format!(" {}", id.shown())).unwrap_or_default();
    let mut lines = vec![Line::title(format!("{title}{id}{mark}"))];
    lines.extend(account::lines(fields, is_revealed).into_iter().map(|(label, text)| {
        let tone = if text.ends_with(iban::WRONG) { Tone::Warning } else { Tone::Plain };
        Line::new(label, text, tone)
    }));
    Line::all_with_raw(lines, &fields.to_value())
}

fn account_holder(holder: &Fields, is_revealed: bool) -> Vec<Line> {
    let mut lines = vec![
        Line::title("Account holder in the Payments and Finance API").with_raw(&holder.to_value()),
    ];
    lines.extend(Line::of_fields(holder, &[("id", "Id"), ("name", "Name")]));
    lines.extend(tax_numbers(holder, is_revealed).map(|(label, text)| Line::plain(label, text)));
    if let Some(several) = holder.flag("isMultiIban") {
        lines.push(Line::plain("Several IBANs", if several { "yes" } else { "no" }));
    }
    if let Some(inner) = holder.object("bankAccount") {
        lines.extend(account("Its bank account", &inner, is_revealed));
    }
    lines
}

fn properties(part: &Part) -> Vec<Line> {
    let Some(Response::Properties(ids)) = part.answer() else { return Vec::new() };
    let ids: Vec<String> = ids.iter().map(|id| id.shown().into_owned()).collect();
    let text = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
    vec![Line::plain("Properties", text)]
}

pub(super) fn bank(report: &Report, is_revealed: bool) -> Vec<Line> {
    let lines = |part: &Part| match (&part.request, part.object()) {
        (Request::AccountProperties(_), _) => properties(part),
        (Request::BankAccount(_), Some(it)) => {
            account("Bank account in the Payments and Finance API", it, is_revealed)
        }
        (_, Some(fields)) => account("Bank account", fields, is_revealed),
        (_, None) => Vec::new(),
    };
    let has_account = |host| {
        report.parts.iter().any(|part| part.request.host() == host && part.object().is_some())
    };
    let all = report.parts.iter().flat_map(|part| {
        let host = part.request.host();
        let other = if host == Host::Finance { Host::Payments } else { Host::Finance };
        // An account is on one of the two servers, so the other one does not have it.
        match &part.request {
            _ if !part.is_missing() || has_account(host) || !has_account(other) => {
                part.lines_of(lines)
            }
            Request::AccountProperties(_) => Vec::new(),
            _ => {
                let name = if host == Host::Finance { "Payments and Finance" } else { "Payments" };
                vec![Line::new("", format!("{name} has no account with this id"), Tone::Quiet)]
            }
        }
    });
    all.collect()
}

pub(super) fn stripe(report: &Report) -> Vec<Line> {
    report.lines_of(
        |_| true,
        |part| {
            let Some(fields) = part.object() else { return Vec::new() };
            // The document names four words and does not explain them.
            let status = fields.shown("status");
            let is_restricted = status.starts_with("Restricted");
            let own = vec![
                Line::new(
                    "Status",
                    status,
                    if is_restricted { Tone::Warning } else { Tone::Plain },
                ),
                Line::plain("Account", fields.shown("accountId")),
                Line::plain("Landlord", fields.shown("landlordId")),
            ];
            Line::all_with_raw(own, &fields.to_value())
        },
    )
}

pub(super) fn tin(report: &Report, tin: &Tin, is_revealed: bool) -> Vec<Line> {
    let shown = |text: &str| Untrusted::new(text).shown().into_owned();
    let mut lines = vec![
        Line::plain("TIN", iban::tin_shown(&tin.number, is_revealed)),
        Line::plain("Country", shown(&tin.country)),
        Line::plain("Business", shown(&tin.business)),
    ];
    let answer = |part: &Part| match part.answer() {
        Some(Response::Valid(true)) => vec![Line::plain("Result", "valid")],
        Some(Response::Valid(false)) => vec![Line::new("Result", "NOT valid", Tone::Warning)],
        _ => Vec::new(),
    };
    lines.extend(report.lines_of(|_| true, answer));
    lines
}
