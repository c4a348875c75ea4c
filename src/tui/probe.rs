//! When a server that was out of reach is tried again without a key.
//!
//! The header promises the next try, so the one moment that is shown is the one that is kept.

/// Milliseconds without a key after which the screen counts as unattended.
pub const UNATTENDED: u64 = 15 * 60_000;

/// Milliseconds until another try where the network said nothing about the last one.
const SILENCE: u64 = 60_000;

/// The next try. Times are milliseconds since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Probe {
    at: Option<u64>,
}

impl Probe {
    /// Takes the milliseconds until a try may leave; `None` if the server is in reach.
    pub fn hear(&mut self, offline_for: Option<u64>, now: u64) {
        self.at = match offline_for {
            None => None,
            // One is under way; its result will be shown.
            Some(0) => self.at.or(Some(now + SILENCE)),
            // Both clocks count whole milliseconds: a try must never be the earlier one.
            Some(wait) => Some(now + wait + 1),
        };
    }

    pub fn begin(&mut self, now: u64) {
        self.at = Some(now + SILENCE);
    }

    /// When the next try leaves; `None` if there is none, or nobody has pressed a key for so long
    /// that none leaves before the next key.
    pub fn at(&self, last_key: u64) -> Option<u64> {
        self.at.filter(|at| *at < last_key + UNATTENDED)
    }
}
