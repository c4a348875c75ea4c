//! The detail pane: the record under the cursor, field by field, or the evidence about it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};
use unicode_width::UnicodeWidthStr;

use crate::domain::truncate::truncate;
use crate::tui::component::detail::Tone;
use crate::tui::model::Model;
use crate::tui::theme::Theme;

pub struct Pane {
    pub title: &'static str,
    pub label: u16,
    pub odd: Style,
}

pub fn record(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    pane(model, &Pane { title: " Detail ", label: 16, odd: theme.odd }, theme, frame, area);
}

/// The lines of the detail from where they are scrolled to.
pub fn pane(model: &Model, pane: &Pane, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let all = model.detail_lines();
    let room = usize::from(area.height.saturating_sub(2));
    let below = all.len().saturating_sub(model.detail.top + room);
    let more = match (model.detail.top, below) {
        (0, 0) => String::new(),
        (_, 0) => " the end · ctrl-y up ".to_owned(),
        (_, below) => format!(" {below} more · ctrl-e down "),
    };
    let block = Block::new()
        .borders(Borders::ALL)
        .border_style(theme.dim)
        .title(Line::styled(pane.title, theme.title))
        .title_bottom(Line::styled(more, theme.dim));
    if all.is_empty() {
        let nothing = Line::styled("There is no record here.", theme.dim);
        frame.render_widget(Paragraph::new(nothing).block(block), area);
        return;
    }
    let line = |line: crate::tui::component::detail::Line| {
        let style = match line.tone {
            Tone::Value => Style::new(),
            Tone::Odd => pane.odd,
            Tone::Remark => theme.warning,
        };
        let label = truncate(line.label.into(), pane.label).into_owned();
        let gap = usize::from(pane.label + 1).saturating_sub(label.width());
        let label = format!("{label}{}", " ".repeat(gap));
        Line::from(vec![Span::styled(label, theme.dim), Span::styled(line.text, style)])
    };
    let lines: Vec<Line<'_>> =
        all.into_iter().skip(model.detail.top).take(room).map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
