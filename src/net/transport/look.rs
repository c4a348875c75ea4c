//! Who on the way to a server was silent: asked once more, for a moment, after no connection was made in
//! time. Nothing of a request is sent, and no token.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::net::proxy::Proxy;
use crate::net::transport::TransportError;

const LOOK: Duration = Duration::from_secs(1);

/// What to say of a server to which no secure connection was made in time.
pub(super) async fn closer(server: &Url, proxy: Option<&Proxy>) -> TransportError {
    let url = proxy.map_or(server, Proxy::url);
    let Ok(Some(mut stream)) = timeout(LOOK, connected(url)).await else {
        return TransportError::ConnectTimeout;
    };
    // What a proxy says behind TLS of its own is not looked at.
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

/// Whether the proxy says that it has a connection to the server.
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
