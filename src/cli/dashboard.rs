//! The dashboard: builds the runtime, points it at a server, and runs the screen.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::exit_code::Exit;
use super::switch::{self, Customer};
use crate::clock::Clock;
use crate::config::Environment;
use crate::config::Session;
use crate::net::budget::Pace;
use crate::net::log::Log;
use crate::net::pool::Pool;
use crate::net::transport::BuildError;
use crate::payments::subject::Hosts;
use crate::process::shutdown;
use crate::sandbox::Sandbox;
use crate::state::Store;
use crate::state::persisted::PersistedState;
use crate::tui::looks::Looks;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::terminal::background::Background;
use crate::tui::terminal::browser::Browser;
use crate::tui::terminal::event_loop::EventLoop;
use crate::tui::terminal::session::{RealTerminal, TerminalControl, TerminalGuard, WORKER_THREAD};
use crate::tui::terminal::{input, suspend, watchdog};

/// Messages that may queue for the screen before their senders wait.
const QUEUED: usize = 1_024;

/// How long a thread for what blocks waits for more of it.
const KEPT_ALIVE: Duration = Duration::from_millis(100);

/// How long the end waits for what was asked for last.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Whom the dashboard shows first, and what lives as long as it.
pub(super) struct Start {
    pub(super) customer: Customer,
    pub(super) pace: Pace,
    /// Where other customers are found; none of the demo.
    pub(super) environment: Option<Environment>,
    /// The server itself, where it is ours.
    pub(super) sandbox: Option<Sandbox>,
}

/// Runs the dashboard.
pub(super) fn run(
    looks: Looks,
    log: Log,
    start: impl FnOnce(&Handle) -> anyhow::Result<Start>,
) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        let text = "the dashboard needs a terminal on standard output; start it without a pipe";
        return Err(Exit::usage(text).into());
    }
    let runtime = runtime()?;
    let start = start(runtime.handle())?;
    let result = runtime.block_on(show(start.customer, looks, log, start.pace, start.environment));
    drop(start.sandbox);
    // Requests under way are not waited for; a file that is being written is.
    runtime.shutdown_timeout(LAST_WORDS);
    result
}

pub(super) fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).thread_name(WORKER_THREAD).enable_all();
    // A thread that waits for more to do wakes once more to find that there is nothing.
    builder.thread_keep_alive(KEPT_ALIVE);
    builder.build().context("the runtime cannot be started")
}

async fn show(
    first: Customer,
    looks: Looks,
    log: Log,
    pace: Pace,
    environment: Option<Environment>,
) -> anyhow::Result<()> {
    let (messages, received) = mpsc::channel(QUEUED);
    let (guard, terminal) = taken(&messages)?;
    let size = terminal.size().context("the terminal has no size")?;
    let (clock, store) = (Clock::start(), swept());
    let background = || Background::new(Browser::of_process(), store.clone());
    let mut pool = Pool::new(log, pace);
    let hosts = first.payments.hosts();
    let network = pool.connect(&first.session.customer, first.target, first.payments);
    let found = environment.map(|environment| switch::find_beside(environment, messages.clone()));
    let (wishes, mut found) = found.unzip();
    let session = (first.session, first.profiles, hosts);
    let mut event_loop = EventLoop {
        terminal,
        tui: tui((session, looks), store.as_ref(), (size.width, size.height), clock.now()),
        clock: move || clock.now(),
        messages: received,
        network,
        background: background(),
        switch: wishes,
        control: TerminalControl::REAL,
    };
    let result = loop {
        let next = tokio::select! {
            result = event_loop.run() => break result,
            Some(next) = next_of(found.as_mut()) => next,
        };
        // The switch was cancelled, or another profile was chosen since.
        if event_loop.tui.cx.switching != next.session.customer.profile() {
            continue;
        }
        // Nothing of the customer before is on its way any more when the next one is shown. What the
        // server says to the requests that have left is still learned by the customer's worker.
        let hosts = next.payments.hosts();
        event_loop.network = pool.connect(&next.session.customer, next.target, next.payments);
        event_loop.background = background();
        if switch::forget_queued(&mut event_loop.messages) {
            return Ok(());
        }
        let size = event_loop.terminal.size();
        let size = size.map_or(event_loop.tui.cx.size, |size| (size.width, size.height));
        let session = (next.session, next.profiles, hosts);
        let looks = event_loop.tui.cx.looks.clone();
        event_loop.tui = tui((session, looks), store.as_ref(), size, clock.now());
        event_loop.tui.cx.notice = switch::arrived(&event_loop.tui);
    };
    drop((guard, event_loop));
    result.or_else(|error| match error.downcast::<BuildError>() {
        Ok(error) => Err(error).context("the HTTP client cannot be set up"),
        Err(error) => Err(error).context("the screen failed"),
    })
}

/// The folders of this user; what killed sessions have left in them is removed meanwhile.
fn swept() -> Option<Store> {
    let store = Store::of_process();
    if let Some(store) = store.clone() {
        spawn_blocking(move || store.sweep());
    }
    store
}

/// Takes the terminal: its signals, its end, its keys.
fn taken(messages: &mpsc::Sender<Msg>) -> anyhow::Result<(TerminalGuard, RealTerminal)> {
    shutdown::end_on_signals().context("signals cannot be handled")?;
    let taken = TerminalGuard::enter().context("the terminal cannot be used")?;
    watchdog::end_on_hangup().context("the terminal cannot be watched")?;
    suspend::listen(messages).context("signals cannot be handled")?;
    input::listen(messages.clone()).context("keys cannot be read")?;
    Ok(taken)
}

async fn next_of(found: Option<&mut mpsc::Receiver<Customer>>) -> Option<Customer> {
    found?.recv().await
}

fn tui(
    ((session, profiles, hosts), looks): ((Session, Vec<String>, Hosts), Looks),
    store: Option<&Store>,
    size: (u16, u16),
    now: Now,
) -> Tui {
    let kept = store.map(|store| PersistedState::read(store, &session.customer));
    let mut tui = Tui::new(session, kept.unwrap_or_default(), size, now);
    tui.cx.profiles = profiles;
    tui.cx.looks = looks;
    tui.cx.connect(hosts);
    tui
}
