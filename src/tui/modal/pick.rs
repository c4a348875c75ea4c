//! Entries of which one is picked.

use super::{ModalAnswer, Stay, command};
use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Step};

#[derive(Debug)]
pub struct Pick {
    pub title: &'static str,
    pub entries: Vec<String>,
    pub cursor: usize,
    /// What is done with the entry.
    pub then: PickAction,
}

/// What is done with a picked entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickAction {
    DropFilter,
    /// The profile at this place is shown instead.
    Profile,
    View,
    Snooze,
}

impl Pick {
    pub fn new(title: &'static str, entries: Vec<String>, then: PickAction) -> Self {
        Self { title, entries, cursor: 0, then }
    }

    pub fn act(&mut self, action: Action, cx: &mut Cx) -> Stay {
        match action {
            Action::Move(step) => {
                let last = self.entries.len().saturating_sub(1);
                let up = self.cursor.saturating_sub(1);
                self.cursor = if step == Step::Up { up } else { (self.cursor + 1).min(last) };
                return Stay::Open;
            }
            Action::Remove if self.then == PickAction::View => {
                return command::ask_to_remove_view(self.cursor, cx);
            }
            Action::Remove => return Stay::Open,
            Action::Submit => match self.then {
                PickAction::DropFilter => cx.drop_filter(self.cursor),
                PickAction::View => command::show_view_at(self.cursor, cx),
                PickAction::Snooze => cx.then(Next::Answer(ModalAnswer::Snooze(self.cursor))),
                PickAction::Profile => cx.switch_profile(self.cursor),
            },
            _ => {}
        }
        Stay::Close
    }
}
