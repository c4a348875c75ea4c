//! The lines of the totals panel, as data: what stands in each, whatever the width.

use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::rules::Explanation;
use crate::conciliation::totals::{Compared, Comparison, Incomparable};
use crate::conciliation::{Figure, Total};
use crate::domain::money::{Currency, format_amount};
use crate::tui::screen::booking::state::Booking;

/// A line of the panel below its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Section(usize),
    /// Why the section above differs, or cannot be compared.
    Why(String),
    /// What the lists beside the conciliation gave.
    Source(String, Tone),
    Other(String, Tone),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Quiet,
    Warning,
    Failure,
    /// It is in no documented place.
    Odd,
}

/// All lines below the header; none while nothing has come.
pub fn lines(booking: &Booking) -> Vec<Line> {
    let Some(content) = &booking.content else { return Vec::new() };
    let mut lines = Vec::new();
    for (index, compared) in content.report.findings.totals.sections.iter().enumerate() {
        lines.push(Line::Section(index));
        lines.extend(why(compared).map(Line::Why));
    }
    lines.extend(others(booking).into_iter().map(|(text, tone)| Line::Other(text, tone)));
    lines.extend(sources(booking));
    lines.extend(crate::tui::screen::booking::tenant::summary(booking));
    let extras: Vec<_> = content
        .raw()
        .extras
        .iter()
        .map(|(key, json)| format!("{}: {}", key.shown(), json.shown()))
        .collect();
    if !extras.is_empty() {
        let text = format!("Also in the answer: {}", extras.join(" · "));
        lines.push(Line::Other(text, Tone::Odd));
    }
    lines
}

fn why(compared: &Compared) -> Option<String> {
    match &compared.outcome {
        Comparison::Agrees => None,
        Comparison::Differs(by) => {
            let rule = by.explanations.first()?;
            Some(format!("{}: the server's figure is {}", Explanation::MARK, rule.words))
        }
        Comparison::Incomparable(Incomparable::SeveralCurrencies(seems)) => {
            let rule = seems.first()?;
            Some(format!("{}: the server's figure is {}", Explanation::MARK, rule.words))
        }
        Comparison::Incomparable(open) => Some(open.to_string()),
    }
}

/// Totals that belong to no section; the count of transactions beside the rows.
fn others(booking: &Booking) -> Vec<(String, Tone)> {
    let Some(content) = &booking.content else { return Vec::new() };
    let count = &content.report.findings.totals.count;
    let mut quiet = Vec::new();
    let mut lines = Vec::new();
    for total in content.raw().other_totals() {
        match (&total.figure, count.agrees(), count.rows) {
            (Figure::Count(server), Some(false), Some(rows)) => {
                let text =
                    format!("≠ the server counts {server} transactions, the rows are {rows}");
                lines.push((text, Tone::Failure));
            }
            (Figure::Count(server), Some(true), _) => {
                quiet.push(format!("{server} transactions counted, as here"));
            }
            _ => quiet.push(other(total)),
        }
    }
    if !quiet.is_empty() {
        let text = format!("Server's other totals: {}", quiet.join(" · "));
        lines.insert(0, (text, Tone::Quiet));
    }
    lines
}

fn other(total: &Total) -> String {
    let name = total.name.shown().replace('_', " ");
    let kind = if matches!(total.figure, Figure::Count(_)) { " (count)" } else { "" };
    format!("{name}{kind} {}", figure(&total.figure, Currency::NONE))
}

/// A total: the contract gives it no currency, so it is shown without a code, and with the decimals
/// of its rows.
pub fn figure(figure: &Figure, currency: Currency) -> String {
    match figure {
        Figure::Count(count) => count.to_string(),
        Figure::Minor(minor) => format_amount((*minor).into(), currency),
        Figure::Odd(json) => json.shown().into_owned(),
    }
}

/// One line for the sources that are in order or on their way, one for each that failed.
fn sources(booking: &Booking) -> Vec<Line> {
    let mut quiet = Vec::new();
    let mut lines = Vec::new();
    for which in ExtraList::ALL {
        let title = which.title();
        if let Some(text) = state(booking, which) {
            match &booking.sources.of(which).state {
                State::Failed(_) => {
                    lines.push(Line::Source(format!("✗ {title}: {text}"), Tone::Failure));
                }
                _ => quiet.push(format!("{title}: {text}")),
            }
        }
    }
    let unmatched = booking.content.iter().flat_map(|content| &content.report.unmatched);
    for (which, rows) in unmatched {
        let text = format!("? {}: {rows} not in the answer", which.title());
        lines.push(Line::Source(text, Tone::Warning));
    }
    if !quiet.is_empty() {
        lines.insert(0, Line::Source(quiet.join(" · "), Tone::Quiet));
    }
    lines
}

/// How a source stands, in words; `None` for one that is not needed.
pub fn state(booking: &Booking, which: ExtraList) -> Option<String> {
    let source = booking.sources.of(which);
    let at = source.at.map(|at| format!(" at {}", at.format("%H:%M"))).unwrap_or_default();
    let rows = match source.rows.len() {
        0 => "none".to_owned(),
        rows => rows.to_string(),
    };
    match &source.state {
        State::Unasked => None,
        State::Waiting => Some("fetching …".to_owned()),
        State::Loaded => Some(format!("{rows}{at}")),
        State::Failed(why) if source.at.is_some() => Some(format!("{why}; {rows}{at}")),
        State::Failed(why) => Some(why.clone()),
    }
}
