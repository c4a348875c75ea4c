//! Where valora is pointed: flags, then environment, then what the contract documents.

pub mod payments;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use url::Url;

use crate::api::target::{PRODUCTION, SANDBOX, Target, TargetError, Token, TokenError};
use crate::app::model::Session;
use crate::domain::customer::CustomerKey;

/// Bytes of a token file that are read at most.
const LARGEST_TOKEN_FILE: u64 = 64 * 1024;

/// What was given on the command line.
#[derive(Debug, Default, Clone)]
pub struct Flags {
    /// The base URL.
    pub base_url: Option<String>,
    /// A file that holds the token; `-` is standard input.
    pub token_file: Option<PathBuf>,
}

/// What was given in the environment.
#[derive(Default, Clone)]
pub struct Environment {
    /// `VALORA_TOKEN`.
    pub token: Option<OsString>,
    /// `VALORA_BASE_URL`.
    pub base_url: Option<OsString>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token is never printed, by no path.
        f.debug_struct("Environment").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Environment {
    /// Reads the variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let given = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self { token: given("VALORA_TOKEN"), base_url: given("VALORA_BASE_URL") }
    }
}

/// Why valora does not know where to go. No variant quotes a token.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No token was given at all.
    #[error(
        "there is no token.\n\n\
         Get one:  a customer's long-lived API token, made in the Valora web app\n\
         Give it:  VALORA_TOKEN=… valora      or      valora --token-file FILE (- reads standard input)\n\
         No token: valora demo                shows the program on made-up data"
    )]
    NoToken,
    /// The token file cannot be read.
    #[error("the token file {} cannot be read: {why}", .path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        why: io::Error,
    },
    /// Others can read the token file.
    #[error("the token file {0} can be read by others on this machine; run: chmod 600 {0}")]
    OpenTokenFile(String),
    /// A token that no request could carry.
    #[error("the token from {source_name} is not usable: {why}")]
    Token {
        /// Where it came from.
        source_name: &'static str,
        /// Why, without quoting it.
        why: TokenError,
    },
    /// A token whose kind does not say which host it is for.
    #[error(
        "the token {0} begins with neither vl_ (production) nor sd_ (sandbox), so its host is not \
         known; give it: --base-url URL or VALORA_BASE_URL"
    )]
    UnknownKind(String),
    /// A base URL that is not used.
    #[error("the base URL from {source_name} is not usable: {why}")]
    BaseUrl {
        /// Where it came from.
        source_name: &'static str,
        /// Why.
        why: TargetError,
    },
    /// No client of one of the Payments APIs can be made.
    #[error(transparent)]
    SideClient(crate::api::transport::BuildError),
}

/// Finds the token and the server, and what the header says of them.
///
/// # Errors
/// [`ConfigError`], before any connection is made.
pub fn resolve(
    flags: &Flags,
    environment: &Environment,
    stdin: impl Read,
) -> Result<(Target, Session), ConfigError> {
    let token = find_token(flags, environment, stdin)?;
    let given = match (&flags.base_url, &environment.base_url) {
        (Some(url), _) => Some(("--base-url", url.clone())),
        (None, Some(url)) => Some(("VALORA_BASE_URL", url.to_string_lossy().into_owned())),
        (None, None) => None,
    };
    let documented = Target::documented_base(&token);
    let (source_name, base) = match (given, documented) {
        (Some(given), _) => given,
        (None, Some(base)) => ("the contract", base.to_owned()),
        (None, None) => return Err(ConfigError::UnknownKind(token.masked())),
    };
    let target =
        Target::new(&base, token).map_err(|why| ConfigError::BaseUrl { source_name, why })?;
    let session = session(&target);
    Ok((target, session))
}

fn find_token(
    flags: &Flags,
    environment: &Environment,
    stdin: impl Read,
) -> Result<Token, ConfigError> {
    let (source_name, text) = match (&flags.token_file, &environment.token) {
        (Some(path), _) if path.as_os_str() == "-" => ("standard input", read_token(stdin, path)?),
        (Some(path), _) => ("--token-file", read_token_file(path)?),
        (None, Some(token)) => ("VALORA_TOKEN", token.to_string_lossy().into_owned()),
        (None, None) => return Err(ConfigError::NoToken),
    };
    Token::new(text.trim()).map_err(|why| ConfigError::Token { source_name, why })
}

fn read_token_file(path: &Path) -> Result<String, ConfigError> {
    let failed = |why| ConfigError::TokenFile { path: path.to_owned(), why };
    let file = File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    // A pipe (`<(pass show …)`) has no mode worth checking; a file that others can read has.
    if about.is_file() && about.permissions().mode() & 0o077 != 0 {
        return Err(ConfigError::OpenTokenFile(path.display().to_string()));
    }
    read_token(file, path)
}

fn read_token(from: impl Read, path: &Path) -> Result<String, ConfigError> {
    let mut text = String::new();
    from.take(LARGEST_TOKEN_FILE)
        .read_to_string(&mut text)
        .map_err(|why| ConfigError::TokenFile { path: path.to_owned(), why })?;
    Ok(text)
}

/// Names the server by what it is, and says so where money is real.
fn session(target: &Target) -> Session {
    let base = target.base();
    let is_documented = [PRODUCTION, SANDBOX]
        .iter()
        .any(|known| Url::parse(known).is_ok_and(|known| known.host_str() == base.host_str()));
    let is_sandbox = base.path().starts_with("/api/sandbox/");
    let environment = match (is_documented, is_sandbox) {
        (true, false) => "PRODUCTION",
        (true, true) => "sandbox",
        (false, _) => "custom server",
    };
    let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
    let place = format!("{}{port}", base.host_str().unwrap_or_default());
    let is_production = is_documented && !is_sandbox;
    let customer = CustomerKey::of_fingerprint(&target.token().fingerprint());
    Session { environment: environment.to_owned(), place, is_production, customer }
}

#[cfg(test)]
mod tests;
