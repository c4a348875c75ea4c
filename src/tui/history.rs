//! The bookings seen in this session, and the trail for stepping back and forward.

use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;
use crate::tui::component::detail::Detail;
use crate::tui::keymap::Way;
use crate::tui::screen::booking::state::{Booking, BookingView};

/// Bookings in the cache; the least recently seen are dropped.
const KEPT: usize = 50;
const STEPS: usize = 200;

#[derive(Debug, Default)]
pub struct BookingHistory {
    /// The most recently seen is the last.
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

    /// A cached booking in its initial view, without the detail pane.
    pub fn seen(&self, reference: &Untrusted) -> Option<Booking> {
        let seen = self.kept(reference)?.clone();
        let (view, detail) = (BookingView::Sections, Detail::default());
        Some(Booking { view, returns_to: None, detail, ..seen })
    }

    pub fn kept(&self, reference: &Untrusted) -> Option<&Booking> {
        // By the reference asked for: an answer may name another booking.
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

    /// Notes that a booking that was covered by another one is shown again.
    pub fn return_to(&mut self, booking: &Booking) {
        let reference = &booking.asked;
        let behind = self.back_stack.get(..=self.at).unwrap_or(&self.back_stack);
        match behind.iter().rposition(|step| is_same(step, reference)) {
            Some(at) => self.at = at,
            // It was loaded while it was covered.
            None if booking.content.is_some() => self.visit(reference),
            None => {}
        }
    }

    pub fn forget(&mut self, reference: &Untrusted) {
        let behind = self.back_stack.iter().take(self.at);
        self.at = behind.filter(|step| !is_same(step, reference)).count();
        self.back_stack.retain(|step| !is_same(step, reference));
    }

    /// `here` is the booking that is shown. One that failed to load is not in the trail: one step
    /// back is the booking seen last.
    pub fn step(&mut self, way: Way, here: &Untrusted) -> Option<Untrusted> {
        let to = self.place(way, here)?;
        let there = self.back_stack.get(to)?.clone();
        self.at = to;
        self.renew(&there);
        Some(there)
    }

    /// Returns `true` if there is a booking to step to.
    pub fn has(&self, way: Way, here: &Untrusted) -> bool {
        self.place(way, here).is_some()
    }

    fn place(&self, way: Way, here: &Untrusted) -> Option<usize> {
        let is_here = self.back_stack.get(self.at).is_some_and(|step| is_same(step, here));
        let to = match (way, is_here) {
            (Way::Forward, true) => self.at + 1,
            (Way::Back, true) => self.at.checked_sub(1)?,
            (Way::Back, false) => self.at.min(self.back_stack.len().checked_sub(1)?),
            (Way::Forward, false) => return None,
        };
        (to < self.back_stack.len()).then_some(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::screen::booking::state::OpenedFrom;

    /// Steps from the current position in the trail.
    fn step(walk: &mut BookingHistory, way: Way) -> Option<Untrusted> {
        let here = walk.back_stack.get(walk.at).cloned().unwrap_or_default();
        walk.step(way, &here)
    }

    fn opened(reference: Untrusted) -> Booking {
        Booking::opening(reference, OpenedFrom::Elsewhere)
    }

    #[test]
    fn the_trail_is_that_of_a_browser() {
        let mut walk = BookingHistory::default();
        let name = |number: u8| Untrusted::new(format!("BK{number}"));
        for number in [1, 2, 2, 3] {
            walk.visit(&name(number));
        }
        assert!(walk.has(Way::Back, &name(3)) && !walk.has(Way::Forward, &name(3)));
        assert_eq!(step(&mut walk, Way::Back), Some(name(2)));
        assert_eq!(step(&mut walk, Way::Back), Some(name(1)));
        assert_eq!(step(&mut walk, Way::Back), None);
        assert!(!walk.has(Way::Back, &name(1)) && walk.has(Way::Forward, &name(1)));
        assert_eq!(step(&mut walk, Way::Forward), Some(name(2)));
        walk.visit(&name(4));
        assert_eq!(step(&mut walk, Way::Forward), None);
        walk.return_to(&opened(name(2)));
        assert_eq!(step(&mut walk, Way::Forward), Some(name(4)));
        walk.forget(&name(4));
        assert_eq!(step(&mut walk, Way::Back), Some(name(2)));
    }

    #[test]
    fn what_failed_to_load_is_not_in_the_trail_and_back_leads_to_the_one_seen_last() {
        let mut walk = BookingHistory::default();
        let [one, two, failed] = ["BK1", "BK2", "BK9"].map(Untrusted::new);
        assert!(!walk.has(Way::Back, &failed));
        walk.visit(&one);
        walk.visit(&two);
        assert!(!walk.has(Way::Forward, &failed));
        assert_eq!(walk.step(Way::Back, &failed), Some(two.clone()));
        assert_eq!(walk.step(Way::Back, &two), Some(one));
        walk.return_to(&opened(failed.clone()));
        assert_eq!(step(&mut walk, Way::Forward), Some(two));
    }
}
