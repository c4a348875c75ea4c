//! The bookings that were loaded ahead and not opened yet, and the one that is loaded next.

use std::collections::VecDeque;

use crate::conciliation::Conciliation;
use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;
use crate::tui::msg::Now;

/// Milliseconds that the cursor rests on a row before its booking is requested.
pub const REST: u64 = 150;
/// Milliseconds after which a booking that was loaded ahead is not shown any more.
const FRESH: u64 = 60_000;
/// Bookings that were loaded and not opened; the oldest are dropped.
const KEPT: usize = 8;

#[derive(Debug, Default)]
pub struct BookingAhead {
    /// The booking under the cursor, and when it is requested, in milliseconds since the start;
    /// `None` if that is decided.
    pub resting: Option<(Untrusted, Option<u64>)>,
    loaded: VecDeque<(Untrusted, Box<Conciliation>, Now)>,
    pub sent: u64,
    pub used: u64,
}

impl BookingAhead {
    pub fn wake_at(&self) -> Option<u64> {
        self.resting.as_ref().and_then(|(_, at)| *at)
    }

    pub fn keep(&mut self, asked: Untrusted, booking: Box<Conciliation>, now: Now) {
        self.loaded.retain(|(other, ..)| !is_same(other, &asked));
        self.loaded.push_back((asked, booking, now));
        let excess = self.loaded.len().saturating_sub(KEPT);
        self.loaded.drain(..excess);
    }

    pub fn place(&self, reference: &Untrusted, now: u64) -> Option<usize> {
        self.loaded.iter().position(|(asked, _, at)| {
            is_same(asked, reference) && now.saturating_sub(at.elapsed) <= FRESH
        })
    }

    /// Removes a booking that was loaded ahead, with the time of its response, if it is recent.
    pub fn take(&mut self, reference: &Untrusted, now: u64) -> Option<(Box<Conciliation>, Now)> {
        let (_, booking, at) = self.loaded.remove(self.place(reference, now)?)?;
        self.used += 1;
        Some((booking, at))
    }
}
