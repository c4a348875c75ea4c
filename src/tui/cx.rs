//! What every screen shares, and the one way in which a screen asks for anything.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use nonempty::NonEmpty;

use crate::command::views::View;
use crate::command::{Command, ListCommand};
use crate::config::Session;
use crate::domain::failure::Failure;
use crate::domain::text::{Untrusted, sanitize};
use crate::filter::ListQuery;
use crate::list::payments::SPEC as PAYMENTS;
use crate::list::{ALL, Spec};
use crate::net::request::Request;
use crate::net::response::NetState;
use crate::payments::subject::Hosts;
use crate::state::persisted::{ListColumns, PersistedState};
use crate::tui::effect::{Effect, NetCommand, Priority, Ticket};
use crate::tui::history::BookingHistory;
use crate::tui::keymap::Action;
use crate::tui::layout::Regions;
use crate::tui::modal::Modal;
use crate::tui::msg::{Now, ScreenId, Waiter};
use crate::tui::owners::lookup::OwnerLookup;
use crate::tui::probe::Probe;
use crate::tui::refreshes::Refreshes;
use crate::tui::screen::Behavior;
use crate::tui::screen::changes::since::Since;
use crate::tui::screen::groups::opening::Opening;
use crate::tui::screen::list::state::List;
use crate::tui::theme::Looks;

/// Milliseconds after the last key for which the age on the screen is kept current.
pub const ATTENTION: u64 = 10 * 60_000;
/// Requests left below which the header counts them.
const FEW_REQUESTS: u32 = 20;

/// What happens once an event is handled, in this order.
#[derive(Debug)]
pub enum Next {
    Push(Box<dyn Behavior>),
    /// The modal that asks for it stays open where that fails.
    PushTyped(Box<dyn Behavior>),
    /// In the place of all that lies above the list.
    PushOnRows(Box<dyn Behavior>),
    Close,
    Open(Box<dyn Modal>),
    ShowTab(usize),
    Groups(Opening),
    Triage,
    Act(Action),
    Run(Command),
    RunText(String),
    ShowView(Box<View>),
    ShowList(ListCommand, ListQuery),
    TypeCommand(String),
    /// From a booking that does not exist to the record of the row that names it.
    BackToRow(Untrusted),
    /// What the server refused of the filters, parameter by parameter.
    Refused(Vec<(String, String)>),
    /// To the screen on top. A prompt stays open where that fails.
    Answer(ModalAnswer),
}

#[derive(Debug)]
pub enum ModalAnswer {
    /// Chosen among the columns of this list.
    Columns(ListColumns, &'static Spec),
    Snooze(usize),
    Note(String),
    /// The path for the booking or for the worklist.
    Export(String),
}

/// What the network waits for, in milliseconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countdown {
    /// The next try, or none until someone asks.
    Offline(Option<u64>),
    /// The server's limit or the budget is spent.
    Closed(u64),
}

#[derive(Debug)]
pub struct Cx {
    pub session: Session,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub now: Now,
    /// Milliseconds since the start.
    pub last_key: u64,
    pub lists: NonEmpty<List>,
    /// The tab that is shown, or lies below what is.
    pub tab: usize,
    pub history: BookingHistory,
    /// Prefixes of references that are no bookings.
    pub no_bookings: BTreeSet<String>,
    pub hosts: Hosts,
    pub kept: PersistedState,
    pub decisions_version: u64,
    pub owner_lookup: OwnerLookup,
    pub since: Since,
    pub newest_comparison: u64,
    pub network: (NetState, Now),
    pub probe: Probe,
    pub refreshes: Refreshes,
    pub wants_counts: bool,
    pub looks: Looks,
    pub profiles: Vec<String>,
    /// The user's home folder, where there is one.
    pub home: Option<String>,
    /// Until then no key may change anything.
    pub switching: Option<String>,
    pub notice: Option<String>,
    pub command_history: Vec<String>,
    pub layout: Regions,
    pub is_dirty: bool,
    /// The screen that handles the event, and the one on top.
    pub here: ScreenId,
    pub top: ScreenId,
    pub next: VecDeque<Next>,
    pub effects: Vec<Effect>,
    /// The requests under way: what is asked under each ticket, and who waits for it.
    pending: BTreeMap<Ticket, (Waiter, Request)>,
    newest_ticket: u64,
}

