//! The booking screen: its title, the totals beside the sums of the rows, the section that is shown.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::table::{centred, failed, grid, waiting};
use super::theme::Theme;
use crate::app::booking::{Booking, Comparison, Content, Gap, SectionView};
use crate::app::model::Model;
use crate::conciliation::{Figure, Total};
use crate::domain::cut::cut;
use crate::domain::money::{Currency, Sums, counted, grouped};

/// Cells of the names of the sections.
const NAME: usize = 14;
/// Cells of the number of rows.
const COUNT: usize = 7;
/// Cells of the server's total; a longer one makes its line longer.
const SERVER: usize = 16;

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
        lines.push(section_line(section, index == booking.section, area.width, theme));
    }
    if !content.other_totals.is_empty() {
        lines.push(Line::styled(cut(other_totals(content).into(), area.width), theme.dim));
    }
    if !content.extras.is_empty() {
        let keys: Vec<_> = content
            .extras
            .iter()
            .map(|(key, json)| format!("{}: {}", key.shown(), json.shown()))
            .collect();
        let text = format!("  Also in the answer: {}", keys.join(" · "));
        lines.push(Line::styled(cut(text.into(), area.width), theme.odd));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn section_line(section: &SectionView, is_shown: bool, width: u16, theme: &Theme) -> Line<'static> {
    let style = if is_shown { theme.chosen } else { Style::new() };
    let mark = if is_shown { "▸ " } else { "  " };
    let rows = section.table.records().len() as u64;
    let count = if section.gap.is_some() { "none".to_owned() } else { counted(rows) };
    let server = section.server.as_ref().map_or_else(|| "not given".to_owned(), figure);
    let name = Span::styled(format!("{mark}{:<NAME$}", section.kind.title), style);
    let fixed = Span::raw(format!("{count:>COUNT$}{server:>SERVER$}  "));
    let taken = u16::try_from(name.width() + fixed.width()).unwrap_or(u16::MAX);
    let (short, long, tone) = verdict(section, theme);
    let room = width.saturating_sub(taken);
    let told =
        |verdict: &str, sum: String| vec![Span::raw(sum), Span::styled(verdict.to_owned(), tone)];
    // The difference is said before the sum it comes from, where there is no room for both.
    let forms = [
        told(&long, row_sum(section)),
        told(&short, row_sum(section)),
        told(&short, currencies(section)),
        told(&short, String::new()),
    ];
    let fits =
        |form: &&Vec<Span<'_>>| form.iter().map(Span::width).sum::<usize>() <= usize::from(room);
    let form = forms.iter().find(fits).cloned().unwrap_or_default();
    Line::from([vec![name, fixed], form].concat())
}

/// Whether the figures agree, in few words and in more.
fn verdict(section: &SectionView, theme: &Theme) -> (String, String, Style) {
    match section.comparison() {
        Comparison::Agrees => ("  =".to_owned(), "  = agrees".to_owned(), theme.good),
        Comparison::Differs(by) => {
            let by = grouped(by, Currency::NONE);
            (format!("  ≠ by {by}"), format!("  ≠ differs by {by}"), theme.failure)
        }
        Comparison::Open("") => (String::new(), String::new(), theme.dim),
        Comparison::Open(why) => ("  ?".to_owned(), format!("  ? {why}"), theme.warning),
    }
}

fn currencies(section: &SectionView) -> String {
    match section.table.sums().iter().count() {
        0 => String::new(),
        1 => "1 currency".to_owned(),
        count => format!("{count} currencies"),
    }
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
    if !section.table.is_empty() {
        return grid(&section.table, model.now.local.date(), false, theme, frame, area);
    }
    let title = section.kind.title.to_lowercase();
    let text = match &section.gap {
        None => format!("This booking has no {title}."),
        Some(Gap::Absent) => format!("The answer holds no section for {title}."),
        Some(Gap::Odd(json)) => format!("The section for {title} is no list: {}", json.shown()),
    };
    centred(vec![Line::styled(text, theme.dim)], frame, area);
}
