//! The refresh that comes by itself: off unless asked for, never often, never for an empty chair.

use crate::domain::failure::Kind;
use crate::tui::probe::UNATTENDED;
use crate::tui::screen::list::state::List;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auto {
    /// Seconds between two refreshes, at least 60.
    pub every: u32,
    /// When the newest one began, in milliseconds since the start.
    last: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Now,
    /// Something is to be done at this time, in milliseconds since the start.
    At(u64),
    /// It ends, since nobody has pressed a key for long.
    Unattended,
    /// It ends, since the server refuses it.
    Refused,
}

impl List {
    /// Refreshes itself from now on every so many seconds, or no longer.
    pub fn set_auto(&mut self, every: Option<u32>, now: u64) {
        self.auto = every.map(|every| Auto { every, last: now });
    }

    /// What is to be done at `now`, where the newest key was pressed at `last_key`.
    pub fn due(&self, last_key: u64, now: u64) -> Option<Due> {
        let auto = self.auto?;
        let ends = last_key.saturating_add(UNATTENDED);
        if now >= ends {
            return Some(Due::Unattended);
        }
        if self.load.is_some() || self.all.is_some() {
            return Some(Due::At(ends));
        }
        // A refusal would be the same again; a server that is out of reach comes back.
        let refused = |kind| matches!(kind, Kind::Access | Kind::Refused | Kind::Missing);
        if self.failure.as_ref().is_some_and(|failure| refused(failure.kind)) {
            return Some(Due::Refused);
        }
        let newest = self.fetched.map_or(0, |fetched| fetched.elapsed).max(auto.last);
        let next = newest.saturating_add(u64::from(auto.every) * 1_000);
        Some(if now >= next { Due::Now } else { Due::At(next.min(ends)) })
    }

    pub fn begin_auto(&mut self, now: u64) {
        if let Some(auto) = &mut self.auto {
            auto.last = now;
        }
    }
}
