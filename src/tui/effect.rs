//! What the screens ask of the network, the disk, the terminal and other programs.

use std::path::PathBuf;

use crate::state::persisted::Change;
use crate::tui::component::table::SortJob;
use crate::tui::component::table::extract::Extract;
use crate::tui::msg::Written;

pub use crate::net::request::{NetCommand, Priority, Ticket};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Its response comes as `Msg::Answered`.
    Network(NetCommand),
    /// A failure comes as `Msg::Notice`.
    Keep(Change),
    Copy(String),
    /// How it went comes as `Msg::Notice`.
    Open(String),
    /// To a file that does not exist yet; `Msg::Saved` says how it went.
    Save(PathBuf, String, Written),
    /// With how many rows these are, and of how many.
    SaveRows(PathBuf, Box<Extract>, Written),
    /// A failure comes as `Msg::SwitchFailed`.
    Switch(String),
    /// Restore the terminal and stop, as ctrl-z does; then continue.
    Suspend,
    Retake,
    /// Arrange the rows of a list in the background; `Msg::Arranged` has the result.
    Arrange(usize, Box<SortJob>),
    Mouse(bool),
    Redraw,
    Quit,
    /// The terminal is gone: the program fails.
    HangUp,
}
