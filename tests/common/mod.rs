//! A whole dashboard in a test: the real loop and worker, real HTTP to a sandbox, and a terminal
//! emulator that reads the bytes. Tests wait for text, never for time.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::panic,
    reason = "each test binary uses its own part, and a test fails by panicking"
)]

pub mod shapes;
pub mod still;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc as bytes;
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use valora::cli::sandbox::extra_lists;
use valora::clock::Clock;
use valora::config::Session;
use valora::domain::customer::CustomerKey;
use valora::filter::{FilterValue, ListQuery};
use valora::list::{Host, Spec};
use valora::net::budget::Pace;
use valora::net::client::Client;
use valora::net::client::PaymentsClients;
use valora::net::log::Log;
use valora::net::router::Router;
use valora::net::target::Target;
use valora::net::target::Token;
use valora::payments::subject::Hosts;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;
use valora::state::Store;
use valora::state::persisted::PersistedState;
use valora::tui::msg::Msg;
use valora::tui::msg::Now;
use valora::tui::screen::list::state::List;
use valora::tui::stack::Tui;
use valora::tui::terminal::background::Background;
use valora::tui::terminal::browser::Browser;
use valora::tui::terminal::event_loop::EventLoop;
use valora::tui::terminal::screen::Screen;
use valora::tui::terminal::session::TerminalControl;
use valora::tui::terminal::writer::Writer;

/// How long a text may take to appear before the test fails. Far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(20);

/// The day on which the stories of every test end.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

/// A sandbox whose data is the same in every run, without a limit on requests, and with every list.
pub fn options() -> Options {
    Options { limit: 0, extra: extra_lists(), ..Options::for_day(today()) }
}

/// The first page of a list under these filters.
pub fn filtered(spec: &'static Spec, typed: &[(&str, &str)]) -> ListQuery {
    let filters = typed.iter().map(|(name, typed)| FilterValue::named(spec, name, typed).unwrap());
    ListQuery::with_filters(spec, filters.collect(), today()).unwrap()
}

/// The target of a sandbox.
pub fn target(sandbox: &Sandbox) -> Target {
    Target::new(&sandbox.base_url(), Token::new(sandbox.token()).unwrap()).unwrap()
}

/// A client of a sandbox.
pub fn client(sandbox: &Sandbox) -> Client {
    Client::new(target(sandbox)).unwrap()
}

/// Clients of both Payments APIs of a sandbox.
pub fn side_clients(sandbox: &Sandbox) -> PaymentsClients {
    let tokens = sandbox.payments_tokens();
    let one = |host, base: String, token| side_client(host, &base, Token::jwt(token).unwrap());
    PaymentsClients {
        payments: Some(one(Host::Payments, sandbox.payments_url(), tokens.admin)),
        finance: Some(one(Host::Finance, sandbox.finance_url(), tokens.finance)),
    }
}

/// A client of a host under any token.
pub fn side_client(host: Host, base: &str, token: Token) -> Client {
    Client::for_host(host, Target::new(base, token).unwrap()).unwrap()
}

/// A runtime with room for the sandbox and the worker.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

struct ChannelWriter(bytes::Sender<Vec<u8>>);

impl Write for ChannelWriter {
    fn write(&mut self, frame: &[u8]) -> io::Result<usize> {
        self.0.send(frame.to_vec()).map_err(io::Error::other)?;
        Ok(frame.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A dashboard that runs.
pub struct Dashboard {
    /// Its server.
    pub sandbox: Sandbox,
    screen: vt100::Parser,
    raw: Vec<u8>,
    /// Milliseconds by which its clock is ahead.
    ahead: Arc<AtomicU64>,
    frames: bytes::Receiver<Vec<u8>>,
    messages: Option<mpsc::Sender<Msg>>,
    screen_thread: Option<JoinHandle<io::Result<()>>>,
    runtime: Option<Runtime>,
}

fn kept(store: Option<&Store>, session: &Session) -> PersistedState {
    store.map(|store| PersistedState::read(store, &session.customer)).unwrap_or_default()
}

fn session() -> Session {
    Session {
        environment: "TEST".to_owned(),
        place: "sandbox".to_owned(),
        is_production: false,
        customer: CustomerKey::demo(),
    }
}

/// A clock that a test can put forward.
fn ahead_of(clock: Clock, ahead: Arc<AtomicU64>) -> impl Fn() -> Now {
    move || {
        let now = clock.now();
        let passed = ahead.load(Ordering::SeqCst);
        let local = now.local + TimeDelta::milliseconds(passed.try_into().unwrap());
        Now { elapsed: now.elapsed + passed, local, ..now }
    }
}

fn terminal(
    frames: bytes::Sender<Vec<u8>>,
    size: (u16, u16),
) -> io::Result<Terminal<Screen<ChannelWriter>>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, size.0, size.1));
    let backend = Screen::new(ChannelWriter(frames), size);
    Terminal::with_options(backend, TerminalOptions { viewport })
}

