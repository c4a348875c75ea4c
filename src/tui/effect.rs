//! What the app asks the world to do. The worker carries it out and answers with a message.

use std::path::PathBuf;

use crate::net::request::Request;
use crate::state::persisted::Change;
use crate::tui::component::table::Job;
use crate::tui::component::table::extract::Extract;

pub use crate::net::request::Priority;
pub use crate::net::request::Ticket;

/// Something to do outside of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a request; its answer comes as `Msg::Answered` with the same ticket.
    Fetch(Ticket, Priority, Request),
    /// What was fetched ahead is waited for now.
    Hurry(Ticket),
    /// The answer is no longer wanted; none may come.
    Cancel(Ticket),
    /// The user asks in spite of a refused credential: it is tried once more.
    TryAgain,
    /// Keep something on disk; a failure comes as `Msg::Told`.
    Keep(Change),
    /// Give a text to the terminal's clipboard.
    Copy(String),
    /// Open a link in the browser, where there is one; how it went comes as `Msg::Told`.
    Open(String),
    /// Write a text to a file that does not exist yet; `Msg::Saved` says how it went.
    Save(PathBuf, String),
    /// Write rows to a file that does not exist yet; `Msg::Saved` says how it went.
    SaveRows(PathBuf, Box<Extract>),
    /// Show the customer of this profile instead; a failure comes as `Msg::SwitchFailed`.
    Switch(String),
    /// Give the terminal back and stop, as ctrl-z does everywhere; then go on.
    Suspend,
    /// Take the terminal again: the program was stopped.
    Retake,
    /// Arrange the rows of a list beside the screen; `Msg::Arranged` brings what came of it.
    Arrange(usize, Box<Job>),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    Redraw,
    Quit,
}
