//! Picks one of several entries.

use crossterm::event::KeyEvent;
use ratatui::Frame;

use super::{Modal, Stay, command};
use crate::tui::component::boxed::choices;
use crate::tui::cx::{Cx, ModalAnswer, Next};
use crate::tui::keymap::{Action, Scope};
use crate::tui::theme::Theme;

#[derive(Debug)]
pub struct Pick {
    pub title: &'static str,
    pub entries: Vec<String>,
    pub cursor: usize,
    pub then: PickAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickAction {
    DropFilter,
    View,
    Snooze,
}

impl Pick {
    pub fn new(title: &'static str, entries: Vec<String>, then: PickAction) -> Self {
        Self { title, entries, cursor: 0, then }
    }
}

impl Modal for Pick {
    fn scope(&self) -> Scope {
        Scope::Pick
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match action {
            Action::Move(step) => {
                self.cursor =
                    step.way().step(self.cursor).min(self.entries.len().saturating_sub(1));
                return Stay::Open;
            }
            Action::Remove if self.then == PickAction::View => {
                return command::ask_to_remove_view(self.cursor, cx);
            }
            Action::Remove => return Stay::Open,
            Action::Submit => match self.then {
                PickAction::DropFilter => cx.drop_narrowing(self.cursor),
                PickAction::View => {
                    let view = cx.kept.all_views().into_iter().nth(self.cursor);
                    cx.next.extend(view.map(|view| Next::ShowView(Box::new(view))));
                }
                PickAction::Snooze => cx.then(Next::Answer(ModalAnswer::Snooze(self.cursor))),
            },
            _ => {}
        }
        Stay::Close
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let hint = match self.then {
            PickAction::View => " {choose} show · {remove} remove · {close-pick} cancel ",
            PickAction::DropFilter => " {choose} remove · {close-pick} cancel ",
            PickAction::Snooze => " {choose} snooze · {down} {up} choose · {close-pick} cancel ",
        };
        choices((self.title, hint), &self.entries, self.cursor, (cx, theme), frame);
    }
}
