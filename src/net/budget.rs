//! How many requests may be sent: a burst, then a steady pace, within the plan's windows. Times are
//! in ms since the start.

use std::collections::VecDeque;

use crate::list::Host;
use crate::net::breaker::{Admission, RateWindow};
use crate::net::error::Limited;
use crate::net::request::Priority;
use crate::net::response::Limits;
use crate::net::transport::Remaining;

/// Requests a minute that the contract grants a customer (contract, "Limits").
const CONTRACT: u32 = 120;
const BURST: u32 = 20;
/// Requests added per minute; with the burst, this leaves a sixth of the limit to colleagues.
const PACE: u32 = 80;
const MINUTE: u64 = 60_000;
/// Milliseconds between two requests once the burst is spent.
pub const PAUSE: u64 = MINUTE / PACE as u64;
/// Parts of a request in the bucket, to avoid fractions: at one request a minute, 1 part is 1 ms.
const PARTS: u64 = MINUTE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Metered,
    /// Not limited: for a server without a documented limit.
    Free,
}

impl Pace {
    /// The limits are documented for the customer API alone.
    pub fn of(self, host: Host) -> Self {
        if host == Host::Customer { self } else { Self::Free }
    }
}

#[derive(Debug)]
pub struct Budget {
    pace: Pace,
    /// Requests a minute by the contract, or by the plan if it grants fewer.
    granted: u32,
    parts: u64,
    filled_at: u64,
    /// The number of requests sent so far, which is the number of the last one.
    sent: u64,
    recent: VecDeque<u64>,
    /// The newest request whose response reported the requests left.
    newest_response: u64,
    windows: Vec<Window>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    kind: RateWindow,
    limit: u32,
    remaining: u32,
    until: u64,
    /// The server reported its end. Otherwise it lasts a minute after the last report.
    is_end_known: bool,
    /// The server reported the requests left, and neither a 429 nor a new window followed.
    is_current: bool,
}

impl Budget {
    pub fn new(pace: Pace) -> Self {
        let (parts, recent) = (u64::from(BURST) * PARTS, VecDeque::new());
        let windows = Vec::new();
        Self {
            pace,
            granted: CONTRACT,
            parts,
            filled_at: 0,
            sent: 0,
            recent,
            newest_response: 0,
            windows,
        }
    }

    /// Requests a minute: the server's current limit if it is lower than the granted one.
    pub fn limit(&self) -> u32 {
        self.minute().map_or(self.granted, |minute| minute.limit.min(self.granted))
    }

    pub fn admission(&mut self, priority: Priority, now: u64) -> Admission {
        if self.pace == Pace::Free {
            return Admission::Free;
        }
        self.advance(now);
        let is_held = priority != Priority::Visible;
        let full = self.windows.iter().filter(|window| window.is_full(is_held));
        if let Some(window) = full.max_by_key(|window| window.until) {
            return window.kind.full_until(window.until, now);
        }
        // Other requests are sent only while half of the burst remains.
        let needed = if is_held { self.burst().div_ceil(2) } else { 1 };
        match self.wait_for(needed) {
            0 => Admission::Free,
            wait => Admission::Until(now + wait),
        }
    }

    /// Counts a sent request. Returns its number, for [`Budget::learn`].
    pub fn spend(&mut self, now: u64) -> u64 {
        self.advance(now);
        self.parts = self.parts.saturating_sub(PARTS);
        for window in &mut self.windows {
            window.remaining = window.remaining.saturating_sub(1);
        }
        self.recent.push_back(now);
        self.sent += 1;
        self.sent
    }

    /// Applies the server's windows as of this request, minus the requests sent since. A later report
    /// about the minute stays.
    pub fn learn(&mut self, limits: &Limits, number: u64, now: u64) {
        self.advance(now);
        let since = self.sent_since(number);
        let newer = self.minute().copied().filter(|_| number < self.newest_response);
        self.granted = CONTRACT;
        self.newest_response = self.newest_response.max(number);
        // A limit of 0 is wrong: the server has just answered a request.
        let sound = limits.windows.iter().filter(|window| window.limit > 0);
        self.windows = sound
            .map(|window| {
                let kind = RateWindow::named(window.name.expose_raw());
                let seconds = window.resets_in_seconds.clamp(1, kind.seconds());
                let newer = newer.filter(|newer| newer.kind == kind);
                let is_current = newer.is_none_or(|newer| newer.is_current);
                let newer = newer.map(|newer| newer.remaining);
                let remaining = newer.unwrap_or(window.remaining.saturating_sub(since));
                let remaining = remaining.min(window.limit);
                let (limit, until) = (window.limit, now + seconds * 1_000);
                Window { kind, limit, remaining, until, is_end_known: true, is_current }
            })
            .collect();
        if self.minute().is_none() {
            self.windows.extend(newer);
        }
        self.lower();
    }

