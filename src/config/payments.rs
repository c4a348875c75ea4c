//! Where the two Payments APIs are: variables of the environment, or two tables of a profile; each
//! server is optional.

use std::ffi::OsString;
use std::io;

use super::profile::Settings;
use super::program::Interactivity;
use super::schema::{Endpoint, ProfileTable};
use super::secret::{SecretText, Source};
use super::{ConfigError, Environment, variable};
use crate::list::Host;
use crate::net::client::{Client, PaymentsClients};
use crate::net::payments::{FINANCE, PAYMENTS};
use crate::net::target::{Target, Token};

/// Where one server is found: its table in a profile, the variables of its token and its base URL,
/// and the documented base URL.
struct Api {
    host: Host,
    table: fn(&ProfileTable) -> (&'static str, &Endpoint),
    token: &'static str,
    url: &'static str,
    documented: &'static str,
}

const BOTH: [Api; 2] = [
    Api {
        host: Host::Payments,
        table: |profile| ("payments", &profile.payments),
        token: "VALORA_PAYMENTS_TOKEN",
        url: "VALORA_PAYMENTS_URL",
        documented: PAYMENTS,
    },
    Api {
        host: Host::Finance,
        table: |profile| ("finance", &profile.finance),
        token: "VALORA_FINANCE_TOKEN",
        url: "VALORA_FINANCE_URL",
        documented: FINANCE,
    },
];

/// A token and the base URL that goes with it, each with the name of its source.
struct Given {
    token: (SecretText, String),
    base_url: (Option<String>, String),
}

/// The clients that count at a start, and a warning about what is given and not used: those of the
/// profile that is shown, and where none is, those of the variables of this process. What a variable
/// gives may be another customer's, so it never stands under the name of a profile.
pub fn for_start(
    environment: &Environment,
    profile: Option<&str>,
) -> Result<(PaymentsClients, Option<String>), ConfigError> {
    match profile {
        Some(name) => {
            let clients = of(name, environment, Interactivity::Interactive)?;
            Ok((clients, unused(name, variable)))
        }
        None => Ok((resolve(variable)?, None)),
    }
}

/// As [`for_start`] for a command that needs no other server: the profile is found here, as it is
/// for the customer's server.
pub fn for_command(
    environment: &Environment,
    profile: Option<String>,
) -> Result<(PaymentsClients, Option<String>), ConfigError> {
    if let Some(name) = environment.profile(profile) {
        return for_start(environment, Some(&name));
    }
    let given = resolve(variable)?;
    if given.hosts().any() {
        return Ok((given, None));
    }
    let usual = Settings::read(environment.store.as_ref())?.usual()?.map(|usual| usual.name);
    for_start(environment, usual.as_deref())
}

/// Warns of a token that is given in a variable and not used.
fn unused(profile: &str, given: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let names: Vec<&str> =
        BOTH.iter().map(|it| it.token).filter(|name| given(name).is_some()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| {
        format!(
            "{} {verb} not used: the tokens of profile {profile} are those of \
             [profile.{profile}.payments] and [profile.{profile}.finance]",
            names.join(" and ")
        )
    })
}

/// The clients of a profile alone, found while the screen is drawn on: what was given for the start
/// may be another customer's.
pub fn of_profile(name: &str, environment: &Environment) -> Result<PaymentsClients, ConfigError> {
    of(name, environment, Interactivity::Background)
}

fn of(
    name: &str,
    environment: &Environment,
    interactivity: Interactivity,
) -> Result<PaymentsClients, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    // A name without a profile is a mistake, not a profile without these servers.
    settings.profile(name)?;
    let Some(profile) = settings.document.profile(name) else {
        return Ok(PaymentsClients::default());
    };
    clients(|api| {
        let (table, endpoint) = (api.table)(profile);
        let named = |key| format!("profile {name}, {table}.{key}");
        let Some(command) = &endpoint.token_command else { return Ok(None) };
        let source = Source::Command(command.get_ref().0.clone());
        let token = source.read(interactivity, io::empty())?;
        let base_url = endpoint.base_url.as_ref().map(|url| url.get_ref().clone());
        let base_url = (base_url, named("base_url"));
        Ok(Some(Given { token: (token, named("token_command")), base_url }))
    })
}

/// The clients of the servers that these variables give a token for.
///
/// # Errors
/// [`ConfigError`] for a token or a base URL that is not usable, before any connection is made.
pub fn resolve(given: impl Fn(&str) -> Option<OsString>) -> Result<PaymentsClients, ConfigError> {
    clients(|api| {
        let Some(token) = given(api.token) else { return Ok(None) };
        let token = (SecretText::new(&token.to_string_lossy()), api.token.to_owned());
        let base_url = given(api.url).map(|url| url.to_string_lossy().into_owned());
        Ok(Some(Given { token, base_url: (base_url, api.url.to_owned()) }))
    })
}

fn clients(
    given: impl Fn(&Api) -> Result<Option<Given>, ConfigError>,
) -> Result<PaymentsClients, ConfigError> {
    let mut clients = PaymentsClients::default();
    for api in &BOTH {
        let Some(Given { token: (secret, source_name), base_url }) = given(api)? else { continue };
        let token =
            Token::jwt(secret.text()).map_err(|why| ConfigError::Token { source_name, why })?;
        let target = Target::new(base_url.0.as_deref().unwrap_or(api.documented), token)
            .map_err(|why| ConfigError::BaseUrl { source_name: base_url.1, why })?;
        let client = Client::for_host(api.host, target).map_err(ConfigError::PaymentsClient)?;
        match api.host {
            Host::Finance => clients.finance = Some(client),
            _ => clients.payments = Some(client),
        }
    }
    Ok(clients)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(given: &[(&str, &str)]) -> Result<PaymentsClients, ConfigError> {
        resolve(|name| given.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn each_server_is_there_only_with_its_own_token() {
        let none = resolved(&[("VALORA_PAYMENTS_URL", "https://elsewhere.example")]).unwrap();
        assert!(none.payments.is_none() && none.finance.is_none());
        let local = ("VALORA_FINANCE_URL", "http://127.0.0.1:9/f");
        let one = resolved(&[("VALORA_FINANCE_TOKEN", " aa.bb.cc\n"), local]).unwrap();
        assert!(one.payments.is_none() && one.finance.is_some());
    }

    #[test]
    fn what_is_wrong_is_named_by_its_variable_and_quotes_no_token() {
        let table: [(&[(&str, &str)], &str); 6] = [
            (&[("VALORA_PAYMENTS_TOKEN", "vl_0123456789.aa.bb")], "VALORA_PAYMENTS_TOKEN"),
            (&[("VALORA_FINANCE_TOKEN", "sd_0123456789aa.bb")], "token of the customer API"),
            (&[("VALORA_PAYMENTS_TOKEN", "aa.bb")], "must be a JWT"),
            (&[("VALORA_PAYMENTS_TOKEN", "Bearer aa.bb.cc")], "VALORA_PAYMENTS_TOKEN"),
            (
                &[
                    ("VALORA_PAYMENTS_TOKEN", "aa.bb.cc"),
                    ("VALORA_PAYMENTS_URL", "http://x.example"),
                ],
                "VALORA_PAYMENTS_URL",
            ),
            (
                &[("VALORA_FINANCE_TOKEN", "aa.bb.cc"), ("VALORA_FINANCE_URL", "nonsense")],
                "VALORA_FINANCE_URL",
            ),
        ];
        for (given, name) in table {
            let why = resolved(given).unwrap_err().to_string();
            assert!(why.contains(name) && !why.contains("aa.bb"), "{why}");
        }
    }
}
