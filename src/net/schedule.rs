//! Decides which request is sent when. Pure: no clock, task or connection; times are in ms since the
//! start. Call [`Scheduler::next`] until [`Next::WaitUntil`] or [`Next::Idle`], and after any other call.

use std::collections::VecDeque;

use crate::domain::failure::Failure;
use crate::net::breaker::{Admission, CircuitBreaker, RateWindow};
use crate::net::budget::{Budget, Pace};
use crate::net::error::{ApiError, Cause, Limited};
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::{NetState, Response};
use crate::net::retry;
use crate::net::transport::Remaining;

pub const MOST_IN_FLIGHT: usize = 4;

/// Identifies a queued request across its attempts, in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(u64);

#[derive(Debug)]
struct QueuedRequest {
    id: RequestId,
    request: Request,
    /// The most urgent of its tickets.
    priority: Priority,
    tickets: Vec<Ticket>,
    attempts: u32,
    not_before: u64,
    /// The start of its time limit: its first attempt, or the start of an outage.
    since: Option<u64>,
    last: Option<ApiError>,
    flight: Option<Flight>,
    /// Its session has ended: the response only updates the budget and the breaker.
    is_abandoned: bool,
}

#[derive(Debug, Clone, Copy)]
struct Flight {
    /// Its number in the budget.
    number: u64,
    is_probe: bool,
}

impl QueuedRequest {
    fn expires(&self) -> Option<u64> {
        self.since.map(|since| since + retry::ACTION)
    }
}

#[derive(Debug)]
pub enum Next {
    Response(Ticket, Result<Response, Failure>),
    /// Send it once, within `within` milliseconds, and call [`Scheduler::finished`] at its end.
    Start {
        id: RequestId,
        request: Request,
        within: u64,
    },
    WaitUntil(u64),
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The next calls of [`Scheduler::next`] answer its tickets.
    Done,
    /// It is retried, at this time at the earliest.
    Retried(u64),
    Cancelled,
}

#[derive(Debug)]
pub struct Scheduler {
    requests: Vec<QueuedRequest>,
    answers: VecDeque<(Ticket, Result<Response, Failure>)>,
    budget: Budget,
    breaker: CircuitBreaker,
    refused: Option<Cause>,
    /// The server's clock when it reported a limit, in seconds since 1970.
    clock: Option<(i64, u64)>,
    random: fastrand::Rng,
    last_id: u64,
}

impl Scheduler {
    pub fn new(pace: Pace, seed: u64) -> Self {
        Self {
            requests: Vec::new(),
            answers: VecDeque::new(),
            budget: Budget::new(pace),
            breaker: CircuitBreaker::default(),
            refused: None,
            clock: None,
            random: fastrand::Rng::with_seed(seed),
            last_id: 0,
        }
    }

    /// Queues a request. Its ticket is answered exactly once, unless it is cancelled first.
    pub fn submit(&mut self, ticket: Ticket, priority: Priority, request: Request, now: u64) {
        if priority == Priority::Visible {
            self.breaker.promote_probe(now);
        }
        let is_same = |it: &&mut QueuedRequest| !it.is_abandoned && it.request == request;
        if let Some(entry) = self.requests.iter_mut().find(is_same) {
            entry.tickets.push(ticket);
            entry.priority = entry.priority.min(priority);
            return;
        }
        self.last_id += 1;
        self.requests.push(QueuedRequest {
            id: RequestId(self.last_id),
            request,
            priority,
            tickets: vec![ticket],
            attempts: 0,
            not_before: 0,
            since: self.breaker.is_offline().then_some(now),
            last: None,
            flight: None,
            is_abandoned: false,
        });
    }

    /// Sends its request before prefetches, with the retries of a visible request.
    pub fn promote(&mut self, ticket: Ticket, now: u64) {
        if let Some(entry) = self.requests.iter_mut().find(|it| it.tickets.contains(&ticket)) {
            entry.priority = Priority::Visible;
            self.breaker.promote_probe(now);
        }
    }

