//! Runs the dashboard, and switches to other customers while it runs.

use std::io::IsTerminal;
use std::iter;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedSender};
use tokio::task::spawn_blocking;

use super::exit_code::Exit;
use super::settings::{self, LooksFlags};
use super::{Cx, warn};
use crate::clock::Clock;
use crate::config::payments::{for_start, of_profile};
use crate::config::profile::Settings;
use crate::config::{Environment, Session, find_profile};
use crate::domain::text::sanitize;
use crate::net::budget::Pace;
use crate::net::client::PaymentsClients;
use crate::net::pool::Pool;
use crate::net::target::Target;
use crate::net::transport::BuildError;
use crate::process::shutdown;
use crate::sandbox::Sandbox;
use crate::state::Store;
use crate::state::persisted::PersistedState;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::terminal::background::Background;
use crate::tui::terminal::browser::Browser;
use crate::tui::terminal::event_loop::{EventLoop, hung_up};
use crate::tui::terminal::session::{RealTerminal, TerminalControl, TerminalGuard, WORKER_THREAD};
use crate::tui::terminal::{input, suspend, watchdog};
use crate::tui::theme::Looks;

/// Messages that may queue for the screen before their senders wait.
const QUEUED: usize = 1_024;
const THREAD_KEEP_ALIVE: Duration = Duration::from_millis(100);
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

pub(super) fn run(looks: &LooksFlags, cx: &Cx) -> anyhow::Result<()> {
    let found = cx.find()?;
    found.warnings.iter().chain(&found.token_warning).for_each(|warning| warn(warning));
    let (payments, unused) = for_start(&cx.environment, found.profile.as_deref())?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    let (target, session, profiles) = (found.target, found.session, names(&cx.environment));
    let customer = Customer { target, payments, session, profiles };
    let looks = settings::looks(looks, &cx.environment)?;
    let pool = Pool::new(cx.log.clone(), Pace::Metered);
    start(looks, pool, Some(cx.environment.clone()), |_| Ok((customer, None)))
}

pub(super) fn start(
    looks: Looks,
    pool: Pool,
    environment: Option<Environment>,
    start: impl FnOnce(&Handle) -> anyhow::Result<(Customer, Option<Sandbox>)>,
) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() {
        let text = "the dashboard needs a terminal on standard output; start it without a pipe";
        bail!(Exit::usage(text));
    }
    let runtime = runtime()?;
    let (customer, sandbox) = start(runtime.handle())?;
    let result = runtime.block_on(show(customer, looks, pool, environment));
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
    first: Customer,
    looks: Looks,
    mut pool: Pool,
    environment: Option<Environment>,
) -> anyhow::Result<()> {
    let (messages, received) = mpsc::channel(QUEUED);
    let (guard, terminal) = taken(&messages)?;
    let size = terminal.size().context("could not read the size of the terminal")?;
    let (clock, store) = (Clock::start(), swept());
    let background = || Background::new(Browser::of_process(), store.clone());
    let mut open = |customer: Customer, looks, size| {
        let Customer { target, payments, session, profiles } = customer;
        let hosts = payments.hosts();
        let network = pool.connect(&session.customer, target, payments);
        let kept = store.as_ref().map(|store| PersistedState::read(store, &session.customer));
        let mut tui = Tui::new(session, kept.unwrap_or_default(), size, clock.now());
        tui.cx.profiles = profiles;
        tui.cx.home = settings::home();
        tui.cx.looks = looks;
        tui.cx.connect(hosts);
        (tui, network)
    };
    let (tui, network) = open(first, looks, (size.width, size.height));
    let found = environment.map(|environment| find_in_background(environment, messages.clone()));
    let (switch, mut found) = found.unzip();
    let mut event_loop = EventLoop {
        terminal,
        tui,
        clock: move || clock.now(),
        messages: received,
        network,
        background: background(),
        switch,
        control: TerminalControl::REAL,
    };
    let result = loop {
        let next = tokio::select! {
            result = event_loop.run() => break result,
            Some(next) = async { found.as_mut()?.recv().await } => next,
        };
        // The switch was cancelled, or another profile was chosen since.
        if event_loop.tui.cx.switching != next.session.customer.profile() {
            continue;
        }
        let size = event_loop.terminal.size();
        let size = size.map_or(event_loop.tui.cx.size, |size| (size.width, size.height));
        let looks = event_loop.tui.cx.looks.clone();
        // Responses for the previous customer are dropped; its worker still counts them.
        (event_loop.tui, event_loop.network) =
            once_written(&mut event_loop.background, background(), || open(next, looks, size));
        if discard_queued(&mut event_loop.messages) {
            return Err(hung_up()).context("the screen failed");
        }
        event_loop.tui.cx.notice = switched_notice(&event_loop.tui);
    };
    drop((guard, event_loop));
    result.or_else(|error| match error.downcast::<BuildError>() {
        Ok(error) => Err(error).context("the HTTP client cannot be set up"),
        Err(error) => Err(error).context("the screen failed"),
    })
}

