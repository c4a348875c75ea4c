//! A token that the server refuses, over HTTP: its source is read again once, and what it has by
//! then is used from then on.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use valora::domain::text::Untrusted;
use valora::list::Host;
use valora::net::client::Client;
use valora::net::request::Request;
use valora::net::target::Target;
use valora::net::target::Token;
use valora::net::target::TokenRefresh;
use valora::payments::request::{PaymentsRequest, Tin};
use valora::sandbox::Sandbox;

/// A client with a token that the server does not know, whose source gives these tokens when it is
/// read again, the last one for ever; and how often it was read.
fn client(sandbox: &Sandbox, tokens: &[&str]) -> (Client, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let (count, tokens) = (Arc::clone(&read), tokens.iter().map(|text| (*text).to_owned()));
    let tokens: Vec<String> = tokens.collect();
    let refresh: TokenRefresh = Arc::new(move || {
        let time = count.fetch_add(1, Ordering::SeqCst);
        Token::new(tokens.get(time).or(tokens.last())?).ok()
    });
    let target = Target::new(&sandbox.base_url(), Token::new("sd_revoked").unwrap()).unwrap();
    (Client::new(target.with_token_refresh(refresh)).unwrap(), read)
}

#[test]
fn after_a_401_the_source_is_read_once_for_all_requests_and_the_new_token_stays() {
    let runtime = common::runtime();
    let sandbox = runtime.block_on(Sandbox::start(common::options())).unwrap();
    let (client, read) = client(&sandbox, &[sandbox.token()]);
    runtime.block_on(async {
        let all = (0..4).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send(&Request::Limits).await.is_ok() })
        });
        for sent in all.collect::<Vec<_>>() {
            assert!(sent.await.unwrap());
        }
        assert!(client.send(&Request::Connection("penalties")).await.is_ok());
    });
    assert_eq!(read.load(Ordering::SeqCst), 1);
    let refused = 4..=8;
    assert!(refused.contains(&(sandbox.requests().len() - 1)), "each was repeated once at most");
}

#[test]
fn a_source_with_nothing_new_ends_it_until_somebody_asks_again() {
    let runtime = common::runtime();
    let sandbox = runtime.block_on(Sandbox::start(common::options())).unwrap();
    let (client, read) = client(&sandbox, &["sd_revoked", "sd_wrong_too", sandbox.token()]);
    let status = || {
        let sent = runtime.block_on(client.send(&Request::Limits));
        sent.err().and_then(|error| error.status())
    };
    assert_eq!((status(), read.load(Ordering::SeqCst)), (Some(401), 1));
    assert_eq!(sandbox.requests().len(), 1, "the same token is not sent again");
    // The next one is refused too, and nothing is tried a third time.
    assert_eq!((status(), read.load(Ordering::SeqCst)), (Some(401), 2));
    assert_eq!(sandbox.requests().len(), 3);
    assert_eq!((status(), read.load(Ordering::SeqCst)), (None, 3));
}

#[test]
fn without_a_source_to_read_again_a_401_is_final() {
    let runtime = common::runtime();
    let sandbox = runtime.block_on(Sandbox::start(common::options())).unwrap();
    let target = Target::new(&sandbox.base_url(), Token::new("sd_revoked").unwrap()).unwrap();
    let client = Client::new(target).unwrap();
    let error = runtime.block_on(client.send(&Request::Limits)).unwrap_err();
    assert_eq!((error.status(), sandbox.requests().len()), (Some(401), 1));
}

#[test]
fn a_request_that_is_sent_once_is_not_repeated_and_the_next_one_has_the_new_token() {
    let runtime = common::runtime();
    let sandbox = runtime.block_on(Sandbox::start(common::options())).unwrap();
    let valid = sandbox.payments_tokens().admin.to_owned();
    let target = Target::new(&sandbox.payments_url(), Token::jwt("aa.bb.cc").unwrap()).unwrap();
    let target = target.with_token_refresh(Arc::new(move || Token::jwt(&valid).ok()));
    let client = Client::for_host(Host::Payments, target).unwrap();
    let tin = Tin {
        number: Untrusted::new("27484819A"),
        country: "ES".to_owned(),
        business: "individual".to_owned(),
    };
    let request = Request::Payments(PaymentsRequest::Tin(tin));
    let error = runtime.block_on(client.send(&request)).unwrap_err();
    assert_eq!((error.status(), sandbox.requests().len()), (Some(401), 1));
    assert!(runtime.block_on(client.send(&request)).is_ok());
    assert_eq!(sandbox.requests().len(), 2);
}
