//! The box around what lies over a screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear};

use crate::tui::theme::Theme;

/// Draws an empty box with a title and what stands at its lower edge; returns the area inside.
pub fn boxed(title: &str, foot: String, area: Rect, theme: &Theme, frame: &mut Frame<'_>) -> Rect {
    let block = Block::new()
        .borders(Borders::ALL)
        .title(Line::styled(format!(" {title} "), theme.title))
        .title_bottom(Line::styled(foot, theme.dim));
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    inside
}
