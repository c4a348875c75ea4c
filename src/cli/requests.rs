//! The requests of commands, with the retries, budget and circuit breaker of the dashboard.

use anyhow::{Context, bail};
use tokio::runtime::Runtime;

use super::dashboard::runtime;
use super::exit_code::{Exit, Unanswered};
use super::warn;
use crate::domain::money::counted;
use crate::figures::summary::Scope;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::Record;
use crate::net::budget::Pace;
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::pager::Pager;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{Limits, NetEvent, NetState, Page, Response, wrong_answer};
use crate::net::router::Router;
use crate::net::target::Target;
use crate::process::shutdown;

/// Runs a task until it ends or ctrl-c stops it, without waiting for requests in flight.
pub(super) fn block_on<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        let mut interrupts = shutdown::interrupts().context("could not listen for ctrl-c")?;
        tokio::select! {
            result = task => result,
            _ = interrupts.recv() => Err(Exit::interrupted().into()),
        }
    });
    runtime.shutdown_background();
    result
}

/// Starts the worker of the customer API alone. Must be called on a runtime.
pub(super) fn network(target: Target, log: &Log) -> anyhow::Result<Router> {
    network_with(target, PaymentsClients::default(), log)
}

/// Also with the workers of the Payments APIs that are configured.
pub(super) fn network_with(
    target: Target,
    payments: PaymentsClients,
    log: &Log,
) -> anyhow::Result<Router> {
    Ok(Router::start(log, Pace::Metered, Some(client(target)?), payments))
}

fn client(target: Target) -> anyhow::Result<Client> {
    Client::new(target).context("the HTTP client cannot be set up")
}

pub(super) struct Oneshot {
    runtime: Runtime,
    client: Client,
}

impl Oneshot {
    pub(super) fn new(target: Target) -> anyhow::Result<Self> {
        Ok(Self { client: client(target)?, runtime: runtime()? })
    }

    /// Returns the server's clock, in seconds since 1970, and the response.
    pub(super) fn ask(&self, request: &Request) -> Result<(Option<i64>, Response), Unanswered> {
        let exchange = self.runtime.block_on(self.client.exchange(request));
        let answer = exchange.outcome.map_err(|error| Unanswered(error.failure(request)))?;
        Ok((exchange.date, answer))
    }

    /// Returns the body as received, and the response if it could be decoded.
    pub(super) fn body(&self, request: &Request) -> Result<(String, Option<Response>), Unanswered> {
        let answer = self.runtime.block_on(self.client.body(request));
        answer.map_err(|error| Unanswered(error.failure(request)))
    }

    pub(super) fn limits(&self) -> anyhow::Result<Limits> {
        let limits = self.ask(&Request::Limits)?.1.try_as_limits();
        Ok(limits.ok_or_else(wrong_answer).map_err(Unanswered)?)
    }
}

/// The list changed while its pages were loaded: at least this many rows are affected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the list changed while loading: {} may be missing or duplicated; run this again",
    counted(*.0, "row")
)]
pub(super) struct Shifted(u64);

/// Loads a list page by page: the next page is requested before the rows of the current one are returned.
pub(super) struct Pages {
    query: ListQuery,
    limit: u64,
    pub(super) pager: Pager,
    network: Router,
    /// The number of the request in flight.
    asked: Option<u32>,
    pub(super) received: u64,
    is_cut: bool,
}

