//! A booking as a statement for its owner: one page to read, print or send. It has the words of an owner,
//! nothing active, and only facts if it is for the owner.

mod entries;
mod figures;
mod own;
mod reader;
mod sentences;

use super::{BookingExport, html};
use crate::conciliation::checks::Outcome;
use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;

use entries::Entries;
use figures::Figures;
use own::Own;
use reader::{Reader, day};

const STYLE: &str = include_str!("../../assets/statement.css");
/// Names that are shown at the top.
const MOST_NAMES: usize = 3;

/// Fails if the statement is for the owner of one booking and the data is about another one.
pub(super) fn render(export: &BookingExport<'_>) -> Result<String, String> {
    let booking = &export.report.booking;
    if export.is_for_owner && !is_same(&booking.asked, &booking.reference) {
        let [asked, reference] = [&booking.asked, &booking.reference].map(Untrusted::shown);
        return Err(format!(
            "no statement was written: {asked} was requested, but the response is for booking \
             {reference}, which may have another owner"
        ));
    }
    let own = Own::of(export);
    let reader = match (own.names().len(), export.is_for_owner) {
        (2.., _) => Reader::Owners,
        (_, true) => Reader::You,
        (_, false) => Reader::Owner,
    };
    let figures = Figures::of(&own);
    let entries = Entries::of(&own, reader);
    let title = format!("Statement for booking {}", booking.reference.shown());
    let sentences = sentences::all(&own, &figures, &entries, reader);
    let sentences: String = sentences.iter().map(|it| paragraph(it)).collect();
    let parts = [
        html::head(&title, STYLE),
        format!("<body>\n<h1>{}</h1>\n", html::escape(&title)),
        about(&own),
        format!("<div class=\"result\">\n{sentences}</div>\n"),
        overview(&figures, reader),
        entries.to_come(),
        entries.past(),
        if export.is_for_owner { String::new() } else { notes(export) },
        "</body>\n</html>\n".to_owned(),
    ];
    Ok(parts.concat())
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", html::escape(text))
}

/// The names of the owners, and the day of the figures.
fn about(own: &Own<'_>) -> String {
    let names = own.names();
    let shown: Vec<_> = names.iter().take(MOST_NAMES).map(|name| name.shown()).collect();
    let more = match names.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let label = if names.len() == 1 { "Owner" } else { "Owners" };
    let owner = (!names.is_empty()).then(|| format!("{label}: {}{more}", shown.join(", ")));
    let at = format!("As of {}", day(own.export.at.date()));
    let lines = owner.into_iter().chain([at]).map(|line| html::escape(&line));
    format!("<p class=\"about\">{}</p>\n", lines.collect::<Vec<_>>().join("<br>\n"))
}

/// The figures: paid, planned, invoiced, credited, fined; what is owed comes last.
fn overview(figures: &Figures<'_>, reader: Reader) -> String {
    let lines = figures.lines(reader);
    let last = lines.len().saturating_sub(1);
    let row = |(at, (label, figure)): (usize, &(String, String))| {
        let class = if at == last { " class=\"sum\"" } else { "" };
        let [label, figure] = [label, figure].map(|text| html::escape(text));
        format!("<tr{class}><td>{label}</td><td class=\"amount\">{figure}</td></tr>\n")
    };
    let rows: String = lines.iter().enumerate().map(row).collect();
    format!("<h2>Overview</h2>\n<table>\n<tbody>\n{rows}</tbody>\n</table>\n")
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
