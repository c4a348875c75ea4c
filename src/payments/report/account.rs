//! Lines of bank accounts and of what belongs to them: properties, ways to pay, currencies, the
//! Stripe account, the check of a tax number.

use super::line::{Line, Tone};
use super::{Part, Report};
use crate::domain::text::Untrusted;
use crate::payments::account::{Account, tax_numbers};
use crate::payments::fields::Fields;
use crate::payments::iban;
use crate::payments::request::{PaymentsRequest, Tin};
use crate::payments::response::PaymentsResponse;

/// All that the token's user has.
pub(super) fn all(report: &Report, is_revealed: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in report.all(|request| matches!(request, PaymentsRequest::MyAccounts(_))) {
        lines.extend(Line::of_state(part));
        for row in rows(part) {
            lines.extend(account("Bank account", row, is_revealed));
            let id = row.text("id").map(|id| id.expose_raw().to_owned());
            let properties = report.parts().iter().find(
                |part| matches!(&part.request, PaymentsRequest::MyProperties(own) if Some(own) == id.as_ref()),
            );
            lines.extend(properties.into_iter().flat_map(self::properties));
        }
    }
    for part in report.all(|request| matches!(request, PaymentsRequest::AccountHolder)) {
        lines.extend(Line::of_state(part));
        if let Some(Ok(PaymentsResponse::Object(holder))) = &part.response {
            lines.extend(account_holder(holder, is_revealed));
        }
    }
    lines.extend(listed(
        report,
        "Payment methods",
        |request| matches!(request, PaymentsRequest::Methods(_)),
        method,
    ));
    let is_currency = |request: &PaymentsRequest| matches!(request, PaymentsRequest::Currencies(_));
    lines.extend(listed(report, "Currencies", is_currency, currency));
    lines
}

/// A heading, and a line for each row of a list of several pages.
fn listed(
    report: &Report,
    title: &'static str,
    fits: fn(&PaymentsRequest) -> bool,
    words: fn(&Fields) -> Line,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in report.all(fits) {
        if lines.is_empty() {
            lines.push(Line::title(title));
        }
        lines.extend(Line::of_state(part));
        lines.extend(rows(part).iter().map(|row| words(row).with_raw(&row.to_value())));
    }
    lines
}

fn rows(part: &Part) -> &[Fields] {
    match &part.response {
        Some(Ok(PaymentsResponse::Rows(rows))) => &rows.rows,
        _ => &[],
    }
}

fn shown(fields: &Fields, name: &str) -> String {
    fields.text(name).map(|text| text.shown().into_owned()).unwrap_or_default()
}

fn method(row: &Fields) -> Line {
    Line::plain("", format!("{:>3}  {}", shown(row, "id"), shown(row, "text")))
}

/// A currency by this server, beside what ISO 4217 has for the code.
fn currency(row: &Fields) -> Line {
    let (label, symbol) = (shown(row, "label"), shown(row, "symbol"));
    match iso_currency::Currency::from_code(&label) {
        Some(known) => {
            let decimals = known.exponent().unwrap_or(0);
            Line::plain("", format!("{label}  {symbol:<4} {}, {decimals} decimals", known.name()))
        }
        None => {
            let text = format!("{label}  {symbol:<4} no code of ISO 4217, shown with 2 decimals");
            Line::new("", text, Tone::Warning)
        }
    }
}

/// One account with its heading; a number with wrong check digits needs attention.
fn account(title: &str, fields: &Fields, is_revealed: bool) -> Vec<Line> {
    let account = Account::of(fields);
    let mark = if account.is_default == Some(true) { " · default" } else { "" };
    let id = account.id.as_ref().map(|id| format!(" {}", id.shown())).unwrap_or_default();
    let raw = fields.to_value();
    let mut lines = vec![Line::title(format!("{title}{id}{mark}")).with_raw(&raw)];
    lines.extend(account.lines(is_revealed).into_iter().map(|(label, text)| {
        let tone = if text.ends_with(iban::WRONG) { Tone::Warning } else { Tone::Plain };
        Line::new(label, text, tone).with_raw(&raw)
    }));
    lines
}

