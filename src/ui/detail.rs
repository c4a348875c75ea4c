//! The detail pane: the record under the cursor, field by field.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::theme::Theme;
use crate::app::detail::Tone;
use crate::app::model::Model;

pub(super) fn pane(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let all = model.detail_lines();
    let room = usize::from(area.height.saturating_sub(2));
    let below = all.len().saturating_sub(model.detail.top + room);
    let more = match (model.detail.top, below) {
        (0, 0) => String::new(),
        (_, 0) => " the end · ctrl-y up ".to_owned(),
        (_, below) => format!(" {below} more lines · ctrl-e down "),
    };
    let block = Block::new()
        .borders(Borders::ALL)
        .border_style(theme.dim)
        .title(Line::styled(" Detail ", theme.title))
        .title_bottom(Line::styled(more, theme.dim));
    if all.is_empty() {
        let nothing = Line::styled("There is no record here.", theme.dim);
        frame.render_widget(Paragraph::new(nothing).block(block), area);
        return;
    }
    let lines: Vec<Line<'_>> = all
        .into_iter()
        .skip(model.detail.top)
        .take(room)
        .map(|line| {
            let style = match line.tone {
                Tone::Value => ratatui::style::Style::new(),
                Tone::Odd => theme.odd,
                Tone::Remark => theme.warning,
            };
            Line::from(vec![
                Span::styled(padded(&line.label, 17), theme.dim),
                Span::styled(line.text, style),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn padded(label: &str, cells: usize) -> String {
    let room = cells.saturating_sub(unicode_width::UnicodeWidthStr::width(label));
    format!("{label}{}", " ".repeat(room))
}
