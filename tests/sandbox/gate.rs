//! Who may ask, how, and how often.

use std::time::Duration;

use crate::http::{ask, get, request, sandbox, send};
use serde_json::json;

const TIME: Duration = Duration::from_secs(5);

#[tokio::test]
async fn only_the_customers_token_opens() {
    let sandbox = sandbox(|_| ()).await;
    let jwt = "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    let employee = format!("Bearer {}", sandbox.employee_token());
    let bare = sandbox.token().to_owned();
    for (header, status, message) in [
        ("", 401, "Unauthenticated."),
        ("Bearer ", 401, "Unauthenticated."),
        ("Bearer sd_wrong", 401, "Unauthenticated."),
        (jwt, 401, "Unauthenticated."),
        (&bare, 401, "Unauthenticated."),
        (&employee, 403, "Access denied. This resource is restricted to customers."),
    ] {
        for path in ["c/transactions", "c/conciliation/booking", "tokens/limits"] {
            let line = if header.is_empty() { "X: y" } else { "Authorization:" };
            let text = format!(
                "GET /api/v1/{path} HTTP/1.1\r\nHost: valora\r\n{line} {header}\r\n\
                 Accept: application/json\r\nConnection: close\r\n\r\n"
            );
            let text = text.replace("X: y ", "X: y");
            let reply = send(&sandbox, &text, usize::MAX, TIME).await;
            assert_eq!((reply.status, reply.json()["message"].as_str()), (status, Some(message)));
        }
    }
    assert!(sandbox.token().starts_with("sd_") && sandbox.token().len() > 30);
}

#[tokio::test]
async fn both_prefixes_serve_and_nothing_else_does() {
    let sandbox = sandbox(|_| ()).await;
    for (path, status) in [
        ("/api/v1/c/penalties?per_page=1", 200),
        ("/api/sandbox/v1/c/penalties?per_page=1", 200),
        ("/api/v1/tokens/limits", 200),
        ("/api/v1/c/tokens/limits", 404),
        ("/api/v1/c/payouts", 404),
        ("/api/v1/penalties", 404),
        ("/", 404),
    ] {
        let reply = send(&sandbox, &request(&sandbox, path, ""), usize::MAX, TIME).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(status == 200 || reply.json().get("data").is_none());
    }
}

#[tokio::test]
async fn another_method_or_another_type_is_refused() {
    let sandbox = sandbox(|_| ()).await;
    let get = request(&sandbox, "/api/v1/c/penalties", "");
    for method in ["POST", "DELETE", "PUT", "PATCH"] {
        let text = get.replace("GET ", &format!("{method} "));
        assert_eq!(send(&sandbox, &text, usize::MAX, TIME).await.status, 405, "{method}");
    }
    for (accept, status) in [
        ("Accept: text/html", 406),
        ("Accept: */*", 406),
        ("X-None: 1", 406),
        ("Accept: text/html, application/json;q=0.9", 200),
    ] {
        let text = get.replace("Accept: application/json", accept);
        assert_eq!(send(&sandbox, &text, usize::MAX, TIME).await.status, status, "{accept}");
    }
}

#[tokio::test]
async fn the_limit_counts_every_request_and_says_when_it_ends() {
    let sandbox = sandbox(|options| options.limit = 4).await;
    let first = ask(&sandbox, "penalties").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header("x-ratelimit-limit"), Some("4"));
    assert_eq!(first.header("x-ratelimit-remaining"), Some("3"));
    assert_eq!(ask(&sandbox, "penalties?page=x").await.status, 422);
    let limits = request(&sandbox, "/api/v1/tokens/limits", "");
    let body = send(&sandbox, &limits, usize::MAX, TIME).await.json();
    assert_eq!(body["rate_limits"]["audience"], "customer");
    let window = &body["rate_limits"]["limits"][0];
    assert_eq!(window["window"], "minute");
    assert_eq!((&window["used"], &window["remaining"]), (&json!(3), &json!(1)));
    assert_eq!(ask(&sandbox, "nothing").await.status, 404, "an unknown path is not counted");
    assert_eq!(ask(&sandbox, "penalties").await.status, 200);
    let (status, body) = get(&sandbox, "penalties?page=x").await;
    assert_eq!((status, &body["message"]), (429, &json!("Rate limit exceeded.")));
    let limit = &body["rate_limit"];
    assert_eq!((&limit["limit"], &limit["used"]), (&json!(4), &json!(4)));
    assert_eq!(limit["remaining"], 0);
    assert!((1..=60).contains(&limit["resets_in_seconds"].as_i64().unwrap()));
    assert!(limit["resets_at"].as_str().unwrap().ends_with("+02:00"));
    let wrong = limits.replace(sandbox.token(), "sd_wrong");
    assert_eq!(send(&sandbox, &wrong, usize::MAX, TIME).await.status, 401, "token before limit");
}

#[tokio::test]
async fn a_server_may_count_without_headers() {
    let sandbox = sandbox(|options| {
        options.limit = 1;
        options.faults = vec!["no-limit-headers:*".parse().unwrap()];
    })
    .await;
    for status in [200, 429] {
        let reply = ask(&sandbox, "penalties").await;
        assert_eq!((reply.status, reply.header("x-ratelimit-remaining")), (status, None));
    }
}

#[tokio::test]
async fn a_long_body_is_compressed_for_who_takes_it() {
    let sandbox = sandbox(|_| ()).await;
    let plain = ask(&sandbox, "transactions").await;
    let path = "/api/v1/c/transactions";
    let text = request(&sandbox, path, "Accept-Encoding: gzip, deflate\r\n");
    let packed = send(&sandbox, &text, usize::MAX, TIME).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < plain.body.len() / 2 && packed.body.starts_with(&[0x1f, 0x8b]));
    let mut unpacked = Vec::new();
    std::io::copy(&mut flate2::read::GzDecoder::new(&packed.body[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let short = request(&sandbox, &format!("{path}?per_page=1"), "Accept-Encoding: gzip\r\n");
    let short = send(&sandbox, &short, usize::MAX, TIME).await;
    assert_eq!(short.header("content-encoding"), None);
}

#[tokio::test]
async fn what_arrived_is_remembered_as_it_was_sent() {
    let sandbox = sandbox(|_| ()).await;
    ask(&sandbox, "transactions?search=a%20b+c&&page=").await;
    ask(&sandbox, "penalties").await;
    let log = sandbox.requests();
    let lines: Vec<_> =
        log.iter().map(|r| (r.method.as_str(), r.path.as_str(), r.query.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("GET", "/api/v1/c/transactions", "search=a%20b+c&&page="),
            ("GET", "/api/v1/c/penalties", ""),
        ]
    );
}

#[tokio::test]
async fn one_connection_serves_one_request_after_another() {
    let sandbox = sandbox(|_| ()).await;
    let last = request(&sandbox, "/api/v1/c/debtors?per_page=1", "");
    let first = last.replace("Connection: close\r\n", "").replace("debtors", "penalties");
    let both = send(&sandbox, &format!("{first}{last}"), usize::MAX, TIME).await;
    let text = String::from_utf8(both.body).unwrap();
    assert!(text.contains("Penalties retrieved") && text.contains("Debt records retrieved"));
}

#[tokio::test]
async fn it_stops_when_dropped() {
    let sandbox = sandbox(|_| ()).await;
    let base = sandbox.base_url();
    let host = base.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    sandbox.shutdown().await;
    assert!(tokio::net::TcpStream::connect(host).await.is_err());
}
