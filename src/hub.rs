//! Loads the figures and penalties of many customers at once, and what commands print. Each customer has its own task,
//! token, requests and budget; a task reports only under the profile that it was started for.

pub mod changes;
pub mod each;
pub mod find;
mod jobs;
mod load;
pub mod output;
mod owners;
pub mod pages;
pub mod penalties;
pub mod pool;
pub mod profiles;
pub mod report;
pub mod reports;
pub mod worklist;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;

use crate::clock::Clock;
use crate::conciliation::Conciliation;
use crate::config::Session;
use crate::config::profile::Settings;
use crate::customers::state::{CustomerRow, RowState, Trouble};
use crate::customers::summary::Summary;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Failure, Kind};
use crate::filter::query::LARGEST_PAGE;
use crate::hub::pool::SharedPool;
use crate::net::target::Target;
use crate::state::Store;

pub use load::internal;

use jobs::{Access, Account, Connector, Desk, Job, LastToken, Work};
use penalties::Penalties;

/// The most rows of one list that are loaded for the figures of a customer.
pub const MOST_ROWS: usize = load::MOST_REQUESTS * LARGEST_PAGE as usize;

/// Chosen by whoever starts a job, and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// Whether a program that may prompt can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlock {
    NotAsked,
    /// The user asked for it.
    ByUser,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HubCommand {
    /// Loads the figures of a profile. Ends with [`News::Summary`] or [`News::Trouble`].
    Load { job: JobId, profile: String, unlock: Unlock },
    /// Asks each profile for a booking that may have one of these references. The first one that has
    /// it ends the search with [`News::Found`], else all with [`News::NotFound`].
    Find { job: JobId, profiles: Vec<String>, references: Vec<String> },
    /// Loads the penalties of a profile and the decisions about them. Ends with [`News::Penalties`] or
    /// [`News::Trouble`].
    Penalties { job: JobId, profile: String },
    /// Loads a booking of a profile. Ends with [`News::Evidence`] or [`News::Trouble`].
    Evidence { job: JobId, profile: String, reference: String },
    /// Sends no further request of this job and reports nothing more about it.
    Cancel(JobId),
    /// Cancels all jobs of a profile, so that another session of the customer can start at once.
    Release(String),
}

#[derive(Debug, Clone)]
pub struct HubEvent {
    pub job: JobId,
    pub profile: String,
    pub news: News,
}

#[derive(Debug, Clone)]
pub enum News {
    /// The token was read, so the server is known.
    Connected {
        environment: String,
        is_production: bool,
    },
    Summary(Box<Summary>),
    Penalties(Box<Penalties>),
    /// The booking with this reference, or why it could not be loaded.
    Evidence(String, Result<Box<Conciliation>, Failure>),
    Trouble(Trouble),
    /// The booking belongs to the profile of the event; with the reference that its server knows.
    Found(String),
    /// With the profiles that could not be asked, and why.
    NotFound(Vec<(String, Trouble)>),
}

impl HubEvent {
    /// Applies the news to the row of its profile. Figures of another customer are never accepted, and
    /// figures stay if they cannot be loaded again.
    pub fn apply(self, row: &mut CustomerRow) {
        if self.profile != row.profile {
            return;
        }
        let trouble = match self.news {
            News::Connected { environment, is_production } => {
                (row.environment, row.is_production) = (environment, is_production);
                if row.state == RowState::Queued {
                    row.state = RowState::Loading;
                }
                return;
            }
            News::Summary(summary) if summary.customer == CustomerKey::of_profile(&row.profile) => {
                row.state = RowState::Ready(summary);
                return;
            }
            News::Found(_) | News::NotFound(_) | News::Penalties(_) | News::Evidence(..) => return,
            News::Summary(_) => load::internal(),
            News::Trouble(trouble) => trouble,
        };
        row.state = match std::mem::replace(&mut row.state, RowState::Queued) {
            RowState::Ready(old) | RowState::Reloading(old) | RowState::Stale(old, _) => {
                RowState::Stale(old, trouble)
            }
            RowState::Queued | RowState::Loading | RowState::Failed(_) => RowState::Failed(trouble),
        };
    }
}

impl News {
    /// Returns `true` if its job reports nothing more.
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Connected { .. })
    }

    /// Returns `true` if the server did not accept the token.
    fn is_refused(&self) -> bool {
        match self {
            Self::Trouble(trouble) => matches!(trouble, Trouble::Refused(_)),
            Self::Evidence(_, Err(failure)) => failure.kind == Kind::Access,
            _ => false,
        }
    }
}

/// Runs the jobs. Must be used on a runtime. Dropping it cancels them.
pub struct Hub {
    desk: Arc<Desk>,
    jobs: HashMap<JobId, (String, AbortHandle)>,
    /// The tokens that users have unlocked, by profile.
    access: HashMap<String, Arc<OnceLock<Access>>>,
    /// The tokens of other profiles, by profile.
    tokens: HashMap<String, Arc<LastToken>>,
    sender: UnboundedSender<HubEvent>,
    events: UnboundedReceiver<HubEvent>,
}

