//! What a screen or a command asks of the network, and what the network reports.

use crate::domain::failure::Failure;
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::{NetState, Response};
use crate::net::transport::BuildError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetCommand {
    /// Send a request; its response is reported under this ticket, exactly once.
    Send(Ticket, Priority, Request),
    /// The user waits by now for what was requested ahead.
    Promote(Ticket),
    /// Nobody waits for the response any more; none is reported.
    Cancel(Ticket),
    /// The user asks in spite of a refused credential: it is tried once more.
    RetryCredential,
}

#[derive(Debug)]
pub enum NetEvent {
    Response(Ticket, Result<Response, Failure>),
    State(NetState),
    /// No client could be set up, so that nothing will be sent.
    Unusable(BuildError),
}
