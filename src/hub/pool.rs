//! The workers of all customers shown so far. The server counts requests per customer, so budget and
//! breaker survive a switch of profiles. A worker without such state ends.

use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use url::Url;

use crate::domain::customer::CustomerKey;
use crate::list::Host;
use crate::list::shape::Choices;
use crate::net::budget::Pace;
use crate::net::client::{Client, PaymentsClients};
use crate::net::log::Log;
use crate::net::response::NetEvent;
use crate::net::router::Router;
use crate::net::schedule::Scheduler;
use crate::net::target::{Target, Token};
use crate::net::worker::{Worker, WorkerSession, exchanger};

#[derive(Debug)]
pub struct Pool {
    log: Log,
    pace: Pace,
    workers: Vec<PooledWorker>,
}

#[derive(Debug)]
struct PooledWorker {
    /// Several if their profiles have the same token.
    members: Vec<Member>,
    host: Host,
    base: Url,
    sessions: UnboundedSender<WorkerSession>,
    /// The time from which a new worker could replace it; `None` while it serves a customer.
    idle: watch::Receiver<Option<Instant>>,
}

/// A customer of a worker. Its client is its own: the source of the token may differ from that of a
/// profile with the same token.
#[derive(Debug)]
struct Member {
    customer: CustomerKey,
    token: Token,
    choices: Choices,
    rereads_token: bool,
    client: Arc<OnceLock<Client>>,
}

impl Member {
    fn new(customer: &CustomerKey, target: &Target) -> Self {
        Self {
            customer: customer.clone(),
            token: target.token.clone(),
            choices: target.choices.clone(),
            rereads_token: target.rereads_token(),
            client: Arc::default(),
        }
    }

    fn fits(&self, target: &Target) -> bool {
        self.token == target.token
            && self.choices == target.choices
            && self.rereads_token == target.rereads_token()
    }
}

impl PooledWorker {
    fn serves(&self, customer: &CustomerKey) -> bool {
        self.members.iter().any(|member| member.customer == *customer)
    }

    /// The client of the customer; a new one if its target is another.
    fn client(&mut self, customer: &CustomerKey, target: &Target) -> Arc<OnceLock<Client>> {
        let found = self.members.iter().position(|member| member.customer == *customer);
        let known = found.map(|at| self.members.swap_remove(at));
        let known = known.filter(|member| member.fits(target));
        let member = known.unwrap_or_else(|| Member::new(customer, target));
        let client = Arc::clone(&member.client);
        self.members.push(member);
        client
    }
}

impl Pool {
    pub fn new(log: Log, pace: Pace) -> Self {
        Self { log, pace, workers: Vec::new() }
    }

    /// Must be called on a runtime. Reports [`NetEvent::Unusable`] if the client cannot be set up.
    pub fn connect(
        &mut self,
        customer: &CustomerKey,
        target: Target,
        payments: PaymentsClients,
    ) -> Router {
        self.workers.retain(|worker| {
            let is_idle = worker.idle.borrow().is_some_and(|from| from <= Instant::now());
            worker.serves(customer) || !is_idle
        });
        let (mut router, events) = Router::without_workers();
        let profile = customer.profile();
        let log = profile.map_or_else(|| self.log.clone(), |profile| self.log.of(&profile));
        let (client, sessions) = self.worker(customer, Host::Customer, &target);
        let session = router.session(Host::Customer, &events, log.clone());
        if let Some(client) = client.get() {
            serve(&sessions, session(exchanger(client.clone())));
        } else {
            let events = events.clone();
            tokio::spawn(async move {
                // Reading the system's certificates takes longer than drawing the first frame.
                match spawn_blocking(move || Client::new(target)).await {
                    Ok(Ok(new)) => {
                        serve(&sessions, session(exchanger(client.get_or_init(|| new).clone())));
                    }
                    Ok(Err(error)) => {
                        let _ = events.send(NetEvent::Unusable(error)).await;
                        events.closed().await;
                    }
                    // A panic ends the program.
                    Err(_broken) => {}
                }
            });
        }
        for client in payments.payments.into_iter().chain(payments.finance) {
            let (host, target) = (client.host, client.target().clone());
            let (newest, sessions) = self.worker(customer, host, &target);
            let client = newest.get_or_init(|| client).clone();
            serve(&sessions, router.session(host, &events, log.clone())(exchanger(client)));
        }
        router
    }

    fn worker(
        &mut self,
        customer: &CustomerKey,
        host: Host,
        target: &Target,
    ) -> (Arc<OnceLock<Client>>, UnboundedSender<WorkerSession>) {
        let token = &target.token;
        let is_there = |it: &PooledWorker| it.host == host && it.base == target.base;
        // Profiles that no longer share a token are two customers.
        for worker in self.workers.iter_mut().filter(|worker| is_there(worker)) {
            let is_other = |member: &Member| member.customer != *customer && member.token != *token;
            if worker.members.iter().any(is_other) {
                worker.members.retain(|member| member.customer != *customer);
            }
        }
        let of_customer = |it: &PooledWorker| is_there(it) && it.serves(customer);
        let of_token = |it: &PooledWorker| {
            is_there(it) && it.members.iter().any(|member| member.token == *token)
        };
        let position = self.workers.iter().position(of_customer);
        let mut worker = match position.or_else(|| self.workers.iter().position(of_token)) {
            Some(at) => self.workers.swap_remove(at),
            None => self.start(host, target.base.clone()),
        };
        let found = (worker.client(customer, target), worker.sessions.clone());
        self.workers.push(worker);
        found
    }

    fn start(&self, host: Host, base: Url) -> PooledWorker {
        let (sessions, arrivals) = unbounded_channel();
        let scheduler = Scheduler::new(self.pace.of(host), fastrand::u64(..));
        let worker = Worker::new(host, scheduler, self.log.clone());
        let idle = worker.idle();
        tokio::spawn(worker.serve(arrivals));
        PooledWorker { members: Vec::new(), host, base, sessions, idle }
    }
}

/// A pool in its own task, for the tasks of several customers. The task ends with the last of these.
#[derive(Debug, Clone)]
pub struct SharedPool(UnboundedSender<Connecting>);

#[derive(Debug)]
struct Connecting {
    customer: CustomerKey,
    target: Target,
    payments: PaymentsClients,
    router: oneshot::Sender<Router>,
}

impl SharedPool {
    /// Must be called on a runtime.
    pub fn start(mut pool: Pool) -> Self {
        let (sender, mut connections) = unbounded_channel::<Connecting>();
        tokio::spawn(async move {
            while let Some(Connecting { customer, target, payments, router }) =
                connections.recv().await
            {
                // Nobody waits for it if its task was aborted; dropping it ends its session.
                let _ = router.send(pool.connect(&customer, target, payments));
            }
        });
        Self(sender)
    }

    /// `None` only while the program ends.
    pub async fn connect(
        &self,
        customer: CustomerKey,
        target: Target,
        payments: PaymentsClients,
    ) -> Option<Router> {
        let (router, connected) = oneshot::channel();
        self.0.send(Connecting { customer, target, payments, router }).ok()?;
        connected.await.ok()
    }
}

fn serve(sessions: &UnboundedSender<WorkerSession>, session: WorkerSession) {
    // Only a panic ends a worker before its pool, and that ends the program.
    let _ = sessions.send(session);
}

#[cfg(test)]
mod tests;
