//! The embedded sandbox with invented data. It shares no code with the client, and therefore no bugs.

mod account;
mod calendar;
mod conciliation;
mod database;
mod endpoint;
mod fault;
mod filter;
mod gate;
mod ground_truth;
mod hostile;
mod json;
mod payments;
mod raw_reply;
mod reply;
mod row;
mod server;
mod shape;
mod site;
mod story;

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use database::Revision;
pub use endpoint::{Param, ParamKind};
pub use fault::{Fault, FaultError, fault_kinds};
pub use ground_truth::{GroundTruth, Special};
pub use payments::writes::{ArrivedWrite, WriteFault, WriteFaults, write_fault_kinds};
pub use shape::{Shape, ShapeError};

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The port on 127.0.0.1; 0 selects a free one.
    pub port: u16,
    /// The minimum number of transactions; the stories may have more.
    pub rows: Option<usize>,
    pub seed: u64,
    /// Requests a minute for the customer; 0 means no limit.
    pub limit: u32,
    pub latency: Duration,
    pub faults: Vec<Fault>,
    pub hostile: bool,
    /// The fields of rows and conciliations that no document describes.
    pub shape: Shape,
    /// Makes the Payments APIs reproduce the mistakes in their documents.
    pub quirks: bool,
    /// The number of bank accounts in the Payments APIs, if not the usual one.
    pub accounts: Option<usize>,
    /// The most rows on a page of the Payments APIs, whatever the request says.
    pub page_cap: Option<usize>,
    /// Faults of the next writes.
    pub write_faults: Vec<WriteFaults>,
    /// How long a late write waits, if not the usual time.
    pub late_writes: Option<Duration>,
    pub today: NaiveDate,
    /// The day of the stories, if not today; since then, payouts were paid and debts became overdue.
    pub stories_of: Option<NaiveDate>,
    pub extra: Vec<ExtraList>,
    pub revised: Vec<Revision>,
}

impl Options {
    pub fn for_day(today: NaiveDate) -> Self {
        Self { seed: 1, limit: 120, today, ..Self::default() }
    }
}

#[derive(Clone, Debug)]
pub struct ExtraList {
    /// The path below `/api/v1/c/`, such as `deposits`.
    pub path: String,
    pub params: Vec<Param>,
    /// Amounts are integers in minor units, days are `YYYY-MM-DD`.
    pub rows: Vec<Map<String, Value>>,
}

pub fn served_paths() -> Vec<String> {
    endpoint::documented().into_iter().map(|endpoint| endpoint.path).collect()
}

/// JWTs for the Payments APIs of a sandbox, which are sent without `Bearer`.
#[derive(Clone, Copy, Debug)]
pub struct PaymentsTokens {
    pub admin: &'static str,
    /// For Payments without `/admin/`, which is a 403.
    pub user: &'static str,
    pub finance: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedRequest {
    pub method: String,
    pub path: String,
    pub query: String,
}

/// A running sandbox. It stops when this value is dropped.
pub struct Sandbox {
    port: u16,
    site: Arc<site::Site>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Fails if the port is in use or a fault names an unknown path.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let port = listener.local_addr()?.port();
        let site = Arc::new(site::Site::new(options)?);
        let task = tokio::spawn(server::run(listener, Arc::clone(&site)));
        Ok(Self { port, site, task })
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1/c", self.port)
    }

    pub fn token(&self) -> &str {
        &self.site.tokens.customer
    }

    /// A token for the wrong audience, for the documented 403.
    pub fn employee_token(&self) -> &str {
        &self.site.tokens.employee
    }

    pub fn payments_url(&self) -> String {
        format!("http://127.0.0.1:{}/payments-api", self.port)
    }

    pub fn finance_url(&self) -> String {
        format!("http://127.0.0.1:{}/finance-api", self.port)
    }

    pub fn payments_tokens(&self) -> PaymentsTokens {
        payments::TOKENS
    }

    /// Ids in the Payments APIs: the landlord, and the first bank account.
    pub fn payments_ids(&self) -> (String, String) {
        payments::ids()
    }

    /// The last 10,000 requests, oldest first.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.site.requests()
    }

    /// All writes that arrived, oldest first, and whether each was carried out.
    pub fn writes(&self) -> Vec<ArrivedWrite> {
        self.site.payments.writes()
    }

    /// Replaces the faults of the next writes.
    pub fn set_write_faults(&self, faults: &[WriteFaults]) {
        self.site.payments.set_write_faults(faults);
    }

    pub fn known(&self) -> GroundTruth {
        self.site.known.clone()
    }

    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.site.set_faults(faults);
    }

    pub async fn shutdown(mut self) {
        self.task.abort();
        // Only the abort above ends the task.
        let _ended = (&mut self.task).await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}
