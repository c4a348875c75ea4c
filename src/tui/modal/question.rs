//! A question to confirm or cancel.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::widgets::{Paragraph, Wrap};

use super::{Modal, Stay, command};
use crate::tui::component::boxed::boxed;
use crate::tui::cx::Cx;
use crate::tui::keymap::{Action, Scope};
use crate::tui::layout;
use crate::tui::theme::Theme;

#[derive(Debug)]
pub struct Question {
    pub title: String,
    pub text: String,
    pub then: ConfirmAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmAction {
    LoadAll,
    RemoveView(usize),
}

impl Modal for Question {
    fn scope(&self) -> Scope {
        Scope::Question
    }

    fn act(&mut self, action: Action, _key: KeyEvent, cx: &mut Cx) -> Stay {
        match (action, self.then) {
            (Action::Submit, ConfirmAction::LoadAll) => cx.load_all(),
            (Action::Submit, ConfirmAction::RemoveView(at)) => command::remove_view(at, cx),
            _ => {}
        }
        Stay::Close
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        let area = layout::prompt(cx.size, 0);
        let keys = cx.words(" {yes} OK · {no} cancel ");
        let inside = boxed(&self.title, keys, area, theme, frame);
        frame.render_widget(Paragraph::new(self.text.as_str()).wrap(Wrap { trim: true }), inside);
    }
}