impl Hub {
    pub fn new(settings: Settings, store: Option<Store>, pool: SharedPool, clock: Clock) -> Self {
        let connect: Connector = Arc::new(move |customer, target, payments| {
            let pool = pool.clone();
            Box::pin(async move { pool.connect(customer, target, payments).await })
        });
        Self::with(Desk::new(settings, store, connect, clock))
    }

    fn with(desk: Desk) -> Self {
        let (sender, events) = unbounded_channel();
        let (jobs, access, tokens) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { desk: Arc::new(desk), jobs, access, tokens, sender, events }
    }

    /// Uses these settings for all further jobs. Returns the profiles whose server or token is another
    /// now: what is known about them belongs to another customer. Other unlocked tokens stay.
    pub fn follow(&mut self, settings: Settings) -> Vec<String> {
        let changed = self.desk.changed(&settings);
        self.access.retain(|profile, _| !changed.contains(profile));
        self.tokens.retain(|profile, _| !changed.contains(profile));
        self.desk = Arc::new(self.desk.following(settings));
        changed
    }

    pub fn run(&mut self, command: HubCommand) {
        match command {
            HubCommand::Load { job, profile, unlock } => {
                self.start(job, profile, unlock, Work::Figures);
            }
            HubCommand::Penalties { job, profile } => {
                self.start(job, profile, Unlock::NotAsked, Work::Penalties);
            }
            HubCommand::Evidence { job, profile, reference } => {
                self.start(job, profile, Unlock::NotAsked, Work::Booking(reference));
            }
            HubCommand::Find { job, profiles, references } => {
                self.find(job, &profiles, references);
            }
            HubCommand::Cancel(job) => {
                if let Some((_, task)) = self.jobs.remove(&job) {
                    task.abort();
                }
            }
            HubCommand::Release(profile) => {
                self.tokens.remove(&profile);
                self.jobs.retain(|_, (own, task)| {
                    if *own == profile {
                        task.abort();
                    }
                    *own != profile
                });
            }
        }
    }

    fn start(&mut self, id: JobId, profile: String, unlock: Unlock, work: Work) {
        if unlock == Unlock::ByUser {
            // The user asked again: what was known may be out of date.
            self.access.remove(&profile);
        }
        let (account, events) = (self.account(&profile, unlock), self.sender.clone());
        let job = Job { id, account, work, events };
        self.jobs.insert(id, (profile, tokio::spawn(job.run()).abort_handle()));
    }

    fn find(&mut self, job: JobId, profiles: &[String], references: Vec<String>) {
        let search = self.search(profiles, references);
        let events = self.sender.clone();
        let task = tokio::spawn(async move {
            let (profile, news) = match search.await {
                Ok(located) => (located.profile, News::Found(located.reference)),
                Err(troubles) => (String::new(), News::NotFound(troubles)),
            };
            // Nobody listens while the program ends.
            let _ = events.send(HubEvent { job, profile, news });
        });
        self.jobs.insert(job, (String::new(), task.abort_handle()));
    }

    fn account(&mut self, profile: &str, unlock: Unlock) -> Account {
        let access = Arc::clone(self.access.entry(profile.to_owned()).or_default());
        let last = Arc::clone(self.tokens.entry(profile.to_owned()).or_default());
        Account { profile: profile.to_owned(), unlock, access, last, desk: Arc::clone(&self.desk) }
    }

    /// Uses the token that the user has unlocked.
    pub fn unlocked(&mut self, profile: &str, target: Target, session: Session) {
        let token = (target.without_token_refresh(), session);
        let access = Access::Unlocked(Box::new(token));
        self.access.insert(profile.to_owned(), Arc::new(OnceLock::from(access)));
    }

    /// The user asked to run the program of a token, and it failed.
    fn unlock_failed(&mut self, profile: &str, why: Trouble) {
        self.access.insert(profile.to_owned(), Arc::new(OnceLock::from(Access::Failed(why))));
    }

    /// The next event of a job that was not cancelled.
    pub async fn next(&mut self) -> Option<HubEvent> {
        loop {
            let event = self.events.recv().await?;
            if let Some(event) = self.of_running_job(event) {
                return Some(event);
            }
        }
    }

    pub fn try_next(&mut self) -> Option<HubEvent> {
        loop {
            let event = self.events.try_recv().ok()?;
            if let Some(event) = self.of_running_job(event) {
                return Some(event);
            }
        }
    }

    /// An event may have been sent just before its job was cancelled.
    fn of_running_job(&mut self, event: HubEvent) -> Option<HubEvent> {
        let is_running = self.jobs.contains_key(&event.job);
        if event.news.is_refused() {
            self.tokens.remove(&event.profile);
        }
        if event.news.is_last() {
            self.jobs.remove(&event.job);
        }
        is_running.then_some(event)
    }
}

impl fmt::Debug for Hub {
    /// Without tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("jobs", &self.jobs.keys()).finish_non_exhaustive()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.jobs.values().for_each(|(_, task)| task.abort());
    }
}

#[cfg(test)]
mod tests;
