//! Parts of modals: a box with a border, a list with one chosen entry, a text field.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Padding, Paragraph};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use crate::domain::truncate::truncate;
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::theme::Theme;

/// Cells of the mark before an entry.
const MARK: usize = 2;

/// Dims the screen and draws a box over it, with `foot` in its lower edge. Returns the area inside,
/// which is [`layout::FRAME`] cells narrower.
pub fn boxed(title: &str, foot: String, area: Rect, theme: &Theme, frame: &mut Frame<'_>) -> Rect {
    theme.shade(frame.buffer_mut());
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .padding(Padding::horizontal(1))
        .title(Line::styled(format!(" {title} "), theme.title))
        .title_bottom(Line::styled(foot, theme.dim));
    let inside = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    inside
}

pub fn choices(
    (title, hint): (&str, &'static str),
    all: &[String],
    cursor: usize,
    (cx, theme): (&Cx, &Theme),
    frame: &mut Frame<'_>,
) {
    let hint = cx.words(hint);
    let widest =
        all.iter().map(|entry| entry.width() + MARK).chain([hint.width(), title.width() + 2]);
    let size =
        [widest.max().unwrap_or(0), all.len()].map(|it| u16::try_from(it).unwrap_or(u16::MAX));
    let area = layout::choices(cx.size, size);
    let inside = boxed(title, hint, area, theme, frame);
    let all = all.iter().map(String::as_str);
    entries(all, Some(cursor), (theme, Style::new()), inside, frame);
}

/// `others` is the style of entries that are not chosen.
pub fn entries(
    all: impl Iterator<Item = impl std::fmt::Display>,
    cursor: Option<usize>,
    (theme, others): (&Theme, Style),
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let room = usize::from(area.height);
    let first = cursor.map_or(0, |at| (at + 1).saturating_sub(room));
    let lines = all.enumerate().skip(first).take(room).map(|(index, entry)| {
        let is_here = cursor == Some(index);
        let (mark, style) = if is_here { ("▸", theme.chosen) } else { (" ", others) };
        let text = format!("{mark} {entry}");
        Line::styled(truncate(text.into(), area.width).into_owned(), style)
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
    if let Some(cursor) = cursor {
        theme.light_line(frame.buffer_mut(), area, cursor - first);
    }
}

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
    let cursor = typed_text(input, line, frame);
    frame.set_cursor_position(cursor);
}

pub fn typed_text(input: &Input, area: Rect, frame: &mut Frame<'_>) -> Position {
    let room = area.width.saturating_sub(1).max(1);
    let scroll = input.visual_scroll(usize::from(room));
    let text = Paragraph::new(input.value());
    frame.render_widget(text.scroll((0, u16::try_from(scroll).unwrap_or(0))), area);
    let column = input.visual_cursor().saturating_sub(scroll);
    Position::new(area.x + u16::try_from(column).unwrap_or(0).min(room), area.y)
}