/// Opens a session after all changes of `current` are written, as it may read the same files.
fn once_written<T>(current: &mut Background, next: Background, open: impl FnOnce() -> T) -> T {
    // Dropping waits for the writer.
    drop(std::mem::replace(current, next));
    open()
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
    watchdog::end_on_hangup().context("a closed terminal cannot be detected")?;
    suspend::listen(messages).context("signals cannot be handled")?;
    input::listen(messages.clone()).context("keys cannot be read")?;
    Ok(taken)
}

pub(super) struct Customer {
    pub(super) target: Target,
    pub(super) payments: PaymentsClients,
    pub(super) session: Session,
    pub(super) profiles: Vec<String>,
}

fn names(environment: &Environment) -> Vec<String> {
    Settings::read(environment.store.as_ref()).map(|settings| settings.names()).unwrap_or_default()
}

/// Reads requested profiles: only the newest request counts; a failure is sent to `messages`.
fn find_in_background(
    environment: Environment,
    messages: Sender<Msg>,
) -> (UnboundedSender<String>, Receiver<Customer>) {
    let (requests, mut requested) = mpsc::unbounded_channel::<String>();
    let (send, found) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut next = requested.recv().await;
        while let Some(name) = next {
            let (environment, requested_name) = (environment.clone(), name.clone());
            let result = tokio::select! {
                newer = requested.recv() => {
                    next = newer;
                    continue;
                }
                result = spawn_blocking(move || customer(&requested_name, &environment)) => result,
            };
            let is_heard = match result {
                Ok(Ok(customer)) => send.send(customer).await.is_ok(),
                Ok(Err(error)) => {
                    let text = sanitize(&format!("Not switched to {name}: {error:#}")).into_owned();
                    messages.send(Msg::SwitchFailed(name, text)).await.is_ok()
                }
                // The program ends, or reading panicked: the screen stays as it is.
                Err(_broken) => true,
            };
            if !is_heard {
                return;
            }
            next = requested.recv().await;
        }
    });
    (requests, found)
}

fn customer(name: &str, environment: &Environment) -> anyhow::Result<Customer> {
    let found = find_profile(name, environment)?;
    let payments = of_profile(name, environment)?;
    let (target, session) = (found.target, found.session);
    Ok(Customer { target, payments, session, profiles: names(environment) })
}

/// Discards messages for the previous customer. Returns `true` if the terminal was closed.
fn discard_queued(messages: &mut Receiver<Msg>) -> bool {
    let queued = iter::from_fn(|| messages.try_recv().ok());
    queued.filter(|msg| matches!(msg, Msg::HungUp)).count() > 0
}

fn switched_notice(tui: &Tui) -> Option<String> {
    let name = tui.cx.session.customer.profile()?;
    Some(format!("Switched to {name} · {}.", tui.cx.session.environment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ListCommand;
    use crate::command::views::View;
    use crate::domain::customer::CustomerKey;
    use crate::list::debt;
    use crate::state::persisted::Change;

    #[test]
    fn what_was_changed_just_before_a_switch_is_in_what_the_next_session_reads() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let new = || Background::new(Browser::default(), Some(store.clone()));
        let mut background = new();
        for number in 0..30 {
            let (name, line) = (format!("view-{number}"), ListCommand::new(&debt::SPEC));
            background.keep(Change::SaveView(Box::new(View { name, line })));
        }
        let read = || PersistedState::read(&store, &CustomerKey::demo());
        assert_eq!(once_written(&mut background, new(), read).views.len(), 30);
    }

    #[test]
    fn nothing_of_the_customer_before_is_left_in_the_queue_but_the_end_counts() {
        let (send, mut queue) = mpsc::channel(8);
        send.try_send(Msg::Woken).unwrap();
        send.try_send(Msg::Paste("x".to_owned())).unwrap();
        assert!(!discard_queued(&mut queue));
        assert!(queue.try_recv().is_err());
        send.try_send(Msg::HungUp).unwrap();
        send.try_send(Msg::Woken).unwrap();
        assert!(discard_queued(&mut queue));
    }
}
