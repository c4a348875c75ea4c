//! The lines of the totals panel, as data: what each holds, whatever the width.

use crate::conciliation::Tone;
use crate::conciliation::report::lines::ReportLine;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::booking::tenant;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A total, as the place of its section.
    Section(usize),
    Text(String, Tone),
}

pub fn lines(booking: &Booking) -> Vec<Line> {
    let Some(report) = booking.content.as_ref().map(|content| &content.report) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    for (section, compared) in report.totals.sections.iter().enumerate() {
        lines.push(Line::Section(section));
        let why = compared.comparison.explanation();
        lines.extend(why.map(|why| Line::Text(format!("     └ {why}"), Tone::Open)));
    }
    let text = |line: ReportLine| Line::Text(format!("  {}", line.text), line.tone);
    lines.extend(report.other_lines().into_iter().map(text));
    lines.extend(report.source_summary(&booking.sources, "%H:%M").into_iter().map(text));
    lines.extend(tenant::summary(booking).map(text));
    lines.extend(report.extras_line().map(text));
    lines
}
