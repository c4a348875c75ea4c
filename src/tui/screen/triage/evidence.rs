//! What speaks for and against a penalty: its dates, its amounts, its booking, what else is open there.

pub mod lines;

use std::collections::HashMap;
use std::sync::Arc;

use crate::conciliation::report::{BookingReport, Sources};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;
use crate::net::request::Request;
use crate::net::response::{Response, wrong_answer};
use crate::tui::cx::Cx;
use crate::tui::effect::{Priority, Ticket};
use crate::tui::screen::triage::state::TriageScreen;

pub use lines::{LABEL, lines};

/// Milliseconds that the cursor rests on a row before its booking is asked for.
const REST: u64 = 300;
const REMEMBERED: usize = 200;

#[derive(Debug, Default)]
pub struct Evidence {
    /// By the reference as it came.
    pub known: HashMap<String, Known>,
    pub awaited: Option<(Ticket, String)>,
    /// Nothing older is shown after a refresh, in milliseconds since the start.
    pub since: u64,
    /// The booking that is to be fetched, and when, in milliseconds since the start.
    pub due: Option<(String, u64)>,
}

#[derive(Debug)]
pub enum Known {
    Came(Arc<BookingReport>),
    Failed(String),
}

impl TriageScreen {
    /// Looks whether the cursor rests; asks for the booking once it has rested long enough.
    pub fn rest(&mut self, cx: &mut Cx) {
        let Some(reference) = self.wanted(cx) else {
            self.evidence.due = None;
            return;
        };
        let raw = reference.expose_raw().to_owned();
        if let Some(seen) = self.seen(&reference, cx) {
            return self.remember(raw, Known::Came(seen));
        }
        if self.evidence.awaited.as_ref().is_some_and(|(_, awaited)| *awaited == raw) {
            return;
        }
        // What was asked for on the row before has not come: nobody looks at it any more.
        cx.cancel_all(self.evidence.awaited.take().map(|(ticket, _)| ticket));
        let elapsed = cx.now.elapsed;
        match &self.evidence.due {
            Some((due, at)) if *due == raw && *at <= elapsed => {
                self.evidence.due = None;
                let ticket = cx.ask(Priority::Background, Request::Booking(raw.clone()));
                self.evidence.awaited = Some((ticket, raw));
            }
            Some((due, _)) if *due == raw => {}
            _ => self.evidence.due = Some((raw, elapsed + REST)),
        }
    }

    /// The booking that the pane wants and does not have.
    fn wanted(&self, cx: &Cx) -> Option<Untrusted> {
        let record = cx.list().table.selected().filter(|_| self.detail.is_open)?;
        let reference = record.booking()?;
        let is_known = self.evidence.known.contains_key(reference.expose_raw());
        (!is_known).then(|| reference.clone())
    }

    /// A booking that was opened in this session needs no request.
    fn seen(&self, reference: &Untrusted, cx: &Cx) -> Option<Arc<BookingReport>> {
        let content = cx.history.kept(reference)?.content.as_ref()?;
        let is_fresh = content.fetched.elapsed >= self.evidence.since;
        is_fresh.then(|| Arc::clone(&content.report))
    }

    fn remember(&mut self, reference: String, known: Known) {
        if self.evidence.known.len() >= REMEMBERED {
            self.evidence.known.clear();
        }
        self.evidence.due = None;
        self.evidence.known.insert(reference, known);
    }

    /// Takes the answer about the booking beside the queue.
    pub fn accept_evidence(&mut self, ticket: Ticket, answer: &Result<Response, Failure>, cx: &Cx) {
        let awaited = self.evidence.awaited.take_if(|(awaited, _)| *awaited == ticket);
        let Some((_, reference)) = awaited else { return };
        let known = match answer {
            Ok(Response::Booking(came)) => {
                let today = cx.now.local.date();
                Known::Came(Arc::new(BookingReport::of(came, &Sources::default(), today)))
            }
            Ok(_) => Known::Failed(wrong_answer().why),
            Err(failure) => Known::Failed(failure.why.clone()),
        };
        self.remember(reference, known);
    }
}
