//! Which request leaves when: the queue, and the budget, the gate, the reach and the retries over it.
//!
//! Pure: it owns no clock, no task and no connection. Times are milliseconds since the start, on a
//! clock that never runs backwards. Whoever drives it calls [`Scheduler::next`] until it gives
//! [`Next::WaitUntil`] or [`Next::Idle`], and again after every other call.

pub mod job;

use std::collections::VecDeque;

use job::Job;

use crate::domain::failure::Failure;
use crate::net::budget::{Budget, Pace};
use crate::net::error::{ApiError, Cause, Limited};
use crate::net::gate::{Gate, Passage, Span};
use crate::net::reach::Reach;
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::{NetState, Response};
use crate::net::retry;

pub use job::JobId;

/// Requests under way at the same time (reliability, "Retry").
pub const MOST_IN_FLIGHT: usize = 4;

/// What is to be done now.
#[derive(Debug)]
pub enum Next {
    /// Give this answer to this ticket; it is the only one that it gets.
    Response(Ticket, Result<Response, Failure>),
    /// Send this request once, and report how it ended with [`Scheduler::finished`].
    Start {
        job: JobId,
        request: Request,
        /// Milliseconds after which the attempt is given up.
        within: u64,
    },
    /// Nothing before this time, unless something else is called before.
    WaitUntil(u64),
    /// Nothing, unless something else is called.
    Idle,
}

/// Whether a request that ended is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// Its tickets are answered by the next calls of [`Scheduler::next`].
    Done,
    /// It will be tried again, at this time at the earliest.
    Retried(u64),
    /// Nobody waits for it any more.
    Unwanted,
}

/// The queue of one customer's requests.
#[derive(Debug)]
pub struct Scheduler {
    jobs: Vec<Job>,
    answers: VecDeque<(Ticket, Result<Response, Failure>)>,
    budget: Budget,
    gate: Gate,
    reach: Reach,
    /// Why the credential is of no use, once the server said so.
    refused: Option<Cause>,
    /// The server's clock when it reported a limit, in seconds since 1970.
    clock: Option<(i64, u64)>,
    random: fastrand::Rng,
    jobs_made: u64,
}

impl Scheduler {
    /// An empty queue; `seed` decides every jitter.
    pub fn new(pace: Pace, seed: u64) -> Self {
        Self {
            jobs: Vec::new(),
            answers: VecDeque::new(),
            budget: Budget::new(pace),
            gate: Gate::default(),
            reach: Reach::default(),
            refused: None,
            clock: None,
            random: fastrand::Rng::with_seed(seed),
            jobs_made: 0,
        }
    }

    /// Takes a request. The ticket is answered exactly once, unless it is cancelled before.
    pub fn submit(&mut self, ticket: Ticket, priority: Priority, request: Request, now: u64) {
        if priority == Priority::Visible {
            self.reach.hurry(now);
        }
        if let Some(job) = self.jobs.iter_mut().find(|job| job.is_for(&request)) {
            job.join(ticket, priority);
            return;
        }
        self.jobs_made += 1;
        let mut job = Job::new(JobId(self.jobs_made), request, priority, ticket);
        if self.reach.is_offline() {
            job.since = Some(now);
        }
        self.jobs.push(job);
    }

