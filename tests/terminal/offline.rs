//! A server that is down and comes up, by a real clock.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};

use valora::clock::Clock;

use crate::program::Session;

/// Answers every request with one row.
fn serve(listener: &TcpListener) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut head = String::new();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        while lines.read_line(&mut head).unwrap_or(0) > 2 {}
        let row = r#"{"id":"7","booking_id":"BK700007","reference_id":"BK700007"}"#;
        let pages = r#"{"total":1,"current_page":1,"last_page":1,"per_page":100}"#;
        let body = format!(r#"{{"data":[{row}],"pagination":{pages}}}"#);
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        );
    }
}

/// An address at which nobody listens. Other tests get theirs from the system, which gives out higher
/// ports.
fn unused() -> SocketAddr {
    let random = || SocketAddr::from(([127, 0, 0, 1], fastrand::u16(20_000..30_000)));
    std::iter::repeat_with(random).find(|address| TcpListener::bind(address).is_ok()).unwrap()
}

#[test]
fn the_first_promised_try_leaves_by_itself_and_brings_the_rows() {
    let address = unused();
    let base = format!("http://{address}/api/v1/c");
    let variables = [("VALORA_TOKEN", "sd_a_token_of_a_test"), ("VALORA_BASE_URL", base.as_str())];
    let mut session = Session::start(&[], &variables);
    session.wait_for("offline, retrying in ");
    let listener = TcpListener::bind(address).unwrap();
    std::thread::spawn(move || serve(&listener));
    let clock = Clock::start();
    session.wait_for("BK700007");
    let waited = clock.now().elapsed;
    assert!(waited < 8_000, "{waited} ms");
    session.wait("a screen that is not offline", |screen| !screen.contains("offline"));
    session.type_keys("q");
    assert!(session.ended().success());
}