impl Pages {
    pub(super) fn start(network: Router, query: ListQuery, limit: Option<u64>) -> Self {
        let limit = limit.unwrap_or(u64::MAX);
        let size = u32::try_from(limit).unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE);
        let mut pages = Self {
            query,
            limit,
            pager: Pager::new(size),
            network,
            asked: None,
            received: 0,
            is_cut: false,
        };
        pages.ask();
        pages
    }

    fn ask(&mut self) {
        if self.received >= self.limit {
            return;
        }
        let Some(query) = self.pager.next_query(&self.query, 1) else { return };
        let number = query.number();
        self.asked = Some(number);
        let ticket = Ticket(number.into());
        let command = NetCommand::Send(ticket, Priority::Visible, Request::List(query));
        // `next` reports a worker that has ended.
        let _ = self.network.send(command);
    }

    /// Returns the rows of the next page, or `None` at the end or the limit. Reports waits to `tell`.
    pub(super) async fn next(
        &mut self,
        tell: &mut impl FnMut(NetState),
    ) -> anyhow::Result<Option<Vec<Record>>> {
        // With several filter values, the rows of one may wait for those of another.
        while let Some(number) = self.asked.take() {
            let answer = self.answer(tell).await?;
            let (mut rows, _) = self.pager.on_page(number, answer);
            let room = usize::try_from(self.limit - self.received).unwrap_or(usize::MAX);
            self.is_cut |= rows.len() > room;
            rows.truncate(room);
            self.received += rows.len() as u64;
            self.ask();
            if !rows.is_empty() {
                return Ok(Some(rows));
            }
        }
        // With several filter values, reported after the rows of the others.
        if let Some((value, page)) = self.pager.repeated_page()
            && self.received < self.limit
        {
            let list = self.query.clone().of_value(value).in_words();
            bail!("the server sent page {page} of {list} twice");
        }
        Ok(None)
    }

    async fn answer(&mut self, tell: &mut impl FnMut(NetState)) -> anyhow::Result<Page> {
        loop {
            match self.network.next().await.context("internal error: the network task ended")? {
                NetEvent::State(state) => tell(state),
                NetEvent::Response(_, Ok(response)) => {
                    let page = response.try_as_page().ok_or_else(wrong_answer);
                    return Ok(page.map_err(Unanswered)?);
                }
                NetEvent::Response(_, Err(failure)) => return Err(Unanswered(failure).into()),
                NetEvent::Unusable(error) => return Err(error.into()),
            }
        }
    }

    /// The network, for other requests.
    pub(super) fn into_network(self) -> Router {
        self.network
    }

    /// Fails if rows shifted between pages, as far as [`Pager::shifted`] can detect it.
    pub(super) fn whole(&self) -> Result<(), Shifted> {
        self.pager.shifted().map_or(Ok(()), |rows| Err(Shifted(rows)))
    }

    /// What part of the list the figures of these rows cover.
    pub(super) fn scope(&self) -> Scope {
        let total = self.pager.total.filter(|total| *total > self.received);
        Scope { part: self.is_cut().then_some((self.received, total)), ..Scope::default() }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut || self.pager.has_more()
    }
}

pub(super) fn waiting(network: NetState) -> Option<String> {
    let (what, wait) = match (network.offline_for, network.limited_for) {
        (Some(wait), _) => ("the server cannot be reached; retrying", wait),
        (None, Some(wait)) if matches!(network.left, Some((0, _))) => {
            ("rate limit reached; resuming", wait)
        }
        (None, Some(wait)) => ("pacing requests to stay within the limit; next one", wait),
        (None, None) => return None,
    };
    Some(format!("{what} in {} s", wait.div_ceil(1_000)))
}

