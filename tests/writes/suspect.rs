//! What a careful plan does not prevent: another token, a proxy that repeats requests, a permission that
//! is taken away, a server that is no longer used.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use valora::clock::Clock;
use valora::config::Environment;
use valora::list::Host;
use valora::net::client::Client;
use valora::net::log::Log;
use valora::net::target::{Target, Token};
use valora::payments::write::Write;
use valora::sandbox::{Sandbox, WriteFault};
use valora::state::Store;
use valora::writes::engine::{Engine, Site};
use valora::writes::outcome::Verdict;
use valora::writes::site::{Audit, unresolved};

use crate::common::side_client;
use crate::setup::{Setup, block, payment};

/// The engine of a setup with another client.
fn with_client(setup: &Setup, client: Client) -> Engine {
    let site = Site {
        profile: "acme".to_owned(),
        environment: "CUSTOM".to_owned(),
        allowed: setup.engine.allowed().clone(),
        store: store(setup),
        clock: Clock::start(),
        log: Log::default(),
        looks: vec![std::time::Duration::ZERO],
    };
    Engine::new(client, site)
}

fn store(setup: &Setup) -> Store {
    Store::below(setup.home.path(), setup.home.path())
}

#[tokio::test]
async fn a_token_of_another_user_after_the_plan_sends_nothing() {
    let setup = Setup::start().await;
    let tokens = setup.sandbox.payments_tokens();
    let other = tokens.user.to_owned();
    let target = Target::new(&setup.sandbox.payments_url(), Token::jwt(tokens.admin).unwrap());
    let target = target.unwrap().with_token_refresh(Arc::new(move || Token::jwt(&other).ok()));
    let client = Client::for_host(Host::Payments, target).unwrap();
    let setup = Setup { engine: with_client(&setup, client), ..setup };
    let plan = setup.plan(block()).await;
    assert!(plan.who_line().contains("as admin"), "{}", plan.who_line());
    // Rejects the first token once, so that its source is read again.
    setup.sandbox.set_faults(vec!["401:payments-api:1".parse().unwrap()]);
    let (outcome, _) = setup.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::Changed, "{}", outcome.says);
    assert!(outcome.says.contains("the token was \"as admin"), "{}", outcome.says);
    assert!(setup.writes().is_empty() && !setup.engine.audit().path().exists());
}

/// A proxy that sends each write twice, and answers with the second response.
async fn repeating_proxy(sandbox: &Sandbox) -> String {
    let base = sandbox.payments_url();
    let (server, path) = base.trim_start_matches("http://").split_once('/').unwrap();
    let server = server.to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let own = format!("http://{}/{path}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let request = request(&mut stream).await;
                let mut response = forwarded(&server, &request).await;
                if !request.starts_with("GET ") {
                    response = forwarded(&server, &request).await;
                }
                let _ = stream.write_all(&response).await;
            });
        }
    });
    own
}

/// The head and body of a request, for a connection that ends after it.
async fn request(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4096];
    loop {
        let count = stream.read(&mut bytes).await.unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if count == 0 || body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return text.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        }
    }
}

async fn forwarded(server: &str, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn a_write_that_a_proxy_repeats_is_refused_and_the_read_shows_that_it_was_done() {
    let setup = Setup::start().await;
    let (_, account) = setup.sandbox.payments_ids();
    let properties = vec!["99001".to_owned()];
    let matched = Write::Match { account: account.clone(), properties: properties.clone() };
    assert_eq!(setup.write(matched).await.verdict, Verdict::Done);
    let token = Token::jwt(setup.sandbox.payments_tokens().admin).unwrap();
    let client = side_client(Host::Payments, &repeating_proxy(&setup.sandbox).await, token);
    let setup = Setup { engine: with_client(&setup, client), ..setup };
    let unmatch = Write::Unmatch { account, properties };
    for (write, status, words) in [
        (unmatch, 404, "1 of 1 properties are unmatched, although"),
        (block(), 409, "nothing to do: the payment is blocked"),
    ] {
        let outcome = setup.write(write).await;
        assert_eq!(
            (outcome.verdict, outcome.status),
            (Verdict::Already, Some(status)),
            "{}",
            outcome.says
        );
        assert!(outcome.says.starts_with(words), "{}", outcome.says);
        assert!(outcome.says.contains("which request did it is not known"), "{}", outcome.says);
        assert_eq!(outcome.undo, None);
    }
    assert_eq!(setup.engine.unresolved().await.unwrap(), []);
}

#[tokio::test]
async fn an_open_write_is_listed_without_a_permission_or_token_and_on_another_server() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::Dropped);
    setup.write(block()).await;
    // No settings at all: neither a permission nor a token.
    let environment = Environment { store: Some(store(&setup)), ..Environment::default() };
    let line = unresolved(&environment, Some("acme".to_owned())).unwrap();
    assert!(line.starts_with("1 write with an unknown outcome"), "{line}");
    let audit = Audit::of_profile(&environment, Some("acme".to_owned()), &Log::default());
    let (audit, _) = audit.unwrap().unwrap();
    assert!(audit.engine.is_err());
    let open = audit.log.unresolved().unwrap();
    assert_eq!(open.len(), 1);
    assert!(open[0].line().contains(&payment(1)), "{}", open[0].line());
    // The base URL of the profile was changed: the other server is not asked.
    let token = Token::jwt(setup.sandbox.payments_tokens().admin).unwrap();
    let client = side_client(Host::Payments, "http://127.0.0.1:9", token);
    let moved = with_client(&setup, client);
    assert_eq!(moved.unresolved().await.unwrap().len(), 1);
    let found = moved.find_out(&open[0]).await;
    assert_eq!(found.verdict, Verdict::Unknown);
    assert!(found.says.contains("which this profile no longer uses"), "{}", found.says);
}

#[tokio::test]
async fn what_a_later_read_finds_is_not_undone_and_may_be_of_a_later_write() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::Dropped);
    setup.write(block()).await;
    assert_eq!(setup.write(block()).await.verdict, Verdict::Done);
    let open = setup.engine.unresolved().await.unwrap();
    assert_eq!(open.len(), 1, "the first one");
    let found = setup.engine.find_out(&open[0]).await;
    assert_eq!((found.verdict, found.undo), (Verdict::Done, None));
    assert!(found.says.contains("by this write or by the one of"), "{}", found.says);
}
