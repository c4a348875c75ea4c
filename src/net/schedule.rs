//! Which request leaves when: the queue, and the budget, the breaker and the retries over it.
//!
//! Pure: it owns no clock, no task and no connection. Times are milliseconds since the start, on a
//! clock that never runs backwards. Whoever drives it calls [`Scheduler::next`] until it returns
//! [`Next::WaitUntil`] or [`Next::Idle`], and again after every other call.

pub mod queued;

use std::collections::VecDeque;

use queued::QueuedRequest;

use crate::domain::failure::Failure;
use crate::net::breaker::{Admission, CircuitBreaker, RateWindow};
use crate::net::budget::{Budget, Pace};
use crate::net::error::{ApiError, Cause, Limited};
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::{NetState, Response};
use crate::net::retry;

pub use queued::RequestId;

/// Requests under way at the same time.
pub const MOST_IN_FLIGHT: usize = 4;

#[derive(Debug)]
pub enum Next {
    /// Give this answer to this ticket; it is the only one that it gets.
    Response(Ticket, Result<Response, Failure>),
    /// Send this request once, and report how it ended with [`Scheduler::finished`].
    Start {
        job: RequestId,
        request: Request,
        /// Milliseconds after which the attempt is given up.
        within: u64,
    },
    /// Call [`Scheduler::next`] at this time, or after any other call before it.
    WaitUntil(u64),
    /// Call [`Scheduler::next`] after any other call.
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// Its tickets are answered by the next calls of [`Scheduler::next`].
    Done,
    /// It will be tried again, at this time at the earliest.
    Retried(u64),
    Unwanted,
}

/// The queue of one customer's requests.
#[derive(Debug)]
pub struct Scheduler {
    jobs: Vec<QueuedRequest>,
    answers: VecDeque<(Ticket, Result<Response, Failure>)>,
    budget: Budget,
    breaker: CircuitBreaker,
    refused: Option<Cause>,
    /// The server's clock when it reported a limit, in seconds since 1970.
    clock: Option<(i64, u64)>,
    random: fastrand::Rng,
    jobs_made: u64,
}

impl Scheduler {
    pub fn new(pace: Pace, seed: u64) -> Self {
        Self {
            jobs: Vec::new(),
            answers: VecDeque::new(),
            budget: Budget::new(pace),
            breaker: CircuitBreaker::default(),
            refused: None,
            clock: None,
            random: fastrand::Rng::with_seed(seed),
            jobs_made: 0,
        }
    }

    /// Takes a request. The ticket is answered exactly once, unless it is cancelled before.
    pub fn submit(&mut self, ticket: Ticket, priority: Priority, request: Request, now: u64) {
        if priority == Priority::Visible {
            self.breaker.promote_probe(now);
        }
        if let Some(job) = self.jobs.iter_mut().find(|job| job.is_for(&request)) {
            job.join(ticket, priority);
            return;
        }
        self.jobs_made += 1;
        let mut job = QueuedRequest::new(RequestId(self.jobs_made), request, priority, ticket);
        if self.breaker.is_offline() {
            job.since = Some(now);
        }
        self.jobs.push(job);
    }

