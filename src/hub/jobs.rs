//! The task of one customer: a free lane, then its token, then its requests.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinSet, spawn_blocking};

use super::load::{internal, summary};
use super::penalties::{booking, penalties};
use super::{HubEvent, JobId, News, Unlock};
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::program::Interactivity;
use crate::config::secret::SecretError;
use crate::config::{ConfigError, Found, Session, find_in};
use crate::customers::state::Trouble;
use crate::domain::customer::CustomerKey;
use crate::domain::text::sanitize;
use crate::domain::watched::{watched, watched_task};
use crate::net::client::PaymentsClients;
use crate::net::router::Router;
use crate::net::target::Target;
use crate::state::Store;

/// Customers that load at once.
pub(super) const LANES: usize = 4;

/// Starts a session with a customer; `None` while the program ends.
pub(super) type Connector = Arc<
    dyn Fn(
            CustomerKey,
            Target,
            PaymentsClients,
        ) -> Pin<Box<dyn Future<Output = Option<Router>> + Send>>
        + Send
        + Sync,
>;

/// What all jobs share.
#[derive(Clone)]
pub(super) struct Desk {
    settings: Arc<Settings>,
    pub(super) store: Option<Store>,
    pub(super) connect: Connector,
    pub(super) clock: Clock,
    /// The lanes: each customer that loads has one.
    pub(super) lanes: Arc<Semaphore>,
    /// One at a time: the files of a customer can be large.
    pub(super) files: Arc<Semaphore>,
}

/// What is known about a token whose program may prompt.
#[derive(Debug)]
pub(super) enum Access {
    Unlocked(Box<(Target, Session)>),
    /// This program needs the terminal.
    Prompts(String),
}

/// A profile, and whether its token can be read.
pub(super) struct Account {
    pub(super) profile: String,
    pub(super) unlock: Unlock,
    pub(super) access: Arc<OnceLock<Access>>,
    pub(super) desk: Arc<Desk>,
}

/// What is loaded.
pub(super) enum Work {
    Figures,
    Penalties,
    Booking(String),
}

pub(super) struct Job {
    pub(super) id: JobId,
    pub(super) account: Account,
    pub(super) work: Work,
    pub(super) events: UnboundedSender<HubEvent>,
}

impl Desk {
    pub(super) fn new(
        settings: Settings,
        store: Option<Store>,
        connect: Connector,
        clock: Clock,
    ) -> Self {
        let (lanes, files) = (Arc::new(Semaphore::new(LANES)), Arc::new(Semaphore::new(1)));
        Self { settings: Arc::new(settings), store, connect, clock, lanes, files }
    }

    /// The profiles whose server or source of the token differs in newer settings.
    pub(super) fn changed(&self, settings: &Settings) -> Vec<String> {
        let differs =
            |name: &String| self.settings.profile(name).ok() != settings.profile(name).ok();
        self.settings.names().into_iter().filter(differs).collect()
    }

    /// The same with lanes of its own, so that a search does not wait for loads.
    pub(super) fn with_own_lanes(&self) -> Self {
        Self { lanes: Arc::new(Semaphore::new(LANES)), ..self.clone() }
    }

    /// The same with newer settings.
    pub(super) fn following(&self, settings: Settings) -> Self {
        Self { settings: Arc::new(settings), ..self.clone() }
    }
}

impl Job {
    /// Reports its end, also after a panic, unless it is aborted.
    pub(super) async fn run(self) {
        let job = Arc::new(self);
        let mut task = JoinSet::new();
        let own = Arc::clone(&job);
        // Aborting this task drops the set, and so aborts the inner one.
        task.spawn(watched_task(async move { own.load().await }));
        let loaded = match task.join_next().await {
            Some(Ok(loaded)) => loaded,
            Some(Err(_)) | None => Err(internal()),
        };
        job.tell(loaded.unwrap_or_else(News::Trouble));
    }

    fn tell(&self, news: News) {
        // Nobody listens while the program ends.
        let profile = self.account.profile.clone();
        let _ = self.events.send(HubEvent { job: self.id, profile, news });
    }

    async fn load(&self) -> Result<News, Trouble> {
        let desk = &self.account.desk;
        let _lane = desk.lanes.acquire().await.map_err(|_closed| internal())?;
        let (target, session) = self.account.token().await?;
        let Session { environment, is_production, customer, .. } = session;
        self.tell(News::Connected { environment, is_production });
        let router = (desk.connect)(customer.clone(), target, PaymentsClients::default()).await;
        let router = router.ok_or_else(internal)?;
        Ok(match &self.work {
            Work::Figures => News::Summary(Box::new(summary(router, customer, desk).await?)),
            Work::Penalties => News::Penalties(Box::new(penalties(router, customer, desk).await?)),
            Work::Booking(reference) => {
                News::Evidence(reference.clone(), booking(router, reference.clone()).await)
            }
        })
    }
}

impl Account {
    /// Reads the token of the profile. Does not run a program that may prompt unless the user asked.
    pub(super) async fn token(&self) -> Result<(Target, Session), Trouble> {
        match self.access.get() {
            Some(Access::Unlocked(known)) => return Ok((**known).clone()),
            Some(Access::Prompts(program)) => return Err(Trouble::Locked(program.clone())),
            None => {}
        }
        let (settings, name) = (Arc::clone(&self.desk.settings), self.profile.clone());
        let unlock = self.unlock;
        let read = spawn_blocking(move || watched(|| read_token(&settings, &name, unlock))).await;
        let read = read.map_err(|_broken| internal())??;
        let unlocked = match read {
            Read::Plain(found) => return Ok((found.target, found.session)),
            Read::Unlocked(found) => (found.target.without_token_refresh(), found.session),
            Read::Prompts(program) => {
                let _ = self.access.set(Access::Prompts(program.clone()));
                return Err(Trouble::Locked(program));
            }
        };
        let _ = self.access.set(Access::Unlocked(Box::new(unlocked.clone())));
        Ok(unlocked)
    }
}

enum Read {
    Plain(Found),
    /// Of a program that may prompt, which must not run again by itself.
    Unlocked(Found),
    Prompts(String),
}

fn read_token(settings: &Settings, name: &str, unlock: Unlock) -> Result<Read, Trouble> {
    let profile = settings.profile(name).map_err(|error| trouble(&error))?;
    if let Some(program) = &profile.prompter
        && unlock == Unlock::NotAsked
    {
        return Err(Trouble::Locked(program.clone()));
    }
    match find_in(settings, name, Interactivity::Background) {
        Ok(found) if profile.prompter.is_some() => Ok(Read::Unlocked(found)),
        Ok(found) => Ok(Read::Plain(found)),
        // The reason, and what to do, if the user asked for it.
        Err(error @ ConfigError::Secret(SecretError::Prompts(_))) if unlock == Unlock::ByUser => {
            Err(trouble(&error))
        }
        Err(ConfigError::Secret(SecretError::Prompts(_))) => {
            let program = profile.source.prompter(Some(true)).unwrap_or_default();
            Ok(Read::Prompts(sanitize(program).into_owned()))
        }
        Err(error) => Err(trouble(&error)),
    }
}

/// On one line, as for a row of a table.
fn trouble(error: &ConfigError) -> Trouble {
    match error {
        ConfigError::Secret(SecretError::NotKept(_)) => Trouble::NoToken,
        other => {
            let text = other.to_string();
            let words: Vec<&str> = text.split_whitespace().collect();
            Trouble::Settings(sanitize(&words.join(" ")).into_owned())
        }
    }
}
