//! What the app asks the world to do. The worker carries it out and answers with a message.

use std::path::PathBuf;

use crate::state::persisted::Change;
use crate::tui::component::table::Job;
use crate::tui::component::table::extract::Extract;

pub use crate::net::request::{NetCommand, Priority, Ticket};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Its response comes as `Msg::Answered`.
    Network(NetCommand),
    /// Keep something on disk; a failure comes as `Msg::Notice`.
    Keep(Change),
    Copy(String),
    /// Open a link in the browser, where there is one; how it went comes as `Msg::Notice`.
    Open(String),
    /// Write a text, or rows, to a file that does not exist yet; `Msg::Saved` says how it went.
    Save(PathBuf, String),
    SaveRows(PathBuf, Box<Extract>),
    /// Show the customer of this profile instead; a failure comes as `Msg::SwitchFailed`.
    Switch(String),
    /// Restore the terminal and stop, as ctrl-z does; then continue.
    Suspend,
    /// Enter the terminal again after a stop.
    Retake,
    /// Arrange the rows of a list in the background; `Msg::Arranged` has the result.
    Arrange(usize, Box<Job>),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    Redraw,
    Quit,
}
