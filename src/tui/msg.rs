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

/// An event, in the order in which the loop takes them.
#[derive(Debug)]
pub enum Msg {
    Key(KeyEvent),
    /// The mouse did something; only where the user has given it to valora.
    Mouse(MouseEvent),
    /// A text was pasted, as it came.
    Paste(String),
    Resized(u16, u16),
    Answered(Ticket, Result<Response, Failure>),
    /// The rows of a list were arranged, or it broke.
    Arranged(usize, Option<Box<Arrangement>>),
    Saved(PathBuf, Result<(), String>),
    Network(NetState),
    /// Why the profile of this name cannot be shown, in words.
    SwitchFailed(String, String),
    /// Something that the user should know, in words.
    Notice(String),
    /// The program was stopped and continues.
    Continued,
    /// What the file of verdicts holds, and the number with which it was asked for.
    DecisionsReloaded(u64, Box<Memory>),
    /// Another session had decided about penalties that this one has just decided about.
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