    /// The user has come to wait for this ticket: its request leaves before those that run ahead, and
    /// is tried as often as what was waited for from the start.
    pub fn promote(&mut self, ticket: Ticket, now: u64) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.tickets.contains(&ticket)) {
            job.priority = Priority::Visible;
            self.breaker.promote_probe(now);
        }
    }

    /// Forgets a ticket. Returns the request under way that nobody waits for any more, if there is
    /// one: it may be aborted.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<RequestId> {
        self.answers.retain(|(waiting, _)| *waiting != ticket);
        let at = self.jobs.iter().position(|job| job.tickets.contains(&ticket))?;
        let job = self.jobs.get_mut(at)?;
        job.tickets.retain(|waiting| *waiting != ticket);
        if !job.tickets.is_empty() {
            return None;
        }
        let job = self.jobs.remove(at);
        if job.is_probe {
            self.breaker.probe_lost();
        }
        job.is_in_flight.then_some(job.id)
    }

    /// Whoever asked has left: nothing that waits is sent or answered. What is under way goes on, so
    /// that what the server says of the limit is learned.
    pub fn leave(&mut self) {
        self.answers.clear();
        self.jobs.retain(|job| job.is_in_flight);
        for job in &mut self.jobs {
            job.tickets.clear();
            job.is_left = true;
        }
    }

    pub fn next(&mut self, now: u64) -> Next {
        self.give_up(now);
        match self.answers.pop_front() {
            Some((ticket, answer)) => Next::Response(ticket, answer),
            None => self.start_or_wait(now),
        }
    }

    pub fn finished(
        &mut self,
        id: RequestId,
        outcome: Result<Response, ApiError>,
        now: u64,
    ) -> Finished {
        let at = self.jobs.iter().position(|job| job.id == id && job.is_in_flight);
        self.learn(at, &outcome, now);
        let Some(job) = at.and_then(|at| self.jobs.get_mut(at)) else {
            return Finished::Unwanted;
        };
        let random = self.random.u64(..);
        job.land();
        if job.tickets.is_empty() {
            self.jobs.retain(|job| job.id != id);
            return Finished::Unwanted;
        }
        let error = match outcome {
            Ok(answer) => {
                self.answer(id, Ok(answer));
                return Finished::Done;
            }
            Err(error) => error,
        };
        let since = job.since.unwrap_or(now);
        if let Some(at) = retry::again(job.priority, &error, job.made, since, now, random) {
            job.wait(at, error);
            return Finished::Retried(at);
        }
        self.answer(id, Err(error));
        Finished::Done
    }

    /// The credential is good again: what is submitted from now on leaves.
    pub fn resume(&mut self) {
        self.refused = None;
    }

    /// From when on a new queue would do as well as this one, if nothing is asked until then.
    pub fn as_new_from(&self, now: u64) -> Option<u64> {
        let opens = match self.breaker.limit(now) {
            Admission::Until(at) | Admission::Exhausted(_, at) => at,
            _ => now,
        };
        let is_quiet = self.jobs.is_empty() && !self.breaker.is_offline();
        is_quiet.then(|| opens.max(self.budget.full_from(now)))
    }

    pub fn network(&mut self, now: u64) -> NetState {
        let limit = self.breaker.limit(now);
        let is_open = limit == Admission::Free;
        let pace = self.budget.admission(Priority::Visible, now);
        let closed_until = match (limit, pace) {
            (Admission::Until(at) | Admission::Exhausted(_, at), _)
            | (_, Admission::Until(at) | Admission::Exhausted(_, at)) => Some(at),
            _ => None,
        };
        NetState {
            ready: if is_open { self.budget.ready(now) } else { 0 },
            limit: self.budget.limit(),
            remaining: if is_open { self.budget.remaining(now) } else { 0 },
            closed_for: closed_until.map(|at| at.saturating_sub(now)),
            offline_for: self.breaker.offline_for(now),
        }
    }
}

/// What an outcome says about the server, whoever waits for it.
impl Scheduler {
    fn learn(&mut self, at: Option<usize>, outcome: &Result<Response, ApiError>, now: u64) {
        let job = at.and_then(|at| self.jobs.get(at));
        let was_probe = job.is_some_and(|job| job.is_probe);
        let number = job.map(|job| job.number);
        let is_left = job.is_some_and(|job| job.is_left);
        match outcome.as_ref().map_err(|error| &error.cause) {
            Err(Cause::Transport(error)) if error.is_network() => {
                if was_probe {
                    self.breaker.probe_failed(now);
                } else {
                    self.breaker.failed(now);
                }
                self.network_failed(now);
            }
            Err(Cause::Offline | Cause::Expired(_) | Cause::Unsendable(_) | Cause::Internal) => {
                if was_probe {
                    self.breaker.probe_lost();
                }
            }
            Err(Cause::Limited(limited)) => self.limit_reached(limited, now),
            other => {
                self.server_answered();
                if was_probe {
                    self.breaker.probe_answered();
                } else {
                    self.breaker.answered();
                }
                match (other, number) {
                    (Ok(Response::Limits(limits)), Some(number)) => {
                        self.budget.learn(limits, number, now);
                    }
                    // That of whoever has left may be another token.
                    (Err(Cause::Refused(refusal)), _) if refusal.status == 401 && !is_left => {
                        self.refused = Some(Cause::Refused(refusal.clone()));
                    }
                    _ => {}
                }
            }
        }
    }

    fn network_failed(&mut self, now: u64) {
        if self.breaker.is_offline() {
            // From here on waiting counts: nobody is left without an answer for ever.
            for job in self.jobs.iter_mut().filter(|job| !job.is_in_flight) {
                job.since.get_or_insert(now);
            }
        }
    }

    fn server_answered(&mut self) {
        if self.breaker.is_offline() {
            for job in self.jobs.iter_mut().filter(|job| job.made == 0) {
                job.since = None;
            }
        }
    }

