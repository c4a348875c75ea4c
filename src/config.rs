//! Which server and token to use: flags, then environment, profile, contract; and the user's settings.

pub mod lists;
mod owner;
pub mod payments;
pub mod profile;
pub mod program;
pub mod schema;
pub mod secret;
pub mod secure_file;
mod writes;

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use profile::{ChoicePlace, Profile, Settings};
use program::Interactivity;
use schema::Problem;
use secret::{SecretError, SecretText, Source};
use secure_file::PrivateError;
use url::Url;

use crate::domain::customer::CustomerKey;
use crate::list::Host;
use crate::list::shape::Choices;
use crate::net::target::{Target, TargetError, Token, TokenError, is_documented, is_sandbox_path};
use crate::state::Store;

pub const BASE_VARIABLE: &str = "VALORA_BASE_URL";

#[derive(Debug, Default, Clone, Args)]
pub struct Flags {
    /// Base URL of the API, up to and including `/c` [default: by the token's prefix]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// File with the token; `-` for standard input
    #[arg(long, value_name = "PATH")]
    pub token_file: Option<PathBuf>,
    /// Profile of the customer [default: `VALORA_PROFILE`, then `default_profile`]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// The environment variables of valora. Its `Debug` does not show the token.
#[derive(Default, Clone, derive_more::Debug)]
#[debug("Environment")]
pub struct Environment {
    pub token: Option<OsString>,
    pub base_url: Option<OsString>,
    pub profile: Option<OsString>,
    /// Without it there are no settings and no profiles.
    pub store: Option<Store>,
}

impl Environment {
    pub fn of_process() -> Self {
        Self {
            token: variable(Host::Customer.token_variable()),
            base_url: variable(BASE_VARIABLE),
            profile: variable("VALORA_PROFILE"),
            store: Store::of_process(),
        }
    }

    pub fn profile(&self, flag: Option<String>) -> Option<String> {
        let variable = || self.profile.as_ref().map(|name| name.to_string_lossy().into_owned());
        flag.or_else(variable)
    }
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub environment: String,
    /// The host, or a description of it.
    pub place: String,
    pub is_production: bool,
    pub customer: CustomerKey,
}

/// Why no server or token can be used. No message quotes a token.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "there is no token.\n\n\
         Create:   a customer's long-lived API token, in the Valora web app\n\
         Save:     valora auth login         asks for it once; then run: valora\n\
         Use once: valora --token-file FILE  reads it from FILE; - is standard input\n\
         Or set:   VALORA_TOKEN              a variable with the token\n\
         Try:      valora demo               shows made-up data; needs no token"
    )]
    NoToken,
    #[error(
        "there are several profiles ({}); choose one: --profile NAME, VALORA_PROFILE, or \
         default_profile = \"NAME\" in the settings (valora config path)", .0.join(", ")
    )]
    Several(Vec<String>),
    #[error(
        "there is no profile {name} ({}{}); create it: valora auth login --profile NAME",
        if .known.is_empty() { "there are no profiles yet" } else { "known: " }, .known.join(", ")
    )]
    NoProfile { name: String, known: Vec<String> },
    #[error("{0}")]
    Name(&'static str),
    #[error("the settings in {} cannot be read: {why}", .path.display())]
    Unreadable { path: PathBuf, why: io::Error },
    #[error("the settings in {} have errors:\n  {}", .path.display(), .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  "))]
    Broken { path: PathBuf, problems: Vec<Problem> },
    #[error("this user has no home folder to save settings and tokens in; set HOME")]
    Homeless,
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("the token from {source_name} cannot be used: {why}")]
    Token { source_name: String, why: TokenError },
    #[error(
        "the token {0} begins with neither vl_ (production) nor sd_ (sandbox), so its server is \
         unknown; set it: --base-url URL, VALORA_BASE_URL, or base_url in its profile"
    )]
    UnknownKind(String),
    #[error("the base URL from {source_name} cannot be used: {why}")]
    BaseUrl { source_name: String, why: TargetError },
    #[error("the settings in {} are not used: {why}", .path.display())]
    Exposed { path: PathBuf, why: PrivateError },
    /// Two names that are the same file on a file system that ignores letter case.
    #[error(
        "there is a profile {known} already, which differs from {name} only in letter case; use another name"
    )]
    Twin { name: String, known: String },
    #[error(
        "VALORA_BASE_URL names {place}, but the token of profile {profile} is not for that server, so \
         nothing was sent. Unset VALORA_BASE_URL, or name the server with --base-url URL, or set \
         base_url in the profile. (VALORA_BASE_URL is used with VALORA_TOKEN and --token-file.)"
    )]
    Diverted { profile: String, place: String },
    #[error(transparent)]
    PaymentsClient(crate::net::transport::BuildError),
}

impl ConfigError {
    /// Returns `true` if the message itself says how to choose or set what is missing.
    pub fn has_remedy(&self) -> bool {
        matches!(
            self,
            Self::NoToken
                | Self::Several(_)
                | Self::NoProfile { .. }
                | Self::Homeless
                | Self::UnknownKind(_)
                | Self::Twin { .. }
                | Self::Diverted { .. }
        )
    }
}

#[derive(Debug)]
pub struct Found {
    pub target: Target,
    pub session: Session,
    /// The profile of the token; `None` for a token from a flag or variable.
    pub profile: Option<String>,
    pub source: String,
    pub base_source: String,
    pub warnings: Vec<String>,
    /// A warning that another token overrides the profile's.
    pub token_warning: Option<String>,
    /// Where the settings name fields.
    pub choice_places: Vec<ChoicePlace>,
}

