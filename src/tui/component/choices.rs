//! Entries in a box over the screen, of which one is chosen.

use ratatui::Frame;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::boxed::boxed;
use crate::domain::truncate::truncate;
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::theme::Theme;

/// `hint` names the keys, under the box.
pub fn draw(
    (title, hint): (&str, &str),
    entries: &[String],
    cursor: usize,
    cx: &Cx,
    theme: &Theme,
    frame: &mut Frame<'_>,
) {
    let hint = cx.looks.keymap.render(hint);
    let area = layout::form(cx.size, u16::try_from(entries.len()).unwrap_or(u16::MAX));
    let inside = boxed(title, hint, area, theme, frame);
    let room = usize::from(inside.height);
    let first = (cursor + 1).saturating_sub(room);
    let lines: Vec<Line<'_>> = entries
        .iter()
        .enumerate()
        .skip(first)
        .take(room)
        .map(|(index, entry)| {
            let is_here = index == cursor;
            let text = format!("{} {entry}", if is_here { "▸" } else { " " });
            let style = if is_here { theme.chosen } else { ratatui::style::Style::new() };
            Line::styled(truncate(text.into(), inside.width).into_owned(), style)
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), inside);
}
