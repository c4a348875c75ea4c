//! Keys that arrange what was fetched: sort, search, columns.

use crossterm::event::KeyEvent;
use tui_input::Input;

use crate::filter::setting::{Setting, Target};
use crate::filter::{Filter, Kind};
use crate::list::sort::Sort;
use crate::state::persisted::Change;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::list_columns::list_columns;
use crate::tui::modal::columns::Chooser;
use crate::tui::model::{Model, Popup};
use crate::tui::screen::list::set_filters as filters;
use crate::tui::typing::{LONGEST_LINE, edit};

pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match action {
        Action::Sort => sort(model),
        Action::Reverse => reverse(model),
        Action::Search => open_search(model),
        Action::Columns => {
            if let Some(table) = model.table() {
                model.popup = Some(Popup::Columns(Chooser::new(table)));
            }
        }
        _ => return None,
    }
    Some(Vec::new())
}

/// The rows that are to be arranged beside the screen.
pub fn jobs(model: &mut Model) -> Vec<Effect> {
    let each = model.lists.iter_mut().enumerate().filter_map(|(tab, list)| {
        let job = list.table.take_job(list.all.is_some())?;
        Some(Effect::Arrange(tab, Box::new(job)))
    });
    each.collect()
}

/// Sorts by the column under the cursor; by the same one again, back to the server's order.
fn sort(model: &mut Model) {
    let today = model.now.local.date();
    let Some(table) = model.table_mut() else { return };
    let Some(column) = table.spec().described(table.field()) else { return };
    let is_sorted = table.sort().is_some_and(|sort| sort.column == column.name);
    let sort = Sort { column: column.name, descending: false };
    table.sort_by((!is_sorted).then_some(sort), today);
}

/// Turns the order round; of a column that is not sorted by, the greatest comes first.
fn reverse(model: &mut Model) {
    let today = model.now.local.date();
    let Some(table) = model.table_mut() else { return };
    let Some(column) = table.spec().described(table.field()) else { return };
    let sort = match table.sort() {
        Some(sort) if sort.column == column.name => Sort { descending: !sort.descending, ..sort },
        _ => Sort { column: column.name, descending: true },
    };
    table.sort_by(Some(sort), today);
}

/// Opens the search with what was searched for last, so that it can be edited.
fn open_search(model: &mut Model) {
    let Some(list) = model.list() else { return };
    let sent = list.settings().iter().find(|setting| is_search(setting));
    let narrowed = Some(list.table.needle()).filter(|needle| !needle.is_empty());
    let text = narrowed.or(sent.map(Setting::typed)).unwrap_or_default().to_owned();
    if let Some(table) = model.table_mut() {
        table.narrow(&text);
    }
    model.popup = Some(Popup::Search(Input::new(text)));
}

fn is_search(setting: &Setting) -> bool {
    matches!(setting.target(), Target::Param(filter) if filter.kind == Kind::Search)
}

/// Keys of the search: the rows follow the text.
pub fn search(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => ask_server(model),
        Action::Redraw => vec![Effect::Redraw],
        _ => {
            model.popup = None;
            if let Some(table) = model.table_mut() {
                table.narrow("");
            }
            Vec::new()
        }
    }
}

/// Gives a key to the search; gives whether anything changed.
pub fn type_search(model: &mut Model, key: KeyEvent) -> bool {
    let Some(Popup::Search(input)) = &mut model.popup else { return false };
    let changed = edit(input, key, LONGEST_LINE);
    if changed {
        narrow_as_typed(model);
    }
    changed
}

pub fn narrow_as_typed(model: &mut Model) {
    let Some(Popup::Search(input)) = &model.popup else { return };
    let typed = input.value().to_owned();
    if let Some(table) = model.table_mut() {
        table.narrow(&typed);
    }
}

/// Sends what was typed as the filter `search`; nothing typed takes that filter away.
fn ask_server(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Search(input)) = &model.popup else { return Vec::new() };
    let typed = input.value().trim().to_owned();
    let Some(list) = model.list() else { return Vec::new() };
    let by_text = |filter: &&'static Filter| filter.kind == Kind::Search;
    let Some(filter) = list.spec().filters.iter().find(by_text) else {
        model.popup = None;
        model.notice = Some("This list cannot be searched by the server.".to_owned());
        return Vec::new();
    };
    let others: Vec<Setting> =
        list.settings().iter().filter(|setting| !is_search(setting)).cloned().collect();
    let settings = match Setting::new(Target::Param(filter), &typed) {
        _ if typed.is_empty() => others,
        Ok(setting) => filters::with(&others, setting),
        Err(fault) => {
            model.notice = Some(fault.why);
            return Vec::new();
        }
    };
    model.popup = None;
    if let Some(table) = model.table_mut() {
        table.narrow("");
    }
    filters::apply(model, settings)
}

pub fn choose(model: &mut Model, action: Action) -> Vec<Effect> {
    let natural = model.table().map(|table| table.widths().to_vec()).unwrap_or_default();
    let Some(Popup::Columns(chooser)) = &mut model.popup else { return Vec::new() };
    match action {
        Action::NextField => chooser.step(true),
        Action::PreviousField => chooser.step(false),
        Action::Mark => chooser.toggle(),
        Action::MoveDown => chooser.shift(true),
        Action::MoveUp => chooser.shift(false),
        Action::Wider => chooser.resize(true, &natural),
        Action::Narrower => chooser.resize(false, &natural),
        Action::Reset => chooser.reset(),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Submit => return take_columns(model),
        _ => model.popup = None,
    }
    Vec::new()
}

fn take_columns(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Columns(chooser)) = model.popup.take() else { return Vec::new() };
    let Some(table) = model.table_mut() else { return Vec::new() };
    let positions: Vec<usize> = table.fixed_widths().keys().copied().collect();
    for position in positions {
        table.fix_width(position, None);
    }
    for (position, width) in chooser.widths() {
        table.fix_width(position, Some(width));
    }
    table.set_columns(&chooser.names());
    keep_columns(model)
}

/// Remembers the columns of the table on the screen for its list.
pub fn keep_columns(model: &mut Model) -> Vec<Effect> {
    let Some(table) = model.table().filter(|_| model.bookings.is_empty()) else {
        return Vec::new();
    };
    let (list, columns) = (table.spec().key, list_columns(table));
    model.kept.columns.insert(list.to_owned(), columns.clone());
    vec![Effect::Keep(Change::Columns(list, columns))]
}
