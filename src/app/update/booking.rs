//! Keys on a booking, and how bookings are opened and closed.

use super::{act_on_table, close_detail, fetch, list};
use crate::app::booking::Booking;
use crate::app::effect::Effect;
use crate::app::keymap::Action;
use crate::app::model::Model;
use crate::app::table::Table;
use crate::conciliation::SECTIONS;
use crate::domain::text::Untrusted;

/// Bookings that can lie one above the other.
const DEEPEST: usize = 50;

pub(super) fn act(model: &mut Model, action: Action, key: &str) -> Vec<Effect> {
    match action {
        Action::Open => open_from_cell(model),
        Action::NextSection => turn(model, 1),
        Action::PreviousSection => turn(model, SECTIONS.len() - 1),
        Action::Refresh => fetch::refresh_booking(model),
        Action::Back if model.detail.is_zoomed && close_detail(model) => Vec::new(),
        Action::Back if is_refreshing(model) => give_up(model),
        Action::Back if close_detail(model) => Vec::new(),
        Action::Back if model.table_mut().is_some_and(Table::unmark_all) => Vec::new(),
        Action::Back | Action::Quit => close(model),
        _ => act_on_table(model, action, key).unwrap_or_default(),
    }
}

/// Whether a booking that is on the screen is fetched anew.
fn is_refreshing(model: &Model) -> bool {
    model.bookings.last().is_some_and(|it| it.content.is_some() && it.load.is_some())
}

/// Gives up a refresh; what was there stays.
fn give_up(model: &mut Model) -> Vec<Effect> {
    let load = model.bookings.last_mut().and_then(|booking| booking.load.take());
    model.notice = Some("Given up; r fetches again.".to_owned());
    load.map(|(ticket, _)| Effect::Cancel(ticket)).into_iter().collect()
}

/// Opens a booking above what is shown.
pub(super) fn open(model: &mut Model, reference: Untrusted) -> Vec<Effect> {
    if model.bookings.len() >= DEEPEST {
        model.notice = Some("Too many bookings are open: esc closes one.".to_owned());
        return Vec::new();
    }
    let below = std::mem::take(&mut model.detail);
    model.bookings.push(Booking::new(reference, below));
    fetch::load_booking(model)
}

/// Closes every booking; requests that are under way are given up.
pub(super) fn close_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    while !model.bookings.is_empty() {
        effects.extend(close(model));
    }
    effects
}

fn close(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.bookings.pop() else { return Vec::new() };
    model.detail = booking.below;
    let load = booking.load.map(|(ticket, _)| Effect::Cancel(ticket));
    load.into_iter().collect()
}

fn turn(model: &mut Model, by: usize) -> Vec<Effect> {
    if let Some(booking) = model.bookings.last_mut() {
        booking.section = (booking.section + by) % SECTIONS.len();
    }
    model.detail.top = 0;
    Vec::new()
}

/// A cell that names another booking opens that; any other shows the record.
fn open_from_cell(model: &mut Model) -> Vec<Effect> {
    let Some(booking) = model.bookings.last() else { return Vec::new() };
    let here = booking.content.as_ref().map_or(&booking.asked, |content| &content.reference);
    let named = model.table().and_then(|table| {
        table.selected().and_then(|record| list::reference_in_cell(record, table.field()))
    });
    match named.filter(|reference| reference != here && *reference != booking.asked) {
        Some(reference) => open(model, reference),
        None => act_on_table(model, Action::Detail, "").unwrap_or_default(),
    }
}
