//! One request, once: sent, read, decoded. When and how often is decided elsewhere.

use super::envelope;
use super::error::{ApiError, Cause};
use super::target::Target;
use super::transport::{BuildError, Reply, Transport};
use crate::answer::Answer;
use crate::query::Request;

/// Bytes from which a body is decoded outside of the async threads: some milliseconds of work.
const LARGE: usize = 256 * 1024;

/// The client of one target; a clone shares its connections.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
}

impl Client {
    /// Sets up the client of a target. Nothing is sent.
    ///
    /// # Errors
    /// [`BuildError`], for `https` on a machine without CA certificates among others.
    pub fn new(target: Target) -> Result<Self, BuildError> {
        Transport::new(target).map(|transport| Self { transport })
    }

    /// Where requests go.
    #[must_use]
    pub fn target(&self) -> &Target {
        self.transport.target()
    }

    /// Sends a request once and reads its answer.
    ///
    /// # Errors
    /// [`ApiError`] for whatever is not the documented answer.
    pub async fn send(&self, request: &Request) -> Result<Answer, ApiError> {
        self.exchange(request).await.outcome
    }

    /// As [`Client::send`], with what is known of the reply itself.
    pub async fn exchange(&self, request: &Request) -> Exchange {
        let failed = |cause| ApiError::new(request, cause);
        if let Err(cause) = check(request) {
            return Err(failed(cause)).into();
        }
        let reply = match self.transport.get(request).await {
            Ok(reply) => reply,
            Err(error) => return Err(failed(Cause::Transport(error))).into(),
        };
        let (status, bytes) = (Some(reply.status), reply.body.len());
        let outcome = if bytes < LARGE {
            envelope::read(request, &reply)
        } else {
            let read = decode_aside(request.clone(), reply).await;
            read.unwrap_or_else(|| Err(failed(Cause::Internal)))
        };
        Exchange { outcome, status, bytes }
    }
}

/// A request that was sent once, and what came of it.
#[derive(Debug)]
pub struct Exchange {
    /// The answer.
    pub outcome: Result<Answer, ApiError>,
    /// The HTTP status, where a whole reply came.
    pub status: Option<u16>,
    /// Bytes of the body, decompressed.
    pub bytes: usize,
}

impl From<Result<Answer, ApiError>> for Exchange {
    /// An exchange of which nothing else is known.
    fn from(outcome: Result<Answer, ApiError>) -> Self {
        let status = outcome.as_ref().err().and_then(ApiError::status);
        Self { outcome, status, bytes: 0 }
    }
}

/// `None` if decoding itself broke.
async fn decode_aside(request: Request, reply: Reply) -> Option<Result<Answer, ApiError>> {
    tokio::task::spawn_blocking(move || envelope::read(&request, &reply)).await.ok()
}

/// Without its parameter the booking endpoint answers with a connection test (contract, "Every
/// request"), which would be taken for a broken answer.
fn check(request: &Request) -> Result<(), Cause> {
    match request {
        Request::Booking(reference) if reference.trim().is_empty() => {
            Err(Cause::Unsendable("no booking reference was given".to_owned()))
        }
        _ => Ok(()),
    }
}