fn account_holder(holder: &Fields, is_revealed: bool) -> Vec<Line> {
    let mut lines =
        vec![Line::title("Holder at Payments and Finance").with_raw(&holder.to_value())];
    for (name, label) in [("id", "Id"), ("name", "Name")] {
        let text = shown(holder, name);
        if !text.is_empty() {
            lines.push(Line::plain(label, text));
        }
    }
    lines.extend(tax_numbers(holder, is_revealed).map(|(label, text)| Line::plain(label, text)));
    if let Some(several) = holder.flag("isMultiIban") {
        let words = if several { "several for each property" } else { "one for all" };
        lines.push(Line::plain("Accounts", words));
    }
    if let Some(inner) = holder.object("bankAccount") {
        lines.extend(account("Its bank account", &inner, is_revealed));
    }
    lines
}

fn properties(part: &Part) -> Vec<Line> {
    let mut lines: Vec<Line> = Line::of_state(part).into_iter().collect();
    if let Some(Ok(PaymentsResponse::Properties(ids))) = &part.response {
        let ids: Vec<String> = ids.iter().map(|id| id.shown().into_owned()).collect();
        let text = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        lines.push(Line::plain("Properties", text));
    }
    lines
}

/// An account of a landlord, of a property, or with an id.
pub(super) fn bank(report: &Report, is_revealed: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in report.parts() {
        lines.extend(match (&part.request, &part.response) {
            (PaymentsRequest::AccountProperties(_), _) => properties(part),
            (PaymentsRequest::BankAccount(_), Some(Ok(PaymentsResponse::Object(fields)))) => {
                account("At Payments and Finance", fields, is_revealed)
            }
            (_, Some(Ok(PaymentsResponse::Object(fields)))) => {
                account("Bank account", fields, is_revealed)
            }
            _ => Line::of_state(part).into_iter().collect(),
        });
    }
    lines
}

/// What the documents say of each status.
const STRIPE: &[(&str, &str, Tone)] = &[
    ("Enabled", "enabled: payouts can be made", Tone::Plain),
    ("Restricted", "restricted: identity data is missing", Tone::Warning),
    ("RestrictedSoon", "restricted soon: identity data will be missing", Tone::Warning),
    ("Other", "other", Tone::Quiet),
];

pub(super) fn stripe(report: &Report) -> Vec<Line> {
    let mut lines = Vec::new();
    for part in report.parts() {
        lines.extend(Line::of_state(part));
        let Some(Ok(PaymentsResponse::Object(fields))) = &part.response else { continue };
        let raw = fields.to_value();
        let status = shown(fields, "status");
        let known = STRIPE.iter().find(|(name, ..)| *name == status);
        let (words, tone) =
            known.map_or((status.as_str(), Tone::Warning), |(_, words, tone)| (*words, *tone));
        lines.push(Line::new("Status", words, tone).with_raw(&raw));
        lines.push(Line::plain("Account", shown(fields, "accountId")).with_raw(&raw));
        lines.push(Line::plain("Landlord", shown(fields, "landlordId")).with_raw(&raw));
    }
    lines
}

pub(super) fn tin(report: &Report, tin: &Tin, is_revealed: bool) -> Vec<Line> {
    let country = Untrusted::new(tin.country.as_str());
    let business = Untrusted::new(tin.business.as_str());
    let mut lines = vec![
        Line::plain("TIN", iban::tin_shown(&tin.number, is_revealed)),
        Line::plain("Country", country.shown()),
        Line::plain("Business", business.shown()),
    ];
    for part in report.parts() {
        lines.extend(Line::of_state(part));
        match part.response {
            Some(Ok(PaymentsResponse::Valid(true))) => lines.push(Line::plain("Answer", "valid")),
            Some(Ok(PaymentsResponse::Valid(false))) => {
                lines.push(Line::new("Answer", "NOT valid", Tone::Warning));
            }
            _ => {}
        }
    }
    lines
}
