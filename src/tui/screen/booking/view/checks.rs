//! The view of the checks: the lines of the report, wrapped to the screen, with a cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::conciliation::Tone;
use crate::conciliation::report::lines::ReportLine;
use crate::tui::component::table::grid::CURSOR;
use crate::tui::screen::booking::state::{Booking, Content};
use crate::tui::theme::Theme;

pub fn draw(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let all = lines(booking, area.width);
    let scroll = booking.checks;
    let visible = all.into_iter().enumerate().skip(scroll.top).take(area.height.into());
    let lines: Vec<Line<'_>> = visible
        .map(|(index, line)| {
            let is_here = index == scroll.cursor;
            let mark = if is_here { Span::styled(CURSOR, theme.cursor) } else { Span::raw(" ") };
            // A line that leads to rows says so where the cursor is.
            let leads = if is_here && !line.rows.is_empty() { "›" } else { " " };
            let text = Span::styled(line.text, theme.tone(line.tone));
            Line::from(vec![mark, Span::styled(leads, theme.key), text])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// All lines in a body of `width` cells; each leads to the rows that it is about.
pub fn lines(booking: &Booking, width: u16) -> Vec<ReportLine> {
    let Some(content) = &booking.content else { return Vec::new() };
    let report = &content.report;
    let title = |text: &str| ReportLine::new(0, text.to_owned(), Tone::Title);
    let mut lines = report.verdict_lines();
    lines.push(title("Checks"));
    lines.extend(report.check_lines());
    lines.extend(changes(content));
    lines.push(title("Sources"));
    let at = content.fetched.local.format("%Y-%m-%d %H:%M");
    lines.push(ReportLine::new(2, format!("Conciliation: at {at}"), Tone::Plain));
    lines.extend(report.source_lines(&booking.sources, "%H:%M"));
    // The first cells are for the mark of the cursor.
    let width = usize::from(width.saturating_sub(3)).max(20);
    lines.into_iter().flat_map(|line| wrapped(&line, width)).collect()
}

/// A line in as many as it takes, those after the first indented by two more.
fn wrapped(line: &ReportLine, width: usize) -> Vec<ReportLine> {
    let (first, further) = (" ".repeat(line.indent), " ".repeat(line.indent + 2));
    let options = textwrap::Options::new(width).initial_indent(&first).subsequent_indent(&further);
    let parts = textwrap::wrap(&line.text, options).into_iter();
    parts.map(|part| ReportLine { text: part.into_owned(), indent: 0, ..line.clone() }).collect()
}

fn changes(content: &Content) -> Vec<ReportLine> {
    let Some(before) = &content.before else { return Vec::new() };
    let at = content.fetched.local.format("%H:%M");
    let what = if content.changes.is_empty() { "Nothing changed" } else { "Changed" };
    let title = ReportLine::new(0, format!("{what} at the refresh of {at}"), Tone::Title);
    let mut lines = vec![title];
    lines.extend(content.changes.lines(before, &content.raw));
    lines
}
