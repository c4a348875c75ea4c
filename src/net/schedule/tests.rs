//! The scheduler over virtual time.

mod limited;
mod simulation;

use crate::domain::failure::Kind;
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::list::Spec;
use crate::net::error::Refusal;
use crate::net::response::{Connection, Page};
use crate::net::schedule::*;
use crate::net::transport::TransportError;
use crate::payments::request::{PaymentsRequest, Tin};

const VISIBLE: Priority = Priority::Visible;
const NEXT: Priority = Priority::Next;
const BACKGROUND: Priority = Priority::Background;

/// A request that only its number distinguishes.
fn request(number: u32) -> Request {
    Request::List(ListQuery::new(Spec::named("penalties").unwrap()).page(number, 100))
}

#[expect(clippy::unnecessary_wraps, reason = "an outcome like the failures beside it")]
fn answer() -> Result<Response, ApiError> {
    let (total, last) = (Some(0), Some(1));
    Ok(Response::Page(Page { rows: Vec::new(), total, current: 1, last, per_page: 100 }))
}

#[test]
fn a_request_that_is_no_get_is_sent_once_whatever_happens_to_it() {
    let tin = Tin {
        number: Untrusted::new("27484819A"),
        country: "ES".to_owned(),
        business: "individual".to_owned(),
    };
    let post = Request::Payments(PaymentsRequest::Tin(tin));
    for outcome in [reset(), status(500), status(503), limited(RateWindow::Minute, 1)] {
        let mut scheduler = Scheduler::new(Pace::Free, 7);
        scheduler.submit(Ticket(1), VISIBLE, post.clone(), 0);
        let Next::Start { id, .. } = scheduler.next(0) else { panic!("nothing is sent") };
        assert_eq!(scheduler.finished(id, outcome, 10), Finished::Done);
        let Next::Response(Ticket(1), Err(_)) = scheduler.next(10) else { panic!("no answer") };
    }
}

fn failed(cause: Cause) -> Result<Response, ApiError> {
    Err(ApiError::new(&Request::Limits, cause))
}

fn status(status: u16) -> Result<Response, ApiError> {
    failed(Cause::Refused(Refusal { status, ..Refusal::default() }))
}

fn reset() -> Result<Response, ApiError> {
    failed(Cause::Transport(TransportError::Reset))
}

fn limited(window: RateWindow, seconds: u64) -> Result<Response, ApiError> {
    let (window, resets_in) = (Some(window), Some(seconds));
    failed(Cause::Limited(Limited { window, resets_in, ..Limited::default() }))
}

/// A scheduler with helpers for scenarios.
struct Story {
    scheduler: Scheduler,
    now: u64,
}

impl Story {
    fn new() -> Self {
        Self { scheduler: Scheduler::new(Pace::Metered, 7), now: 0 }
    }

    fn submit(&mut self, ticket: u64, priority: Priority) {
        let number = u32::try_from(ticket).unwrap();
        self.scheduler.submit(Ticket(ticket), priority, request(number), self.now);
    }

    /// The requests sent now, by their page numbers.
    fn started(&mut self) -> Vec<(RequestId, u32)> {
        let mut started = Vec::new();
        while let Next::Start { id, request: Request::List(query), .. } =
            self.scheduler.next(self.now)
        {
            started.push((id, query.page));
        }
        started
    }

    fn start_one(&mut self) -> RequestId {
        let started = self.started();
        assert_eq!(started.len(), 1, "{started:?}");
        started[0].0
    }

    /// The answers of now: the ticket, and the kind of its failure.
    fn answered(&mut self) -> Vec<(u64, Option<Kind>)> {
        let mut answers = Vec::new();
        while let Next::Response(Ticket(ticket), answer) = self.scheduler.next(self.now) {
            answers.push((ticket, answer.err().map(|failure| failure.kind)));
        }
        answers
    }

    /// The answers and the requests of now, in any order.
    fn answered_and_started(&mut self) -> (Vec<(u64, Option<Kind>)>, Vec<u32>) {
        let mut answers = Vec::new();
        let mut pages = Vec::new();
        loop {
            match self.scheduler.next(self.now) {
                Next::Response(Ticket(ticket), answer) => {
                    answers.push((ticket, answer.err().map(|failure| failure.kind)));
                }
                Next::Start { request: Request::List(query), .. } => pages.push(query.page),
                _ => return (answers, pages),
            }
        }
    }

    fn finish(&mut self, id: RequestId, outcome: Result<Response, ApiError>) -> Finished {
        self.scheduler.finished(id, outcome, self.now)
    }

    /// Advances to the time that the scheduler waits for.
    fn wait(&mut self) -> u64 {
        match self.scheduler.next(self.now) {
            Next::WaitUntil(at) if at > self.now => self.now = at,
            other => panic!("{other:?} at {}", self.now),
        }
        self.now
    }

    fn is_idle(&mut self) -> bool {
        matches!(self.scheduler.next(self.now), Next::Idle)
    }

    /// Starts an outage: five failures in a row, of which nobody waits for the last two.
    fn go_offline(&mut self) {
        for ticket in [901, 902] {
            self.submit(ticket, BACKGROUND);
            let id = self.start_one();
            self.finish(id, reset());
            assert_eq!(self.answered(), [(ticket, Some(Kind::Passing))]);
        }
        self.submit(903, VISIBLE);
        for _ in 0..3 {
            let id = loop {
                match self.scheduler.next(self.now) {
                    Next::Start { id, .. } => break id,
                    Next::WaitUntil(at) => self.now = at,
                    Next::Response(..) => {}
                    Next::Idle => panic!("nothing to send"),
                }
            };
            self.finish(id, reset());
        }
        assert_eq!(self.answered(), [(903, Some(Kind::Passing))]);
    }
}

