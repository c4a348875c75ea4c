//! The requests for the figures of one customer, and the figures from their rows.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::jobs::Desk;
use crate::customers::state::Trouble;
use crate::customers::summary::{Extent, Inputs, Part, Summary};
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::watched::watched;
use crate::filter::ListQuery;
use crate::filter::query::LARGEST_PAGE;
use crate::journal::compare::Compared;
use crate::journal::look::{Look, LookBuilder};
use crate::list::record::Record;
use crate::list::{Spec, debt, penalties, scheduled};
use crate::net::pager::Pager;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{Answer, NetEvent, NetState, wrong_answer};
use crate::net::router::Router;
use crate::state::Store;
use crate::state::changes::preview;
use crate::state::writer::decisions;
use crate::triage::memory::Memory;

/// The lists of a summary. Further pages are requested in this order.
pub(super) const LISTS: [&Spec; 3] = [&debt::SPEC, &penalties::SPEC, &scheduled::SPEC];

/// The most requests of one load: half of the requests that a customer may send at once, so that
/// the other half is left to open the customer.
pub(super) const MOST_REQUESTS: usize = 10;
const MOST_IN_FLIGHT: usize = LISTS.len();
/// A customer that takes longer makes room for the next one.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// Milliseconds. A customer whose requests must wait longer makes room for the next one.
const LONGEST_WAIT: u64 = 1_000;
/// Bits of a ticket for the number of a page; the higher ones are the position of its list.
const NUMBER: u32 = 32;

pub(super) struct LoadedList {
    pub(super) spec: &'static Spec,
    pub(super) rows: Vec<Record>,
    pub(super) extent: Extent,
    pub(super) look: Option<Look>,
}

type Lists<const N: usize> = [Result<LoadedList, Failure>; N];

/// A fault of valora's own.
pub fn internal() -> Trouble {
    let (what, why) = ("The customer could not be loaded", "internal error in valora");
    Trouble::Failed(Failure::new(Kind::Internal, what, why, Advice::RetryAndReport))
}

/// Why nothing more is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// For so many milliseconds.
    Limited(u64),
    Offline,
    Slow,
}

impl Stop {
    pub(super) fn of(network: NetState) -> Option<Self> {
        let limited = network.limited_for.filter(|wait| *wait >= LONGEST_WAIT).map(Self::Limited);
        limited.or(network.offline_for.map(|_| Self::Offline))
    }

    pub(super) fn failure(self, what: &str) -> Failure {
        let (kind, why) = match self {
            Self::Limited(_) => (Kind::Limited, "the rate limit is reached"),
            Self::Offline => (Kind::Passing, "the server cannot be reached"),
            Self::Slow => (Kind::Passing, "the server did not respond in time"),
        };
        Failure::new(kind, format!("{what} could not be loaded"), why, Advice::Retry)
    }
}

struct Loading {
    query: ListQuery,
    pager: Pager,
    rows: Vec<Record>,
    look: LookBuilder,
    in_flight: usize,
    /// `true` once it has a page.
    is_begun: bool,
    failed: Option<Failure>,
}

impl Loading {
    fn new(spec: &'static Spec) -> Self {
        Self {
            query: ListQuery::new(spec),
            pager: Pager::new(LARGEST_PAGE),
            rows: Vec::new(),
            look: LookBuilder::new(spec),
            in_flight: 0,
            is_begun: false,
            failed: None,
        }
    }

    fn next_query(&mut self) -> Option<ListQuery> {
        self.pager.next_query(&self.query, MOST_IN_FLIGHT)
    }

