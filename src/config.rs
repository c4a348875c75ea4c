//! Where valora is pointed: flags, then environment, then the profile, then what the contract
//! documents. And the settings of the user, as plain values.

pub mod credentials;
mod owner;
pub mod payments;
pub mod profile;
pub mod program;
pub mod schema;
pub mod secret;
pub mod secure_file;
pub mod server;
mod way;

use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;

use profile::{Profile, Settings};
use program::Interactivity;
use schema::Problem;
use secret::{SecretError, SecretText, Source};
use secure_file::PrivateError;
use url::Url;

use crate::domain::customer::CustomerKey;
use crate::net::target::{
    PRODUCTION, Reread, SANDBOX, Target, TargetError, Token, TokenError, is_sandbox_path,
};
use crate::state::Store;

/// The variable that names a server for a token that is given with it.
pub const BASE_VARIABLE: &str = "VALORA_BASE_URL";

/// What was given on the command line.
#[derive(Debug, Default, Clone)]
pub struct Flags {
    pub base_url: Option<String>,
    /// A file that holds the token; `-` is standard input.
    pub token_file: Option<PathBuf>,
    pub profile: Option<String>,
}

/// What was given in the environment.
#[derive(Default, Clone)]
pub struct Environment {
    pub token: Option<OsString>,
    pub base_url: Option<OsString>,
    pub profile: Option<OsString>,
    /// The folders of the user; without them there are no settings and no profiles.
    pub store: Option<Store>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is never printed, by no path.
        f.debug_struct("Environment").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Environment {
    /// Reads the variables of this process.
    pub fn of_process() -> Self {
        let given = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            token: given("VALORA_TOKEN"),
            base_url: given(BASE_VARIABLE),
            profile: given("VALORA_PROFILE"),
            store: Store::of_process(),
        }
    }

    /// The name of the profile that is given by a flag, or else by its variable.
    pub fn profile(&self, flag: Option<String>) -> Option<String> {
        let variable = || self.profile.as_ref().map(|name| name.to_string_lossy().into_owned());
        flag.or_else(variable)
    }
}

/// Which server valora is pointed at, in words for the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub environment: String,
    /// The host, or what the user should know of it.
    pub place: String,
    /// Whether real money is shown; always marked on the screen.
    pub is_production: bool,
    pub customer: CustomerKey,
}

/// Why valora does not know where to go. No variant quotes a token.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error(
        "there is no token.\n\n\
         Get one:  a customer's long-lived API token, made in the Valora web app\n\
         Keep it:  valora auth login            asks for it once; then just: valora\n\
         Give it:  valora --token-file FILE     - reads standard input; or VALORA_TOKEN in the environment\n\
         No token: valora demo                shows the program on made-up data"
    )]
    NoToken,
    #[error(
        "there are several profiles ({}); name one: --profile NAME, VALORA_PROFILE, or \
         default_profile = \"NAME\" in the settings (valora config path)", .0.join(", ")
    )]
    Several(Vec<String>),
    #[error(
        "there is no profile {name} ({}); create it: valora auth login --profile NAME",
        known_names(.known)
    )]
    NoProfile { name: String, known: Vec<String> },
    /// Not a name that a profile can have.
    #[error("{0}")]
    Name(&'static str),
    #[error("the settings in {} cannot be read: {why}", .path.display())]
    Unreadable { path: PathBuf, why: io::Error },
    #[error("the settings in {} are wrong:{}", .path.display(), in_lines(.problems))]
    Broken { path: PathBuf, problems: Vec<Problem> },
    #[error("this user has no home folder, so valora keeps neither settings nor tokens; set HOME")]
    Homeless,
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error("the token from {source_name} is not usable: {why}")]
    Token { source_name: String, why: TokenError },
    /// The kind of the token does not say which host it is for.
    #[error(
        "the token {0} begins with neither vl_ (production) nor sd_ (sandbox), so its host is not \
         known; give it: --base-url URL, VALORA_BASE_URL, or base_url in its profile"
    )]
    UnknownKind(String),
    #[error("the base URL from {source_name} is not usable: {why}")]
    BaseUrl { source_name: String, why: TargetError },
    /// Others can change the file of settings; the reason says what to run.
    #[error("nothing of the settings in {} is used: {why}", .path.display())]
    Exposed { path: PathBuf, why: PrivateError },
    /// Two names that are one file where capitals do not count.
    #[error(
        "there is a profile {known} already, which differs from {name} only in capitals; use another name"
    )]
    Twin { name: String, known: String },
    /// The variable names another server than the one that a kept token is for.
    #[error(
        "VALORA_BASE_URL names {place}, and the token of profile {profile} is not for that server, so \
         nothing was sent. Unset VALORA_BASE_URL; or name the server by hand: --base-url URL; or note \
         it as base_url of the profile. (With VALORA_TOKEN and --token-file the variable counts.)"
    )]
    Diverted { profile: String, place: String },
    #[error(transparent)]
    PaymentsClient(crate::net::transport::BuildError),
}

fn known_names(names: &[String]) -> String {
    if names.is_empty() { "there is none yet".to_owned() } else { names.join(", ") }
}

fn in_lines(problems: &[Problem]) -> String {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    format!("\n  {}", all.join("\n  "))
}

/// Where valora is pointed, and how that was found.
#[derive(Debug)]
pub struct Found {
    /// The server, and the token with the way to read its source again.
    pub target: Target,
    pub session: Session,
    /// The profile whose token it is; `None` for a token that was given beside all profiles.
    pub profile: Option<String>,
    /// Where the token came from, in words.
    pub source: String,
    /// Where the base URL came from, in words.
    pub base_source: String,
    /// What of all that was given has no effect.
    pub warnings: Vec<String>,
}

