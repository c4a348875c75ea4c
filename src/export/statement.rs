//! A booking as a statement for its owner: one page to read, print or send. It has the words of an owner,
//! nothing active, and only facts if it is for the owner.

mod entries;
mod figures;
mod own;
mod sentences;

use chrono::NaiveDate;

use super::{BookingExport, html};
use crate::conciliation::checks::Outcome;
use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;

use entries::Entries;
use figures::Figures;
use own::Own;

const STYLE: &str = include_str!("../../assets/statement.css");
/// Names that are shown at the top.
const MOST_NAMES: usize = 3;

/// Words for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// The only owner.
    You,
    /// Somebody else, about the only owner.
    Owner,
    /// The rows name several people, so that nobody may read the payments of another as the own ones.
    Owners,
}

impl Reader {
    fn of(export: &BookingExport<'_>, own: &Own<'_>) -> Self {
        match (own.names().len(), export.is_for_owner) {
            (2.., _) => Self::Owners,
            (_, true) => Self::You,
            (_, false) => Self::Owner,
        }
    }

    fn words(self, you: &'static str, owner: &'static str, owners: &'static str) -> &'static str {
        match self {
            Self::You => you,
            Self::Owner => owner,
            Self::Owners => owners,
        }
    }

    /// Begins with a space; empty if each line names its payee.
    fn to(self) -> &'static str {
        self.words(" to you", " to the owner", "")
    }

    fn still_has_to_pay(self) -> &'static str {
        self.words(
            "you still have to pay",
            "the owner still has to pay",
            "the owners still have to pay",
        )
    }

    fn has_nothing_left_to_pay(self) -> &'static str {
        self.words(
            "You have nothing left to pay",
            "The owner has nothing left to pay",
            "The owners have nothing left to pay",
        )
    }

    fn does_not_have_to_pay(self) -> &'static str {
        self.words(
            "you do not have to pay",
            "the owner does not have to pay",
            "the owners do not have to pay",
        )
    }

    fn in_favor(self) -> &'static str {
        self.words("in your favor", "in favor of the owner", "in favor of the owners")
    }
}

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
    let (reader, figures) = (Reader::of(export, &own), Figures::of(&own));
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

/// `28 Nov 2026`.
fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
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
