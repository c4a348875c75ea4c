//! Decodes a status and bytes into a response or a defined error, by the contract only.

use serde_json::value::RawValue;

use crate::conciliation::Conciliation;
use crate::domain::decode::{DecodeError, type_of};
use crate::domain::text::Untrusted;
use crate::filter::query::{LARGEST_PAGE, ListQuery};
use crate::list::record::object_pairs;
use crate::list::shape::Shapes;
use crate::net::breaker::RateWindow;
use crate::net::error::{Cause, Limited, Refusal};
use crate::net::request::Request;
use crate::net::response::{Connection, Limits, Page, Response, Window};
use crate::net::transport::Reply;

/// The maximum rows of an answer: more than the contract allows, and few enough to be quick.
const MOST_ROWS: usize = 20_000;
/// The highest accepted page number, so that no sum of page numbers overflows.
const LAST_BELIEVED: u32 = 1_000_000;
/// The maximum characters of a server's message; the screen shows fewer.
const LONGEST_TEXT: usize = 2_000;
const MOST_FIELDS: usize = 50;

/// The values of an object, read by their meaning rather than by their JSON type.
#[derive(Default)]
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    fn root(text: &'a str) -> Result<Self, DecodeError> {
        object_pairs(text).map(Self).ok_or_else(|| DecodeError::root(text, "an object"))
    }

    fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw)
    }

    fn object(&self, name: &str) -> Option<Self> {
        object_pairs(self.get(name)?.get()).map(Self)
    }

    fn text(&self, name: &str) -> Option<Untrusted> {
        text(self.get(name)?)
    }

    /// A number that is not negative, also as text or with a fraction of zero.
    fn whole(&self, name: &str) -> Option<u64> {
        let digits = self.get(name)?.get().trim_matches('"').trim();
        digits.strip_suffix(".0").unwrap_or(digits).parse().ok()
    }

    fn whole_u32(&self, name: &str) -> Option<u32> {
        self.whole(name).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
    }

    fn list(&self, path: &'static str) -> Result<Vec<&'a RawValue>, DecodeError> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let raw = self.get(name).ok_or(DecodeError::Missing(path))?.get();
        serde_json::from_str(raw)
            .map_err(|_other| DecodeError::WrongType(path, "a list", type_of(raw)))
    }
}

fn text(raw: &RawValue) -> Option<Untrusted> {
    let text = serde_json::from_str::<String>(raw.get()).ok()?;
    let cut: String = text.chars().take(LONGEST_TEXT).collect();
    (!cut.trim().is_empty()).then(|| Untrusted::new(cut))
}

pub fn read(request: &Request, reply: &Reply, shapes: &Shapes) -> Result<Response, Cause> {
    let text = reply.text();
    match reply.status {
        200..=299 => read_success(request, &text, shapes),
        404 => read_empty(request, &text, shapes)
            .map(Response::Page)
            .ok_or_else(|| Cause::Refused(read_missing(request, &text))),
        _ => Err(read_error(reply, &Object::root(&text).unwrap_or_default())),
    }
}

fn read_success(request: &Request, text: &str, shapes: &Shapes) -> Result<Response, Cause> {
    // The only body that is an array in one of its shapes.
    if let Request::Booking(reference) = request
        && let Some(booking) = Conciliation::read_shaped(reference, text, shapes)
    {
        return Ok(Response::Booking(Box::new(booking)));
    }
    let object = Object::root(text).map_err(Cause::Unreadable)?;
    match request {
        Request::List(query) => read_page(query, &object, shapes).map(Response::Page),
        Request::Booking(_) => Err(DecodeError::NotConciliation),
        Request::Limits => read_limits(&object).map(Response::Limits),
        Request::Connection(_) => read_connection(&object).map(Response::Connection),
        Request::Payments(_) => return Err(Cause::Internal),
    }
    .map_err(Cause::Unreadable)
}

fn read_connection(object: &Object<'_>) -> Result<Connection, DecodeError> {
    let message = object.text("message").ok_or(DecodeError::Missing("message"))?;
    let accepted = object.object("accepted_params").unwrap_or_default().0.into_iter();
    let hint = |raw: &RawValue| text(raw).unwrap_or_else(|| Untrusted::new(raw.get()));
    let accepted = accepted.map(|(name, raw)| (Untrusted::new(name), hint(raw))).collect();
    Ok(Connection { message, accepted })
}

/// The plan and its windows (contract, "Limits"); a window that cannot be read is skipped.
fn read_limits(object: &Object<'_>) -> Result<Limits, DecodeError> {
    let outer = object.get("rate_limits").ok_or(DecodeError::Missing("rate_limits"))?.get();
    let inner = object_pairs(outer)
        .map(Object)
        .ok_or_else(|| DecodeError::WrongType("rate_limits", "an object", type_of(outer)))?;
    let windows = inner.list("rate_limits.limits")?;
    let plan = inner.object("plan").and_then(|plan| plan.text("name"));
    Ok(Limits { plan, windows: windows.into_iter().filter_map(read_window).collect() })
}

