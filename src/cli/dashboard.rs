//! The dashboard: builds the runtime, points it at a server, and runs the screen.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::Context;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;

use crate::api::budget::Pace;
use crate::api::client::Client;
use crate::api::target::Target;
use crate::app::model::{Model, Session};
use crate::app::msg::Msg;
use crate::runtime::clock::Clock;
use crate::runtime::event_loop::EventLoop;
use crate::runtime::job::{self, JobControl};
use crate::runtime::keeper::{self, Keeper};
use crate::runtime::link::Opener;
use crate::runtime::log::Log;
use crate::runtime::terminal::{self, TerminalGuard, WORKER_THREAD};
use crate::runtime::watchdog;
use crate::runtime::worker::{self, World};
use crate::sandbox::Sandbox;
use crate::store::Store;
use crate::ui::theme::Theme;

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

/// Where the dashboard is pointed.
pub(super) struct Pointed {
    pub(super) target: Target,
    pub(super) session: Session,
    /// How fast requests may leave.
    pub(super) pace: Pace,
    /// The server itself, where it is ours: it lives as long as the dashboard.
    pub(super) sandbox: Option<Sandbox>,
}

/// Runs the dashboard on the server that `point` gives.
pub(super) fn run(
    log: Log,
    point: impl FnOnce(&Handle) -> anyhow::Result<Pointed>,
) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        return Err(NoTerminal.into());
    }
    let runtime = runtime()?;
    let pointed = point(runtime.handle())?;
    let result = runtime.block_on(show(pointed.target, pointed.session, pointed.pace, log));
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

async fn show(target: Target, session: Session, pace: Pace, log: Log) -> anyhow::Result<()> {
    let (messages, received) = mpsc::channel(QUEUED);
    let (effects, wanted) = mpsc::unbounded_channel();
    terminal::end_on_signals().context("signals cannot be handled")?;
    let (guard, terminal) = TerminalGuard::enter().context("the terminal cannot be used")?;
    watchdog::end_on_hangup().context("the terminal cannot be watched")?;
    job::tell_of_continuing(messages.clone()).context("signals cannot be handled")?;
    terminal::read_input(messages.clone());
    let told = messages.clone();
    let world = World { log, opener: Opener::of_process() };
    // To read the system's certificates takes longer than to draw the first frame.
    let building = tokio::task::spawn_blocking(move || Client::new(target));
    let (unusable, mut failed) = oneshot::channel();
    let worker = tokio::spawn(async move {
        match building.await? {
            Ok(client) => worker::run_in(world, pace, client, wanted, messages).await,
            Err(error) => {
                // Whoever waits for it is this function, below.
                let _ = unusable.send(error);
                let _ = messages.send(Msg::Ended).await;
            }
        }
        Ok::<(), JoinError>(())
    });
    let gone = told.clone();
    let watcher = tokio::spawn(async move {
        if !matches!(worker.await, Ok(Ok(()))) {
            let text = "Requests have stopped because of a fault of valora's own: press q and start \
                        it again.";
            // A screen that is gone needs no word of it.
            let _ = gone.send(Msg::Told(text.to_owned())).await;
        }
    });
    let size = terminal.size().context("the terminal has no size")?;
    let clock = Clock::start();
    let store = Store::of_process();
    let mut kept = store.as_ref().map(keeper::read).unwrap_or_default();
    if let Some(store) = &store {
        keeper::recall(store, &session.customer, &mut kept);
    }
    let keeper = store.map(|store| Keeper::start(store, told));
    let model = Model::new(session, kept, (size.width, size.height), clock.now());
    let event_loop = EventLoop {
        terminal,
        model,
        theme: theme(),
        clock: move || clock.now(),
        messages: received,
        effects,
        keeper,
        copy: terminal::copy,
        job: JobControl::of_process(),
    };
    let result = event_loop.run().await;
    drop(guard);
    // The worker ends with the screen; what it was told last, such as an export, is begun before.
    let _ = tokio::time::timeout(LAST_WORDS, watcher).await;
    if let Ok(error) = failed.try_recv() {
        return Err(error).context("the HTTP client cannot be set up");
    }
    result.context("the screen failed")
}

/// `NO_COLOR` set to anything but nothing, and terminals without colours, get none.
fn theme() -> Theme {
    let has = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term == "vt100");
    if has("NO_COLOR") || is_dumb { Theme::mono() } else { Theme::ansi() }
}
