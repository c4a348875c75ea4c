//! The booking under the cursor, loaded before a key asks for it: after a short rest, one at a time,
//! and only while the budget has room. Opening it then waits for nothing.

use std::collections::VecDeque;

use super::cx::Cx;
use super::effect::Priority;
use super::msg::{Now, Waiter};
use crate::conciliation::Conciliation;
use crate::conciliation::row::is_same;
use crate::domain::text::Untrusted;
use crate::net::request::Request;
use crate::net::response::Answer;

/// Milliseconds that the cursor rests on a row before its booking is requested.
pub const REST: u64 = 150;
/// Milliseconds after which a booking that was loaded ahead is not shown any more.
const FRESH: u64 = 60_000;
/// Bookings that were loaded and not opened; the oldest are dropped.
const KEPT: usize = 8;
/// Bookings that may be loaded and not opened: this many, and one for every [`PART`] requests of the
/// session, so that an hour of use sends at most a tenth more.
const UNUSED: u64 = 3;
const PART: u64 = 15;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoadAhead {
    On,
    /// The default of a screen without settings; the program's default is [`Self::On`].
    #[default]
    Off,
}

#[derive(Debug, Default)]
pub struct BookingAhead {
    /// The booking under the cursor, and when it is requested, in milliseconds since the start;
    /// `None` if that is decided.
    resting: Option<(Untrusted, Option<u64>)>,
    loaded: VecDeque<(Untrusted, Box<Conciliation>, Now)>,
    sent: u64,
    used: u64,
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

    fn place(&self, reference: &Untrusted, now: u64) -> Option<usize> {
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

impl Cx {
    /// Called after each event, with the booking that a key would open now.
    pub fn rest_on_booking(&mut self, under_cursor: Option<Untrusted>) {
        let now = self.now.elapsed;
        let under_cursor = under_cursor.filter(|_| self.looks.load_ahead == LoadAhead::On);
        let before = self.booking_ahead.resting.as_ref().map(|(reference, _)| reference);
        if before != under_cursor.as_ref() {
            self.cancel_waiters(|waiter| waiter == Waiter::Ahead);
            let rest = |reference| (reference, Some(now + REST));
            self.booking_ahead.resting = under_cursor.map(rest);
        }
        let Some((reference, at)) = &mut self.booking_ahead.resting else { return };
        if at.take_if(|at| *at <= now).is_none() {
            return;
        }
        let reference = reference.clone();
        if self.is_worth_loading(&reference) {
            self.booking_ahead.sent += 1;
            let request = Request::Booking(reference.expose_raw().to_owned());
            self.send(Waiter::Ahead, Priority::Background, request);
        }
    }

    fn is_worth_loading(&self, reference: &Untrusted) -> bool {
        let BookingAhead { sent, used, .. } = self.booking_ahead;
        let is_there = self.history.kept(reference).is_some()
            || self.booking_ahead.place(reference, self.now.elapsed).is_some()
            || self.is_asked_for(reference)
            || self.is_no_booking(reference);
        let is_used = sent.saturating_sub(used) < UNUSED + self.requests_sent() / PART;
        !is_there && is_used && self.countdown().is_none() && self.has_half_of_the_budget()
    }

    pub fn keep_ahead(&mut self, request: Request, answer: Answer) {
        if let (Request::Booking(reference), Ok(answer)) = (request, answer)
            && let Some(booking) = answer.try_as_booking()
        {
            self.booking_ahead.keep(Untrusted::new(reference), booking, self.now);
        }
    }
}
