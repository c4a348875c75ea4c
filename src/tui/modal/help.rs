//! What can be done on a screen, by key and by command: searched as one types, and carried out.

use std::ops::Range;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use crate::command::{CommandSpec, Takes};
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Binding, Scope, Step};
use crate::tui::layout;
use crate::tui::modal::{Modal, Stay, help_view};
use crate::tui::theme::Theme;
use crate::tui::typing::LONGEST_LINE;

/// Cells of the keys, and of the space before them.
const KEYS: usize = 16;

#[derive(Debug)]
pub struct Help {
    pub input: Input,
    entries: Vec<Entry>,
    lines: Vec<Line>,
    /// The entries that the search leaves.
    found: Vec<usize>,
    cursor: usize,
    top: usize,
    /// The cells and lines that it has.
    room: (u16, u16),
}

#[derive(Debug, Clone)]
pub struct Entry {
    /// The heading that it stands below.
    pub heading: String,
    /// The keys or the words that one types.
    pub keys: String,
    pub words: String,
    pub does: Does,
    pub why_not: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub enum Does {
    Key(&'static Binding),
    /// The list at this tab.
    Tab(usize),
    /// The command line with this command; run at once where nothing is to follow it.
    Command(&'static CommandSpec),
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// Which of the found entries it belongs to; none is a heading or a blank line.
    pub found: Option<usize>,
    /// Whether its entry can do something now.
    pub is_available: bool,
}

impl Help {
    pub fn new(entries: Vec<Entry>, room: (u16, u16)) -> Self {
        let mut help = Self {
            input: Input::default(),
            entries,
            lines: Vec::new(),
            found: Vec::new(),
            cursor: 0,
            top: 0,
            room,
        };
        help.search();
        help
    }

    pub fn search(&mut self) {
        let typed = self.input.value().to_lowercase();
        let holds = |entry: &Entry| {
            let all = format!("{} {} {}", entry.heading, entry.keys, entry.words).to_lowercase();
            typed.split_whitespace().all(|word| all.contains(word))
        };
        self.found =
            (0..self.entries.len()).filter(|at| self.entries.get(*at).is_some_and(holds)).collect();
        self.cursor = 0;
        self.top = 0;
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
            Does::Nothing => return Stay::Open,
        }
        Stay::Close
    }

    pub fn step(&mut self, step: Step) {
        let page = usize::from(self.room.1).saturating_sub(2).max(1);
        let last = self.found.len().saturating_sub(1);
        self.cursor = match step {
            Step::Down => self.cursor + 1,
            Step::Up => self.cursor.saturating_sub(1),
            Step::HalfDown | Step::PageDown => self.cursor + page,
            Step::HalfUp | Step::PageUp => self.cursor.saturating_sub(page),
            Step::First => 0,
            Step::Last => last,
        }
        .min(last);
        self.settle();
    }

    pub fn chosen(&self) -> Option<&Entry> {
        self.found.get(self.cursor).and_then(|at| self.entries.get(*at))
    }

    /// The lines on the screen, each with whether it is chosen.
    pub fn shown(&self) -> impl Iterator<Item = (&Line, bool)> {
        let shown = self.lines.iter().skip(self.top).take(self.room.1.into());
        shown.map(|line| (line, line.found == Some(self.cursor)))
    }

    /// Lines below those on the screen.
    pub fn below(&self) -> usize {
        self.lines.len().saturating_sub(self.top + usize::from(self.room.1))
    }

    fn wrap(&mut self) {
        self.lines.clear();
        let room = usize::from(self.room.0).max(KEYS + 8);
        let mut heading = "";
        for (found, at) in self.found.iter().enumerate() {
            let Some(entry) = self.entries.get(*at) else { continue };
            if entry.heading != heading {
                heading = &entry.heading;
                if found > 0 {
                    self.lines.push(Line { text: String::new(), found: None, is_available: true });
                }
                self.lines.push(Line { text: heading.to_owned(), found: None, is_available: true });
            }
            let why_not = entry.why_not.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            let text = format!("{:<width$}{}{why_not}", entry.keys, entry.words, width = KEYS - 2);
            let is_available = entry.why_not.is_none();
            let further = if entry.keys.len() < KEYS - 2 { KEYS } else { 6 };
            let further = " ".repeat(further);
            let options =
                textwrap::Options::new(room).initial_indent("  ").subsequent_indent(&further);
            let wrapped = textwrap::wrap(&text, options).into_iter();
            self.lines.extend(wrapped.map(|text| Line {
                text: text.into_owned(),
                found: Some(found),
                is_available,
            }));
        }
    }

    /// The lines of the chosen entry, with its heading where it is the first below it.
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
        help_view::draw(self, cx, theme, frame);
    }
}