pub type GivenBase = (&'static str, String);

pub fn given_base(flag: Option<&str>, environment: &Environment) -> Option<GivenBase> {
    let variable =
        || Some((BASE_VARIABLE, environment.base_url.as_ref()?.to_string_lossy().into()));
    flag.map(|url| ("--base-url", url.to_owned())).or_else(variable)
}

pub fn find(
    flags: &Flags,
    environment: &Environment,
    stdin: impl Read,
) -> Result<Found, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    settings.ensure_valid()?;
    let given = match (&flags.token_file, &environment.token) {
        (Some(path), _) if path.as_os_str() == "-" => Some(Source::Stdin),
        (Some(path), _) => Some(Source::File(path.clone())),
        (None, Some(token)) => {
            Some(Source::Variable(Host::Customer.token_variable(), token.clone()))
        }
        (None, None) => None,
    };
    let profile = match (&environment.profile(flags.profile.clone()), &given) {
        (Some(name), _) => Some(settings.profile(name)?),
        (None, Some(_)) => None,
        (None, None) => {
            settings.default_profile_name()?.map(|name| settings.profile(&name)).transpose()?
        }
    };
    let token_warning =
        given.as_ref().zip(profile.as_ref()).map(|(given, Profile { name, .. })| {
            format!("{given} overrides the token of profile {name}, which is not used")
        });
    let (owner, source) = match (given, &profile) {
        // The state files of a profile belong to the customer of its own token.
        (Some(given), _) => (None, given),
        (None, Some(profile)) => (Some(profile.name.as_str()), profile.source.clone()),
        (None, None) => return Err(ConfigError::NoToken),
    };
    let token = read_token(&source, Interactivity::Interactive, stdin)?;
    let base = given_base(flags.base_url.as_deref(), environment);
    let target = target(token, base.as_ref(), profile.as_ref(), owner)?;
    let name = profile.as_ref().map(|profile| profile.name.as_str());
    let found = found(target, source, owner, settings.choices(name));
    let choice_places = settings.choice_places(name);
    Ok(Found { warnings: settings.warnings(), token_warning, choice_places, ..found })
}

/// Finds a profile in the background: without prompts, flags and variables.
pub fn find_profile(name: &str, environment: &Environment) -> Result<Found, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    find_in(&settings, name, Interactivity::Background)
}

/// Finds a profile of these settings, without flags and variables.
pub fn find_in(
    settings: &Settings,
    name: &str,
    interactivity: Interactivity,
) -> Result<Found, ConfigError> {
    let profile = settings.profile(name)?;
    let token = read_token(&profile.source, interactivity, io::empty())?;
    let target = target(token, None, Some(&profile), Some(name))?;
    Ok(found(target, profile.source, Some(name), settings.choices(Some(name))))
}

/// Returns a target and the source of its base URL: the given one, else the profile's, else that of
/// the token's prefix. A variable must not redirect the token of `owner`, as others may have set it.
pub fn target(
    token: Token,
    given: Option<&GivenBase>,
    profile: Option<&Profile>,
    owner: Option<&str>,
) -> Result<(Target, String), ConfigError> {
    let own = profile.and_then(|profile| profile.base_url.as_deref());
    let (source, base) = match (given, profile, own) {
        (Some((source, url)), ..) => ((*source).to_owned(), url.as_str()),
        (None, Some(profile), Some(url)) => (format!("profile {}", profile.name), url),
        _ => {
            let unknown = || ConfigError::UnknownKind(token.masked());
            let documented = Target::documented_base(&token).ok_or_else(unknown)?;
            ("the contract".to_owned(), documented)
        }
    };
    let unusable = |why| ConfigError::BaseUrl { source_name: source.clone(), why };
    let target = Target::new(base, token).map_err(unusable)?;
    match owner {
        Some(owner) if source == BASE_VARIABLE && !target.is_at_home(own) => {
            Err(ConfigError::Diverted { profile: owner.to_owned(), place: place(&target.base) })
        }
        _ => Ok((target, source)),
    }
}

fn found(
    (mut target, base_source): (Target, String),
    source: Source,
    owner: Option<&str>,
    choices: Choices,
) -> Found {
    target.choices = choices;
    let customer = match owner {
        Some(owner) => CustomerKey::of_profile(owner),
        None => CustomerKey::of_fingerprint(&target.token.fingerprint()),
    };
    let session = session(&target.base, customer);
    let name = source.to_string();
    // Standard input is read once, and the environment of a process does not change.
    if !matches!(source, Source::Stdin | Source::Variable(..)) {
        target = target.with_token_refresh(Arc::new(move || {
            read_token(&source, Interactivity::Background, io::empty()).ok()
        }));
    }
    let profile = owner.map(str::to_owned);
    Found {
        target,
        session,
        profile,
        source: name,
        base_source,
        warnings: Vec::new(),
        token_warning: None,
        choice_places: Vec::new(),
    }
}

pub fn read_token(
    source: &Source,
    interactivity: Interactivity,
    stdin: impl Read,
) -> Result<Token, ConfigError> {
    parse_token(source, &source.read(interactivity, stdin)?)
}

pub fn parse_token(source: &Source, secret: &SecretText) -> Result<Token, ConfigError> {
    Token::new(secret.text())
        .map_err(|why| ConfigError::Token { source_name: source.to_string(), why })
}

fn session(base: &Url, customer: CustomerKey) -> Session {
    let environment = match is_sandbox_path(base) {
        _ if !is_documented(base) => "custom server",
        true => "sandbox",
        false => "PRODUCTION",
    };
    let is_production = environment == "PRODUCTION";
    Session { environment: environment.to_owned(), place: place(base), is_production, customer }
}

fn place(base: &Url) -> String {
    let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", base.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests;