    /// The user has come to wait for this ticket: its request leaves before those that run ahead, and
    /// is tried as often as what was waited for from the start.
    pub fn promote(&mut self, ticket: Ticket, now: u64) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.tickets.contains(&ticket)) {
            job.priority = Priority::Visible;
            self.reach.hurry(now);
        }
    }

    /// Forgets a ticket. Gives the request under way that nobody waits for any more, if there is
    /// one: it may be aborted.
    pub fn cancel(&mut self, ticket: Ticket) -> Option<JobId> {
        self.answers.retain(|(waiting, _)| *waiting != ticket);
        let at = self.jobs.iter().position(|job| job.tickets.contains(&ticket))?;
        let job = self.jobs.get_mut(at)?;
        job.tickets.retain(|waiting| *waiting != ticket);
        if !job.tickets.is_empty() {
            return None;
        }
        let job = self.jobs.remove(at);
        if job.is_probe {
            self.gate.probe_lost();
            self.reach.probe_lost();
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

    /// What is to be done now.
    pub fn next(&mut self, now: u64) -> Next {
        self.give_up(now);
        match self.answers.pop_front() {
            Some((ticket, answer)) => Next::Response(ticket, answer),
            None => self.start_or_wait(now),
        }
    }

    /// A request that was started ended so.
    pub fn finished(
        &mut self,
        id: JobId,
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
        let opens = match self.gate.passage(now) {
            Passage::Until(at) | Passage::Spent(_, at) => at,
            _ => now,
        };
        let is_quiet = self.jobs.is_empty() && !self.reach.is_offline();
        is_quiet.then(|| opens.max(self.budget.full_from(now)))
    }

    /// What the screen shows of the network.
    pub fn network(&mut self, now: u64) -> NetState {
        let passage = self.gate.passage(now);
        let is_open = passage == Passage::Free;
        let pace = self.budget.passage(Priority::Visible, now);
        let closed_until = match (passage, pace) {
            (Passage::Until(at) | Passage::Spent(_, at), _)
            | (_, Passage::Until(at) | Passage::Spent(_, at)) => Some(at),
            _ => None,
        };
        NetState {
            ready: if is_open { self.budget.ready(now) } else { 0 },
            limit: self.budget.limit(),
            remaining: if is_open { self.budget.remaining(now) } else { 0 },
            closed_for: closed_until.map(|at| at.saturating_sub(now)),
            offline_for: self.reach.offline_for(now),
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
                self.network_failed(was_probe, now);
            }
            Err(Cause::Offline | Cause::Expired(_) | Cause::Unsendable(_) | Cause::Internal) => {
                if was_probe {
                    self.gate.probe_lost();
                    self.reach.probe_lost();
                }
            }
            Err(Cause::Limited(limited)) => {
                self.server_answered();
                self.limit_reached(limited, now);
            }
            other => {
                self.server_answered();
                if was_probe {
                    self.gate.probe_answered();
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

    fn network_failed(&mut self, was_probe: bool, now: u64) {
        self.reach.failed(was_probe, now);
        if was_probe {
            self.gate.probe_lost();
        }
        if self.reach.is_offline() {
            // From here on waiting counts: nobody is left without an answer for ever.
            for job in self.jobs.iter_mut().filter(|job| !job.is_in_flight) {
                job.since.get_or_insert(now);
            }
        }
    }

    fn server_answered(&mut self) {
        if self.reach.is_offline() {
            for job in self.jobs.iter_mut().filter(|job| job.made == 0) {
                job.since = None;
            }
        }
        self.reach.answered();
    }

    fn limit_reached(&mut self, limited: &Limited, now: u64) {
        self.clock = limited.said_at.map(|said| (said, now)).or(self.clock);
        self.gate.limited(limited, now, self.random.u64(..));
        self.budget.limited(limited.span, limited.limit, now);
        // The wait for the limit is shown with its end, and is not part of the action.
        for job in &mut self.jobs {
            job.since = None;
        }
    }
}

/// Who leaves, and who is told that it does not.
impl Scheduler {
    /// Answers the queued requests that may not wait any longer.
    fn give_up(&mut self, now: u64) {
        let spent = self.spent_for(now);
        // The rest is held while a probe may bring the way back, not while nobody tries.
        let offline = matches!(self.reach.passage(now), Passage::Until(_));
        let mut lost: Vec<(JobId, Cause)> = Vec::new();
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
        let passages = [self.gate.passage(now), self.budget.passage(Priority::Visible, now)];
        passages.into_iter().find_map(|passage| match passage {
            Passage::Spent(span, until) => {
                let span = (span != Span::Other).then_some(span);
                let resets_in = Some(until.saturating_sub(now).div_ceil(1_000));
                let since = |at: u64| i64::try_from(now.saturating_sub(at) / 1_000).ok();
                let said_at = self.clock.and_then(|(said, at)| said.checked_add(since(at)?));
                Some(Limited { span, resets_in, said_at, ..Limited::default() })
            }
            _ => None,
        })
    }

    fn start_or_wait(&mut self, now: u64) -> Next {
        let passages = [self.gate.passage(now), self.reach.passage(now)];
        let closed = passages.iter().filter_map(|passage| match passage {
            Passage::Until(at) | Passage::Spent(_, at) => Some(*at),
            _ => None,
        });
        if let Some(at) = closed.max() {
            // Behind a closed gate its opening is worth a call, because the screen shows it.
            let gate_only = matches!(passages[0], Passage::Until(_));
            let is_awaited = gate_only || self.jobs.iter().any(|job| !job.is_in_flight);
            return self.wait(is_awaited.then_some(at));
        }
        let flying = self.jobs.iter().filter(|job| job.is_in_flight).count();
        if flying >= MOST_IN_FLIGHT || passages.contains(&Passage::Busy) {
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
        let is_probe = passages[1] == Passage::Probe;
        let priority = if is_probe { Priority::Visible } else { priority };
        match self.budget.passage(priority, now) {
            Passage::Until(at) | Passage::Spent(_, at) => {
                self.wait(Some(later.map_or(at, |later| later.min(at))))
            }
            _ => self.start(id, passages.contains(&Passage::Probe), now),
        }
    }

    fn start(&mut self, id: JobId, is_probe: bool, now: u64) -> Next {
        let number = self.budget.spend(now);
        if is_probe {
            self.gate.probe_left();
            self.reach.probe_left();
        }
        let Some(job) = self.jobs.iter_mut().find(|job| job.id == id) else { return Next::Idle };
        let within = job.leave(number, is_probe, now);
        Next::Start { job: id, request: job.request.clone(), within }
    }

    /// Waits until `at`, or until the first queued request may not wait any longer.
    fn wait(&self, at: Option<u64>) -> Next {
        let queued = self.jobs.iter().filter(|job| !job.is_in_flight);
        let expiry = queued.filter_map(Job::expires).min();
        at.into_iter().chain(expiry).min().map_or(Next::Idle, Next::WaitUntil)
    }

    /// Hands an outcome to everyone who waits for it; copies it only where several do.
    fn answer(&mut self, id: JobId, outcome: Result<Response, ApiError>) {
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
