//! The client over real sockets: what it sends, what it refuses, and how every failure is named.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that goes wrong may panic")]

#[path = "api_transport/secure.rs"]
mod secure;
#[path = "api_transport/server.rs"]
mod server;

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::NaiveDate;
use server::{Act, Server, TOKEN, client, reply};
use valora::filter::{FilterValue, ListQuery};
use valora::list::Spec;
use valora::net::budget::Pace;
use valora::net::client::PaymentsClients;
use valora::net::error::ApiError;
use valora::net::error::Cause;
use valora::net::log::Log;
use valora::net::request::Request;
use valora::net::request::Ticket;
use valora::net::request::{NetCommand, Priority};
use valora::net::response::{NetEvent, Response};
use valora::net::router::Router;
use valora::net::transport::TransportError;

const PAGE: &str = r#"{"data": [{"booking_id": "BK1"}]}"#;
/// [`PAGE`], compressed.
const PAGE_GZIP: &str = "1f8b0800000000000203ab564a492c4954b25288ae564acacfcfcecc4b8fcf4c01f2959cb\
                         c0d956a636b0180dfbb6121000000";
const MOST: usize = 8 * 1024 * 1024;

fn list() -> Request {
    let spec = Spec::named("penalties").unwrap();
    let filter = FilterValue::named(spec, "search", "Jane Smith").unwrap();
    Request::List(ListQuery::with_filters(spec, vec![filter], NaiveDate::default()).unwrap())
}

/// How the only attempt ends against a server that writes these bytes.
async fn told(bytes: impl Into<Vec<u8>>) -> Result<Response, ApiError> {
    Server::saying(bytes).await.client().send(&list()).await
}

async fn transport_error(bytes: impl Into<Vec<u8>>) -> TransportError {
    match told(bytes).await {
        Err(ApiError { cause: Cause::Transport(error), .. }) => error,
        other => panic!("{other:?}"),
    }
}

fn rows(answer: &Response) -> usize {
    match answer {
        Response::Page(page) => page.rows.len(),
        other => panic!("{other:?}"),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// A gzip stream of so many zeros: one literal, then copies of 258 bytes from one byte back, in the
/// fixed code of RFC 1951.
fn bomb(zeros: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = vec![1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0];
    for _ in 0..zeros / 258 {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    bits.extend([0; 7]);
    let mut stream = unhex("1f8b0800000000000003");
    stream.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |all, bit| all * 2 + bit)));
    stream
}

#[tokio::test]
async fn a_request_is_a_get_with_the_documented_headers_and_no_other_secret() {
    let mut server = Server::saying(reply("200 OK", "", PAGE)).await;
    let client = server.client();
    assert_eq!(rows(&client.send(&list()).await.unwrap()), 1);
    let head = server.asked().await;
    let mut lines: Vec<String> =
        head.lines().skip(1).map(str::to_ascii_lowercase).filter(|line| !line.is_empty()).collect();
    lines.sort();
    assert_eq!(
        head.lines().next().unwrap(),
        "GET /api/v1/c/penalties?search=Jane+Smith&page=1&per_page=100 HTTP/1.1"
    );
    assert_eq!(
        lines,
        [
            "accept-encoding: gzip".to_owned(),
            "accept: application/json".to_owned(),
            format!("authorization: bearer {TOKEN}"),
            format!("host: 127.0.0.1:{}", server.port),
            format!("user-agent: valora/{}", env!("CARGO_PKG_VERSION")),
        ]
    );
}