/// Reports a wait to standard error, so that the command does not seem to hang.
pub(super) fn tell_of_waiting(network: NetState) {
    if let Some(text) = waiting(network) {
        warn(&text);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use chrono::NaiveDate;

    use super::*;
    use crate::clock::Now;
    use crate::domain::text::Untrusted;
    use crate::filter::FilterValue;
    use crate::list::Host;
    use crate::list::payments::SPEC;
    use crate::net::schedule::Scheduler;
    use crate::net::worker::Worker;
    use crate::tui::screen::booking::tenant::Tenant;
    use crate::tui::screen::list::state::List;

    type Server = fn(&ListQuery) -> Page;

    fn page(query: &ListQuery, rows: std::ops::Range<u32>) -> Page {
        let rows = rows.map(|row| Record::read(&SPEC, &format!(r#"{{"id":"{row}"}}"#))).collect();
        Page { rows, total: None, current: query.page, last: None, per_page: query.per_page }
    }

    fn honest(query: &ListQuery) -> Page {
        let (from, size) = ((query.page - 1) * query.per_page, query.per_page);
        let last = Some(1_234_u32.div_ceil(size));
        let rows = from.min(1_234)..(from + size).min(1_234);
        Page { last, total: Some(1_234), ..page(query, rows) }
    }

    fn without_pagination(query: &ListQuery) -> Page {
        Page { last: None, total: None, ..honest(query) }
    }

    fn always_one_more(query: &ListQuery) -> Page {
        Page { last: Some(query.page + 1), total: None, ..honest(query) }
    }

    /// Each later page repeats the first row.
    fn moving(query: &ListQuery) -> Page {
        let mut page = honest(query);
        let again = if query.page > 1 { 0..1 } else { 0..0 };
        page.rows.extend(self::page(query, again).rows);
        page
    }

    fn repeating(query: &ListQuery) -> Page {
        Page { last: Some(9), ..page(query, 0..query.per_page) }
    }

    fn now() -> Now {
        Now::default()
    }

    fn shown(server: Server, is_all: bool) -> (List, usize) {
        let (mut list, mut asked) = (List::new(&SPEC), 1);
        let query = list.start_refresh(now(), Priority::Visible);
        list.on_page(query.page, server(&query), now());
        if is_all {
            list.start_load_all(now());
            while let Some(query) = list.next_page_of_all() {
                list.on_page_of_all(query.page, server(&query));
                asked += 1;
            }
        }
        while let Some((_, query)) = list.start_next_page(now()) {
            asked += 1;
            list.on_page(query.page, server(&query), now());
        }
        (list, asked)
    }

    fn refreshed(server: Server) -> usize {
        let (mut list, _) = shown(honest, false);
        list.table.step(crate::tui::keymap::Step::Last, 20);
        let mut query = list.start_refresh(now(), Priority::Visible);
        loop {
            list.on_page(query.page, server(&query), now());
            match list.next_refresh_page() {
                Some((_, next)) => query = next,
                None => return list.table.records().len(),
            }
        }
    }

    fn of_tenant(server: Server) -> usize {
        let (mut tenant, reference) = (Tenant::default(), Untrusted::new("BK1"));
        let mut next = tenant.begin(&reference);
        while let Some(query) = next {
            next = tenant.accept(query.page, server(&query), &reference);
        }
        tenant.table.records().len()
    }

    async fn written(server: Server) -> Option<usize> {
        let (rows, end) = read(server, ListQuery::new(&SPEC)).await;
        end.ok().map(|()| rows)
    }

    /// The number of rows, and why loading stopped.
    async fn read(server: Server, query: ListQuery) -> (usize, anyhow::Result<()>) {
        let exchange = move |request| {
            let Request::List(query) = request else { panic!("no list") };
            let outcome = Ok(Response::Page(server(&query)));
            Box::pin(async move { outcome.into() }) as Pin<Box<dyn Future<Output = _> + Send>>
        };
        let worker = Worker::new(Host::Payments, Scheduler::new(Pace::Free, 7), Log::default());
        let (mut network, events) = Router::without_workers();
        network.add(worker, Box::new(exchange), &events);
        drop(events);
        let mut pages = Pages::start(network, query, None);
        let mut rows = 0;
        loop {
            match pages.next(&mut tell_of_waiting).await {
                Ok(Some(page)) => rows += page.len(),
                Ok(None) => return (rows, Ok(())),
                Err(error) => return (rows, Err(error)),
            }
        }
    }

    /// The second page of the second value repeats its first.
    fn repeating_for_fees(query: &ListQuery) -> Page {
        let is_fee = query.pairs().iter().any(|(_, value)| value == "fee-collection");
        let size = query.per_page;
        if is_fee {
            Page { last: Some(9), ..page(query, 10_000..10_000 + size) }
        } else {
            honest(query)
        }
    }

    #[tokio::test]
    async fn a_page_that_comes_twice_is_named_with_its_value_after_the_rows_that_came() {
        let (rows, end) = read(repeating, ListQuery::new(&SPEC)).await;
        let why = end.unwrap_err().to_string();
        assert_eq!((rows, why.as_str()), (500, "the server sent page 2 of Payments twice"));
        let filter = FilterValue::named(&SPEC, "type", "rent-collection,fee-collection").unwrap();
        let query = ListQuery::with_filters(&SPEC, vec![filter], NaiveDate::default()).unwrap();
        let (rows, end) = read(repeating_for_fees, query).await;
        let why = end.unwrap_err().to_string();
        let expected = "the server sent page 2 of Payments (type fee-collection) twice";
        assert_eq!((rows, why.as_str()), (1_734, expected), "1,234 and 500 rows");
    }

    #[tokio::test]
    async fn a_list_ends_at_the_same_row_wherever_it_is_shown_or_written() {
        let servers = [honest as Server, without_pagination, always_one_more, moving];
        for (at, server) in servers.into_iter().enumerate() {
            let rows = |is_all| shown(server, is_all).0.table.records().len();
            let found = (rows(false), rows(true), refreshed(server), of_tenant(server));
            assert_eq!(found, (1_234, 1_234, 1_234, 1_234), "{at}");
            assert_eq!(written(server).await, Some(1_234), "{at}");
        }
        for (list, asked) in [shown(repeating, false), shown(repeating, true)] {
            assert!(asked <= 3 && list.table.len() <= 500 && !list.has_more());
        }
        assert_eq!((of_tenant(repeating), written(repeating).await), (100, None));
    }
}
