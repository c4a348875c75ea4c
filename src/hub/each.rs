//! The same work for each of many customers: at most four at once, each with its own token, requests
//! and budget. A customer that fails leaves the others.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::{Id, JoinSet};

use super::jobs::{Account, Connector, Desk, Unread};
use super::load::internal;
use super::{Hub, Unlock};
use crate::config::Session;
use crate::customers::state::Trouble;
use crate::domain::watched::watched_task;
use crate::net::client::PaymentsClients;
use crate::net::router::Router;
use crate::net::target::Target;

/// A customer whose token was read.
pub struct Customer {
    pub session: Session,
    target: Target,
    connect: Connector,
}

impl Customer {
    pub fn profile(&self) -> String {
        self.session.customer.profile().unwrap_or_default()
    }

    /// Starts a session. It begins once earlier ones of this customer have ended.
    pub async fn connect(&self, payments: PaymentsClients) -> Result<Router, Trouble> {
        let (customer, target) = (self.session.customer.clone(), self.target.clone());
        (self.connect)(customer, target, payments).await.ok_or_else(internal)
    }
}

/// The running work. Dropping it cancels what has not ended: nothing more is sent.
pub struct Each<T> {
    tasks: JoinSet<Result<T, Trouble>>,
    /// The positions of the profiles.
    places: HashMap<Id, usize>,
}

impl Hub {
    /// Starts the work for each of these profiles. Must be called on a runtime.
    pub fn each<T, W>(
        &mut self,
        profiles: &[String],
        work: impl Fn(Customer, Router) -> W + Send + Sync + 'static,
    ) -> Each<T>
    where
        T: Send + 'static,
        W: Future<Output = T> + Send,
    {
        let desk = Arc::clone(&self.desk);
        self.each_on(&desk, profiles, work)
    }

    /// The same on the lanes of this desk.
    pub(super) fn each_on<T, W>(
        &mut self,
        desk: &Arc<Desk>,
        profiles: &[String],
        work: impl Fn(Customer, Router) -> W + Send + Sync + 'static,
    ) -> Each<T>
    where
        T: Send + 'static,
        W: Future<Output = T> + Send,
    {
        let (mut tasks, work) = (JoinSet::new(), Arc::new(work));
        let mut start = |profile| {
            let account = self.account(profile, Unlock::NotAsked);
            let account = Account { desk: Arc::clone(desk), ..account };
            let work = Arc::clone(&work);
            tasks.spawn(watched_task(async move { carry_out(account, &*work).await })).id()
        };
        let places = profiles.iter().enumerate().map(|(place, name)| (start(name), place));
        let places = places.collect();
        Each { tasks, places }
    }
}

async fn carry_out<T, W: Future<Output = T>>(
    account: Account,
    work: impl Fn(Customer, Router) -> W,
) -> Result<T, Trouble> {
    let _lane = account.desk.lanes.acquire().await.map_err(|_closed| internal())?;
    let (target, session) = account.token().await.map_err(Unread::in_command)?;
    let connect = Arc::clone(&account.desk.connect);
    let customer = Customer { session, target, connect };
    let router = customer.connect(PaymentsClients::default()).await?;
    Ok(work(customer, router).await)
}

impl<T: 'static> Each<T> {
    /// The position of the next profile that is done, and what was found; `None` once all are done.
    pub async fn next(&mut self) -> Option<(usize, Result<T, Trouble>)> {
        let (id, done) = match self.tasks.join_next_with_id().await? {
            Ok(done) => done,
            Err(broken) => (broken.id(), Err(internal())),
        };
        Some((self.places.remove(&id)?, done))
    }

    /// Waits for all, in the order of the profiles.
    pub async fn all(mut self) -> Vec<Result<T, Trouble>> {
        let mut all = Vec::new();
        while let Some(done) = self.next().await {
            all.push(done);
        }
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, done)| done).collect()
    }
}
