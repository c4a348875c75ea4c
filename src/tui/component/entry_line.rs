//! A line that is typed, with the terminal's cursor in it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::tui::theme::Theme;

pub fn typed(
    input: &Input,
    prompt: &'static str,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) {
    let prompted = u16::try_from(prompt.len()).unwrap_or(0).min(area.width);
    frame.render_widget(Line::styled(prompt, theme.key), area);
    let line = Rect { x: area.x + prompted, width: area.width - prompted, ..area };
    let room = line.width.saturating_sub(1).max(1);
    let scroll = input.visual_scroll(usize::from(room));
    let text = Paragraph::new(input.value());
    frame.render_widget(text.scroll((0, u16::try_from(scroll).unwrap_or(0))), line);
    let column = input.visual_cursor().saturating_sub(scroll);
    let x = line.x + u16::try_from(column).unwrap_or(0).min(room);
    frame.set_cursor_position(Position::new(x, area.y));
}
