//! What the app asks the world to do. The worker carries it out and answers with a message.

use crate::query::Request;

/// The number of one request; an answer is accepted only where its ticket is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Which request leaves first when the budget is short; the smaller goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// What the user looks at and waits for.
    Visible,
    /// The next page of it.
    Next,
    /// Anything else, such as the counts of the other tabs.
    Background,
}

/// Something to do outside of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a request; its answer comes as `Msg::Answered` with the same ticket.
    Fetch(Ticket, Priority, Request),
    /// The answer is no longer wanted; none may come.
    Cancel(Ticket),
    /// Draw the whole screen anew.
    Redraw,
    /// End the program.
    Quit,
}
