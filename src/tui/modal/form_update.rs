//! Keys in the filter form.

use crossterm::event::KeyEvent;

use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::form::Form;
use crate::tui::model::{Model, Popup};
use crate::tui::screen::list::set_filters as filters;
use crate::tui::typing::{LONGEST_LINE, edit as type_into};

pub fn act(model: &mut Model, action: Action, key: KeyEvent) -> Vec<Effect> {
    let today = model.now.local.date();
    let Some(Popup::Form(form)) = &mut model.popup else { return Vec::new() };
    match action {
        Action::NextField | Action::PreviousField => form.step(action == Action::NextField),
        Action::Left | Action::Right => {
            if !form.turn(action == Action::Right) {
                edit(form, key);
            }
        }
        Action::Submit => {
            if let Some(settings) = form.settings(today) {
                model.popup = None;
                return filters::apply(model, settings);
            }
        }
        Action::Redraw => return vec![Effect::Redraw],
        _ => model.popup = None,
    }
    Vec::new()
}

/// Gives a key to the field that is typed in; gives whether anything changed.
pub fn type_key(model: &mut Model, key: KeyEvent) -> bool {
    match &mut model.popup {
        Some(Popup::Form(form)) => edit(form, key),
        _ => false,
    }
}

fn edit(form: &mut Form, key: KeyEvent) -> bool {
    let Some(field) = form.focused() else { return false };
    let changed = type_into(&mut field.input, key, LONGEST_LINE);
    if changed {
        form.check();
    }
    changed
}
