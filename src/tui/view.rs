//! The screen as a function of the model: `view(&Model, &Theme, &mut Frame)`. It changes nothing.
// A wrong index would end the program and take the screen with it.
#![warn(clippy::indexing_slicing)]

pub mod chrome;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph, Wrap};

use crate::tui::layout::{SMALLEST, message_lines};
use crate::tui::model::{Model, Popup};
use crate::tui::theme::Theme;
use crate::tui::{
    ascii, component::detail_view as detail, component::table::view as table,
    modal::prompt_view as prompt, modal::view as popup, screen::booking::view as booking,
    screen::payments::view as sheet, screen::triage::view as triage,
};

pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if !model.fits() {
        let (width, height) = SMALLEST;
        let text =
            format!("valora needs {width}x{height}; this is {}x{}.", area.width, area.height);
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), area);
        return;
    }
    let regions = model.regions();
    chrome::header(model, theme, frame, regions.header);
    if let Some(shown) = model.sheet() {
        sheet::title(model, shown, theme, frame, regions.tabs);
        sheet::body(shown, theme, frame, regions.table);
    } else if let Some(booking) = model.bookings.last() {
        booking::title(model, booking, theme, frame, regions.tabs);
        booking::panel(booking, theme, frame, regions.panel);
        booking::body(model, booking, theme, frame, regions.table);
    } else {
        chrome::tabs(model, theme, frame, regions.tabs);
        chrome::chips(model, theme, frame, regions.chips);
        if model.is_triaging() {
            triage::strip(model, theme, frame, regions.panel);
            triage::rows(model, theme, frame, regions.table);
        } else {
            table::list(model, theme, frame, regions.table);
        }
    }
    if !regions.detail.is_empty() && model.is_triaging() {
        triage::evidence(model, theme, frame, regions.detail);
    } else if !regions.detail.is_empty() {
        detail::record(model, theme, frame, regions.detail);
    }
    message(model, theme, frame, regions.message);
    chrome::status(model, theme, frame, regions.status);
    chrome::hints(model, theme, frame, regions.hints);
    match &model.popup {
        None => {}
        Some(Popup::Search(input)) => prompt::search(model, input, theme, frame, regions.status),
        Some(Popup::Command(line)) => prompt::command(line, theme, frame, regions.status),
        Some(popup) => popup::draw(popup, model.now.local.date(), model.size, theme, frame),
    }
    if model.looks.is_ascii {
        ascii::only(frame.buffer_mut());
    }
}

fn message(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let Some(text) = model.message() else { return };
    let (mark, style) =
        if model.notice.is_some() { ("· ", theme.notice) } else { ("✗ ", theme.failure) };
    let lines: Vec<Line<'_>> = message_lines(&text, model.size.0)
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            Line::styled(format!("{}{line}", if index == 0 { mark } else { "  " }), style)
        })
        .collect();
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines), area);
}

#[cfg(test)]
mod tests;
