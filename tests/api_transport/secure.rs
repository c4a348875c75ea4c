//! Certificates and proxies: who may be spoken to, and who may listen.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use valora::net::client::Client;
use valora::net::error::Cause;
use valora::net::target::Target;
use valora::net::target::Token;
use valora::net::transport::BuildError;
use valora::net::transport::TransportError;

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
    let variables = [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", "")];
    runs_under("secure::https_is_tunnelled", &variables);
    for piece in sent.try_iter() {
        let said = String::from_utf8(piece).unwrap();
        assert!(said.starts_with("CONNECT valora.example:443"), "{said}");
        assert!(!said.to_ascii_lowercase().contains("\r\nauthorization"), "{said}");
    }
}

#[test]
fn what_a_proxy_answers_is_told_with_its_name_and_without_its_password() {
    let table = [
        ("407 Proxy Authentication Required", "requires a user name and a password (407)"),
        ("403 Forbidden", "refused to connect to the server"),
        ("502 Bad Gateway", "refused to connect to the server"),
    ];
    for (status, expected) in table {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = std::io::Read::read(&mut stream, &mut [0; 4_096]);
                let reply = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                let _ = std::io::Write::write_all(&mut stream, reply.as_bytes());
            }
        });
        let proxy = format!("http://127.0.0.1:{port}");
        let variables =
            [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", ""), ("VALORA_TEST_EXPECTS", expected)];
        runs_under("secure::https_is_tunnelled", &variables);
    }
    let closed = [
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("NO_PROXY", ""),
        (
            "VALORA_TEST_EXPECTS",
            "could not connect through the proxy 127.0.0.1:1 (connection refused)",
        ),
    ];
    runs_under("secure::https_is_tunnelled", &closed);
}

/// Runs a request through a proxy that takes every connection, says this to each, and then nothing.
fn runs_through_proxy_that_says(reply: &'static str, expected: &str) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut taken = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(reply.as_bytes());
            taken.push(stream);
        }
    });
    let proxy = format!("http://name:secret@127.0.0.1:{port}");
    let expected = expected.replace("PROXY", &format!("proxy 127.0.0.1:{port}"));
    let variables =
        [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", ""), ("VALORA_TEST_EXPECTS", &expected)];
    runs_under("secure::https_is_tunnelled", &variables);
}

#[test]
fn a_proxy_that_never_answers_is_named_and_the_server_is_not_blamed() {
    runs_through_proxy_that_says(
        "",
        "the PROXY accepted the connection, but did not respond within 5 s",
    );
}

#[test]
fn a_server_that_is_silent_behind_a_proxy_that_answers_is_told_so() {
    runs_through_proxy_that_says(
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "the secure handshake got no response within 5 s, through the PROXY",
    );
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_before_any_connection() {
    for proxy in ["socks5://127.0.0.1:1", "http://", "not a proxy"] {
        runs_under("secure::no_client_goes_past_its_proxy", &[("HTTPS_PROXY", proxy)]);
    }
}

#[test]
fn no_client_goes_past_its_proxy() {
    let target = Target::new("https://valora.example", Token::new(TOKEN).unwrap()).unwrap();
    let is_unusable =
        std::env::var("HTTPS_PROXY").is_ok_and(|at| !at.starts_with("http://") || at.len() < 8);
    if is_unusable {
        assert!(matches!(Client::new(target), Err(BuildError::Proxy(_))));
    }
}

#[tokio::test]
async fn a_server_that_takes_the_connection_and_never_shakes_hands_is_told_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Ok(connection) = listener.accept().await {
            taken.push(connection);
        }
    });
    let target = Target::new(&base, Token::new(TOKEN).unwrap()).unwrap();
    let client = Client::new(target).expect("https needs CA certificates: see SSL_CERT_FILE");
    let error = client.send(&list()).await.unwrap_err();
    assert_eq!(error.cause, Cause::Transport(TransportError::Handshake));
    assert!(error.to_string().contains("the secure handshake got no response within 5 s"));
    silent.abort();
}

#[tokio::test]
async fn https_is_tunnelled() {
    let is_proxied = std::env::var("HTTPS_PROXY").is_ok_and(|at| at.contains("127.0.0.1:"));
    let target = Target::new("https://valora.example", Token::new(TOKEN).unwrap()).unwrap();
    if is_proxied {
        let client = Client::new(target).expect("https needs CA certificates: see SSL_CERT_FILE");
        let error = client.send(&list()).await.unwrap_err();
        let Cause::Transport(TransportError::Through(..)) = &error.cause else {
            panic!("{error:?}")
        };
        let why = error.to_string();
        let expected = std::env::var("VALORA_TEST_EXPECTS").unwrap_or_default();
        assert!(why.contains(&expected) && !why.contains("secret"), "{why}");
        assert!(why.contains("proxy 127.0.0.1:"), "{why}");
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
