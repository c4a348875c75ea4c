//! What lies over the screen: a text that is read, a line that is typed.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Wrap};
use tui_input::Input;

use super::theme::Theme;
use crate::app::layout;
use crate::app::model::{Popup, Question, Reader};

pub(super) fn draw(
    popup: &Popup,
    today: NaiveDate,
    size: (u16, u16),
    theme: &Theme,
    frame: &mut Frame<'_>,
) {
    match popup {
        Popup::Reader(reader) => read(reader, layout::reader(size), theme, frame),
        Popup::Form(form) => super::form::draw(form, today, size, theme, frame),
        Popup::Pick(pick) => super::form::draw_pick(pick, size, theme, frame),
        Popup::Question(question) => ask_whether(question, layout::prompt(size), theme, frame),
        Popup::Lookup { input, problem } => {
            let words = ("Open a booking", "Type or paste its reference.");
            ask(input, problem.as_deref(), words, layout::prompt(size), theme, frame);
        }
        Popup::SaveView { input, problem } => {
            let words = ("Save this view", "Its name; the same name replaces a view.");
            ask(input, problem.as_deref(), words, layout::prompt(size), theme, frame);
        }
        Popup::Columns(chooser) => super::form::draw_columns(chooser, size, theme, frame),
        // Drawn on the status line.
        Popup::Search(_) | Popup::Command(_) => {}
    }
}

fn read(reader: &Reader, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let room = usize::from(area.height.saturating_sub(2));
    let below = reader.lines.len().saturating_sub(reader.top + room);
    let more = if below > 0 { format!(" {below} more lines ") } else { String::new() };
    let block = Block::new()
        .borders(Borders::ALL)
        .title(Line::styled(format!(" {} ", reader.title), theme.title))
        .title_bottom(Line::styled(more, theme.dim));
    let lines: Vec<Line<'_>> = reader
        .lines
        .iter()
        .skip(reader.top)
        .take(room)
        .map(|line| Line::raw(line.as_str()))
        .collect();
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn ask_whether(question: &Question, area: Rect, theme: &Theme, frame: &mut Frame<'_>) {
    let block = Block::new()
        .borders(Borders::ALL)
        .title(Line::styled(format!(" {} ", question.title), theme.title))
        .title_bottom(Line::styled(" enter yes · esc no ", theme.dim));
    let words = Paragraph::new(question.text.as_str()).wrap(Wrap { trim: true }).block(block);
    frame.render_widget(Clear, area);
    frame.render_widget(words, area);
}

fn ask(
    input: &Input,
    problem: Option<&str>,
    (title, explanation): (&str, &str),
    area: Rect,
    theme: &Theme,
    frame: &mut Frame<'_>,
) {
    let block = Block::new()
        .borders(Borders::ALL)
        .title(Line::styled(format!(" {title} "), theme.title))
        .title_bottom(Line::styled(" enter do it · esc leave ", theme.dim));
    let inside = block.inner(area);
    let room = inside.width.saturating_sub(1).max(1);
    let scroll = input.visual_scroll(usize::from(room));
    let typed = Paragraph::new(input.value()).scroll((0, u16::try_from(scroll).unwrap_or(0)));
    let line = Rect { height: inside.height.min(1), ..inside };
    let below = Rect { y: inside.y + line.height, height: inside.height - line.height, ..inside };
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    frame.render_widget(typed, line);
    let (text, style) = match problem {
        Some(problem) => (problem, theme.failure),
        None => (explanation, theme.dim),
    };
    let words = Paragraph::new(Line::styled(text, style)).wrap(Wrap { trim: true });
    frame.render_widget(words, below);
    let column = input.visual_cursor().saturating_sub(scroll);
    let x = inside.x + u16::try_from(column).unwrap_or(0).min(room);
    frame.set_cursor_position(Position::new(x, inside.y));
}
