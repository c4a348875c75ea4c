//! Where the API is and with which token: checked before any connection, never printed whole.

mod jwt;

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use ring::digest::{SHA256, digest};
use url::{Host, Url};

use crate::query::{BOOKING_PATH, LIMITS_PATH, Request};

/// The documented base URL of production, for tokens with `vl_` (contract, "Hosts and paths").
pub const PRODUCTION: &str = "https://valora.spotahome.com/api/v1/c";
/// The documented base URL of the sandbox, for tokens with `sd_` (contract, "Hosts and paths").
pub const SANDBOX: &str = "https://valora-testing.laravel.cloud/api/sandbox/v1/c";

const PRODUCTION_PREFIX: &str = "vl_";
const SANDBOX_PREFIX: &str = "sd_";
/// Token lifecycle routes sit here on either host, outside of `/c` (contract, "Hosts and paths").
const TOKEN_ROUTES: &str = "/api/v1";
/// Characters of the end that are shown; of a shorter token that would be too much of it.
const TAIL_SHOWN: usize = 4;
const SHORTEST_WITH_TAIL: usize = 16;

/// The bearer token. It has no `Display`, and its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    text: Box<str>,
    header: HeaderValue,
}

/// Why a text is not taken for a token. None of these quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing is left of it.
    #[error("the token is empty")]
    Empty,
    /// It is the whole header value.
    #[error("the token begins with `Bearer `: give only what follows")]
    Bearer,
    /// It holds a space, a tab or a line break.
    #[error("the token contains a space or a line break")]
    Space,
    /// It holds a control character.
    #[error("the token contains a control character")]
    Control,
    /// It holds a character outside of ASCII.
    #[error("the token contains a character that no token has; was it copied whole?")]
    NotAscii,
}

impl Token {
    /// Takes a token as it is to be sent.
    ///
    /// # Errors
    /// [`TokenError`] if it could not be a token.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
            return Err(TokenError::Bearer);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(TokenError::Space);
        }
        if text.chars().any(char::is_control) {
            return Err(TokenError::Control);
        }
        if !text.is_ascii() {
            return Err(TokenError::NotAscii);
        }
        let mut header = HeaderValue::from_str(&format!("Bearer {text}"))
            .map_err(|_invalid| TokenError::Control)?;
        header.set_sensitive(true);
        Ok(Self { text: text.into(), header })
    }

    /// The prefix that says what it is for; empty for one that is not documented.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        [PRODUCTION_PREFIX, SANDBOX_PREFIX]
            .into_iter()
            .find(|prefix| self.text.starts_with(prefix))
            .unwrap_or_default()
    }

    /// What may be shown of it: `vl_…a1b2`.
    #[must_use]
    pub fn masked(&self) -> String {
        let prefix = self.prefix();
        let tail = (self.text.len() >= SHORTEST_WITH_TAIL)
            .then(|| self.text.get(self.text.len() - TAIL_SHOWN..))
            .flatten()
            .unwrap_or_default();
        format!("{prefix}…{tail}")
    }

    /// A name for the token that says nothing of it: what is kept of its customer stands under it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hashed = digest(&SHA256, format!("valora customer {}", self.text).as_bytes());
        let first = hashed.as_ref().first_chunk::<8>();
        format!("{:016x}", first.map_or(0, |bytes| u64::from_be_bytes(*bytes)))
    }

    /// The value of the `Authorization` header, marked sensitive.
    pub(super) fn bearer(&self) -> HeaderValue {
        self.header.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

/// Reads the source of the token again, which may have another one by now. It blocks.
#[derive(Clone)]
pub struct Reread(Arc<dyn Fn() -> Option<Token> + Send + Sync>);

impl Reread {
    /// By this way; `None` if there is no token any more.
    #[must_use]
    pub fn new(way: impl Fn() -> Option<Token> + Send + Sync + 'static) -> Self {
        Self(Arc::new(way))
    }
}

impl PartialEq for Reread {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Reread {}

impl fmt::Debug for Reread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reread")
    }
}

/// A base URL and the token for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    base: Url,
    token: Token,
    reread: Option<Reread>,
}

