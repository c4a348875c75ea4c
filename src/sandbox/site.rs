//! What is served: the endpoints, the checks before them, and the state that all connections
//! share.
#![expect(
    clippy::disallowed_types,
    reason = "a test asks and changes a running server from outside of its runtime; the locks guard small \
              values and are never held across an await"
)]

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName};
use tokio::sync::Notify;

use super::answer::{Answer, booking_accepts, connected, invalid, list};
use super::conciliation;
use super::endpoint::{Endpoint, Param, Rule, documented};
use super::fault::{Fault, Kind};
use super::filter::Asked;
use super::gate::{Tokens, Window, refuse_accept};
use super::hostile::Hostile;
use super::known::Known;
use super::payments::Desk;
use super::query::Query;
use super::spoil::{Reply, spoil};
use super::store::{JsonRows, Source, Store};
use super::{ExtraList, Options, Request, revision, story};

/// Where the lists are served, with the same data under both.
const BASES: [&str; 2] = ["/api/v1/c/", "/api/sandbox/v1/c/"];
/// The endpoints that are no lists.
const BOOKING: &str = "conciliation/booking";
const LIMITS: &str = "tokens/limits";
const LOG: usize = 10_000;
/// The delay of the fault `latency`.
const LATE: Duration = Duration::from_secs(2);

/// One sandbox as all its connections see it. The locks guard small values, are never held across an
/// `await`, and outlive a panic of whoever held them.
pub(super) struct Site {
    pub(super) tokens: Tokens,
    pub(super) known: Known,
    store: Store,
    desk: Desk,
    endpoints: Vec<Endpoint>,
    hostile: Option<Hostile>,
    latency: Duration,
    window: Mutex<Window>,
    faults: Mutex<Vec<Fault>>,
    log: Mutex<VecDeque<Request>>,
    /// Tells the server to let connections be refused for a while.
    pub(super) leaving: Notify,
    /// Tells it that the faults are others now.
    pub(super) healed: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Site {
    pub(super) fn new(options: Options) -> io::Result<Self> {
        let (mut store, mut known) =
            story::tell(options.seed, options.today, options.rows.unwrap_or(0));
        revision::apply(&mut store, &options.revised, options.today);
        known.penalties = store.penalties.len();
        let mut endpoints = documented();
        for (nth, extra) in options.extra.into_iter().enumerate() {
            endpoints.push(described(extra, nth, &mut store));
        }
        let served = |path: &str| {
            path == "*"
                || path == BOOKING
                || path == LIMITS
                || Desk::names().contains(&path)
                || endpoints.iter().any(|endpoint| endpoint.path == path)
        };
        if let Some(fault) = options.faults.iter().find(|fault| !served(&fault.path)) {
            let why = format!("a fault is meant for {:?}, which is not served", fault.path);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        Ok(Self {
            tokens: Tokens::new(options.seed),
            known,
            desk: Desk::new(&store, options.quirks, options.today),
            store,
            endpoints,
            hostile: options.hostile.then_some(Hostile { seed: options.seed }),
            latency: options.latency,
            window: Mutex::new(Window::new(options.limit)),
            faults: Mutex::new(options.faults),
            log: Mutex::new(VecDeque::new()),
            leaving: Notify::new(),
            healed: Notify::new(),
        })
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        lock(&self.log).iter().cloned().collect()
    }

    pub(super) fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.faults) = faults;
        self.healed.notify_waiters();
    }

    fn remember(&self, request: Request) {
        let mut log = lock(&self.log);
        if log.len() >= LOG {
            log.pop_front();
        }
        log.push_back(request);
    }

    /// The first fault that is meant for an endpoint; it is then used up by one.
    fn fault(&self, endpoint: &str) -> Option<Kind> {
        let mut faults = lock(&self.faults);
        let fault = faults.iter_mut().find(|fault| fault.hits(endpoint))?;
        fault.left = fault.left.map(|left| left - 1);
        Some(fault.kind)
    }

