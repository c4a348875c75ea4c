//! The pages of a list, one after the other, for commands without a screen: with the retries, the
//! budget and the gate of the dashboard.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use anyhow::Context;
use tokio::signal::unix::Signal;

use super::outcome::{Interrupted, Unanswered};
use super::say;
use crate::domain::money::format_count;
use crate::list::record::Record;
use crate::net::budget::Pace;
use crate::net::channel::{NetCommand, NetEvent};
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::query::{LARGEST_PAGE, ListQuery};
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::{NetState, Page, Response};
use crate::net::router::Router;
use crate::process::shutdown;

/// The list changed while its pages were loaded; the number of rows that say so.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the list changed while it was loaded: {} may be missing or double; run again", rows(*.0)
)]
pub(super) struct Moved(u64);

fn rows(count: u64) -> String {
    format!("{} {}", format_count(count), if count == 1 { "row" } else { "rows" })
}

/// Fetches a list from its first page on. The page after the one that was given last is already
/// under way while its rows are written.
pub(super) struct Pages {
    query: ListQuery,
    /// Rows that are wanted; all without it.
    wanted: Option<u64>,
    network: Router,
    /// The number of the page under way.
    asked: Option<u32>,
    came: u64,
    /// Rows under these filters on all pages, as far as the server has said.
    total: Option<u64>,
    /// The total of the first page, and whether a later page had another one: the rows have then
    /// moved between the pages, and some may be missing or there twice.
    first_total: Option<u64>,
    has_moved: bool,
    /// The rows so far that say by themselves which one they are: one that comes on a second page has
    /// moved, and another one has moved the other way.
    known: HashSet<u64>,
    doubled: u64,
    interrupts: Signal,
    /// What the page before held: a server that gives it again would be asked for ever.
    before: Option<u64>,
    is_more: bool,
}

impl Pages {
    /// Begins to fetch; to be called on a runtime.
    pub(super) fn start(
        client: Client,
        query: ListQuery,
        wanted: Option<u64>,
        log: Log,
    ) -> anyhow::Result<Self> {
        let interrupts = shutdown::interrupts().context("ctrl-c cannot be waited for")?;
        let none = PaymentsClients::default();
        let network = Router::start(&log, Pace::Metered, Some(client), none);
        let per_page = wanted.map_or(LARGEST_PAGE, |wanted| {
            u32::try_from(wanted).unwrap_or(LARGEST_PAGE).clamp(1, LARGEST_PAGE)
        });
        let mut pages = Self {
            query: query.page(1, per_page),
            wanted,
            network,
            asked: None,
            came: 0,
            total: None,
            first_total: None,
            has_moved: false,
            known: HashSet::new(),
            doubled: 0,
            interrupts,
            before: None,
            is_more: true,
        };
        pages.ask(1);
        Ok(pages)
    }

    fn ask(&mut self, number: u32) {
        self.asked = Some(number);
        let request = Request::List(self.query.clone().page(number, self.query.per_page));
        let command = NetCommand::Send(Ticket(u64::from(number)), Priority::Visible, request);
        // A worker that is gone is noticed where its answer is waited for.
        let _ = self.network.send(command);
    }

    /// The rows of the next page; `None` after the last, or after as many as were wanted. What the
    /// network waits for is told meanwhile.
    ///
    /// # Errors
    /// [`Unanswered`], [`Interrupted`], or a server that gives the same page twice.
    pub(super) async fn next(
        &mut self,
        tell: &mut impl FnMut(NetState),
    ) -> anyhow::Result<Option<Page>> {
        let Some(number) = self.asked.take() else { return Ok(None) };
        let mut page = loop {
            let event = tokio::select! {
                event = self.network.next() => event.context("the worker ended")?,
                _ = self.interrupts.recv() => return Err(Interrupted.into()),
            };
            match event {
                NetEvent::State(state) => tell(state),
                NetEvent::Response(_, Ok(Response::Page(page))) => break page,
                NetEvent::Response(_, Ok(_)) => {
                    anyhow::bail!("the worker gave an answer of another kind")
                }
                NetEvent::Response(_, Err(failure)) => return Err(Unanswered(failure).into()),
                NetEvent::Unusable(error) => return Err(error.into()),
            }
        };
        self.total = page.total.or(self.total);
        self.first_total = self.first_total.or(self.total);
        self.has_moved |= self.total != self.first_total;
        let mut hasher = DefaultHasher::new();
        page.rows.iter().for_each(|row| row.identity().hash(&mut hasher));
        let held = hasher.finish();
        if !page.rows.is_empty() && self.before.replace(held) == Some(held) {
            anyhow::bail!(
                "the server gave page {number} of {} twice; what came before it was written",
                self.query.spec.title
            );
        }
        self.drop_doubles(&mut page);
        let left = self.wanted.map_or(u64::MAX, |wanted| wanted - self.came);
        let room = usize::try_from(left).unwrap_or(usize::MAX);
        let is_cut = page.rows.len() > room;
        page.rows.truncate(room);
        let came = page.rows.len();
        self.came += came as u64;
        self.is_more = is_cut || self.has_next(number, &page);
        if self.is_more && self.wanted.is_none_or(|wanted| self.came < wanted) {
            self.ask(number + 1);
        }
        Ok(Some(page))
    }

    /// Leaves out the rows that came on an earlier page.
    fn drop_doubles(&mut self, page: &mut Page) {
        let before = page.rows.len();
        page.rows.retain(|row| !row.has_id() || !self.known.contains(&row.identity()));
        self.doubled += (before - page.rows.len()) as u64;
        self.known.extend(page.rows.iter().filter(|row| row.has_id()).map(Record::identity));
    }

    /// Whether the server has rows behind this page. A server that promises pages for ever is
    /// followed only as long as they hold rows.
    fn has_next(&self, number: u32, page: &Page) -> bool {
        !page.rows.is_empty()
            && match (page.last, self.total) {
                (Some(last), _) => number < last,
                (None, Some(total)) => self.came < total,
                (None, None) => page.rows.len() >= self.query.per_page as usize,
            }
    }

    /// Whether the list did not change since its first page was loaded, as far as totals and
    /// doubles show it. Where one row is deleted on a page that was given and another is added at the
    /// end, between the same two requests, both agree and a row is lost: to see that, every page would
    /// have to be asked for twice. Help and README say so.
    ///
    /// # Errors
    /// [`Moved`]; what came is of use all the same.
    pub(super) fn whole(&self) -> Result<(), Moved> {
        let total = self.first_total.filter(|_| !self.is_more);
        let off = total.map_or(0, |total| total.abs_diff(self.came)).max(self.doubled);
        match (off, self.has_moved) {
            (0, false) => Ok(()),
            _ => Err(Moved(off.max(1))),
        }
    }

    pub(super) fn came(&self) -> u64 {
        self.came
    }

    /// Rows on all pages, as far as the server has said.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// Whether there are rows that were not asked for.
    pub(super) fn is_cut(&self) -> bool {
        self.is_more
    }
}

/// What the network waits for, in words.
pub(super) fn waiting(network: NetState) -> Option<String> {
    let (what, wait) = match (network.offline_for, network.closed_for) {
        (Some(wait), _) => ("the server is out of reach; next try", wait),
        (None, Some(wait)) => ("the request limit is spent; goes on", wait),
        (None, None) => return None,
    };
    Some(format!("{what} in {} s", wait.div_ceil(1_000)))
}

/// Says on standard error what the network waits for: without a word it would seem to hang.
pub(super) fn tell_of_waiting(network: NetState) {
    if let Some(text) = waiting(network) {
        say(&format!("valora: {text}"));
    }
}
