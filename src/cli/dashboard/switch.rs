//! Shows another customer, or all of them, while the dashboard runs. What was shown before stays until
//! the other's token was read.

use std::collections::HashMap;
use std::iter;

use anyhow::Context;
use ratatui::backend::Backend;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedSender};
use tokio::task::spawn_blocking;

use super::{Customer, OfWrites};
use crate::cli::settings;
use crate::clock::Clock;
use crate::command::Command;
use crate::config::payments::of_profile;
use crate::config::profile::Settings;
use crate::config::program::Interactivity;
use crate::config::{Environment, find_in};
use crate::domain::text::sanitize;
use crate::hub::pool::SharedPool;
use crate::hub::{Hub, HubCommand};
use crate::net::log::Log;
use crate::net::router::Router;
use crate::state::Store;
use crate::state::persisted::PersistedState;
use crate::tui::cx::Next;
use crate::tui::landing::{AllView, Destination, Landing, Visit};
use crate::tui::msg::{Msg, Now};
use crate::tui::place::Place;
use crate::tui::stack::Tui;
use crate::tui::terminal::background::Background;
use crate::tui::terminal::browser::Browser;
use crate::tui::terminal::event_loop::{EventLoop, hung_up};
use crate::tui::terminal::writer::Writer;
use crate::tui::theme::Looks;
use crate::tui::writes::Writes;
use crate::writes::engine::Engine;

/// For a token of a variable or a file.
const NOT_LISTED: &str = "The customer that you left has no profile, so it is not listed here. To open \
                          it again, restart valora.";

/// What was read for the next screen.
pub(super) enum Arrival {
    Customers(Box<Settings>, AllView),
    /// With the landing, and whether the program of its token may ask for a password.
    Customer(Box<Customer>, Landing, bool),
}

/// Opens screens, and remembers those that are shown again.
pub(super) struct Screens {
    pool: SharedPool,
    store: Option<Store>,
    clock: Clock,
    /// All customers, while one of them is shown.
    parked: Option<Tui>,
    /// Whether the customer that is shown was opened by a cell: such a look changes no place.
    is_look: bool,
    /// Where the user left each profile.
    places: HashMap<String, Place>,
}

impl Screens {
    pub(super) fn new(pool: SharedPool, store: Option<Store>, clock: Clock) -> Self {
        Self { pool, store, clock, parked: None, is_look: false, places: HashMap::new() }
    }

    pub(super) fn hub(&self, settings: Settings) -> Hub {
        Hub::new(settings, self.store.clone(), self.pool.clone(), self.clock)
    }

    pub(super) fn background(&self) -> Background {
        Background::new(Browser::of_process(), self.store.clone())
    }

    /// All customers, which are loaded by the hub: no request reaches this router.
    pub(super) fn overview(
        &mut self,
        profiles: &[String],
        changed: &[String],
        looks: Looks,
        size: (u16, u16),
    ) -> (Tui, Router) {
        let now = self.clock.now();
        let parked = self.parked.take();
        let mut tui = parked.unwrap_or_else(|| {
            let mut tui = Tui::of_customers(profiles, size, now);
            // The decisions made there are of one session.
            tui.cx.kept.session = PersistedState::new_session();
            tui
        });
        tui.follow(profiles, changed);
        (tui.cx.size, tui.cx.switching, tui.cx.notice) = (size, None, None);
        tui.cx.looks = looks;
        tui.cx.home = settings::home();
        (tui, Router::without_workers().0)
    }