    fn limit_reached(&mut self, limited: &Limited, now: u64) {
        self.clock = limited.said_at.map(|said| (said, now)).or(self.clock);
        self.breaker.limited(limited, now, self.random.u64(..));
        self.budget.limited(limited, now);
        // The wait for the limit is shown with its end, and is not part of the action.
        for job in &mut self.jobs {
            job.since = None;
        }
    }
}

/// Which request leaves, and which fails without leaving.
impl Scheduler {
    /// Answers the queued requests that may not wait any longer.
    fn give_up(&mut self, now: u64) {
        let spent = self.spent_for(now);
        // The rest is held while a probe may bring the way back, not while nobody tries.
        let offline = matches!(self.breaker.outage(now), Admission::Until(_));
        let mut lost: Vec<(RequestId, Cause)> = Vec::new();
        for job in self.jobs.iter().filter(|job| !job.is_in_flight) {
            let cause = if let Some(refused) = &self.refused {
                refused.clone()
            } else if let Some(limited) = &spent {
                Cause::Limited(limited.clone())
            } else if job.is_expired(now) || offline && job.priority != Priority::Visible {
                job.last.as_ref().map_or(Cause::Offline, |error| error.cause.clone())
            } else {
                continue;
            };
            lost.push((job.id, cause));
        }
        for (id, cause) in lost {
            let Some(job) = self.jobs.iter().find(|job| job.id == id) else { continue };
            let error = ApiError::new(&job.request, cause);
            self.answer(id, Err(error));
        }
    }

    /// The window that is full for so long that nobody is left waiting for it.
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
        let closed = both.iter().filter_map(|admission| match admission {
            Admission::Until(at) | Admission::Exhausted(_, at) => Some(*at),
            _ => None,
        });
        if let Some(at) = closed.max() {
            // Behind a limit its end is worth a call, because the screen shows it.
            let is_by_limit = matches!(limit, Admission::Until(_));
            let is_awaited = is_by_limit || self.jobs.iter().any(|job| !job.is_in_flight);
            return self.wait(is_awaited.then_some(at));
        }
        let flying = self.jobs.iter().filter(|job| job.is_in_flight).count();
        if flying >= MOST_IN_FLIGHT || both.contains(&Admission::Busy) {
            return self.wait(None);
        }
        let queued = self.jobs.iter().filter(|job| !job.is_in_flight);
        let later = queued.clone().map(|job| job.not_before).filter(|at| *at > now).min();
        let first = queued
            .filter(|job| job.not_before <= now)
            .min_by_key(|job| (job.priority, job.id))
            .map(|job| (job.id, job.priority));
        let Some((id, priority)) = first else { return self.wait(later) };
        // There is one probe in seconds, whatever it is for: the budget need not be half full.
        let is_probe = outage == Admission::Probe;
        let priority = if is_probe { Priority::Visible } else { priority };
        match self.budget.admission(priority, now) {
            Admission::Until(at) | Admission::Exhausted(_, at) => {
                self.wait(Some(later.map_or(at, |later| later.min(at))))
            }
            _ => self.start(id, both.contains(&Admission::Probe), now),
        }
    }

    fn start(&mut self, id: RequestId, is_probe: bool, now: u64) -> Next {
        let number = self.budget.spend(now);
        if is_probe {
            self.breaker.probe_sent();
        }
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else { return Next::Idle };
        let within = job.leave(number, is_probe, now);
        Next::Start { job: id, request: job.request.clone(), within }
    }

    /// Waits until `at`, or until the first queued request may not wait any longer.
    fn wait(&self, at: Option<u64>) -> Next {
        let queued = self.jobs.iter().filter(|job| !job.is_in_flight);
        let expiry = queued.filter_map(QueuedRequest::expires).min();
        at.into_iter().chain(expiry).min().map_or(Next::Idle, Next::WaitUntil)
    }

    /// Hands an outcome to everyone who waits for it; copies it only where several do.
    fn answer(&mut self, id: RequestId, outcome: Result<Response, ApiError>) {
        let Some(at) = self.jobs.iter().position(|job| job.id == id) else { return };
        let mut job = self.jobs.remove(at);
        let outcome = outcome.map_err(|error| error.failure(&job.request));
        let last = job.tickets.pop();
        for ticket in job.tickets {
            self.answers.push_back((ticket, outcome.clone()));
        }
        self.answers.extend(last.map(|ticket| (ticket, outcome)));
    }
}

#[cfg(test)]
mod tests;
