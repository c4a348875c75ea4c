//! The screen as a function of the state: it changes nothing.

pub mod chrome;

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::component::detail_view;
use super::layout::{SMALLEST, message_lines};
use super::stack::Tui;
use super::theme::Theme;

pub fn view(tui: &Tui, theme: &Theme, frame: &mut Frame<'_>) {
    let cx = &tui.cx;
    if !tui.fits() {
        let (area, (width, height)) = (frame.area(), SMALLEST);
        let text =
            format!("valora needs {width}x{height}; this is {}x{}.", area.width, area.height);
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    chrome::header(tui, theme, frame);
    tui.top().draw(cx, theme, frame);
    if !cx.layout.detail.is_empty() {
        detail_view::draw(tui.top(), cx, theme, frame);
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

#[cfg(test)]
mod tests;
