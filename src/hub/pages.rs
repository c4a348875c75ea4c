//! A list for a command, page by page, with one request in flight.

use crate::domain::failure::Failure;
use crate::domain::money::{counted, format_count};
use crate::figures::summary::Scope;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::Record;
use crate::net::pager::Pager;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::{NetEvent, NetState, Page, wrong_answer};
use crate::net::router::Router;
use crate::net::transport::BuildError;

/// The list changed while its pages were loaded: at least this many rows are affected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the list changed while loading: {} may be missing or duplicated; run this again",
    counted(*.0, "row")
)]
pub struct Shifted(u64);

/// Why a list could not be loaded completely.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    #[error("{0}")]
    Failed(Failure),
    #[error("the server sent page {page} of {list} twice")]
    Repeated { page: u32, list: String },
    #[error(transparent)]
    Unusable(BuildError),
    #[error("internal error: the network task ended")]
    Ended,
}

/// Loads a list page by page: the next page is requested before the rows of the current one are returned.
pub struct Pages {
    query: ListQuery,
    limit: u64,
    pub pager: Pager,
    network: Router,
    /// The number of the request in flight.
    asked: Option<u32>,
    pub received: u64,
    is_cut: bool,
}

impl Pages {
    pub fn start(network: Router, query: ListQuery, limit: Option<u64>) -> Self {
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
    pub async fn next(
        &mut self,
        tell: &mut impl FnMut(NetState),
    ) -> Result<Option<Vec<Record>>, PagesError> {
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
            return Err(PagesError::Repeated { page, list });
        }
        Ok(None)
    }

    async fn answer(&mut self, tell: &mut impl FnMut(NetState)) -> Result<Page, PagesError> {
        loop {
            match self.network.next().await.ok_or(PagesError::Ended)? {
                NetEvent::State(state) => tell(state),
                NetEvent::Response(_, answer) => {
                    let page = answer.and_then(|it| it.try_as_page().ok_or_else(wrong_answer));
                    return page.map_err(PagesError::Failed);
                }
                NetEvent::Unusable(error) => return Err(PagesError::Unusable(error)),
            }
        }
    }

    /// The network, for other requests.
    pub fn into_network(self) -> Router {
        self.network
    }

    /// Fails if rows shifted between pages, as far as [`Pager::shifted`] can detect it.
    pub fn whole(&self) -> Result<(), Shifted> {
        self.pager.shifted().map_or(Ok(()), |rows| Err(Shifted(rows)))
    }

    /// What part of the list the figures of these rows cover.
    pub fn scope(&self) -> Scope {
        let total = self.pager.total.filter(|total| *total > self.received);
        Scope { part: self.is_cut().then_some((self.received, total)), ..Scope::default() }
    }

    /// Which rows are missing, for a file; empty if none is.
    pub fn part(&self) -> String {
        let changed = self.whole().err().map(|error| error.to_string());
        let cut = self.is_cut().then(|| format!("only {} rows", self.scope().loaded()));
        let parts: Vec<String> = cut.into_iter().chain(changed).collect();
        if parts.is_empty() { String::new() } else { format!("Incomplete: {}", parts.join("; ")) }
    }

    /// `loading stopped after 500 of 2,113 rows`.
    pub fn stopped_in_words(&self) -> String {
        let rows = match self.pager.total.filter(|total| *total > self.received) {
            Some(total) => format!("{} of {}", format_count(self.received), counted(total, "row")),
            None => counted(self.received, "row"),
        };
        format!("loading stopped after {rows}")
    }

    /// The rows that were not loaded, and how to load them; `None` if all were.
    pub fn missing_in_words(&self, is_sorted: bool) -> Option<String> {
        let (rows, total) = (counted(self.received, "row"), self.pager.total);
        let total = total.filter(|total| *total > self.received);
        self.is_cut().then(|| match (total, is_sorted) {
            (Some(total), true) => {
                let [received, total] = [self.received, total].map(format_count);
                format!("sorted only the first {received} of {total} rows; --all sorts all")
            }
            (None, true) => {
                format!("sorted only the first {rows}; there may be more: --all sorts all")
            }
            (Some(total), false) => {
                let requests = counted(self.pager.requests_left(), "more request");
                let [received, total] = [self.received, total].map(format_count);
                format!("{received} of {total} rows; --all loads the rest in {requests}")
            }
            (None, false) => format!("{rows}; there may be more: --all loads them"),
        })
    }

    pub fn is_cut(&self) -> bool {
        self.is_cut || self.pager.has_more()
    }
}

/// Fields named in the settings that do not fit the rows: their columns are empty or wrong.
pub fn misfits(rows: &[Record]) -> impl Iterator<Item = String> {
    let fields = rows.first().map_or(&[][..], |row| row.spec().fields);
    let misfits = fields.iter().filter_map(|field| field.misfit(rows));
    misfits.map(|misfit| format!("{misfit}; valora check shows where to correct it"))
}
