//! From one booking to another without going back: along those that were seen, and along the list from
//! which one was opened.

use super::state::{Booking, View};
use crate::conciliation::row::is_same;
use crate::tui::cx::Cx;
use crate::tui::keymap::Way;
use crate::tui::stack::Tui;

impl Booking {
    /// Shows the booking that was seen before or after this one, in its place.
    pub fn step_in_history(&mut self, way: Way, cx: &mut Cx) {
        let Some(reference) = cx.history.step(way) else {
            return cx.say(match way {
                Way::Forward => "No booking was seen after this one.",
                Way::Back => "No booking was seen before this one.",
            });
        };
        cx.history.keep(self);
        cx.cancel_of(cx.here);
        let next = cx.history.seen(&reference);
        let next = next.unwrap_or_else(|| Self::opening(reference, None));
        // It takes the other's place: whether it was opened from a list stays as it was.
        let detail = crate::tui::component::detail::Detail { top: 0, ..self.detail };
        *self = Self { view: self.view, typed: self.typed.take(), detail, ..next };
        self.load_what_is_missing(cx);
    }
}

impl Tui {
    /// Opens the next or the previous booking of the list that lies below, and moves the list's cursor
    /// there, so that one comes back to its row.
    pub(in crate::tui) fn step_in_list(&mut self, way: Way) {
        let is_from_list = self.bookings().next().is_some_and(|first| first.typed.is_none());
        let view = self.bookings().next_back().map_or(View::Sections, |booking| booking.view);
        let Some(list) = self.cx.list_mut() else { return };
        let here = list.table.selected().and_then(|row| row.booking().cloned());
        let (Some(here), true) = (here, is_from_list) else {
            return self.cx.say("This booking was not opened from a list.");
        };
        let table = &list.table;
        let is_other = |row: &usize| {
            let named = table.row(*row).and_then(|record| record.booking());
            named.is_some_and(|named| !is_same(named, &here))
        };
        let from = table.cursor();
        let to = match way {
            Way::Forward => (from + 1..table.len()).find(is_other),
            Way::Back => (0..from).rev().find(is_other),
        };
        let Some(to) = to else {
            let (end, more) = match (way, list.has_more()) {
                (Way::Forward, true) => {
                    ("last", " that was fetched; go back and press {last} for more")
                }
                (Way::Forward, false) => ("last", ""),
                (Way::Back, _) => ("first", ""),
            };
            return self.cx.say(format!("This is the {end} booking of the list{more}."));
        };
        let reference = table.row(to).and_then(|record| record.booking()).cloned();
        list.table.go_to_row(to);
        self.close_above_rows();
        if let Some(reference) = reference {
            self.push(Box::new(Booking { view, ..Booking::opening(reference, None) }));
        }
    }
}
