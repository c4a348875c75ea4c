//! Carries out the app's requests: drives the scheduler by the clock and answers with messages.

pub mod shown;

use std::future::Future;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use shown::{Shown, worth_showing};
use tokio::sync::mpsc::{Sender, UnboundedReceiver, channel};
use tokio::sync::{oneshot, watch};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use crate::domain::watched::watched_task;
use crate::net::budget::Pace;
use crate::net::client::{Client, Exchange};
use crate::net::courier::{Bond, Courier};
use crate::net::error::{ApiError, Cause};
use crate::net::log::Log;
use crate::net::request::Request;
use crate::net::schedule::{Finished, JobId, Next, Scheduler};
use crate::net::transport::TransportError;
use crate::state::save;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::terminal::link::{Opener, opened};

/// What the worker touches besides the network; nothing by default.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Gets a line for each request and for what was decided.
    pub log: Log,
    pub opener: Opener,
}

/// Somebody who asks: where the effects come from, and where the messages go.
#[derive(Debug)]
pub struct Desk {
    /// What is asked for, until this closes.
    pub effects: UnboundedReceiver<Effect>,
    /// Gets the answers, until nobody takes them any more.
    pub messages: Sender<Msg>,
    /// Dropped when the worker is done with this desk.
    pub done: oneshot::Sender<()>,
}

/// Carries out `Fetch` and `Cancel` until the channel of effects closes, or nobody takes messages
/// any more. Every other effect is somebody else's.
///
/// Every ticket gets exactly one `Msg::Answered`, unless it is cancelled before.
pub async fn run(client: Client, effects: UnboundedReceiver<Effect>, messages: Sender<Msg>) {
    run_in(World::default(), Pace::Metered, client, effects, messages).await;
}

/// As [`run`], with more of the world in reach and at a pace of one's choice: a server of one's own
/// may have no limit.
pub async fn run_in(
    world: World,
    pace: Pace,
    client: Client,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let bond = Bond::to(Courier::Customer(client));
    let scheduler = Scheduler::new(pace, fastrand::u64(..));
    let worker = Worker::new(scheduler, move |request| bond.exchange(request), messages);
    Worker { world, ..worker }.run(effects).await;
}

/// As [`run_in`], for one desk after the other: the budget and the gate are the customer's, whoever
/// asks and with which client. Ends when no desk can come any more.
pub async fn serve(world: World, pace: Pace, bond: Bond, desks: UnboundedReceiver<Desk>) {
    let idle = bond.idle.clone();
    let scheduler = Scheduler::new(pace, fastrand::u64(..));
    let worker = Worker::new(scheduler, move |request| bond.exchange(request), nobody());
    Worker { world, idle, ..worker }.serve(desks).await;
}

/// The way of messages while no desk is served.
fn nobody() -> Sender<Msg> {
    channel(1).0
}

struct Flight {
    job: JobId,
    request: Request,
    task: AbortHandle,
    /// When it left, in milliseconds since the worker began.
    left: u64,
}

struct Worker<S> {
    scheduler: Scheduler,
    send: S,
    messages: Sender<Msg>,
    tasks: JoinSet<Exchange>,
    flights: Vec<Flight>,
    began: Instant,
    shown: Option<Shown>,
    world: World,
    /// Tells from when on a new worker would do as well.
    idle: watch::Sender<Option<Instant>>,
}

struct Deaf;

