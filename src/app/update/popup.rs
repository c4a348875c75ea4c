//! What lies over the screen: help, a record as JSON, the lookup of a booking.

use crossterm::event::{Event, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{arrange, booking, command, fetch, filters, form};
use crate::app::effect::Effect;
use crate::app::keymap::{self, Action, Scope, Step};
use crate::app::layout;
use crate::app::model::{Consent, Model, Picked, Popup, Reader};
use crate::domain::money::counted;
use crate::domain::text::{Untrusted, sanitise};
use crate::line::COMMANDS;

/// Characters of a reference; the API's are about ten.
const LONGEST_REFERENCE: usize = 100;
/// Characters of any line that is typed.
const LONGEST_LINE: usize = 255;
/// Lines of a text that are ever shown; a record can hold megabytes.
const LONGEST_TEXT: usize = 5_000;

pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Popup::SaveView { .. }) = &model.popup {
        return command::name_prompt(model, action);
    }
    match action {
        Action::Remove => return remove(model),
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
    let (input, problem) = match &mut model.popup {
        Some(Popup::Form(_)) => return form::type_key(model, key),
        Some(Popup::Search(_)) => return arrange::type_search(model, key),
        Some(Popup::Command(_)) => return command::type_key(model, key),
        Some(Popup::Lookup { input, problem } | Popup::SaveView { input, problem }) => {
            (input, problem)
        }
        _ => return false,
    };
    let changed = edit(input, key);
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
        Some(Popup::Search(input)) => {
            insert(input, text);
            arrange::narrow_as_typed(model);
        }
        Some(Popup::Command(_)) => command::paste(model, text),
        Some(Popup::Lookup { input, problem } | Popup::SaveView { input, problem }) => {
            insert(input, text);
            *problem = None;
        }
        _ => model.notice = Some("To look up a pasted reference, press b first.".to_owned()),
    }
    Vec::new()
}

/// Gives a key to a line that is typed; gives whether anything changed. A character that a text from
/// outside may not hold is not taken here either: without bracketed paste a paste comes as keys.
pub(super) fn edit(input: &mut Input, key: KeyEvent) -> bool {
    let before = (input.value().to_owned(), input.cursor());
    if input.handle_event(&Event::Key(key)).is_none() {
        return false;
    }
    let is_sound = sanitise(input.value()) == input.value();
    if !is_sound || input.value().chars().count() > LONGEST_LINE {
        *input = Input::new(before.0).with_cursor(before.1);
        return false;
    }
    before != (input.value().to_owned(), input.cursor())
}

/// Puts a pasted text, made one printable line, where the cursor is.
pub(super) fn insert(input: &mut Input, text: &str) {
    let room = LONGEST_LINE.saturating_sub(input.value().chars().count());
    for c in sanitise(text.trim()).chars().take(room) {
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
    let json = record.to_json();
    let mut text: Vec<String> =
        json.lines().take(LONGEST_TEXT).map(|line| sanitise(line).into_owned()).collect();
    let more = json.lines().count() - text.len();
    if more > 0 {
        text.push(format!("… and {} more lines", counted(more as u64)));
    }
    let title = format!("Record · {}", title.unwrap_or_default());
    open_reader(model, title, text);
}

fn open_reader(model: &mut Model, title: String, text: Vec<String>) {
    model.popup = Some(Popup::Reader(Reader { title, text, lines: Vec::new(), top: 0 }));
    rewrap(model);
}

/// Wraps the text that is read to the width of the screen.
pub(super) fn rewrap(model: &mut Model) {
    let area = layout::reader(model.size);
    let Some(Popup::Reader(reader)) = &mut model.popup else { return };
    let room = area.width.saturating_sub(2);
    reader.lines = reader.text.iter().flat_map(|line| wrapped_with_indent(line, room)).collect();
    let height = usize::from(area.height.saturating_sub(2));
    reader.top = reader.top.min(reader.lines.len().saturating_sub(height));
}

fn wrapped_with_indent(line: &str, room: u16) -> Vec<String> {
    let text = line.trim_start();
    let indent = " ".repeat(line.len() - text.len());
    let further = format!("{indent}    ");
    if text.is_empty() {
        return vec![String::new()];
    }
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
    if scope == Scope::List {
        lines.extend([String::new(), "Commands (:)".to_owned()]);
        lines.extend(COMMANDS.iter().map(|command| {
            let usage = format!("{} {}", command.name, command.takes.shown());
            format!("  {usage:<24} {}", command.does)
        }));
        let lists = "list with filters: penalties status=notify due=-90d.. sort=-amount";
        lines.push(format!("  {lists}"));
    }
    open_reader(model, "Keys".to_owned(), lines);
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

/// Removes what is picked, where that can be done.
fn remove(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Pick(pick)) = &model.popup else { return Vec::new() };
    let (then, cursor) = (pick.then, pick.cursor);
    match then {
        Picked::DropFilter => Vec::new(),
        Picked::View => command::remove_view_at(model, cursor),
    }
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
            Picked::View => command::show_view_at(model, cursor),
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
