//! The context that every screen shares, and through which it sends every request and effect.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use nonempty::NonEmpty;

use crate::command::views::View;
use crate::command::{Command, ListCommand};
use crate::config::Session;
use crate::customers;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::Failure;
use crate::domain::text::{Untrusted, sanitize};
use crate::filter::ListQuery;
use crate::hub::JobId;
use crate::list::payments::SPEC as PAYMENTS;
use crate::list::sort::Sort;
use crate::list::{ALL, Spec};
use crate::net::request::Request;
use crate::net::response::NetState;
use crate::payments::subject::Hosts;
use crate::state::persisted::{ListColumns, PersistedState};
use crate::tui::behind::Behind;
use crate::tui::booking_ahead::BookingAhead;
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
use crate::tui::theme::{Clipboard, Looks};

/// Milliseconds after the last key during which times on the screen are kept current.
pub const ATTENTION: u64 = 10 * 60_000;
/// Below this number, the header shows the requests left.
const FEW_REQUESTS: u32 = 20;

/// What happens after an event is handled, in this order.
#[derive(Debug)]
pub enum Next {
    Push(Box<dyn Behavior>),
    /// If it fails, the modal that asked for it stays open.
    PushTyped(Box<dyn Behavior>),
    /// Replaces all screens above the list.
    PushOnRows(Box<dyn Behavior>),
    Close,
    Open(Box<dyn Modal>),
    ShowTab(usize),
    Groups(Opening),
    Triage,
    /// The home has opened rows: itself, the line, and the list before (query and order).
    MarkFromHome(ScreenId, usize, Box<(ListQuery, Option<Sort>)>),
    Act(Action),
    Run(Command),
    RunText(String),
    ShowView(Box<View>),
    ShowList(ListCommand, ListQuery),
    TypeCommand(String),
    /// From a booking that does not exist back to the row that names it.
    BackToRow(Untrusted),
    /// The filters that the server refused: each parameter with the reason.
    Refused(Vec<(String, String)>),
    /// To the screen on top. If it fails, the prompt stays open.
    Answer(ModalAnswer),
}

#[derive(Debug)]
pub enum ModalAnswer {
    /// Chosen from the columns of this list.
    Columns(ListColumns, &'static Spec),
    /// Look for this booking in all customers.
    Find(Untrusted),
    Snooze(usize),
    Note(String),
    /// The path for the booking or the worklist.
    Export(String),
}

/// Why the network waits, and how long, in milliseconds from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countdown {
    /// The next try; `None` until a key asks for one.
    Offline(Option<u64>),
    /// The server's rate limit is reached, or valora's own budget is spent.
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
    /// The tab that is shown, or that is below the screens.
    pub tab: usize,
    pub history: BookingHistory,
    /// Prefixes of references that are not bookings.
    pub no_bookings: BTreeSet<String>,
    pub hosts: Hosts,
    /// The Payments API no longer serves its list of payments.
    pub is_payments_list_gone: bool,
    pub kept: PersistedState,
    pub decisions_version: u64,
    pub owner_lookup: OwnerLookup,
    pub booking_ahead: BookingAhead,
    pub since: Since,
    pub newest_comparison: u64,
    pub network: (NetState, Now),
    pub probe: Probe,
    pub refreshes: Refreshes,
    pub wants_counts: bool,
    pub looks: Looks,
    pub profiles: Vec<String>,
    /// The user's home folder, if known.
    pub home: Option<String>,
    /// The profile being switched to; until then, no key may change anything.
    pub switching: Option<String>,
    pub behind: Behind,
    pub notice: Option<String>,
    pub command_history: Vec<String>,
    pub layout: Regions,
    pub is_dirty: bool,
    /// The screen that handles the event, and the top screen.
    pub here: ScreenId,
    pub top: ScreenId,
    pub next: VecDeque<Next>,
    pub effects: Vec<Effect>,
    /// The requests in flight by ticket, each with its waiter.
    pending: BTreeMap<Ticket, (Waiter, Request)>,
    newest_ticket: u64,
    newest_job: u64,
}

impl Cx {
    /// All customers: their rows are the only list, which sends no request.
    pub fn of_customers(size: (u16, u16), now: Now) -> Self {
        let session = Session {
            environment: String::new(),
            place: String::new(),
            is_production: false,
            customer: CustomerKey::all(),
        };
        let mut rows = List::new(&customers::rows::SPEC);
        rows.fetched = Some(now);
        rows.table.go_to_column("need");
        let lists = NonEmpty { head: rows, tail: Vec::new() };
        Self { lists, ..Self::new(session, PersistedState::default(), size, now) }
    }

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
            is_payments_list_gone: false,
            kept,
            decisions_version: 0,
            owner_lookup: OwnerLookup::default(),
            booking_ahead: BookingAhead::default(),
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
            behind: Behind::default(),
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
            newest_job: 0,
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

    /// Returns `true` if the tenant's payments of a booking can be requested.
    pub fn has_payments_list(&self) -> bool {
        self.hosts.payments && !self.is_payments_list_gone
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

    /// A sentence with the user's own keys: `{action}` becomes the key of that action.
    pub fn words(&self, sentence: &'static str) -> String {
        self.looks.keymap.render(sentence)
    }

    /// Shows a sentence as the notice until the next key.
    pub fn say(&mut self, sentence: &'static str) {
        self.tell(self.words(sentence));
    }

    /// The same for a text that is shown unchanged.
    pub fn tell(&mut self, text: String) {
        self.notice = Some(text);
    }

    /// Appends to the notice of the same key.
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

    /// Requests of this session so far, the cancelled ones included.
    pub fn requests_sent(&self) -> u64 {
        self.newest_ticket
    }

    pub fn new_job(&mut self) -> JobId {
        self.newest_job += 1;
        JobId(self.newest_job)
    }

    /// Sends a request for the screen that handles the event.
    pub fn ask(&mut self, priority: Priority, request: Request) {
        self.send(Waiter::Screen(self.here), priority, request);
    }

    /// The requests in flight for these waiters.
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

    /// Returns `true` if someone was at the keyboard recently, so that times are worth a redraw.
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

    /// The requests left on the server, if that matters: few are left, or a request waits.
    pub fn requests_left(&self) -> Option<u32> {
        let waits = matches!(self.countdown(), Some(Countdown::Closed(_)));
        let left = self.left_at_server().filter(|left| *left < FEW_REQUESTS || waits);
        // At zero, the countdown is enough.
        left.filter(|left| *left > 0 || !waits)
    }

    /// When [`Self::requests_left`] is too old to be shown.
    pub fn requests_left_until(&self) -> Option<u64> {
        let (network, reported) = &self.network;
        self.requests_left().and(network.left).map(|(_, counts_for)| reported.elapsed + counts_for)
    }

    /// The requests left on the server, as long as its figure is valid.
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
        if self.looks.clipboard == Clipboard::Missing {
            let what = sanitize(what);
            return self.tell(format!("Could not copy {what}: this terminal has no clipboard."));
        }
        // Sent to the terminal, which does not say whether it accepts it.
        self.tell(format!("Copied {}", sanitize(what)));
        self.effect(Effect::Copy(text));
    }
}

fn arrange_columns(kept: &PersistedState, list: &mut List) {
    if let Some(columns) = kept.columns.get(list.spec().key) {
        list.table.apply_list_columns(columns);
    }
}
