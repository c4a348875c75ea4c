//! The worker with a paused clock, against a small server that answers in virtual time.
//!
//! Real sockets are tested elsewhere: while a paused clock waits for one, it skips to the next
//! timeout.

mod sessions;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::domain::failure::{Failure, Kind};
use crate::filter::ListQuery;
use crate::list::Spec;
use crate::net::breaker::RateWindow;
use crate::net::budget::Pace;
use crate::net::error::{Limited, Refusal};
use crate::net::request::{Priority, Ticket};
use crate::net::response::{NetState, Page, Response};
use crate::net::worker::*;

type Outcome = Result<Response, ApiError>;

/// The worker under test and both ends of its channels.
struct Bench {
    commands: Option<mpsc::UnboundedSender<NetCommand>>,
    events: mpsc::Receiver<NetEvent>,
    worker: JoinHandle<()>,
    sent: Arc<AtomicUsize>,
    under_way: Arc<AtomicUsize>,
    began: Instant,
}

/// Counts down when the request ends or is aborted.
struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn request(page: u32) -> Request {
    Request::List(ListQuery::new(Spec::named("debt").unwrap()).page(page, 100))
}

fn page_of(request: &Request) -> u32 {
    match request {
        Request::List(query) => query.page,
        _ => 0,
    }
}

fn page(current: u32) -> Response {
    Response::Page(Page { rows: Vec::new(), total: None, current, last: None, per_page: 100 })
}

fn status(request: &Request, status: u16) -> ApiError {
    let refusal = Refusal { status, ..Refusal::default() };
    ApiError::new(request, Cause::Refused(refusal))
}

fn limited(request: &Request, seconds: u64) -> ApiError {
    let (window, resets_in) = (Some(RateWindow::Minute), Some(seconds));
    ApiError::new(request, Cause::Limited(Limited { window, resets_in, ..Limited::default() }))
}

fn worker() -> Worker {
    Worker::new(Host::Customer, Scheduler::new(Pace::Metered, 7), Log::default())
}

/// A session, and the other ends of its channels.
fn session(
    exchange: Exchanger,
) -> (WorkerSession, mpsc::UnboundedSender<NetCommand>, mpsc::Receiver<NetEvent>) {
    let (commands, received) = mpsc::unbounded_channel();
    let (sender, events) = mpsc::channel(256);
    let log = Log::default();
    (WorkerSession { exchange, commands: received, events: sender, log }, commands, events)
}

impl Bench {
    /// The server answers after `lasts` milliseconds with `reply`, which receives the number of earlier
    /// requests.
    fn new(lasts: u64, reply: fn(usize, &Request) -> Outcome) -> Self {
        let sent = Arc::new(AtomicUsize::new(0));
        let under_way = Arc::new(AtomicUsize::new(0));
        let (count, flying) = (Arc::clone(&sent), Arc::clone(&under_way));
        let exchange: Exchanger = Box::new(move |request: Request| {
            let before = count.fetch_add(1, Ordering::SeqCst);
            flying.fetch_add(1, Ordering::SeqCst);
            let guard = UnderWay(Arc::clone(&flying));
            Box::pin(async move {
                let _guard = guard;
                tokio::time::sleep(Duration::from_millis(lasts)).await;
                reply(before, &request).into()
            })
        });
        let (sessions, arrivals) = mpsc::unbounded_channel();
        let (session, commands, events) = session(exchange);
        sessions.send(session).unwrap();
        let worker = tokio::spawn(worker().serve(arrivals));
        let commands = Some(commands);
        Self { commands, events, worker, sent, under_way, began: Instant::now() }
    }

    fn fetch(&self, ticket: u64, priority: Priority, page: u32) {
        self.send(NetCommand::Send(Ticket(ticket), priority, request(page)));
    }

    fn cancel(&self, ticket: u64) {
        self.send(NetCommand::Cancel(Ticket(ticket)));
    }

    fn send(&self, command: NetCommand) {
        self.commands.as_ref().unwrap().send(command).unwrap();
    }

    /// The next answer; skips network states.
    async fn answer(&mut self) -> (u64, Result<Response, Failure>) {
        loop {
            if let NetEvent::Response(Ticket(ticket), answer) = self.events.recv().await.unwrap() {
                return (ticket, answer);
            }
        }
    }

    /// The next network state; skips answers.
    async fn network(&mut self) -> NetState {
        loop {
            if let NetEvent::State(network) = self.events.recv().await.unwrap() {
                return network;
            }
        }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap()
    }

