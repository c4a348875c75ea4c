//! What lies over a screen until it is answered or closed.

pub mod columns;
pub mod command;
pub mod form;
pub mod form_view;
pub mod help;
pub mod help_entries;
pub mod help_view;
pub mod lookup;
pub mod pick;
pub mod prompt;
pub mod prompt_view;
pub mod question;
pub mod reader;
pub mod search;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use super::cx::Cx;
use super::keymap::{Action, Scope};
use super::theme::Theme;
use columns::Chooser;
use command::CommandLine;
use form::Form;
use help::Help;
use pick::Pick;
use prompt::Prompt;
use question::Question;
use reader::Reader;

#[derive(Debug)]
pub enum Modal {
    /// A text that is read: JSON, a chart.
    Reader(Reader),
    /// What can be done on the screen below.
    Help(Help),
    Search(Input),
    Command(CommandLine),
    Columns(Chooser),
    Form(Form),
    /// One of several entries is picked.
    Pick(Pick),
    Question(Question),
    /// A line is typed.
    Prompt(Prompt),
}

/// What a modal asks of the screen below it.
#[derive(Debug)]
pub enum ModalAnswer {
    Columns(Chooser),
    /// For so long, by its place among the choices.
    Snooze(usize),
    Note(String),
    /// The path of the worklist.
    Worklist(String),
    /// The path of what is exported.
    Export(String),
}

/// Whether a modal stays after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    Open,
    Close,
}

impl Modal {
    pub fn scope(&self) -> Scope {
        match self {
            Self::Reader(_) => Scope::Reader,
            Self::Help(_) => Scope::Help,
            Self::Search(_) => Scope::Search,
            Self::Command(_) => Scope::Command,
            Self::Columns(_) => Scope::Columns,
            Self::Form(_) => Scope::Form,
            Self::Pick(_) => Scope::Pick,
            Self::Question(_) => Scope::Question,
            Self::Prompt(_) => Scope::Prompt,
        }
    }

    /// Carries out an action; `key` is the one that asked for it.
    pub fn act(&mut self, action: Action, key: KeyEvent, cx: &mut Cx) -> Stay {
        match self {
            Self::Reader(reader) => reader.act(action, cx),
            Self::Help(help) => help.act(action, cx),
            Self::Search(input) => search::act(input, action, cx),
            Self::Command(line) => line.act(action, cx),
            Self::Columns(chooser) => chooser.act(action, cx),
            Self::Form(form) => form.act(action, key, cx),
            Self::Pick(pick) => pick.act(action, cx),
            Self::Question(question) => question.act(action, cx),
            Self::Prompt(prompt) => prompt.act(action, cx),
        }
    }

    /// Gives a key to the line that is typed; returns `true` if anything changed.
    pub fn type_key(&mut self, key: KeyEvent, cx: &mut Cx) -> bool {
        self.edit(cx, |input, most| super::typing::edit(input, key, most))
    }

    /// Puts a pasted text into the line that is typed: one line of text, never keys.
    pub fn paste(&mut self, text: &str, cx: &mut Cx) {
        self.edit(cx, |input, most| {
            super::typing::insert(input, text, most);
            true
        });
    }

    /// Changes the line that is typed, of at most so many characters; what follows from it is made
    /// anew where it has changed.
    fn edit(&mut self, cx: &mut Cx, change: impl FnOnce(&mut Input, usize) -> bool) -> bool {
        use super::typing::{LONGEST_LINE, LONGEST_PASTE};
        let changed = match self {
            Self::Form(form) => {
                form.focused().is_some_and(|field| change(&mut field.input, LONGEST_LINE))
            }
            Self::Search(input) => change(input, LONGEST_LINE),
            Self::Command(line) => change(&mut line.input, LONGEST_LINE),
            Self::Help(help) => change(&mut help.input, LONGEST_LINE),
            Self::Prompt(prompt) => {
                let most = if prompt.is_short() { LONGEST_LINE } else { LONGEST_PASTE };
                change(&mut prompt.input, most)
            }
            Self::Reader(_) | Self::Columns(_) | Self::Pick(_) | Self::Question(_) => false,
        };
        if changed {
            match self {
                Self::Form(form) => form.check(),
                Self::Search(input) => search::narrow(input, cx),
                Self::Command(line) => line.typed(cx),
                Self::Help(help) => help.search(),
                Self::Prompt(prompt) => prompt.edited(),
                _ => {}
            }
        }
        changed
    }

    /// The screen has another size.
    pub fn resized(&mut self, cx: &Cx) {
        match self {
            Self::Help(help) => help.resize(super::layout::help_room(cx.size)),
            Self::Reader(reader) => reader.resized(cx),
            _ => {}
        }
    }

    pub fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        match self {
            Self::Reader(reader) => reader.draw(cx, theme, frame),
            Self::Help(help) => help.draw(cx, theme, frame),
            Self::Search(input) => prompt_view::search(input, cx, theme, frame),
            Self::Command(line) => prompt_view::command(line, cx, theme, frame),
            Self::Columns(chooser) => form_view::draw_columns(chooser, cx, theme, frame),
            Self::Form(form) => form_view::draw(form, cx, theme, frame),
            Self::Pick(pick) => form_view::draw_pick(pick, cx, theme, frame),
            Self::Question(question) => question.draw(cx, theme, frame),
            Self::Prompt(prompt) => prompt.draw(cx, theme, frame),
        }
    }
}
