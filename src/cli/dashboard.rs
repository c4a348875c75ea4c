//! Runs the dashboard, and switches to other customers while it runs.

mod switch;

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc::{self, Sender};
use tokio::task::spawn_blocking;

use super::exit_code::Exit;
use super::settings::{self, LooksFlags};
use super::{Cx, warn};
use crate::clock::Clock;
use crate::config::payments::for_start;
use crate::config::profile::Settings;
use crate::config::{ConfigError, Environment, Session};
use crate::hub::pool::{Pool, SharedPool};
use crate::net::budget::Pace;
use crate::net::client::PaymentsClients;
use crate::net::log::Log;
use crate::net::target::Target;
use crate::net::transport::BuildError;
use crate::process::shutdown;
use crate::sandbox::Sandbox;
use crate::state::Store;
use crate::tui::landing::Landing;
use crate::tui::msg::Msg;
use crate::tui::terminal::event_loop::EventLoop;
use crate::tui::terminal::session::{RealTerminal, TerminalControl, TerminalGuard, WORKER_THREAD};
use crate::tui::terminal::writer::Writer;
use crate::tui::terminal::{input, suspend, watchdog};
use crate::tui::theme::Looks;
use crate::writes::engine::Engine;

use switch::{Screens, find_in_background};

/// Messages that may queue for the screen before their senders wait.
const QUEUED: usize = 1_024;
const THREAD_KEEP_ALIVE: Duration = Duration::from_millis(100);
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// After the lines of these writes.
const UNSEEN: &str = "valora ended before it showed the outcome of a write";

/// What is shown first.
pub(super) enum First {
    Customer(Box<Customer>),
    /// Several profiles, and none of them was named.
    Customers(Box<Settings>),
}

pub(super) fn run(looks: &LooksFlags, cx: &Cx) -> anyhow::Result<()> {
    let first = match cx.find() {
        Err(ConfigError::Several(_)) if std::io::stdout().is_terminal() => {
            let settings = Settings::read(cx.environment.store.as_ref())?;
            settings.warnings().iter().for_each(|warning| warn(warning));
            if cx.has_write {
                warn("--write has no effect without --profile: writes are locked in each profile");
            }
            First::Customers(Box::new(settings))
        }
        found => {
            let found = found?;
            found.warnings.iter().chain(&found.token_warning).for_each(|warning| warn(warning));
            let (payments, unused) = for_start(&cx.environment, found.profile.as_deref())?;
            if let Some(unused) = unused {
                warn(&unused);
            }
            let engine = |profile: String| {
                let clock = Clock::start();
                Engine::of_profile(&profile, &cx.environment, &payments, clock, &cx.log)
            };
            let writes = found.profile.clone().map(engine).transpose()?.flatten();
            if cx.has_write && writes.is_none() {
                warn(&no_writes(found.profile.as_deref()));
            }
            let (target, session) = (found.target, found.session);
            let profiles = names(&cx.environment);
            let lock = OfWrites { engine: writes, is_open: cx.has_write };
            First::Customer(Box::new(Customer {
                target,
                payments,
                session,
                profiles,
                writes: lock,
            }))
        }
    };
    let looks = settings::looks(looks, &cx.environment)?;
    let pool = Pool::new(cx.log.clone(), Pace::Metered);
    let origin = (cx.environment.clone(), cx.log.clone());
    start(looks, pool, Some(origin), |_| Ok((first, None)))
}

pub(super) fn start(
    looks: Looks,
    pool: Pool,
    origin: Option<(Environment, Log)>,
    start: impl FnOnce(&Handle) -> anyhow::Result<(First, Option<Sandbox>)>,
) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        let text = "the dashboard needs a terminal on standard output; start it without a pipe";
        bail!(Exit::usage(text));
    }
    let runtime = runtime()?;
    let (first, sandbox) = start(runtime.handle())?;
    let result = runtime.block_on(show(first, looks, pool, origin));
    drop(sandbox);
    // Waits for a file that is being written, but not for requests in flight.
    runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    result
}