fn read_window(raw: &RawValue) -> Option<Window> {
    let window = Object(object_pairs(raw.get())?);
    let limit = window.whole_u32("limit")?;
    let unused = || limit.saturating_sub(window.whole_u32("used").unwrap_or(0));
    Some(Window {
        name: window.text("window")?,
        limit,
        remaining: window.whole_u32("remaining").unwrap_or_else(unused).min(limit),
        resets_in_seconds: window.whole("resets_in_seconds").unwrap_or(0),
    })
}

/// The rows (contract, "List envelope"), and the plausible parts of `pagination`.
fn read_page(query: &ListQuery, object: &Object<'_>, shapes: &Shapes) -> Result<Page, DecodeError> {
    let rows = object.list("data")?;
    if rows.len() > MOST_ROWS {
        return Err(DecodeError::TooManyRows { rows: rows.len(), most: LARGEST_PAGE });
    }
    // One bad row does not invalidate the page; without any object, it is not a page.
    if let Some(first) = rows.first()
        && !rows.iter().any(|row| row.get().starts_with('{'))
    {
        return Err(DecodeError::WrongType("data[0]", "an object", type_of(first.get())));
    }
    let page = assemble(query, rows.len(), &object.object("pagination").unwrap_or_default())?;
    // Only rows of an accepted page may define the fields of a list.
    let rows: Vec<&str> = rows.iter().map(|row| row.get()).collect();
    Ok(Page { rows: shapes.read(query.spec, &rows), ..page })
}

/// A 404 that is the documented empty answer (contract, "List envelope"); `None` for any other.
fn read_empty(request: &Request, text: &str, shapes: &Shapes) -> Option<Page> {
    let Request::List(query) = request else { return None };
    let object = Object::root(text).ok()?;
    // Rows in a 404 belong to no page.
    let is_empty = object.list("data").ok()?.is_empty();
    is_empty.then(|| read_page(query, &object, shapes).ok()).flatten()
}

/// A page for this many rows. Rejects rows of another page: they would be counted twice, or loaded
/// without end.
fn assemble(query: &ListQuery, rows: usize, pagination: &Object<'_>) -> Result<Page, DecodeError> {
    // Without a count, only an empty first page means that the list has no rows.
    let is_nothing = rows == 0 && query.page <= 1;
    let total = pagination.whole("total").or(is_nothing.then_some(0));
    let per_page = pagination
        .whole_u32("per_page")
        .filter(|rows| (1..=LARGEST_PAGE).contains(rows))
        .unwrap_or(query.per_page);
    let current = query.page.max(1);
    match pagination.whole_u32("current_page") {
        Some(sent) if sent != current && rows > 0 => {
            return Err(DecodeError::OtherPage { asked: current, sent });
        }
        _ => {}
    }
    let seen = u64::from(current - 1) * u64::from(per_page) + rows as u64;
    let counted = total
        .filter(|total| *total >= seen)
        .map(|total| u32::try_from(total.div_ceil(per_page.into())).unwrap_or(u32::MAX).max(1));
    let said = pagination.whole_u32("last_page").map(|last| last.clamp(1, LAST_BELIEVED));
    let last = match (said, counted) {
        (Some(said), Some(counted)) => Some(said.min(counted)),
        (said, counted) => said.or(counted.map(|last| last.min(LAST_BELIEVED))),
    };
    let last = if rows == 0 { Some(last.unwrap_or(current).min(current)) } else { last };
    Ok(Page { rows: Vec::new(), total, current, last, per_page })
}

/// Reads the body of an error status (contract, "Errors"), which may also be HTML or empty.
fn read_error(reply: &Reply, object: &Object<'_>) -> Cause {
    let Reply { status, retry_after, date: said_at, .. } = *reply;
    if status == 429 {
        let inner = object.object("rate_limit").unwrap_or_default();
        return Cause::Limited(Limited {
            window: inner.text("window").map(|name| RateWindow::named(name.expose_raw())),
            limit: inner.whole_u32("limit"),
            resets_in: inner.whole("resets_in_seconds"),
            retry_after,
            said_at,
        });
    }
    Cause::Refused(Refusal {
        status,
        message: object.text("message"),
        retry_after: retry_after.filter(|_| status == 503),
        fields: if status == 422 { read_fields(object) } else { Vec::new() },
        ..Refusal::default()
    })
}

/// A 404 that is not the empty answer: an unknown reference or, from the framework, an unknown path.
fn read_missing(request: &Request, text: &str) -> Refusal {
    let object = Object::root(text).unwrap_or_default();
    let message = object.text("message");
    let about_route = message.as_ref().is_some_and(|message| {
        let raw = message.expose_raw();
        raw.starts_with("The route ") && raw.contains("could not be found")
    });
    let is_booking = matches!(request, Request::Booking(_));
    let no_such_booking = is_booking && !object.0.is_empty() && !about_route;
    Refusal { status: 404, message, no_such_booking, ..Refusal::default() }
}

fn read_fields(object: &Object<'_>) -> Vec<(Untrusted, Untrusted)> {
    let errors = object.object("errors").unwrap_or_default().0.into_iter();
    let pairs = errors.flat_map(|(field, raw)| {
        let texts = serde_json::from_str(raw.get()).unwrap_or_else(|_single| vec![raw]);
        texts.into_iter().filter_map(move |raw| Some((Untrusted::new(field.as_str()), text(raw)?)))
    });
    pairs.take(MOST_FIELDS).collect()
}

#[cfg(test)]
mod tests;
