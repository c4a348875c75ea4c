//! What a screen may say when something went wrong: what failed, why, and what to do.

use std::fmt;

/// Which sort of failure it is, where the screen acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The network or the server; trying again may help.
    Passing,
    /// The token is missing, revoked or of the wrong kind (401, 403).
    Access,
    /// The server does not know the thing that was asked for (404).
    Missing,
    /// The server refused what was asked (400, 422).
    Refused,
    /// The request budget of the customer is spent (429).
    Limited,
    /// The answer could not be read.
    Unreadable,
    Internal,
}

/// A failure in words. Texts from outside in it are sanitised by whoever builds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: Kind,
    /// What failed: `Penalties could not be loaded`.
    pub what: String,
    /// Why: `the server answered 503`.
    pub why: String,
    /// What to press or run: `press r to try again`.
    pub todo: String,
    /// Query parameters that the server refused (422), each with its text, in its order.
    pub fields: Vec<(String, String)>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, "; {}", self.todo) }
    }
}