#[test]
fn four_leave_at_once_by_priority_and_then_by_arrival() {
    let mut story = Story::new();
    for (ticket, priority) in
        [(1, BACKGROUND), (2, NEXT), (3, VISIBLE), (4, NEXT), (5, BACKGROUND), (6, VISIBLE)]
    {
        story.submit(ticket, priority);
    }
    let started = story.started();
    let pages: Vec<u32> = started.iter().map(|(_, page)| *page).collect();
    assert_eq!(pages, [3, 6, 2, 4]);
    assert!(story.is_idle());
    assert_eq!(story.finish(started[0].0, answer()), Finished::Done);
    assert_eq!(story.answered_and_started(), (vec![(3, None)], vec![1]));
}

#[test]
fn identical_requests_are_one_and_all_who_wait_are_answered() {
    let mut story = Story::new();
    let mut ask = |ticket, priority, now| {
        story.scheduler.submit(Ticket(ticket), priority, request(1), now);
    };
    ask(1, BACKGROUND, 0);
    ask(2, VISIBLE, 0);
    let id = story.start_one();
    story.scheduler.submit(Ticket(3), NEXT, request(1), 0);
    assert!(story.is_idle());
    assert_eq!(story.scheduler.cancel(Ticket(2)), None, "others still wait");
    assert!(matches!(story.finish(id, reset()), Finished::Retried(_)), "one of them was visible");
    story.now = 5_000;
    let id = story.start_one();
    story.finish(id, answer());
    assert_eq!(story.answered(), [(1, None), (3, None)]);
    assert!(story.is_idle());
}

#[test]
fn a_cancelled_ticket_drops_its_request_and_frees_its_place() {
    let mut story = Story::new();
    (1..=6).for_each(|ticket| story.submit(ticket, VISIBLE));
    let started = story.started();
    assert_eq!(story.scheduler.cancel(Ticket(5)), None, "it was queued");
    assert_eq!(story.scheduler.cancel(Ticket(2)), Some(started[1].0), "it is under way");
    assert_eq!(story.scheduler.cancel(Ticket(2)), None);
    assert_eq!(story.started().iter().map(|(_, page)| *page).collect::<Vec<_>>(), [6]);
    assert_eq!(story.finish(started[1].0, answer()), Finished::Cancelled);
    story.finish(started[0].0, answer());
    assert_eq!(story.scheduler.cancel(Ticket(1)), None, "its answer was not taken yet");
    assert!(story.answered().is_empty());
}

#[test]
fn what_the_user_waits_for_is_tried_three_times_and_the_rest_once() {
    let mut story = Story::new();
    story.submit(1, VISIBLE);
    let id = story.start_one();
    assert!(matches!(story.finish(id, status(503)), Finished::Retried(at) if at <= 300));
    story.now = 300;
    let id = story.start_one();
    assert!(matches!(story.finish(id, reset()), Finished::Retried(at) if at <= 900));
    story.now = 900;
    let id = story.start_one();
    assert_eq!(story.finish(id, status(503)), Finished::Done);
    assert_eq!(story.answered(), [(1, Some(Kind::Passing))]);
    for priority in [NEXT, BACKGROUND] {
        story.submit(2, priority);
        let id = story.start_one();
        assert_eq!(story.finish(id, status(503)), Finished::Done);
        assert_eq!(story.answered(), [(2, Some(Kind::Passing))]);
    }
}

#[test]
fn what_ran_ahead_is_held_back_until_the_user_waits_for_it() {
    let mut story = Story::new();
    for ticket in 1..=11 {
        story.submit(ticket, VISIBLE);
        let id = story.start_one();
        story.finish(id, answer());
        story.answered();
    }
    story.submit(12, NEXT);
    story.submit(13, BACKGROUND);
    assert!(story.started().is_empty(), "less than half of the budget is left");
    story.scheduler.promote(Ticket(12), story.now);
    let id = story.start_one();
    assert!(matches!(story.finish(id, reset()), Finished::Retried(_)), "and it is tried again");
    story.scheduler.promote(Ticket(99), story.now);
}

#[test]
fn a_slow_server_costs_an_action_45_seconds_at_most() {
    let mut story = Story::new();
    story.submit(1, VISIBLE);
    let id = story.start_one();
    story.now = 30_000;
    assert!(matches!(
        story.finish(id, failed(Cause::Transport(TransportError::Timeout))),
        Finished::Retried(_)
    ));
    story.now = 30_300;
    let Next::Start { id, within, .. } = story.scheduler.next(story.now) else { panic!() };
    assert_eq!(within, 14_700);
    story.now = 45_000;
    let timeout = failed(Cause::Transport(TransportError::Timeout));
    assert_eq!(story.finish(id, timeout), Finished::Done);
}

#[test]
fn local_failures_say_nothing_of_the_network() {
    let mut story = Story::new();
    for ticket in 1..=6 {
        story.submit(ticket, VISIBLE);
        let id = story.start_one();
        story.finish(id, failed(Cause::Internal));
        assert_eq!(story.answered(), [(ticket, Some(Kind::Internal))]);
    }
    assert_eq!(story.scheduler.network(0).offline_for, None);
    let accepted = Vec::new();
    let connected = Connection { message: Untrusted::new("hi"), accepted };
    story.submit(7, VISIBLE);
    let id = story.start_one();
    story.finish(id, Ok(Response::Connection(connected)));
    assert_eq!(story.answered(), [(7, None)]);
}