fn tui(
    store: Option<&Store>,
    size: (u16, u16),
    now: Now,
    configured: Hosts,
    lists: &'static [&'static Spec],
) -> Tui {
    let session = session();
    let kept = kept(store, &session);
    let mut tui = Tui::new(session, kept, size, now);
    tui.cx.connect(configured);
    for spec in lists {
        tui.cx.add_list(List::new(spec));
    }
    tui
}

impl Dashboard {
    /// Starts a sandbox and a dashboard of `size` columns and rows on it.
    pub fn start(options: Options, size: (u16, u16)) -> Self {
        Self::start_with(options, size, None)
    }

    /// As [`Self::start`]; what is decided is kept in `store`, if there is one.
    pub fn start_with(options: Options, size: (u16, u16), store: Option<Store>) -> Self {
        Self::begin_with(options, size, store, |_| PaymentsClients::default(), &[])
    }

    /// The same with tabs for lists that the program does not know.
    pub fn with_lists(options: Options, size: (u16, u16), lists: &'static [&'static Spec]) -> Self {
        Self::begin_with(options, size, None, |_| PaymentsClients::default(), lists)
    }

    /// The same with both Payments APIs configured.
    pub fn with_payments(options: Options, size: (u16, u16)) -> Self {
        Self::begin(options, size, side_clients)
    }

    /// The same with clients of one's choice for the Payments APIs.
    pub fn begin(
        options: Options,
        size: (u16, u16),
        beside: impl FnOnce(&Sandbox) -> PaymentsClients,
    ) -> Self {
        Self::begin_with(options, size, None, beside, &[])
    }

    fn begin_with(
        options: Options,
        size: (u16, u16),
        store: Option<Store>,
        beside: impl FnOnce(&Sandbox) -> PaymentsClients,
        lists: &'static [&'static Spec],
    ) -> Self {
        let runtime = runtime();
        let is_limited = options.limit > 0;
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let client = client(&sandbox);
        let (sender, frames) = bytes::channel();
        let (messages, received) = mpsc::channel(64);
        // A sandbox without a limit needs no budget; the budget has tests of its own.
        let pace = if is_limited { Pace::Metered } else { Pace::Free };
        let beside = beside(&sandbox);
        let configured = beside.hosts();
        let network = {
            let _runtime = runtime.enter();
            Router::start(&Log::default(), pace, Some(client), beside)
        };
        let handle = runtime.handle().clone();
        let ahead = Arc::new(AtomicU64::new(0));
        let clock_ahead = Arc::clone(&ahead);
        let screen_thread = std::thread::spawn(move || {
            let clock = Clock::start();
            let tui = tui(store.as_ref(), size, clock.now(), configured, lists);
            let mut event_loop = EventLoop {
                hub: None,
                writes: Writer::new(None),
                terminal: terminal(sender, size)?,
                tui,
                clock: ahead_of(clock, clock_ahead),
                messages: received,
                network,
                background: Background::new(Browser::default(), store),
                switch: None,
                control: TerminalControl::NONE,
            };
            handle.block_on(event_loop.run())
        });
        Self {
            sandbox,
            screen: vt100::Parser::new(size.1.try_into().unwrap(), size.0.try_into().unwrap(), 0),
            raw: Vec::new(),
            ahead,
            frames,
            messages: Some(messages),
            screen_thread: Some(screen_thread),
            runtime: Some(runtime),
        }
    }

    /// Lets time pass without waiting for it.
    pub fn pass(&self, milliseconds: u64) {
        self.ahead.fetch_add(milliseconds, Ordering::SeqCst);
        self.send(Msg::Woken);
    }

    /// Presses keys, named as in the table of bindings, one after the other.
    pub fn press(&self, keys: &str) {
        for name in keys.split_whitespace() {
            self.send(Msg::Key(key(name)));
        }
    }

    /// Types a text, character by character.
    pub fn type_text(&self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        }
    }

    /// Sends an event.
    pub fn send(&self, msg: Msg) {
        self.messages.as_ref().unwrap().blocking_send(msg).unwrap();
    }

    /// Waits until the screen fulfils a condition; returns the screen.
    pub fn wait(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        loop {
            while let Ok(frame) = self.frames.try_recv() {
                self.take(&frame);
            }
            let shown = self.screen.screen().contents();
            if is_so(&shown) {
                return shown;
            }
            match self.frames.recv_timeout(DEADLINE) {
                Ok(frame) => self.take(&frame),
                Err(why) => panic!("{what} never came ({why}); the screen is\n{shown}"),
            }
        }
    }

    fn take(&mut self, frame: &[u8]) {
        self.raw.extend_from_slice(frame);
        self.screen.process(frame);
    }

    /// Every byte that was written to the terminal so far.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Forgets the bytes so far.
    pub fn forget_raw(&mut self) {
        self.raw.clear();
    }

    /// Tasks that have not ended, those of the sandbox too.
    pub fn alive_tasks(&self) -> usize {
        self.runtime.as_ref().map_or(0, |runtime| runtime.metrics().num_alive_tasks())
    }

    /// Waits until a text is on the screen; returns the screen.
    pub fn wait_for(&mut self, text: &str) -> String {
        self.wait(text, |shown| shown.contains(text))
    }

    /// Waits until a text is gone; returns the screen.
    pub fn wait_until_gone(&mut self, text: &str) -> String {
        self.wait(&format!("a screen without {text}"), |shown| !shown.contains(text))
    }

    /// Bytes that were written to the terminal since this was last asked.
    pub fn bytes_written(&mut self) -> usize {
        let frames: Vec<Vec<u8>> = self.frames.try_iter().collect();
        for frame in &frames {
            self.take(frame);
        }
        frames.iter().map(Vec::len).sum()
    }

    /// Waits until the loop has ended; returns how.
    pub fn ended(&mut self) -> io::Result<()> {
        self.screen_thread.take().unwrap().join().unwrap()
    }

    /// The requests of one path that arrived, as `path?query` below the base.
    pub fn requests(&self, path: &str) -> Vec<String> {
        let all = self.sandbox.requests();
        let below = all.iter().filter_map(|r| Some((r.path.strip_prefix("/api/v1/c/")?, &r.query)));
        below.filter(|(p, _)| *p == path).map(|(p, query)| format!("{p}?{query}")).collect()
    }
}

