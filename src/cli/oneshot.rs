//! A few requests without a screen: each is sent once.

use anyhow::Context;
use tokio::runtime::Runtime;

use super::dashboard::runtime;
use super::outcome::Unanswered;
use crate::net::client::Client;
use crate::net::request::Request;
use crate::net::response::Response;
use crate::net::target::Target;

/// A client with a runtime of its own.
pub(super) struct Oneshot {
    runtime: Runtime,
    client: Client,
}

impl Oneshot {
    /// Sets it up. Nothing is sent.
    pub(super) fn new(target: Target) -> anyhow::Result<Self> {
        let client = Client::new(target).context("the HTTP client cannot be set up")?;
        Ok(Self { runtime: runtime()?, client })
    }

    /// Sends a request; gives the server's clock, in seconds since 1970, beside the answer.
    pub(super) fn ask(&self, request: &Request) -> Result<(Option<i64>, Response), Unanswered> {
        let exchange = self.runtime.block_on(self.client.exchange(request));
        let answer = exchange.outcome.map_err(|error| Unanswered(error.failure(request)))?;
        Ok((exchange.date, answer))
    }
}
