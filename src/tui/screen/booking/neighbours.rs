//! From one booking to another without going back: along the trail of what was seen, and along the
//! list from which one came.

use crate::conciliation::row::is_same;
use crate::tui::effect::Effect;
use crate::tui::keymap::Step;
use crate::tui::model::Model;
use crate::tui::screen::booking::sources;
use crate::tui::screen::booking::update::{close_all, open, seen_or_new};

/// Shows the booking that was seen before or after this one, in its place.
pub fn along_trail(model: &mut Model, is_forward: bool) -> Vec<Effect> {
    let Some(reference) = model.walk.step(is_forward) else {
        let text = if is_forward {
            "No booking was seen after this one."
        } else {
            "No booking was seen before this one."
        };
        model.notice = Some(text.to_owned());
        return Vec::new();
    };
    let Some(mut left) = model.bookings.pop() else { return Vec::new() };
    model.walk.keep(&left);
    let mut effects: Vec<Effect> = left.give_up().into_iter().map(Effect::Cancel).collect();
    let mut booking = seen_or_new(model, reference);
    // It takes the other's place: what lies below, and whether that is a list, stays as it was.
    (booking.below, booking.view, booking.typed) = (left.below, left.view, left.typed);
    model.detail.top = 0;
    model.bookings.push(booking);
    effects.extend(sources::load_what_is_missing(model));
    effects
}

/// Opens the next or the previous booking of the list that lies below, and moves the list's cursor
/// there, so that `esc` comes back to its row.
pub fn along_list(model: &mut Model, is_forward: bool) -> Vec<Effect> {
    let is_from_list = model.bookings.first().is_some_and(|booking| booking.typed.is_none());
    let here = model.list().and_then(|list| list.table.selected()?.booking().cloned());
    let (Some(here), true) = (here, is_from_list) else {
        model.notice = Some("This booking was not opened from a list.".to_owned());
        return Vec::new();
    };
    let Some(list) = model.lists.get_mut(model.tab) else { return Vec::new() };
    let table = &list.table;
    let is_other = |row: &usize| {
        let named = table.row(*row).and_then(|record| record.booking());
        named.is_some_and(|named| !is_same(named, &here))
    };
    let from = table.cursor();
    let to = if is_forward {
        (from + 1..table.len()).find(is_other)
    } else {
        (0..from).rev().find(is_other)
    };
    let Some(to) = to else {
        let (end, more) = match (is_forward, list.has_more()) {
            (true, true) => ("last", " that was fetched; go back and press G for more"),
            (true, false) => ("last", ""),
            (false, _) => ("first", ""),
        };
        model.notice = Some(format!("This is the {end} booking of the list{more}."));
        return Vec::new();
    };
    let reference = table.row(to).and_then(|record| record.booking()).cloned();
    let step = if is_forward { Step::Down } else { Step::Up };
    for _ in 0..from.abs_diff(to) {
        list.table.step(step, 1);
    }
    let view = model.bookings.last().map(|booking| booking.view);
    let mut effects = close_all(model);
    effects.extend(reference.map(|reference| open(model, reference)).unwrap_or_default());
    if let (Some(booking), Some(view)) = (model.bookings.last_mut(), view) {
        booking.view = view;
    }
    effects
}
