//! The circuit breaker: a 429 or an outage stops requests until a probe. Times are in ms since the
//! start.

use crate::net::error::Limited;

/// Seconds of the longest wait for an hour's window; after a longer one, requests do not resume by
/// themselves.
const LONGEST_WAIT: u64 = 15 * 60;
/// The maximum jitter in milliseconds, so that colleagues' programs do not resume at once.
const JITTER: u64 = 1_000;
/// Network failures in a row after which the server counts as unreachable.
const FAILURES: u32 = 5;
/// Milliseconds before each probe; the last one repeats.
const PAUSES: [u64; 5] = [5_000, 10_000, 20_000, 40_000, 60_000];

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum RateWindow {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Other,
}

impl RateWindow {
    pub fn named(name: &str) -> Self {
        name.parse().unwrap_or(Self::Other)
    }

    pub fn per(self) -> &'static str {
        match self {
            Self::Minute => " per minute",
            Self::Hour => " per hour",
            Self::Day => " per day",
            Self::Week => " per week",
            Self::Month => " per month",
            Self::Other => "",
        }
    }

    pub fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 7 * 86_400,
            Self::Month | Self::Other => 31 * 86_400,
        }
    }

    /// Waits for a minute's window, for an hour's only if it ends soon, and for no longer one.
    pub fn full_until(self, until: u64, now: u64) -> Admission {
        let is_soon = until.saturating_sub(now) <= LONGEST_WAIT * 1_000 + JITTER;
        match self {
            Self::Minute => Admission::Until(until),
            Self::Hour | Self::Other if is_soon => Admission::Until(until),
            _ => Admission::Exhausted(self, until),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Free,
    /// One request, and no other until it has ended.
    Probe,
    Busy,
    Until(u64),
    /// No request until this time, which is too far away to wait for.
    Exhausted(RateWindow, u64),
}

impl Admission {
    pub fn until(self) -> Option<u64> {
        match self {
            Self::Until(at) | Self::Exhausted(_, at) => Some(at),
            Self::Free | Self::Probe | Self::Busy => None,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct CircuitBreaker {
    limit: Option<Admission>,
    outage: Option<Outage>,
    failures: u32,
    /// Also cleared if the probe is cancelled or inconclusive: another one may be sent.
    pub is_probing: bool,
}

#[derive(Debug, Clone, Copy)]
struct Outage {
    pause: usize,
    until: u64,
    is_promoted: bool,
}

impl CircuitBreaker {
    pub fn limit(&self, now: u64) -> Admission {
        match self.limit {
            None => Admission::Free,
            Some(limit) if limit.until().is_some_and(|until| now < until) => limit,
            Some(_) => self.probe(),
        }
    }

    pub fn outage(&self, now: u64) -> Admission {
        match self.outage {
            None => Admission::Free,
            Some(outage) if now < outage.until => Admission::Until(outage.until),
            Some(_) => self.probe(),
        }
    }

    fn probe(&self) -> Admission {
        if self.is_probing { Admission::Busy } else { Admission::Probe }
    }

    pub fn is_offline(&self) -> bool {
        self.outage.is_some()
    }

    pub fn offline_for(&self, now: u64) -> Option<u64> {
        self.outage.map(|outage| outage.until.saturating_sub(now))
    }

    pub fn limited(&mut self, said: &Limited, now: u64, random: u64) {
        self.answered();
        self.is_probing = false;
        let wait = said.seconds_to_wait() * 1_000 + random % (JITTER + 1);
        let until = now.saturating_add(wait);
        if self.limit.and_then(Admission::until).is_none_or(|before| before <= until) {
            self.limit = Some(said.window.unwrap_or(RateWindow::Other).full_until(until, now));
        }
    }

    pub fn failed(&mut self, now: u64) {
        self.failures = self.failures.saturating_add(1);
        // Requests that were in flight when the outage began prove nothing new.
        if self.outage.is_none() && self.failures >= FAILURES {
            self.lose(0, now);
        }
    }

    pub fn probe_failed(&mut self, now: u64) {
        self.is_probing = false;
        match self.outage {
            None => self.failed(now),
            // A probe that the user promoted does not lengthen the wait.
            Some(outage) if outage.is_promoted => self.lose(outage.pause, now),
            Some(outage) => self.lose((outage.pause + 1).min(PAUSES.len() - 1), now),
        }
    }

    fn lose(&mut self, pause: usize, now: u64) {
        let until = now + PAUSES.get(pause).copied().unwrap_or_default();
        self.outage = Some(Outage { pause, until, is_promoted: false });
    }

    pub fn answered(&mut self) {
        (self.outage, self.failures) = (None, 0);
        self.is_probing &= self.limit.is_some();
    }

    /// The server answered the probe with anything but a 429.
    pub fn probe_answered(&mut self) {
        // Another request may have been answered with a 429 since.
        if self.is_probing {
            self.limit = None;
        }
        self.is_probing = false;
        self.answered();
    }

    /// Sends the next probe of an outage at once, because the user made a request.
    pub fn promote_probe(&mut self, now: u64) {
        if let Some(outage) = &mut self.outage {
            outage.is_promoted |= outage.until > now;
            outage.until = outage.until.min(now);
        }
    }
}

#[cfg(test)]
mod tests;
