//! The requests to the servers: a page of a list, a booking, the limits, the Payments APIs.

use crate::filter::ListQuery;
use crate::list::Host;
use crate::payments::request::PaymentsRequest;

pub const BOOKING_PATH: &str = "conciliation/booking";
/// The path of the limits, below `/api/v1` and therefore outside the base URL.
pub const LIMITS_PATH: &str = "tokens/limits";

/// The number of a request; an answer is used only by the code that waits for its ticket.
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
    /// Sends a request. Its response is reported exactly once, with this ticket.
    Send(Ticket, Priority, Request),
    Promote(Ticket),
    /// Drops a request. No response is reported.
    Cancel(Ticket),
    /// Retries a rejected credential, because the user asked for it.
    RetryCredential,
}

/// All are `GET`, except the check of a tax number, a `POST` that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    List(ListQuery),
    Booking(String),
    Limits,
    /// The connection test of the list or booking endpoint at this path, without filters.
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

    /// Returns `true` if a failure is not retried: the server may have carried out the request.
    pub fn is_sent_once(&self) -> bool {
        self.method() != "GET"
    }

    pub fn host(&self) -> Host {
        match self {
            Self::List(query) => query.spec.host,
            Self::Payments(ask) => ask.host(),
            _ => Host::Customer,
        }
    }
}
