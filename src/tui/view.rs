//! Draws the state; changes nothing.

pub mod chrome;

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Clear, Padding, Paragraph, Wrap};
use unicode_width::UnicodeWidthStr;

use super::component::detail::Line as DetailLine;
use super::layout::{SMALLEST, message_lines};
use super::stack::Tui;
use super::theme::Theme;
use crate::domain::truncate::truncate;

pub fn view(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let cx = &tui.cx;
    let (width, height) = SMALLEST;
    if cx.size.0 < width || cx.size.1 < height {
        let area = frame.area();
        let text =
            format!("valora needs {width}x{height}; this is {}x{}.", area.width, area.height);
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    chrome::header(tui, theme, frame);
    tui.top().draw(cx, theme, frame);
    if !cx.layout.detail.is_empty() {
        detail(tui, theme, frame);
    }
    message(tui, theme, frame);
    chrome::status(tui, theme, frame);
    chrome::hints(tui, theme, frame);
    for modal in &tui.modals {
        modal.draw(cx, theme, frame);
    }
    if cx.looks.is_ascii {
        super::ascii::only(frame.buffer_mut());
    }
}

fn message(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let Some(text) = tui.message() else { return };
    let (mark, style) =
        if tui.cx.notice.is_some() { ("· ", theme.notice) } else { ("✗ ", theme.failure) };
    let wrapped = message_lines(&text, tui.cx.size.0).into_iter().enumerate();
    let lines = wrapped.map(|(index, line)| {
        Line::styled(format!("{}{line}", if index == 0 { mark } else { "  " }), style)
    });
    let lines: Vec<Line<'_>> = lines.collect();
    let area = tui.cx.layout.message;
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines), area);
}

/// Cells of a pane's border and padding.
const PANE: u16 = 3;

/// The record's fields, or the evidence about it.
fn detail(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let (cx, screen) = (&tui.cx, tui.top());
    let (area, detail) = (cx.layout.detail, screen.detail());
    let (title, labels) = screen.pane();
    let all = screen.detail_lines(cx, area.width.saturating_sub(PANE));
    let room = usize::from(area.height.saturating_sub(2));
    let below = all.len().saturating_sub(detail.top + room);
    let more = match (detail.top, below) {
        (0, 0) => String::new(),
        (_, 0) => cx.words(" the end · {detail-up} up "),
        (_, below) => format!(" {below} more{}", cx.words(" · {detail-down} down ")),
    };
    let rule = if area.x > 0 { Borders::LEFT } else { Borders::TOP };
    let block = Block::new()
        .borders(rule)
        .padding(Padding::horizontal(1))
        .border_style(theme.dim)
        .title(Line::styled(title, theme.title))
        .title_bottom(Line::styled(more, theme.dim));
    if all.is_empty() {
        let nothing = Line::styled("No row is selected.", theme.dim);
        frame.render_widget(Paragraph::new(nothing).block(block), area);
        return;
    }
    let line = |line: DetailLine| {
        let label = truncate(line.label.into(), labels).into_owned();
        let gap = usize::from(labels + 1).saturating_sub(label.width());
        let label = format!("{label}{}", " ".repeat(gap));
        Line::from(vec![
            Span::styled(label, theme.dim),
            Span::styled(line.text, theme.tone(line.tone)),
        ])
    };
    let lines: Vec<Line<'_>> = all.into_iter().skip(detail.top).take(room).map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

#[cfg(test)]
mod tests;
