//! The task of one customer: a free lane, then its token, then its requests.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use super::load::{PATIENCE, Stop, internal, summary};
use super::penalties::{BOOKING, booking, penalties};
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
/// Milliseconds for which bookings use a token that was read: its program may be slow.
const KEPT: u64 = 600_000;

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
    /// The lanes of bookings: the user waits for them, so they do not wait for the loads of lists.
    bookings: Arc<Semaphore>,
    /// One at a time: the files of a customer can be large.
    pub(super) files: Arc<Semaphore>,
}

/// What is known about a token whose program may prompt.
#[derive(Debug)]
pub(super) enum Access {
    Unlocked(Box<(Target, Session)>),
    /// This program needs the terminal, but the settings do not say so.
    Prompts(String),
    /// The user asked to run the program, and it failed.
    Failed(Trouble),
}

/// Why there is no token.
#[derive(Debug)]
pub(super) enum Unread {
    /// As [`Access::Prompts`].
    Prompts(String),
    Trouble(Trouble),
}

impl Unread {
    /// In a dashboard, where the user can run the program.
    fn in_dashboard(self) -> Trouble {
        match self {
            Self::Prompts(program) => Trouble::Locked(program),
            Self::Trouble(trouble) => trouble,
        }
    }

    /// In a command, which runs only programs that the settings name.
    pub(super) fn in_command(self) -> Trouble {
        match self {
            Self::Prompts(program) => Trouble::Settings(format!(
                "{program} prompts for input: set token_command_asks = true in this profile"
            )),
            Self::Trouble(trouble) => trouble,
        }
    }
}

/// A token as it was read, when in milliseconds since the start, and its server.
type Read = (u64, Target, Session);

/// The token of a profile that was read last.
pub(super) struct LastToken(watch::Sender<Option<Box<Read>>>);

impl Default for LastToken {
    fn default() -> Self {
        Self(watch::Sender::new(None))
    }
}

impl LastToken {
    fn keep(&self, read: Read) {
        self.0.send_replace(Some(Box::new(read)));
    }

    fn read_since(&self, oldest: u64) -> Option<(Target, Session)> {
        let kept = self.0.borrow();
        let (_, target, session) = kept.as_deref().filter(|(read, ..)| *read >= oldest)?;
        Some((target.clone(), session.clone()))
    }
}

/// A profile, and whether its token can be read.
pub(super) struct Account {
    pub(super) profile: String,
    pub(super) unlock: Unlock,
    pub(super) access: Arc<OnceLock<Access>>,
    pub(super) last: Arc<LastToken>,
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
        let [lanes, bookings] = [(); 2].map(|()| Arc::new(Semaphore::new(LANES)));
        let files = Arc::new(Semaphore::new(1));
        Self { settings: Arc::new(settings), store, connect, clock, lanes, bookings, files }
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
        let Work::Booking(reference) = &self.work else { return self.load_lists().await };
        // The user has waited since the request, also for the token.
        let loaded = timeout(PATIENCE, self.load_booking(reference)).await;
        loaded.unwrap_or_else(|_elapsed| {
            Ok(News::Evidence(reference.clone(), Err(Stop::Slow.failure(BOOKING))))
        })
    }

    async fn load_lists(&self) -> Result<News, Trouble> {
        let desk = &self.account.desk;
        let _lane = desk.lanes.acquire().await.map_err(|_closed| internal())?;
        let token = self.account.token().await.map_err(Unread::in_dashboard)?;
        let (router, customer) = self.connect(token).await?;
        Ok(match self.work {
            Work::Figures => News::Summary(Box::new(summary(router, customer, desk).await?)),
            _ => News::Penalties(Box::new(penalties(router, customer, desk).await?)),
        })
    }

    async fn load_booking(&self, reference: &str) -> Result<News, Trouble> {
        let account = &self.account;
        let _lane = account.desk.bookings.acquire().await.map_err(|_closed| internal())?;
        let token = account.last_token().await.map_err(Unread::in_dashboard)?;
        let (router, _) = self.connect(token).await?;
        let booking = booking(router, reference.to_owned()).await?;
        Ok(News::Evidence(reference.to_owned(), booking))
    }

    async fn connect(
        &self,
        (target, session): (Target, Session),
    ) -> Result<(Router, CustomerKey), Trouble> {
        let Session { environment, is_production, customer, .. } = session;
        self.tell(News::Connected { environment, is_production });
        let connect = &self.account.desk.connect;
        let router = connect(customer.clone(), target, PaymentsClients::default()).await;
        Ok((router.ok_or_else(internal)?, customer))
    }
}

