//! Sends one `GET`, or the `POST` of a tax number, within all limits, and returns the reply as bytes.
//! A [`Write`](crate::payments::write::Write) has its own path, in `net/write.rs`.

pub mod body;
pub mod classify;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use reqwest::Response as HttpResponse;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION,
    RETRY_AFTER,
};

use self::classify::{chain, classify, innermost, look_closer};
use crate::domain::text::sanitize;
use crate::list::Host;
use crate::net::proxy::{Proxy, Unusable};
use crate::net::request::Request;
use crate::net::target::Target;
use crate::payments::request::PaymentsRequest;

pub use self::classify::Distrust;

const CONNECT: Duration = Duration::from_secs(5);
const READ: Duration = Duration::from_secs(15);
/// The limit of the complete exchange: each byte of a slow server resets [`READ`].
const TOTAL: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub struct Transport {
    client: reqwest::Client,
    pub(super) target: Target,
    pub(super) accept: &'static str,
    proxy: Option<Proxy>,
}

/// `X-RateLimit-Remaining`, and `X-RateLimit-Limit` if sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    pub requests: u32,
    pub limit: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// The HTTP status, never 3xx.
    pub status: u16,
    pub retry_after: Option<u64>,
    pub date: Option<i64>,
    pub remaining: Option<Remaining>,
    pub body: Bytes,
}

impl Reply {
    /// The body as text, with replacement characters for invalid UTF-8.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    #[error(
        "this computer has no CA certificates: install the package ca-certificates, or name a \
         bundle in SSL_CERT_FILE"
    )]
    NoCertificates,
    #[error(transparent)]
    Proxy(#[from] Unusable),
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

/// Why there is no reply. No variant contains a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    #[error("could not connect to the server ({0})")]
    Connect(String),
    #[error("could not look up the name of the server")]
    Dns,
    #[error("the certificate of the server is not trusted ({0})")]
    Certificate(Distrust),
    #[error("no secure connection to the server ({0})")]
    Tls(&'static str),
    #[error("could not connect to the server within 5 s")]
    ConnectTimeout,
    #[error("connected, but the secure handshake got no response within 5 s")]
    Handshake,
    #[error("the proxy accepted the connection, but did not respond within 5 s")]
    ProxySilent,
    #[error("the proxy requires a user name and a password (407)")]
    ProxyAuth,
    #[error("the proxy refused to connect to the server")]
    ProxyRefused,
    #[error("{}", through(.0, .1))]
    Through(Box<TransportError>, String),
    #[error("the server did not respond in time")]
    Timeout,
    #[error("the connection was closed before the response")]
    Reset,
    #[error("the response was cut off")]
    Truncated,
    #[error("the response is larger than 8 MiB")]
    TooLarge,
    /// The answer was a redirect, which could carry the token elsewhere.
    #[error("the server redirects to {host}; valora does not follow redirects")]
    Redirect { host: String },
    #[error("the response is not valid HTTP")]
    Garbled,
}

impl TransportError {
    pub fn in_the_log(&self) -> &'static str {
        match self {
            Self::Connect(_) => "no connection",
            Self::Dns => "name not found",
            Self::Certificate(_) => "certificate not trusted",
            Self::Tls(_) => "no secure connection",
            Self::ConnectTimeout => "no connection in time",
            Self::Handshake => "no handshake in time",
            Self::ProxySilent => "no response from the proxy in time",
            Self::ProxyAuth => "the proxy requires a password",
            Self::ProxyRefused => "refused by the proxy",
            Self::Through(error, _) => error.in_the_log(),
            Self::Timeout => "no response in time",
            Self::Reset => "closed before the response",
            Self::Truncated => "cut off",
            Self::TooLarge => "too large",
            Self::Redirect { .. } => "redirected",
            Self::Garbled => "not HTTP",
        }
    }

    fn bare(&self) -> &Self {
        if let Self::Through(error, _) = self { error } else { self }
    }

    /// Returns `true` for an answer that cannot be used.
    pub(super) fn is_answer(&self) -> bool {
        matches!(self.bare(), Self::TooLarge | Self::Redirect { .. } | Self::Garbled)
    }

    /// Returns `true` for a network failure that a retry may fix, and `false` for a refusal.
    pub fn is_passing(&self) -> bool {
        let is_refusal = matches!(
            self.bare(),
            Self::ProxyAuth | Self::ProxyRefused | Self::Certificate(_) | Self::Tls(_)
        );
        !is_refusal && !self.is_answer()
    }

    /// Returns `true` if the server was not reached; five such errors in a row open the circuit breaker.
    pub fn is_network(&self) -> bool {
        !self.is_answer()
    }

    /// Adds the name of the proxy to a connection error.
    pub(super) fn named(self, proxy: Option<&Proxy>) -> Self {
        match proxy.filter(|_| self.is_network()) {
            Some(proxy) => Self::Through(Box::new(self), proxy.to_string()),
            None => self,
        }
    }
}

