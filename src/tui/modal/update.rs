//! What lies over the screen: a record as JSON, the lookup of a booking, questions, picks.

use std::path::Path;

use crossterm::event::KeyEvent;

use crate::domain::money::format_count;
use crate::domain::text::{Untrusted, sanitise};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Step};
use crate::tui::modal::lookup::{Lookup, Meant};
use crate::tui::modal::{command_update as command, form_update as form};
use crate::tui::model::{Consent, Model, Picked, Popup, Reader};
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::booking::update as booking;
use crate::tui::screen::list::{arrange, export, fetch, set_filters as filters};
use crate::tui::screen::triage::update as triage;
use crate::tui::typing::{LONGEST_LINE, LONGEST_PASTE, edit, insert};
use crate::tui::{layout, profile};

/// Lines of a text that are ever shown; a record can hold megabytes.
const LONGEST_TEXT: usize = 5_000;

pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Popup::SaveView { .. }) = &model.popup {
        return command::name_prompt(model, action);
    }
    match action {
        Action::Remove => return remove(model),
        Action::Back => model.popup = None,
        Action::Redraw => return vec![Effect::Redraw],
        Action::Submit => return submit(model),
        Action::NextField => export::choose_rows(model),
        Action::Move(step) => scroll(model, step),
        _ => model.is_dirty = false,
    }
    Vec::new()
}

/// Gives a key to the line that is typed; gives whether anything changed.
pub fn type_key(model: &mut Model, key: KeyEvent) -> bool {
    let (input, most) = match &mut model.popup {
        Some(Popup::Form(_)) => return form::type_key(model, key),
        Some(Popup::Search(_)) => return arrange::type_search(model, key),
        Some(Popup::Command(_)) => return command::type_key(model, key),
        Some(Popup::Lookup(lookup)) => (&mut lookup.input, LONGEST_PASTE),
        Some(Popup::Save(save)) => (&mut save.input, LONGEST_PASTE),
        Some(Popup::Ask(ask)) => (&mut ask.input, LONGEST_LINE),
        Some(Popup::SaveView { input, .. }) => (input, LONGEST_LINE),
        Some(Popup::Help(help)) => (&mut help.input, LONGEST_LINE),
        _ => return false,
    };
    let changed = edit(input, key, most);
    if changed {
        typed(model);
    }
    changed
}

/// What was typed has changed: what was wrong with it is so no more.
fn typed(model: &mut Model) {
    match &mut model.popup {
        Some(Popup::Lookup(lookup)) => lookup.changed(),
        Some(Popup::Save(save)) => save.problem = None,
        Some(Popup::Ask(ask)) => ask.problem = None,
        Some(Popup::Help(help)) => help.search(),
        _ => {}
    }
}

/// A paste is one line of text, never keys; outside of a prompt it is not used.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match &mut model.popup {
        Some(Popup::Form(form)) => {
            if let Some(field) = form.focused() {
                insert(&mut field.input, text, LONGEST_LINE);
            }
            form.check();
        }
        Some(Popup::Search(input)) => {
            insert(input, text, LONGEST_LINE);
            arrange::narrow_as_typed(model);
        }
        Some(Popup::Command(_)) => command::paste(model, text),
        Some(Popup::SaveView { input, problem }) => {
            insert(input, text, LONGEST_LINE);
            *problem = None;
        }
        Some(Popup::Lookup(lookup)) => {
            insert(&mut lookup.input, text, LONGEST_PASTE);
            typed(model);
        }
        Some(Popup::Ask(ask)) => {
            insert(&mut ask.input, text, LONGEST_LINE);
            typed(model);
        }
        Some(Popup::Save(save)) => {
            insert(&mut save.input, text, LONGEST_PASTE);
            typed(model);
        }
        Some(Popup::Help(help)) => {
            insert(&mut help.input, text, LONGEST_LINE);
            typed(model);
        }
        _ => model.notice = Some("To look up a pasted reference, press b first.".to_owned()),
    }
    Vec::new()
}

