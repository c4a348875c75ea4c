//! The bytes of a write: exactly one request on a connection of its own, whatever happens to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use valora::list::Host;
use valora::net::client::Client;
use valora::net::target::Token;
use valora::net::write::{Logged, WriteAnswer};
use valora::payments::write::Write;
use valora::state::Store;
use valora::writes::log::{AuditLog, Author, Intent};
use valora::writes::plan::{Answer, Place, Who, plan};
use valora::writes::seen::{AccountSeen, PaymentSeen, Seen, Text};

use crate::common::side_client;
use crate::setup::{NOTE, block};

/// A write whose intent is in an audit log.
fn logged(write: Write) -> Logged {
    let home = tempfile::tempdir().unwrap();
    let iban = Some(Text::new("ES•• •••• •••• •••• •••• 1332"));
    let before = match &write {
        Write::Unmatch { properties, .. } => Seen::Account(AccountSeen {
            properties: properties.iter().map(Text::new).collect(),
            iban,
            ..AccountSeen::default()
        }),
        _ => Seen::Payment(PaymentSeen { is_blocked: Some(false), ..PaymentSeen::default() }),
    };
    let plan = plan(write, before, Place::default(), 0).unwrap();
    let confirmed = plan.confirm(&Answer::Yes, NOTE).unwrap();
    let intent = Intent::new(&confirmed, &Author::default(), "host", &Who::default());
    let audit = AuditLog::of(&Store::below(home.path(), home.path()), "acme");
    audit.append_intent("id", "2026-11-09T09:12:00.000Z", intent).unwrap()
}

/// Answers each connection with these bytes, and returns what arrived on each.
async fn exchange(answer: &'static [u8], write: Write) -> (WriteAnswer, Vec<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let arrived = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 64 * 1024];
            let count = stream.read(&mut bytes).await.unwrap();
            all.push(String::from_utf8_lossy(&bytes[..count]).into_owned());
            if all.last().is_some_and(|text| text == "END") {
                break;
            }
            stream.write_all(answer).await.unwrap();
        }
        all
    });
    let client: Client = side_client(Host::Payments, &base, Token::jwt("aa.bb.cc").unwrap());
    let answer = client.sender().await.unwrap().write(logged(write)).await;
    let address = base.trim_start_matches("http://").to_owned();
    tokio::net::TcpStream::connect(address).await.unwrap().write_all(b"END").await.unwrap();
    let mut all = arrived.await.unwrap();
    all.pop();
    (answer, all)
}

#[tokio::test]
async fn a_write_is_one_request_with_its_headers_and_body() {
    let done = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let (answer, arrived) = exchange(done, block()).await;
    assert!(answer.is_accepted(), "{answer:?}");
    assert_eq!(arrived.len(), 1);
    let text = arrived[0].to_ascii_lowercase();
    assert!(text.starts_with("put /payments/8f2dbe69-b68f-4423-bc93-000000000001/block http/1.1"));
    for line in [
        "content-length: 0\r\n",
        "authorization: aa.bb.cc\r\n",
        "content-type: application/json\r\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.ends_with("\r\n\r\n"), "no body: {text}");
    let write = Write::Unmatch { account: "a-1".to_owned(), properties: vec!["7".to_owned()] };
    let (_, arrived) = exchange(done, write).await;
    assert!(arrived[0].starts_with("DELETE /admin/bank-account-details/a-1/properties "));
    assert!(arrived[0].ends_with("\r\n\r\n{\"propertyIds\":[\"7\"]}"), "{arrived:?}");
}

#[tokio::test]
async fn an_answer_that_is_missing_cut_or_no_answer_is_unknown_and_nothing_is_repeated() {
    let table: [(&[u8], Option<u16>); 8] = [
        (b"", None),
        (b"HTTP/1.1 20", None),
        (b"SSH-2.0-OpenSSH_9.9\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Some(200)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>", Some(200)),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Some(503)),
        (b"HTTP/1.1 303 See\r\nLocation: /x\r\nConnection: close\r\n\r\n", Some(303)),
        (b"HTTP/1.1 408 Slow\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Some(408)),
    ];
    for (bytes, status) in table {
        let (answer, arrived) = exchange(bytes, block()).await;
        let shown = String::from_utf8_lossy(bytes);
        assert!(matches!(answer, WriteAnswer::Unknown(..)), "{shown}: {answer:?}");
        assert_eq!((answer.status(), arrived.len()), (status, 1), "{shown}");
    }
}

#[tokio::test]
async fn two_writes_use_two_connections() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                    let done = b"HTTP/1.1 204 No Content\r\n\r\n";
                    stream.write_all(done).await.unwrap();
                }
            });
        }
    });
    let client = side_client(Host::Payments, &base, Token::jwt("aa.bb.cc").unwrap());
    for count in 1..=3 {
        let sender = client.sender().await.unwrap();
        assert!(sender.write(logged(block())).await.is_accepted());
        assert_eq!(connections.load(Ordering::SeqCst), count);
    }
    server.abort();
}

#[tokio::test]
async fn an_expired_token_is_not_sent() {
    // `{"exp":1500000000}`
    let token = Token::jwt("e30.eyJleHAiOjE1MDAwMDAwMDB9.x").unwrap();
    let client = side_client(Host::Payments, "http://127.0.0.1:9", token);
    let refused = client.sender().await.unwrap_err();
    assert!(refused.to_string().contains("expired"), "{refused}");
}
