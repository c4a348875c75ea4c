//! The pool as the dashboard uses it: profiles are switched, each time with another token, and a small
//! server counts the requests.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::domain::failure::Advice;
use crate::hub::pool::*;
use crate::net::request::{NetCommand, Priority, Request, Ticket};
use crate::net::response::NetState;
use crate::payments::request::PaymentsRequest;

const NOWHERE: &str = "http://127.0.0.1:1/api/v1/c";
const LIMITED: &str =
    "HTTP/1.1 429 Too Many Requests\r\nretry-after: 50\r\ncontent-length: 2\r\n\r\n{}";
const MISSING: &str = "HTTP/1.1 404 Not Found\r\nx-ratelimit-limit: 12\r\n\
     x-ratelimit-remaining: 7\r\ncontent-length: 2\r\n\r\n{}";

/// A server that always sends the same answer. Returns its base URL and the head of each request.
async fn server(says: &'static str) -> (String, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/api/v1/c", listener.local_addr().unwrap());
    let (heads, asked) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let heads = heads.clone();
            tokio::spawn(async move {
                let mut head = vec![0; 4_096];
                while let Ok(length @ 1..) = stream.read(&mut head).await {
                    heads.send(String::from_utf8_lossy(&head[..length]).into_owned()).unwrap();
                    stream.write_all(says.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (base, asked)
}

fn named(name: &str) -> CustomerKey {
    CustomerKey::of_profile(name)
}

fn target(base: &str, token: &str) -> Target {
    Target::new(base, Token::new(token).unwrap()).unwrap()
}

fn none() -> PaymentsClients {
    PaymentsClients::default()
}

fn ask(router: &mut Router) {
    router.send(NetCommand::Send(Ticket(1), Priority::Visible, Request::Limits)).unwrap();
}

/// The next reported network state.
async fn state(router: &mut Router) -> NetState {
    loop {
        if let NetEvent::State(state) = router.next().await.unwrap() {
            return state;
        }
    }
}

/// Stops showing a customer, and lets its workers notice it.
async fn leave(router: Router) {
    drop(router);
    tokio::time::sleep(Duration::from_millis(2)).await;
}

async fn visit(pool: &mut Pool, name: &str, base: &str, token: &str) {
    let mut router = pool.connect(&named(name), target(base, token), none());
    state(&mut router).await;
    leave(router).await;
}

#[tokio::test]
async fn the_limit_and_the_budget_are_the_customers_whatever_its_token_is_by_now() {
    let (base, mut asked) = server(LIMITED).await;
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let mut router = pool.connect(&named("a"), target(&base, "sd_first"), none());
    ask(&mut router);
    assert!(asked.recv().await.unwrap().contains("sd_first"));
    while state(&mut router).await.limited_for.is_none() {}
    leave(router).await;
    for name in ["b", "c", "d"] {
        visit(&mut pool, name, NOWHERE, "sd_other").await;
    }
    let mut router = pool.connect(&named("a"), target(&base, "sd_second"), none());
    ask(&mut router);
    let network = state(&mut router).await;
    assert!(network.limited_for.is_some_and(|wait| wait > 30_000), "{network:?}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(asked.try_recv().is_err(), "nothing leaves before the reset");
}

#[tokio::test]
async fn a_worker_sends_with_the_newest_token_and_counts_on() {
    let (base, mut asked) = server(MISSING).await;
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    for (token, has_client, left) in
        [("sd_first", false, None), ("sd_second", false, Some(7)), ("sd_second", true, Some(7))]
    {
        let (client, _) = pool.worker(&named("a"), Host::Customer, &target(&base, token));
        assert_eq!(client.get().is_some(), has_client, "a client is kept with its token");
        let mut router = pool.connect(&named("a"), target(&base, token), none());
        let known = state(&mut router).await.left.map(|(requests, _)| requests);
        assert_eq!(known, left, "{token}");
        ask(&mut router);
        let head = asked.recv().await.unwrap();
        assert!(head.contains(&format!("Bearer {token}\r")), "{head}");
        while !matches!(router.next().await.unwrap(), NetEvent::Response(..)) {}
        leave(router).await;
    }
}

#[tokio::test]
async fn what_the_user_says_of_the_fields_of_lists_is_not_shared_between_profiles_of_one_token() {
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let mut own = target(NOWHERE, "sd_one");
    own.choices.insert("debt", vec![("due_date", vec!["opened".to_owned()])]);
    for (name, target, has_client) in [
        ("a", target(NOWHERE, "sd_one"), false),
        ("a", target(NOWHERE, "sd_one"), true),
        ("b", own.clone(), false),
        ("b", own.clone(), true),
        ("a", target(NOWHERE, "sd_one"), true),
    ] {
        let (client, _) = pool.worker(&named(name), Host::Customer, &target);
        assert_eq!(client.get().is_some(), has_client, "{name}");
        let choices = target.choices.clone();
        let client = client.get_or_init(|| Client::new(target).unwrap());
        assert_eq!(client.target().choices, choices);
    }
    assert_eq!(pool.workers.len(), 1, "they share its budget");
}

#[tokio::test]
async fn profiles_of_one_token_have_clients_with_their_own_token_programs() {
    const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}";
    let (base, _asked) = server(REFUSED).await;
    let (reread, mut rereads) = mpsc::unbounded_channel();
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let mut sources = Vec::new();
    for name in ["a", "b", "a"] {
        let reread = reread.clone();
        let jwt = Target::new(&base, Token::jwt("aa.bb.cc").unwrap()).unwrap();
        let jwt = jwt.with_token_refresh(Arc::new(move || {
            reread.send(name).unwrap();
            None
        }));
        let client = Client::for_host(Host::Payments, jwt).unwrap().with_token_source(name);
        let payments = PaymentsClients { payments: Some(client), finance: None };
        let mut router = pool.connect(&named(name), target(NOWHERE, "sd_token"), payments);
        let request = Request::Payments(PaymentsRequest::Methods(1));
        router.send(NetCommand::Send(Ticket(1), Priority::Visible, request)).unwrap();
        let failure = loop {
            if let NetEvent::Response(_, answer) = router.next().await.unwrap() {
                break answer.unwrap_err();
            }
        };
        sources.push((rereads.recv().await.unwrap(), failure.advice));
        leave(router).await;
    }
    let of = |name: &'static str| (name, Advice::TokenFrom(name.into()));
    assert_eq!(sources, [of("a"), of("b"), of("a")]);
    assert_eq!(pool.workers.len(), 2, "one for each server");
}

#[tokio::test]
async fn fifty_switches_with_new_tokens_leave_a_worker_for_each_customer_and_server() {
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let before = Handle::current().metrics().num_alive_tasks();
    for switch in 0..50 {
        let jwt = Token::jwt(&format!("aa.bb.cc{switch}")).unwrap();
        let jwt = Target::new(NOWHERE, jwt).unwrap();
        let client = Client::for_host(Host::Payments, jwt).unwrap();
        let payments = PaymentsClients { payments: Some(client), finance: None };
        let (name, token) = (["a", "b"][switch % 2], format!("sd_token{switch}"));
        let mut router = pool.connect(&named(name), target(NOWHERE, &token), payments);
        state(&mut router).await;
        leave(router).await;
    }
    let alive = Handle::current().metrics().num_alive_tasks() - before;
    assert!(alive <= 4 && pool.workers.len() <= 4, "{alive} {}", pool.workers.len());
    for customer in 0..50 {
        visit(&mut pool, &format!("c{customer}"), NOWHERE, "sd_token").await;
        let other = format!("http://127.0.0.1:1/{customer}");
        visit(&mut pool, &format!("d{customer}"), &other, "sd_token").await;
    }
    let alive = Handle::current().metrics().num_alive_tasks() - before;
    assert!(
        alive <= 2 && pool.workers.len() <= 2,
        "who has nothing to remember has ended: {alive}"
    );
}

#[tokio::test]
async fn a_worker_belongs_to_its_customer_and_server() {
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let mut workers = |name, base, token| {
        pool.worker(&named(name), Host::Customer, &target(base, token));
        pool.workers.len()
    };
    assert_eq!(workers("a", NOWHERE, "sd_one"), 1);
    assert_eq!(workers("b", NOWHERE, "sd_one"), 1, "two profiles with one token");
    assert_eq!(workers("b", NOWHERE, "sd_two"), 2, "their tokens differ, so may their customers");
    assert_eq!(workers("b", NOWHERE, "sd_four"), 2, "the same customer with another token");
    assert_eq!(workers("c", NOWHERE, "sd_three"), 3);
    assert_eq!(workers("a", "http://127.0.0.1:2/api/v1/c", "sd_one"), 4);
}

#[tokio::test]
async fn a_session_that_ends_makes_room_for_the_next_one_of_its_customer() {
    let (base, _asked) = server(MISSING).await;
    let pool = SharedPool::start(Pool::new(Log::default(), Pace::Metered));
    let connect = || pool.connect(named("acme"), target(&base, "vl_1"), none());
    let mut first = connect().await.unwrap();
    state(&mut first).await;
    let mut second = connect().await.unwrap();
    ask(&mut second);
    let early = tokio::time::timeout(Duration::from_millis(50), second.next()).await;
    assert!(early.is_err(), "{early:?}");
    drop(first);
    let limit = Duration::from_secs(5);
    tokio::time::timeout(limit, state(&mut second)).await.unwrap();
    let task =
        tokio::spawn(
            async move { pool.connect(named("b"), target(NOWHERE, "vl_2"), none()).await },
        );
    assert!(task.await.unwrap().is_some());
}

#[tokio::test]
async fn a_session_that_must_not_reread_its_token_does_not_inherit_a_client_that_does() {
    const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}";
    let (base, _asked) = server(REFUSED).await;
    let reread = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&reread);
    let rereads = target(&base, "vl_1").with_token_refresh(Arc::new(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        None
    }));
    let mut pool = Pool::new(Log::default(), Pace::Metered);
    let mut counts = Vec::new();
    for target in [rereads.clone(), rereads.clone().without_token_refresh(), rereads] {
        let mut router = pool.connect(&named("acme"), target, none());
        ask(&mut router);
        while !matches!(router.next().await.unwrap(), NetEvent::Response(..)) {}
        leave(router).await;
        counts.push(reread.load(std::sync::atomic::Ordering::SeqCst));
    }
    assert_eq!(counts, [1, 1, 2]);
}
