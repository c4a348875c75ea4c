//! A booking as a statement for its owner: one page to read, print or send. It has the words of an owner,
//! nothing active, and only facts if it is for the owner.

mod entries;
mod sentences;

use chrono::NaiveDate;

use super::{BookingExport, html};
use crate::conciliation::checks::Outcome;
use crate::conciliation::ledger::Kind;
use crate::domain::money::Sums;
use crate::domain::text::Untrusted;

use entries::{Entries, charged, paid, waived};

const STYLE: &str = include_str!("../../assets/statement.css");

/// Words for the reader: the owner, or somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reader {
    is_owner: bool,
}

impl Reader {
    /// `you`, or `the owner`.
    fn you(self) -> &'static str {
        if self.is_owner { "you" } else { "the owner" }
    }

    /// `you have`, or `the owner has`.
    fn you_have(self) -> &'static str {
        if self.is_owner { "you have" } else { "the owner has" }
    }
}

pub(super) fn render(export: &BookingExport<'_>) -> String {
    let reader = Reader { is_owner: export.is_for_owner };
    let entries = Entries::of(export);
    let title = format!("Statement for booking {}", export.report.booking.reference.shown());
    let mut page = html::head(&title, STYLE) + "<body>\n";
    page += &format!("<h1>{}</h1>\n", html::escape(&title));
    page += &about(export);
    let sentences = sentences::all(export, &entries, reader);
    let sentences: String = sentences.iter().map(|it| paragraph(it)).collect();
    page += &format!("<div class=\"result\">\n{sentences}</div>\n");
    page += &overview(export, &entries, reader);
    page += &entries.to_come(reader);
    page += &entries.past(reader);
    if !export.is_for_owner {
        page += &notes(export);
    }
    page + "</body>\n</html>\n"
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", html::escape(text))
}

/// `28 Nov 2026`.
fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// Of the owner, and the day of the figures.
fn about(export: &BookingExport<'_>) -> String {
    let owner = export.owner().map(|owner| format!("Owner: {}", Untrusted::shown(&owner.name)));
    let at = format!("As of {}", day(export.at.date()));
    let lines = owner.into_iter().chain([at]).map(|line| html::escape(&line));
    format!("<p class=\"about\">{}</p>\n", lines.collect::<Vec<_>>().join("<br>\n"))
}

/// The figures: paid, planned, invoiced, credited, fined, owed.
fn overview(export: &BookingExport<'_>, entries: &Entries<'_>, reader: Reader) -> String {
    let ledger = &export.report.ledger;
    let none = |sums: &Sums| if sums.is_empty() { "none".to_owned() } else { sums.in_words() };
    let you = reader.you();
    let mut lines = vec![
        (format!("Paid to {you}"), none(&paid(ledger))),
        (format!("Planned payments to {you}"), none(&entries.planned())),
        (format!("Invoiced to {you}"), none(&charged(ledger, Kind::Invoice))),
        (format!("Credited to {you}"), none(&negated(&charged(ledger, Kind::CreditNote)))),
        ("Fines".to_owned(), none(&charged(ledger, Kind::Penalty))),
    ];
    let waived = waived(ledger);
    if !waived.is_empty() {
        lines.push((format!("Fines that {} not have to pay", does(reader)), waived.in_words()));
    }
    lines.push(("Other debt".to_owned(), none(&charged(ledger, Kind::Debt))));
    let mut rows: String = lines.iter().map(|(label, sum)| overview_row(label, sum, "")).collect();
    rows += &overview_row("Still to be paid", &sentences::still_open(export), " class=\"sum\"");
    format!("<h2>Overview</h2>\n<table>\n<tbody>\n{rows}</tbody>\n</table>\n")
}

fn does(reader: Reader) -> &'static str {
    if reader.is_owner { "you do" } else { "the owner does" }
}

fn overview_row(label: &str, sum: &str, class: &str) -> String {
    let [label, sum] = [label, sum].map(html::escape);
    format!("<tr{class}><td>{label}</td><td class=\"amount\">{sum}</td></tr>\n")
}

fn negated(sums: &Sums) -> Sums {
    let mut negated = Sums::default();
    sums.iter().for_each(|(currency, minor)| negated.add(-minor, currency));
    negated
}

/// What is not for the owner: the customer, what the tenant paid, failed checks, guesses.
fn notes(export: &BookingExport<'_>) -> String {
    let report = export.report;
    let mut lines: Vec<String> = vec![format!("Totals and entries: {}", report.verdict.headline())];
    lines.extend(export.customer.map(|name| format!("Customer: {name}")));
    lines.extend(export.tenant.in_words());
    for checked in &report.checks {
        if let Outcome::Fail(findings) = &checked.outcome {
            lines.extend(
                findings.iter().map(|it| format!("{}: {it}", checked.check.failure(findings))),
            );
        }
    }
    lines.extend(report.suggestions.iter().map(|it| format!("{}: {it}", it.role.kind().title)));
    let lines: String = lines.iter().map(|line| paragraph(line)).collect();
    format!("<h2>Notes, not for the owner</h2>\n<div class=\"notes\">\n{lines}</div>\n")
}

#[cfg(test)]
mod tests;
