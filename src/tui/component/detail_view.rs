//! The detail pane: the record under the cursor, field by field, or the evidence about it.

use ratatui::Frame;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};
use unicode_width::UnicodeWidthStr;

use crate::domain::truncate::truncate;
use crate::tui::cx::Cx;
use crate::tui::screen::Behavior;
use crate::tui::theme::Theme;

pub fn draw(screen: &dyn Behavior, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let (area, detail) = (cx.layout.detail, screen.detail());
    let pane = screen.pane();
    let all = screen.detail_lines(cx, area.width.saturating_sub(2));
    let room = usize::from(area.height.saturating_sub(2));
    let below = all.len().saturating_sub(detail.top + room);
    let more = match (detail.top, below) {
        (0, 0) => String::new(),
        (_, 0) => " the end · {detail-up} up ".to_owned(),
        (_, below) => format!(" {below} more · {{detail-down}} down "),
    };
    let more = cx.looks.keymap.render(&more);
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
        let label = truncate(line.label.into(), pane.label).into_owned();
        let gap = usize::from(pane.label + 1).saturating_sub(label.width());
        let label = format!("{label}{}", " ".repeat(gap));
        Line::from(vec![
            Span::styled(label, theme.dim),
            Span::styled(line.text, theme.tone(line.tone)),
        ])
    };
    let lines: Vec<Line<'_>> = all.into_iter().skip(detail.top).take(room).map(line).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
