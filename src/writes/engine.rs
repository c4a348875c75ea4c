//! Carries out one write: plan, check, audit log, one request, and the reads that show the result.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use super::log::{AuditLog, Author, Entry, Unresolved};
use super::outcome::{Outcome, Progress};
use super::permission::Allowed;
use super::plan::{Confirmed, NotPlanned, Place, Plan, Who, plan};
use super::reads;
use super::seen::{Fee, Seen, Text};
use crate::clock::Clock;
use crate::net::client::{Client, Sender};
use crate::net::log::Log;
use crate::payments::write::Write;
use crate::state::Store;

mod again;
mod busy;
mod carry;
mod ready;

use busy::Busy;

/// When the deciding reads run after the answer.
pub const LOOKS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];
/// Milliseconds from the confirmation to the request: later, the reads before it are too old.
pub const SENT_WITHIN: u64 = 30_000;
/// The limit of one deciding read.
const READ: Duration = Duration::from_secs(10);

/// The profile whose token is used, and what it allows.
#[derive(Debug, Clone)]
pub struct Site {
    pub profile: String,
    /// `PRODUCTION`, `DEMO`, or the kind of the server.
    pub environment: String,
    pub allowed: Allowed,
    pub store: Store,
    pub clock: Clock,
    /// The log of requests.
    pub log: Log,
    /// When the deciding reads run after the answer, in ascending order.
    pub looks: Vec<Duration>,
}

/// Clones share the state of the write that is under way.
#[derive(Debug, Clone)]
pub struct Engine {
    client: Client,
    site: Arc<Site>,
    audit: AuditLog,
    author: Author,
    busy: Busy,
}

impl Engine {
    /// With the client of the Payments API of the profile.
    pub fn new(client: Client, site: Site) -> Self {
        let audit = AuditLog::of(&site.store, &site.profile);
        Self {
            client,
            site: Arc::new(site),
            audit,
            author: Author::of_process(),
            busy: Busy::default(),
        }
    }

    /// With other times for the reads after an answer.
    #[must_use]
    pub fn with_looks(self, looks: Vec<Duration>) -> Self {
        let site = Site { looks, ..(*self.site).clone() };
        Self { site: Arc::new(site), ..self }
    }

    /// With another audit log than that of its profile.
    #[must_use]
    pub fn with_audit(self, audit: AuditLog) -> Self {
        Self { audit, ..self }
    }

    pub fn allowed(&self) -> &Allowed {
        &self.site.allowed
    }

    pub fn profile(&self) -> &str {
        &self.site.profile
    }

    pub fn audit(&self) -> &AuditLog {
        &self.audit
    }

    /// Writes of this clone are stopped by themselves.
    #[must_use]
    pub fn with_own_stop(&self) -> Self {
        Self { busy: Busy::default(), ..self.clone() }
    }

    /// `PRODUCTION`, `DEMO`, or the kind of the server.
    pub fn environment(&self) -> &str {
        &self.site.environment
    }

