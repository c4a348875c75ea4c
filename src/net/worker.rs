//! Runs commands: drives the scheduler by the clock and reports events.

use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use crate::domain::watched::watched_task;
use crate::list::Host;
use crate::net::client::{Client, Exchange};
use crate::net::error::{ApiError, Cause};
use crate::net::log::Log;
use crate::net::request::{NetCommand, Request};
use crate::net::response::{NetEvent, NetState};
use crate::net::schedule::{Finished, Next, RequestId, Scheduler};
use crate::net::transport::TransportError;

/// Milliseconds of the shortest wait that the header shows.
const WORTH_SHOWING: u64 = 1_000;

pub type Exchanger =
    Box<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Exchange> + Send>> + Send + Sync>;

pub fn exchanger(client: Client) -> Exchanger {
    Box::new(move |request| {
        let client = client.clone();
        Box::pin(async move { client.exchange(&request).await })
    })
}

/// The requests and events of a worker while one customer is shown.
pub struct WorkerSession {
    pub exchange: Exchanger,
    pub commands: UnboundedReceiver<NetCommand>,
    /// Every ticket gets exactly one [`NetEvent::Response`], unless it is cancelled before.
    pub events: Sender<NetEvent>,
    /// The log of this customer.
    pub log: Log,
}

struct InFlight {
    id: RequestId,
    request: Request,
    task: AbortHandle,
    /// In milliseconds since the worker started.
    sent_at: u64,
    /// Of the session that sent it, which may have ended since.
    log: Log,
}

/// Serves sessions one after another; they share the budget and the breaker of the customer.
pub struct Worker {
    pub host: Host,
    scheduler: Scheduler,
    log: Log,
    tasks: JoinSet<Exchange>,
    flights: Vec<InFlight>,
    began: Instant,
    shown: Option<Shown>,
    idle: watch::Sender<Option<Instant>>,
}

impl Worker {
    pub fn new(host: Host, scheduler: Scheduler, log: Log) -> Self {
        Self {
            host,
            scheduler,
            log,
            tasks: JoinSet::new(),
            flights: Vec::new(),
            began: Instant::now(),
            shown: None,
            idle: watch::Sender::new(None),
        }
    }

    pub fn log(&self) -> Log {
        self.log.clone()
    }

    pub fn idle(&self) -> watch::Receiver<Option<Instant>> {
        self.idle.subscribe()
    }

    pub async fn serve(mut self, mut sessions: UnboundedReceiver<WorkerSession>) {
        while let Some(session) = self.next_session(&mut sessions).await {
            self.idle.send_replace(None);
            self.shown = None;
            self.log = session.log.clone();
            // The token may have been replaced since.
            self.scheduler.resume();
            self.work(session).await;
            self.scheduler.abandon_session();
        }
    }

    /// Waits for a session; responses of the previous one still count toward the rate limit.
    async fn next_session(
        &mut self,
        sessions: &mut UnboundedReceiver<WorkerSession>,
    ) -> Option<WorkerSession> {
        loop {
            let from = self.scheduler.idle_from(self.now());
            self.idle.send_replace(from.map(|at| self.began + Duration::from_millis(at)));
            tokio::select! {
                session = sessions.recv() => return session,
                Some(ended) = self.tasks.join_next_with_id() => self.land(ended),
            }
        }
    }

