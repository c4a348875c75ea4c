//! The help: the keys and commands of a screen, searched as one types, and run from here.

use std::borrow::Cow;
use std::ops::Range;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line as TextLine, Span};
use ratatui::widgets::Paragraph;
use tui_input::Input;

use crate::command::{CommandSpec, Takes};
use crate::domain::money::counted;
use crate::domain::truncate::truncate;
use crate::manual::Topic;
use crate::tui::component::boxed::{boxed, typed};
use crate::tui::component::scroll::Scroll;
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Binding, Scope, Step};
use crate::tui::layout;
use crate::tui::modal::reader::Reader;
use crate::tui::modal::{Modal, Stay};
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;

/// Cells of the keys, with the indent.
const KEYS: usize = 16;

#[derive(Debug, Default)]
pub struct Help {
    pub input: Input,
    entries: Vec<Entry>,
    lines: Vec<Line>,
    found: Vec<usize>,
    cursor: usize,
    top: usize,
    /// Cells and lines.
    room: (u16, u16),
}

#[derive(Debug, Clone)]
pub struct Entry {
    pub heading: String,
    pub keys: String,
    pub words: String,
    pub does: Does,
    pub why_not: Option<String>,
    /// Further words that it is found by.
    pub terms: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub enum Does {
    Key(&'static Binding),
    Tab(usize),
    /// Run immediately if it takes no arguments.
    Command(&'static CommandSpec),
    Topic(&'static Topic),
    Nothing,
}

#[derive(Debug)]
pub struct Line {
    pub text: String,
    /// `None` for a heading or a blank line.
    found: Option<usize>,
}

impl Help {
    pub fn new(entries: Vec<Entry>, room: (u16, u16)) -> Self {
        let mut help = Self { entries, room, ..Self::default() };
        help.search();
        help
    }

    fn search(&mut self) {
        let typed = self.input.value().to_lowercase();
        let holds = |entry: &Entry| {
            let Entry { heading, keys, words, terms, .. } = entry;
            let all = format!("{heading} {keys} {words} {terms}").to_lowercase();
            typed.split_whitespace().all(|word| all.contains(word))
        };
        let found = (0..).zip(&self.entries).filter(|(_, entry)| holds(entry));
        self.found = found.map(|(at, _)| at).collect();
        // The README and the manual name topics by their exact names.
        let is_topic = |at: &usize| {
            let entry = self.entries.get(*at);
            entry.is_some_and(
                |it| matches!(it.does, Does::Topic(topic) if topic.name == typed.trim()),
            )
        };
        self.found.sort_by_key(|at| !is_topic(at));
        (self.cursor, self.top) = (0, 0);
        self.wrap();
    }

    fn run_chosen(&self, cx: &mut Cx) -> Stay {
        let Some(chosen) = self.chosen() else { return Stay::Open };
        match chosen.does {
            Does::Key(binding) => cx.then(Next::Act(binding.action)),
            Does::Tab(tab) => cx.then(Next::ShowTab(tab)),
            Does::Command(CommandSpec { name, takes, .. }) => match takes {
                Takes::Nothing => cx.then(Next::RunText((*name).to_owned())),
                Takes::Word(word) => cx.then(Next::RunText(format!("{name} {word}"))),
                _ => cx.then(Next::TypeCommand(format!("{name} "))),
            },
            Does::Topic(topic) => {
                // The help stays open below, with its search.
                cx.open(Reader::of_topic(topic));
                return Stay::Open;
            }
            Does::Nothing => return Stay::Open,
        }
        Stay::Close
    }

    fn step(&mut self, step: Step) {
        let mut scroll = Scroll { cursor: self.cursor, top: 0 };
        scroll.step(step, self.found.len(), usize::from(self.room.1).saturating_sub(2));
        self.cursor = scroll.cursor;
        self.settle();
    }

    fn found(&self, at: usize) -> Option<&Entry> {
        self.found.get(at).and_then(|at| self.entries.get(*at))
    }

    pub fn chosen(&self) -> Option<&Entry> {
        self.found(self.cursor)
    }

    pub fn shown(&self) -> impl Iterator<Item = (&Line, bool)> {
        let shown = self.lines.iter().skip(self.top).take(self.room.1.into());
        shown.map(|line| (line, line.found == Some(self.cursor)))
    }

    fn wrap(&mut self) {
        self.lines.clear();
        let room = usize::from(self.room.0).max(KEYS + 8);
        let unchosen = |text: &str| Line { text: text.to_owned(), found: None };
        let mut heading = "";
        for (found, at) in self.found.iter().enumerate() {
            let Some(entry) = self.entries.get(*at) else { continue };
            if entry.heading != heading {
                heading = &entry.heading;
                self.lines.extend((found > 0).then(|| unchosen("")));
                self.lines.push(unchosen(heading));
            }
            let why_not = entry.why_not.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            let gap = if entry.keys.ends_with(' ') { "" } else { " " };
            let keys = entry.keys.clone() + gap;
            let text = format!("{keys:<width$}{}{why_not}", entry.words, width = KEYS - 2);
            let further = " ".repeat(if entry.keys.len() < KEYS - 2 { KEYS } else { 6 });
            let options =
                textwrap::Options::new(room).initial_indent("  ").subsequent_indent(&further);
            let line = |text: Cow<'_, str>| Line { text: text.into_owned(), found: Some(found) };
            self.lines.extend(textwrap::wrap(&text, options).into_iter().map(line));
        }
    }

    fn lines_of_chosen(&self) -> Range<usize> {
        let is_chosen = |line: &Line| line.found == Some(self.cursor);
        let first = self.lines.iter().position(is_chosen).unwrap_or(0);
        let end = self.lines.iter().rposition(is_chosen).map_or(0, |last| last + 1);
        let heading = first.saturating_sub(1);
        let has_heading = self.lines.get(heading).is_some_and(|line| line.found.is_none());
        (if has_heading { heading } else { first })..end
    }

    fn settle(&mut self) {
        let room = usize::from(self.room.1).max(1);
        let chosen = self.lines_of_chosen();
        self.top = self.top.max(chosen.end.saturating_sub(room)).min(chosen.start);
        self.top = self.top.min(self.lines.len().saturating_sub(room));
    }
}

impl Modal for Help {
    fn scope(&self) -> Scope {
        Scope::Help
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::Move(step) => self.step(step),
            Action::Submit => return self.run_chosen(cx),
            _ => return Stay::Close,
        }
        Stay::Open
    }

    fn input(&mut self) -> Option<(&mut Input, usize)> {
        Some((&mut self.input, LONGEST_LINE))
    }

    fn edited(&mut self, _cx: &mut Cx) {
        self.search();
    }

    fn resized(&mut self, cx: &Cx) {
        self.room = layout::help_room(cx.size);
        self.wrap();
        self.settle();
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = layout::reader(cx.size);
        let more = match self.lines.len().saturating_sub(self.top + usize::from(self.room.1)) {
            0 => String::new(),
            below => format!(" {} ", counted(below as u64, "more line")),
        };
        let keys = cx.words(
            " type to search · {chosen-up} {chosen-down} choose · {run-chosen} run · {close-help} close ",
        );
        let keys = truncate(keys.into(), area.width.saturating_sub(2)).into_owned();
        let inside = boxed("Keys and commands", keys, area, theme, frame);
        let corner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
        frame.render_widget(TextLine::from(Span::styled(more, theme.dim)).right_aligned(), corner);
        let line = Rect { height: inside.height.min(1), ..inside };
        typed(&self.input, " search: ", theme, frame, line);
        let below =
            Rect { y: inside.y + line.height, height: inside.height - line.height, ..inside };
        let mut lines: Vec<TextLine<'_>> = self
            .shown()
            .map(|(line, is_chosen)| match (is_chosen, line.found) {
                (true, _) => {
                    let is_first = !line.text.starts_with("   ");
                    let text = line.text.replacen(' ', if is_first { "▸" } else { " " }, 1);
                    TextLine::styled(text, theme.chosen)
                }
                (false, Some(found))
                    if self.found(found).is_some_and(|it| it.why_not.is_some()) =>
                {
                    TextLine::styled(line.text.as_str(), theme.dim)
                }
                (false, Some(_)) => TextLine::raw(line.text.as_str()),
                (false, None) => TextLine::styled(line.text.as_str(), theme.title),
            })
            .collect();
        if lines.is_empty() {
            lines.push(TextLine::styled("  No matches.", theme.warning));
        }
        frame.render_widget(Paragraph::new(lines), below);
        let is_lit = self.shown().map(|(_, is_chosen)| is_chosen);
        for (row, _) in below.rows().zip(is_lit).filter(|(_, is_lit)| *is_lit) {
            theme.light(frame.buffer_mut(), row);
        }
    }
}
