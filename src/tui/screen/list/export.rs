//! The export of a list: what, in which form, where to; rows that are missing are fetched first.

use std::path::{Path, PathBuf};

use tui_input::Input;

use crate::domain::text::sanitise;
use crate::export::Format;
use crate::export::rows::Layout;
use crate::list::record;
use crate::tui::component::table::extract::Which;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Popup, Save};
use crate::tui::screen::list::fetch;
use crate::tui::screen::list::saving::{Choice, Pending};

/// Asks what and where to, under a name that owes nothing to the API.
pub fn ask(model: &mut Model) {
    let network = model.network.0;
    let Some(list) = model.list().filter(|list| !list.table.records().is_empty()) else {
        model.notice = Some("There is nothing to export yet.".to_owned());
        return;
    };
    let ending = Format::Csv.ending();
    let name =
        format!("{}-{}.{ending}", list.spec().key, model.now.local.format("%Y-%m-%d-%H%M%S"));
    let rows = Some(Choice::of(list, &network));
    model.popup = Some(Popup::Save(Save { input: Input::new(name), problem: None, rows }));
}

/// Goes on to the next rows that can be chosen.
pub fn choose_rows(model: &mut Model) {
    if let Some(Popup::Save(Save { rows: Some(rows), .. })) = &mut model.popup {
        rows.next();
    }
}

/// Goes to another form: the name gets its ending.
pub fn choose_format(model: &mut Model, is_forward: bool) {
    let Some(Popup::Save(Save { input, problem, rows: Some(_) })) = &mut model.popup else {
        return;
    };
    let typed = input.value();
    let known = Format::of_path(Path::new(typed), Format::ROWS).ok();
    let mut round = Format::ROWS.iter().cycle().skip_while(|format| Some(**format) != known);
    let next = match (known, is_forward) {
        (None, _) => Format::ROWS.first(),
        (Some(_), true) => round.nth(1),
        // Once round but one.
        (Some(_), false) => round.nth(Format::ROWS.len() - 1),
    };
    let Some(next) = next else { return };
    let ending = known.map_or("", Format::ending);
    let stem = typed.get(..typed.len() - ending.len()).unwrap_or(typed).trim_end_matches('.');
    *input = Input::new(format!("{stem}.{}", next.ending()));
    *problem = None;
}

/// Takes what was typed as the path; its ending says which form is written.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Save(Save { input, problem, rows: Some(rows) })) = &mut model.popup else {
        return Vec::new();
    };
    let path = PathBuf::from(input.value().trim());
    let format = match Format::of_path(&path, Format::ROWS) {
        Ok(format) => format,
        Err(why) => {
            *problem = Some(why);
            return Vec::new();
        }
    };
    let which = rows.which;
    model.popup = None;
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    if which == Which::All && list.has_more() {
        let effects = fetch::load_all(model);
        if let Some(list) = model.lists.get_mut(model.tab) {
            list.export = Some(Pending { path, format });
        }
        model.notice = Some("Fetching all rows first; esc stops and writes nothing.".to_owned());
        return effects;
    }
    write(model, model.tab, which, &Pending { path, format }).into_iter().collect()
}

/// Writes rows as they are now.
pub fn write(model: &mut Model, tab: usize, which: Which, export: &Pending) -> Option<Effect> {
    let list = model.lists.get(tab)?;
    let layout = Layout::new(list.spec(), export.format, model.now.local.date());
    let extract = list.table.extract(which, layout);
    let unreadable = extract.unreadable() as u64;
    model.export_note = (unreadable > 0).then(|| format!("{}.", record::unreadable(unreadable)));
    let shown = export.path.display().to_string();
    model.notice = Some(format!("Writing {} …", sanitise(&shown)));
    Some(Effect::SaveRows(export.path.clone(), Box::new(extract)))
}

#[cfg(test)]
mod tests;
