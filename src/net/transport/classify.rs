//! What an error of the HTTP client means, by its causes.

use std::error::Error;
use std::io;

use crate::domain::text::sanitise;
use crate::net::transport::TransportError;
use crate::net::transport::distrust::Distrust;

/// Sorts an error by its causes; `cut` is what an end of the connection means at this point.
pub(super) fn classify(error: &reqwest::Error, cut: TransportError) -> TransportError {
    if error.is_timeout() {
        let connecting = error.is_connect();
        return if connecting { TransportError::ConnectTimeout } else { TransportError::Timeout };
    }
    if error.is_dns() {
        return TransportError::Dns;
    }
    if let Some(refused) = chain(error).find_map(refused_by_proxy) {
        return refused;
    }
    match chain(error).find_map(|cause| known(cause, &cut)) {
        Some(known) => known,
        None if error.is_connect() => TransportError::Connect(innermost(error)),
        None if error.is_decode() => TransportError::Garbled,
        None => cut,
    }
}

/// What a proxy said to the wish for a connection. The crate that asks it has no public type for it,
/// only these words.
fn refused_by_proxy(cause: &(dyn Error + 'static)) -> Option<TransportError> {
    match cause.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(TransportError::ProxyAuth),
        "tunnel error: unsuccessful" => Some(TransportError::ProxyRefused),
        _ => None,
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

/// The first cause in words, such as a proxy's refusal; `error` itself would quote the URL.
pub(super) fn innermost(error: &reqwest::Error) -> String {
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
    use rustls::Error;
    match error {
        Error::InvalidCertificate(why) => TransportError::Certificate(Distrust::of(why)),
        Error::NoCertificatesPresented => {
            TransportError::Certificate(Distrust::Unsound("the server shows none"))
        }
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => {
            TransportError::Tls("the other side does not speak TLS".to_owned())
        }
        Error::AlertReceived(_) => {
            TransportError::Tls("the server refused the handshake".to_owned())
        }
        Error::PeerIncompatible(_) => {
            TransportError::Tls("the server offers no version of TLS that valora knows".to_owned())
        }
        _ => TransportError::Tls("the handshake failed".to_owned()),
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
