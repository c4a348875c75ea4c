//! A sandbox with an engine on it, whose reads after an answer are milliseconds apart.

use std::sync::Arc;
use std::time::Duration;

use strum::VariantArray;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::unbounded_channel;
use url::Url;
use valora::clock::Clock;
use valora::list::Host;
use valora::net::client::Client;
use valora::net::log::Log;
use valora::net::target::Token;
use valora::payments::write::{Permit, Write};
use valora::sandbox::{ArrivedWrite, Options, Sandbox, WriteFault, WriteFaults};
use valora::state::Store;
use valora::writes::engine::{Engine, Site};
use valora::writes::outcome::{Outcome, Progress};
use valora::writes::permission::Allowed;
use valora::writes::plan::{Answer, Plan};

use crate::common;

pub(crate) const NOTE: &str = "the tenant disputes the amount, ticket 4711";

pub(crate) struct Setup {
    pub(crate) sandbox: Sandbox,
    pub(crate) engine: Engine,
    pub(crate) home: TempDir,
}

/// The id of a payment of the sandbox, by its number.
pub(crate) fn payment(number: usize) -> String {
    format!("8f2dbe69-b68f-4423-bc93-{number:012x}")
}

pub(crate) fn block() -> Write {
    Write::Block { id: payment(1) }
}

impl Setup {
    pub(crate) async fn start() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = common::options();
        options.late_writes = Some(Duration::from_millis(400));
        change(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let engine = engine(&sandbox, &home, sandbox.payments_tokens().admin);
        Self { sandbox, engine, home }
    }

    pub(crate) fn fault(&self, fault: WriteFault) {
        self.sandbox.set_write_faults(&[WriteFaults(fault, 1)]);
    }

    pub(crate) async fn plan(&self, write: Write) -> Plan {
        self.engine.prepare(write).await.unwrap()
    }

    pub(crate) async fn carry_out(&self, plan: &Plan) -> (Outcome, Vec<Progress>) {
        let confirmed = plan.confirm(&Answer::Typed(plan.typed.clone()), NOTE).unwrap();
        let (progress, mut steps) = unbounded_channel();
        let outcome = self.engine.carry_out(confirmed, progress).await.unwrap();
        let mut all = Vec::new();
        while let Some(step) = steps.recv().await {
            all.push(step);
        }
        (outcome, all)
    }

    pub(crate) async fn write(&self, write: Write) -> Outcome {
        let plan = self.plan(write).await;
        self.carry_out(&plan).await.0
    }

    pub(crate) fn writes(&self) -> Vec<ArrivedWrite> {
        self.sandbox.writes()
    }

    pub(crate) fn carried_out(&self) -> usize {
        self.writes().iter().filter(|write| write.is_carried_out).count()
    }
}

/// A server in front of the sandbox: `on_write` ends before the sandbox gets a write. Returns the URL of
/// the Payments API.
pub(crate) async fn in_front(
    sandbox: &Sandbox,
    on_write: impl Fn() + Send + Sync + 'static,
) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url: Url = sandbox.payments_url().parse().unwrap();
    let port = url.port().unwrap();
    let own = listener.local_addr().unwrap().port();
    let on_write = Arc::new(on_write);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let on_write = Arc::clone(&on_write);
            tokio::spawn(async move {
                let mut first = [0];
                // Each write has a connection of its own, so the first method is that of all requests.
                if client.peek(&mut first).await.is_ok_and(|count| count == 1) && first != *b"G" {
                    tokio::task::spawn_blocking(move || on_write()).await.unwrap();
                }
                let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                // Either end may close first.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    url.as_str().replace(&format!(":{port}/"), &format!(":{own}/"))
}

/// An engine of profile `acme` that may do everything.
pub(crate) fn engine(sandbox: &Sandbox, home: &TempDir, token: &str) -> Engine {
    engine_at(&sandbox.payments_url(), home, token)
}

/// The same with another server.
pub(crate) fn engine_at(base: &str, home: &TempDir, token: &str) -> Engine {
    let client: Client = common::side_client(Host::Payments, base, Token::jwt(token).unwrap());
    let site = Site {
        profile: "acme".to_owned(),
        environment: "CUSTOM".to_owned(),
        allowed: Allowed::new(Permit::VARIANTS.iter().copied()),
        store: Store::below(home.path(), home.path()),
        clock: Clock::start(),
        log: Log::default(),
        looks: [0, 30, 60, 100].map(Duration::from_millis).to_vec(),
    };
    Engine::new(client, site)
}
