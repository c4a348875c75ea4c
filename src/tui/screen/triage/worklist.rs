//! The worklist: what is shown or marked, written to a file.

use std::path::PathBuf;

use super::state::TriageScreen;
use crate::export::Format;
use crate::export::worklist::{Item, render};
use crate::list::record::Record;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};

pub fn ask(cx: &mut Cx, ending: &str) {
    let name = format!("worklist-{}.{ending}", cx.now.local.date());
    cx.open(Prompt::new(name, PromptAction::Worklist));
}

/// Writes it to a path, whose ending says in which form.
pub fn save(screen: &TriageScreen, path: &str, cx: &mut Cx) -> Result<(), String> {
    let path = PathBuf::from(path);
    let format = Format::of_path(&path, Format::WORKLIST)?;
    let text = render(&items(screen, cx), format)?;
    cx.effect(Effect::Save(path, text));
    Ok(())
}

/// The marked penalties, or all that are shown, in the order of the queue.
fn items(screen: &TriageScreen, cx: &Cx) -> Vec<Item> {
    let Some(table) = cx.list().map(|list| &list.table) else { return Vec::new() };
    let today = cx.now.local.date();
    let day = screen.day(today);
    let is_wanted = |row: &usize| table.marks.is_empty() || table.is_marked(*row);
    let rows = (0..table.len()).filter(is_wanted).filter_map(|row| table.row(row));
    let item = |record: &Record| Item::of(record, &cx.kept.memory, day, today);
    rows.map(item).collect()
}
