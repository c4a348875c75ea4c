//! Sends writes with one token, which is not reread between the plan and the request.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Client, Credential};
use crate::domain::failure::{Failure, Kind};
use crate::list::Host;
use crate::net::error::Cause;
use crate::net::target::Token;
use crate::net::write::{Logged, WriteAnswer};

/// The token of one write: the plan shows its owner, and the audit log names this owner.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
    credential: Arc<Credential>,
    failed_before: u64,
}

impl Client {
    /// With the newest token; an expired one is reread first.
    pub async fn sender(&self) -> Result<Sender, Failure> {
        let credential = self.usable().await.map_err(|cause| {
            let what = "The write could not be prepared";
            Failure::new(Kind::Access, what, cause.to_string(), self.token_advice())
        })?;
        let failed_before = credential.failed_rereads.load(Ordering::SeqCst);
        Ok(Sender { client: self.clone(), credential, failed_before })
    }
}

impl Sender {
    pub fn token(&self) -> &Token {
        &self.credential.transport.target.token
    }

    /// Sends a write once, unless the token has expired. Repeats nothing.
    pub async fn write(&self, logged: Logged) -> WriteAnswer {
        if self.client.host != Host::Payments {
            return WriteAnswer::NotSent(Cause::Internal.to_string());
        }
        if let Some(at) = self.client.expired(&self.credential) {
            let advice = self.client.token_advice();
            return WriteAnswer::NotSent(Cause::Expired { at, advice }.to_string());
        }
        self.credential.transport.write(logged).await
    }

    /// Rereads a rejected token, for the next request.
    pub async fn reread(&self) {
        self.credential.renewed(self.failed_before).await;
    }
}
