//! The servers' responses as plain data: a page of a list, a booking, limits, the budget.

use crate::conciliation::Conciliation;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::text::Untrusted;
use crate::list::record::Record;
use crate::net::request::Ticket;
use crate::net::transport::BuildError;
use crate::payments::response::Response as PaymentsResponse;

#[derive(Debug, Clone, strum::EnumTryAs)]
pub enum Response {
    Page(Page),
    Booking(Box<Conciliation>),
    Limits(Limits),
    Connection(Connection),
    Payments(Box<PaymentsResponse>),
}

pub type Answer = Result<Response, Failure>;

#[derive(Debug)]
pub enum NetEvent {
    Response(Ticket, Result<Response, Failure>),
    State(NetState),
    Unusable(BuildError),
}

pub fn wrong_answer() -> Failure {
    let why = "it belongs to another request";
    Failure::new(Kind::Internal, "The response was ignored", why, Advice::Retry)
}

#[derive(Debug, Clone)]
pub struct Page {
    pub rows: Vec<Record>,
    pub total: Option<u64>,
    pub current: u32,
    pub last: Option<u32>,
    pub per_page: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    pub message: Untrusted,
    /// The accepted parameters, each with the server's hint, in its order.
    pub accepted: Vec<(Untrusted, Untrusted)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    pub plan: Option<Untrusted>,
    pub windows: Vec<Window>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// `minute`, `hour`, `day`, `week` or `month`.
    pub name: Untrusted,
    pub limit: u32,
    pub remaining: u32,
    pub resets_in_seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NetState {
    /// Requests that can be sent now.
    pub ready: u32,
    /// Requests left, and for how many milliseconds that counts; `None` if the server did not report
    /// it.
    pub left: Option<(u32, u64)>,
    /// Milliseconds until requests resume, if the server's limit or the budget stops them.
    pub limited_for: Option<u64>,
    /// Milliseconds until the next probe, if the server cannot be reached.
    pub offline_for: Option<u64>,
}
