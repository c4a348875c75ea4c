//! Certificates and proxies: who may be spoken to, and who may listen.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use valora::api::client::Client;
use valora::api::error::Cause;
use valora::api::target::{Target, Token};
use valora::api::transport::{BuildError, TransportError};

use super::list;
use super::server::TOKEN;

/// Answers TLS with a certificate that nobody trusts.
fn untrusted_server() -> u16 {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    let cert = CertificateDer::from_slice(include_bytes!("localhost.cert.der"));
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("localhost.key.der")[..]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let _ = tls.complete_io(&mut stream);
        }
    });
    port
}

/// Answers anything, TLS among it, with a refusal in plain text. Gives what it was sent.
fn plain_server() -> (u16, Receiver<Vec<u8>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, sent) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut piece = vec![0; 4_096];
            let length = stream.read(&mut piece).unwrap_or(0);
            piece.truncate(length);
            let _ = sender.send(piece);
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n");
        }
    });
    (port, sent)
}

#[tokio::test]
async fn https_that_is_not_trusted_or_not_tls_is_named() {
    for (port, is_certificate) in [(untrusted_server(), true), (plain_server().0, false)] {
        let token = Token::new(TOKEN).unwrap();
        let target = Target::new(&format!("https://127.0.0.1:{port}"), token).unwrap();
        let client = match Client::new(target) {
            Ok(client) => client,
            // Nothing can be said about certificates on a machine without any.
            Err(BuildError::NoCertificates) => return,
            Err(error) => panic!("{error}"),
        };
        let error = client.send(&list()).await.unwrap_err();
        match &error.cause {
            Cause::Transport(TransportError::Certificate(_)) => assert!(is_certificate, "{error}"),
            Cause::Transport(TransportError::Tls(_)) => assert!(!is_certificate, "{error}"),
            other => panic!("{other:?}"),
        }
    }
}

/// Runs one test of this file in a process of its own, with these variables.
fn runs_under(test: &str, variables: &[(&str, &str)]) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let passed = output.status.success() && said.contains("1 passed");
    assert!(passed, "{test} under {variables:?}: {said}");
}

#[test]
fn a_proxy_never_sees_a_request_to_this_machine() {
    let nowhere = "http://127.0.0.1:1";
    runs_under(
        "each_endpoint_has_its_request_line",
        &[("HTTP_PROXY", nowhere), ("http_proxy", nowhere), ("ALL_PROXY", nowhere)],
    );
}

#[test]
fn a_proxy_on_the_way_to_another_machine_never_sees_the_token() {
    let (port, sent) = plain_server();
    let proxy = format!("http://127.0.0.1:{port}");
    runs_under("secure::https_is_tunnelled", &[("HTTPS_PROXY", &proxy), ("NO_PROXY", "")]);
    for piece in sent.try_iter() {
        let said = String::from_utf8(piece).unwrap();
        assert!(said.starts_with("CONNECT valora.example:443"), "{said}");
        assert!(!said.to_ascii_lowercase().contains("\r\nauthorization"), "{said}");
    }
}

#[tokio::test]
async fn https_is_tunnelled() {
    let is_proxied = std::env::var("HTTPS_PROXY").is_ok_and(|at| at.starts_with("http://127."));
    let target = Target::new("https://valora.example", Token::new(TOKEN).unwrap()).unwrap();
    if let (true, Ok(client)) = (is_proxied, Client::new(target)) {
        let error = client.send(&list()).await.unwrap_err();
        let Cause::Transport(TransportError::Connect(why)) = &error.cause else {
            panic!("{error:?}")
        };
        assert!(why.contains("tunnel") && !why.contains("Jane"), "{why}");
    }
}

#[test]
fn without_ca_certificates_https_is_an_error_and_http_to_this_machine_works() {
    let nothing = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    runs_under("each_endpoint_has_its_request_line", &nothing);
    runs_under("secure::https_needs_certificates", &nothing);
}

#[test]
fn https_needs_certificates() {
    let target = Target::new("https://valora.example", Token::new(TOKEN).unwrap()).unwrap();
    let built = Client::new(target);
    if std::env::var("SSL_CERT_FILE").is_ok_and(|file| file == "/nonexistent") {
        assert_eq!(built.unwrap_err(), BuildError::NoCertificates);
    }
}
