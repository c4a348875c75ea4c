//! The least HTTP that the tests need.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;

/// A sandbox for the tests' day without a limit, changed as wished.
pub(crate) async fn sandbox(change: impl FnOnce(&mut Options)) -> Sandbox {
    let mut options = Options::for_day("2026-05-03".parse().unwrap());
    options.limit = 0;
    change(&mut options);
    Sandbox::start(options).await.unwrap()
}

/// What came back, whole or not.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How the connection ended: in order, or with an error.
    pub(crate) end: std::io::Result<()>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Sends a request as it is and reads until the connection ends, `most` bytes have come, or the
/// time is up, which is a time-out in `end`.
pub(crate) async fn send(sandbox: &Sandbox, request: &str, most: usize, time: Duration) -> Reply {
    let base = sandbox.base_url();
    let host = base.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let mut block = vec![0; 1 << 16];
    let read = async {
        while bytes.len() < most {
            match stream.read(&mut block).await? {
                0 => break,
                count => bytes.extend_from_slice(&block[..count]),
            }
        }
        Ok(())
    };
    let end = tokio::time::timeout(time, read).await;
    let end = end.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
    let split =
        bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    let body = bytes.split_off(split);
    let head = String::from_utf8(bytes).unwrap();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Reply { status, head, body, end }
}

/// The text of a request for a target, with the customer's token.
pub(crate) fn request(sandbox: &Sandbox, target: &str, more: &str) -> String {
    format!(
        "GET {target} HTTP/1.1\r\nHost: valora\r\nAuthorization: Bearer {}\r\n\
         Accept: application/json\r\nConnection: close\r\n{more}\r\n",
        sandbox.token()
    )
}

/// A request of the customer below the base.
pub(crate) async fn ask(sandbox: &Sandbox, target: &str) -> Reply {
    let text = request(sandbox, &format!("/api/v1/c/{target}"), "");
    send(sandbox, &text, usize::MAX, Duration::from_secs(5)).await
}

/// Status and JSON of a request of the customer below the base.
pub(crate) async fn get(sandbox: &Sandbox, target: &str) -> (u16, Value) {
    let reply = ask(sandbox, target).await;
    (reply.status, reply.json())
}

/// All rows of a list for a query.
pub(crate) async fn rows(sandbox: &Sandbox, list: &str, query: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let target = format!("{list}?per_page=500&page={page}&{query}");
        let (_, body) = get(sandbox, &target).await;
        let data = body["data"].as_array().unwrap();
        all.extend(data.iter().cloned());
        if data.len() < 500 {
            break;
        }
    }
    all
}

/// The conciliation of a booking.
pub(crate) async fn booking(sandbox: &Sandbox, reference: &str) -> Value {
    let (status, body) =
        get(sandbox, &format!("conciliation/booking?booking_id={reference}")).await;
    assert_eq!(status, 200, "{reference}");
    body
}

/// The sum of a field over the rows of a section.
pub(crate) fn sum(rows: &Value, field: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[field].as_i64().unwrap()).sum()
}
