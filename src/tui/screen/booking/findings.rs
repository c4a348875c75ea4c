//! The checks view: the report's lines, wrapped to the screen.

use crate::conciliation::Tone;
use crate::conciliation::report::lines::ReportLine;
use crate::tui::screen::booking::state::{Booking, Content};

/// All lines in `width` cells; each leads to the rows that it is about.
pub fn lines(booking: &Booking, width: u16) -> Vec<ReportLine> {
    let Some(content) = &booking.content else { return Vec::new() };
    let report = &content.report;
    let title = |text: String| ReportLine::new(0, text, Tone::Title);
    let mut lines = report.verdict_lines();
    lines.push(title("Checks".to_owned()));
    lines.extend(report.check_lines());
    lines.extend(changes(content));
    lines.push(title("Sources".to_owned()));
    let at = content.fetched.local.format("%Y-%m-%d %H:%M");
    lines.push(ReportLine::new(2, format!("Conciliation: at {at}"), Tone::Plain));
    lines.extend(report.source_lines(&booking.sources, "%H:%M"));
    let width = usize::from(width).max(20);
    lines.into_iter().flat_map(|line| wrapped(&line, width)).collect()
}

/// Cells that the lines have in a body of `width`: the first two are for the mark of the cursor.
pub fn room(width: u16) -> u16 {
    width.saturating_sub(3)
}

/// A line in as many as it takes, those after the first indented by two more.
fn wrapped(line: &ReportLine, width: usize) -> Vec<ReportLine> {
    let (first, further) = (" ".repeat(line.indent), " ".repeat(line.indent + 2));
    let options = textwrap::Options::new(width).initial_indent(&first).subsequent_indent(&further);
    let parts = textwrap::wrap(&line.text, options).into_iter();
    parts.map(|part| ReportLine { text: part.into_owned(), indent: 0, ..line.clone() }).collect()
}

fn changes(content: &Content) -> Vec<ReportLine> {
    let Some(before) = content.before() else { return Vec::new() };
    let at = content.fetched.local.format("%H:%M");
    let what = if content.changes.is_empty() { "Nothing changed" } else { "Changed" };
    let title = ReportLine::new(0, format!("{what} at the refresh of {at}"), Tone::Title);
    let mut lines = vec![title];
    lines.extend(content.changes.lines(before, content.raw()));
    lines
}
