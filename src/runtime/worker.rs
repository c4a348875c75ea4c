//! Carries out the app's requests: drives the scheduler by the clock and answers with messages.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::save;
use crate::answer::{Answer, Network};
use crate::api::budget::Pace;
use crate::api::client::Client;
use crate::api::error::{ApiError, Cause};
use crate::api::schedule::{JobId, Next, Scheduler};
use crate::api::transport::TransportError;
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::query::Request;

/// Milliseconds from which a stop by the budget is worth showing; a shorter one is over before it
/// is read.
const WORTH_SHOWING: u64 = 1_000;

/// Carries out `Fetch` and `Cancel` until the channel of effects closes, or nobody takes messages
/// any more. Every other effect is somebody else's.
///
/// Every ticket gets exactly one `Msg::Answered`, unless it is cancelled before.
pub async fn run(client: Client, effects: UnboundedReceiver<Effect>, messages: Sender<Msg>) {
    run_at(Pace::Metered, client, effects, messages).await;
}

/// As [`run`], at a pace of one's choice: a server of one's own may have no limit.
pub async fn run_at(
    pace: Pace,
    client: Client,
    effects: UnboundedReceiver<Effect>,
    messages: Sender<Msg>,
) {
    let send = move |request: Request| {
        let client = client.clone();
        async move { client.send(&request).await }
    };
    let scheduler = Scheduler::new(pace, fastrand::u64(..));
    Worker::new(scheduler, send, messages).run(effects).await;
}

type Outcome = Result<Answer, ApiError>;

/// A request under way.
struct Flight {
    job: JobId,
    request: Request,
    task: AbortHandle,
}

struct Worker<S> {
    scheduler: Scheduler,
    send: S,
    messages: Sender<Msg>,
    tasks: JoinSet<Outcome>,
    flights: Vec<Flight>,
    began: Instant,
    shown: Option<Shown>,
}

/// Nobody takes messages any more.
struct Deaf;

impl<S, F> Worker<S>
where
    S: Fn(Request) -> F,
    F: Future<Output = Outcome> + Send + 'static,
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
        }
    }

    async fn run(mut self, mut effects: UnboundedReceiver<Effect>) {
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
            Effect::Save(path, text) => {
                // A disk may hang as a network does.
                let messages = self.messages.clone();
                tokio::task::spawn_blocking(move || {
                    let result = save::save(&path, &text).map_err(|error| save::why(&error));
                    // Nobody may be left to be told.
                    let _told = messages.blocking_send(Msg::Saved(path, result));
                });
            }
            Effect::Keep(_)
            | Effect::Switch(_)
            | Effect::Copy(_)
            | Effect::Suspend
            | Effect::Retake
            | Effect::Redraw
            | Effect::Quit => {}
        }
    }

    /// Does all that can be done now; gives the time at which there is more to do.
    async fn advance(&mut self) -> Result<Option<u64>, Deaf> {
        let mut answers = Vec::new();
        let wake = loop {
            let now = self.now();
            match self.scheduler.next(now) {
                Next::Answer(ticket, answer) => answers.push(Msg::Answered(ticket, answer)),
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
        let task = self.tasks.spawn(async move {
            attempt.await.unwrap_or_else(|_elapsed| {
                Err(ApiError::new(&asked, Cause::Transport(TransportError::Timeout)))
            })
        });
        self.flights.push(Flight { job, request, task });
    }

    /// A task ended: by itself, aborted, or by a panic.
    fn land(&mut self, ended: Result<(Id, Outcome), JoinError>) {
        let id = match &ended {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some(at) = self.flights.iter().position(|flight| flight.task.id() == id) else {
            return;
        };
        let flight = self.flights.swap_remove(at);
        let outcome = match ended {
            Ok((_, outcome)) => outcome,
            Err(_broken) => Err(ApiError::new(&flight.request, Cause::Internal)),
        };
        let now = self.now();
        self.scheduler.finished(flight.job, outcome, now);
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
            self.shown = Some(shown);
            self.messages.send(Msg::Network(network)).await.map_err(|_closed| Deaf)?;
        }
        Ok(())
    }
}

/// A stop that is over before it is read is not told at all.
fn worth_showing(network: Network) -> Network {
    let closed_for = network.closed_for.filter(|wait| *wait >= WORTH_SHOWING);
    Network { closed_for, ..network }
}

/// What the footer shows of the network, with times that do not change by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    limit: u32,
    remaining: u32,
    closed_until: Option<u64>,
    offline_until: Option<u64>,
}

impl Shown {
    fn of(network: Network, now: u64) -> Self {
        Self {
            limit: network.limit,
            remaining: network.remaining,
            closed_until: network.closed_for.map(|wait| now + wait),
            // A probe that may leave at once stays so, however long nobody asks for anything.
            offline_until: network.offline_for.map(|wait| if wait == 0 { 0 } else { now + wait }),
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
