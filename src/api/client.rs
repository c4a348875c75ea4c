//! One request, once: sent, read, decoded. When and how often is decided elsewhere.

use super::envelope;
use super::error::{ApiError, Cause};
use super::target::Target;
use super::transport::{BuildError, Reply, Transport};
use crate::answer::Answer;
use crate::payments::ask::Host;
use crate::query::Request;

/// Bytes from which a body is decoded outside of the async threads: some milliseconds of work.
pub(super) const LARGE: usize = 256 * 1024;

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
        let failed = |cause| ApiError::new(request, cause);
        check(request).map_err(failed)?;
        let reply = self.transport.get(request).await;
        let reply = reply.map_err(|error| failed(Cause::Transport(error)))?;
        if reply.body.len() < LARGE {
            return envelope::read(request, &reply);
        }
        decode_aside(request.clone(), reply).await.unwrap_or_else(|| Err(failed(Cause::Internal)))
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
        // The token of this client is for its own server alone.
        request if request.host() != Host::Customer => Err(Cause::Internal),
        _ => Ok(()),
    }
}
