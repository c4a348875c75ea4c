//! One request, once: sent, read, decoded. When and how often is decided elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::domain::watched::watched;
use crate::list::Host;
use crate::net::error::{ApiError, Cause};
use crate::net::request::Request;
use crate::net::response::Response;
use crate::net::target::Target;
use crate::net::transport::{BuildError, Reply, Transport, TransportError};
use crate::net::{envelope, payments};
use crate::payments::subject::Hosts;

/// Bytes from which a body is decoded outside of the async threads: some milliseconds of work.
const LARGE: usize = 256 * 1024;
const UNAUTHORIZED: u16 = 401;

/// The client of one server; a clone shares its connections, and the token where that is renewed.
#[derive(Debug, Clone)]
pub struct Client {
    pub host: Host,
    first: Arc<Credential>,
    expires: Option<DateTime<Utc>>,
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

    /// The one after this refused credential, if its source has it; read once for all refusals.
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
        let (accept, expires) = match host {
            Host::Customer => ("application/json", None),
            Host::Payments => ("application/hal+json", target.token.expires()),
            Host::Finance => ("application/json", target.token.expires()),
        };
        let transport = Transport::new(target, accept)?;
        Ok(Self { host, first: Arc::new(Credential::new(transport)), expires })
    }

    pub fn target(&self) -> &Target {
        &self.first.transport.target
    }

    pub async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        self.exchange(request).await.outcome
    }

    /// On a 401 the token's source is read again, and the request repeated once with another token.
    pub async fn exchange(&self, request: &Request) -> Exchange {
        let failed = |cause| ApiError::new(request, cause);
        if let Err(cause) = self.check(request) {
            return Err(failed(cause)).into();
        }
        let reply = match self.reply(request).await {
            Ok(reply) => reply,
            Err(error) => return Err(failed(Cause::Transport(error))).into(),
        };
        let (status, date, bytes) = (Some(reply.status), reply.date, reply.body.len());
        let decode = match self.host {
            Host::Customer => envelope::read,
            Host::Payments | Host::Finance => payments::read,
        };
        let outcome = if bytes < LARGE {
            decode(request, &reply)
        } else {
            let request = request.clone();
            let decoded = spawn_blocking(move || watched(|| decode(&request, &reply))).await;
            decoded.unwrap_or(Err(Cause::Internal))
        };
        Exchange { outcome: outcome.map_err(failed), status, date, bytes }
    }

    #[expect(clippy::disallowed_methods, reason = "a token's end is a time of the real clock")]
    fn check(&self, request: &Request) -> Result<(), Cause> {
        // A token is for its own server alone.
        if request.host() != self.host {
            return Err(Cause::Internal);
        }
        if let Some(at) = self.expires.filter(|at| *at <= Utc::now()) {
            return Err(Cause::Expired(at));
        }
        match request {
            // Without it the endpoint answers with a connection test (contract, "Every request").
            Request::Booking(reference) if reference.trim().is_empty() => {
                Err(Cause::Unsendable("no booking reference was given".to_owned()))
            }
            Request::Payments(ask) => ask.segments().map(|_segments| ()).map_err(Cause::Unsendable),
            _ => Ok(()),
        }
    }

    async fn reply(&self, request: &Request) -> Result<Reply, TransportError> {
        let mut current = &self.first;
        while let Some(next) = current.next.get() {
            current = next;
        }
        let failed_before = current.failed_rereads.load(Ordering::SeqCst);
        let reply = current.transport.send(request).await?;
        if reply.status != UNAUTHORIZED {
            return Ok(reply);
        }
        match current.renewed(failed_before).await {
            Some(renewed) => renewed.transport.send(request).await,
            None => Ok(reply),
        }
    }
}

#[derive(Debug)]
pub struct Exchange {
    pub outcome: Result<Response, ApiError>,
    pub status: Option<u16>,
    /// The server's clock, in seconds since 1970, if the reply has a `Date`.
    pub date: Option<i64>,
    pub bytes: usize,
}

impl From<Result<Response, ApiError>> for Exchange {
    fn from(outcome: Result<Response, ApiError>) -> Self {
        let status = outcome.as_ref().err().and_then(ApiError::status);
        Self { outcome, status, date: None, bytes: 0 }
    }
}
