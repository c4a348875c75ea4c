//! `valora demo`: the dashboard on the embedded sandbox, over real HTTP on loopback.

use anyhow::Context;

use super::dashboard::{self, Start};
use super::sandbox::{SandboxFlags, variables};
use super::switch::Customer;
use crate::config::Session;
use crate::config::payments::resolve;
use crate::domain::customer::CustomerKey;
use crate::net::budget::Pace;
use crate::net::log::Log;
use crate::net::target::{Target, Token};
use crate::sandbox::Sandbox;
use crate::tui::looks::Looks;

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
        let variables = variables(&sandbox);
        let payments = resolve(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        })?;
        let customer = Customer { target, payments, session, profiles: Vec::new() };
        Ok(Start { customer, pace, sandbox: Some(sandbox), environment: None })
    })
}
