//! Servers and tokens of the two Payments APIs, each optional: from environment variables or a profile.

use std::ffi::OsString;
use std::io;
use std::sync::Arc;

use super::profile::Settings;
use super::program::Interactivity;
use super::schema::{Endpoint, ProfileTable};
use super::secret::{SecretError, SecretText, Source};
use super::{ConfigError, Environment, variable};
use crate::domain::text::sanitize;
use crate::list::Host;
use crate::net::client::{Client, PaymentsClients};
use crate::net::payments;
use crate::net::target::{Target, Token};

/// `url` is the name of a variable.
struct Api {
    host: Host,
    table: &'static str,
    endpoint: fn(&ProfileTable) -> &Endpoint,
    url: &'static str,
    documented: &'static str,
}

const PAYMENTS: Api = Api {
    host: Host::Payments,
    table: "payments",
    endpoint: |profile| &profile.payments,
    url: "VALORA_PAYMENTS_URL",
    documented: payments::PAYMENTS,
};

const FINANCE: Api = Api {
    host: Host::Finance,
    table: "finance",
    endpoint: |profile| &profile.finance,
    url: "VALORA_FINANCE_URL",
    documented: payments::FINANCE,
};

impl Api {
    fn client(
        &self,
        secret: &SecretText,
        base_url: Option<&str>,
        [token_source, base_source]: [String; 2],
        command: Option<Source>,
    ) -> Result<Option<Client>, ConfigError> {
        let unusable = |why| ConfigError::Token { source_name: token_source.clone(), why };
        let token = Token::jwt(secret.text()).map_err(unusable)?;
        let mut target = Target::new(base_url.unwrap_or(self.documented), token)
            .map_err(|why| ConfigError::BaseUrl { source_name: base_source, why })?;
        if let Some(command) = command {
            target = target.with_token_refresh(Arc::new(move || {
                let secret = command.read(Interactivity::Background, io::empty()).ok()?;
                Token::jwt(secret.text()).ok()
            }));
        }
        let client = Client::for_host(self.host, target).map_err(ConfigError::PaymentsClient)?;
        Ok(Some(client.with_token_source(&token_source)))
    }
}

/// The clients of the current profile, or else of variables, and a warning about unused variables:
/// a variable may belong to another customer, so no profile uses it.
pub fn for_start(
    environment: &Environment,
    profile: Option<&str>,
) -> Result<(PaymentsClients, Option<String>), ConfigError> {
    match profile {
        Some(name) => {
            Ok((of(name, environment, |_| Ok(Interactivity::Interactive))?, unused(name)))
        }
        None => Ok((resolve(variable)?, None)),
    }
}

/// As [`for_start`], for a command that uses no other server; it finds the profile itself.
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
    let usual = Settings::read(environment.store.as_ref())?.default_profile_name()?;
    for_start(environment, usual.as_deref())
}

fn unused(profile: &str) -> Option<String> {
    let names = [PAYMENTS, FINANCE].map(|api| api.host.token_variable()).into_iter();
    let names: Vec<&str> = names.filter(|name| variable(name).is_some()).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    (!names.is_empty()).then(|| {
        format!(
            "{} {verb} not used: profile {profile} uses the tokens in \
             [profile.{profile}.payments] and [profile.{profile}.finance]",
            names.join(" and ")
        )
    })
}

/// The clients of a profile alone, without variables, which may belong to another customer.
pub fn of_profile(name: &str, environment: &Environment) -> Result<PaymentsClients, ConfigError> {
    of(name, environment, |_| Ok(Interactivity::Background))
}

/// As [`for_start`], for one profile of many. A program that may prompt runs only if `may_prompt`.
pub fn of_one_of_many(
    name: &str,
    environment: &Environment,
    may_prompt: bool,
) -> Result<(PaymentsClients, Option<String>), ConfigError> {
    let clients = of(name, environment, |command| match command.prompter(None) {
        None => Ok(Interactivity::Background),
        Some(_) if may_prompt => Ok(Interactivity::Interactive),
        Some(program) => {
            let why = format!("{} may ask for a password; --unlock runs it", sanitize(program));
            Err(SecretError::Prompts(why).into())
        }
    });
    Ok((clients?, unused(name)))
}

fn of(
    name: &str,
    environment: &Environment,
    interactivity: impl Fn(&Source) -> Result<Interactivity, ConfigError>,
) -> Result<PaymentsClients, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    // An unknown name is an error, not a profile without these servers.
    settings.profile(name)?;
    let Some(profile) = settings.document.profile(name) else {
        return Ok(PaymentsClients::default());
    };
    clients(|api| {
        let endpoint = (api.endpoint)(profile);
        let Some(command) = &endpoint.token_command else { return Ok(None) };
        let command = Source::Command(command.get_ref().0.clone());
        let secret = command.read(interactivity(&command)?, io::empty())?;
        let base_url = endpoint.base_url.as_ref().map(|url| url.get_ref().as_str());
        let sources = ["token_command", "base_url"];
        let sources = sources.map(|key| format!("profile {name}, {}.{key}", api.table));
        api.client(&secret, base_url, sources, Some(command))
    })
}

pub fn resolve(given: impl Fn(&str) -> Option<OsString>) -> Result<PaymentsClients, ConfigError> {
    clients(|api| {
        let variable = api.host.token_variable();
        let Some(token) = given(variable) else { return Ok(None) };
        let secret = SecretText::new(&token.to_string_lossy());
        let base_url = given(api.url).map(|url| url.to_string_lossy().into_owned());
        let sources = [variable, api.url].map(str::to_owned);
        api.client(&secret, base_url.as_deref(), sources, None)
    })
}

fn clients(
    client: impl Fn(&Api) -> Result<Option<Client>, ConfigError>,
) -> Result<PaymentsClients, ConfigError> {
    Ok(PaymentsClients { payments: client(&PAYMENTS)?, finance: client(&FINANCE)? })
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
            (&[("VALORA_FINANCE_TOKEN", "sd_0123456789aa.bb")], "token for the customer API"),
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
