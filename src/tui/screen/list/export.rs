//! The export of a list: what, in which form, where to; rows that are missing are fetched first.

use super::state::Pending;
use crate::domain::text::sanitise;
use crate::export::Format;
use crate::export::rows::Layout;
use crate::list::record;
use crate::tui::component::table::extract::Which;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};

pub fn ask(cx: &mut Cx) {
    let Some(list) = cx.list() else { return };
    let ending = Format::Csv.ending();
    let name = format!("{}-{}.{ending}", list.spec().key, cx.now.local.format("%Y-%m-%d-%H%M%S"));
    let choice = super::saving::Choice::of(list, &cx.network.0);
    cx.open(Prompt::new(name, PromptAction::ExportRows(choice)));
}

/// Writes rows, once all are there that are meant.
pub fn save(cx: &mut Cx, which: Which, pending: Pending) {
    let Some(list) = cx.list() else { return };
    if which != Which::All || !list.has_more() {
        return write(cx, cx.tab, which, &pending);
    }
    cx.load_all();
    if let Some(list) = cx.list_mut() {
        list.export = Some(pending);
    }
    cx.say("Fetching all rows first; {back} stops and writes nothing.");
}

pub fn write(cx: &mut Cx, tab: usize, which: Which, export: &Pending) {
    let Some(list) = cx.lists.get(tab) else { return };
    let layout = Layout::new(list.spec(), export.format, cx.now.local.date());
    let extract = list.table.extract(which, layout);
    let unreadable = extract.unreadable() as u64;
    cx.export_note = (unreadable > 0).then(|| format!("{}.", record::unreadable(unreadable)));
    let shown = export.path.display().to_string();
    cx.notice = Some(format!("Writing {} …", sanitise(&shown)));
    cx.effect(Effect::SaveRows(export.path.clone(), Box::new(extract)));
}

#[cfg(test)]
mod tests;
