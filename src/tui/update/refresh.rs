//! The keys that refresh, held to one refresh of a view a second.

use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::refreshes::View;
use crate::tui::screen::list::fetch;
use crate::tui::screen::payments::update as sheet;
use crate::tui::screen::triage::update as triage;

fn shown(model: &Model) -> View {
    if model.sheet().is_some() {
        return View::Sheet(model.sheets.len());
    }
    match model.bookings.len() {
        0 => View::List(model.tab),
        depth => View::Booking(depth),
    }
}

/// Refreshes what is shown, or everything; within a second of the last time, at its end.
pub fn ask(model: &mut Model, action: Action) -> Vec<Effect> {
    let view = if action == Action::RefreshAll { View::All } else { shown(model) };
    if model.refreshes.ask(view, model.now.elapsed) { refresh(model, view) } else { Vec::new() }
}

/// Begins the refresh that waited for the end of its second.
pub fn begin_due(model: &mut Model) -> Vec<Effect> {
    let shown = shown(model);
    let due = model.refreshes.due(shown, model.now.elapsed);
    due.map(|view| refresh(model, view)).unwrap_or_default()
}

fn refresh(model: &mut Model, view: View) -> Vec<Effect> {
    match view {
        View::All => fetch::refresh_all(model),
        View::Sheet(_) => sheet::refresh(model),
        View::Booking(_) => fetch::refresh_booking(model),
        View::List(_) if model.is_triaging() && !model.triage.is_in_overview => {
            triage::refresh(model)
        }
        View::List(_) => fetch::refresh_list(model),
    }
}

#[cfg(test)]
mod tests;