    fn accept(&mut self, number: u32, answer: Answer) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let page = answer.and_then(|answer| answer.try_as_page().ok_or_else(wrong_answer));
        match page {
            Ok(page) => {
                self.is_begun = true;
                let (rows, _) = self.pager.on_page(number, page);
                self.look.add(&rows);
                self.rows.extend(rows);
            }
            Err(failure) => {
                self.pager.fail(number);
                self.failed.get_or_insert(failure);
            }
        }
    }

    /// Its rows, also if a later page failed: then rows are missing.
    fn finish(mut self, stop: Option<Stop>) -> Result<LoadedList, Failure> {
        let spec = self.query.spec;
        if !self.is_begun {
            let stopped = || stop.unwrap_or(Stop::Slow).failure(spec.title);
            return Err(self.failed.unwrap_or_else(stopped));
        }
        let loaded = self.rows.len() as u64;
        let total = self.pager.total;
        let is_whole = self.failed.is_none() && self.in_flight == 0 && self.pager.is_whole(loaded);
        let look = self.look.take(total, is_whole, false);
        Ok(LoadedList { spec, rows: self.rows, extent: Extent { loaded, total, is_whole }, look })
    }
}

struct Loader<'a, const N: usize> {
    router: &'a mut Router,
    lists: [Loading; N],
    sent: usize,
}

impl<const N: usize> Loader<'_, N> {
    fn send(&mut self, at: usize, priority: Priority, query: ListQuery) -> Result<(), Trouble> {
        let ticket = Ticket((at as u64) << NUMBER | u64::from(query.number()));
        self.sent += 1;
        if let Some(list) = self.lists.get_mut(at) {
            list.in_flight += 1;
        }
        let command = NetCommand::Send(ticket, priority, Request::List(query));
        self.router.send(command).map_err(|_ended| internal())
    }

    fn begin(&mut self) -> Result<(), Trouble> {
        for at in 0..self.lists.len() {
            if let Some(query) = self.lists.get_mut(at).and_then(Loading::next_query) {
                self.send(at, Priority::Visible, query)?;
            }
        }
        Ok(())
    }

    /// Requests further pages, once the first page of each list was answered.
    fn go_on(&mut self) -> Result<(), Trouble> {
        if self.lists.iter().any(|list| !list.is_begun && list.failed.is_none()) {
            return Ok(());
        }
        while self.sent < MOST_REQUESTS && self.in_flight() < MOST_IN_FLIGHT {
            let mut lists = self.lists.iter_mut().enumerate();
            let Some((at, query)) = lists.find_map(|(at, it)| Some((at, it.next_query()?))) else {
                break;
            };
            self.send(at, Priority::Next, query)?;
        }
        Ok(())
    }

    fn in_flight(&self) -> usize {
        self.lists.iter().map(|list| list.in_flight).sum()
    }

    /// Loads until all is there, or nothing more is worth waiting for.
    async fn load(&mut self) -> Result<Option<Stop>, Trouble> {
        let until = Instant::now() + PATIENCE;
        self.begin()?;
        while self.in_flight() > 0 {
            let Ok(event) = timeout_at(until, self.router.next()).await else {
                return Ok(Some(Stop::Slow));
            };
            match event.ok_or_else(internal)? {
                NetEvent::State(network) => {
                    if let Some(stop) = Stop::of(network) {
                        return Ok(Some(stop));
                    }
                }
                NetEvent::Response(Ticket(ticket), answer) => {
                    let at = usize::try_from(ticket >> NUMBER).unwrap_or(usize::MAX);
                    let number = u32::try_from(ticket & u64::from(u32::MAX)).unwrap_or_default();
                    if let Some(list) = self.lists.get_mut(at) {
                        list.accept(number, answer);
                    }
                    self.go_on()?;
                }
                NetEvent::Unusable(error) => return Err(Trouble::Settings(error.to_string())),
            }
        }
        Ok(None)
    }
}