    /// Applies the requests left in the minute as of this request, minus the requests sent since, and a
    /// lower limit for this minute. Ignores figures that cannot belong to the minute (a higher limit, or
    /// more than the limit) and late responses: of a past minute, or older than one already applied.
    pub fn correct(&mut self, said: Remaining, number: u64, now: u64) {
        self.advance(now);
        let since = self.sent_since(number);
        let at = self.windows.iter().position(|window| window.kind == RateWindow::Minute);
        let known = at.and_then(|at| self.windows.get(at)).copied();
        let planned = known.filter(|known| known.is_end_known).map(|known| known.limit);
        let most = planned.unwrap_or(self.granted);
        let limit = said.limit.unwrap_or(known.map_or(most, |known| known.limit));
        let sent_at = self.sent_at(number).filter(|_| number >= self.newest_response);
        let Some(sent_at) = sent_at.filter(|_| (1..=most).contains(&limit)) else { return };
        let known = known.filter(|known| known.is_end_known);
        let is_over = known.is_some_and(|known| sent_at + MINUTE < known.until);
        if is_over || said.requests > limit {
            return;
        }
        self.newest_response = number;
        let window = Window {
            kind: RateWindow::Minute,
            limit,
            remaining: said.requests.saturating_sub(since),
            until: known.map_or(sent_at + MINUTE, |known| known.until),
            is_end_known: known.is_some(),
            is_current: true,
        };
        match at.and_then(|at| self.windows.get_mut(at)) {
            Some(known) => *known = window,
            None => self.windows.push(window),
        }
        self.lower();
    }

    pub fn limited(&mut self, said: &Limited, now: u64) {
        self.advance(now);
        // A 429 makes earlier reports out of date.
        self.windows.iter_mut().for_each(|window| window.is_current = false);
        if let (Some(RateWindow::Minute), Some(limit @ 1..)) = (said.window, said.limit) {
            self.granted = self.granted.min(limit);
            self.lower();
        }
    }

    /// The requests left in the minute and until when that holds, if the server reported them. A limit
    /// alone does not tell how much of it others have used.
    pub fn left(&self, now: u64) -> Option<(u32, u64)> {
        let said = self.minute().filter(|window| window.is_current && now < window.until);
        said.map(|window| (window.remaining, window.until))
    }

    pub fn ready(&mut self, now: u64) -> u32 {
        self.advance(now);
        let whole = u32::try_from(self.parts / PARTS).unwrap_or(u32::MAX);
        let windows = self.windows.iter().map(|window| window.remaining).min();
        match self.pace {
            Pace::Free => self.limit(),
            Pace::Metered => whole.min(windows.unwrap_or(u32::MAX)),
        }
    }

    /// Returns when the budget is full again if no request is sent.
    pub fn refilled_at(&self, now: u64) -> u64 {
        let filled = self.filled_at + self.wait_for(self.burst());
        let forgotten = self.recent.back().map_or(0, |sent_at| sent_at + MINUTE);
        let spent = self.windows.iter().filter(|window| window.is_full(true));
        let renewed = spent.map(|window| window.until).max().unwrap_or_default();
        filled.max(forgotten).max(renewed).max(now)
    }

    fn minute(&self) -> Option<&Window> {
        self.windows.iter().find(|window| window.kind == RateWindow::Minute)
    }

    fn lower(&mut self) {
        self.parts = self.parts.min(u64::from(self.burst()) * PARTS);
    }

    fn sent_since(&self, number: u64) -> u32 {
        u32::try_from(self.sent.saturating_sub(number)).unwrap_or(u32::MAX)
    }

    /// When a request of the last minute was sent.
    fn sent_at(&self, number: u64) -> Option<u64> {
        let later = usize::try_from(self.sent.checked_sub(number)?).ok()?;
        self.recent.iter().rev().nth(later).copied()
    }

    fn burst(&self) -> u32 {
        if self.limit() >= CONTRACT { BURST } else { (self.limit() / 6).max(1) }
    }

    fn parts_a_ms(&self) -> u64 {
        u64::from(if self.limit() >= CONTRACT { PACE } else { (self.limit() * 2 / 3).max(1) })
    }

    fn wait_for(&self, requests: u32) -> u64 {
        let missing = (u64::from(requests) * PARTS).saturating_sub(self.parts);
        missing.div_ceil(self.parts_a_ms())
    }

    fn advance(&mut self, now: u64) {
        let gained = now.saturating_sub(self.filled_at).saturating_mul(self.parts_a_ms());
        self.parts = self.parts.saturating_add(gained).min(u64::from(self.burst()) * PARTS);
        self.filled_at = now.max(self.filled_at);
        while self.recent.front().is_some_and(|sent_at| sent_at + MINUTE <= now) {
            self.recent.pop_front();
        }
        self.windows.retain_mut(|window| window.renew(now));
    }
}

impl Window {
    /// A window without a known end never blocks a visible request: a 429 reports when it ends.
    fn is_full(&self, is_held: bool) -> bool {
        let is_half = self.kind == RateWindow::Minute && self.remaining < self.limit / 2;
        self.remaining == 0 && self.is_end_known || is_held && is_half
    }

    /// Restarts a window that is over. Returns `false` for one of unknown length or end, which is
    /// dropped.
    fn renew(&mut self, now: u64) -> bool {
        let Some(since) = now.checked_sub(self.until) else { return true };
        let length = self.kind.seconds() * 1_000;
        self.until += since / length * length + length;
        (self.remaining, self.is_current) = (self.limit, false);
        self.kind != RateWindow::Other && self.is_end_known
    }
}

#[cfg(test)]
mod tests;