pub fn open_lookup(model: &mut Model) {
    let unknown = model.bookings.last_mut().filter(|booking| booking.content.is_none());
    let typed = unknown.and_then(|booking| booking.typed.clone()).unwrap_or_default();
    let recent = recent(model);
    model.popup = Some(Popup::Lookup(Lookup::new(typed, None, recent)));
}

/// The bookings seen in this session, but for the one that is shown.
fn recent(model: &Model) -> Vec<Untrusted> {
    let here = model.bookings.last().map(Booking::reference);
    model.walk.recent().filter(|reference| Some(*reference) != here).cloned().collect()
}

/// Asks again with what was typed, and says what was wrong with it.
pub fn reopen_lookup(model: &mut Model, typed: String, problem: String) {
    let recent = recent(model);
    model.popup = Some(Popup::Lookup(Lookup::new(typed, Some(problem), recent)));
}

/// What became of a file, for the user.
pub fn saved(path: &Path, result: Result<(), String>) -> String {
    let path = path.display().to_string();
    match result {
        Ok(()) => format!("Written to {}; the path is copied.", sanitise(&path)),
        Err(why) => format!("{} was not written: {}", sanitise(&path), sanitise(&why)),
    }
}

pub fn open_json(model: &mut Model) {
    let Some(record) = model.selected() else {
        model.notice = Some("There is no row here.".to_owned());
        return;
    };
    let title = record.booking().map(|reference| reference.shown().into_owned());
    let json = record.to_json();
    open_text(model, &format!("Record · {}", title.unwrap_or_default()), &json);
}

/// Shows a text of many lines, whatever it holds.
pub fn open_text(model: &mut Model, title: &str, json: &str) {
    let mut text: Vec<String> =
        json.lines().take(LONGEST_TEXT).map(|line| sanitise(line).into_owned()).collect();
    let more = json.lines().count() - text.len();
    if more > 0 {
        text.push(format!("… and {} more lines", format_count(more as u64)));
    }
    open_reader(model, sanitise(title).into_owned(), text);
}

pub fn open_reader(model: &mut Model, title: String, text: Vec<String>) {
    model.popup =
        Some(Popup::Reader(Reader { title, text, lines: Vec::new(), top: 0, is_chart: false }));
    rewrap(model);
}

/// Wraps the text that is read to the width of the screen.
pub fn rewrap(model: &mut Model) {
    let area = layout::reader(model.size);
    if let Some(Popup::Help(help)) = &mut model.popup {
        return help.resize(layout::help_room(model.size));
    }
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
    if let Some(Popup::Lookup(lookup)) = &mut model.popup {
        return lookup.step(step == Step::Down);
    }
    if let Some(Popup::Save(_)) = &model.popup {
        return export::choose_format(model, step == Step::Down);
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
        Picked::DropFilter | Picked::Snooze | Picked::Profile => Vec::new(),
        Picked::View => command::remove_view_at(model, cursor),
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    if let Some(Popup::Question(question)) = &model.popup {
        let consent = question.then;
        model.popup = None;
        return match consent {
            Consent::LoadAll => fetch::load_all(model),
            Consent::RemoveView(index) => command::remove_for_good(model, index),
        };
    }
    if let Some(Popup::Pick(pick)) = &model.popup {
        let (then, cursor) = (pick.then, pick.cursor);
        model.popup = None;
        return match then {
            Picked::DropFilter => filters::drop_one(model, cursor),
            Picked::View => command::show_view_at(model, cursor),
            Picked::Snooze => triage::snooze_for(model, cursor),
            Picked::Profile => profile::switch(model, cursor),
        };
    }
    if let Some(Popup::Ask(_)) = &model.popup {
        return triage::answered(model);
    }
    if let Some(Popup::Save(save)) = &model.popup {
        return if save.rows.is_some() { export::save(model) } else { booking::save(model) };
    }
    let Some(Popup::Lookup(lookup)) = &mut model.popup else { return Vec::new() };
    let typed = lookup.input.value().trim().to_owned();
    match lookup.submit() {
        Meant::Unclear => Vec::new(),
        Meant::Booking(reference) => {
            model.popup = None;
            booking::open_typed(model, reference, Some(typed))
        }
    }
}
