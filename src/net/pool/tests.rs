//! The pool as the dashboard uses it: customers come and go, each time with another token, and a
//! small server counts what reaches it.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::net::pool::*;
use crate::net::request::{Priority, Request, Ticket};
use crate::net::response::NetState;
use crate::net::target::Token;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;

const NOWHERE: &str = "http://127.0.0.1:1/api/v1/c";
const LIMITED: &str =
    "HTTP/1.1 429 Too Many Requests\r\nretry-after: 50\r\ncontent-length: 2\r\n\r\n{}";
const MISSING: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}";

/// A server that always says the same; gives its base URL and the head of each request.
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

struct Shown {
    effects: mpsc::UnboundedSender<Effect>,
    messages: mpsc::Receiver<Msg>,
    work: JoinHandle<()>,
}

impl Shown {
    /// Shows a customer as the dashboard does; whether its worker had to be given a client.
    fn new(pool: &mut Pool, name: &str, target: Target, side: SideClients) -> (Self, bool) {
        let (lines, vacancy) = pool.lines(&named(name), &target, side);
        let has_new_client = vacancy.is_some();
        if let Some(vacancy) = vacancy {
            vacancy.fill(Client::new(target).unwrap());
        }
        let (effects, wanted) = mpsc::unbounded_channel();
        let (told, messages) = mpsc::channel(64);
        (Self { effects, messages, work: tokio::spawn(lines.run(wanted, told)) }, has_new_client)
    }

    fn ask(&self) {
        self.effects.send(Effect::Fetch(Ticket(1), Priority::Visible, Request::Limits)).unwrap();
    }

    /// What is told of the network next.
    async fn network(&mut self) -> NetState {
        loop {
            if let Msg::Network(network) = self.messages.recv().await.unwrap() {
                return network;
            }
        }
    }

    async fn leave(self) {
        drop((self.effects, self.messages));
        self.work.await.unwrap();
        // The workers see that nobody asks any more.
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn visit(pool: &mut Pool, name: &str, base: &str, token: &str) {
    Shown::new(pool, name, target(base, token), SideClients::default()).0.leave().await;
}

#[tokio::test]
async fn the_gate_and_the_budget_are_the_customers_whatever_its_token_is_by_now() {
    let (base, mut asked) = server(LIMITED).await;
    let mut pool = Pool::new(World::default(), Pace::Metered);
    let none = SideClients::default;
    let (mut shown, _) = Shown::new(&mut pool, "a", target(&base, "sd_first"), none());
    shown.ask();
    assert!(asked.recv().await.unwrap().contains("sd_first"));
    while shown.network().await.closed_for.is_none() {}
    shown.leave().await;
    for name in ["b", "c", "d"] {
        visit(&mut pool, name, NOWHERE, "sd_other").await;
    }
    let (mut shown, has_new_client) =
        Shown::new(&mut pool, "a", target(&base, "sd_second"), none());
    assert!(has_new_client);
    shown.ask();
    let network = shown.network().await;
    assert!(network.closed_for.is_some_and(|wait| wait > 30_000), "{network:?}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(asked.try_recv().is_err(), "nothing leaves before the reset");
}

#[tokio::test]
async fn a_worker_sends_with_the_newest_token_and_counts_on() {
    let (base, mut asked) = server(MISSING).await;
    let mut pool = Pool::new(World::default(), Pace::Metered);
    // The header counts in tens.
    for (token, is_new, left) in
        [("sd_first", true, 120), ("sd_second", true, 110), ("sd_second", false, 110)]
    {
        let target = target(&base, token);
        let (mut shown, has_new_client) =
            Shown::new(&mut pool, "a", target, SideClients::default());
        assert_eq!(has_new_client, is_new, "a client is kept with its token");
        assert_eq!(shown.network().await.remaining, left, "{token}");
        shown.ask();
        let head = asked.recv().await.unwrap();
        assert!(head.contains(&format!("Bearer {token}\r")), "{head}");
        while !matches!(shown.messages.recv().await.unwrap(), Msg::Answered(..)) {}
        shown.leave().await;
    }
}

#[tokio::test]
async fn fifty_switches_with_new_tokens_leave_a_worker_for_each_customer_and_server() {
    let mut pool = Pool::new(World::default(), Pace::Metered);
    let before = Handle::current().metrics().num_alive_tasks();
    for switch in 0..50 {
        let jwt = Token::jwt(&format!("aa.bb.cc{switch}")).unwrap();
        let client = SideClient::new(Host::Payments, Target::new(NOWHERE, jwt).unwrap()).unwrap();
        let side = SideClients { payments: Some(client), finance: None };
        let (name, token) = (["a", "b"][switch % 2], format!("sd_token{switch}"));
        Shown::new(&mut pool, name, target(NOWHERE, &token), side).0.leave().await;
    }
    let alive = Handle::current().metrics().num_alive_tasks() - before;
    assert!(alive <= 4 && pool.known.len() <= 4, "{alive} {}", pool.known.len());
    for customer in 0..50 {
        visit(&mut pool, &format!("c{customer}"), NOWHERE, "sd_token").await;
        let other = format!("http://127.0.0.1:1/{customer}");
        visit(&mut pool, &format!("d{customer}"), &other, "sd_token").await;
    }
    let alive = Handle::current().metrics().num_alive_tasks() - before;
    assert!(alive <= 2 && pool.known.len() <= 2, "who has nothing to remember has ended: {alive}");
}

#[tokio::test]
async fn a_worker_belongs_to_its_customer_and_server_and_one_that_never_began_is_forgotten() {
    let mut pool = Pool::new(World::default(), Pace::Metered);
    let mut vacancy = |name, base, token| {
        pool.lines(&named(name), &target(base, token), SideClients::default()).1
    };
    let begins = |vacancy: &Option<Vacancy>| vacancy.as_ref().is_some_and(|it| it.begins.is_some());
    let first = vacancy("a", NOWHERE, "sd_one");
    assert!(begins(&first));
    first.unwrap().fill(Client::new(target(NOWHERE, "sd_one")).unwrap());
    assert!(vacancy("b", NOWHERE, "sd_one").is_none(), "two profiles with one token");
    let parted = vacancy("b", NOWHERE, "sd_two");
    assert!(begins(&parted), "their tokens differ now, so may their customers");
    parted.unwrap().fill(Client::new(target(NOWHERE, "sd_two")).unwrap());
    let newer = vacancy("b", NOWHERE, "sd_four");
    assert!(newer.is_some() && !begins(&newer), "the same customer with another token");
    assert!(begins(&vacancy("c", NOWHERE, "sd_three")));
    assert!(begins(&vacancy("a", "http://127.0.0.1:2/api/v1/c", "sd_one")));
    let never_began = vacancy("c", NOWHERE, "sd_three");
    assert!(begins(&never_began));
    drop(never_began);
    assert!(begins(&vacancy("c", NOWHERE, "sd_three")));
}
