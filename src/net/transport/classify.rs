//! Why there is no reply: the causes of HTTP client errors, certificates, and which side was silent.

use std::error::Error;
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use rustls::CertificateError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::domain::failure::{Advice, Check};
use crate::domain::text::sanitize;
use crate::net::proxy::Proxy;
use crate::net::transport::TransportError;

const LOOK: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    #[error("this computer does not know the authority that issued it")]
    UnknownAuthority,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet")]
    NotYetValid,
    #[error("it is for another host name")]
    OtherName,
    #[error("{0}")]
    Unsound(&'static str),
}

impl Distrust {
    fn of(error: &CertificateError) -> Self {
        use CertificateError as Error;
        Self::Unsound(match error {
            Error::UnknownIssuer => return Self::UnknownAuthority,
            Error::Expired | Error::ExpiredContext { .. } => return Self::Expired,
            Error::NotValidYet | Error::NotValidYetContext { .. } => return Self::NotYetValid,
            Error::NotValidForName | Error::NotValidForNameContext { .. } => {
                return Self::OtherName;
            }
            Error::Revoked => "it was revoked",
            Error::BadEncoding => "it cannot be read",
            Error::BadSignature => "its signature is wrong",
            Error::InvalidPurpose | Error::InvalidPurposeContext { .. } => {
                "it is not meant for a server"
            }
            Error::UnknownRevocationStatus
            | Error::ExpiredRevocationList
            | Error::ExpiredRevocationListContext { .. }
            | Error::InvalidOcspResponse => "it is not known whether it was revoked",
            Error::Other(other) => Self::of_other(&format!("{other:?}")),
            Error::UnhandledCriticalExtension => "it has a condition that valora does not support",
            _ => "it is not valid",
        })
    }

    /// Errors without a type in rustls, by their names.
    fn of_other(name: &str) -> &'static str {
        let is_authority = name.contains("CaUsedAsEndEntity");
        let authority = "it is the certificate of an authority, not of a server";
        if is_authority { authority } else { "it is not valid" }
    }

    pub fn advice(self) -> Advice {
        Advice::Check(match self {
            Self::UnknownAuthority => Check::TrustedAuthorities,
            Self::Expired | Self::NotYetValid => Check::Clock,
            Self::OtherName => Check::BaseUrlAndProxy,
            Self::Unsound(_) => Check::ServerCertificate,
        })
    }
}

/// Classifies an error by its causes; `cut` is the error for a connection that ends at this point.
pub(in crate::net) fn classify(error: &reqwest::Error, cut: TransportError) -> TransportError {
    if error.is_timeout() {
        let connecting = error.is_connect();
        return if connecting { TransportError::ConnectTimeout } else { TransportError::Timeout };
    }
    if error.is_dns() {
        return TransportError::Dns;
    }
    // The crate that connects through a proxy has no public type for this error, only these texts.
    let refused_by_proxy = |cause: &(dyn Error + 'static)| match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(TransportError::ProxyAuth),
        "tunnel error: unsuccessful" => Some(TransportError::ProxyRefused),
        _ => None,
    };
    let refused = chain(error).find_map(refused_by_proxy);
    match refused.or_else(|| chain(error).find_map(|cause| known(cause, &cut))) {
        Some(known) => known,
        None if error.is_connect() => TransportError::Connect(innermost(error)),
        None if error.is_decode() => TransportError::Garbled,
        None => cut,
    }
}

pub(super) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        error.source()
    })
}

/// The innermost cause in words, such as a proxy's refusal; `error` itself would quote the URL.
pub(super) fn innermost(error: &reqwest::Error) -> String {
    let cause = chain(error).skip(1).last().map(ToString::to_string);
    cause.map_or_else(|| "unknown cause".to_owned(), |why| sanitize(&why).into_owned())
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
    // `source` skips the error that an `io::Error` wraps, where TLS errors are.
    let wrapped = io.get_ref().map(|inner| inner as &(dyn Error + 'static));
    wrapped
        .and_then(|inner| chain(inner).find_map(|cause| known(cause, cut)))
        .or_else(|| known_io(io.kind(), cut))
}

fn known_tls(error: &rustls::Error) -> TransportError {
    use rustls::Error;
    TransportError::Tls(match error {
        Error::InvalidCertificate(why) => return TransportError::Certificate(Distrust::of(why)),
        Error::NoCertificatesPresented => {
            return TransportError::Certificate(Distrust::Unsound("the server did not send one"));
        }
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => {
            "the other side does not speak TLS"
        }
        Error::AlertReceived(_) => "the server refused the handshake",
        Error::PeerIncompatible(_) => "the server and valora share no version of TLS",
        _ => "the handshake failed",
    })
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

/// Connects again to find out whether the proxy or the server was silent. Sends no request or token.
pub(super) async fn look_closer(server: &Url, proxy: Option<&Proxy>) -> TransportError {
    let url = proxy.map_or(server, |proxy| &proxy.url);
    let Ok(Some(mut stream)) = timeout(LOOK, connected(url)).await else {
        return TransportError::ConnectTimeout;
    };
    // A proxy that uses TLS is not examined.
    if proxy.is_none() || url.scheme() != "http" {
        return TransportError::Handshake;
    }
    match timeout(LOOK, passes_on(&mut stream, server, url)).await {
        Ok(Some(true)) => TransportError::Handshake,
        _ => TransportError::ProxySilent,
    }
}

async fn connected(url: &Url) -> Option<TcpStream> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    TcpStream::connect((host.trim_matches(['[', ']']), port)).await.ok()
}

async fn passes_on(stream: &mut TcpStream, server: &Url, proxy: &Url) -> Option<bool> {
    let place = format!("{}:{}", server.host_str()?, server.port_or_known_default()?);
    let mut head = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    if !proxy.username().is_empty() {
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (name, password) =
            (decoded(proxy.username()), decoded(proxy.password().unwrap_or_default()));
        let pair = STANDARD.encode(format!("{name}:{password}"));
        head = format!("{head}Proxy-Authorization: Basic {pair}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await.ok()?;
    let mut status = [0; "HTTP/1.1 2".len()];
    stream.read_exact(&mut status).await.ok()?;
    Some(status.starts_with(b"HTTP/1.") && status.ends_with(b" 2"))
}

#[cfg(test)]
mod tests {
    use rustls::CertificateError as Error;

    use super::*;

    #[test]
    fn no_name_of_the_library_is_shown() {
        let table = [
            (
                Error::UnknownIssuer,
                "does not know the authority",
                Advice::Check(Check::TrustedAuthorities),
            ),
            (Error::Expired, "has expired", Advice::Check(Check::Clock)),
            (Error::NotValidYet, "not valid yet", Advice::Check(Check::Clock)),
            (Error::NotValidForName, "another host name", Advice::Check(Check::BaseUrlAndProxy)),
            (Error::Revoked, "revoked", Advice::Check(Check::ServerCertificate)),
            (Error::BadEncoding, "cannot be read", Advice::Check(Check::ServerCertificate)),
            (
                Error::ApplicationVerificationFailure,
                "not valid",
                Advice::Check(Check::ServerCertificate),
            ),
        ];
        for (error, says, advice) in table {
            let distrust = Distrust::of(&error);
            assert!(distrust.to_string().contains(says), "{distrust}");
            assert_eq!(distrust.advice(), advice, "{distrust}");
        }
        let authority = Distrust::of_other("Other(CaUsedAsEndEntity)");
        assert!(authority.to_string().contains("of an authority, not of a server"));
    }
}