    pub(super) async fn open(
        &mut self,
        customer: Customer,
        landing: &Landing,
        looks: Looks,
        size: (u16, u16),
    ) -> anyhow::Result<(Tui, Router, Writer)> {
        let Customer { target, payments, session, profiles, writes } = customer;
        let hosts = payments.hosts();
        let network = self.pool.connect(session.customer.clone(), target, payments).await;
        let network = network.context("internal error: the network task has ended")?;
        let kept = self.store.as_ref().map(|store| PersistedState::read(store, &session.customer));
        let mut tui = Tui::new(session, kept.unwrap_or_default(), size, self.clock.now());
        tui.cx.profiles = profiles;
        tui.cx.home = settings::home();
        tui.cx.looks = looks;
        tui.cx.behind.customers = self.parked.is_some();
        tui.cx.connect(hosts);
        let OfWrites { engine, is_open } = writes;
        if let Some(engine) = &engine {
            let place = [engine.profile().to_owned(), engine.environment().to_owned()];
            tui.cx.writes = Writes::of(engine.allowed().clone(), place, is_open, tui.cx.now);
        }
        let place = tui.cx.session.customer.profile().and_then(|profile| self.places.get(&profile));
        if let Some(place) = place {
            tui.cx.return_to(place, landing);
        }
        let is_home = *landing == Landing::Place && place.is_none_or(|place| place.is_home);
        self.is_look = landing.is_of_cell();
        tui.cx.land(if is_home { &Landing::Home } else { landing });
        Ok((tui, network, Writer::new(engine)))
    }

    /// Gives the hub newer settings. Returns the profiles whose server or token is another now.
    fn follow(&mut self, settings: Settings, hub: &mut Option<Hub>) -> Vec<String> {
        let changed = match hub {
            Some(hub) => hub.follow(settings),
            None => {
                *hub = Some(self.hub(settings));
                Vec::new()
            }
        };
        self.places.retain(|profile, _| !changed.contains(profile));
        changed
    }

    /// Shows what arrived, unless the user has cancelled it or asked for something else since.
    pub(super) async fn show<B, C>(
        &mut self,
        arrival: Arrival,
        event_loop: &mut EventLoop<B, C>,
    ) -> anyhow::Result<()>
    where
        B: Backend,
        B::Error: Send + Sync + 'static,
        C: Fn() -> Now,
    {
        if event_loop.tui.cx.stays_here() {
            return Ok(());
        }
        let size = event_loop.terminal.size();
        let size = size.map_or(event_loop.tui.cx.size, |size| (size.width, size.height));
        let looks = event_loop.tui.cx.looks.clone();
        let is_overview = event_loop.tui.cx.is_overview();
        let profile = event_loop.tui.cx.session.customer.profile();
        let has_no_profile = !is_overview && profile.is_none();
        let is_look = self.is_look && event_loop.tui.is_at_landing();
        if let Some(profile) = profile.filter(|_| !is_look) {
            self.places.insert(profile, event_loop.tui.place());
        }
        // All changes are written first, as the next session may read the same files.
        let (mut tui, network, writes) = match arrival {
            Arrival::Customers(settings, view) => {
                let profiles = settings.names();
                let changed = self.follow(*settings, &mut event_loop.hub);
                if is_overview {
                    event_loop.tui.follow(&profiles, &changed);
                    event_loop.tui.reload_customers();
                    return Ok(());
                }
                write_all(&mut event_loop.background, self.background());
                let (mut tui, network) = self.overview(&profiles, &changed, looks, size);
                if has_no_profile {
                    tui.cx.tell(NOT_LISTED.to_owned());
                }
                turn_to(view, &mut tui);
                (tui, network, Writer::new(None))
            }
            Arrival::Customer(customer, landing, prompts) => {
                let profile = customer.session.customer.profile();
                let Some(profile) =
                    profile.filter(|it| event_loop.tui.cx.switching.as_ref() == Some(it))
                else {
                    return Ok(());
                };
                if let Some(hub) = &mut event_loop.hub {
                    hub.run(HubCommand::Release(profile.clone()));
                    if prompts {
                        hub.unlocked(&profile, customer.target.clone(), customer.session.clone());
                    }
                }
                if is_overview {
                    event_loop.tui.left_for(&profile);
                    let empty = Tui::of_customers(&[], size, self.clock.now());
                    self.parked = Some(std::mem::replace(&mut event_loop.tui, empty));
                }
                write_all(&mut event_loop.background, self.background());
                self.open(*customer, &landing, looks, size).await?
            }
        };
        // Responses for the previous customer are dropped; its worker still counts them.
        tui.follow_up(&event_loop.tui);
        (event_loop.tui, event_loop.network, event_loop.writes) = (tui, network, writes);
        if discard_queued(&mut event_loop.messages) {
            return Err(hung_up()).context("the screen failed");
        }
        Ok(())
    }
}