fn through(error: &TransportError, proxy: &str) -> String {
    match error {
        TransportError::Connect(why) => {
            format!("could not connect through the proxy {proxy} ({why})")
        }
        TransportError::Dns => format!("could not look up the name of the proxy {proxy}"),
        TransportError::ProxySilent | TransportError::ProxyAuth | TransportError::ProxyRefused => {
            error.to_string().replacen("the proxy", &format!("the proxy {proxy}"), 1)
        }
        other => format!("{other}, through the proxy {proxy}"),
    }
}

impl Transport {
    pub fn new(target: Target, accept: &'static str) -> Result<Self, BuildError> {
        let proxy = proxy_of(&target)?;
        let client = build(&target, accept, proxy.as_ref(), Connections::Kept)?;
        Ok(Self { client, target, accept, proxy })
    }

    /// A client with a connection of its own: the HTTP library may repeat a request on a connection
    /// that was used before.
    pub(super) fn for_one_write(&self) -> Result<reqwest::Client, BuildError> {
        build(&self.target, self.accept, self.proxy.as_ref(), Connections::New)
    }

    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    pub async fn send(&self, request: &Request) -> Result<Reply, TransportError> {
        let url = self.target.url(request);
        let builder = match request {
            Request::Payments(PaymentsRequest::Tin(tin)) => {
                let body = serde_json::json!({
                    "tin": tin.number.expose_raw(),
                    "tinCountry": tin.country,
                    "businessType": tin.business,
                });
                self.client.post(url).body(body.to_string())
            }
            _ => self.client.get(url),
        };
        // The Payments APIs require it for reads too (contract, "The two Payments APIs").
        let builder = match request.host() {
            Host::Customer => builder,
            _ => builder.header(CONTENT_TYPE, "application/json"),
        };
        let proxy = self.proxy.as_ref();
        let mut response = match builder.send().await {
            Ok(response) => response,
            Err(error) => {
                let mut error = classify(&error, TransportError::Reset);
                let server = &self.target.base;
                if server.scheme() == "https" && error == TransportError::ConnectTimeout {
                    error = look_closer(server, proxy).await;
                }
                return Err(error.named(proxy));
            }
        };
        let status = response.status();
        if status.is_redirection() {
            return Err(TransportError::Redirect { host: redirect_host(&response) });
        }
        let headers = response.headers();
        let (retry_after, date) = (retry_after(headers), date(headers));
        let remaining = remaining(headers);
        let body = body::read(&mut response).await.map_err(|error| error.named(proxy))?;
        Ok(Reply { status: status.as_u16(), retry_after, date, remaining, body })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Connections {
    Kept,
    /// No connection is used for a second request.
    New,
}

fn proxy_of(target: &Target) -> Result<Option<Proxy>, BuildError> {
    // A proxy would see the token of a request that never leaves this computer.
    Ok(if target.is_loopback() { None } else { Proxy::of_process(&target.base)? })
}

fn build(
    target: &Target,
    accept: &'static str,
    proxy: Option<&Proxy>,
    connections: Connections,
) -> Result<reqwest::Client, BuildError> {
    // Fails only if the process already has a provider, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, target.token.bearer());
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let is_plain = target.base.scheme() == "http";
    let mut builder = reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(concat!("valora/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(if connections == Connections::New { TOTAL } else { READ })
        .timeout(TOTAL)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .http1_only()
        .https_only(!is_plain)
        // The client would bypass a proxy that it cannot parse.
        .no_proxy();
    if connections == Connections::New {
        builder = builder.pool_max_idle_per_host(0);
    }
    if let Some(proxy) = proxy {
        let all = reqwest::Proxy::all(proxy.url.clone());
        builder = builder.proxy(all.map_err(|error| build_error(&error))?);
    }
    if is_plain {
        // Without TLS, the system's certificates need not exist.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(|error| build_error(&error))
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("target", &self.target).finish_non_exhaustive()
    }
}

pub(super) fn redirect_host(response: &HttpResponse) -> String {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| response.url().join(location).ok());
    let host = target.as_ref().and_then(|url| url.host_str()).unwrap_or("an unnamed host");
    sanitize(host).into_owned()
}

/// Seconds; a date counts from the reply's `Date`, so that the local clock does not matter.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let at = DateTime::parse_from_rfc2822(value).ok()?;
    Some(u64::try_from(at.timestamp() - date(headers)?).unwrap_or(0))
}

fn remaining(headers: &HeaderMap) -> Option<Remaining> {
    let whole = |name| headers.get(name)?.to_str().ok()?.trim().parse().ok();
    let (requests, limit) = (whole("x-ratelimit-remaining")?, whole("x-ratelimit-limit"));
    Some(Remaining { requests, limit })
}

fn date(headers: &HeaderMap) -> Option<i64> {
    let date = DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?);
    date.ok().map(|date| date.timestamp())
}

fn build_error(error: &reqwest::Error) -> BuildError {
    if chain(error).any(|cause| cause.to_string().contains("No CA certificates")) {
        BuildError::NoCertificates
    } else {
        BuildError::Setup(innermost(error))
    }
}

#[cfg(test)]
mod tests;
