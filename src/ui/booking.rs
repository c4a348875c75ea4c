//! The booking screen: its title, the totals beside the sums of the rows, the section that is shown.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::table::{centred, failed, grid, waiting};
use super::theme::Theme;
use crate::app::booking::{Booking, Content, Gap, SectionView};
use crate::app::model::Model;
use crate::conciliation::{Figure, Total};
use crate::domain::money::{Currency, Sums, counted, grouped};

/// Cells of the names of the sections.
const NAME: usize = 16;
/// Cells of the number of rows.
const COUNT: usize = 9;
/// Cells of the server's total: the longest amount of the contract fits.
const SERVER: usize = 18;

/// The reference of the booking.
pub(super) fn title(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let reference = booking.content.as_ref().map_or(&booking.asked, |content| &content.reference);
    let line = Line::from(vec![
        Span::styled(" Booking ", theme.dim),
        Span::styled(reference.shown().into_owned(), theme.chosen),
        Span::styled("  conciliation", theme.dim),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}

/// One line a section: rows, the server's total, the sum of the rows, and whether they agree.
pub(super) fn panel(booking: &Booking, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(content) = &booking.content else { return };
    let head =
        format!("  {:<NAME$}{:>COUNT$}{:>SERVER$}  Sum of the rows", "", "Rows", "Server total");
    let mut lines = vec![Line::styled(head, theme.dim)];
    for (index, section) in content.sections.iter().enumerate() {
        lines.push(section_line(section, index == booking.section, theme));
    }
    if !content.other_totals.is_empty() {
        lines.push(Line::styled(other_totals(content), theme.dim));
    }
    if !content.extras.is_empty() {
        let keys: Vec<_> = content
            .extras
            .iter()
            .map(|(key, json)| format!("{}: {}", key.shown(), json.shown()))
            .collect();
        lines.push(Line::styled(format!("  Also in the answer: {}", keys.join(" · ")), theme.odd));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn section_line(section: &SectionView, is_shown: bool, theme: &Theme) -> Line<'static> {
    let style = if is_shown { theme.chosen } else { Style::new() };
    let mark = if is_shown { "▸ " } else { "  " };
    let rows = section.table.records().len() as u64;
    let count = if section.gap.is_some() { "none".to_owned() } else { counted(rows) };
    let server = section.server.as_ref().map_or_else(|| "not given".to_owned(), figure);
    let (verdict, tone) = match section.agrees() {
        Some(true) => ("  = agrees", theme.good),
        Some(false) => ("  ≠ differs", theme.failure),
        None => ("", theme.dim),
    };
    Line::from(vec![
        Span::styled(format!("{mark}{:<NAME$}", section.kind.title), style),
        Span::raw(format!("{count:>COUNT$}{server:>SERVER$}  ")),
        Span::raw(row_sum(section)),
        Span::styled(verdict, tone),
    ])
}

fn row_sum(section: &SectionView) -> String {
    if section.gap.is_some() {
        return "not in the answer".to_owned();
    }
    let sums: &Sums = section.table.sums();
    let text = if sums.is_empty() { "0.00".to_owned() } else { sums.to_string() };
    match section.without_amount {
        0 => text,
        without => format!("{text}, {without} without an amount"),
    }
}

/// A total: the contract gives it no currency, so it is shown without one.
fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Count(count) => count.to_string(),
        Figure::Minor(minor) => grouped((*minor).into(), Currency::NONE),
        Figure::Odd(json) => json.shown().into_owned(),
    }
}

fn other_totals(content: &Content) -> String {
    let each = |total: &Total| {
        let name = total.name.shown().replace('_', " ");
        let kind = if matches!(total.figure, Figure::Count(_)) { " (count)" } else { "" };
        format!("{name}{kind} {}", figure(&total.figure))
    };
    let all: Vec<String> = content.other_totals.iter().map(each).collect();
    format!("  Server's other totals: {}", all.join(" · "))
}

/// The rows of the section that is shown, or why there are none.
pub(super) fn section(
    model: &Model,
    booking: &Booking,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let Some(section) = booking.shown() else {
        match &booking.failure {
            Some(failure) => failed(failure, theme, frame, area),
            None => {
                let text = waiting(model, "the conciliation of the booking");
                centred(vec![Line::styled(text, theme.dim)], frame, area);
            }
        }
        return;
    };
    if !section.table.records().is_empty() {
        return grid(&section.table, theme, frame, area);
    }
    let title = section.kind.title.to_lowercase();
    let text = match &section.gap {
        None => format!("This booking has no {title}."),
        Some(Gap::Absent) => format!("The answer holds no section for {title}."),
        Some(Gap::Odd(json)) => format!("The section for {title} is no list: {}", json.shown()),
    };
    centred(vec![Line::styled(text, theme.dim)], frame, area);
}