    /// Returns the request in flight if this was its last ticket, so that it can be aborted.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<RequestId> {
        self.answers.retain(|(waiting, _)| *waiting != ticket);
        let (at, entry) =
            self.requests.iter_mut().enumerate().find(|(_, it)| it.tickets.contains(&ticket))?;
        entry.tickets.retain(|waiting| *waiting != ticket);
        if !entry.tickets.is_empty() {
            return None;
        }
        let QueuedRequest { id, flight, .. } = self.requests.remove(at);
        if flight?.is_probe {
            self.breaker.is_probing = false;
        }
        Some(id)
    }

    /// Drops the queue. Requests in flight continue, to update the budget and the breaker.
    pub fn abandon_session(&mut self) {
        self.answers.clear();
        self.requests.retain(|it| it.flight.is_some());
        for entry in &mut self.requests {
            entry.tickets.clear();
            entry.is_abandoned = true;
        }
    }

    pub fn next(&mut self, now: u64) -> Next {
        self.give_up(now);
        match self.answers.pop_front() {
            Some((ticket, answer)) => Next::Response(ticket, answer),
            None => self.start_or_wait(now),
        }
    }

    /// Applies the requests left that a response reports. Call it before [`Scheduler::finished`].
    pub fn note_remaining(&mut self, id: RequestId, remaining: Remaining, now: u64) {
        let flight = self.requests.iter().find(|it| it.id == id).and_then(|it| it.flight);
        if let Some(flight) = flight {
            self.budget.correct(remaining, flight.number, now);
        }
    }

    pub fn finished(
        &mut self,
        id: RequestId,
        outcome: Result<Response, ApiError>,
        now: u64,
    ) -> Finished {
        let at = self.requests.iter().position(|it| it.id == id && it.flight.is_some());
        self.learn(at, &outcome, now);
        let Some(entry) = at.and_then(|at| self.requests.get_mut(at)) else {
            return Finished::Cancelled;
        };
        let random = self.random.u64(..);
        entry.flight = None;
        if entry.tickets.is_empty() {
            self.requests.retain(|it| it.id != id);
            return Finished::Cancelled;
        }
        let since = entry.since.unwrap_or(now);
        if let Err(error) = &outcome
            && !entry.request.is_sent_once()
            && let Some(at) =
                retry::again(entry.priority, error, entry.attempts, since, now, random)
        {
            entry.not_before = at;
            entry.last = outcome.err();
            return Finished::Retried(at);
        }
        self.answer(id, outcome);
        Finished::Done
    }

    pub fn resume(&mut self) {
        self.refused = None;
    }

    /// The time from which a new scheduler would behave the same, if no request is made until then.
    pub fn idle_from(&self, now: u64) -> Option<u64> {
        let limited_until = self.breaker.limit(now).until().unwrap_or(now);
        let is_quiet = self.requests.is_empty() && !self.breaker.is_offline();
        is_quiet.then(|| limited_until.max(self.budget.refilled_at(now)))
    }

    pub fn network(&mut self, now: u64) -> NetState {
        let limit = self.breaker.limit(now);
        let is_limited = limit != Admission::Free;
        let pace = self.budget.admission(Priority::Visible, now);
        let limited_until = limit.until().or(pace.until());
        let left = limit.until().map(|until| (0, until)).or_else(|| self.budget.left(now));
        NetState {
            ready: if is_limited { 0 } else { self.budget.ready(now) },
            left: left.map(|(requests, until)| (requests, until.saturating_sub(now))),
            limited_for: limited_until.map(|at| at.saturating_sub(now)),
            offline_for: self.breaker.offline_for(now),
        }
    }
}

impl Scheduler {
    fn learn(&mut self, at: Option<usize>, outcome: &Result<Response, ApiError>, now: u64) {
        let entry = at.and_then(|at| self.requests.get(at));
        let flight = entry.and_then(|it| it.flight);
        let was_probe = flight.is_some_and(|flight| flight.is_probe);
        let is_abandoned = entry.is_some_and(|it| it.is_abandoned);
        match outcome.as_ref().map_err(|error| &error.cause) {
            Err(Cause::Transport(error)) if error.is_network() => {
                if was_probe {
                    self.breaker.probe_failed(now);
                } else {
                    self.breaker.failed(now);
                }
                // The time limit starts now, so that every ticket gets an answer.
                let is_offline = self.breaker.is_offline();
                for entry in self.requests.iter_mut().filter(|it| is_offline && it.flight.is_none())
                {
                    entry.since.get_or_insert(now);
                }
            }
            Err(
                Cause::Offline | Cause::Expired { .. } | Cause::Unsendable(_) | Cause::Internal,
            ) => {
                self.breaker.is_probing &= !was_probe;
            }
            Err(Cause::Limited(limited)) => self.limit_reached(limited, now),
            other => {
                let was_offline = self.breaker.is_offline();
                for entry in self.requests.iter_mut().filter(|it| was_offline && it.attempts == 0) {
                    entry.since = None;
                }
                if was_probe {
                    self.breaker.probe_answered();
                } else {
                    self.breaker.answered();
                }
                match (other, flight) {
                    (Ok(Response::Limits(limits)), Some(flight)) => {
                        self.budget.learn(limits, flight.number, now);
                    }
                    // An abandoned request may have used another token.
                    (Err(Cause::Refused(refusal)), _) if refusal.status == 401 && !is_abandoned => {
                        self.refused = Some(Cause::Refused(refusal.clone()));
                    }
                    _ => {}
                }
            }
        }
    }

