//! From a status and bytes to an answer or to a defined error, by the contract and nothing else.

pub mod lenient;
pub mod limits;
pub mod page;
pub mod refusal;

use serde_json::value::RawValue;

use crate::conciliation::Conciliation;
use crate::domain::decode::DecodeError;
use crate::domain::text::Untrusted;
use crate::list::record::object_pairs;
use crate::net::error::Cause;
use crate::net::request::Request;
use crate::net::response::{Connection, Response};
use crate::net::transport::Reply;

type Pairs<'a> = [(String, &'a RawValue)];

/// Reads the reply to a request.
///
/// # Errors
/// [`Cause`] for every reply that is not the documented answer.
pub fn read(request: &Request, reply: &Reply) -> Result<Response, Cause> {
    let text = reply.text();
    match reply.status {
        200..=299 => read_success(request, &text),
        404 => page::read_empty(request, &text)
            .map(Response::Page)
            .ok_or_else(|| refusal::missing(request, &text)),
        status => Err(refusal::read(status, reply, &text)),
    }
}

fn read_success(request: &Request, text: &str) -> Result<Response, Cause> {
    let pairs = object_of(text).map_err(Cause::Unreadable)?;
    let answer = match request {
        Request::List(query) => page::read(query, &pairs).map(Response::Page),
        Request::Booking(reference) => Conciliation::read(reference, text)
            .map(|booking| Response::Booking(Box::new(booking)))
            .ok_or(DecodeError::NotConciliation),
        Request::Limits => limits::read(&pairs).map(Response::Limits),
        Request::Connection(_) => read_connection(&pairs).map(Response::Connection),
        Request::Payments(_) => Err(DecodeError::Missing("data")),
    };
    answer.map_err(Cause::Unreadable)
}

fn read_connection(pairs: &Pairs<'_>) -> Result<Connection, DecodeError> {
    let message =
        find(pairs, "message").and_then(lenient::text).ok_or(DecodeError::Missing("message"))?;
    let accepted = find(pairs, "accepted_params").and_then(|raw| object_pairs(raw.get()));
    let accepted = accepted.unwrap_or_default().into_iter().map(|(name, raw)| {
        let hint = lenient::text(raw).unwrap_or_else(|| Untrusted::new(raw.get()));
        (Untrusted::new(name), hint)
    });
    Ok(Connection { message, accepted: accepted.collect() })
}

fn object_of(text: &str) -> Result<Vec<(String, &RawValue)>, DecodeError> {
    object_pairs(text).ok_or_else(|| DecodeError::root(text, "an object"))
}

fn find<'a>(pairs: &Pairs<'a>, name: &str) -> Option<&'a RawValue> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, raw)| *raw)
}

#[cfg(test)]
mod tests;
