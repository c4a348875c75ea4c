//! The help: a line to search in, and what can be done.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::truncate::truncate;
use crate::tui::component::boxed::{boxed, typed};
use crate::tui::cx::Cx;
use crate::tui::layout;
use crate::tui::modal::help::Help;
use crate::tui::theme::Theme;

/// What stands before the line that is typed.
const PROMPT: &str = " search: ";

pub fn draw(help: &Help, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
    let area = layout::reader(cx.size);
    let more = match help.below() {
        0 => String::new(),
        below => format!(" {below} more lines "),
    };
    let keys = cx.looks.keymap.render(
        " type to search · {chosen-up} {chosen-down} choose · {do-chosen} does it · {close-help} closes ",
    );
    let keys = truncate(keys.into(), area.width.saturating_sub(2)).into_owned();
    let inside = boxed("What can be done here", keys, area, theme, frame);
    let corner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    frame.render_widget(Line::from(Span::styled(more, theme.dim)).right_aligned(), corner);
    let line = Rect { height: inside.height.min(1), ..inside };
    typed(&help.input, PROMPT, theme, frame, line);
    let below = Rect { y: inside.y + line.height, height: inside.height - line.height, ..inside };
    let mut lines: Vec<Line<'_>> = help
        .shown()
        .map(|(line, is_chosen)| match (is_chosen, line.found) {
            (true, _) => {
                let is_first = !line.text.starts_with("   ");
                let text = line.text.replacen(' ', if is_first { "▸" } else { " " }, 1);
                Line::styled(text, theme.chosen)
            }
            (false, Some(_)) if !line.is_available => Line::styled(line.text.as_str(), theme.dim),
            (false, Some(_)) => Line::raw(line.text.as_str()),
            (false, None) => Line::styled(line.text.as_str(), theme.title),
        })
        .collect();
    if lines.is_empty() {
        lines.push(Line::styled("  Nothing here is called that.", theme.warning));
    }
    frame.render_widget(Paragraph::new(lines), below);
}