/// Finds the token and the server, and what the header says of them.
pub fn resolve(
    flags: &Flags,
    environment: &Environment,
    stdin: impl Read,
) -> Result<(Target, Session), ConfigError> {
    find(flags, environment, stdin).map(|found| (found.target, found.session))
}

/// As [`resolve`], with the way in which it was found.
pub fn find(
    flags: &Flags,
    environment: &Environment,
    stdin: impl Read,
) -> Result<Found, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    settings.sound()?;
    let mut warnings = settings.warnings();
    let given = match (&flags.token_file, &environment.token) {
        (Some(path), _) if path.as_os_str() == "-" => Some(Source::Stdin),
        (Some(path), _) => Some(Source::File(path.clone())),
        (None, Some(token)) => Some(Source::Variable("VALORA_TOKEN", token.clone())),
        (None, None) => None,
    };
    let profile = match (&environment.profile(flags.profile.clone()), &given) {
        (Some(name), _) => Some(settings.profile(name)?),
        (None, Some(_)) => None,
        (None, None) => settings.usual()?,
    };
    let base = match (&flags.base_url, &environment.base_url) {
        (Some(url), _) => Some(("--base-url".to_owned(), url.clone())),
        (None, Some(url)) => Some((BASE_VARIABLE.to_owned(), url.to_string_lossy().into_owned())),
        (None, None) => None,
    };
    let (owner, source) = match (given, &profile) {
        (Some(given), Some(profile)) => {
            // What is kept of a profile is of its own token's customer.
            warnings.push(format!(
                "{given} is given and wins over the token of profile {}, which is not used",
                profile.name
            ));
            (None, given)
        }
        (Some(given), None) => (None, given),
        (None, Some(profile)) => (Some(profile.name.clone()), profile.source.clone()),
        (None, None) => return Err(ConfigError::NoToken),
    };
    pointed(owner, source, profile.as_ref(), base, (Interactivity::Interactive, stdin), warnings)
}

/// Where the profile of this name points, found while the screen is drawn on: nothing is asked on
/// the terminal, and only the profile counts, since flags and variables were given for the start.
pub fn find_profile(name: &str, environment: &Environment) -> Result<Found, ConfigError> {
    let settings = Settings::read(environment.store.as_ref())?;
    let profile = settings.profile(name)?;
    let (owner, source) = (Some(profile.name.clone()), profile.source.clone());
    pointed(
        owner,
        source,
        Some(&profile),
        None,
        (Interactivity::Background, io::empty()),
        Vec::new(),
    )
}

fn pointed(
    owner: Option<String>,
    source: Source,
    profile: Option<&Profile>,
    base: Option<(String, String)>,
    (interactivity, stdin): (Interactivity, impl Read),
    warnings: Vec<String>,
) -> Result<Found, ConfigError> {
    let token = usable(&source, &source.read(interactivity, stdin)?)?;
    let documented =
        || Some(("the contract".to_owned(), Target::documented_base(&token)?.to_owned()));
    let of_profile = || profile?.base(&token).map(|(source, url)| (source, url.to_owned()));
    let is_variable = base.as_ref().is_some_and(|(name, _)| name == BASE_VARIABLE);
    let (base_source, base) = base
        .or_else(of_profile)
        .or_else(documented)
        .ok_or_else(|| ConfigError::UnknownKind(token.masked()))?;
    let mut target = Target::new(&base, token)
        .map_err(|why| ConfigError::BaseUrl { source_name: base_source.clone(), why })?;
    if let (Some(owner), true) = (&owner, is_variable) {
        check_home(&target, owner, profile.and_then(|profile| profile.base_url.as_deref()))?;
    }
    let name = source.to_string();
    if source.can_change() {
        target = target.rereading(Reread::new(move || {
            let secret = source.read(Interactivity::Background, io::empty()).ok()?;
            usable(&source, &secret).ok()
        }));
    }
    let customer = match &owner {
        Some(owner) => CustomerKey::of_profile(owner),
        None => CustomerKey::of_fingerprint(&target.token().fingerprint()),
    };
    let session = session(&target, customer);
    Ok(Found { target, session, profile: owner, source: name, base_source, warnings })
}

/// Checks that a kept token may go where a variable says: who sets it, such as a sandbox that is long
/// gone, need not be who keeps the token.
pub fn check_home(target: &Target, name: &str, base_url: Option<&str>) -> Result<(), ConfigError> {
    if target.is_at_home(base_url) {
        return Ok(());
    }
    Err(ConfigError::Diverted { profile: name.to_owned(), place: place(target.base()) })
}

/// A secret as a token.
pub fn usable(source: &Source, secret: &SecretText) -> Result<Token, ConfigError> {
    Token::new(secret.text())
        .map_err(|why| ConfigError::Token { source_name: source.to_string(), why })
}

/// Names the server by what it is, and says so where money is real.
fn session(target: &Target, customer: CustomerKey) -> Session {
    let base = target.base();
    let is_documented = [PRODUCTION, SANDBOX]
        .iter()
        .any(|known| Url::parse(known).is_ok_and(|known| known.host_str() == base.host_str()));
    let is_sandbox = is_sandbox_path(base);
    let environment = match (is_documented, is_sandbox) {
        (true, false) => "PRODUCTION",
        (true, true) => "sandbox",
        (false, _) => "custom server",
    };
    let place = place(base);
    let is_production = is_documented && !is_sandbox;
    Session { environment: environment.to_owned(), place, is_production, customer }
}

/// The host of a server, and its port where that is not the usual one.
fn place(base: &Url) -> String {
    let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", base.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests;