    /// The endpoint's name in a path: what follows the base.
    fn name(path: &str) -> Option<&str> {
        if let Some(name) = Desk::name(path) {
            return Some(name);
        }
        let list = BASES.iter().find_map(|base| path.strip_prefix(base));
        list.filter(|name| *name != LIMITS)
            .or_else(|| path.strip_prefix("/api/v1/").filter(|name| *name == LIMITS))
    }

    /// The right answer. The order of the checks: method, path, token, rate limit, `Accept`, and
    /// then the parameters.
    fn answer(&self, method: &str, path: &str, query: &Query, headers: &HeaderMap) -> Answer {
        if method != "GET" {
            let why = format!("The {method} method is not supported. Supported methods: GET.");
            return Answer::message(405, &why).header("Allow", "GET");
        }
        let name = Self::name(path);
        let endpoint = self.endpoints.iter().find(|endpoint| Some(endpoint.path.as_str()) == name);
        if endpoint.is_none() && name != Some(BOOKING) && name != Some(LIMITS) {
            return Answer::message(404, &format!("The route {path} could not be found."));
        }
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let refusal = self
            .tokens
            .refuse(header(AUTHORIZATION))
            .or_else(|| lock(&self.window).count())
            .or_else(|| refuse_accept(header(ACCEPT)));
        match (refusal, endpoint) {
            (Some(refusal), _) => refusal,
            (None, Some(endpoint)) => self.list(endpoint, query),
            (None, None) if name == Some(LIMITS) => lock(&self.window).limits(),
            (None, None) => self.booking(query),
        }
    }

    fn list(&self, endpoint: &Endpoint, query: &Query) -> Answer {
        if query.tests_connection() {
            return connected(endpoint.accepted());
        }
        match Asked::read(endpoint, query, &self.store) {
            Ok(asked) => list(endpoint, &asked, &self.store, self.hostile),
            Err(refusals) => invalid(refusals),
        }
    }

    fn booking(&self, query: &Query) -> Answer {
        if query.is_empty() || query.tests_connection() {
            return connected(booking_accepts());
        }
        let Some(reference) = query.get("booking_id") else {
            let text = "The booking id field is required.";
            return invalid(vec![("booking_id".to_owned(), text.to_owned())]);
        };
        conciliation::booking(&self.store, reference, self.hostile)
    }

    /// The answer with whatever goes wrong.
    pub(super) async fn reply(&self, request: &hyper::Request<Bytes>) -> Reply {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let raw = request.uri().query().unwrap_or_default();
        self.remember(Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: raw.to_owned(),
        });
        let fault = self.fault(Self::name(path).unwrap_or_default());
        if fault == Some(Kind::Refused) {
            self.leaving.notify_one();
        }
        let late = if fault == Some(Kind::Latency) { LATE } else { Duration::ZERO };
        if !(self.latency + late).is_zero() {
            tokio::time::sleep(self.latency + late).await;
        }
        let mut query = Query::parse(raw);
        if fault == Some(Kind::RepeatPages) {
            query = query.first_page();
        }
        let headers = request.headers();
        let answer = match Desk::name(path) {
            Some(_) => self.desk.answer(method, path, &query, headers, request.body()),
            None => self.answer(method, path, &query, headers),
        };
        match fault {
            None => Reply::Answer(answer),
            Some(kind) => spoil(kind, answer, path),
        }
    }
}

/// An endpoint for a list that is described elsewhere; its rows go into the store.
fn described(extra: ExtraList, nth: usize, store: &mut Store) -> Endpoint {
    let param = |(name, rule): (String, Rule)| {
        let hint = match &rule {
            Rule::Text(fields) => fields.join(", "),
            _ => format!("exact {}", name.replace('_', " ")),
        };
        Param { name, rule, hint }
    };
    store.extra.push(JsonRows::new(extra.rows));
    Endpoint {
        noun: extra.path.replace(['/', '_', '-'], " "),
        path: extra.path,
        source: Source::Extra(nth),
        empty_is_paged: true,
        params: extra.params.into_iter().map(param).collect(),
    }
}
