//! A small screen: it counts, and names the line that was clicked.

use ratatui::Frame;
use ratatui::text::Line;

use crate::tui::cx::{Cx, Next};
use crate::tui::keymap::{Action, Scope};
use crate::tui::screen::Behavior;
use crate::tui::theme::Theme;

#[derive(Debug, Default)]
pub(crate) struct Small {
    pub count: u32,
    /// The line of the body that was clicked last, from 0.
    pub clicked: Option<u16>,
    pub shows_list: bool,
}

impl Behavior for Small {
    fn scope(&self) -> Scope {
        Scope::Small
    }

    fn draw(&self, cx: &Cx, theme: &Theme, frame: &mut Frame<'_>) {
        frame.render_widget(Line::styled(" A small screen", theme.chosen), cx.layout.tabs);
        let text = format!(" counted to {}", self.count);
        frame.render_widget(Line::raw(text), cx.layout.table);
    }

    fn act(&mut self, action: Action, cx: &mut Cx) {
        match action {
            Action::Small => self.count += 1,
            Action::Back | Action::Quit => cx.then(Next::Close),
            _ => {}
        }
    }

    fn shows_list(&self) -> bool {
        self.shows_list
    }

    fn why_not(&self, action: Action, _cx: &Cx) -> Option<String> {
        (action == Action::Small && self.count == 2).then(|| "It counts to two.".to_owned())
    }

    fn refresh(&mut self, _cx: &mut Cx) {}

    fn click(&mut self, _x: u16, y: u16, cx: &mut Cx) {
        self.clicked = y.checked_sub(cx.layout.table.y);
    }
}
