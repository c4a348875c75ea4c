//! The served endpoints, the checks before them, and the state that all connections share.
#![expect(
    clippy::disallowed_types,
    reason = "a test reads and changes a running server from outside its runtime; the locks guard small \
              values and are never held across an await"
)]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, HeaderName};
use tokio::sync::Notify;

use super::conciliation;
use super::database::Database;
use super::endpoint::{EmptyPage, Endpoint, documented};
use super::fault::{Fault, Reply, apply_fault};
use super::filter::{ListRequest, QueryString};
use super::gate::{Tokens, Window, refuse_accept};
use super::ground_truth::GroundTruth;
use super::json::object;
use super::payments::writes::is_write;
use super::payments::{self, PaymentsServers};
use super::reply::{HttpReply, connected, invalid, list};
use super::shape::Shape;
use super::{LoggedRequest, Options, story};

/// Where the lists are served, with the same data under both.
const BASES: [&str; 2] = ["/api/v1/c/", "/api/sandbox/v1/c/"];
const BOOKING: &str = "conciliation/booking";
const LIMITS: &str = "tokens/limits";
const LOG: usize = 10_000;
const LATE: Duration = Duration::from_secs(2);

/// The state that all connections of a sandbox share. Its locks stay usable after a panic.
pub(super) struct Site {
    pub(super) tokens: Tokens,
    pub(super) known: GroundTruth,
    database: Database,
    pub(super) payments: Arc<PaymentsServers>,
    endpoints: Vec<Endpoint>,
    hostile: Option<u64>,
    shape: Shape,
    latency: Duration,
    window: Mutex<Window>,
    faults: Mutex<Vec<Fault>>,
    log: Mutex<VecDeque<LoggedRequest>>,
    /// Notified when connections must be refused for some time.
    pub(super) leaving: Notify,
    pub(super) healed: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn header(request: &hyper::Request<Bytes>, name: HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl Site {
    pub(super) fn new(mut options: Options) -> io::Result<Self> {
        let day = options.stories_of.unwrap_or(options.today);
        let (mut database, known) = story::write(options.seed, day, options.rows.unwrap_or(0));
        if day < options.today {
            database.pass_time(options.today);
        }
        for revision in &options.revised {
            database.revise(revision, options.today);
        }
        let known = GroundTruth {
            transactions: database.transactions.len(),
            scheduled: database.scheduled.len(),
            invoices: database.invoices.len(),
            penalties: database.penalties.len(),
            debts: database.debts.len(),
            ..known
        };
        let mut endpoints = documented();
        for extra in std::mem::take(&mut options.extra) {
            database.extra.insert(extra.path.clone(), extra.rows);
            endpoints.push(Endpoint {
                noun: extra.path.replace(['/', '_', '-'], " "),
                path: extra.path,
                empty_page: EmptyPage::Paged,
                params: extra.params,
            });
        }
        let is_served = |path: &str| {
            ["*", BOOKING, LIMITS].contains(&path)
                || payments::NAMES.contains(&path)
                || endpoints.iter().any(|endpoint| endpoint.path == path)
        };
        if let Some(fault) = options.faults.iter().find(|fault| !is_served(&fault.path)) {
            let why = format!(
                "a fault names the path {:?}, which the sandbox does not serve",
                fault.path
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        Ok(Self {
            tokens: Tokens::new(options.seed),
            known,
            payments: Arc::new(PaymentsServers::new(&database, &options)),
            database,
            endpoints,
            hostile: options.hostile.then_some(options.seed),
            shape: options.shape,
            latency: options.latency,
            window: Mutex::new(Window { limit: options.limit, ..Window::default() }),
            faults: Mutex::new(options.faults),
            log: Mutex::default(),
            leaving: Notify::new(),
            healed: Notify::new(),
        })
    }

    pub(super) fn requests(&self) -> Vec<LoggedRequest> {
        lock(&self.log).iter().cloned().collect()
    }

    pub(super) fn set_faults(&self, faults: Vec<Fault>) {
        *lock(&self.faults) = faults;
        self.healed.notify_waiters();
    }

    fn log(&self, request: LoggedRequest) {
        let mut log = lock(&self.log);
        log.push_back(request);
        let surplus = log.len().saturating_sub(LOG);
        log.drain(..surplus);
    }

    fn fault(&self, endpoint: &str) -> Option<&'static str> {
        let mut faults = lock(&self.faults);
        let fault = faults.iter_mut().find(|fault| fault.hits(endpoint))?;
        fault.left = fault.left.map(|left| left - 1);
        Some(fault.kind)
    }

    fn name(path: &str) -> Option<&str> {
        let list = BASES.iter().find_map(|base| path.strip_prefix(base));
        payments::name(path)
            .or_else(|| list.filter(|name| *name != LIMITS))
            .or_else(|| path.strip_prefix("/api/v1/").filter(|name| *name == LIMITS))
    }

    /// The correct reply. Checks method, path, token, rate limit, `Accept`, then parameters.
    fn reply_as_customer(&self, request: &hyper::Request<Bytes>, query: &QueryString) -> HttpReply {
        if request.method() != "GET" {
            let method = request.method();
            let why = format!("The {method} method is not supported. Supported methods: GET.");
            return HttpReply::message(405, &why).header("Allow", "GET");
        }
        let path = request.uri().path();
        let name = Self::name(path);
        let endpoint = self.endpoints.iter().find(|endpoint| Some(endpoint.path.as_str()) == name);
        if endpoint.is_none() && name != Some(BOOKING) && name != Some(LIMITS) {
            return HttpReply::message(404, &format!("The route {path} could not be found."));
        }
        if let Some(refusal) = self.tokens.refuse(header(request, AUTHORIZATION)) {
            return refusal;
        }
        let refusal = lock(&self.window).count();
        let refusal = refusal.or_else(|| refuse_accept(header(request, ACCEPT)));
        let reply = match (refusal, endpoint) {
            (Some(refusal), _) => refusal,
            (None, Some(endpoint)) => self.list(endpoint, query),
            (None, None) if name == Some(LIMITS) => lock(&self.window).limits(),
            (None, None) => self.booking(query),
        };
        lock(&self.window).label(reply)
    }

    fn list(&self, endpoint: &Endpoint, query: &QueryString) -> HttpReply {
        if query.tests_connection() {
            return connected(endpoint.accepted());
        }
        let table = self.database.table(&endpoint.path);
        let reply = |request| list(endpoint, &request, table, self.hostile, self.shape);
        ListRequest::read(endpoint, query, table).map_or_else(invalid, reply)
    }

    fn booking(&self, query: &QueryString) -> HttpReply {
        // The introduction that all endpoint pages share: "Send ?test=connection (or no parameters
        // where documented)". This endpoint documents the latter, and does not list `test`.
        if query.is_empty() || query.tests_connection() {
            let booking = "string, required (exact booking reference)";
            return connected(object! {"booking_id": booking});
        }
        let Some(reference) = query.get("booking_id") else {
            let text = "The booking id field is required.";
            return invalid(vec![("booking_id".to_owned(), text.to_owned())]);
        };
        conciliation::booking(&self.database, reference, self.hostile, self.shape)
    }

    pub(super) async fn reply(&self, request: &hyper::Request<Bytes>) -> Reply {
        let path = request.uri().path();
        let raw = request.uri().query().unwrap_or_default();
        let (method, query) = (request.method().to_string(), raw.to_owned());
        self.log(LoggedRequest { method, path: path.to_owned(), query });
        // Before any fault: the record shows all that arrived.
        let arrived = is_write(request).then(|| self.payments.arrived(request));
        let fault = self.fault(Self::name(path).unwrap_or_default());
        if fault == Some("refused") {
            self.leaving.notify_one();
        }
        let late = if fault == Some("latency") { LATE } else { Duration::ZERO };
        if !(self.latency + late).is_zero() {
            tokio::time::sleep(self.latency + late).await;
        }
        let mut query = QueryString::parse(raw);
        if fault == Some("repeat-pages") {
            query = query.without(&["page"]);
        }
        if fault == Some("ignore-booking") && Self::name(path) != Some(BOOKING) {
            query = query.without(&["booking_id", "reference_id"]);
        }
        let reply = match (payments::name(path), arrived) {
            (Some("payments-api"), Some(at)) => match self.payments.write(request, at, fault) {
                Reply::Http(reply) => reply,
                raw @ Reply::Raw(_) => return raw,
            },
            (Some(_), _) => self.payments.reply(request, &query),
            (None, _) => self.reply_as_customer(request, &query),
        };
        match fault {
            None => Reply::Http(reply),
            Some(kind) => match apply_fault(kind, reply, path) {
                Reply::Http(fault) => Reply::Http(payments::as_problem(path, fault)),
                raw @ Reply::Raw(_) => raw,
            },
        }
    }
}
