//! Modals: what is shown over a screen until it is answered or closed, one file each.

pub mod columns;
pub mod command;
pub mod form;
pub mod help;
pub mod help_entries;
pub mod help_terms;
pub mod lookup;
pub mod pick;
pub mod prompt;
pub mod question;
pub mod reader;
pub mod search;
pub mod writes_menu;
pub mod writing;

use std::any::Any;
use std::fmt::Debug;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tui_input::Input;

use super::cx::Cx;
use super::keymap::{Action, Binding, Scope};
use super::theme::Theme;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    Open,
    Close,
}

pub trait Modal: Any + Debug + Send {
    fn scope(&self) -> Scope;

    /// `key` is the one that was pressed.
    fn act(&mut self, action: Action, key: KeyEvent, cx: &mut Cx) -> Stay;

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>);

    /// The text field, and the most characters that it accepts.
    fn input(&mut self) -> Option<(&mut Input, usize)> {
        None
    }

    fn edited(&mut self, _cx: &mut Cx) {}

    /// Ends the selection of the line. Returns `true` if it was selected and is now empty, since
    /// typed text replaces it.
    fn unselect(&mut self, _is_replaced: bool) -> bool {
        false
    }

    /// Returns `true` if a paste is not accepted; it then says why.
    fn refuses_paste(&mut self) -> bool {
        false
    }

    /// Returns `true` if a step scrolls or selects, so that the wheel may do it.
    fn follows_wheel(&self) -> bool {
        true
    }

    /// The word in the footer for a key that works here.
    fn hint(&self, binding: &Binding) -> Option<&'static str> {
        binding.hint
    }

    /// Called when it is opened, too.
    fn resized(&mut self, _cx: &Cx) {}

    /// Rows of a list were loaded or reordered.
    fn rows_came(&mut self, _cx: &Cx) {}

    /// Returns `true` to close it.
    fn handed_on(&mut self, _result: &Result<(), String>) -> bool {
        false
    }
}

impl dyn Modal {
    /// Returns `true` if the line changed.
    pub fn type_key(&mut self, key: KeyEvent, cx: &mut Cx) -> bool {
        let is_emptied = self.unselect(super::typing::replaces(key));
        let changed =
            self.input().is_some_and(|(input, most)| super::typing::edit(input, key, most));
        let changed = changed || is_emptied;
        if changed {
            self.edited(cx);
        }
        changed
    }

    /// Inserts pasted text as one line; it never triggers keys.
    pub fn paste(&mut self, text: &str, cx: &mut Cx) {
        if self.refuses_paste() {
            return;
        }
        self.unselect(true);
        if let Some((input, most)) = self.input() {
            super::typing::insert(input, text, most);
            self.edited(cx);
        }
    }
}
