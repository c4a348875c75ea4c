//! What lies over the screen: help, a record as JSON, the lookup of a booking.

use crossterm::event::{Event, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{booking, fetch, filters, form};
use crate::app::effect::Effect;
use crate::app::keymap::{self, Action, Step};
use crate::app::layout;
use crate::app::model::{Consent, Model, Picked, Popup, Reader};
use crate::domain::text::{Untrusted, sanitise};

/// Characters of a reference; the API's are about ten.
const LONGEST_REFERENCE: usize = 100;

pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => model.popup = None,
        Action::Redraw => return vec![Effect::Redraw],
        Action::Submit => return submit(model),
        Action::Move(step) => scroll(model, step),
        _ => model.is_dirty = false,
    }
    Vec::new()
}

/// Gives a key to the line that is typed; gives whether anything changed.
pub(super) fn type_key(model: &mut Model, key: KeyEvent) -> bool {
    if let Some(Popup::Form(_)) = &model.popup {
        return form::type_key(model, key);
    }
    let Some(Popup::Lookup { input, problem }) = &mut model.popup else { return false };
    let before = (input.value().len(), input.cursor());
    let handled = input.handle_event(&Event::Key(key)).is_some();
    let changed = handled && before != (input.value().len(), input.cursor());
    if changed {
        *problem = None;
    }
    changed
}

/// A paste is one line of text, never keys; outside of a prompt it is not used.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match &mut model.popup {
        Some(Popup::Form(form)) => {
            if let Some(field) = form.focused() {
                insert(&mut field.input, text);
            }
            form.check();
        }
        Some(Popup::Lookup { input, problem }) => {
            insert(input, text);
            *problem = None;
        }
        _ => model.notice = Some("To look up a pasted reference, press b first.".to_owned()),
    }
    Vec::new()
}

/// Puts a pasted text, made one printable line, where the cursor is.
fn insert(input: &mut Input, text: &str) {
    for c in sanitise(text.trim()).chars().take(LONGEST_REFERENCE) {
        input.handle(tui_input::InputRequest::InsertChar(c));
    }
}

pub(super) fn open_lookup(model: &mut Model) {
    model.popup = Some(Popup::Lookup { input: Input::default(), problem: None });
}

pub(super) fn open_json(model: &mut Model) {
    let Some(record) = model.table().and_then(|table| table.selected()) else {
        model.notice = Some("There is no row here.".to_owned());
        return;
    };
    let title = record.booking().map(|reference| reference.shown().into_owned());
    let room = layout::reader(model.size).width.saturating_sub(2);
    let lines = record
        .to_json()
        .lines()
        .flat_map(|line| wrapped_with_indent(&sanitise(line), room))
        .collect();
    let title = format!("Record · {}", title.unwrap_or_default());
    model.popup = Some(Popup::Reader(Reader { title, lines, top: 0 }));
}

fn wrapped_with_indent(line: &str, room: u16) -> Vec<String> {
    let text = line.trim_start();
    let indent = " ".repeat(line.len() - text.len());
    let further = format!("{indent}    ");
    let options = textwrap::Options::new(usize::from(room).max(20))
        .initial_indent(&indent)
        .subsequent_indent(&further);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

pub(super) fn open_help(model: &mut Model) {
    let scope = model.scope();
    let mut lines = Vec::new();
    let mut groups: Vec<&str> = keymap::bindings_in(scope).map(|binding| binding.group).collect();
    groups.dedup();
    let mut seen = Vec::new();
    for group in groups {
        if seen.contains(&group) {
            continue;
        }
        seen.push(group);
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(group.to_owned());
        for binding in keymap::bindings_in(scope).filter(|binding| binding.group == group) {
            lines.push(format!("  {:<14}{}", keys_in_words(binding.keys), binding.label));
        }
    }
    model.popup = Some(Popup::Reader(Reader { title: "Keys".to_owned(), lines, top: 0 }));
}

/// `1 … 9` for a row of digits, otherwise each key.
fn keys_in_words(keys: &[&str]) -> String {
    match keys {
        [first, .., last] if keys.len() > 3 => format!("{first} … {last}"),
        _ => keys.join(" "),
    }
}

fn scroll(model: &mut Model, step: Step) {
    let height = usize::from(layout::reader(model.size).height.saturating_sub(2)).max(1);
    if let Some(Popup::Pick(pick)) = &mut model.popup {
        let last = pick.entries.len().saturating_sub(1);
        pick.cursor = match step {
            Step::Up => pick.cursor.saturating_sub(1),
            _ => (pick.cursor + 1).min(last),
        };
        return;
    }
    let Some(Popup::Reader(reader)) = &mut model.popup else { return };
    let last = reader.lines.len().saturating_sub(height);
    reader.top = match step {
        Step::Down => reader.top + 1,
        Step::Up => reader.top.saturating_sub(1),
        Step::HalfDown => reader.top + height / 2,
        Step::HalfUp => reader.top.saturating_sub(height / 2),
        Step::PageDown => reader.top + height,
        Step::PageUp => reader.top.saturating_sub(height),
        Step::First => 0,
        Step::Last => last,
    }
    .min(last);
}

fn submit(model: &mut Model) -> Vec<Effect> {
    if let Some(Popup::Question(question)) = &model.popup {
        let consent = question.then;
        model.popup = None;
        return match consent {
            Consent::LoadAll => fetch::load_all(model),
        };
    }
    if let Some(Popup::Pick(pick)) = &model.popup {
        let (then, cursor) = (pick.then, pick.cursor);
        model.popup = None;
        return match then {
            Picked::DropFilter => filters::drop_one(model, cursor),
        };
    }
    let Some(Popup::Lookup { input, problem }) = &mut model.popup else { return Vec::new() };
    let reference = input.value().trim();
    if reference.is_empty() {
        *problem = Some("Type the reference of a booking, as BK123456.".to_owned());
        return Vec::new();
    }
    if reference.chars().count() > LONGEST_REFERENCE {
        *problem = Some(format!("A reference has at most {LONGEST_REFERENCE} characters."));
        return Vec::new();
    }
    let reference = Untrusted::new(reference);
    model.popup = None;
    booking::open(model, reference)
}