impl Cx {
    pub fn new(session: Session, kept: PersistedState, size: (u16, u16), now: Now) -> Self {
        let [first, others @ ..] = ALL.map(|spec| {
            let mut list = List::new(spec);
            arrange_columns(&kept, &mut list);
            list
        });
        Self {
            session,
            size,
            now,
            last_key: now.elapsed,
            lists: NonEmpty { head: first, tail: others.into() },
            tab: 0,
            history: BookingHistory::default(),
            no_bookings: BTreeSet::new(),
            hosts: Hosts::default(),
            kept,
            decisions_version: 0,
            owner_lookup: OwnerLookup::default(),
            since: Since::default(),
            newest_comparison: 0,
            network: (NetState::default(), now),
            probe: Probe::default(),
            refreshes: Refreshes::default(),
            wants_counts: false,
            looks: Looks::default(),
            profiles: Vec::new(),
            home: None,
            switching: None,
            notice: None,
            command_history: Vec::new(),
            layout: Regions::default(),
            is_dirty: true,
            here: ScreenId::LISTS,
            top: ScreenId::LISTS,
            next: VecDeque::new(),
            effects: Vec::new(),
            pending: BTreeMap::new(),
            newest_ticket: 0,
        }
    }

    pub fn add_list(&mut self, mut list: List) {
        arrange_columns(&self.kept, &mut list);
        self.lists.push(list);
    }

    pub fn connect(&mut self, hosts: Hosts) {
        self.hosts = hosts;
        if hosts.payments {
            self.add_list(List::new(&PAYMENTS));
        }
    }

    pub fn list(&self) -> &List {
        self.list_at(self.tab)
    }

    pub fn list_mut(&mut self) -> &mut List {
        self.list_at_mut(self.tab)
    }

    /// The list at this tab, or the first one if there is no such tab.
    pub fn list_at(&self, tab: usize) -> &List {
        self.lists.get(tab).unwrap_or(&self.lists.head)
    }

    pub fn list_at_mut(&mut self, tab: usize) -> &mut List {
        let NonEmpty { head, tail } = &mut self.lists;
        match tab.checked_sub(1) {
            Some(at) => tail.get_mut(at).unwrap_or(head),
            None => head,
        }
    }

    pub fn tab_of(&self, key: &str) -> Option<usize> {
        self.lists.iter().position(|list| list.spec().key == key)
    }

    /// A sentence with the user's own keys: `{action}` names that of an action.
    pub fn words(&self, sentence: &'static str) -> String {
        self.looks.keymap.render(sentence)
    }

    /// Until the next key.
    pub fn say(&mut self, sentence: &'static str) {
        self.tell(self.words(sentence));
    }

    /// The same for a text that is shown as it is.
    pub fn tell(&mut self, text: String) {
        self.notice = Some(text);
    }

    /// Adds to what the same key has said.
    pub fn tell_also(&mut self, text: &str) {
        let before = self.notice.take().map(|notice| notice + " ").unwrap_or_default();
        self.tell(before + text);
    }

