//! Sends one request once, reads the reply and decodes it. The scheduler decides when and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use url::Url;

use crate::domain::failure::Advice;
use crate::domain::watched::watched;
use crate::list::Host;
use crate::list::shape::Shapes;
use crate::net::error::{ApiError, Cause};
use crate::net::request::Request;
use crate::net::response::Response;
use crate::net::target::Target;
use crate::net::transport::{BuildError, Remaining, Reply, Transport};
use crate::net::{envelope, payments};
use crate::payments::subject::Hosts;
use crate::payments::write::Write;

mod sender;

pub use sender::Sender;

/// Bytes from which a body is decoded outside the async threads: it takes some milliseconds.
const LARGE: usize = 256 * 1024;
const UNAUTHORIZED: u16 = 401;

/// The client of one server; clones share its connections and its renewed token.
#[derive(Debug, Clone)]
pub struct Client {
    pub host: Host,
    first: Arc<Credential>,
    shapes: Arc<Shapes>,
    /// Where the token comes from, for the advice about a rejected or expired one.
    token_source: Arc<str>,
}

#[derive(Debug, Clone, Default)]
pub struct PaymentsClients {
    pub payments: Option<Client>,
    pub finance: Option<Client>,
}

impl PaymentsClients {
    pub fn hosts(&self) -> Hosts {
        Hosts { payments: self.payments.is_some(), finance: self.finance.is_some() }
    }
}

#[derive(Debug)]
struct Credential {
    transport: Transport,
    next: OnceCell<Arc<Credential>>,
    failed_rereads: AtomicU64,
}

impl Credential {
    fn new(transport: Transport) -> Self {
        Self { transport, next: OnceCell::new(), failed_rereads: AtomicU64::new(0) }
    }

    /// Returns the credential that replaces this rejected one, if any; concurrent calls share one
    /// reread.
    async fn renewed(&self, failed_before: u64) -> Option<Arc<Self>> {
        let reread = || async {
            if self.failed_rereads.load(Ordering::SeqCst) != failed_before {
                return Err(());
            }
            let Transport { target, accept, .. } = self.transport.clone();
            let target = spawn_blocking(move || target.reread()).await.ok().flatten();
            let transport = target.and_then(|target| Transport::new(target, accept).ok());
            transport.map(|transport| Arc::new(Self::new(transport))).ok_or_else(|| {
                self.failed_rereads.fetch_add(1, Ordering::SeqCst);
            })
        };
        self.next.get_or_try_init(reread).await.ok().cloned()
    }
}

impl Client {
    pub fn new(target: Target) -> Result<Self, BuildError> {
        Self::for_host(Host::Customer, target)
    }

    pub fn for_host(host: Host, target: Target) -> Result<Self, BuildError> {
        let is_hal = host == Host::Payments;
        // Some reads of Payments are documented as application/json.
        let accept = if is_hal { "application/hal+json, */*;q=0.1" } else { "application/json" };
        let shapes = Arc::new(Shapes::new(target.choices.clone()));
        let first = Arc::new(Credential::new(Transport::new(target, accept)?));
        let token_source = host.token_variable().into();
        Ok(Self { host, first, shapes, token_source })
    }

    pub fn with_token_source(self, token_source: &str) -> Self {
        Self { token_source: token_source.into(), ..self }
    }

    fn token_advice(&self) -> Advice {
        let source = Arc::clone(&self.token_source);
        if self.target().rereads_token() {
            Advice::TokenFrom(source)
        } else {
            Advice::TokenIn(source)
        }
    }

    pub fn target(&self) -> &Target {
        &self.first.transport.target
    }

