//! The client of one of the two Payments APIs. It shares the transport with the customer's client and
//! nothing else: a bare JWT, HAL lists, API problems.

use chrono::{DateTime, Utc};

use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::watched::watched;
use crate::list::Host;
use crate::list::record::Record;
use crate::net::client::{Exchange, LARGE};
use crate::net::error::{ApiError, Cause, Limited, Refusal, Unreadable, what_failed};
use crate::net::query::ListQuery;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::net::target::Target;
use crate::net::transport::{BuildError, Reply, Transport};
use crate::payments::ask::Ask;
use crate::payments::problem::Problem;
use crate::payments::unread::Unread;
use crate::payments::wanted::Hosts;
use crate::payments::{hal, told};

/// The documented base URL of Payments.
pub const PAYMENTS: &str = "https://payments.spotahome.com";
/// The documented base URL of Payments and Finance.
pub const FINANCE: &str = "https://monolith.spotahome.com";

/// Seconds to wait after a 429 that names no time.
const USUAL_WAIT: u64 = 60;

/// The client of one host; a clone shares its connections.
#[derive(Debug, Clone)]
pub struct SideClient {
    transport: Transport,
    host: Host,
    expires: Option<DateTime<Utc>>,
}

/// The clients beside the customer's; either may be absent.
#[derive(Debug, Clone, Default)]
pub struct SideClients {
    pub payments: Option<SideClient>,
    pub finance: Option<SideClient>,
}

impl SideClients {
    /// Which of the two there is a client for.
    pub fn hosts(&self) -> Hosts {
        Hosts { payments: self.payments.is_some(), finance: self.finance.is_some() }
    }
}

impl SideClient {
    /// Sets up the client of a host. Nothing is sent.
    ///
    /// # Errors
    /// [`BuildError`], for `https` on a machine without CA certificates among others.
    pub fn new(host: Host, target: Target) -> Result<Self, BuildError> {
        let expires = target.token().expires();
        let accept = match host {
            Host::Payments => "application/hal+json",
            _ => "application/json",
        };
        Ok(Self { transport: Transport::accepting(target, accept)?, host, expires })
    }

    pub fn target(&self) -> &Target {
        self.transport.target()
    }

    /// Sends a request once and reads its answer. A token that has run out is not sent.
    pub async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        self.exchange(request).await.outcome
    }

    /// As [`SideClient::send`], with what is known of the reply itself.
    pub async fn exchange(&self, request: &Request) -> Exchange {
        let failed = |cause| ApiError::new(request, cause);
        if let Err(cause) = self.check(request, now()) {
            return Err(failed(cause)).into();
        }
        let reply = match request {
            Request::Payments(Ask::Tin(tin)) => self.transport.check_tin(tin).await,
            _ => self.transport.get(request).await,
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => return Err(failed(Cause::Transport(error))).into(),
        };
        let (status, date, bytes) = (Some(reply.status), reply.date, reply.body.len());
        let outcome = if bytes < LARGE {
            read(request, &reply)
        } else {
            let asked = request.clone();
            let read = tokio::task::spawn_blocking(move || watched(|| read(&asked, &reply))).await;
            read.unwrap_or(Err(Cause::Internal))
        };
        Exchange { outcome: outcome.map_err(failed), status, date, bytes }
    }

    fn check(&self, request: &Request, now: DateTime<Utc>) -> Result<(), Cause> {
        if request.host() != self.host {
            return Err(Cause::Internal);
        }
        if let Some(at) = self.expires.filter(|at| *at <= now) {
            return Err(Cause::Expired(at));
        }
        match request {
            Request::Payments(ask) => ask.segments().map(|_segments| ()).map_err(Cause::Unsendable),
            _ => Ok(()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a token's end is a time of the real clock")]
fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Reads a reply by its HTTP status, whatever its body claims.
fn read(request: &Request, reply: &Reply) -> Result<Response, Cause> {
    let bytes = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&reply.body);
    let text = String::from_utf8_lossy(bytes);
    match reply.status {
        200..=299 => success(request, &text).map_err(|unread| Cause::Unreadable(unread.into())),
        429 => {
            Err(Cause::Limited(Limited { retry_after: reply.retry_after, ..Limited::default() }))
        }
        status => {
            let problem = Problem::read(&text);
            let message = problem.said(status);
            let fields = problem.fields;
            Err(Cause::Refused(Refusal {
                status,
                message,
                no_such_booking: false,
                fields,
                retry_after: reply.retry_after,
            }))
        }
    }
}

fn success(request: &Request, text: &str) -> Result<Response, Unread> {
    match request {
        Request::List(query) => page(query, text).map(Response::Page),
        Request::Payments(ask) => {
            told::read(ask, text).map(|told| Response::Payments(Box::new(told)))
        }
        _ => Err(Unread::Missing("_embedded")),
    }
}

fn page(query: &ListQuery, text: &str) -> Result<Page, Unread> {
    let hal = hal::read(text, "tenant-payments")?;
    let current = query.page.max(1);
    let last = hal.last_page(current, query.per_page);
    let rows: Vec<Record> =
        hal.rows.iter().map(|raw| Record::read(query.spec, raw.get())).collect();
    // A server that gives fewer rows than asked for has pages of its own size.
    let came = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let is_short = came < query.per_page && last.is_some_and(|last| last > current);
    let per_page = if is_short { came.max(1) } else { query.per_page };
    Ok(Page { rows, total: hal.total, current, last, per_page })
}

impl From<Unread> for Unreadable {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Empty => Self::Empty,
            Unread::Html => Self::Html,
            Unread::NotJson(line, column, why) => Self::NotJson(line, column, why),
            Unread::Missing(path) => Self::Missing(path),
            Unread::WrongType(path, wanted, found) => Self::WrongType(path, wanted, found),
        }
    }
}