pub(super) fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).thread_name(WORKER_THREAD).enable_all();
    // Each idle thread wakes once more before it ends.
    builder.thread_keep_alive(THREAD_KEEP_ALIVE);
    builder.build().context("the runtime cannot be started")
}

async fn show(
    first: First,
    looks: Looks,
    pool: Pool,
    origin: Option<(Environment, Log)>,
) -> anyhow::Result<()> {
    let (messages, received) = mpsc::channel(QUEUED);
    let (guard, terminal) = taken(&messages)?;
    let size = terminal.size().context("could not read the size of the terminal")?;
    let size = (size.width, size.height);
    let (clock, store) = (Clock::start(), swept());
    let mut screens = Screens::new(SharedPool::start(pool), store.clone(), clock);
    let found = origin.map(|origin| find_in_background(origin, messages.clone()));
    let (switch, mut found) = found.unzip();
    let (tui, network, writes, hub) = match first {
        First::Customer(customer) => {
            let opened = screens.open(*customer, &Landing::Lists, looks, size).await?;
            let (tui, network, writes) = opened;
            (tui, network, writes, None)
        }
        First::Customers(settings) => {
            let (tui, network) = screens.overview(&settings.names(), &[], looks, size);
            (tui, network, Writer::new(None), Some(screens.hub(*settings)))
        }
    };
    let mut event_loop = EventLoop {
        terminal,
        tui,
        clock: move || clock.now(),
        messages: received,
        network,
        background: screens.background(),
        switch,
        hub,
        writes,
        control: TerminalControl::REAL,
    };
    let result = loop {
        let arrival = tokio::select! {
            result = event_loop.run() => break result,
            Some(arrival) = async { found.as_mut()?.recv().await } => arrival,
        };
        screens.show(arrival, &mut event_loop).await?;
    };
    let (outcomes, code) = event_loop.tui.cx.writes.parting();
    drop((guard, event_loop));
    for outcome in &outcomes {
        warn(outcome);
    }
    let result: anyhow::Result<()> = result.or_else(|error| match error.downcast::<BuildError>() {
        Ok(error) => Err(error).context("the HTTP client cannot be set up"),
        Err(error) => Err(error).context("the screen failed"),
    });
    match code {
        0 => result,
        code => result.and_then(|()| Err(Exit(code, UNSEEN.to_owned()).into())),
    }
}

/// Why `--write` has no effect.
fn no_writes(profile: Option<&str>) -> String {
    match profile {
        Some(name) => {
            format!("--write has no effect: profile {name} allows no writes (valora help writes)")
        }
        None => "--write has no effect: a token without a profile cannot write".to_owned(),
    }
}

/// Opens the store, and removes the files of killed sessions in the background.
fn swept() -> Option<Store> {
    let store = Store::of_process()?;
    let sweeping = store.clone();
    spawn_blocking(move || sweeping.sweep());
    Some(store)
}

fn taken(messages: &Sender<Msg>) -> anyhow::Result<(TerminalGuard, RealTerminal)> {
    shutdown::end_on_signals().context("signals cannot be handled")?;
    let taken = TerminalGuard::enter().context("the terminal cannot be used")?;
    watchdog::end_on_hangup()
        .context("could not set up the check that ends valora when its terminal is closed")?;
    suspend::listen(messages).context("signals cannot be handled")?;
    input::listen(messages.clone()).context("keys cannot be read")?;
    Ok(taken)
}

pub(super) struct Customer {
    pub(super) target: Target,
    pub(super) payments: PaymentsClients,
    pub(super) session: Session,
    pub(super) profiles: Vec<String>,
    pub(super) writes: OfWrites,
}

/// The engine of writes, if the profile allows any, and whether its lock is open at the start.
#[derive(Default)]
pub(super) struct OfWrites {
    pub(super) engine: Option<Engine>,
    pub(super) is_open: bool,
}

fn names(environment: &Environment) -> Vec<String> {
    Settings::read(environment.store.as_ref()).map(|settings| settings.names()).unwrap_or_default()
}
