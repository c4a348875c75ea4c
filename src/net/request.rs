//! What can be requested of the servers: a page of a list, a booking, the limits, the Payments APIs.

use crate::filter::ListQuery;
use crate::list::Host;
use crate::payments::request::PaymentsRequest;

pub const BOOKING_PATH: &str = "conciliation/booking";
/// The path of the limits, below `/api/v1` and so outside of the base URL.
pub const LIMITS_PATH: &str = "tokens/limits";

/// The number of one request; an answer is accepted only where its ticket is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    Visible,
    Next,
    Background,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetCommand {
    /// Send a request; its response is reported under this ticket, exactly once.
    Send(Ticket, Priority, Request),
    Promote(Ticket),
    /// The response is no longer wanted; none is reported.
    Cancel(Ticket),
    /// Tries a refused credential once more, because the user asked.
    RetryCredential,
}

/// One request. All are `GET` but the check of a tax number, which changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    List(ListQuery),
    Booking(String),
    Limits,
    /// The connection test of the list or booking endpoint at this path: it has no filters.
    Connection(&'static str),
    Payments(PaymentsRequest),
}

impl Request {
    pub fn endpoint(&self) -> &'static str {
        match self {
            Self::List(query) => query.spec.path,
            Self::Booking(_) => BOOKING_PATH,
            Self::Limits => LIMITS_PATH,
            Self::Connection(path) => path,
            Self::Payments(ask) => ask.endpoint(),
        }
    }

    pub fn method(&self) -> &'static str {
        match self {
            Self::Payments(PaymentsRequest::Tin(_)) => "POST",
            _ => "GET",
        }
    }

    pub fn host(&self) -> Host {
        match self {
            Self::List(query) => query.spec.host,
            Self::Payments(ask) => ask.host(),
            _ => Host::Customer,
        }
    }
}