/// What is shown of a failed request to one of the two APIs.
pub(super) fn failure(cause: &Cause, request: &Request) -> Failure {
    let (name, variable) = match request.host() {
        Host::Finance => ("Payments and Finance", "VALORA_FINANCE_TOKEN"),
        _ => ("Payments", "VALORA_PAYMENTS_TOKEN"),
    };
    let (kind, advice) = match cause {
        Cause::Refused(refusal) => match refusal.status {
            401 | 403 => (Kind::Access, Advice::TokenIn(variable)),
            404 => (Kind::Missing, Advice::CheckId),
            400 | 409 | 422 if matches!(request, Request::List(_)) => {
                (Kind::Refused, Advice::CorrectFilters)
            }
            400 | 409 | 422 => (Kind::Refused, Advice::ChangeRequest),
            _ => (Kind::Passing, Advice::Retry),
        },
        Cause::Expired(_) => (Kind::Access, Advice::TokenIn(variable)),
        Cause::Unsendable(_) => (Kind::Refused, Advice::ChangeRequest),
        Cause::Limited(limited) => {
            let seconds = limited.retry_after.unwrap_or(USUAL_WAIT);
            (Kind::Limited, Advice::RetryLater { seconds })
        }
        Cause::Unreadable(_) => (Kind::Unreadable, Advice::Retry),
        Cause::Internal => (Kind::Internal, Advice::RetryAndReport),
        Cause::Transport(_) | Cause::Offline => (Kind::Passing, Advice::Retry),
    };
    let why = match cause {
        Cause::Refused(refusal) => refused(refusal, name),
        other => other.to_string(),
    };
    Failure { kind, what: what_failed(request), why, advice, fields: cause.fields() }
}

fn refused(refusal: &Refusal, name: &str) -> String {
    let meaning = match refusal.status {
        400 => "does not understand the request",
        401 => "does not accept the token",
        403 => "does not allow this to the token",
        404 => "knows no such thing",
        409 => "sees a conflict",
        422 => "refuses what was asked",
        500..=599 => "has a problem",
        _ => "answers with an error",
    };
    let mut text = format!("{name} {meaning} ({}", refusal.status);
    if let Some(message) = &refusal.message {
        text = format!("{text}: {}", message.shown());
    }
    text.push(')');
    for (at, (field, message)) in refusal.fields.iter().enumerate() {
        let joint = if at == 0 { ": " } else { "; " };
        text = format!("{text}{joint}{}: {}", field.shown(), message.shown());
    }
    text
}

#[cfg(test)]
mod tests;
