//! The messages that the event loop receives.

use std::path::PathBuf;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::domain::customer::CustomerKey;
use crate::domain::failure::Failure;
use crate::domain::normalize::capitalized;
use crate::hub::HubEvent;
use crate::journal::compare::Compared;
use crate::list::Spec;
use crate::net::response::{NetState, Response};
use crate::state::writer::StateEvent;
use crate::triage::memory::{Collision, Memory};
use crate::tui::component::table::Arrangement;
use crate::tui::effect::Ticket;
use crate::tui::writes::WriteNews;

pub use crate::clock::Now;

/// Identifies a screen while it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScreenId(pub u64);

impl ScreenId {
    /// The lists, which are always open.
    pub const LISTS: Self = Self(0);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiter {
    Rows(usize),
    AllPages(usize),
    Count(usize),
    Screen(ScreenId),
    /// The names of owners.
    Owners,
    /// The booking under the cursor, before it is opened.
    Ahead,
    /// Whether the payment of the menu of writes is blocked.
    BlockState,
    /// The rows of a list that a write may have changed.
    WrittenRows(usize),
    /// Only whether the server is reachable again.
    Probe,
}

impl Waiter {
    pub fn is_list(self, tab: usize) -> bool {
        matches!(self, Self::Rows(at) | Self::AllPages(at) | Self::Count(at) if at == tab)
    }
}

/// What was written to a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// `100 of 2,113 rows`; empty for a booking.
    pub rows: String,
    /// Which rows are missing, and why; empty if no row is known to be missing.
    pub missing: String,
    /// Which rows are hidden on the screen, and so not in the file; empty if there are none.
    pub left_out: String,
    /// The totals of these rows.
    pub figures: String,
    /// Rows that could not be read.
    pub unreadable: u64,
}

impl Written {
    /// What the file says about itself: which rows it lacks. Empty if it has all of them.
    pub fn part(&self) -> String {
        let is_all = !self.rows.contains(" of ") && !self.rows.contains('(');
        let of_rows = if is_all { "" } else { &self.rows };
        let said =
            [("", of_rows), ("incomplete: ", &self.missing), ("not included: ", &self.left_out)];
        let said = said.iter().filter(|(_, text)| !text.is_empty());
        let said: Vec<String> = said.map(|(before, text)| format!("{before}{text}")).collect();
        capitalized(&said.join("; "))
    }
}

#[derive(Debug)]
pub enum Msg {
    Key(KeyEvent),
    Mouse(MouseEvent),
    Paste(String),
    Resized(u16, u16),
    /// The terminal's answer to the query for its background color.
    Background {
        is_light: bool,
    },
    Answered(Ticket, Result<Response, Failure>),
    /// `None` after a panic.
    Arranged(usize, Option<Box<Arrangement>>),
    Saved(PathBuf, Result<Written, String>),
    Network(NetState),
    Hub(HubEvent),
    Writes(WriteNews),
    /// The name of the profile and why it cannot be shown.
    SwitchFailed(String, String),
    Notice(String),
    Continued,
    /// With the number of the request.
    DecisionsReloaded(CustomerKey, u64, Box<Memory>),
    Collided(CustomerKey, Vec<Collision>),
    /// How many rows of a list changed since the last saved day before today.
    Recorded(&'static Spec, usize),
    /// With the number of the request.
    Compared(u64, Result<Vec<Compared>, String>),
    Woken,
    /// The terminal is gone.
    HungUp,
}

impl From<StateEvent> for Msg {
    fn from(event: StateEvent) -> Self {
        match event {
            StateEvent::Notice(text) => Self::Notice(text),
            StateEvent::Reloaded(customer, number, memory) => {
                Self::DecisionsReloaded(customer, number, memory)
            }
            StateEvent::Collided(customer, collisions) => Self::Collided(customer, collisions),
            StateEvent::Recorded(spec, count) => Self::Recorded(spec, count),
            StateEvent::Compared(number, compared) => Self::Compared(number, compared),
        }
    }
}
