//! What the header shows of the network, so that only changes of it are reported.

use crate::net::response::NetState;

/// Milliseconds from which a stop by the budget is worth showing; a shorter one is over before it
/// is read.
const WORTH_SHOWING: u64 = 1_000;

/// The step in which the requests that are left are reported while there are many.
const TENS: u32 = 10;

/// A stop that is over before it is read is not reported. While more than half of the requests
/// are left they are reported in tens, rounded down: a refresh that finds nothing new then changes
/// nothing on the screen.
pub fn worth_showing(network: NetState) -> NetState {
    let closed_for = network.closed_for.filter(|wait| *wait >= WORTH_SHOWING);
    let left = network.remaining;
    let is_plenty = left < network.limit && left > network.limit / 2 + TENS;
    let remaining = if is_plenty { left / TENS * TENS } else { left };
    NetState { remaining, closed_for, ..network }
}

/// What the footer shows of the network, with times that do not change by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub limit: u32,
    pub remaining: u32,
    pub closed_until: Option<u64>,
    pub offline_until: Option<u64>,
}

impl Shown {
    pub fn of(network: NetState, now: u64) -> Self {
        Self {
            limit: network.limit,
            remaining: network.remaining,
            closed_until: network.closed_for.map(|wait| now + wait),
            // A probe that may leave at once stays so, however long nobody asks for anything.
            offline_until: network.offline_for.map(|wait| if wait == 0 { 0 } else { now + wait }),
        }
    }
}