impl Drop for Dashboard {
    fn drop(&mut self) {
        self.messages.take();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A key by the name that the table of bindings gives it.
pub fn key(name: &str) -> KeyEvent {
    let none = KeyModifiers::NONE;
    match name {
        "enter" => KeyEvent::new(KeyCode::Enter, none),
        "esc" => KeyEvent::new(KeyCode::Esc, none),
        "tab" => KeyEvent::new(KeyCode::Tab, none),
        "shift-tab" => KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
        "pgdn" => KeyEvent::new(KeyCode::PageDown, none),
        "pgup" => KeyEvent::new(KeyCode::PageUp, none),
        "down" => KeyEvent::new(KeyCode::Down, none),
        "up" => KeyEvent::new(KeyCode::Up, none),
        "left" => KeyEvent::new(KeyCode::Left, none),
        "right" => KeyEvent::new(KeyCode::Right, none),
        "space" => KeyEvent::new(KeyCode::Char(' '), none),
        _ => match name.strip_prefix("ctrl-") {
            Some(letter) => KeyEvent::new(KeyCode::Char(first(letter)), KeyModifiers::CONTROL),
            None => KeyEvent::new(KeyCode::Char(first(name)), none),
        },
    }
}

fn first(text: &str) -> char {
    text.chars().next().unwrap()
}
