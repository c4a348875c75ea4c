//! Actions that all screens with a table of records share.

use chrono::NaiveDate;

use crate::list::sort::Sort;
use crate::tui::component::table::Table;
use crate::tui::copy;
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Step};
use crate::tui::modal::columns::Chooser;
use crate::tui::modal::reader::Reader;
use crate::tui::screen::Behavior;

pub const NO_ROW: &str = "No row is selected.";

pub fn why_not(screen: &dyn Behavior, action: Action, cx: &Cx) -> Option<String> {
    let needs_row = matches!(
        action,
        Action::Open
            | Action::Json
            | Action::CopyCell
            | Action::Link
            | Action::Mark
            | Action::MarkShown
    );
    if needs_row && screen.selected(cx).is_none() {
        return Some(NO_ROW.to_owned());
    }
    match action {
        Action::CopyCell => copy::cell(screen.table(cx)?, cx.now.local.date()).err(),
        Action::CopyRows if screen.table(cx)?.chosen().is_empty() => Some(NO_ROW.to_owned()),
        Action::Link => copy::link(screen.selected(cx)?).err(),
        Action::UnmarkAll if screen.table(cx).is_none_or(|table| table.marks.is_empty()) => {
            Some("Nothing is marked.".to_owned())
        }
        _ => None,
    }
}

/// Runs an action of tables.
pub fn act(screen: &mut dyn Behavior, action: Action, cx: &mut Cx) {
    let (rows, today) = (cx.layout.rows(), cx.now.local.date());
    match action {
        Action::CopyCell | Action::CopyRows | Action::Link => copied(screen, action, cx),
        Action::Json => {
            if let Some(reader) = screen.selected(cx).map(Reader::of_record) {
                cx.open(reader);
            }
        }
        Action::Columns => {
            if let Some(chooser) = screen.table(cx).map(Chooser::new) {
                cx.open(chooser);
            }
        }
        Action::Detail | Action::Zoom | Action::DetailDown | Action::DetailUp => {
            detail(screen, action);
        }
        _ => {
            let Some(table) = screen.table_mut(cx) else { return };
            match action {
                Action::Move(step) => {
                    table.step(step, rows);
                    screen.scroll_detail_to_top();
                }
                Action::Left | Action::Right => table.step_column(action == Action::Right),
                Action::Mark => {
                    // Moves down, too, so that holding the key marks a run of rows.
                    table.toggle_mark();
                    table.step(Step::Down, rows);
                }
                Action::MarkShown => table.mark_shown(),
                Action::UnmarkAll => _ = table.unmark_all(),
                Action::Sort | Action::Reverse => sort(table, action, today),
                _ => {}
            }
        }
    }
}

/// Sorts by the column under the cursor; a second time restores the server's order. Or reverses the
/// order; a column that is not yet sorted then starts with the greatest.
fn sort(table: &mut Table, action: Action, today: NaiveDate) {
    let Some(column) = table.spec().described(table.field()) else { return };
    let here = table.sort().filter(|sort| sort.column == column.name);
    let by = |descending| Some(Sort { column: column.name, descending });
    let sort = match (action, here) {
        (Action::Reverse, Some(sort)) => by(!sort.descending),
        (Action::Reverse, None) => by(true),
        (_, Some(_)) => None,
        (_, None) => by(false),
    };
    table.sort_by(sort, today);
}

fn copied(screen: &dyn Behavior, action: Action, cx: &mut Cx) {
    let today = cx.now.local.date();
    let made = match (action, screen.table(cx)) {
        (Action::Link, _) => screen.selected(cx).map(copy::link),
        (Action::CopyCell, Some(table)) => Some(copy::cell(table, today)),
        (_, table) => table.map(|table| copy::rows(table, today, cx.looks.csv)),
    };
    let Some(Ok((text, what))) = made else { return };
    cx.copy(text.clone(), &what);
    if action == Action::Link {
        // The link is also copied: over SSH, no browser can be opened here.
        cx.effect(Effect::Open(text));
    }
}

fn detail(screen: &mut dyn Behavior, action: Action) {
    let Some(detail) = screen.detail_mut() else { return };
    match action {
        Action::DetailDown => detail.top += 1,
        Action::DetailUp => detail.top = detail.top.saturating_sub(1),
        Action::Zoom => {
            (detail.is_zoomed, detail.top) = (!detail.is_open || !detail.is_zoomed, 0);
            detail.is_open = true;
        }
        _ => (detail.is_open, detail.is_zoomed, detail.top) = (!detail.is_open, false, 0),
    }
}

pub fn settle(screen: &mut dyn Behavior, cx: &mut Cx) {
    let (rows, today) = (cx.layout.rows(), cx.now.local.date());
    screen.table_mut(cx).into_iter().for_each(|table| table.set_day(today));
    // A zoomed detail pane hides the table, whose window is then kept for later.
    if rows > 0 {
        screen.table_mut(cx).into_iter().for_each(|table| table.settle(rows));
    }
}

/// What a step back ends first: the zoom, then a load of the list.
pub fn stop_first(screen: &mut dyn Behavior, cx: &mut Cx) -> bool {
    if screen.detail().is_zoomed {
        return screen.detail_mut().is_some_and(crate::tui::component::detail::Detail::close);
    }
    cx.cancel_list()
}

/// Returns `true` if there were marks.
pub fn unmark_all(screen: &mut dyn Behavior, cx: &mut Cx) -> bool {
    screen.table_mut(cx).is_some_and(Table::unmark_all)
}
