//! One `GET` over HTTP with every limit set, and the reply as bytes. Beside it there is one `POST`,
//! the check of a tax number, which changes nothing; it can express nothing else.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::DateTime;
use reqwest::Response;
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER,
};

use super::target::Target;
use crate::domain::text::sanitise;
use crate::payments::ask::{Ask, Tin};
use crate::query::Request;

/// Time for name, connection and TLS (reliability, "HTTP").
const CONNECT: Duration = Duration::from_secs(5);
/// Time without a byte (reliability, "HTTP").
const READ: Duration = Duration::from_secs(15);
/// Time for the whole exchange: a slow drip resets [`READ`] for ever (reliability, "HTTP").
const TOTAL: Duration = Duration::from_secs(30);
/// Bytes of a decompressed body (reliability, "HTTP").
const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// Sends requests to one target.
#[derive(Clone)]
pub struct Transport {
    client: reqwest::Client,
    target: Target,
}

/// What the server answered, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status, never 3xx.
    pub status: u16,
    /// Seconds after which the server wants to be asked again.
    pub retry_after: Option<u64>,
    /// The server's clock, in seconds since 1970.
    pub date: Option<i64>,
    /// The body, decompressed.
    pub body: Bytes,
}

/// Why no transport could be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The system has no certificate authorities, so that no server could be told from another.
    #[error(
        "this machine has no CA certificates: install the package ca-certificates, or name a bundle \
         in SSL_CERT_FILE"
    )]
    NoCertificates,
    /// Anything else, such as a proxy variable that is no URL.
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

/// Why there is no reply. No variant holds a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection: refused, unreachable, or the proxy would not pass it on.
    #[error("no connection to the server ({0})")]
    Connect(String),
    /// The name of the host is not known.
    #[error("the name of the server could not be looked up")]
    Dns,
    /// The certificate is not the server's, or not in force.
    #[error("the certificate of the server is not trusted ({0})")]
    Certificate(String),
    /// Any other failure of TLS.
    #[error("no secure connection to the server ({0})")]
    Tls(String),
    /// Neither refused nor accepted in time.
    #[error("no connection to the server within 5 s")]
    ConnectTimeout,
    /// Connected, but the answer was not there in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The connection ended before the answer began.
    #[error("the connection was closed before the answer")]
    Reset,
    /// The connection ended in the middle of the answer.
    #[error("the answer broke off")]
    Truncated,
    /// The body is beyond any page of the contract.
    #[error("the answer is larger than 8 MiB")]
    TooLarge,
    /// The answer was a redirect, which could carry the token elsewhere.
    #[error("the server redirects to {host}, where valora does not follow")]
    Redirect {
        /// The host that it points to, sanitised.
        host: String,
    },
    /// The answer is not HTTP, or its compression is broken.
    #[error("the answer is not sound HTTP")]
    Garbled,
}

impl TransportError {
    /// What a log may say of it: nothing that came from outside.
    #[must_use]
    pub fn in_the_log(&self) -> &'static str {
        match self {
            Self::Connect(_) => "no connection",
            Self::Dns => "name not found",
            Self::Certificate(_) => "certificate not trusted",
            Self::Tls(_) => "no secure connection",
            Self::ConnectTimeout => "no connection in time",
            Self::Timeout => "no answer in time",
            Self::Reset => "closed before the answer",
            Self::Truncated => "broken off",
            Self::TooLarge => "too large",
            Self::Redirect { .. } => "redirected",
            Self::Garbled => "not HTTP",
        }
    }

    /// Whether the network failed, so that trying again may help (reliability, "Retry").
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Connect(_)
            | Self::Dns
            | Self::ConnectTimeout
            | Self::Timeout
            | Self::Reset
            | Self::Truncated => true,
            Self::Certificate(_)
            | Self::Tls(_)
            | Self::TooLarge
            | Self::Redirect { .. }
            | Self::Garbled => false,
        }
    }
}

impl TransportError {
    /// Whether the server was not reached: five of these in a row are out of reach. An answer that
    /// is too large, garbled or a redirect comes from somebody who is there.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.is_passing() || matches!(self, Self::Certificate(_) | Self::Tls(_))
    }
}

impl Transport {
    /// Builds the one HTTP client of a target.
    ///
    /// # Errors
    /// [`BuildError`], for `https` on a machine without CA certificates among others.
    pub fn new(target: Target) -> Result<Self, BuildError> {
        Self::accepting(target, "application/json")
    }

