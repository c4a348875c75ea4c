//! The bodies of error statuses (contract, "Errors"); all of them may also be HTML or nothing.

use serde_json::value::RawValue;

use crate::domain::text::Untrusted;
use crate::list::record::object_pairs;
use crate::net::breaker::RateWindow;
use crate::net::envelope::{Pairs, find, lenient, object_of};
use crate::net::error::{Cause, Limited, Refusal};
use crate::net::request::Request;
use crate::net::transport::Reply;

/// Field messages of one 422 that are kept.
const MOST_FIELDS: usize = 50;

pub(super) fn read(status: u16, reply: &Reply, text: &str) -> Cause {
    let Reply { retry_after, date, .. } = *reply;
    let pairs = object_of(text).unwrap_or_default();
    if status == 429 {
        return Cause::Limited(Limited { said_at: date, ..read_limited(&pairs, retry_after) });
    }
    let fields = if status == 422 { read_fields(&pairs) } else { Vec::new() };
    let retry_after = retry_after.filter(|_| status == 503);
    let message = message(&pairs);
    Cause::Refused(Refusal { status, message, retry_after, no_such_booking: false, fields })
}

/// Reads a 404 that is not the documented empty answer. The booking endpoint answers so for a
/// reference that it does not know, and the framework behind it for a path that it does not know.
pub(super) fn missing(request: &Request, text: &str) -> Cause {
    let pairs = object_of(text).unwrap_or_default();
    let message = message(&pairs);
    let about_route = message.as_ref().is_some_and(|message| {
        let raw = message.expose_raw();
        raw.starts_with("The route ") && raw.contains("could not be found")
    });
    let no_such_booking =
        matches!(request, Request::Booking(_)) && !pairs.is_empty() && !about_route;
    let (retry_after, fields) = (None, Vec::new());
    Cause::Refused(Refusal { status: 404, message, retry_after, no_such_booking, fields })
}

fn message(pairs: &Pairs<'_>) -> Option<Untrusted> {
    find(pairs, "message").and_then(lenient::text)
}

fn read_limited(pairs: &Pairs<'_>, retry_after: Option<u64>) -> Limited {
    let inner = find(pairs, "rate_limit").and_then(|raw| object_pairs(raw.get()));
    let inner = inner.unwrap_or_default();
    let window = find(&inner, "window").and_then(lenient::text);
    Limited {
        window: window.map(|name| RateWindow::named(name.expose_raw())),
        limit: find(&inner, "limit").and_then(lenient::whole_u32),
        resets_in: find(&inner, "resets_in_seconds").and_then(lenient::whole),
        retry_after,
        said_at: None,
    }
}

/// `errors` as pairs of field and text, a field with several texts several times.
fn read_fields(pairs: &Pairs<'_>) -> Vec<(Untrusted, Untrusted)> {
    let errors = find(pairs, "errors").and_then(|raw| object_pairs(raw.get())).unwrap_or_default();
    errors
        .into_iter()
        .flat_map(|(field, raw)| {
            texts(raw).into_iter().map(move |text| (Untrusted::new(field.as_str()), text))
        })
        .take(MOST_FIELDS)
        .collect()
}

fn texts(raw: &RawValue) -> Vec<Untrusted> {
    match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(list) => list.into_iter().filter_map(lenient::text).collect(),
        Err(_) => lenient::text(raw).into_iter().collect(),
    }
}
