//! The engine of a profile, by its settings.

use super::engine::{Engine, LOOKS, Site};
use super::permission::Allowed;
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::{ConfigError, Environment};
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::payments;

impl Engine {
    /// `None` if the profile allows no write, or has no token for the Payments API.
    pub fn of_profile(
        profile: &str,
        environment: &Environment,
        clients: &PaymentsClients,
        clock: Clock,
        log: &Log,
    ) -> Result<Option<Self>, ConfigError> {
        let settings = Settings::read(environment.store.as_ref())?;
        let allowed = Allowed::new(settings.permits(profile)?);
        let (Some(client), Some(store)) = (&clients.payments, &environment.store) else {
            return Ok(None);
        };
        if allowed.is_empty() {
            return Ok(None);
        }
        let site = Site {
            profile: profile.to_owned(),
            environment: environment_of(client),
            allowed,
            store: store.clone(),
            clock,
            log: log.of(profile),
            looks: LOOKS.to_vec(),
        };
        Ok(Some(Self::new(client.clone(), site)))
    }
}

/// `PRODUCTION` for the documented server.
fn environment_of(client: &Client) -> String {
    let base = &client.target().base;
    let is_documented = payments::PAYMENTS.strip_prefix("https://") == base.host_str();
    if is_documented { "PRODUCTION" } else { "CUSTOM" }.to_owned()
}
