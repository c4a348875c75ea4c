//! Each kind of fault does what it says.

use std::io::Read;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::http::{Reply, ask, get, request, sandbox, send};
use serde_json::{Value, json};
use valora::sandbox::Fault;
use valora::sandbox::Sandbox;
use valora::sandbox::fault_kinds;

fn fault(text: &str) -> Vec<Fault> {
    vec![text.parse().unwrap()]
}

/// What a request for penalties gets under a fault; a silent one is left after half a second.
async fn under(sandbox: &Sandbox, kind: &str) -> Reply {
    sandbox.set_faults(fault(&format!("{kind}:penalties")));
    let text = request(sandbox, "/api/v1/c/penalties", "");
    let silent = matches!(kind, "hang" | "hang-body" | "drip");
    let time = Duration::from_millis(if silent { 500 } else { 5000 });
    send(sandbox, &text, 20_000_000, time).await
}

#[test]
fn texts_are_read_or_refused_with_a_reason() {
    for good in ["500:penalties", "hang:*", "429-absurd:transactions/scheduled:3", "drip:/debtors/"]
    {
        assert!(good.parse::<Fault>().is_ok(), "{good}");
    }
    for (bad, why) in [
        ("explode:*", "bomb"),
        ("500", "KIND:PATH[:TIMES]"),
        ("500:", "KIND:PATH[:TIMES]"),
        ("500:*:0", "1 or more"),
        ("500:*:often", "1 or more"),
    ] {
        let error = bad.parse::<Fault>().unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    for (name, does) in fault_kinds() {
        assert!(format!("{name}:*").parse::<Fault>().is_ok() && does.len() > 5);
    }
}

#[tokio::test]
async fn a_fault_for_a_path_that_is_not_served_is_refused_at_the_start() {
    let mut options = valora::sandbox::Options::for_day("2026-05-03".parse().unwrap());
    options.faults = fault("500:penaltys");
    let error = Sandbox::start(options).await.err().unwrap();
    assert!(error.to_string().contains("penaltys"));
}

#[tokio::test]
async fn a_fault_hits_its_path_as_often_as_it_says() {
    let sandbox = sandbox(|options| options.faults = fault("503:penalties:2")).await;
    let mut statuses = Vec::new();
    for list in ["penalties", "debtors", "penalties", "penalties"] {
        statuses.push(ask(&sandbox, list).await.status);
    }
    assert_eq!(statuses, [503, 200, 503, 200]);
    sandbox.set_faults(fault("500:*"));
    assert_eq!(get(&sandbox, "conciliation/booking").await.0, 500);
    let limits = request(&sandbox, "/api/v1/tokens/limits", "");
    sandbox.set_faults(fault("500:tokens/limits"));
    assert_eq!(send(&sandbox, &limits, 9_999, Duration::from_secs(1)).await.status, 500);
    sandbox.set_faults(Vec::new());
    assert_eq!(ask(&sandbox, "penalties").await.status, 200);
}

#[tokio::test]
async fn statuses_have_the_documented_bodies() {
    let sandbox = sandbox(|_| ()).await;
    for status in [400, 401, 403, 404, 422, 429, 500, 502, 503, 504] {
        let reply = under(&sandbox, &status.to_string()).await;
        assert_eq!(reply.status, status);
        let body = reply.json();
        assert!(body["message"].is_string() && body.get("data").is_none());
        assert_eq!(body["errors"].is_object(), status == 422);
        assert_eq!(body["rate_limit"]["resets_in_seconds"] == 2, status == 429);
    }
    let reply = under(&sandbox, "429-retry-after").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("2")));
    assert!(reply.json().get("rate_limit").is_none());
    let reply = under(&sandbox, "429-retry-date").await;
    assert!(reply.header("retry-after").unwrap().ends_with(" GMT"));
    let reply = under(&sandbox, "429-absurd").await;
    assert!(reply.json()["rate_limit"]["resets_in_seconds"].as_i64().unwrap() > 1 << 31);
    assert_eq!(reply.header("x-ratelimit-remaining"), Some("-7"));
    for (kind, form) in [("503-retry-after", "2"), ("503-retry-date", " GMT")] {
        let reply = under(&sandbox, kind).await;
        assert!(reply.status == 503 && reply.header("retry-after").unwrap().ends_with(form));
    }
    for status in [400, 401, 403, 404, 422, 503] {
        let reply = under(&sandbox, &format!("{status}-absurd")).await;
        assert_eq!((reply.status, reply.json()["errors"].is_string()), (status, true));
        assert!(reply.json()["message"].is_array());
    }
    let reply = under(&sandbox, "500-html").await;
    assert!(reply.status == 500 && reply.body.starts_with(b"<!DOCTYPE"));
}

