//! What lies over the screen: a text that is read, a line that is typed.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Paragraph, Wrap};
use tui_input::Input;

use crate::domain::truncate::truncate;
use crate::tui::layout;
use crate::tui::modal::lookup::Lookup;
use crate::tui::modal::prompt_view::typed;
use crate::tui::model::{Popup, Question, Reader};
use crate::tui::theme::Theme;

pub fn draw(
    popup: &Popup,
    today: NaiveDate,
    size: (u16, u16),
    theme: &Theme,
    frame: &mut Frame<'_>,
) {
    match popup {
        Popup::Reader(reader) => read(reader, layout::reader(size), theme, frame),
        Popup::Help(help) => {
            crate::tui::modal::help_view::draw(help, layout::reader(size), theme, frame)
        }
        Popup::Form(form) => crate::tui::modal::form_view::draw(form, today, size, theme, frame),
        Popup::Pick(pick) => crate::tui::modal::form_view::draw_pick(pick, size, theme, frame),
        Popup::Question(question) => ask_whether(question, layout::prompt(size), theme, frame),
        Popup::Lookup(lookup) => look_up(lookup, size, theme, frame),
        Popup::Save(save) => {
            let words = match &save.rows {
                None => "A new file: .txt for a message, .csv, .json.",
                Some(rows) => rows.words(),
            };
            let keys = match &save.rows {
                None => " enter write · esc leave ",
                Some(rows) if rows.is_open() => " enter write · tab rows · down form · esc leave ",
                Some(_) => " enter write · down form · esc leave ",
            };
            let said = Said { title: " Export to ", problem: save.problem.as_deref(), words, keys };
            ask(&save.input, &said, layout::prompt(size), theme, frame);
        }
        Popup::Ask(line) => {
            let keys = " enter take · esc leave ";
            let problem = line.problem.as_deref();
            let said = Said { title: line.title, problem, words: line.words, keys };
            ask(&line.input, &said, layout::prompt(size), theme, frame);
        }
        Popup::SaveView { input, problem } => {
            let words = "Its name; the same name replaces a view.";
            let keys = " enter save · esc leave ";
            let problem = problem.as_deref();
            let said = Said { title: " Save this view ", keys, problem, words };
            ask(input, &said, layout::prompt(size), theme, frame);
        }
        Popup::Columns(chooser) => {
            crate::tui::modal::form_view::draw_columns(chooser, size, theme, frame)
        }
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

/// The lookup, and below what was typed the bookings that it may mean.
fn look_up(lookup: &Lookup, size: (u16, u16), theme: &Theme, frame: &mut Frame<'_>) {
    let offered = u16::try_from(lookup.offered.len()).unwrap_or(u16::MAX);
    let area = layout::lookup(size, offered);
    let said = Said {
        title: " Open a booking ",
        problem: lookup.problem.as_deref(),
        words: "Type or paste its reference.",
        keys: if offered == 0 {
            " enter open · esc leave "
        } else {
            " enter open · up down choose · esc leave "
        },
    };
    let below = ask(&lookup.input, &said, area, theme, frame);
    let list =
        Rect { y: below.y + below.height.min(2), height: below.height.saturating_sub(2), ..below };
    let lines: Vec<Line<'_>> = lookup
        .offered
        .iter()
        .enumerate()
        .map(|(index, reference)| {
            let is_here = lookup.cursor == Some(index);
            let style = if is_here { theme.chosen } else { theme.dim };
            let text = format!("{} {}", if is_here { "▸" } else { " " }, reference.shown());
            Line::styled(truncate(text.into(), list.width).into_owned(), style)
        })
        .collect();
    let first = lookup.cursor.map_or(0, |at| (at + 1).saturating_sub(list.height.into()));
    let first = u16::try_from(first).unwrap_or(u16::MAX);
    frame.render_widget(Paragraph::new(lines).scroll((first, 0)), list);
}

struct Said<'a> {
    title: &'static str,
    problem: Option<&'a str>,
    words: &'a str,
    keys: &'static str,
}

/// Draws a line that is typed; gives what is left below it.
fn ask(input: &Input, said: &Said<'_>, area: Rect, theme: &Theme, frame: &mut Frame<'_>) -> Rect {
    let block = Block::new()
        .borders(Borders::ALL)
        .title(Line::styled(said.title, theme.title))
        .title_bottom(Line::styled(said.keys, theme.dim));
    let inside = block.inner(area);
    let line = Rect { height: inside.height.min(1), ..inside };
    let below = Rect { y: inside.y + line.height, height: inside.height - line.height, ..inside };
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    typed(input, "", theme, frame, line);
    let (text, style) = match said.problem {
        Some(problem) => (problem, theme.failure),
        None => (said.words, theme.dim),
    };
    let words = Paragraph::new(Line::styled(text, style)).wrap(Wrap { trim: true });
    let two = Rect { height: below.height.min(2), ..below };
    frame.render_widget(words, two);
    below
}
