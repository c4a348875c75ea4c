//! All profiles of a user, for a command that needs each of them.

use std::collections::HashMap;

use super::Hub;
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::program::Interactivity;
use crate::config::{BASE_VARIABLE, ConfigError, Environment, Found, find_in};
use crate::list::Host;
use crate::net::pool::SharedPool;
use crate::state::Store;

/// All profiles. Programs that may prompt have already run, if the user asked for it.
pub struct Profiles {
    pub names: Vec<String>,
    settings: Settings,
    unlocked: HashMap<String, Found>,
}

impl Profiles {
    /// With `unlock`, runs the programs that may prompt, one after the other.
    pub fn read(
        environment: &Environment,
        unlock: bool,
        warn: fn(&str),
    ) -> Result<Self, ConfigError> {
        let settings = Settings::read(environment.store.as_ref())?;
        settings.ensure_valid()?;
        settings.warnings().into_iter().chain(unused(environment)).for_each(|it| warn(&it));
        let names = settings.names();
        if names.is_empty() {
            return Err(ConfigError::NoToken);
        }
        let unlocked = if unlock { run_prompters(&settings, &names, warn) } else { HashMap::new() };
        Ok(Self { names, settings, unlocked })
    }

    /// Must be called on a runtime.
    pub fn hub(self, store: Option<Store>, pool: SharedPool, clock: Clock) -> Hub {
        let mut hub = Hub::new(self.settings, store, pool, clock);
        for (profile, found) in self.unlocked {
            hub.unlocked(&profile, found.target, found.session);
        }
        hub
    }
}

/// A warning about variables that name one customer or its server.
fn unused(environment: &Environment) -> Option<String> {
    let set = [
        (Host::Customer.token_variable(), environment.token.is_some()),
        (BASE_VARIABLE, environment.base_url.is_some()),
    ];
    let names: Vec<&str> =
        set.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| *name).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    let why = "each customer uses the server and the token of its profile";
    (!names.is_empty()).then(|| format!("{} {verb} not used: {why}", names.join(" and ")))
}

/// A profile whose program fails stays locked.
fn run_prompters(settings: &Settings, names: &[String], warn: fn(&str)) -> HashMap<String, Found> {
    let mut unlocked = HashMap::new();
    for name in names {
        if !settings.profile(name).is_ok_and(|profile| profile.prompter.is_some()) {
            continue;
        }
        match find_in(settings, name, Interactivity::Interactive) {
            Ok(found) => _ = unlocked.insert(name.clone(), found),
            Err(error) => warn(&format!("{name}: {error}")),
        }
    }
    unlocked
}
