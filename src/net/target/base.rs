//! Base URLs: which are valid, for which token, and where the token routes are.

use url::{Host, Url};

use crate::net::target::token::Token;
use crate::net::target::{PRODUCTION, PRODUCTION_PREFIX, SANDBOX, SANDBOX_PREFIX};

/// Token lifecycle routes sit here on either host, outside of `/c` (contract, "Hosts and paths").
const TOKEN_ROUTES: &str = "/api/v1";

/// Why a base URL is not used. None of these quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    #[error("the base URL is not a URL such as {PRODUCTION}")]
    NotUrl,
    #[error("the base URL must begin with https://")]
    Scheme,
    /// `http` to another machine would show the token to everyone on the way.
    #[error("the base URL must begin with https:// (http only for this machine itself)")]
    Plain,
    #[error("the base URL must hold no user name or password")]
    UserInfo,
    #[error("the base URL must hold no `?`")]
    Query,
    #[error("the base URL must hold no `#`")]
    Fragment,
    /// Its host ends in a dot: the same machine under a name that no rule knows.
    #[error("the host of the base URL must not end in a dot")]
    HostDot,
    #[error("the base URL names a port, and this host is at the usual port of https only")]
    Port,
    /// Its path could be read in two ways: by the rules here, and by the server.
    #[error(
        "the path of the base URL may hold letters, digits, - . _ ~ and single slashes; no %, no \\"
    )]
    Path,
    #[error("it serves sandbox data, and a token that begins with vl_ is for {PRODUCTION} only")]
    SandboxData,
    #[error("it is production, and a token that begins with sd_ is for sandbox data: {SANDBOX}")]
    ProductionData,
}

/// A base URL as it is used. Whatever a server could read otherwise than the rules here is refused.
pub(super) fn check(text: &str) -> Result<Url, TargetError> {
    let text = text.trim();
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(TargetError::NotUrl);
    }
    let mut base = Url::parse(text).map_err(|_unreadable| TargetError::NotUrl)?;
    let host = base.host_str().unwrap_or_default();
    let path = base.path().trim_end_matches('/').to_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/');
    let has_user = !base.username().is_empty() || base.password().is_some() || text.contains('@');
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

/// On the documented hosts a token goes to the data that its prefix is for, whatever the base URL
/// says (contract, "Hosts and paths").
pub(super) fn check_kind(base: &Url, token: &Token) -> Result<(), TargetError> {
    let is_production = is_host(base, PRODUCTION) && !is_sandbox_path(base);
    match token.prefix() {
        PRODUCTION_PREFIX if !is_production && is_documented(base) => Err(TargetError::SandboxData),
        SANDBOX_PREFIX if is_production => Err(TargetError::ProductionData),
        _ => Ok(()),
    }
}

pub(super) fn is_documented(base: &Url) -> bool {
    is_host(base, PRODUCTION) || is_host(base, SANDBOX)
}

fn is_host(base: &Url, of: &str) -> bool {
    Url::parse(of).is_ok_and(|known| known.host_str() == base.host_str())
}

/// Whether the path of a base URL is that of sandbox data, in whatever letters.
pub fn is_sandbox_path(base: &Url) -> bool {
    base.path().split('/').any(|segment| segment.eq_ignore_ascii_case("sandbox"))
}

/// The path of the token routes. A prefix before the documented path, as of a proxy, is kept.
pub(super) fn token_routes(base: &Url) -> String {
    let path = base.path();
    let start = ["/api/v1", "/api/sandbox/v1"].into_iter().filter_map(|known| {
        let (at, _) = path.rmatch_indices(known).find(|(at, _)| {
            let behind = path.get(at + known.len()..).unwrap_or_default();
            behind.is_empty() || behind.starts_with('/')
        })?;
        path.get(..at)
    });
    format!("{}{TOKEN_ROUTES}", start.max_by_key(|prefix| prefix.len()).unwrap_or_default())
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