    /// Runs everything that can run without time passing.
    async fn settle(&self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_ticket_gets_its_answer_and_the_footer_its_figures_before_it() {
    let mut bench = Bench::new(20, |_, request| Ok(page(page_of(request))));
    let first = bench.network().await;
    assert_eq!((first.left, first.ready), (None, 20), "the server has not said its limit");
    bench.fetch(1, Priority::Visible, 3);
    bench.fetch(2, Priority::Background, 3);
    let NetEvent::State(network) = bench.events.recv().await.unwrap() else { panic!() };
    assert_eq!((network.left, network.ready), (None, 19), "one request for both tickets");
    for ticket in [1, 2] {
        let (answered, answer) = bench.answer().await;
        assert!(matches!(answer, Ok(Response::Page(page)) if page.current == 3));
        assert_eq!(answered, ticket);
    }
    assert_eq!(bench.elapsed(), 20);
    assert_eq!(bench.sent.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn four_go_at_once_and_a_burst_is_paced() {
    let mut bench = Bench::new(10, |_, request| Ok(page(page_of(request))));
    for ticket in 1..=24 {
        bench.fetch(ticket, Priority::Visible, u32::try_from(ticket).unwrap());
    }
    bench.settle().await;
    assert_eq!(bench.under_way.load(Ordering::SeqCst), 4);
    let mut answered = BTreeMap::new();
    while answered.len() < 24 {
        let (ticket, _) = bench.answer().await;
        assert!(answered.insert(ticket, bench.elapsed()).is_none(), "answered once");
    }
    assert_eq!(answered[&20], 50, "twenty at once, four by four");
    assert_eq!(answered[&24], 4 * 750 + 10);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_ticket_is_aborted_and_never_answered() {
    let mut bench = Bench::new(1_000, |_, request| Ok(page(page_of(request))));
    bench.fetch(1, Priority::Visible, 1);
    bench.settle().await;
    bench.fetch(2, Priority::Visible, 2);
    bench.cancel(1);
    bench.settle().await;
    assert_eq!(bench.under_way.load(Ordering::SeqCst), 1);
    assert_eq!(bench.answer().await.0, 2);
    // A cancellation that arrives together with the end of the request is handled first.
    bench.fetch(3, Priority::Visible, 3);
    bench.fetch(4, Priority::Visible, 4);
    bench.settle().await;
    tokio::time::advance(Duration::from_secs(1)).await;
    bench.cancel(3);
    assert_eq!(bench.answer().await.0, 4);
    bench.commands = None;
    while let Some(event) = bench.events.recv().await {
        assert!(matches!(event, NetEvent::State(_)), "{event:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure_and_the_worker_lives_on() {
    let mut bench = Bench::new(5, |before, request| {
        assert!(before > 0, "broken");
        Ok(page(page_of(request)))
    });
    bench.fetch(1, Priority::Visible, 1);
    let (ticket, answer) = bench.answer().await;
    assert_eq!((ticket, answer.unwrap_err().kind), (1, Kind::Internal));
    bench.fetch(2, Priority::Visible, 1);
    assert!(bench.answer().await.1.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_passing_error_is_tried_again_before_anybody_hears_of_it() {
    let mut bench = Bench::new(5, |before, request| {
        if before < 2 { Err(status(request, 503)) } else { Ok(page(page_of(request))) }
    });
    bench.fetch(1, Priority::Visible, 1);
    assert!(bench.answer().await.1.is_ok());
    assert!(bench.elapsed() <= 15 + 300 + 600);
    assert_eq!(bench.sent.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn a_limit_is_shown_with_its_end_waited_out_and_shown_to_be_over() {
    let mut bench = Bench::new(5, |before, request| {
        if before == 0 { Err(limited(request, 30)) } else { Ok(page(page_of(request))) }
    });
    bench.network().await;
    bench.fetch(1, Priority::Visible, 1);
    let closed = bench.network().await;
    assert!((30_000..=31_000).contains(&closed.limited_for.unwrap()), "{closed:?}");
    assert_eq!(closed.left, closed.limited_for.map(|wait| (0, wait)));
    let opening = bench.network().await;
    assert_eq!(opening.limited_for, None);
    assert!(bench.answer().await.1.is_ok());
    assert!((30_010..=31_010).contains(&bench.elapsed()));
}

#[tokio::test(start_paused = true)]
async fn a_lost_network_is_shown_and_nothing_is_sent_while_nobody_asks() {
    let mut bench = Bench::new(5, |before, request| {
        let reset = Err(ApiError::new(request, Cause::Transport(TransportError::Reset)));
        if before < 6 { reset } else { Ok(page(page_of(request))) }
    });
    bench.network().await;
    for ticket in [1, 2] {
        bench.fetch(ticket, Priority::Visible, 1);
        assert!(bench.answer().await.1.is_err(), "three attempts each");
    }
    let began = bench.elapsed();
    assert!((5_000..7_000).contains(&began), "the last was a probe: {began}");
    tokio::time::advance(Duration::from_secs(3_600)).await;
    bench.settle().await;
    assert_eq!(bench.sent.load(Ordering::SeqCst), 6);
    assert!(bench.events.try_recv().is_err(), "idle is silent");
    bench.fetch(3, Priority::Visible, 1);
    let (network, answer) = (bench.network().await, bench.answer().await.1);
    assert_eq!(network.offline_for, Some(0), "tried at once");
    assert!(answer.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_never_outlasts_its_action() {
    let mut bench = Bench::new(40_000, |_, request| Err(status(request, 503)));
    bench.fetch(1, Priority::Visible, 1);
    assert_eq!(bench.answer().await.1.unwrap_err().kind, Kind::Passing);
    assert_eq!(bench.elapsed(), 45_000);
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_the_commands_or_the_events_and_aborts_what_is_under_way() {
    let mut bench = Bench::new(1_000, |_, request| Ok(page(page_of(request))));
    bench.fetch(1, Priority::Visible, 1);
    bench.settle().await;
    bench.commands = None;
    bench.worker.await.unwrap();
    assert_eq!(bench.under_way.load(Ordering::SeqCst), 0);
    assert_eq!(bench.began.elapsed(), Duration::ZERO);

    let bench = Bench::new(1_000, |_, request| Ok(page(page_of(request))));
    bench.fetch(1, Priority::Visible, 1);
    bench.settle().await;
    drop(bench.events);
    bench.worker.await.unwrap();
    assert_eq!(bench.under_way.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_nobody_knows_is_cancelled_without_harm() {
    let mut bench = Bench::new(5, |_, request| Ok(page(page_of(request))));
    bench.cancel(9);
    bench.fetch(1, Priority::Next, 1);
    assert_eq!(bench.answer().await.0, 1);
}