    /// The server, as in the audit log.
    pub fn host(&self) -> String {
        let base = &self.client.target().base;
        let host = base.host_str().unwrap_or_default();
        base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns `true` while a write is under way.
    pub fn is_busy(&self) -> bool {
        self.busy.is_busy()
    }

    /// Stops writes that are not sent yet. Returns `false` if one was sent or is being sent: then wait for
    /// its result.
    pub fn stop(&self) -> bool {
        self.busy.stop()
    }

    /// Waits until no write is under way: before the program ends.
    pub async fn idle(&self) {
        self.busy.idle().await;
    }

    /// Reads the object and plans the write. Sends nothing but reads.
    pub async fn prepare(&self, write: Write) -> Result<Plan, NotPlanned> {
        let (mut plan, _sender) = self.planned(write).await?;
        plan.about.extend(self.own_block(&plan).await);
        Ok(plan)
    }

    /// With the token whose owner the plan shows.
    async fn planned(&self, write: Write) -> Result<(Plan, Sender), NotPlanned> {
        let refused = |why: String| NotPlanned::NotAllowed(why);
        write.segments().map_err(refused)?;
        if !self.site.allowed.allows(write.kind()) {
            let (profile, name) = (&self.site.profile, write.kind().permit().name());
            return Err(NotPlanned::NotAllowed(format!(
                "profile {profile} does not allow this; to allow it, add \"{name}\" to writes in \
                 [profile.{profile}.payments] of the settings"
            )));
        }
        let before = self.look(&write).await.map_err(NotPlanned::Unread)?;
        let url = self.client.write_url(&write).map_err(refused)?;
        // After the reads, which may have reread the token.
        let sender = self.client.sender().await.map_err(NotPlanned::Unread)?;
        let place = Place {
            profile: self.site.profile.clone(),
            environment: self.site.environment.clone(),
            url: url.to_string(),
            who: who(&sender),
        };
        let plan = plan(write, before, place, self.site.clock.now().utc)?;
        Ok((plan, sender))
    }

    /// The cancellation of the fees of a booking, by its reference.
    pub async fn fees_of(&self, reference: &str) -> Result<Write, NotPlanned> {
        let fees = reads::fees(&self.client, "sourceRefCode", reference).await;
        let fees = fees.map_err(NotPlanned::Unread)?;
        let is_of_booking = |fee: &Fee| {
            let own = fee.reference.as_ref().map(Text::raw).unwrap_or_default();
            own.eq_ignore_ascii_case(reference.trim())
        };
        if !fees.iter().all(is_of_booking) {
            let why = "the server also listed fees of another booking";
            return Err(NotPlanned::NotOffered(why.into()));
        }
        let mut bookings: Vec<&Text> = fees.iter().filter_map(|fee| fee.booking.as_ref()).collect();
        bookings.sort();
        bookings.dedup();
        match bookings.as_slice() {
            [booking] => Ok(Write::CancelFees { booking: booking.raw().to_owned() }),
            [] => Err(NotPlanned::NotOffered("the booking has no fee among its payments".into())),
            _ => Err(NotPlanned::NotOffered("the fees belong to several bookings".into())),
        }
    }

    /// Starts a confirmed write in a task of its own, which nothing cancels but [`Engine::stop`] and the
    /// end of the program. It is sent within [`SENT_WITHIN`], or not at all. Must be called on a runtime.
    pub fn carry_out(
        &self,
        confirmed: Confirmed,
        progress: UnboundedSender<Progress>,
    ) -> JoinHandle<Outcome> {
        let engine = self.clone();
        let (running, since) = (self.busy.start(), self.site.clock.now());
        tokio::spawn(async move { engine.run(confirmed, &progress, (running, since)).await })
    }

    /// The writes whose result is unknown, oldest first, without those that are under way. A write to
    /// another server than that of this profile cannot be looked up.
    pub async fn unresolved(&self) -> std::io::Result<Vec<Unresolved>> {
        let audit = self.audit.clone();
        let read = spawn_blocking(move || audit.unresolved()).await;
        read.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")))
    }

    async fn look(&self, write: &Write) -> Result<Seen, crate::domain::failure::Failure> {
        let now = self.site.clock.now().utc;
        let read = timeout(READ, reads::read(&self.client, write, now)).await;
        read.unwrap_or_else(|_elapsed| Err(reads::too_late()))
    }

    fn now(&self) -> String {
        let at = DateTime::from_timestamp_millis(self.site.clock.now().utc).unwrap_or_default();
        at.to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    async fn record(&self, entry: Entry) -> std::io::Result<()> {
        let audit = self.audit.clone();
        let written = spawn_blocking(move || audit.append(&entry)).await;
        written.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")))
    }
}

/// The owner of the token, by its claims.
fn who(sender: &Sender) -> Who {
    let token = sender.token();
    let exp = token.expires().map(|at| at.format("%Y-%m-%d %H:%M:%SZ").to_string());
    Who { sub: token.subject(), exp }
}
