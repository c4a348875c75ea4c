//! What the screens request of the network, the disk, the terminal and other programs.

use std::path::PathBuf;

use crate::hub::HubCommand;
use crate::state::persisted::Change;
use crate::tui::component::table::SortJob;
use crate::tui::component::table::extract::Extract;
use crate::tui::landing::Destination;
use crate::tui::msg::Written;
use crate::tui::writes::WriteCommand;

pub use crate::net::request::{NetCommand, Priority, Ticket};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The response arrives as `Msg::Answered`.
    Network(NetCommand),
    /// A failure is reported as `Msg::Notice`.
    Keep(Change),
    Copy(String),
    /// The outcome is reported as `Msg::Notice`.
    Open(String),
    /// To a file that does not exist yet; `Msg::Saved` reports the outcome.
    Save(PathBuf, Vec<u8>, Written),
    /// The same for rows of a list.
    SaveRows(PathBuf, Box<Extract>, Written),
    /// Show another customer, or all. A failure is reported as `Msg::SwitchFailed`.
    Go(Destination),
    /// The news arrive as `Msg::Hub`.
    Hub(HubCommand),
    /// The news arrive as `Msg::Writes`.
    Write(WriteCommand),
    /// Restore the terminal and stop the program, as ctrl-z does in a shell.
    Suspend,
    Retake,
    /// Sort and filter the rows of a list in the background; `Msg::Arranged` has the result.
    Arrange(usize, Box<SortJob>),
    Mouse(bool),
    Redraw,
    Quit,
    /// The terminal is gone: the program ends with an error.
    HangUp,
}