/// Loads the lists. A list that fails leaves the others. `now` is in milliseconds since the start, and
/// so is when the rate limit ends, if it stopped the load.
pub(super) async fn lists<const N: usize>(
    router: &mut Router,
    specs: [&'static Spec; N],
    now: impl Fn() -> u64,
) -> Result<(Lists<N>, Option<u64>), Trouble> {
    let mut session = Loader { router, lists: specs.map(Loading::new), sent: 0 };
    let stop = session.load().await?;
    let is_begun = session.lists.iter().any(|list| list.is_begun);
    let loaded = session.lists.map(|list| list.finish(stop));
    let failures = || loaded.iter().filter_map(|list| list.as_ref().err());
    // A token that is not accepted for one list will not be accepted for the others.
    if let Some(refused) = failures().find(|failure| failure.advice == Advice::NewToken) {
        return Err(Trouble::Refused(refused.clone()));
    }
    let limited_until = match stop {
        Some(Stop::Limited(wait)) => Some(now().saturating_add(wait)),
        _ => None,
    };
    let failure = failures().next().filter(|_| !is_begun).cloned();
    let Some(failure) = failure else { return Ok((loaded, limited_until)) };
    Err(match (stop, limited_until, failure.kind) {
        (_, _, Kind::Access) => Trouble::Refused(failure),
        (_, Some(until), _) => Trouble::Limited { until },
        (Some(Stop::Offline), ..) => Trouble::Offline(failure),
        (Some(Stop::Slow), ..) => Trouble::Slow,
        _ => Trouble::of_failure(failure),
    })
}

/// Loads a customer's lists and computes its figures. Writes no file.
pub(super) async fn summary(
    mut router: Router,
    customer: CustomerKey,
    desk: &Arc<Desk>,
) -> Result<Summary, Trouble> {
    let (loaded, limited_until) = lists(&mut router, LISTS, || desk.clock.now().elapsed).await?;
    // Ends the session, so that another one of this customer can start.
    drop(router);
    let now = desk.clock.now().local;
    let _turn = desk.files.acquire().await.map_err(|_closed| internal())?;
    let store = desk.store.clone();
    let computed = spawn_blocking(move || {
        watched(|| {
            let files = Files::read(store.as_ref(), &customer, &loaded, now.date());
            let [debt, penalties, scheduled] =
                loaded.each_ref().map(|list| list.as_ref().map(part).map_err(Clone::clone));
            let none = Memory::default();
            let (memory, penalties) = match &files.memory {
                Ok(memory) => (memory, penalties),
                Err(failure) => (&none, penalties.and(Err(failure.clone()))),
            };
            let compared = files.compared.as_deref().map_err(Clone::clone);
            let inputs = Inputs { debt, penalties, scheduled, memory, compared, at: now };
            Summary { limited_until, ..Summary::of(customer, &inputs, now.date()) }
        })
    });
    computed.await.map_err(|_broken| internal())
}

/// Without the decisions, all penalties would seem undecided.
pub(super) fn without_decisions(what: &str, why: &io::Error) -> Failure {
    let why = format!("the decisions file cannot be read: {why}");
    Failure::new(Kind::Unreadable, what, why, Advice::None)
}

fn part(list: &LoadedList) -> Part<'_> {
    Part { rows: &list.rows, extent: list.extent }
}

/// The saved files of a customer, or why they cannot be used.
struct Files {
    memory: Result<Memory, Failure>,
    compared: Result<Vec<Compared>, String>,
}

impl Files {
    fn read(
        store: Option<&Store>,
        customer: &CustomerKey,
        lists: &Lists<{ LISTS.len() }>,
        today: NaiveDate,
    ) -> Self {
        let Some(store) = store else {
            let why = "there is no folder for saved files; set HOME".to_owned();
            return Self { memory: Ok(Memory::default()), compared: Err(why) };
        };
        let look = |list: &LoadedList| Some((list.spec, list.look.clone()?));
        let looks = lists.iter().filter_map(|list| look(list.as_ref().ok()?));
        let looks: Vec<(&'static Spec, Look)> = looks.collect();
        let memory = decisions(store, customer)
            .map_err(|why| without_decisions("Penalties could not be counted", &why));
        let compared = preview(store, customer, &looks, today).map_err(|why| why.to_string());
        Self { memory, compared }
    }
}
