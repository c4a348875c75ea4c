//! One request, once: sent, read, decoded. When and how often is decided elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use crate::domain::watched::watched;
use crate::list::Host;
use crate::net::envelope;
use crate::net::error::{ApiError, Cause};
use crate::net::request::Request;
use crate::net::response::Response;
use crate::net::target::Target;
use crate::net::transport::{BuildError, Reply, Transport, TransportError};

/// Bytes from which a body is decoded outside of the async threads: some milliseconds of work.
pub(super) const LARGE: usize = 256 * 1024;
/// The server does not take the token.
const UNAUTHORIZED: u16 = 401;

/// The client of one target; a clone shares its connections, and the token where that is renewed.
#[derive(Debug, Clone)]
pub struct Client {
    first: Arc<Credential>,
}

/// A token with its connections, and what came of reading its source again.
#[derive(Debug)]
struct Credential {
    transport: Transport,
    next: OnceCell<Arc<Credential>>,
    /// How often its source was read again and had nothing new.
    in_vain: AtomicU64,
}

impl Credential {
    fn new(transport: Transport) -> Self {
        Self { transport, next: OnceCell::new(), in_vain: AtomicU64::new(0) }
    }

    /// The credential in the place of this one, which the server refused; `None` if its source has
    /// no other. However many requests were refused at once, the source is read once.
    async fn renewed(&self, in_vain_before: u64) -> Option<Arc<Self>> {
        let reread = || async {
            if self.in_vain.load(Ordering::SeqCst) != in_vain_before {
                return Err(());
            }
            let target = self.transport.target().clone();
            let target = spawn_blocking(move || target.reread()).await.ok().flatten();
            match target.and_then(|target| Transport::new(target).ok()) {
                Some(transport) => Ok(Arc::new(Self::new(transport))),
                None => {
                    self.in_vain.fetch_add(1, Ordering::SeqCst);
                    Err(())
                }
            }
        };
        self.next.get_or_try_init(reread).await.ok().cloned()
    }
}

impl Client {
    /// Sets up the client of a target. Nothing is sent.
    ///
    /// # Errors
    /// [`BuildError`], for `https` on a machine without CA certificates among others.
    pub fn new(target: Target) -> Result<Self, BuildError> {
        Transport::new(target).map(|transport| Self { first: Arc::new(Credential::new(transport)) })
    }

    pub fn target(&self) -> &Target {
        self.first.transport.target()
    }

    /// Sends a request once and reads its answer. Where the server refuses the token (401), its
    /// source is read again, and the request is repeated once with another token if it has one
    /// (reliability, "Retry").
    pub async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        self.exchange(request).await.outcome
    }

    /// As [`Client::send`], with what is known of the reply itself.
    pub async fn exchange(&self, request: &Request) -> Exchange {
        let failed = |cause| ApiError::new(request, cause);
        if let Err(cause) = check(request) {
            return Err(failed(cause)).into();
        }
        let reply = match self.reply(request).await {
            Ok(reply) => reply,
            Err(error) => return Err(failed(Cause::Transport(error))).into(),
        };
        let (status, date, bytes) = (Some(reply.status), reply.date, reply.body.len());
        let outcome = if bytes < LARGE {
            envelope::read(request, &reply)
        } else {
            let read = decode_aside(request.clone(), reply).await;
            read.unwrap_or_else(|| Err(failed(Cause::Internal)))
        };
        Exchange { outcome, status, date, bytes }
    }

    /// Sends a request under the newest credential, and once more under the one that takes its
    /// place where the server refuses it.
    async fn reply(&self, request: &Request) -> Result<Reply, TransportError> {
        let current = self.current();
        let in_vain = current.in_vain.load(Ordering::SeqCst);
        let reply = current.transport.get(request).await?;
        if reply.status != UNAUTHORIZED {
            return Ok(reply);
        }
        match current.renewed(in_vain).await {
            Some(renewed) => renewed.transport.get(request).await,
            None => Ok(reply),
        }
    }

    fn current(&self) -> Arc<Credential> {
        let mut current = Arc::clone(&self.first);
        while let Some(next) = current.next.get() {
            current = Arc::clone(next);
        }
        current
    }
}

/// A request that was sent, and what came of it.
#[derive(Debug)]
pub struct Exchange {
    pub outcome: Result<Response, ApiError>,
    /// The HTTP status, where a whole reply came.
    pub status: Option<u16>,
    /// The server's clock, in seconds since 1970, where it told it.
    pub date: Option<i64>,
    pub bytes: usize,
}

impl From<Result<Response, ApiError>> for Exchange {
    /// An exchange of which nothing else is known.
    fn from(outcome: Result<Response, ApiError>) -> Self {
        let status = outcome.as_ref().err().and_then(ApiError::status);
        Self { outcome, status, date: None, bytes: 0 }
    }
}

async fn decode_aside(request: Request, reply: Reply) -> Option<Result<Response, ApiError>> {
    spawn_blocking(move || watched(|| envelope::read(&request, &reply))).await.ok()
}

/// Without its parameter the booking endpoint answers with a connection test (contract, "Every
/// request"), which would be taken for a broken answer.
fn check(request: &Request) -> Result<(), Cause> {
    match request {
        Request::Booking(reference) if reference.trim().is_empty() => {
            Err(Cause::Unsendable("no booking reference was given".to_owned()))
        }
        // The token of this client is for its own server alone.
        request if request.host() != Host::Customer => Err(Cause::Internal),
        _ => Ok(()),
    }
}
