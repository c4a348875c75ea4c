//! What the replies of the two Payments APIs mean: HAL lists, API problems, failures in words.

use crate::domain::decode::DecodeError;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::filter::ListQuery;
use crate::list::Host;
use crate::list::record::Record;
use crate::net::error::{Cause, Limited, Refusal, what_failed};
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::net::transport::Reply;
use crate::payments::problem::Problem;
use crate::payments::{hal, response};

pub const PAYMENTS: &str = "https://payments.spotahome.com";
pub const FINANCE: &str = "https://monolith.spotahome.com";

/// Seconds to wait after a 429 that names no time.
const USUAL_WAIT: u64 = 60;

/// Reads a reply by its HTTP status, whatever its body claims.
pub(super) fn read(request: &Request, reply: &Reply) -> Result<Response, Cause> {
    let text = reply.text();
    match reply.status {
        200..=299 => success(request, &text).map_err(Cause::Unreadable),
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

fn success(request: &Request, text: &str) -> Result<Response, DecodeError> {
    match request {
        Request::List(query) => page(query, text).map(Response::Page),
        Request::Payments(ask) => {
            response::read(ask, text).map(|read| Response::Payments(Box::new(read)))
        }
        _ => Err(DecodeError::Missing("_embedded")),
    }
}

fn page(query: &ListQuery, text: &str) -> Result<Page, DecodeError> {
    let hal = hal::read(text, "tenant-payments")?;
    let current = query.page.max(1);
    let last = hal.last_page(current, query.per_page);
    let rows: Vec<Record> =
        hal.rows.iter().map(|raw| Record::read(query.spec, raw.get())).collect();
    // A server that sends fewer rows than requested has pages of its own size.
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let is_short = count < query.per_page && last.is_some_and(|last| last > current);
    let per_page = if is_short { count.max(1) } else { query.per_page };
    Ok(Page { rows, total: hal.total, current, last, per_page })
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
    refusal.explained(&format!("{name} {meaning}"))
}

#[cfg(test)]
mod tests;
