//! One request of the queue with everyone who waits for it.

use crate::net::error::ApiError;
use crate::net::request::{Priority, Request, Ticket};
use crate::net::retry;

/// The number of a request in the queue, which may be sent several times; the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub(super) u64);

/// A request, queued or under way. Times are milliseconds since the start.
#[derive(Debug)]
pub(super) struct QueuedRequest {
    pub(super) id: RequestId,
    pub(super) request: Request,
    /// The most urgent of those who wait.
    pub(super) priority: Priority,
    pub(super) tickets: Vec<Ticket>,
    pub(super) made: u32,
    /// When the next attempt may start.
    pub(super) not_before: u64,
    /// From when its time is counted: its first attempt, or the loss of the network.
    pub(super) since: Option<u64>,
    pub(super) last: Option<ApiError>,
    pub(super) is_in_flight: bool,
    /// Whether it is under way as the only one that may be.
    pub(super) is_probe: bool,
    /// Whether those who asked have left: it teaches what it can of the limit, and nothing else.
    pub(super) is_left: bool,
    pub(super) number: u64,
}

impl QueuedRequest {
    /// Whether whoever asks for this now may wait for it too.
    pub(super) fn is_for(&self, request: &Request) -> bool {
        !self.is_left && self.request == *request
    }

    pub(super) fn new(id: RequestId, request: Request, priority: Priority, ticket: Ticket) -> Self {
        Self {
            id,
            request,
            priority,
            tickets: vec![ticket],
            made: 0,
            not_before: 0,
            since: None,
            last: None,
            is_in_flight: false,
            is_probe: false,
            is_left: false,
            number: 0,
        }
    }

    pub(super) fn join(&mut self, ticket: Ticket, priority: Priority) {
        self.tickets.push(ticket);
        self.priority = self.priority.min(priority);
    }

    /// An attempt starts; returns the milliseconds that it may take.
    pub(super) fn leave(&mut self, number: u64, is_probe: bool, now: u64) -> u64 {
        self.number = number;
        self.is_probe = is_probe;
        self.is_in_flight = true;
        self.made += 1;
        let since = *self.since.get_or_insert(now);
        (since + retry::ACTION).saturating_sub(now)
    }

    pub(super) fn land(&mut self) {
        self.is_in_flight = false;
        self.is_probe = false;
    }

    pub(super) fn wait(&mut self, at: u64, last: ApiError) {
        self.not_before = at;
        self.last = Some(last);
    }

    /// When it may not wait any longer.
    pub(super) fn expires(&self) -> Option<u64> {
        self.since.map(|since| since + retry::ACTION)
    }

    pub(super) fn is_expired(&self, now: u64) -> bool {
        self.expires().is_some_and(|at| at <= now)
    }
}
