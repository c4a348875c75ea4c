//! All profiles of a user, for a command that needs each of them.

use super::Hub;
use super::jobs::trouble;
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::program::Interactivity;
use crate::config::{BASE_VARIABLE, ConfigError, Environment, Found, find_in};
use crate::customers::state::Trouble;
use crate::hub::pool::SharedPool;
use crate::list::Host;
use crate::state::Store;

/// All profiles. Programs that may prompt have already run, if the user asked for it.
pub struct Profiles {
    pub names: Vec<String>,
    settings: Settings,
    unlocked: Vec<(String, Result<Found, Trouble>)>,
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
        let unlocked = if unlock { run_prompters(&settings, &names) } else { Vec::new() };
        Ok(Self { names, settings, unlocked })
    }

    /// Must be called on a runtime.
    pub fn hub(self, store: Option<Store>, pool: SharedPool, clock: Clock) -> Hub {
        let mut hub = Hub::new(self.settings, store, pool, clock);
        for (profile, found) in self.unlocked {
            match found {
                Ok(found) => hub.unlocked(&profile, found.target, found.session),
                Err(why) => hub.unlock_failed(&profile, why),
            }
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

/// What the program of each profile that may prompt has printed, or why not.
fn run_prompters(settings: &Settings, names: &[String]) -> Vec<(String, Result<Found, Trouble>)> {
    let may_prompt =
        |name: &&String| settings.profile(name).is_ok_and(|profile| profile.prompter.is_some());
    let found = |name: &String| {
        let found = find_in(settings, name, Interactivity::Interactive);
        (name.clone(), found.map_err(|error| trouble(&error)))
    };
    names.iter().filter(may_prompt).map(found).collect()
}