    /// Shows the error as the notice.
    pub fn ok_or_tell<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|why| self.tell(why)).ok()
    }

    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn then(&mut self, next: Next) {
        self.next.push_back(next);
    }

    pub fn open(&mut self, modal: impl Modal) {
        self.then(Next::Open(Box::new(modal)));
    }

    pub fn push(&mut self, screen: impl Behavior) {
        self.then(Next::Push(Box::new(screen)));
    }

    pub fn send(&mut self, waiter: Waiter, priority: Priority, request: Request) {
        self.newest_ticket += 1;
        let ticket = Ticket(self.newest_ticket);
        self.pending.insert(ticket, (waiter, request.clone()));
        self.effect(Effect::Network(NetCommand::Send(ticket, priority, request)));
    }

    /// For the screen that handles the event.
    pub fn ask(&mut self, priority: Priority, request: Request) {
        self.send(Waiter::Screen(self.here), priority, request);
    }

    /// The requests under way that these waiters wait for.
    pub fn pending(
        &self,
        is_one: impl Fn(Waiter) -> bool,
    ) -> impl Iterator<Item = (Ticket, &Request)> {
        let pending = self.pending.iter().filter(move |(_, (waiter, _))| is_one(*waiter));
        pending.map(|(ticket, (_, request))| (*ticket, request))
    }

    pub fn is_pending(&self, waiter: Waiter) -> bool {
        self.pending(|it| it == waiter).next().is_some()
    }

    pub fn cancel(&mut self, tickets: Vec<Ticket>) {
        for ticket in tickets {
            if self.pending.remove(&ticket).is_some() {
                self.effect(Effect::Network(NetCommand::Cancel(ticket)));
            }
        }
    }

    pub fn cancel_waiters(&mut self, is_one: impl Fn(Waiter) -> bool) {
        let tickets = self.pending(is_one).map(|(ticket, _)| ticket).collect();
        self.cancel(tickets);
    }

    pub fn cancel_of(&mut self, screen: ScreenId) {
        self.cancel_waiters(|waiter| waiter == Waiter::Screen(screen));
    }

    pub fn take_pending(&mut self, ticket: Ticket) -> Option<(Waiter, Request)> {
        self.pending.remove(&ticket)
    }

    /// Whether ages on the screen are worth a redraw.
    pub fn is_watched(&self) -> bool {
        self.now.elapsed.saturating_sub(self.last_key) < ATTENTION
    }

    pub fn countdown(&self) -> Option<Countdown> {
        let (network, reported) = &self.network;
        let left = |at: u64| Some(at.saturating_sub(self.now.elapsed)).filter(|left| *left > 0);
        match (network.offline_for, network.limited_for) {
            (Some(_), _) => Some(Countdown::Offline(self.probe.at(self.last_key).and_then(left))),
            (None, Some(wait)) => left(reported.elapsed + wait).map(Countdown::Closed),
            (None, None) => None,
        }
    }

    /// The requests that the server has left, where that matters: few are left, or one waits.
    pub fn requests_left(&self) -> Option<u32> {
        let waits = matches!(self.countdown(), Some(Countdown::Closed(_)));
        let left = self.left_at_server().filter(|left| *left < FEW_REQUESTS || waits);
        // At zero, the countdown says it all.
        left.filter(|left| *left > 0 || !waits)
    }

    /// When [`Self::requests_left`] is too old to be shown.
    pub fn requests_left_until(&self) -> Option<u64> {
        let (network, reported) = &self.network;
        self.requests_left().and(network.left).map(|(_, counts_for)| reported.elapsed + counts_for)
    }

    /// The requests that the server has left, as long as its figure counts.
    pub fn left_at_server(&self) -> Option<u32> {
        let (network, reported) = &self.network;
        let said =
            network.left.filter(|(_, counts_for)| self.now.elapsed < reported.elapsed + counts_for);
        said.map(|(requests, _)| requests)
    }

    pub fn in_words(&self, failure: &Failure) -> String {
        super::advice::sentence(failure, &self.looks.keymap)
    }

    pub fn copy(&mut self, text: String, what: &str) {
        // Whether the terminal took it cannot be known.
        self.tell(format!("Given to the terminal's clipboard: {}", sanitize(what)));
        self.effect(Effect::Copy(text));
    }
}

fn arrange_columns(kept: &PersistedState, list: &mut List) {
    if let Some(columns) = kept.columns.get(list.spec().key) {
        list.table.apply_list_columns(columns);
    }
}
