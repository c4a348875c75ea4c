//! When an unreachable server is retried without a key press. The header shows this same moment.

/// Milliseconds without a key press after which the screen counts as unattended.
pub const UNATTENDED: u64 = 15 * 60_000;

/// Milliseconds until another try if the network reported nothing about the last one.
const SILENCE: u64 = 60_000;

/// The next try. Times are milliseconds since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Probe {
    at: Option<u64>,
}

impl Probe {
    /// `offline_for` is the milliseconds until a try may be sent; `None` if the server is
    /// reachable.
    pub fn hear(&mut self, offline_for: Option<u64>, now: u64) {
        self.at = match offline_for {
            None => None,
            // One is in flight; its result will be shown.
            Some(0) => self.at.or(Some(now + SILENCE)),
            // Both clocks count whole milliseconds: never try too early.
            Some(wait) => Some(now + wait + 1),
        };
    }

    pub fn begin(&mut self, now: u64) {
        self.at = Some(now + SILENCE);
    }

    /// When the next try is sent; `None` if there is none, or if the screen is unattended: then it
    /// waits for a key.
    pub fn at(&self, last_key: u64) -> Option<u64> {
        self.at.filter(|at| *at < last_key + UNATTENDED)
    }
}
