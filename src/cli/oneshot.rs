//! Requests without a screen.

use anyhow::Context;
use tokio::runtime::Runtime;

use super::dashboard::runtime;
use super::exit_code::{Exit, Unanswered};
use crate::net::budget::Pace;
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::request::Request;
use crate::net::response::{Limits, Response};
use crate::net::router::Router;
use crate::net::target::Target;
use crate::process::shutdown;

/// Runs what a command asks for until it is done or ctrl-c stops it. Requests that are under way then
/// are not waited for.
pub(super) fn block_on<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = runtime()?;
    let result = runtime.block_on(async {
        let mut interrupts = shutdown::interrupts().context("ctrl-c cannot be waited for")?;
        tokio::select! {
            result = task => result,
            _ = interrupts.recv() => Err(Exit::interrupted().into()),
        }
    });
    runtime.shutdown_background();
    result
}

/// The network of the customer's server alone, with its retries and budget; on a runtime.
pub(super) fn network(target: Target, log: &Log) -> anyhow::Result<Router> {
    Ok(Router::start(log, Pace::Metered, Some(client(target)?), PaymentsClients::default()))
}

fn client(target: Target) -> anyhow::Result<Client> {
    Client::new(target).context("the HTTP client cannot be set up")
}

/// A client with a runtime of its own, whose requests are each sent once.
pub(super) struct Oneshot {
    runtime: Runtime,
    client: Client,
}

impl Oneshot {
    pub(super) fn new(target: Target) -> anyhow::Result<Self> {
        Ok(Self { client: client(target)?, runtime: runtime()? })
    }

    /// Sends a request; returns the server's clock, in seconds since 1970, and the answer.
    pub(super) fn ask(&self, request: &Request) -> Result<(Option<i64>, Response), Unanswered> {
        let exchange = self.runtime.block_on(self.client.exchange(request));
        let answer = exchange.outcome.map_err(|error| Unanswered(error.failure(request)))?;
        Ok((exchange.date, answer))
    }

    pub(super) fn limits(&self) -> anyhow::Result<Limits> {
        match self.ask(&Request::Limits)?.1 {
            Response::Limits(limits) => Ok(limits),
            _ => anyhow::bail!("the server answered something else than limits"),
        }
    }
}