impl<S, F> Worker<S>
where
    S: Fn(Request) -> F,
    F: Future + Send + 'static,
    F::Output: Into<Exchange>,
{
    fn new(scheduler: Scheduler, send: S, messages: Sender<Msg>) -> Self {
        Self {
            scheduler,
            send,
            messages,
            tasks: JoinSet::new(),
            flights: Vec::new(),
            began: Instant::now(),
            shown: None,
            world: World::default(),
            idle: watch::Sender::new(None),
        }
    }

    async fn run(mut self, effects: UnboundedReceiver<Effect>) {
        self.work(effects).await;
    }

    async fn serve(mut self, mut desks: UnboundedReceiver<Desk>) {
        while let Some(desk) = self.next_desk(&mut desks).await {
            self.idle.send_replace(None);
            self.messages = desk.messages;
            self.shown = None;
            // Whoever comes back may have changed something.
            self.scheduler.resume();
            self.work(desk.effects).await;
            self.scheduler.leave();
            self.messages = nobody();
            drop(desk.done);
        }
    }

    /// Waits for a desk; what is under way meanwhile still tells of the limit.
    async fn next_desk(&mut self, desks: &mut UnboundedReceiver<Desk>) -> Option<Desk> {
        loop {
            let from = self.scheduler.as_new_from(self.now());
            self.idle.send_replace(from.map(|at| self.began + Duration::from_millis(at)));
            tokio::select! {
                desk = desks.recv() => return desk,
                Some(ended) = self.tasks.join_next_with_id() => self.land(ended),
            }
        }
    }

    async fn work(&mut self, mut effects: UnboundedReceiver<Effect>) {
        loop {
            let Ok(wake) = self.advance().await else { return };
            let wake = wake.map(|at| self.began + Duration::from_millis(at));
            tokio::select! {
                // What was cancelled must not be answered, so effects go first.
                biased;
                effect = effects.recv() => {
                    let Some(effect) = effect else { return };
                    self.carry_out(effect);
                    while let Ok(effect) = effects.try_recv() {
                        self.carry_out(effect);
                    }
                }
                Some(ended) = self.tasks.join_next_with_id() => self.land(ended),
                () = until(wake) => {}
                () = self.messages.closed() => return,
            }
        }
    }

    /// Milliseconds since the worker began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(ticket, priority, request) => {
                let now = self.now();
                self.scheduler.submit(ticket, priority, request, now);
            }
            Effect::Cancel(ticket) => {
                let unwanted = self.scheduler.cancel(ticket);
                if let Some(flight) = self.flights.iter().find(|f| Some(f.job) == unwanted) {
                    flight.task.abort();
                }
            }
            Effect::Hurry(ticket) => {
                let now = self.now();
                self.scheduler.hurry(ticket, now);
            }
            Effect::TryAgain => self.scheduler.resume(),
            Effect::Open(link) => {
                let (messages, opener) = (self.messages.clone(), self.world.opener.clone());
                tokio::task::spawn_blocking(move || {
                    if let Some(told) = opened(&opener, &link) {
                        // Nobody may be left to be told.
                        let _told = messages.blocking_send(Msg::Told(told));
                    }
                });
            }
            Effect::Save(path, text) => {
                self.save(path, move |out| out.write_all(text.as_bytes()));
            }
            Effect::SaveRows(path, rows) => self.save(path, move |mut out| rows.write(&mut out)),
            Effect::Arrange(tab, job) => {
                let messages = self.messages.clone();
                tokio::spawn(async move {
                    let made = tokio::task::spawn_blocking(move || Box::new(job.run())).await;
                    // Nobody may be left to be told.
                    let _told = messages.send(Msg::Arranged(tab, made.ok())).await;
                });
            }
            Effect::Keep(_)
            | Effect::Switch(_)
            | Effect::Copy(_)
            | Effect::Mouse(_)
            | Effect::Suspend
            | Effect::Retake
            | Effect::Redraw
            | Effect::Quit => {}
        }
    }

    /// Writes a file beside all else: a disk may hang as a network does.
    fn save(
        &self,
        path: PathBuf,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
    ) {
        let messages = self.messages.clone();
        tokio::task::spawn_blocking(move || {
            let result = save::save(&path, write).map_err(|error| save::why(&error));
            // Of use in another shell, too, whose folder may be another.
            let path = std::path::absolute(&path).unwrap_or(path);
            // Nobody may be left to be told.
            let _told = messages.blocking_send(Msg::Saved(path, result));
        });
    }

    /// Does all that can be done now; gives the time at which there is more to do.
    async fn advance(&mut self) -> Result<Option<u64>, Deaf> {
        let mut answers = Vec::new();
        let wake = loop {
            let now = self.now();
            match self.scheduler.next(now) {
                Next::Response(ticket, answer) => answers.push(Msg::Answered(ticket, answer)),
                Next::Start { job, request, within } => self.start(job, request, within),
                Next::WaitUntil(at) => break Some(at),
                Next::Idle => break None,
            }
        };
        // First the footer: the loop takes both together and draws once.
        self.show_network(!answers.is_empty()).await?;
        for answer in answers {
            self.messages.send(answer).await.map_err(|_closed| Deaf)?;
        }
        Ok(wake)
    }

    fn start(&mut self, job: JobId, request: Request, within: u64) {
        let attempt = timeout(Duration::from_millis(within), (self.send)(request.clone()));
        let asked = request.clone();
        // A panic is this request's failure; the others go on.
        let task = self.tasks.spawn(watched_task(async move {
            let timeout = |_elapsed| {
                Err(ApiError::new(&asked, Cause::Transport(TransportError::Timeout))).into()
            };
            attempt.await.map_or_else(timeout, Into::into)
        }));
        let left = self.now();
        self.flights.push(Flight { job, request, task, left });
    }

    /// A task ended: by itself, aborted, or by a panic.
    fn land(&mut self, ended: Result<(Id, Exchange), JoinError>) {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(at) = self.flights.iter().position(|flight| flight.task.id() == id) else {
            return;
        };
        let flight = self.flights.swap_remove(at);
        let Exchange { outcome, status, bytes, .. } = match ended {
            Ok((_, exchange)) => exchange,
            Err(_broken) => Err(ApiError::new(&flight.request, Cause::Internal)).into(),
        };
        let now = self.now();
        let failed = outcome.as_ref().err().map(|error| error.cause.in_the_log());
        let finished = self.scheduler.finished(flight.job, outcome, now);
        self.world.log.line(|| {
            let (path, took) = (flight.request.endpoint(), now - flight.left);
            let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
            let decided = match finished {
                Finished::Done => "done".to_owned(),
                Finished::Retried(at) => format!("again in {} ms", at.saturating_sub(now)),
                Finished::Unwanted => "nobody waits any more".to_owned(),
            };
            let failed = failed.map(|why| format!("{why}, ")).unwrap_or_default();
            let method = flight.request.method();
            format!("{method} {path} {status} {took} ms {bytes} B: {failed}{decided}")
        });
    }

    /// Tells what the footer shows, if that has changed enough; the number of requests left only
    /// with an answer, since the screen is drawn then anyway.
    async fn show_network(&mut self, with_answer: bool) -> Result<(), Deaf> {
        let now = self.now();
        let network = worth_showing(self.scheduler.network(now));
        let shown = Shown::of(network, now);
        let is_new = self.shown.is_none_or(|before| {
            let same_count = before.remaining == shown.remaining || !with_answer;
            !same_count || Shown { remaining: before.remaining, ..shown } != before
        });
        if is_new {
            self.log_network(shown, now);
            self.shown = Some(shown);
            self.messages.send(Msg::Network(network)).await.map_err(|_closed| Deaf)?;
        }
        Ok(())
    }
}

impl<S> Worker<S> {
    /// Notes when the gate closes or opens, and when the server is out of reach or back.
    fn log_network(&self, shown: Shown, now: u64) {
        let before = self.shown.map(|shown| (shown.closed_until, shown.offline_until));
        let (closed_before, offline_before) = before.unwrap_or_default();
        let wait = |until: u64| until.saturating_sub(now);
        if shown.closed_until != closed_before {
            self.world.log.line(|| match shown.closed_until {
                Some(until) => format!("limit: nothing leaves for {} ms", wait(until)),
                None => "limit: requests leave again".to_owned(),
            });
        }
        if shown.offline_until != offline_before {
            self.world.log.line(|| match shown.offline_until {
                Some(until) => format!("offline: next try in {} ms", wait(until)),
                None => "offline no more".to_owned(),
            });
        }
    }
}

async fn until(wake: Option<Instant>) {
    match wake {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
