//! The API's base URL and token: checked before any connection, and never printed in full.

pub mod token;

use std::fmt;
use std::sync::Arc;

use url::{Host, Url};

use crate::list::shape::Choices;
use crate::net::request::{BOOKING_PATH, LIMITS_PATH, Request};

pub use token::{Token, TokenError};

/// The documented base URL of production, for tokens with `vl_` (contract, "Hosts and paths").
pub const PRODUCTION: &str = "https://valora.spotahome.com/api/v1/c";
/// The documented base URL of the sandbox, for tokens with `sd_` (contract, "Hosts and paths").
pub const SANDBOX: &str = "https://valora-testing.laravel.cloud/api/sandbox/v1/c";

pub const PRODUCTION_PREFIX: &str = "vl_";
pub const SANDBOX_PREFIX: &str = "sd_";

/// The path of the token routes on either host, outside of `/c` (contract, "Hosts and paths").
const TOKEN_ROUTES: &str = "/api/v1";

/// Why a base URL is not accepted. No message quotes the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("the base URL is not a valid URL; example: {PRODUCTION}")]
    NotUrl,
    #[error("the base URL must begin with https://")]
    Scheme,
    /// `http` to another computer would send the token unencrypted.
    #[error("the base URL must begin with https:// (http:// only for this computer)")]
    Plain,
    #[error("the base URL must not contain a user name or a password")]
    UserInfo,
    #[error("the base URL must not contain `?`")]
    Query,
    #[error("the base URL must not contain `#`")]
    Fragment,
    /// A host with a final dot is the same host, but the rules would not recognize it.
    #[error("the host of the base URL must not end in a dot")]
    HostDot,
    #[error("the base URL must not contain a port: this host uses the default port of https")]
    Port,
    #[error(
        "the path of the base URL may contain only letters, digits, - . _ ~ and single slashes"
    )]
    Path,
    #[error("it serves sandbox data, but a vl_ token is only for {PRODUCTION}")]
    SandboxData,
    #[error("it serves production data, but an sd_ token is only for {SANDBOX}")]
    ProductionData,
}

/// Rereads the token from its source; `None` if it has no token now. Blocks.
pub type TokenRefresh = Arc<dyn Fn() -> Option<Token> + Send + Sync>;

#[derive(Clone)]
pub struct Target {
    pub base: Url,
    pub token: Token,
    /// The fields that the user's settings assign.
    pub choices: Choices,
    refresh: Option<TokenRefresh>,
}

impl Target {
    /// Accepts `https` or local `http`; a token's prefix decides its data (contract, "Hosts and paths").
    pub fn new(base: &str, token: Token) -> Result<Self, TargetError> {
        let base = Self::check_base(base)?;
        let is_production = is_host(&base, PRODUCTION) && !is_sandbox_path(&base);
        match token.prefix() {
            PRODUCTION_PREFIX if !is_production && is_documented(&base) => {
                Err(TargetError::SandboxData)
            }
            SANDBOX_PREFIX if is_production => Err(TargetError::ProductionData),
            _ => Ok(Self { base, token, choices: Choices::new(), refresh: None }),
        }
    }

