//! Reads the replies of the two Payments APIs: HAL lists, API problems, failures in words.

use crate::domain::decode::DecodeError;
use crate::domain::failure::{Advice, Check, Kind};
use crate::filter::ListQuery;
use crate::list::Host;
use crate::list::shape::Shapes;
use crate::net::error::{Cause, Limited, Refusal};
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::net::transport::Reply;
use crate::payments::problem::Problem;
use crate::payments::{hal, response};

pub const PAYMENTS: &str = "https://payments.spotahome.com";
pub const FINANCE: &str = "https://monolith.spotahome.com";

/// Reads a reply by its HTTP status and ignores the status in the body.
pub(super) fn read(request: &Request, reply: &Reply, shapes: &Shapes) -> Result<Response, Cause> {
    let text = reply.text();
    let Reply { status, retry_after, .. } = *reply;
    match status {
        200..=299 => match request {
            Request::List(query) => page(query, &text, shapes).map(Response::Page),
            Request::Payments(ask) => {
                response::read(ask, &text).map(|read| Response::Payments(Box::new(read)))
            }
            _ => return Err(Cause::Internal),
        }
        .map_err(Cause::Unreadable),
        429 => Err(Cause::Limited(Limited { retry_after, ..Limited::default() })),
        _ => {
            let problem = Problem::read(&text);
            let message = problem.said(status);
            let fields = problem.fields;
            let refusal = Refusal { status, message, retry_after, fields, ..Refusal::default() };
            Err(Cause::Refused(refusal))
        }
    }
}

fn page(query: &ListQuery, text: &str, shapes: &Shapes) -> Result<Page, DecodeError> {
    let hal = hal::read(text, "tenant-payments")?;
    let current = query.page.max(1);
    let last = hal.last_page(current, query.per_page);
    let rows: Vec<&str> = hal.rows.iter().map(|row| row.get()).collect();
    let rows = shapes.read(query.spec, &rows);
    // A server that sends fewer rows than requested uses its own page size.
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let is_short = count < query.per_page && last.is_some_and(|last| last > current);
    let per_page = if is_short { count.max(1) } else { query.per_page };
    Ok(Page { rows, total: hal.total, current, last, per_page })
}

pub(super) fn meaning(cause: &Cause, request: &Request) -> (String, Kind, Advice) {
    let host = request.host();
    let name = if host == Host::Finance { "Payments and Finance" } else { "Payments" };
    let change = match request {
        Request::List(_) => Advice::CorrectFilters,
        _ => Advice::ChangeRequest,
    };
    let (kind, advice) = match cause {
        Cause::Refused(refusal) => {
            let own = || refusal.token_advice.clone();
            let token = || own().unwrap_or_else(|| Advice::TokenIn(host.token_variable().into()));
            let (meaning, kind, advice) = match refusal.status {
                410 if is_list(request) => {
                    ("no longer has a list of payments", Kind::Gone, Advice::None)
                }
                404 if is_list_without_filters(request) => (
                    "no longer has a list of payments, or the base URL is wrong",
                    Kind::Gone,
                    Advice::Check(Check::BaseUrl),
                ),
                400 => ("could not understand the request", Kind::Refused, change),
                401 => ("does not accept the token", Kind::Access, token()),
                403 => ("denies access with this token", Kind::Access, Advice::None),
                404 | 410 => ("could not find this", Kind::Missing, Advice::CheckId),
                409 => ("reported a conflict", Kind::Refused, change),
                422 => ("rejected the request", Kind::Refused, change),
                500..=599 => ("has a problem", Kind::Passing, Advice::Retry),
                _ => ("returned an error", Kind::Passing, Advice::Retry),
            };
            return (refusal.explained(&format!("{name} {meaning}")), kind, advice);
        }
        Cause::Expired { advice, .. } => (Kind::Access, advice.clone()),
        Cause::Unsendable(_) => (Kind::Refused, Advice::ChangeRequest),
        Cause::Limited(limited) => {
            (Kind::Limited, Advice::RetryLater { seconds: limited.seconds_to_wait() })
        }
        _ => return cause.meaning(),
    };
    (cause.to_string(), kind, advice)
}

fn is_list(request: &Request) -> bool {
    matches!(request, Request::List(_))
}

/// Returns `true` if a 404 means the path itself: an empty list is a 200, and a filter may name
/// something that does not exist.
fn is_list_without_filters(request: &Request) -> bool {
    matches!(request, Request::List(query) if query.page <= 1 && query.filters.is_empty())
}

#[cfg(test)]
mod tests;