    async fn work(&mut self, mut session: WorkerSession) {
        while let Ok(wake) = self.advance(&session).await {
            let at = self.began + Duration::from_millis(wake.unwrap_or_default());
            tokio::select! {
                // Commands first: a cancelled request must not be answered.
                biased;
                command = session.commands.recv() => {
                    let Some(command) = command else { return };
                    self.carry_out(command);
                    while let Ok(command) = session.commands.try_recv() {
                        self.carry_out(command);
                    }
                }
                Some(ended) = self.tasks.join_next_with_id() => self.land(ended),
                () = sleep_until(at), if wake.is_some() => {}
                () = session.events.closed() => return,
            }
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn carry_out(&mut self, command: NetCommand) {
        let now = self.now();
        match command {
            NetCommand::Send(ticket, priority, request) => {
                self.scheduler.submit(ticket, priority, request, now);
            }
            NetCommand::Cancel(ticket) => {
                let cancelled = self.scheduler.cancel(ticket);
                if let Some(flight) = self.flights.iter().find(|f| Some(f.id) == cancelled) {
                    flight.task.abort();
                }
            }
            NetCommand::Promote(ticket) => self.scheduler.promote(ticket, now),
            NetCommand::RetryCredential => self.scheduler.resume(),
        }
    }

    async fn advance(
        &mut self,
        session: &WorkerSession,
    ) -> Result<Option<u64>, SendError<NetEvent>> {
        let mut answers = Vec::new();
        let wake = loop {
            let now = self.now();
            match self.scheduler.next(now) {
                Next::Response(ticket, answer) => answers.push(NetEvent::Response(ticket, answer)),
                Next::Start { id, request, within } => self.start(session, id, request, within),
                Next::WaitUntil(at) => break Some(at),
                Next::Idle => break None,
            }
        };
        // The state first: the event loop handles both together and draws once.
        for event in self.new_state(!answers.is_empty()).into_iter().chain(answers) {
            session.events.send(event).await?;
        }
        Ok(wake)
    }

    fn start(&mut self, session: &WorkerSession, id: RequestId, request: Request, within: u64) {
        let attempt = timeout(Duration::from_millis(within), (session.exchange)(request.clone()));
        let asked = request.clone();
        // A panic fails this request only.
        let task = self.tasks.spawn(watched_task(async move {
            let timeout = |_elapsed| {
                Err(ApiError::new(&asked, Cause::Transport(TransportError::Timeout))).into()
            };
            attempt.await.unwrap_or_else(timeout)
        }));
        let sent_at = self.now();
        let log = session.log.clone();
        self.flights.push(InFlight { id, request, task, sent_at, log });
    }

    fn land(&mut self, ended: Result<(Id, Exchange), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(at) = self.flights.iter().position(|flight| flight.task.id() == id) else {
            return;
        };
        let flight = self.flights.swap_remove(at);
        let Exchange { outcome, status, remaining, bytes, .. } = match ended {
            Ok((_, exchange)) => exchange,
            Err(_broken) => Err(ApiError::new(&flight.request, Cause::Internal)).into(),
        };
        let now = self.now();
        let failed = outcome.as_ref().err().map(|error| error.cause.in_the_log());
        if let Some(remaining) = remaining {
            self.scheduler.note_remaining(flight.id, remaining, now);
        }
        let finished = self.scheduler.finished(flight.id, outcome, now);
        flight.log.line(|| {
            let (path, took) = (flight.request.endpoint(), now - flight.sent_at);
            let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
            let decided = match finished {
                Finished::Done => "done".to_owned(),
                Finished::Retried(at) => format!("retry in {} ms", at.saturating_sub(now)),
                Finished::Cancelled => "cancelled".to_owned(),
            };
            let failed = failed.map(|why| format!("{why}, ")).unwrap_or_default();
            let method = flight.request.method();
            format!("{method} {path} {status} {took} ms {bytes} B: {failed}{decided}")
        });
    }

    /// The network state, if it changed; a change of the request counts alone waits for a response.
    fn new_state(&mut self, with_response: bool) -> Option<NetEvent> {
        let now = self.now();
        let network = worth_showing(self.scheduler.network(now));
        let shown = Shown::of(network, now);
        let is_same = self.shown.is_some_and(|before| {
            let (ready, left) = (before.ready, before.left);
            let is_same_count = (ready, left) == (shown.ready, shown.left) || !with_response;
            is_same_count && Shown { ready, left, ..shown } == before
        });
        if is_same {
            return None;
        }
        self.log_network(shown, now);
        self.shown = Some(shown);
        (self.host == Host::Customer).then_some(NetEvent::State(network))
    }

    fn log_network(&self, shown: Shown, now: u64) {
        let wait = |until: Option<u64>| until.map(|until| until.saturating_sub(now));
        if shown.limited_until != self.shown.and_then(|before| before.limited_until) {
            self.log.line(|| match wait(shown.limited_until) {
                Some(wait) => format!("rate limited for {wait} ms"),
                None => "rate limit has reset".to_owned(),
            });
        }
        if shown.offline_until != self.shown.and_then(|before| before.offline_until) {
            self.log.line(|| match wait(shown.offline_until) {
                Some(wait) => format!("offline: retrying in {wait} ms"),
                None => "online again".to_owned(),
            });
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    ready: u32,
    /// The requests left, and until when they count.
    left: Option<(u32, u64)>,
    limited_until: Option<u64>,
    offline_until: Option<u64>,
}

impl Shown {
    fn of(network: NetState, now: u64) -> Self {
        Self {
            ready: network.ready,
            left: network.left.map(|(requests, counts_for)| (requests, now + counts_for)),
            limited_until: network.limited_for.map(|wait| now + wait),
            // A probe that can be sent now stays so until a request is made.
            offline_until: network.offline_for.map(|wait| if wait == 0 { 0 } else { now + wait }),
        }
    }
}

fn worth_showing(network: NetState) -> NetState {
    let limited_for = network.limited_for.filter(|wait| *wait >= WORTH_SHOWING);
    NetState { limited_for, ..network }
}

#[cfg(test)]
mod tests;