#[tokio::test]
async fn silence_and_breaks_are_just_that() {
    let sandbox = sandbox(|_| ()).await;
    let whole = ask(&sandbox, "penalties").await.body;
    let timed_out = |reply: &Reply| {
        reply.end.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
    };
    let promised =
        |reply: &Reply| reply.header("content-length").unwrap() == whole.len().to_string();
    let reply = under(&sandbox, "hang").await;
    assert!(timed_out(&reply) && reply.head.is_empty());
    let reply = under(&sandbox, "hang-body").await;
    assert!(timed_out(&reply) && promised(&reply) && reply.body == whole[..whole.len() / 2]);
    let reply = under(&sandbox, "drip").await;
    assert!(timed_out(&reply) && promised(&reply) && (1..6).contains(&reply.body.len()));
    let reply = under(&sandbox, "reset").await;
    assert_eq!(reply.end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    let reply = under(&sandbox, "truncated").await;
    assert!(reply.end.is_ok() && promised(&reply) && reply.body == whole[..whole.len() / 2]);
    let reply = under(&sandbox, "cut-chunk").await;
    assert!(reply.end.is_ok() && reply.header("transfer-encoding") == Some("chunked"));
    assert!(reply.body.ends_with(b"\r\nfff\r\n{"));
    let reply = under(&sandbox, "no-length").await;
    assert!(reply.end.is_ok() && reply.header("content-length").is_none() && reply.body == whole);
}

#[tokio::test]
async fn another_protocol_greets_and_leaves() {
    let sandbox = sandbox(|_| ()).await;
    let reply = under(&sandbox, "not-http").await;
    assert!(reply.end.is_ok() && reply.head.starts_with("SSH-2.0-"), "{}", reply.head);
}

#[tokio::test]
async fn nobody_listens_for_a_while_or_until_the_fault_is_gone() {
    let sandbox = sandbox(|_| ()).await;
    let base = sandbox.base_url();
    let host = base.strip_prefix("http://").unwrap().split('/').next().unwrap();
    for heals in [false, true] {
        let start = Instant::now();
        sandbox.set_faults(fault("refused:penalties:1"));
        let text = request(&sandbox, "/api/v1/c/penalties", "");
        let reply = send(&sandbox, &text, 1, Duration::from_secs(5)).await;
        assert!(reply.head.is_empty());
        // The server closes its door a moment after it has closed the connection.
        while TcpStream::connect(host).await.is_ok() {}
        assert!(start.elapsed() < Duration::from_secs(2), "it was never closed");
        if heals {
            sandbox.set_faults(Vec::new());
        }
        while TcpStream::connect(host).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(start.elapsed() >= Duration::from_secs(2), !heals);
        assert_eq!(ask(&sandbox, "penalties").await.status, 200);
    }
}

#[tokio::test]
async fn bodies_are_wrong_as_promised() {
    let sandbox = sandbox(|_| ()).await;
    let right = ask(&sandbox, "penalties").await.json();
    let reply = under(&sandbox, "content-type").await;
    assert!(reply.header("content-type").unwrap().starts_with("text/plain"));
    assert_eq!(reply.json(), right);
    let reply = under(&sandbox, "html").await;
    assert!(reply.status == 200 && reply.body.starts_with(b"<!DOCTYPE html>"));
    let reply = under(&sandbox, "empty").await;
    assert!(reply.status == 200 && reply.body.is_empty());
    let body = under(&sandbox, "null").await.json();
    assert!(body["data"].is_null() && body["pagination"].is_object());
    assert!(under(&sandbox, "no-data").await.json().get("data").is_none());
    let body = under(&sandbox, "no-rows").await.json();
    assert!(body["data"] == json!([]) && body.get("pagination").is_none());
    let body = under(&sandbox, "wrong-types").await.json();
    assert_eq!(body["data"].as_array().unwrap().len(), right["data"].as_array().unwrap().len());
    let kind = |value: &Value| std::mem::discriminant(value);
    let (wrong, right) = (&body["data"][0], &right["data"][0]);
    let changed = right.as_object().unwrap().iter().filter(|(k, v)| kind(v) != kind(&wrong[*k]));
    assert!(changed.count() > 5);
    assert!(under(&sandbox, "bad-json").await.body.ends_with(b",,]"));
    let deep = under(&sandbox, "deep").await.body;
    assert_eq!(String::from_utf8(deep).unwrap().matches('[').count(), 100_000);
    let reply = under(&sandbox, "huge-string").await;
    assert!((4 << 20..8 << 20).contains(&reply.body.len()) && reply.json()["data"].is_array());
}

#[tokio::test]
async fn bodies_are_too_large_as_promised() {
    let sandbox = sandbox(|_| ()).await;
    sandbox.set_faults(fault("huge-page:penalties"));
    let text = request(&sandbox, "/api/v1/c/penalties", "");
    let reply = send(&sandbox, &text, usize::MAX, Duration::from_secs(5)).await;
    assert!(reply.body.len() > 8 << 20);
    assert_eq!(reply.header("content-length"), Some(reply.body.len().to_string().as_str()));
    assert!(reply.body.ends_with(b"}]}"));
    sandbox.set_faults(fault("endless:penalties"));
    let reply = send(&sandbox, &text, 10_000_000, Duration::from_secs(5)).await;
    assert!(reply.body.len() >= 9_990_000 && reply.end.is_ok());
    let reply = under(&sandbox, "bomb").await;
    assert!(reply.end.is_ok() && reply.body.len() < 1 << 20);
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    let mut unpacked = flate2::read::GzDecoder::new(&reply.body[..]);
    let mut front = vec![0; 3 << 20];
    unpacked.read_exact(&mut front).unwrap();
    assert!(front.starts_with(br#"{"message":"#) && front.ends_with(b"      "));
}

#[tokio::test]
async fn redirects_lead_away() {
    let sandbox = sandbox(|_| ()).await;
    for (kind, target) in [
        ("redirect", "https://elsewhere.example/api/v1/c/penalties"),
        ("redirect-loop", "/api/v1/c/penalties"),
        ("redirect-downgrade", "http://valora.spotahome.com/api/v1/c/penalties"),
    ] {
        let reply = under(&sandbox, kind).await;
        assert_eq!((reply.status, reply.header("location")), (302, Some(target)));
    }
}

#[tokio::test]
async fn pages_repeat_and_shrink() {
    let sandbox = sandbox(|_| ()).await;
    let (_, first) = get(&sandbox, "penalties?per_page=10").await;
    let (_, second) = get(&sandbox, "penalties?per_page=10&page=2").await;
    sandbox.set_faults(fault("repeat-pages:penalties"));
    assert_eq!(get(&sandbox, "penalties?per_page=10&page=2").await.1, first);
    sandbox.set_faults(fault("shrink-pages:penalties"));
    assert_eq!(get(&sandbox, "penalties?per_page=10").await.1, first);
    let (_, shrunk) = get(&sandbox, "penalties?per_page=10&page=2").await;
    assert_eq!(shrunk["pagination"]["total"], 15);
    assert_eq!(
        (&shrunk["pagination"]["last_page"], &shrunk["pagination"]["to"]),
        (&json!(2), &json!(15))
    );
    assert_eq!(shrunk["data"].as_array().unwrap()[..], second["data"].as_array().unwrap()[..5]);
}

#[tokio::test]
async fn a_list_ignores_the_booking() {
    let sandbox = sandbox(|_| ()).await;
    let (_, all) = get(&sandbox, "penalties").await;
    sandbox.set_faults(fault("ignore-booking:*"));
    assert_eq!(get(&sandbox, "penalties?booking_id=BK000001").await.1, all);
    assert_ne!(get(&sandbox, "debtors?reference_id=BK000001").await.1["pagination"]["total"], 0);
    assert_eq!(get(&sandbox, "conciliation/booking?booking_id=BK000001").await.0, 404);
}

#[tokio::test]
async fn answers_are_late() {
    let sandbox = sandbox(|options| options.latency = Duration::from_millis(120)).await;
    let start = Instant::now();
    assert_eq!(ask(&sandbox, "penalties").await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(120));
    sandbox.set_faults(fault("latency:penalties"));
    let start = Instant::now();
    assert_eq!(ask(&sandbox, "penalties").await.status, 200);
    assert!(start.elapsed() >= Duration::from_secs(2));
}