#[tokio::test]
async fn each_endpoint_has_its_request_line() {
    let mut server = Server::saying(reply("500 Oops", "", "")).await;
    let client = server.client();
    let table = [
        (Request::Limits, "GET /api/v1/tokens/limits HTTP/1.1"),
        (
            Request::Booking("BK/1 ?&".to_owned()),
            "GET /api/v1/c/conciliation/booking?booking_id=BK%2F1+%3F%26 HTTP/1.1",
        ),
        (
            Request::Connection("transactions/scheduled"),
            "GET /api/v1/c/transactions/scheduled?test=connection HTTP/1.1",
        ),
    ];
    for (request, line) in table {
        assert_eq!(client.send(&request).await.unwrap_err().status(), Some(500));
        assert_eq!(server.asked().await.lines().next().unwrap(), line);
    }
    let empty = Request::Booking(" ".to_owned());
    let error = client.send(&empty).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Unsendable(_)), "{error}");
    assert!(!server.was_asked_more(), "without its parameter it would be a connection test");
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let mut other = Server::saying(reply("200 OK", "", PAGE)).await;
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let location = format!("Location: http://127.0.0.1:{}/x?secret=1\r\n", other.port);
        let error = transport_error(reply(status, &location, "")).await;
        assert_eq!(error, TransportError::Redirect { host: "127.0.0.1".to_owned() });
        assert!(!error.to_string().contains("secret"));
    }
    assert!(!other.was_asked_more());
    let error = transport_error(reply("302 Found", "Location: https://a.example/\r\n", "")).await;
    assert_eq!(error, TransportError::Redirect { host: "a.example".to_owned() });
    for location in ["", "Location: \r\n", "Location: http://[\r\n"] {
        let error = transport_error(reply("302 Found", location, "")).await;
        assert!(matches!(error, TransportError::Redirect { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_body_is_cut_at_the_limit_however_it_comes() {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", MOST + 1);
    assert_eq!(transport_error(head).await, TransportError::TooLarge);
    let piece = [b"100000\r\n".to_vec(), vec![b' '; 0x10_0000], b"\r\n".to_vec()].concat();
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    (0..9).for_each(|_| chunked.extend(&piece));
    assert_eq!(transport_error(chunked).await, TransportError::TooLarge);
    let mut bombed =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".to_vec();
    bombed.extend(bomb(1024 * 1024 * 1024));
    assert_eq!(transport_error(bombed).await, TransportError::TooLarge);
}

#[tokio::test]
async fn a_large_page_within_the_limit_is_read() {
    let row = format!(r#"{{"booking_id": "BK1", "note": "{}"}},"#, "x".repeat(7_000));
    let body = format!(r#"{{"data": [{}null]}}"#, row.repeat(1_000));
    assert!(body.len() > 7_000_000 && body.len() < MOST);
    assert_eq!(rows(&told(reply("200 OK", "", &body)).await.unwrap()), 1_001);
    let mut zipped =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".to_vec();
    zipped.extend(unhex(PAGE_GZIP));
    assert_eq!(rows(&told(zipped).await.unwrap()), 1);
}

#[tokio::test]
async fn what_breaks_off_is_told_from_what_is_broken() {
    let gzip = |bytes: &[u8]| {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
        [head.as_bytes(), bytes].concat()
    };
    let whole = unhex(PAGE_GZIP);
    let mut bent = whole.clone();
    bent[12] ^= 0xFF;
    let table = [
        (Vec::new(), TransportError::Reset),
        (b"HTTP/1.1 200 OK\r\nConte".to_vec(), TransportError::Reset),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec(), TransportError::Truncated),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"da".to_vec(),
            TransportError::Truncated,
        ),
        (gzip(&whole[..20]), TransportError::Truncated),
        (gzip(&bent), TransportError::Garbled),
        (gzip(b"no gzip at all, but plain text"), TransportError::Garbled),
        (b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), TransportError::Garbled),
        (b"HTTP/1.1 two hundred\r\n\r\n".to_vec(), TransportError::Garbled),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec(),
            TransportError::Garbled,
        ),
    ];
    for (bytes, expected) in table {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(transport_error(bytes).await, expected, "{shown:?}");
    }
}

#[tokio::test]
async fn a_connection_that_is_refused_reset_or_gone_is_named() {
    let gone = Server::new(vec![Act::Reset]).await;
    let error = gone.client().send(&list()).await.unwrap_err();
    assert_eq!(error.cause, Cause::Transport(TransportError::Reset));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = client(&format!("http://127.0.0.1:{port}")).send(&list()).await.unwrap_err();
    let refused = TransportError::Connect("connection refused".to_owned());
    assert_eq!(error.cause, Cause::Transport(refused));
}

#[tokio::test]
async fn a_kept_connection_that_died_meanwhile_costs_nothing() {
    let server = Server::saying(reply("200 OK", "", PAGE)).await;
    let client = server.client();
    for _ in 0..5 {
        assert!(client.send(&list()).await.is_ok());
    }
}

#[tokio::test]
async fn one_connection_carries_all_requests() {
    let (base, connections) = server::kept_alive(reply("200 OK", "", PAGE)).await;
    let client = client(&base);
    for _ in 0..5 {
        assert!(client.send(&list()).await.is_ok());
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_silent_or_dripping_server_is_left_after_its_time() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n".to_vec();
    let hour = Duration::from_secs(3_600);
    let table = [
        (Act::Drip(Vec::new(), hour), 15),
        (Act::Drip(head.clone(), hour), 15),
        (Act::Drip(head, Duration::from_secs(10)), 30),
    ];
    for (act, seconds) in table {
        let mut server = Server::new(vec![act]).await;
        let client = server.client();
        let sent = tokio::spawn(async move { client.send(&list()).await });
        server.asked().await;
        // From here on only timers are waited for, and a paused clock jumps to them.
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let error = sent.await.unwrap().unwrap_err();
        let lasted = began.elapsed();
        tokio::time::resume();
        assert_eq!(error.cause, Cause::Transport(TransportError::Timeout));
        let early = Duration::from_secs(seconds).saturating_sub(lasted);
        assert!(lasted.as_secs() <= seconds && early.as_secs() < 2, "{lasted:?}");
    }
}

#[tokio::test]
async fn statuses_pass_through_with_their_retry_after() {
    let limited = told(reply("429 Slow", "Retry-After: 17\r\n", "")).await.unwrap_err();
    let Cause::Limited(said) = &limited.cause else { panic!("{limited}") };
    assert_eq!((said.retry_after, limited.status()), (Some(17), Some(429)));
    let message = r#"{"message": "No penalties found.", "data": []}"#;
    assert_eq!(rows(&told(reply("404 Not Found", "", message)).await.unwrap()), 0);
    let html = told(reply("503 Down", "Content-Type: text/html\r\n", "<html>")).await;
    assert_eq!(html.unwrap_err().status(), Some(503));
}

#[tokio::test]
async fn no_error_and_no_debug_form_holds_a_query_or_the_token() {
    let replies = [
        reply("500 Oops", "", ""),
        reply("302 Found", "Location: /x?a=Jane\r\n", ""),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec(),
        reply("200 OK", "", "<html>"),
    ];
    for bytes in replies {
        let server = Server::saying(bytes).await;
        let client = server.client();
        let error = client.send(&list()).await.unwrap_err();
        let said = format!("{error} {error:?} {:?} {client:?}", error.failure(&list()));
        for secret in ["Jane", "search=", "0123456789abcdef"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
}

#[tokio::test]
async fn the_worker_answers_over_a_real_connection() {
    let acts = vec![
        Act::Write(reply("503 Down", "", "")),
        Act::Write(Vec::new()),
        Act::Write(reply("200 OK", "", PAGE)),
    ];
    let server = Server::new(acts).await;
    let (log, client, none) = (Log::default(), server.client(), PaymentsClients::default());
    let mut network = Router::start(&log, Pace::Metered, Some(client), none);
    network.send(NetCommand::Send(Ticket(1), Priority::Visible, list())).unwrap();
    let answer = loop {
        if let NetEvent::Response(Ticket(1), answer) = network.next().await.unwrap() {
            break answer;
        }
    };
    assert_eq!(rows(&answer.unwrap()), 1, "tried three times");
}
