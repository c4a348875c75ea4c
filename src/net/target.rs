//! Where the API is and with which token: checked before any connection, never printed whole.

pub mod base;
pub mod token;

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::net::request::{BOOKING_PATH, LIMITS_PATH, Request};

pub use base::{TargetError, is_sandbox_path};
pub use token::{Token, TokenError};

/// The documented base URL of production, for tokens with `vl_` (contract, "Hosts and paths").
pub const PRODUCTION: &str = "https://valora.spotahome.com/api/v1/c";
/// The documented base URL of the sandbox, for tokens with `sd_` (contract, "Hosts and paths").
pub const SANDBOX: &str = "https://valora-testing.laravel.cloud/api/sandbox/v1/c";

const PRODUCTION_PREFIX: &str = "vl_";
const SANDBOX_PREFIX: &str = "sd_";

/// Reads the source of the token again, which may have another one by now, or none. It blocks.
pub type TokenRefresh = Arc<dyn Fn() -> Option<Token> + Send + Sync>;

#[derive(Clone)]
pub struct Target {
    base: Url,
    token: Token,
    refresh: Option<TokenRefresh>,
}

impl Target {
    /// Checks a base URL: `https`, or `http` to this machine itself.
    pub fn new(base: &str, token: Token) -> Result<Self, TargetError> {
        let base = base::check(base)?;
        base::check_kind(&base, &token)?;
        Ok(Self { base, token, refresh: None })
    }

    /// A base URL as it is used, whatever the token.
    pub fn check_base(base: &str) -> Result<Url, TargetError> {
        base::check(base)
    }

    /// What is to be done when the server refuses the token.
    pub fn with_token_refresh(self, refresh: TokenRefresh) -> Self {
        Self { refresh: Some(refresh), ..self }
    }

    /// This target with the token that its source has by now; `None` if that is the same one, is
    /// missing, or is for other data. Blocks while the source is read.
    pub fn reread(&self) -> Option<Self> {
        let token = self.refresh.as_ref()?()?;
        if token == self.token || token.prefix() != self.token.prefix() {
            return None;
        }
        Some(Self { token, ..self.clone() })
    }

    /// The documented base URL for the prefix of a token; `None` for a prefix that is not
    /// documented.
    pub fn documented_base(token: &Token) -> Option<&'static str> {
        match token.prefix() {
            PRODUCTION_PREFIX => Some(PRODUCTION),
            SANDBOX_PREFIX => Some(SANDBOX),
            _ => None,
        }
    }

    pub fn base(&self) -> &Url {
        &self.base
    }

    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Whether the server runs on this machine: no proxy, and `http` is allowed.
    pub fn is_loopback(&self) -> bool {
        base::is_loopback(&self.base)
    }

    /// Whether this is the documented production API, which is always marked on the screen.
    pub fn is_production(&self) -> bool {
        self.base.as_str() == PRODUCTION
    }

    /// Whether a kept token of this kind may leave for a base URL that nobody named for it: the
    /// documented host of its prefix alone, or one that its profile names.
    pub fn is_at_home(&self, of_profile: Option<&str>) -> bool {
        let is_own = of_profile.is_some_and(|url| base::check(url).as_ref() == Ok(&self.base));
        let is_known = Self::documented_base(&self.token).is_some();
        // Data of the other kind was refused when the target was made.
        is_own || is_known && base::is_documented(&self.base)
    }

    /// The address of the limits: next to the base path, outside `/c`.
    pub fn limits_url(&self) -> Url {
        let mut url = self.base.clone();
        url.set_path(&base::token_routes(&self.base));
        push(&mut url, LIMITS_PATH);
        url
    }

    /// The address of a request. What the user typed goes into a query value, never into the path.
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
                url.query_pairs_mut().append_pair("test", "connection");
            }
            Request::Payments(ask) => {
                // Each id is one segment, encoded; one that cannot be is refused before.
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

#[cfg(test)]
mod tests;
