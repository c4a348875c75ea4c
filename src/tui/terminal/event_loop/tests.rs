//! The complete TUI on a paused clock, with a server that is down and then up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::backend::TestBackend;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::conciliation::Conciliation;
use crate::config::Session;
use crate::domain::customer::CustomerKey;
use crate::list::Host;
use crate::list::record::Record;
use crate::net::budget::Pace;
use crate::net::error::{ApiError, Cause};
use crate::net::log::Log;
use crate::net::request::Request;
use crate::net::response::{Limits, Page, Response};
use crate::net::schedule::Scheduler;
use crate::net::transport::TransportError;
use crate::net::worker::{Exchanger, Worker};
use crate::state::persisted::PersistedState;
use crate::tui::terminal::browser::Browser;
use crate::tui::terminal::event_loop::*;

/// A dashboard whose server fails until it is up.
struct Stage {
    is_up: Arc<AtomicBool>,
    sent: mpsc::UnboundedReceiver<(u64, Request)>,
    messages: mpsc::Sender<Msg>,
    screen: JoinHandle<String>,
}

/// What the server sends when it is up.
fn sent_by_server(request: &Request) -> Response {
    match request {
        Request::List(query) => {
            let json = r#"{"id":"7","booking_id":"BK700007","amount":5}"#;
            let (total, last) = (Some(1), Some(1));
            let rows = vec![Record::read(query.spec, json)];
            let per_page = query.per_page;
            Response::Page(Page { rows, total, current: 1, last, per_page })
        }
        Request::Booking(reference) => {
            Response::Booking(Box::new(Conciliation::read(reference, r#"{"debt":[{}]}"#).unwrap()))
        }
        _ => Response::Limits(Limits::default()),
    }
}

fn worker() -> Worker {
    Worker::new(Host::Customer, Scheduler::new(Pace::Metered, 7), Log::default())
}

impl Stage {
    fn new() -> Self {
        Self::with(TerminalControl::NONE)
    }

    fn with(control: TerminalControl) -> Self {
        let is_up = Arc::new(AtomicBool::new(false));
        let (log, sent) = mpsc::unbounded_channel();
        let (messages, received) = mpsc::channel(64);
        let began = Instant::now();
        let up = Arc::clone(&is_up);
        let (mut network, events) = Router::without_workers();
        let exchange: Exchanger = Box::new(move |request: Request| {
            let at = u64::try_from(began.elapsed().as_millis()).unwrap();
            log.send((at, request.clone())).unwrap();
            let is_up = up.load(Ordering::SeqCst);
            Box::pin(async move {
                let outcome = if is_up {
                    Ok(sent_by_server(&request))
                } else {
                    Err(ApiError::new(&request, Cause::Transport(TransportError::Reset)))
                };
                outcome.into()
            })
        });
        network.add(worker(), exchange, &events);
        drop(events);
        let clock = move || {
            let elapsed = u64::try_from(began.elapsed().as_millis()).unwrap();
            Now { elapsed, ..Now::default() }
        };
        let session = Session {
            environment: "TEST".to_owned(),
            place: "a test".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        let mut event_loop = EventLoop {
            hub: None,
            writes: Writer::new(None),
            terminal: Terminal::new(TestBackend::new(120, 24)).unwrap(),
            tui: Tui::new(session, PersistedState::default(), (120, 24), clock()),
            clock,
            messages: received,
            network,
            background: Background::new(Browser::default(), None),
            switch: None,
            control,
        };
        let screen = tokio::spawn(async move {
            event_loop.run().await.expect_err("it ends only with its terminal");
            event_loop.terminal.backend().to_string()
        });
        Self { is_up, sent, messages, screen }
    }

    async fn press(&self, letters: &str) {
        for letter in letters.chars() {
            let code = if letter == '\n' { KeyCode::Enter } else { KeyCode::Char(letter) };
            let key = KeyEvent::new(code, KeyModifiers::NONE);
            self.messages.send(Msg::Key(key)).await.unwrap();
        }
    }

    /// The requests sent within so many seconds.
    async fn sent_within(&mut self, seconds: u64) -> Vec<(u64, Request)> {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        std::iter::from_fn(|| self.sent.try_recv().ok()).collect()
    }

    async fn ended(self) -> String {
        self.messages.send(Msg::HungUp).await.unwrap();
        self.screen.await.unwrap()
    }
}

/// The pauses before each of these requests, in milliseconds.
fn pauses(before: u64, sent: &[(u64, Request)]) -> Vec<u64> {
    let times: Vec<u64> = std::iter::once(before).chain(sent.iter().map(|(at, _)| *at)).collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn are_promised(pauses: &[u64], promised: &[u64]) -> bool {
    pauses.len() == promised.len()
        && pauses.iter().zip(promised).all(|(pause, at)| (*at..=at + 5).contains(pause))
}

#[tokio::test(start_paused = true)]
async fn the_tries_that_the_header_promises_leave_and_the_rows_come_back_without_a_key() {
    let mut stage = Stage::new();
    let lost = stage.sent_within(4).await.last().unwrap().0;
    let probes = stage.sent_within(200).await;
    let promised = [5_000, 10_000, 20_000, 40_000, 60_000, 60_000];
    let found = pauses(lost, &probes);
    assert!(are_promised(&found, &promised), "{found:?}");
    for (_, request) in &probes {
        assert!(matches!(request, Request::List(query) if query.spec.key == "transactions"));
    }
    stage.is_up.store(true, Ordering::SeqCst);
    let back = stage.sent_within(60).await;
    assert!(back.len() > 1, "the counts of the other lists follow: {back:?}");
    let screen = stage.ended().await;
    assert!(screen.contains("BK700007") && !screen.contains("offline"), "{screen}");
    assert!(!screen.contains("could not be loaded"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn the_booking_on_the_screen_is_the_one_try_and_comes_back_with_its_sources() {
    let mut stage = Stage::new();
    stage.press("bBK700007\n").await;
    stage.sent_within(60).await;
    let probes = stage.sent_within(200).await;
    assert!((3..=5).contains(&probes.len()), "{probes:?}");
    for (_, request) in &probes {
        assert!(matches!(request, Request::Booking(_)), "{request:?}");
    }
    stage.is_up.store(true, Ordering::SeqCst);
    let back = stage.sent_within(61).await;
    assert!(matches!(back[0].1, Request::Booking(_)), "{back:?}");
    assert!(back.len() > 1, "its sources follow: {back:?}");
    let screen = stage.ended().await;
    assert!(screen.contains("BK700007") && !screen.contains("offline"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_tried_for_an_empty_chair_and_the_next_key_goes_on() {
    let mut stage = Stage::new();
    stage.sent_within(900).await;
    assert_eq!(stage.sent_within(24 * 3_600).await.len(), 0);
    stage.press("j").await;
    assert_eq!(stage.sent_within(1).await.len(), 1, "any key tries again");
    stage.is_up.store(true, Ordering::SeqCst);
    stage.sent_within(61).await;
    let screen = stage.ended().await;
    assert!(screen.contains("BK700007") && !screen.contains("offline"), "{screen}");

    let mut stage = Stage::new();
    stage.sent_within(1_000).await;
    let screen = stage.ended().await;
    assert!(screen.contains("offline, press any key to retry"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_is_well_costs_nothing() {
    let mut stage = Stage::new();
    stage.is_up.store(true, Ordering::SeqCst);
    assert!(!stage.sent_within(10).await.is_empty());
    assert_eq!(stage.sent_within(24 * 3_600).await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn why_a_copy_failed_is_shown_to_its_end_however_long_it_is() {
    let copy = |_: &str| {
        let words = "this terminal takes no text from programs that run inside it ".repeat(3);
        Err(io::Error::other(words + "(its last word)"))
    };
    let mut stage = Stage::with(TerminalControl { copy, ..TerminalControl::NONE });
    stage.is_up.store(true, Ordering::SeqCst);
    stage.sent_within(10).await;
    stage.press("y").await;
    stage.sent_within(1).await;
    let screen = stage.ended().await;
    assert!(screen.contains("Not copied: ") && screen.contains("last word)"), "{screen}");
}
