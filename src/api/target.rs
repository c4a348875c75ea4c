//! Where the API is and with which token: checked before any connection, never printed whole.

mod jwt;

use std::fmt;

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

    /// What may be shown of it: `vl_…a1b2`.
    #[must_use]
    pub fn masked(&self) -> String {
        let prefix = [PRODUCTION_PREFIX, SANDBOX_PREFIX]
            .into_iter()
            .find(|prefix| self.text.starts_with(prefix))
            .unwrap_or_default();
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

/// A base URL and the token for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    base: Url,
    token: Token,
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
}

impl Target {
    /// Checks a base URL: `https`, or `http` to this machine itself (reliability, "HTTP").
    ///
    /// # Errors
    /// [`TargetError`] with the rule that it breaks.
    pub fn new(base: &str, token: Token) -> Result<Self, TargetError> {
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
        Ok(Self { base, token })
    }

    /// The documented base URL for the prefix of a token; `None` for a prefix that is not
    /// documented.
    #[must_use]
    pub fn documented_base(token: &Token) -> Option<&'static str> {
        if token.text.starts_with(PRODUCTION_PREFIX) {
            Some(PRODUCTION)
        } else if token.text.starts_with(SANDBOX_PREFIX) {
            Some(SANDBOX)
        } else {
            None
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
mod tests {
    use super::*;
    use crate::query::ListQuery;
    use crate::resource::Spec;

    fn token() -> Token {
        Token::new("vl_0123456789abcdefa1b2").unwrap()
    }

    #[test]
    fn a_token_shows_its_kind_and_its_end_and_nothing_else() {
        assert_eq!(token().masked(), "vl_…a1b2");
        assert_eq!(Token::new("sd_short").unwrap().masked(), "sd_…");
        assert_eq!(Token::new("12|0123456789abcdefa1b2").unwrap().masked(), "…a1b2");
        let target = Target::new(PRODUCTION, token()).unwrap();
        let debug = format!("{:?} {:?} {target:?}", token(), token().bearer());
        assert!(!debug.contains("0123") && !debug.contains("a1b2"), "{debug}");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_without_being_quoted() {
        let table = [
            ("", TokenError::Empty),
            ("Bearer vl_secret", TokenError::Bearer),
            ("vl_sec ret", TokenError::Space),
            ("vl_secret\n", TokenError::Space),
            ("vl_\u{0}secret", TokenError::Control),
            ("vl_secret…", TokenError::NotAscii),
            ("“vl_secret”", TokenError::NotAscii),
        ];
        for (text, expected) in table {
            let error = Token::new(text).unwrap_err();
            assert_eq!(error, expected, "{text:?}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn only_https_or_this_machine_is_a_target() {
        for sound in [
            PRODUCTION,
            SANDBOX,
            "https://valora.spotahome.com/api/v1/c/",
            "http://127.0.0.1:8080/api/v1/c",
            "http://127.9.9.9",
            "http://[::1]:1/x",
            "http://localhost:1",
        ] {
            let target = Target::new(sound, token()).unwrap();
            assert_eq!(target.is_loopback(), sound.starts_with("http:"), "{sound}");
        }
        let table = [
            ("valora.spotahome.com", TargetError::NotUrl),
            ("https://", TargetError::NotUrl),
            ("https://host/a b", TargetError::NotUrl),
            ("ftp://host/", TargetError::Scheme),
            ("file:///etc/passwd", TargetError::Scheme),
            ("http://valora.spotahome.com", TargetError::Plain),
            ("http://localhost.example.com", TargetError::Plain),
            ("http://192.168.0.1", TargetError::Plain),
            ("https://me@host/", TargetError::UserInfo),
            ("https://:pass@host/", TargetError::UserInfo),
            ("https://host/?a=1", TargetError::Query),
            ("https://host/?", TargetError::Query),
            ("https://host/#a", TargetError::Fragment),
        ];
        for (base, expected) in table {
            assert_eq!(Target::new(base, token()).unwrap_err(), expected, "{base}");
        }
    }

    #[test]
    fn the_prefix_of_a_token_names_its_host() {
        assert_eq!(Target::documented_base(&token()), Some(PRODUCTION));
        assert_eq!(Target::documented_base(&Token::new("sd_x").unwrap()), Some(SANDBOX));
        assert_eq!(Target::documented_base(&Token::new("eyJhbGci").unwrap()), None);
        assert!(Target::new(&format!("{PRODUCTION}/"), token()).unwrap().is_production());
        assert!(!Target::new(SANDBOX, token()).unwrap().is_production());
    }

    #[test]
    fn addresses_follow_the_contract_and_encode_what_was_typed() {
        let target = Target::new("https://host/api/v1/c/", token()).unwrap();
        let mut query = ListQuery::new(Spec::named("scheduled").unwrap());
        query.set("search", "O'Brien & Søn=50%+ #?/..").unwrap();
        let table = [
            (
                Request::List(query),
                "https://host/api/v1/c/transactions/scheduled?search=O%27Brien+%26+S%C3%B8n%3D50%25%2B\
                 +%23%3F%2F..&page=1&per_page=100",
            ),
            (
                Request::Booking("../BK 1&x=2".to_owned()),
                "https://host/api/v1/c/conciliation/booking?booking_id=..%2FBK+1%26x%3D2",
            ),
            (Request::Limits, "https://host/api/v1/tokens/limits"),
            (Request::Connection("penalties"), "https://host/api/v1/c/penalties?test=connection"),
        ];
        for (request, expected) in table {
            assert_eq!(target.url(&request).as_str(), expected);
        }
        let bare = Target::new("http://localhost:1", token()).unwrap();
        assert_eq!(bare.url(&Request::Connection("debtors")).path(), "/debtors");
        let sandbox = Target::new(SANDBOX, token()).unwrap();
        assert_eq!(sandbox.limits_url().path(), "/api/v1/tokens/limits");
    }
}