    pub async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        self.exchange(request).await.outcome
    }

    /// Rereads the token after a 401 and repeats the request once, unless it may be sent only once; an
    /// expired JWT is reread first.
    pub async fn exchange(&self, request: &Request) -> Exchange {
        let failed = |cause| ApiError::new(request, cause);
        if let Err(cause) = self.check(request) {
            return Err(failed(cause)).into();
        }
        let reply = match self.reply(request).await {
            Ok(reply) => reply,
            Err(cause) => return Err(failed(cause)).into(),
        };
        let Reply { date, remaining, .. } = reply;
        let (status, bytes) = (Some(reply.status), reply.body.len());
        let (host, shapes) = (self.host, Arc::clone(&self.shapes));
        let decode = move |request: &Request, reply: &Reply| match host {
            Host::Customer => envelope::read(request, reply, &shapes),
            Host::Payments | Host::Finance => payments::read(request, reply, &shapes),
        };
        let outcome = if bytes < LARGE {
            decode(request, &reply)
        } else {
            let request = request.clone();
            let decoded = spawn_blocking(move || watched(|| decode(&request, &reply))).await;
            decoded.unwrap_or(Err(Cause::Internal))
        };
        let outcome = outcome.map_err(|mut cause| {
            if let Cause::Refused(refusal) = &mut cause
                && self.host != Host::Customer
            {
                refusal.token_advice = Some(self.token_advice());
            }
            failed(cause)
        });
        Exchange { outcome, status, date, remaining, bytes }
    }

    /// The unchanged body of an answer, and the decoded response; `None` for a body that cannot be
    /// decoded.
    pub async fn body(&self, request: &Request) -> Result<(String, Option<Response>), ApiError> {
        let failed = |cause| ApiError::new(request, cause);
        self.check(request).map_err(failed)?;
        let reply = self.reply(request).await.map_err(failed)?;
        let text = reply.text().into_owned();
        match envelope::read(request, &reply, &self.shapes) {
            Ok(response) => Ok((text, Some(response))),
            Err(Cause::Unreadable(_)) => Ok((text, None)),
            Err(cause) => Err(failed(cause)),
        }
    }

    fn check(&self, request: &Request) -> Result<(), Cause> {
        // A token must never reach another server.
        if request.host() != self.host {
            return Err(Cause::Internal);
        }
        match request {
            // Without it the endpoint answers with a connection test (contract, "Every request").
            Request::Booking(reference) if reference.trim().is_empty() => {
                Err(Cause::Unsendable("the booking reference is missing".to_owned()))
            }
            Request::Payments(ask) => ask.segments().map(|_segments| ()).map_err(Cause::Unsendable),
            _ => Ok(()),
        }
    }

    fn newest(&self) -> Arc<Credential> {
        let mut current = Arc::clone(&self.first);
        while let Some(next) = current.next.get().cloned() {
            current = next;
        }
        current
    }

    /// The current credential; an expired JWT is reread first.
    async fn usable(&self) -> Result<Arc<Credential>, Cause> {
        let current = self.newest();
        let Some(at) = self.expired(&current) else { return Ok(current) };
        let renewed = current.renewed(current.failed_rereads.load(Ordering::SeqCst)).await;
        let valid = renewed.filter(|renewed| self.expired(renewed).is_none());
        valid.ok_or_else(|| Cause::Expired { at, advice: self.token_advice() })
    }

    /// The URL of a write, or why it cannot be sent.
    pub fn write_url(&self, write: &Write) -> Result<Url, String> {
        self.first.transport.write_url(write)
    }

    async fn reply(&self, request: &Request) -> Result<Reply, Cause> {
        let current = self.usable().await?;
        let failed_before = current.failed_rereads.load(Ordering::SeqCst);
        let reply = current.transport.send(request).await.map_err(Cause::Transport)?;
        if reply.status != UNAUTHORIZED {
            return Ok(reply);
        }
        match current.renewed(failed_before).await {
            Some(renewed) if !request.is_sent_once() => {
                renewed.transport.send(request).await.map_err(Cause::Transport)
            }
            // The renewed token is for the next request.
            _ => Ok(reply),
        }
    }

    /// When the token expired; `None` for a valid one, and for any token of the customer API.
    #[expect(clippy::disallowed_methods, reason = "a token expires by the real clock")]
    fn expired(&self, credential: &Credential) -> Option<DateTime<Utc>> {
        let is_jwt = self.host != Host::Customer;
        let expires = is_jwt.then(|| credential.transport.target.token.expires()).flatten();
        expires.filter(|at| *at <= Utc::now())
    }
}

#[derive(Debug)]
pub struct Exchange {
    pub outcome: Result<Response, ApiError>,
    pub status: Option<u16>,
    /// The server's clock, in seconds since 1970, if the reply has a `Date`.
    pub date: Option<i64>,
    pub remaining: Option<Remaining>,
    pub bytes: usize,
}

impl From<Result<Response, ApiError>> for Exchange {
    fn from(outcome: Result<Response, ApiError>) -> Self {
        let status = outcome.as_ref().err().and_then(ApiError::status);
        Self { outcome, status, date: None, remaining: None, bytes: 0 }
    }
}
