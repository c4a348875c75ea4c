//! The evidence for and against a penalty: which bookings are known, and when one is requested.

pub mod lines;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::conciliation::Conciliation;
use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::net::request::Request;
use crate::net::response::{Answer, wrong_answer};
use crate::triage::queue::entry;
use crate::tui::booking_ahead;
use crate::tui::component::detail::Line;
use crate::tui::cx::Cx;
use crate::tui::effect::Priority;
use crate::tui::msg::{Now, Waiter};
use crate::tui::references::NO_SUCH_PREFIX;
use crate::tui::screen::triage::state::TriageScreen;

pub use lines::{Case, LABEL};

/// Milliseconds that the cursor rests on a row before its booking is requested.
const REST: u64 = booking_ahead::REST;
const REMEMBERED: usize = 200;

/// By the reference as received; of several customers, also by the customer.
#[derive(Debug)]
pub struct Evidence<K = String> {
    pub known: HashMap<K, Known>,
    /// Bookings loaded before this are not shown, in milliseconds since the start.
    pub since: u64,
    /// The booking to request, and when, in milliseconds since the start.
    pub due: Option<(K, u64)>,
}

impl<K> Default for Evidence<K> {
    fn default() -> Self {
        Self { known: HashMap::new(), since: 0, due: None }
    }
}

/// The report of a booking, or why it could not be loaded.
pub type Known = Result<Arc<BookingReport>, String>;

/// What is known about a booking that was loaded.
pub fn known(booking: &Result<Box<Conciliation>, Failure>, today: NaiveDate) -> Known {
    let sources = Sources::default();
    let report = |booking: &Box<Conciliation>| BookingReport::of(booking, &sources, today);
    let known = booking.as_ref().map(|booking| Arc::new(report(booking)));
    known.map_err(|failure| failure.why.clone())
}

impl<K: Eq + Hash> Evidence<K> {
    /// Forgets bookings that were loaded before the current rows.
    pub fn forget_before(&mut self, fetched: Option<Now>) {
        if let Some(fetched) = fetched.filter(|fetched| fetched.elapsed > self.since) {
            self.known.clear();
            self.since = fetched.elapsed;
        }
    }

    pub fn remember(&mut self, booking: K, known: Known) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.due.take_if(|(due, _)| *due == booking);
        self.known.insert(booking, known);
    }

    /// Returns `true` once the cursor has rested on the row of this booking long enough.
    pub fn has_rested(&mut self, booking: K, elapsed: u64) -> bool {
        match &self.due {
            Some((due, at)) if *due == booking && *at <= elapsed => {
                self.due = None;
                return true;
            }
            Some((due, _)) if *due == booking => {}
            _ => self.due = Some((booking, elapsed + REST)),
        }
        false
    }

    /// When the booking is requested, in milliseconds since the start.
    pub fn wake_at(&self, cx: &Cx) -> Option<u64> {
        self.due.as_ref().map(|(_, at)| (*at).max(cx.now.elapsed + 1))
    }
}

impl TriageScreen {
    /// Requests the booking once the cursor has rested on its row long enough.
    pub fn rest(&mut self, cx: &mut Cx) {
        let Some(reference) = self.missing_booking(cx) else {
            self.evidence.due = None;
            return;
        };
        let raw = reference.expose_raw().to_owned();
        if let Some(seen) = self.seen(&reference, cx) {
            return self.evidence.remember(raw, Ok(seen));
        }
        if cx.is_no_booking(&reference) {
            return self.evidence.remember(raw, Err(NO_SUCH_PREFIX.to_owned()));
        }
        let (request, here) = (Request::Booking(raw.clone()), Waiter::Screen(cx.here));
        if cx.pending(|waiter| waiter == here).any(|(_, pending)| *pending == request) {
            return;
        }
        // The request for the previous row is not needed any more.
        cx.cancel_of(cx.here);
        if self.evidence.has_rested(raw, cx.now.elapsed) {
            cx.ask(Priority::Background, request);
        }
    }

    /// The booking that the pane needs.
    fn missing_booking(&self, cx: &Cx) -> Option<Untrusted> {
        let record = cx.list().table.selected().filter(|_| self.detail.is_open)?;
        let reference = record.booking()?;
        let is_known = self.evidence.known.contains_key(reference.expose_raw());
        (!is_known).then(|| reference.clone())
    }

    /// A booking that was opened in this session needs no request.
    fn seen(&self, reference: &Untrusted, cx: &Cx) -> Option<Arc<BookingReport>> {
        let content = cx.history.kept(reference)?.content.as_ref()?;
        let is_fresh =
            content.fetched.elapsed >= self.evidence.since && !content.report.verdict.is_loading;
        is_fresh.then(|| Arc::clone(&content.report))
    }

    pub fn accept_evidence(&mut self, request: Request, answer: Answer, cx: &mut Cx) {
        let Request::Booking(reference) = request else { return };
        let booking = answer.and_then(|it| it.try_as_booking().ok_or_else(wrong_answer));
        let known = known(&booking, cx.now.local.date());
        if let Ok(booking) = booking {
            cx.booking_ahead.keep(Untrusted::new(&reference), booking, cx.now);
        }
        self.evidence.remember(reference, known);
    }

    pub fn evidence_lines(&self, cx: &Cx, width: u16) -> Vec<Line> {
        let Some(record) = cx.list().table.selected() else { return Vec::new() };
        let today = cx.now.local.date();
        let booking = record.booking().map(Untrusted::expose_raw);
        let case = Case {
            record,
            entry: entry(record, &cx.kept.memory),
            known: booking.and_then(|booking| self.evidence.known.get(booking)),
            day: self.day(today),
            today,
            keymap: &cx.looks.keymap,
        };
        case.lines(width, |pane| pane.owner(cx.owners_of(record)))
    }
}
