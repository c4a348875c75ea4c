//! What can happen to the app.

use std::path::PathBuf;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::domain::failure::Failure;
use crate::net::response::{NetState, Response};
use crate::state::writer::StateEvent;
use crate::triage::memory::{Collision, Memory};
use crate::tui::component::table::Arrangement;
use crate::tui::effect::Ticket;

pub use crate::clock::Now;

/// Names a screen for as long as it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScreenId(pub u64);

/// Who waits for the answer to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiter {
    /// The rows of the list at this tab.
    Rows(usize),
    /// One of all pages of the list at this tab.
    AllPages(usize),
    Count(usize),
    Screen(ScreenId),
    /// The answer only says whether the server is back.
    Probe,
}

#[derive(Debug)]
pub enum Msg {
    Key(KeyEvent),
    /// Only where the mouse is turned on.
    Mouse(MouseEvent),
    Paste(String),
    Resized(u16, u16),
    Answered(Ticket, Result<Response, Failure>),
    /// `None` after a panic.
    Arranged(usize, Option<Box<Arrangement>>),
    Saved(PathBuf, Result<(), String>),
    Network(NetState),
    /// Why the profile of this name cannot be shown, in words.
    SwitchFailed(String, String),
    Notice(String),
    Continued,
    /// The decisions in the file, and the number of the request for them.
    DecisionsReloaded(u64, Box<Memory>),
    Collided(Vec<Collision>),
    /// The time of [`wake_at`](super::update::wake_at).
    Woken,
    /// The terminal is gone or the program was told to end.
    Ended,
}

impl From<StateEvent> for Msg {
    fn from(event: StateEvent) -> Self {
        match event {
            StateEvent::Notice(text) => Self::Notice(text),
            StateEvent::Reloaded(number, memory) => Self::DecisionsReloaded(number, memory),
            StateEvent::Collided(collisions) => Self::Collided(collisions),
        }
    }
}