    /// Rejects any URL that a server could interpret differently from these rules.
    pub fn check_base(text: &str) -> Result<Url, TargetError> {
        let text = text.trim();
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(TargetError::NotUrl);
        }
        let mut base = Url::parse(text).map_err(|_unreadable| TargetError::NotUrl)?;
        let host = base.host_str().unwrap_or_default();
        let path = base.path().trim_end_matches('/').to_owned();
        let is_plain =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/');
        let has_user =
            !base.username().is_empty() || base.password().is_some() || text.contains('@');
        let rules = [
            (TargetError::Scheme, !matches!(base.scheme(), "https" | "http")),
            (TargetError::NotUrl, host.is_empty()),
            (TargetError::HostDot, host.ends_with('.')),
            (TargetError::Plain, base.scheme() == "http" && !is_loopback(&base)),
            (TargetError::UserInfo, has_user),
            (TargetError::Query, base.query().is_some()),
            (TargetError::Fragment, base.fragment().is_some()),
            (TargetError::Port, is_documented(&base) && base.port().is_some()),
            (
                TargetError::Path,
                text.contains('\\') || !path.chars().all(is_plain) || path.contains("//"),
            ),
        ];
        if let Some((why, _)) = rules.into_iter().find(|(_, is_broken)| *is_broken) {
            return Err(why);
        }
        base.set_path(&path);
        Ok(base)
    }

    pub fn with_token_refresh(self, refresh: TokenRefresh) -> Self {
        Self { refresh: Some(refresh), ..self }
    }

    /// Never rereads the token, because its program might prompt.
    pub fn without_token_refresh(self) -> Self {
        Self { refresh: None, ..self }
    }

    /// Returns `true` if the token is read again after the server has rejected it.
    pub fn rereads_token(&self) -> bool {
        self.refresh.is_some()
    }

    /// Rereads the token; `None` if it is the same, missing, or for other data. Blocks.
    pub fn reread(&self) -> Option<Self> {
        let token = self.refresh.as_ref()?()?;
        if token == self.token || token.prefix() != self.token.prefix() {
            return None;
        }
        Some(Self { token, ..self.clone() })
    }

    pub fn documented_base(token: &Token) -> Option<&'static str> {
        match token.prefix() {
            PRODUCTION_PREFIX => Some(PRODUCTION),
            SANDBOX_PREFIX => Some(SANDBOX),
            _ => None,
        }
    }

    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Returns `true` if a saved token may be sent here: to its documented host or its profile's URL.
    pub fn is_at_home(&self, of_profile: Option<&str>) -> bool {
        let is_own = of_profile.is_some_and(|url| Self::check_base(url).as_ref() == Ok(&self.base));
        // `new` has rejected a token for other data.
        is_own || !self.token.prefix().is_empty() && is_documented(&self.base)
    }

    /// The URL of the limits; keeps a prefix before the documented path, such as a proxy's.
    pub fn limits_url(&self) -> Url {
        let mut url = self.base.clone();
        let path = self.base.path();
        let prefixes = ["/api/v1", "/api/sandbox/v1"].into_iter().filter_map(|known| {
            let (at, _) = path.rmatch_indices(known).find(|(at, _)| {
                let behind = path.get(at + known.len()..).unwrap_or_default();
                behind.is_empty() || behind.starts_with('/')
            })?;
            path.get(..at)
        });
        let prefix = prefixes.max_by_key(|prefix| prefix.len()).unwrap_or_default();
        url.set_path(&format!("{prefix}{TOKEN_ROUTES}/{LIMITS_PATH}"));
        url
    }

    /// The URL of a request. Typed text becomes a query value, never a part of the path.
    pub fn url(&self, request: &Request) -> Url {
        let mut url = self.base.clone();
        match request {
            Request::List(query) => {
                push(&mut url, query.spec.path);
                url.query_pairs_mut().extend_pairs(query.pairs());
            }
            Request::Booking(reference) => {
                push(&mut url, BOOKING_PATH);
                url.query_pairs_mut().append_pair("booking_id", reference);
            }
            Request::Limits => url = self.limits_url(),
            Request::Connection(path) => {
                push(&mut url, path);
                // For the booking, it is the call without a parameter (contract, "Every request").
                if *path != BOOKING_PATH {
                    url.query_pairs_mut().append_pair("test", "connection");
                }
            }
            Request::Payments(ask) => {
                // Each id is one encoded segment; `Client::check` has rejected invalid ids.
                let ids = ask.segments().unwrap_or_default();
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.pop_if_empty().extend(ids);
                }
                let pairs = ask.pairs();
                if !pairs.is_empty() {
                    url.query_pairs_mut().extend_pairs(pairs);
                }
            }
        }
        url
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

/// Appends the segments of a path of the contract; `http` and `https` URLs always have segments.
fn push(url: &mut Url, path: &str) {
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
}

/// Returns `true` if it names a host of the contract.
pub fn is_documented(base: &Url) -> bool {
    is_host(base, PRODUCTION) || is_host(base, SANDBOX)
}

fn is_host(base: &Url, of: &str) -> bool {
    Url::parse(of).is_ok_and(|known| known.host_str() == base.host_str())
}

pub fn is_sandbox_path(base: &Url) -> bool {
    base.path().split('/').any(|segment| segment.eq_ignore_ascii_case("sandbox"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests;
