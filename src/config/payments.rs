//! Where the two Payments APIs are: variables of the environment, or two tables of a profile; each
//! server is optional.

use std::ffi::OsString;
use std::io;

use super::document::Value;
use super::profile::Settings;
use super::program::Manner;
use super::secret::{SecretText, Source};
use super::{ConfigError, Environment};
use crate::net::side::{FINANCE, PAYMENTS, SideClient, SideClients};
use crate::net::target::{Target, Token};
use crate::payments::ask::Host;

/// Where one server is found: its table in a profile, the variables of its token and its base URL,
/// and the documented base URL.
struct Variables {
    host: Host,
    table: &'static str,
    token: &'static str,
    url: &'static str,
    documented: &'static str,
}

const BOTH: [Variables; 2] = [
    Variables {
        host: Host::Payments,
        table: "payments",
        token: "VALORA_PAYMENTS_TOKEN",
        url: "VALORA_PAYMENTS_URL",
        documented: PAYMENTS,
    },
    Variables {
        host: Host::Finance,
        table: "finance",
        token: "VALORA_FINANCE_TOKEN",
        url: "VALORA_FINANCE_URL",
        documented: FINANCE,
    },
];

/// The clients that count at a start, and a word on what is given and not used: those of the profile
/// that is shown, and where none is, those of the variables of this process. What a variable gives
/// may be another customer's, so it never stands under the name of a profile.
pub fn for_start(
    environment: &Environment,
    profile: Option<&str>,
) -> Result<(SideClients, Option<String>), ConfigError> {
    match profile {
        Some(name) => Ok((of(name, environment, Manner::AtShell)?, unused(name, of_variable))),
        None => Ok((of_process()?, None)),
    }
}

/// As [`for_start`] for a command that needs no other server: the profile is found here, as it is
/// for the customer's server.
pub fn for_command(
    environment: &Environment,
    profile: Option<String>,
) -> Result<(SideClients, Option<String>), ConfigError> {
    let variable = || environment.profile.as_ref().map(|name| name.to_string_lossy().into_owned());
    if let Some(name) = profile.or_else(variable) {
        return for_start(environment, Some(&name));
    }
    let given = of_process()?;
    if given.hosts().any() {
        return Ok((given, None));
    }
    let usual = Settings::read(environment.store.as_ref())?.usual()?.map(|usual| usual.name);
    for_start(environment, usual.as_deref())
}

/// Says that a token is given in a variable and not used, where that is so.
fn unused(profile: &str, given: impl Fn(&str) -> Option<OsString>) -> Option<String> {
    let names: Vec<&str> =
        BOTH.iter().map(|it| it.token).filter(|name| given(name).is_some()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| {
        format!(
            "{} {verb} not used: profile {profile} has tokens of its own, or none, in \
             [profile.{profile}.payments] and [profile.{profile}.finance]",
            names.join(" and ")
        )
    })
}

/// The tables of a profile in which the two servers stand.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    BOTH.iter().map(|variables| variables.table)
}

/// The clients of a profile alone, found while the screen is drawn on: what was given for the start
/// may be another customer's.
pub fn of_profile(name: &str, environment: &Environment) -> Result<SideClients, ConfigError> {
    of(name, environment, Manner::Behind)
}

fn of(name: &str, environment: &Environment, manner: Manner) -> Result<SideClients, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    // A name without a profile is a mistake, not a profile without these servers.
    settings.profile(name)?;
    let mut clients = SideClients::default();
    for variables in &BOTH {
        let named = |key| format!("profile {name}, {}.{key}", variables.table);
        let at = |key| ["profile", name, variables.table, key];
        let command = settings.document.get(&at("token_command")).map(|entry| &entry.value);
        let Some(Value::Words(argv)) = command else { continue };
        let secret = Source::Command(argv.clone()).read(manner, io::empty())?;
        let token = Token::jwt(secret.text())
            .map_err(|why| ConfigError::Token { source_name: named("token_command"), why })?;
        let base = settings.document.text(&at("base_url")).unwrap_or(variables.documented);
        let client =
            client(variables.host, base, token).map_err(|why| why.named(&named("base_url")))?;
        match variables.host {
            Host::Finance => clients.finance = Some(client),
            _ => clients.payments = Some(client),
        }
    }
    Ok(clients)
}

/// The clients of the servers that a token is given for, by the variables of this process.
///
/// # Errors
/// [`ConfigError`] for a token or a base URL that is not usable, before any connection is made.
pub fn of_process() -> Result<SideClients, ConfigError> {
    resolve(of_variable)
}

fn of_variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// As [`of_process`], with variables of one's choice.
pub fn resolve(given: impl Fn(&str) -> Option<OsString>) -> Result<SideClients, ConfigError> {
    let mut clients = SideClients::default();
    for variables in &BOTH {
        let Some(token) = given(variables.token) else { continue };
        let token = Token::jwt(SecretText::new(&token.to_string_lossy()).text())
            .map_err(|why| ConfigError::Token { source_name: variables.token.to_owned(), why })?;
        let base = given(variables.url).map(|url| url.to_string_lossy().into_owned());
        let base = base.as_deref().unwrap_or(variables.documented);
        let client = client(variables.host, base, token).map_err(|why| why.named(variables.url))?;
        match variables.host {
            Host::Finance => clients.finance = Some(client),
            _ => clients.payments = Some(client),
        }
    }
    Ok(clients)
}

/// Why a client was not made.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    /// The base URL is not used.
    #[error(transparent)]
    BaseUrl(#[from] crate::net::target::TargetError),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Build(#[from] crate::net::transport::BuildError),
}

impl NoClient {
    fn named(self, source_name: &str) -> ConfigError {
        match self {
            Self::BaseUrl(why) => ConfigError::BaseUrl { source_name: source_name.to_owned(), why },
            Self::Build(why) => ConfigError::SideClient(why),
        }
    }
}

/// A client of a server at a base URL.
pub fn client(host: Host, base: &str, token: Token) -> Result<SideClient, NoClient> {
    Ok(SideClient::new(host, Target::new(base, token)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(given: &[(&str, &str)]) -> Result<SideClients, ConfigError> {
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
