//! The dashboard: builds the runtime, points it at a server, and runs the screen.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinError, JoinHandle, spawn_blocking};

use super::switch::{self, Customer, way_to};
use crate::clock::Clock;
use crate::config::Environment;
use crate::config::Session;
use crate::domain::customer::CustomerKey;
use crate::net::budget::Pace;
use crate::net::client::Client;
use crate::net::hosts::Lines;
use crate::net::log::Log;
use crate::net::pool::{Pool, Vacancy};
use crate::net::side::SideClients;
use crate::net::target::Target;
use crate::net::transport::BuildError;
use crate::net::worker::World;
use crate::payments::wanted::Hosts;
use crate::process::shutdown;
use crate::sandbox::Sandbox;
use crate::state::Store;
use crate::state::persisted::PersistedState;
use crate::state::writer::StateWriter;
use crate::tui::effect::Effect;
use crate::tui::looks::Looks;
use crate::tui::msg::{Msg, Now};
use crate::tui::stack::Tui;
use crate::tui::terminal::event_loop::EventLoop;
use crate::tui::terminal::job::JobControl;
use crate::tui::terminal::link::Opener;
use crate::tui::terminal::screen::drawn;
use crate::tui::terminal::session::{RealTerminal, TerminalGuard, WORKER_THREAD};
use crate::tui::terminal::{input, job, session as terminal, watchdog};

/// Messages that may queue for the screen before their senders wait.
const QUEUED: usize = 1_024;

/// How long a thread for what blocks waits for more of it.
const KEPT_ALIVE: Duration = Duration::from_millis(100);

/// How long the end waits for what was asked for last.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The program was started where there is no terminal.
#[derive(Debug, thiserror::Error)]
#[error("the dashboard needs a terminal on standard output; start it without a pipe")]
pub(super) struct NoTerminal;

pub(super) struct Pointed {
    pub(super) target: Target,
    pub(super) session: Session,
    /// The clients of the Payments APIs.
    pub(super) side: SideClients,
    pub(super) pace: Pace,
    /// Where other customers are found; none of the demo.
    pub(super) environment: Option<Environment>,
    /// The server itself, where it is ours: it lives as long as the dashboard.
    pub(super) sandbox: Option<Sandbox>,
}

/// Runs the dashboard on the server that `point` gives.
pub(super) fn run(
    looks: Looks,
    log: Log,
    point: impl FnOnce(&Handle) -> anyhow::Result<Pointed>,
) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        return Err(NoTerminal.into());
    }
    let runtime = runtime()?;
    let pointed = point(runtime.handle())?;
    let profiles = pointed.environment.as_ref().map(switch::names).unwrap_or_default();
    let first =
        Customer { target: pointed.target, side: pointed.side, session: pointed.session, profiles };
    let world = World { log, opener: Opener::of_process() };
    let result = runtime.block_on(show(first, looks, world, pointed.pace, pointed.environment));
    drop(pointed.sandbox);
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
    world: World,
    pace: Pace,
    environment: Option<Environment>,
) -> anyhow::Result<()> {
    let (messages, received) = mpsc::channel(QUEUED);
    let (guard, terminal) = taken(&messages)?;
    let size = terminal.size().context("the terminal has no size")?;
    let (clock, store, hosts) = (Clock::start(), swept(), first.side.hosts());
    let mut pool = Pool::new(world, pace);
    let mut begin = |customer: &CustomerKey, target, side| {
        let (told, way) = way_to(messages.clone());
        let writer = store.clone().map(|store| {
            let told = told.clone();
            // A screen that is gone needs no word of it.
            StateWriter::start(store, move |event| _ = told.blocking_send(event.into()))
        });
        (work(pool.lines(customer, &target, side), target, told), way, writer)
    };
    let ((effects, mut worker, mut watcher), mut way, writer) =
        begin(&first.session.customer, first.target, first.side);
    let found = environment.map(|environment| switch::find_beside(environment, messages.clone()));
    let (wishes, mut found) = found.unzip();
    let session = (first.session, first.profiles, hosts);
    let mut event_loop = EventLoop {
        terminal,
        tui: tui((session, looks), store.as_ref(), (size.width, size.height), clock.now()),
        mouse: terminal::mouse,
        clock: move || clock.now(),
        messages: received,
        effects,
        writer,
        copy: terminal::copy,
        switch: wishes,
        job: JobControl::of_process(),
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
        // Nothing of the customer before is on its way any more when the next one is shown: what is
        // still being made for it, such as rows in another order, finds the way closed. What the
        // server says to the requests that have left is still learned by the customer's worker.
        worker.abort();
        let _ended = (&mut watcher).await;
        way.close().await;
        let is_over = switch::forget_queued(&mut event_loop.messages);
        event_loop.writer = None;
        if switch::forget_queued(&mut event_loop.messages) || is_over {
            return Ok(());
        }
        let hosts = next.side.hosts();
        ((event_loop.effects, worker, watcher), way, event_loop.writer) =
            begin(&next.session.customer, next.target, next.side);
        let size = event_loop.terminal.size();
        let size = size.map_or(event_loop.tui.cx.size, |size| drawn((size.width, size.height)));
        let session = (next.session, next.profiles, hosts);
        let looks = event_loop.tui.cx.looks.clone();
        event_loop.tui = tui((session, looks), store.as_ref(), size, clock.now());
        event_loop.tui.cx.notice = switch::arrived(&event_loop.tui);
    };
    // The worker ends with the screen; what it was told last, such as an export, is begun before.
    drop((guard, event_loop));
    if let Ok(Ok(Some(error))) = tokio::time::timeout(LAST_WORDS, watcher).await {
        return Err(error).context("the HTTP client cannot be set up");
    }
    result.context("the screen failed")
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
    job::stop_on_signal().context("signals cannot be handled")?;
    job::tell_of_continuing(messages.clone()).context("signals cannot be handled")?;
    input::listen(messages.clone()).context("keys cannot be read")?;
    Ok(taken)
}

async fn next_of(found: Option<&mut mpsc::Receiver<Customer>>) -> Option<Customer> {
    found?.recv().await
}

/// Why the client could not be set up, if that is so.
type Ending = JoinHandle<Option<BuildError>>;

/// Starts to send the requests of a customer; ends when the sender of effects is dropped.
fn work(
    (lines, vacancy): (Lines, Option<Vacancy>),
    target: Target,
    messages: mpsc::Sender<Msg>,
) -> (mpsc::UnboundedSender<Effect>, AbortHandle, Ending) {
    let (effects, wanted) = mpsc::unbounded_channel();
    let told = messages.clone();
    let worker = tokio::spawn(async move {
        if let Some(vacancy) = vacancy {
            // To read the system's certificates takes longer than to draw the first frame.
            match spawn_blocking(move || Client::new(target)).await? {
                Ok(client) => vacancy.fill(client),
                Err(error) => return Ok(Some(error)),
            }
        }
        lines.run(wanted, messages).await;
        Ok::<_, JoinError>(None)
    });
    let abort = worker.abort_handle();
    let watcher = tokio::spawn(async move {
        let (msg, unusable) = match worker.await {
            Ok(Ok(None)) => return None,
            Ok(Ok(Some(error))) => (Msg::Ended, Some(error)),
            // It was stopped; a panic of it ends the program.
            Ok(Err(_stopped)) | Err(_stopped) => return None,
        };
        // A screen that is gone needs no word of it.
        let _ = told.send(msg).await;
        unusable
    });
    (effects, abort, watcher)
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
