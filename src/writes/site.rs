//! The engine of a profile, by its settings; and of the demo.

use strum::VariantArray;

use super::engine::{Engine, LOOKS, Site};
use super::log::AuditLog;
use super::permission::Allowed;
use crate::clock::Clock;
use crate::config::payments::for_start;
use crate::config::profile::Settings;
use crate::config::{ConfigError, Environment};
use crate::domain::money::counted;
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::payments;
use crate::payments::write::Permit;
use crate::state::Store;

/// The environment of the documented server.
pub const PRODUCTION: &str = "PRODUCTION";
/// The environment of `valora demo`, which has no server that a command reaches.
pub const DEMO: &str = "DEMO";

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
        if allowed.is_empty() {
            return Ok(None);
        }
        Ok(Self::with(profile, environment, allowed, clients, clock, log))
    }

    fn with(
        profile: &str,
        environment: &Environment,
        allowed: Allowed,
        clients: &PaymentsClients,
        clock: Clock,
        log: &Log,
    ) -> Option<Self> {
        let (client, store) = (clients.payments.as_ref()?, environment.store.as_ref()?);
        let site = Site {
            profile: profile.to_owned(),
            environment: environment_of(client),
            allowed,
            store: store.clone(),
            clock,
            log: log.of(profile),
            looks: LOOKS.to_vec(),
        };
        Some(Self::new(client.clone(), site))
    }
}

impl Engine {
    /// The engine of the demo, which allows every write, and has an audit log of its own.
    pub fn of_demo(client: Client, store: Store, clock: Clock, log: &Log) -> Self {
        // No profile has a name with a dot.
        let audit = AuditLog::of(&store, "demo.sandbox");
        let site = Site {
            profile: "demo".to_owned(),
            environment: DEMO.to_owned(),
            allowed: Allowed::new(Permit::VARIANTS.iter().copied()),
            store,
            clock,
            log: log.clone(),
            looks: LOOKS.to_vec(),
        };
        Self::new(client, site).with_audit(audit)
    }

    /// The engine for a command, or why there is none, and a warning about unused variables. Fails for
    /// settings with errors.
    pub fn for_command(
        environment: &Environment,
        profile: Option<String>,
        log: &Log,
    ) -> Result<(Result<Self, String>, Option<String>), ConfigError> {
        let Some(name) = usual(environment, profile)? else {
            let why = "writes need a profile whose settings allow them (valora help writes); tokens of \
                       variables cannot write";
            return Ok((Err(why.to_owned()), None));
        };
        // Before a program runs that prints the token.
        let permits = Settings::read(environment.store.as_ref())?.permits(&name)?;
        let (clients, unused) = match permits.as_slice() {
            [] => (PaymentsClients::default(), None),
            _ => for_start(environment, Some(&name))?,
        };
        let engine = Self::of_profile(&name, environment, &clients, Clock::start(), log)?;
        let engine = engine.ok_or_else(|| {
            format!(
                "profile {name} allows no writes; to allow one, add writes = [\"block\"] to \
                 [profile.{name}.payments] of the settings, with a token_command (valora help writes)"
            )
        });
        Ok((engine, unused))
    }
}

/// The named profile, or the usual one.
fn usual(
    environment: &Environment,
    profile: Option<String>,
) -> Result<Option<String>, ConfigError> {
    match environment.profile(profile) {
        Some(name) => Ok(Some(name)),
        None => Settings::read(environment.store.as_ref())?.default_profile_name(),
    }
}

/// The audit log of a profile, which is printed whatever the profile allows now.
#[derive(Debug)]
pub struct Audit {
    pub profile: String,
    pub log: AuditLog,
    /// What looks up open writes, or why they cannot be looked up; it allows no write.
    pub engine: Result<Engine, String>,
}

impl Audit {
    /// Reads a token only if a write is open. `None` without a profile. The text is a warning about
    /// unused variables.
    pub fn of_profile(
        environment: &Environment,
        profile: Option<String>,
        log: &Log,
    ) -> Result<Option<(Self, Option<String>)>, ConfigError> {
        let (Some(name), Some(store)) = (usual(environment, profile)?, &environment.store) else {
            return Ok(None);
        };
        let audit = AuditLog::of(store, &name);
        let has_open = audit.unresolved().is_ok_and(|open| !open.is_empty());
        let clients =
            if has_open { for_start(environment, Some(&name)) } else { Ok(Default::default()) };
        let (engine, unused) = match clients {
            Ok((clients, unused)) => {
                let (none, clock) = (Allowed::default(), Clock::start());
                let engine = Engine::with(&name, environment, none, &clients, clock, log);
                let why = || "the profile has no token for the Payments API".to_owned();
                (engine.ok_or_else(why), unused)
            }
            Err(error) => (Err(error.to_string()), None),
        };
        Ok(Some((Self { profile: name, log: audit, engine }, unused)))
    }
}

/// One line about the writes of a profile whose result is not known, by its audit log alone.
pub fn unresolved(environment: &Environment, profile: Option<String>) -> Option<String> {
    let name = usual(environment, profile).ok()??;
    let log = AuditLog::of(environment.store.as_ref()?, &name);
    let run = format!("run valora audit --profile {name}");
    let (open, contents) = match log.unresolved().and_then(|open| Ok((open, log.read()?))) {
        Ok(read) => read,
        Err(error) => {
            let path = log.path().display();
            return Some(format!(
                "the audit log {path} cannot be read, so that open writes are not known: {error}"
            ));
        }
    };
    let unknown = match open.len() as u64 {
        0 => None,
        count => Some(format!("{} with an unknown outcome", counted(count, "write"))),
    };
    let parts = [unknown, contents.unread_in_words()].into_iter().flatten();
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| format!("{}: {run}", parts.join(", ")))
}

/// `PRODUCTION` for the documented server.
fn environment_of(client: &Client) -> String {
    let base = &client.target().base;
    let is_documented = payments::PAYMENTS.strip_prefix("https://") == base.host_str();
    if is_documented { PRODUCTION } else { "CUSTOM" }.to_owned()
}
