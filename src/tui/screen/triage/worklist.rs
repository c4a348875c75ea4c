//! The worklist: what is shown or marked, written to a file.

use std::path::PathBuf;

use tui_input::Input;

use crate::export::Format;
use crate::export::worklist::{Item, render};
use crate::list::record::Record;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Popup};
use crate::tui::screen::triage::ask::{Ask, Asked};

pub fn ask(model: &mut Model, ending: &str) -> Vec<Effect> {
    let name = format!("worklist-{}.{ending}", model.now.local.date());
    model.popup = Some(Popup::Ask(Ask {
        title: " Worklist to ",
        words: "A new file: .csv, .json, .md.",
        input: Input::new(name),
        problem: None,
        then: Asked::Worklist,
    }));
    Vec::new()
}

/// Takes what was typed as the path; its ending says which form is written.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Ask(ask)) = &model.popup else { return Vec::new() };
    let path = PathBuf::from(ask.input.value().trim());
    let format = Format::of_path(&path, Format::WORKLIST);
    let made = format.and_then(|format| render(&items(model), format));
    match (made, &mut model.popup) {
        (Ok(text), popup) => {
            *popup = None;
            vec![Effect::Save(path, text)]
        }
        (Err(why), Some(Popup::Ask(ask))) => {
            ask.problem = Some(why);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The marked penalties, or all that are shown, in the order of the queue.
fn items(model: &Model) -> Vec<Item> {
    let Some(table) = model.table() else { return Vec::new() };
    let today = model.now.local.date();
    let day = model.triage.day(today);
    let is_wanted = |row: &usize| table.marked() == 0 || table.is_marked(*row);
    let rows = (0..table.len()).filter(is_wanted).filter_map(|row| table.row(row));
    let item = |record: &Record| Item::of(record, &model.kept.memory, day, today);
    rows.map(item).collect()
}