    fn limit_reached(&mut self, limited: &Limited, now: u64) {
        self.clock = limited.said_at.map(|said| (said, now)).or(self.clock);
        self.breaker.limited(limited, now, self.random.u64(..));
        self.budget.limited(limited, now);
        // The wait for a rate limit is shown, and does not count toward the time limit.
        for entry in &mut self.requests {
            entry.since = None;
        }
    }
}

impl Scheduler {
    fn give_up(&mut self, now: u64) {
        let spent = self.spent_for(now);
        // Requests that are not visible wait only while a probe may restore the connection.
        let offline = matches!(self.breaker.outage(now), Admission::Until(_));
        let cause_of = |it: &QueuedRequest| {
            let is_lost = offline && it.priority != Priority::Visible;
            if let Some(refused) = &self.refused {
                Some(refused.clone())
            } else if let Some(limited) = &spent {
                Some(Cause::Limited(limited.clone()))
            } else if is_lost || it.expires().is_some_and(|at| at <= now) {
                Some(it.last.as_ref().map_or(Cause::Offline, |error| error.cause.clone()))
            } else {
                None
            }
        };
        let queued = self.requests.iter().filter(|it| it.flight.is_none());
        let lost: Vec<_> = queued
            .filter_map(|it| Some((it.id, ApiError::new(&it.request, cause_of(it)?))))
            .collect();
        for (id, error) in lost {
            self.answer(id, Err(error));
        }
    }

    fn spent_for(&mut self, now: u64) -> Option<Limited> {
        let admissions = [self.breaker.limit(now), self.budget.admission(Priority::Visible, now)];
        admissions.into_iter().find_map(|admission| match admission {
            Admission::Exhausted(window, until) => {
                let window = (window != RateWindow::Other).then_some(window);
                let resets_in = Some(until.saturating_sub(now).div_ceil(1_000));
                let since = |at: u64| i64::try_from(now.saturating_sub(at) / 1_000).ok();
                let said_at = self.clock.and_then(|(said, at)| said.checked_add(since(at)?));
                Some(Limited { window, resets_in, said_at, ..Limited::default() })
            }
            _ => None,
        })
    }

    fn start_or_wait(&mut self, now: u64) -> Next {
        let (limit, outage) = (self.breaker.limit(now), self.breaker.outage(now));
        let both = [limit, outage];
        if let Some(at) = both.iter().filter_map(|admission| admission.until()).max() {
            // The screen shows the end of a rate limit, so it needs a wake-up.
            let is_by_limit = matches!(limit, Admission::Until(_));
            let is_awaited = is_by_limit || self.requests.iter().any(|it| it.flight.is_none());
            return self.wait(is_awaited.then_some(at));
        }
        let flying = self.requests.iter().filter(|it| it.flight.is_some()).count();
        if flying >= MOST_IN_FLIGHT || both.contains(&Admission::Busy) {
            return self.wait(None);
        }
        let queued = self.requests.iter().filter(|it| it.flight.is_none());
        let later = queued.clone().map(|it| it.not_before).filter(|at| *at > now).min();
        let first = queued
            .filter(|it| it.not_before <= now)
            .min_by_key(|it| (it.priority, it.id))
            .map(|it| (it.id, it.priority));
        let Some((id, priority)) = first else { return self.wait(later) };
        // A probe is rare, so it is sent regardless of its priority.
        let is_probe = outage == Admission::Probe;
        let priority = if is_probe { Priority::Visible } else { priority };
        if let Some(at) = self.budget.admission(priority, now).until() {
            return self.wait(Some(later.map_or(at, |later| later.min(at))));
        }
        let (number, is_probe) = (self.budget.spend(now), both.contains(&Admission::Probe));
        self.breaker.is_probing |= is_probe;
        let Some(entry) = self.requests.iter_mut().find(|it| it.id == id) else {
            return Next::Idle;
        };
        entry.flight = Some(Flight { number, is_probe });
        entry.attempts += 1;
        let since = *entry.since.get_or_insert(now);
        let within = (since + retry::ACTION).saturating_sub(now);
        Next::Start { id, request: entry.request.clone(), within }
    }

    fn wait(&self, at: Option<u64>) -> Next {
        let queued = self.requests.iter().filter(|it| it.flight.is_none());
        let expiry = queued.filter_map(QueuedRequest::expires).min();
        at.into_iter().chain(expiry).min().map_or(Next::Idle, Next::WaitUntil)
    }

    fn answer(&mut self, id: RequestId, outcome: Result<Response, ApiError>) {
        let Some(at) = self.requests.iter().position(|it| it.id == id) else { return };
        let mut entry = self.requests.remove(at);
        let outcome = outcome.map_err(|error| error.failure(&entry.request));
        let last = entry.tickets.pop();
        for ticket in entry.tickets {
            self.answers.push_back((ticket, outcome.clone()));
        }
        self.answers.extend(last.map(|ticket| (ticket, outcome)));
    }
}

#[cfg(test)]
mod tests;