/// Why a base URL is not used. None of these quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It cannot be read as a URL with a host.
    #[error("the base URL is not a URL such as {PRODUCTION}")]
    NotUrl,
    /// The scheme is neither `https` nor `http`.
    #[error("the base URL must begin with https://")]
    Scheme,
    /// `http` to another machine would show the token to everyone on the way.
    #[error("the base URL must begin with https:// (http only for this machine itself)")]
    Plain,
    /// It holds a user name or a password.
    #[error("the base URL must hold no user name or password")]
    UserInfo,
    /// It holds a query.
    #[error("the base URL must hold no `?`")]
    Query,
    /// It holds a fragment.
    #[error("the base URL must hold no `#`")]
    Fragment,
    /// A token for production would leave for the sandbox data.
    #[error("it serves sandbox data, and a token that begins with vl_ is for {PRODUCTION} only")]
    SandboxData,
    /// A token for sandbox data would leave for production.
    #[error("it is production, and a token that begins with sd_ is for sandbox data: {SANDBOX}")]
    ProductionData,
}

impl Target {
    /// Checks a base URL: `https`, or `http` to this machine itself (reliability, "HTTP").
    ///
    /// # Errors
    /// [`TargetError`] with the rule that it breaks.
    pub fn new(base: &str, token: Token) -> Result<Self, TargetError> {
        let base = Self::check_base(base)?;
        check_kind(&base, &token)?;
        Ok(Self { base, token, reread: None })
    }

    /// A base URL as it is used, whatever the token.
    ///
    /// # Errors
    /// [`TargetError`] with the rule that it breaks.
    pub fn check_base(base: &str) -> Result<Url, TargetError> {
        let text = base.trim();
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(TargetError::NotUrl);
        }
        let mut base = Url::parse(text).map_err(|_unreadable| TargetError::NotUrl)?;
        if !matches!(base.scheme(), "https" | "http") {
            return Err(TargetError::Scheme);
        }
        if base.host().is_none() {
            return Err(TargetError::NotUrl);
        }
        if base.scheme() == "http" && !is_loopback(&base) {
            return Err(TargetError::Plain);
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        if base.query().is_some() {
            return Err(TargetError::Query);
        }
        if base.fragment().is_some() {
            return Err(TargetError::Fragment);
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(base)
    }

    /// The same with a way to read the source of the token again, for when the server refuses it.
    #[must_use]
    pub fn rereading(self, reread: Reread) -> Self {
        Self { reread: Some(reread), ..self }
    }

    /// The same with the token that its source has by now; `None` if it is the same one, if there
    /// is none, or if it is for other data. Blocks while the source is read.
    #[must_use]
    pub fn reread(&self) -> Option<Self> {
        let token = (self.reread.as_ref()?.0)()?;
        if token == self.token || token.prefix() != self.token.prefix() {
            return None;
        }
        Some(Self { base: self.base.clone(), token, reread: self.reread.clone() })
    }

    /// The documented base URL for the prefix of a token; `None` for a prefix that is not
    /// documented.
    #[must_use]
    pub fn documented_base(token: &Token) -> Option<&'static str> {
        match token.prefix() {
            PRODUCTION_PREFIX => Some(PRODUCTION),
            SANDBOX_PREFIX => Some(SANDBOX),
            _ => None,
        }
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Whether the server runs on this machine: no proxy, and `http` is allowed.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Whether this is the documented production API, which is always marked on the screen.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.base.as_str() == PRODUCTION
    }

    /// The address of the limits: on the same host, outside of the base path.
    #[must_use]
    pub fn limits_url(&self) -> Url {
        let mut url = self.base.clone();
        url.set_path(TOKEN_ROUTES);
        push(&mut url, LIMITS_PATH);
        url
    }

    /// The address of a request. What the user typed goes into a query value, never into the path.
    #[must_use]
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

/// On the documented hosts a token goes to the data that its prefix is for, whatever the base URL
/// says (contract, "Hosts and paths").
fn check_kind(base: &Url, token: &Token) -> Result<(), TargetError> {
    let is_host = |of: &str| Url::parse(of).is_ok_and(|known| known.host_str() == base.host_str());
    let is_production = is_host(PRODUCTION) && !is_sandbox_path(base);
    match token.prefix() {
        PRODUCTION_PREFIX if !is_production && (is_host(PRODUCTION) || is_host(SANDBOX)) => {
            Err(TargetError::SandboxData)
        }
        SANDBOX_PREFIX if is_production => Err(TargetError::ProductionData),
        _ => Ok(()),
    }
}

/// Whether the path of a base URL is that of sandbox data.
#[must_use]
pub fn is_sandbox_path(base: &Url) -> bool {
    base.path().starts_with("/api/sandbox/")
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
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
