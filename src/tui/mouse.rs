//! The mouse, if it is on: the wheel moves like the arrow keys, a click picks a tab or a row.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::cx::Cx;
use super::effect::Effect;
use super::keymap::{Action, Step, bindings_in};
use super::modal::Modal;
use super::screen::list::tabs::Tabs;
use super::stack::Tui;

/// Rows for one notch of the wheel.
const NOTCH: usize = 3;

impl Tui {
    pub(super) fn take_mouse(&mut self, event: MouseEvent) {
        if !self.cx.looks.has_mouse {
            self.cx.is_dirty = false;
            return;
        }
        self.cx.last_key = self.cx.now.elapsed;
        match event.kind {
            MouseEventKind::ScrollDown => self.wheel(Step::Down),
            MouseEventKind::ScrollUp => self.wheel(Step::Up),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => self.cx.is_dirty = false,
        }
    }

    fn wheel(&mut self, step: Step) {
        let scope = self.scope();
        let moves = bindings_in(scope).any(|binding| binding.action == Action::Move(step))
            && self.modal().is_none_or(Modal::follows_wheel);
        for _ in 0..NOTCH {
            if moves && self.scope() == scope {
                self.act(Action::Move(step));
            }
        }
    }

    /// Clicks below a modal are ignored. Tabs are drawn above lists and above the triage queue.
    fn click(&mut self, x: u16, y: u16) {
        if !self.modals.is_empty() {
            return;
        }
        if y != self.cx.layout.tabs.y {
            return self.with_top(|top, cx| top.click(x, y, cx));
        }
        if self.cx.is_overview() {
            return;
        }
        let width = self.cx.layout.tabs.width;
        if let Some(tab) = Tabs::of(&self.cx, width).at(x).filter(|_| self.top().shows_list()) {
            self.show_tab(tab);
        }
    }
}

impl Cx {
    pub fn toggle_mouse(&mut self) {
        let has_mouse = !self.looks.has_mouse;
        self.looks.has_mouse = has_mouse;
        self.say(if has_mouse {
            "Mouse on: wheel and clicks work in valora; hold shift to select text. {command}mouse turns it off."
        } else {
            "Mouse off: the terminal handles wheel and clicks."
        });
        self.effect(Effect::Mouse(has_mouse));
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;

    use super::*;
    use crate::tui::modal::prompt::Prompt;
    use crate::tui::msg::Msg;
    use crate::tui::tests::fetches;
    use crate::tui::tests::loaded;
    use crate::tui::tests::press;
    use crate::tui::update::update;

    fn mouse(model: &mut Tui, kind: MouseEventKind, column: u16, row: u16) -> Vec<Effect> {
        let now = model.cx.now;
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        update(model, now, Msg::Mouse(event))
    }

    #[test]
    fn the_wheel_moves_and_a_click_picks_a_row_or_a_tab() {
        let mut model = loaded(90);
        mouse(&mut model, MouseEventKind::ScrollDown, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 0, "the mouse is the terminal's");
        model.cx.looks.has_mouse = true;
        mouse(&mut model, MouseEventKind::ScrollDown, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 3);
        mouse(&mut model, MouseEventKind::ScrollUp, 5, 5);
        assert_eq!(model.table().unwrap().cursor(), 0);
        let click = MouseEventKind::Down(MouseButton::Left);
        let first = model.cx.layout.table.y + 1;
        mouse(&mut model, click, 20, first + 7);
        assert_eq!(model.table().unwrap().cursor(), 7);
        for (x, y) in [(20, first - 1), (500, first), (20, 500)] {
            mouse(&mut model, click, x, y);
            assert_eq!(model.table().unwrap().cursor(), 7, "{x} {y}");
        }
        let tabs = Tabs::of(&model.cx, 80);
        let x = (0..80).find(|x| tabs.at(*x) == Some(2)).unwrap();
        let y = model.cx.layout.tabs.y;
        let effects = mouse(&mut model, click, x, y);
        assert_eq!((model.cx.tab, fetches(&effects).len()), (2, 1));
        assert_eq!((tabs.at(0), tabs.at(300)), (Some(0), None));
    }

    #[test]
    fn the_wheel_leaves_what_is_typed_and_what_is_asked_alone() {
        let typed = |model: &Tui| Some(model.modal_of::<Prompt>()?.input.value().to_owned());
        for keys in ["f", "/ a", ": a", "c", "L", "e", "b B", "V a"] {
            let mut model = loaded(1_200);
            model.cx.looks.has_mouse = true;
            press(&mut model, keys);
            let (scope, before) = (model.scope(), typed(&model));
            mouse(&mut model, MouseEventKind::ScrollDown, 5, 5);
            assert_eq!((model.scope(), typed(&model)), (scope, before), "{keys}");
            assert_eq!(model.table().unwrap().cursor(), 0, "{keys}");
        }
    }

    #[test]
    fn nothing_below_a_popup_is_clicked_and_the_mouse_is_given_back() {
        let mut model = loaded(90);
        press(&mut model, "b");
        let first = model.cx.layout.table.y + 1;
        mouse(&mut model, MouseEventKind::Down(MouseButton::Left), 20, first + 7);
        assert_eq!(model.table().unwrap().cursor(), 0);
        press(&mut model, "esc");
        for has_mouse in [true, false] {
            assert_eq!(press(&mut model, ": m o u s e enter"), [Effect::Mouse(has_mouse)]);
        }
    }
}