impl Account {
    /// The token that was read last, so that no program runs for each booking; without one, reads it.
    async fn last_token(&self) -> Result<(Target, Session), Unread> {
        let oldest = self.desk.clock.now().elapsed.saturating_sub(KEPT);
        match self.last.read_since(oldest) {
            Some(known) => Ok(known),
            None => self.token().await,
        }
    }

    /// Reads the token of the profile. Does not run a program that may prompt unless the user asked.
    pub(super) async fn token(&self) -> Result<(Target, Session), Unread> {
        match self.access.get() {
            Some(Access::Unlocked(known)) => return Ok((**known).clone()),
            Some(Access::Prompts(program)) => return Err(Unread::Prompts(program.clone())),
            Some(Access::Failed(trouble)) => return Err(Unread::Trouble(trouble.clone())),
            None => {}
        }
        let (settings, name) = (Arc::clone(&self.desk.settings), self.profile.clone());
        let (unlock, last, clock) = (self.unlock, Arc::clone(&self.last), self.desk.clock);
        let read = spawn_blocking(move || {
            watched(|| {
                let read = read_token(&settings, &name, unlock);
                if let Ok(Source::Plain(Found { target, session, .. })) = &read {
                    // Also if nobody waits for it any more.
                    last.keep((clock.now().elapsed, target.clone(), session.clone()));
                }
                read
            })
        });
        let broken = |_| Unread::Trouble(internal());
        let unlocked = match read.await.map_err(broken)?.map_err(Unread::Trouble)? {
            Source::Plain(found) => return Ok((found.target, found.session)),
            Source::Unlocked(found) => (found.target.without_token_refresh(), found.session),
            Source::Prompts(program) => {
                let _ = self.access.set(Access::Prompts(program.clone()));
                return Err(Unread::Prompts(program));
            }
        };
        let _ = self.access.set(Access::Unlocked(Box::new(unlocked.clone())));
        Ok(unlocked)
    }
}

enum Source {
    Plain(Found),
    /// Of a program that may prompt, which must not run again by itself.
    Unlocked(Found),
    Prompts(String),
}

fn read_token(settings: &Settings, name: &str, unlock: Unlock) -> Result<Source, Trouble> {
    let profile = settings.profile(name).map_err(|error| trouble(&error))?;
    if let Some(program) = &profile.prompter
        && unlock == Unlock::NotAsked
    {
        return Err(Trouble::Locked(program.clone()));
    }
    match find_in(settings, name, Interactivity::Background) {
        Ok(found) if profile.prompter.is_some() => Ok(Source::Unlocked(found)),
        Ok(found) => Ok(Source::Plain(found)),
        // The reason, and what to do, if the user asked for it.
        Err(error @ ConfigError::Secret(SecretError::Prompts(_))) if unlock == Unlock::ByUser => {
            Err(trouble(&error))
        }
        Err(ConfigError::Secret(SecretError::Prompts(_))) => {
            let program = profile.source.prompter(Some(true)).unwrap_or_default();
            Ok(Source::Prompts(sanitize(program).into_owned()))
        }
        Err(error) => Err(trouble(&error)),
    }
}

/// On one line, as for a row of a table.
pub(super) fn trouble(error: &ConfigError) -> Trouble {
    match error {
        ConfigError::Secret(SecretError::NotKept(_)) => Trouble::NoToken,
        other => {
            let text = other.to_string();
            let words: Vec<&str> = text.split_whitespace().collect();
            Trouble::Settings(sanitize(&words.join(" ")).into_owned())
        }
    }
}
