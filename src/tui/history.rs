//! The bookings that were seen in this session, and the trail for going back and forward.

use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;
use crate::tui::component::detail::Detail;
use crate::tui::keymap::Way;
use crate::tui::screen::booking::state::{Booking, BookingView};

/// Bookings that are kept; those seen longest ago are dropped.
const KEPT: usize = 50;
const STEPS: usize = 200;

#[derive(Debug, Default)]
pub struct BookingHistory {
    /// The one seen last is the last.
    cache: Vec<Booking>,
    back_stack: Vec<Untrusted>,
    at: usize,
}

impl BookingHistory {
    pub fn keep(&mut self, booking: &Booking) {
        if booking.content.is_none() {
            return;
        }
        let mut kept = booking.clone();
        kept.cancel();
        match self.cache.iter_mut().find(|known| is_same(&known.asked, &booking.asked)) {
            Some(known) => *known = kept,
            None => self.cache.push(kept),
        }
        let excess = self.cache.len().saturating_sub(KEPT);
        self.cache.drain(..excess);
    }

    /// In the view that it opens with, and without the detail pane.
    pub fn seen(&self, reference: &Untrusted) -> Option<Booking> {
        let seen = self.kept(reference)?.clone();
        let (view, detail) = (BookingView::Sections, Detail::default());
        Some(Booking { view, returns_to: None, detail, ..seen })
    }

    pub fn kept(&self, reference: &Untrusted) -> Option<&Booking> {
        // By what was asked for alone: an answer that names another booking is no answer about that.
        self.cache.iter().rev().find(|known| is_same(&known.asked, reference))
    }

    pub fn recent(&self) -> impl Iterator<Item = &Untrusted> {
        self.cache.iter().rev().map(Booking::reference)
    }

    fn renew(&mut self, reference: &Untrusted) {
        self.cache.sort_by_key(|known| is_same(&known.asked, reference));
    }

    pub fn visit(&mut self, reference: &Untrusted) {
        self.renew(reference);
        if self.back_stack.get(self.at).is_some_and(|here| is_same(here, reference)) {
            return;
        }
        self.back_stack.truncate(self.at + 1);
        self.back_stack.push(reference.clone());
        let excess = self.back_stack.len().saturating_sub(STEPS);
        self.back_stack.drain(..excess);
        self.at = self.back_stack.len() - 1;
    }

    pub fn return_to(&mut self, reference: &Untrusted) {
        let behind = self.back_stack.get(..=self.at).unwrap_or(&self.back_stack);
        if let Some(at) = behind.iter().rposition(|step| is_same(step, reference)) {
            self.at = at;
        }
    }

    pub fn forget(&mut self, reference: &Untrusted) {
        let behind = self.back_stack.iter().take(self.at);
        self.at = behind.filter(|step| !is_same(step, reference)).count();
        self.back_stack.retain(|step| !is_same(step, reference));
    }

    pub fn step(&mut self, way: Way) -> Option<Untrusted> {
        let to = if way == Way::Forward { self.at + 1 } else { self.at.checked_sub(1)? };
        let there = self.back_stack.get(to)?.clone();
        self.at = to;
        self.renew(&there);
        Some(there)
    }

    pub fn steps(&self) -> (usize, usize) {
        (self.at, self.back_stack.len().saturating_sub(self.at + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trail_is_that_of_a_browser() {
        let mut walk = BookingHistory::default();
        let name = |number: u8| Untrusted::new(format!("BK{number}"));
        for number in [1, 2, 2, 3] {
            walk.visit(&name(number));
        }
        assert_eq!(walk.steps(), (2, 0));
        assert_eq!(walk.step(Way::Back), Some(name(2)));
        assert_eq!(walk.step(Way::Back), Some(name(1)));
        assert_eq!((walk.step(Way::Back), walk.steps()), (None, (0, 2)));
        assert_eq!(walk.step(Way::Forward), Some(name(2)));
        walk.visit(&name(4));
        assert_eq!((walk.step(Way::Forward), walk.steps()), (None, (2, 0)));
        walk.return_to(&name(2));
        assert_eq!((walk.steps(), walk.step(Way::Forward)), ((1, 1), Some(name(4))));
        walk.forget(&name(4));
        assert_eq!(walk.step(Way::Back), Some(name(2)));
        walk.visit(&name(5));
        walk.forget(&name(5));
        walk.return_to(&name(2));
        assert_eq!((walk.steps(), walk.step(Way::Back)), ((1, 0), Some(name(1))));
    }
}
