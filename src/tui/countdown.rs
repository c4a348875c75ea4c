//! How long the network waits, and the requests left on the server.

use crate::tui::cx::Cx;

/// Milliseconds after the last key during which times on the screen are kept current.
pub const ATTENTION: u64 = 10 * 60_000;
/// Below this number, the header shows the requests left.
const FEW_REQUESTS: u32 = 20;

/// Why the network waits, and how long, in milliseconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countdown {
    /// The next try; `None` until a key asks for one.
    Offline(Option<u64>),
    /// The server's rate limit is reached, or valora's own budget is spent.
    Closed(u64),
}

impl Cx {
    /// Returns `true` if someone was at the keyboard recently, so that times are worth a redraw.
    pub fn is_watched(&self) -> bool {
        self.now.elapsed.saturating_sub(self.last_key) < ATTENTION
    }

    pub fn countdown(&self) -> Option<Countdown> {
        let (network, reported) = &self.network;
        let left = |at: u64| Some(at.saturating_sub(self.now.elapsed)).filter(|left| *left > 0);
        match (network.offline_for, network.limited_for) {
            (Some(_), _) => Some(Countdown::Offline(self.probe.at(self.last_key).and_then(left))),
            (None, Some(wait)) => left(reported.elapsed + wait).map(Countdown::Closed),
            (None, None) => None,
        }
    }

    /// The requests left on the server, if that matters: few are left, or a request waits.
    pub fn requests_left(&self) -> Option<u32> {
        let waits = matches!(self.countdown(), Some(Countdown::Closed(_)));
        let left = self.left_at_server().filter(|left| *left < FEW_REQUESTS || waits);
        // At zero, the countdown is enough.
        left.filter(|left| *left > 0 || !waits)
    }

    /// When [`Self::requests_left`] is too old to be shown.
    pub fn requests_left_until(&self) -> Option<u64> {
        let (network, reported) = &self.network;
        self.requests_left().and(network.left).map(|(_, counts_for)| reported.elapsed + counts_for)
    }

    /// The requests left on the server, as long as its figure is valid.
    pub fn left_at_server(&self) -> Option<u32> {
        let (network, reported) = &self.network;
        let said =
            network.left.filter(|(_, counts_for)| self.now.elapsed < reported.elapsed + counts_for);
        said.map(|(requests, _)| requests)
    }
}