    /// As [`Self::new`], for a server that wants another `Accept`.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn accepting(target: Target, accept: &'static str) -> Result<Self, BuildError> {
        // An error says that the process has a provider already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, target.token().bearer());
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        let is_plain = target.base().scheme() == "http";
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(concat!("valora/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .https_only(!is_plain);
        if target.is_loopback() {
            // A proxy would see the token of a request that never leaves the machine.
            builder = builder.no_proxy();
        }
        if is_plain {
            // TLS is never used then, and the system's certificates need not exist.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|error| build_error(&error))?;
        Ok(Self { client, target })
    }

    /// The target of every request.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a request once and reads the whole reply.
    ///
    /// # Errors
    /// [`TransportError`] if no whole reply came, or a redirect.
    pub async fn get(&self, request: &Request) -> Result<Reply, TransportError> {
        self.exchange(self.client.get(self.target.url(request))).await
    }

    /// Asks whether a tax number is valid: the only `POST` there is.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn check_tin(&self, tin: &Tin) -> Result<Reply, TransportError> {
        let body = serde_json::json!({
            "tin": tin.number.raw_never_printed(),
            "tinCountry": tin.country,
            "businessType": tin.business,
        });
        let url = self.target.url(&Request::Payments(Ask::Tin(tin.clone())));
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        self.exchange(request.body(body.to_string())).await
    }

    async fn exchange(&self, request: reqwest::RequestBuilder) -> Result<Reply, TransportError> {
        let sent = request.send().await;
        let mut response = sent.map_err(|error| classify(&error, TransportError::Reset))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(TransportError::Redirect { host: redirect_host(&response) });
        }
        let retry_after = retry_after(response.headers());
        let date = date(response.headers());
        let body = read_body(&mut response).await?;
        Ok(Reply { status: status.as_u16(), retry_after, date, body })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("target", &self.target).finish_non_exhaustive()
    }
}

/// Reads the body piece by piece and stops at the limit, whatever its length was said to be.
async fn read_body(response: &mut Response) -> Result<Bytes, TransportError> {
    let declared = response.content_length().and_then(|length| usize::try_from(length).ok());
    if declared.is_some_and(|length| length > LARGEST_BODY) {
        return Err(TransportError::TooLarge);
    }
    let mut body = BytesMut::with_capacity(declared.unwrap_or(0));
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(piece)) if body.len() + piece.len() <= LARGEST_BODY => {
                body.extend_from_slice(&piece);
            }
            Ok(Some(_)) => return Err(TransportError::TooLarge),
            Err(error) => return Err(classify(&error, TransportError::Truncated)),
        }
    }
}

fn redirect_host(response: &Response) -> String {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| response.url().join(location).ok());
    let host = target.as_ref().and_then(|url| url.host_str()).unwrap_or("an unnamed place");
    sanitise(host).into_owned()
}

/// Seconds of `Retry-After`. A date counts from the `Date` of the same reply, so that the clock of
/// this machine does not matter; without that header it is not understood.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(seconds);
    }
    let at = DateTime::parse_from_rfc2822(value).ok()?;
    Some(u64::try_from(at.timestamp() - date(headers)?).unwrap_or(0))
}

fn date(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(|date| date.timestamp())
}

fn build_error(error: &reqwest::Error) -> BuildError {
    if chain(error).any(|cause| cause.to_string().contains("No CA certificates")) {
        BuildError::NoCertificates
    } else {
        BuildError::Setup(innermost(error))
    }
}

/// Sorts an error by its causes; `cut` is what an end of the connection means at this point.
fn classify(error: &reqwest::Error, cut: TransportError) -> TransportError {
    if error.is_timeout() {
        let connecting = error.is_connect();
        return if connecting { TransportError::ConnectTimeout } else { TransportError::Timeout };
    }
    if error.is_dns() {
        return TransportError::Dns;
    }
    match chain(error).find_map(|cause| known(cause, &cut)) {
        Some(known) => known,
        None if error.is_connect() => TransportError::Connect(innermost(error)),
        None if error.is_decode() => TransportError::Garbled,
        None => cut,
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        error.source()
    })
}

/// The first cause in words, such as a proxy's refusal; `error` itself would quote the URL.
fn innermost(error: &reqwest::Error) -> String {
    let cause = chain(error).skip(1).last().map(ToString::to_string);
    cause.map_or_else(|| "unknown cause".to_owned(), |why| sanitise(&why).into_owned())
}

fn known(cause: &(dyn Error + 'static), cut: &TransportError) -> Option<TransportError> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(known_tls(tls));
    }
    if let Some(http) = cause.downcast_ref::<hyper::Error>() {
        if http.is_parse() {
            return Some(TransportError::Garbled);
        }
        let ended = http.is_incomplete_message() || http.is_canceled() || http.is_closed();
        return ended.then(|| cut.clone());
    }
    let io = cause.downcast_ref::<io::Error>()?;
    // `source` skips what an `io::Error` wraps, and that is where TLS reports.
    let wrapped = io.get_ref().map(|inner| inner as &(dyn Error + 'static));
    wrapped
        .and_then(|inner| chain(inner).find_map(|cause| known(cause, cut)))
        .or_else(|| known_io(io.kind(), cut))
}

fn known_tls(error: &rustls::Error) -> TransportError {
    let why = sanitise(&error.to_string()).into_owned();
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
            TransportError::Certificate(why)
        }
        _ => TransportError::Tls(why),
    }
}

fn known_io(kind: io::ErrorKind, cut: &TransportError) -> Option<TransportError> {
    use io::ErrorKind as Kind;
    match kind {
        Kind::ConnectionRefused
        | Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable
        | Kind::PermissionDenied => Some(TransportError::Connect(kind.to_string())),
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::NotConnected
        | Kind::BrokenPipe
        | Kind::UnexpectedEof => Some(cut.clone()),
        Kind::TimedOut => Some(TransportError::Timeout),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
