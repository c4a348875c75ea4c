//! The Payments APIs of the sandbox: media types, streams, short pages.

use std::time::Duration;

use serde_json::json;
use valora::sandbox::Sandbox;

use crate::http::{Reply, sandbox, send};

async fn read(sandbox: &Sandbox, path: &str, accept: &str) -> Reply {
    let tokens = sandbox.payments_tokens();
    let token = if path.starts_with("finance-api") { tokens.finance } else { tokens.admin };
    let accept = if accept.is_empty() { String::new() } else { format!("Accept: {accept}\r\n") };
    let text = format!(
        "GET /{path} HTTP/1.1\r\nHost: valora\r\nAuthorization: {token}\r\n{accept}\
         Content-Type: application/json\r\nConnection: close\r\n\r\n"
    );
    send(sandbox, &text, usize::MAX, Duration::from_secs(5)).await
}

#[tokio::test]
async fn each_read_has_the_documented_media_type_and_accept_decides_by_its_weights() {
    let sandbox = sandbox(|_| ()).await;
    let (landlord, account) = sandbox.payments_ids();
    let payment = "8f2dbe69-b68f-4423-bc93-000000000001";
    let (hal, json) = ("application/hal+json", "application/json");
    for (path, media) in [
        ("payments-api/payments".to_owned(), json),
        ("payments-api/payments/payment-methods".to_owned(), json),
        ("payments-api/event-store/0/10".to_owned(), json),
        (format!("payments-api/event-store/streams/{payment}"), json),
        (format!("payments-api/admin/bank-account-details/{account}/properties"), json),
        (format!("payments-api/payments/{payment}"), hal),
        (format!("payments-api/admin/payments/{payment}"), hal),
        (format!("payments-api/public/payments/{payment}"), hal),
        (format!("payments-api/stripe/accounts/{landlord}"), hal),
        ("payments-api/me/bank-account-details".to_owned(), hal),
        (format!("payments-api/admin/bank-account-details/{account}"), hal),
        (format!("finance-api/api/bank-accounts/{account}"), json),
        ("finance-api/api/landlord/bank-account-holders".to_owned(), json),
        ("finance-api/api/currencies".to_owned(), json),
    ] {
        let other = if media == hal { json } else { hal };
        for (accept, status) in [
            (media.to_owned(), 200),
            ("*/*".to_owned(), 200),
            ("application/*;q=0.2".to_owned(), 200),
            (format!("{other}, */*;q=0.1"), 200),
            (other.to_owned(), 406),
            (format!("{media};q=0, */*"), 406),
            ("text/html".to_owned(), 406),
            // Only Payments and Finance requires the header.
            (String::new(), if path.starts_with("finance-api") { 406 } else { 200 }),
        ] {
            let reply = read(&sandbox, &path, &accept).await;
            assert_eq!(reply.status, status, "{path}: {accept}");
            let expected = if status == 200 { media } else { "application/problem+json" };
            assert_eq!(reply.header("content-type"), Some(expected), "{path}: {accept}");
        }
    }
}

#[tokio::test]
async fn an_unknown_stream_has_no_events_and_an_unknown_payment_is_a_404() {
    let sandbox = sandbox(|_| ()).await;
    let stream = read(&sandbox, "payments-api/event-store/streams/nothing", "*/*").await;
    assert_eq!((stream.status, stream.json()), (200, json!({"events": []})));
    for path in ["payments", "public/payments", "admin/payments"] {
        let reply = read(&sandbox, &format!("payments-api/{path}/nothing"), "*/*").await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn pages_are_as_short_as_the_option_says_and_hold_each_account_once() {
    let sandbox = sandbox(|options| {
        options.accounts = Some(12);
        options.page_cap = Some(5);
    })
    .await;
    let mut ids = Vec::new();
    for (page, rows) in [(1, 5), (2, 5), (3, 2), (4, 0)] {
        let path = format!("payments-api/me/bank-account-details?page={page}&itemsPerPage=100");
        let reply = read(&sandbox, &path, "*/*").await.json();
        let accounts = reply.as_array().unwrap();
        assert_eq!(accounts.len(), rows, "page {page}");
        ids.extend(accounts.iter().map(|account| account["id"].as_str().unwrap().to_owned()));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 12);
    let usual = read(&sandbox, "payments-api/me/bank-account-details", "*/*").await.json();
    assert_eq!(usual.as_array().unwrap().len(), 5, "also without itemsPerPage");
}
