//! `valora demo`: the dashboard on the embedded sandbox, over real HTTP on loopback.

use anyhow::Context;

use super::dashboard::{self, Pointed};
use super::sandbox::SandboxFlags;
use crate::config::payments::client;
use crate::domain::customer::CustomerKey;
use crate::net::budget::Pace;
use crate::net::log::Log;
use crate::net::side::SideClients;
use crate::net::target::{Target, Token};
use crate::payments::ask::Host;
use crate::sandbox::Sandbox;
use crate::tui::looks::Looks;
use crate::tui::model::Session;

/// Clients of the Payments APIs of a sandbox.
fn side(sandbox: &Sandbox) -> anyhow::Result<SideClients> {
    let tokens = sandbox.payments_tokens();
    let one = |host, base: String, token| {
        client(host, &base, Token::jwt(token)?).map_err(anyhow::Error::from)
    };
    Ok(SideClients {
        payments: Some(one(Host::Payments, sandbox.payments_url(), tokens.admin)?),
        finance: Some(one(Host::Finance, sandbox.finance_url(), tokens.finance)?),
    })
}

pub(super) fn run(flags: &SandboxFlags, looks: Looks, log: Log) -> anyhow::Result<()> {
    let options = flags.options(0);
    dashboard::run(looks, log, |handle| {
        let sandbox = handle
            .block_on(Sandbox::start(options))
            .context("the embedded sandbox cannot be started")?;
        let target = Target::new(&sandbox.base_url(), Token::new(sandbox.token())?)?;
        let session = Session {
            environment: "DEMO".to_owned(),
            place: "made-up data".to_owned(),
            is_production: false,
            customer: CustomerKey::demo(),
        };
        // A server of our own that was told to have no limit needs no budget.
        let pace = if flags.has_limit() { Pace::Metered } else { Pace::Free };
        let side = side(&sandbox)?;
        Ok(Pointed { target, session, side, pace, sandbox: Some(sandbox), environment: None })
    })
}