fn turn_to(view: AllView, tui: &mut Tui) {
    match view {
        AllView::Customers => {}
        AllView::Overview => tui.show_customers(),
        AllView::Penalties => tui.cx.then(Next::Run(Command::Triage)),
    }
}

/// Replaces the background tasks, after all changes of `current` are written.
fn write_all(current: &mut Background, next: Background) {
    // Dropping waits for the writer.
    drop(std::mem::replace(current, next));
}

/// Discards messages for the previous customer. Returns `true` if the terminal was closed.
fn discard_queued(messages: &mut Receiver<Msg>) -> bool {
    let queued = iter::from_fn(|| messages.try_recv().ok());
    queued.filter(|msg| matches!(msg, Msg::HungUp)).count() > 0
}

/// Reads the settings and tokens for the next screen: only the newest request counts; a failure is
/// sent to `messages`.
pub(super) fn find_in_background(
    origin: (Environment, Log),
    messages: Sender<Msg>,
) -> (UnboundedSender<Destination>, Receiver<Arrival>) {
    let (requests, mut requested) = mpsc::unbounded_channel::<Destination>();
    let (send, found) = mpsc::channel(1);
    tokio::spawn(async move {
        let mut next = requested.recv().await;
        while let Some(destination) = next {
            let (origin, to_read) = (origin.clone(), destination.clone());
            let result = tokio::select! {
                newer = requested.recv() => {
                    next = newer;
                    continue;
                }
                result = spawn_blocking(move || read(to_read, &origin)) => result,
            };
            let is_heard = match result {
                Ok(Ok(arrival)) => send.send(arrival).await.is_ok(),
                Ok(Err(error)) => messages.send(failed(destination, &error)).await.is_ok(),
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

fn failed(destination: Destination, error: &anyhow::Error) -> Msg {
    let text = |what: &str| sanitize(&format!("{what} not opened: {error:#}")).into_owned();
    match destination {
        Destination::Customers(_) => Msg::Notice(text("The customers were")),
        Destination::Customer(Visit { profile, .. }) => {
            let why = text(&format!("{profile} was"));
            Msg::SwitchFailed(profile, why)
        }
    }
}

fn read(
    destination: Destination,
    (environment, log): &(Environment, Log),
) -> anyhow::Result<Arrival> {
    let settings = Settings::read(environment.store.as_ref())?;
    let Visit { profile, landing } = match destination {
        Destination::Customers(view) => return Ok(Arrival::Customers(Box::new(settings), view)),
        Destination::Customer(visit) => visit,
    };
    let prompts = settings.profile(&profile).is_ok_and(|profile| profile.prompter.is_some());
    let found = find_in(&settings, &profile, Interactivity::Background)?;
    let payments = of_profile(&profile, environment)?;
    let (target, session, profiles) = (found.target, found.session, settings.names());
    let engine = Engine::of_profile(&profile, environment, &payments, Clock::start(), log)?;
    // It is locked, however the last profile was.
    let writes = OfWrites { engine, is_open: false };
    let customer = Customer { target, payments, session, profiles, writes };
    Ok(Arrival::Customer(Box::new(customer), landing, prompts))
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
        write_all(&mut background, new());
        let read = PersistedState::read(&store, &CustomerKey::demo());
        assert_eq!(read.views.len(), 30);
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
