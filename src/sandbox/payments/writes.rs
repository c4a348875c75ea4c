//! The writes of the Payments API, the faults that they can have, and the record of what really happened.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray};

use super::super::calendar::now;
use super::super::fault::Reply;
use super::super::raw_reply::Step;
use super::super::reply::HttpReply;
use super::super::site::header;
use super::data::{BOOKING, Change, PaymentsData, What, number, place};
use super::{PaymentsServers, TOKENS, invalid, problem, unauthorized};

/// What happens to a write, once; the messages are for the help.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumString, EnumMessage, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum WriteFault {
    #[strum(message = "carried out, then the connection is reset without a response")]
    Lost,
    #[strum(message = "the connection is reset, and it is never carried out")]
    Dropped,
    #[strum(message = "the connection is reset, and it is carried out 35 s later")]
    Late,
    #[strum(message = "carried out, but there is no response at all")]
    Stall,
    #[strum(message = "never carried out, and there is no response at all")]
    StallUndone,
    #[strum(message = "204, but it is never carried out")]
    Unseen,
    #[strum(message = "carried out, with Server Error as response", serialize = "500")]
    ServerError,
    #[strum(message = "not carried out, with Server Error as response", serialize = "500-undone")]
    ServerErrorUndone,
    #[strum(message = "carried out, with Bad Gateway as a web page", serialize = "502-html")]
    BadGateway,
    #[strum(message = "not carried out: the token is not accepted", serialize = "401")]
    Unauthorized,
    #[strum(message = "not carried out: access is denied", serialize = "403")]
    Forbidden,
    #[strum(message = "not carried out: 404 with the body of a 401", serialize = "404")]
    Missing,
    #[strum(message = "not carried out: a conflict", serialize = "409")]
    Conflict,
    #[strum(
        message = "somebody else makes the same change just before, so that it is a conflict",
        serialize = "409-done"
    )]
    ConflictDone,
    #[strum(message = "not carried out: a message for a field", serialize = "422")]
    Invalid,
    #[strum(message = "not carried out: the rate limit, with Retry-After: 2", serialize = "429")]
    Limited,
    #[strum(message = "a redirect to another host", serialize = "redirect")]
    Redirect,
}

/// A request that is not a read, and what it did, whatever the response was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivedWrite {
    pub method: String,
    /// Without the segment that names the Payments API.
    pub path: String,
    pub body: String,
    pub content_type: String,
    pub content_length: String,
    /// It changed the data.
    pub is_carried_out: bool,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// Returns `true` for a request that is no read, and not the check of a tax number.
pub(crate) fn is_write(request: &hyper::Request<Bytes>) -> bool {
    request.method() != "GET" && !request.uri().path().ends_with("/tin/validate")
}

/// Faults of all requests that only delay or relabel the response.
const HARMLESS: [&str; 2] = ["latency", "no-limit-headers"];

impl PaymentsServers {
    /// The reply to a write with this record. A fault of all requests prevents it.
    pub(crate) fn write(
        self: &Arc<Self>,
        request: &hyper::Request<Bytes>,
        at: usize,
        general: Option<&str>,
    ) -> Reply {
        if general.is_some_and(|kind| !HARMLESS.contains(&kind)) {
            return Reply::Http(done(204));
        }
        let fault = self.next_fault();
        match fault {
            None => return Reply::Http(self.carry_out(request, at)),
            Some(WriteFault::Dropped) => return Reply::Raw(vec![Step::Reset]),
            Some(WriteFault::StallUndone) => return Reply::Raw(vec![Step::Hang]),
            Some(WriteFault::Late) => {
                self.carry_out_later(request.clone(), at);
                return Reply::Raw(vec![Step::Reset]);
            }
            Some(WriteFault::ConflictDone) => {
                // By somebody else, so it does not count for the request.
                self.change(request);
                let reply = self.carry_out(request, at);
                let is_conflict = reply.status == 409;
                let conflict = || conflict("The state is as requested already");
                return Reply::Http(if is_conflict { reply } else { conflict() });
            }
            Some(fault) if fault.is_carried_out() => _ = self.carry_out(request, at),
            Some(_) => {}
        }
        match fault {
            Some(WriteFault::Lost) => Reply::Raw(vec![Step::Reset]),
            Some(WriteFault::Stall) => Reply::Raw(vec![Step::Hang]),
            fault => Reply::Http(fault.map_or_else(|| done(204), WriteFault::reply)),
        }
    }

    fn carry_out_later(self: &Arc<Self>, request: hyper::Request<Bytes>, at: usize) {
        let servers = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(servers.late).await;
            servers.carry_out(&request, at);
        });
    }

    fn carry_out(&self, request: &hyper::Request<Bytes>, at: usize) -> HttpReply {
        let (reply, has_changed) = self.change(request);
        self.mark(at, has_changed);
        reply
    }

    /// Returns also whether the data differs afterwards.
    fn change(&self, request: &hyper::Request<Bytes>) -> (HttpReply, bool) {
        let mut data = self.data();
        let before = (data.last_event, data.properties.clone());
        let reply = changed(&mut data, request);
        (reply, before != (data.last_event, data.properties.clone()))
    }
}

/// Checks the token, then carries the request out.
fn changed(data: &mut PaymentsData, request: &hyper::Request<Bytes>) -> HttpReply {
    let path = request.uri().path();
    let decoded = path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy());
    let segments: Vec<_> = decoded.skip(2).collect();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    let token = header(request, AUTHORIZATION);
    if ![TOKENS.admin, TOKENS.user].contains(&token) {
        return unauthorized();
    }
    if token == TOKENS.user && segments.first() == Some(&"admin") {
        return problem(403, "Forbidden Access", "The access is forbidden");
    }
    if header(request, CONTENT_TYPE) != "application/json" {
        return problem(
            415,
            "Unsupported Media Type",
            "Content-Type: application/json is required",
        );
    }
    let done = match (request.method().as_str(), segments.as_slice()) {
        ("PUT", ["payments", id, "block"]) => block(data, id, true),
        ("DELETE", ["payments", id, "block"]) => block(data, id, false),
        ("PUT", ["admin", "payments", id, "cancel"]) => cancel(data, id),
        ("PUT", ["bookings", id, "fee", "cancellation"]) => cancel_fees(data, id),
        ("POST", ["admin", "bank-account-details", id, "properties"]) => {
            matched(data, id, request.body())
        }
        ("DELETE", ["admin", "bank-account-details", id, "properties"]) => {
            unmatched(data, id, request.body())
        }
        (method, _) => {
            let why = format!("The {method} method is not supported here");
            return problem(405, "Method Not Allowed", &why).header("Allow", "GET");
        }
    };
    done.unwrap_or_else(|| problem(404, "Not Found", "The resource was not found"))
}

impl WriteFault {
    fn is_carried_out(self) -> bool {
        matches!(self, Self::Lost | Self::Stall | Self::ServerError | Self::BadGateway)
    }

    fn reply(self) -> HttpReply {
        match self {
            Self::ServerError | Self::ServerErrorUndone => {
                problem(500, "Internal Server Error", "Something went wrong")
            }
            Self::BadGateway => {
                let page = "<!DOCTYPE html><html><h1>Bad Gateway</h1></html>";
                HttpReply::new(502, "text/html; charset=UTF-8", page)
            }
            Self::Unauthorized => unauthorized(),
            Self::Forbidden => problem(403, "Forbidden Access", "The access is forbidden"),
            Self::Missing => HttpReply { status: 404, ..unauthorized() },
            Self::Conflict => conflict("The state does not allow it"),
            Self::Invalid => {
                invalid("reason", "stringLength", "The input is less than 6 characters long")
            }
            Self::Limited => {
                problem(429, "Too Many Requests", "Rate limit exceeded").header("Retry-After", "2")
            }
            Self::Redirect => problem(302, "Found", "Elsewhere")
                .header("Location", "https://elsewhere.example/payments"),
            Self::Unseen
            | Self::Lost
            | Self::Dropped
            | Self::Late
            | Self::Stall
            | Self::StallUndone
            | Self::ConflictDone => done(204),
        }
    }
}

fn done(status: u16) -> HttpReply {
    HttpReply::new(status, "application/json", "")
}

fn conflict(why: &str) -> HttpReply {
    problem(409, "Conflict", why)
}

impl PaymentsData {
    fn change(&mut self, id: &str, what: What) -> Option<()> {
        self.last_event += 1;
        let event = self.last_event;
        let at = now().naive_utc();
        self.payment_mut(id)?.changes.push(Change { what, at, event });
        Some(())
    }
}

/// Only to block has a documented 409.
fn block(data: &mut PaymentsData, id: &str, is_block: bool) -> Option<HttpReply> {
    let is_blocked = data.payment(id)?.is_blocked();
    match (is_block, is_blocked) {
        (true, true) => return Some(conflict("The payment is blocked already")),
        (false, false) => {}
        (true, false) => data.change(id, What::Blocked)?,
        (false, true) => data.change(id, What::Unblocked)?,
    }
    Some(done(204))
}

fn cancel(data: &mut PaymentsData, id: &str) -> Option<HttpReply> {
    if matches!(data.payment(id)?.status(), "Canceled" | "Paid") {
        return Some(conflict("The payment cannot be canceled in this status"));
    }
    data.change(id, What::Canceled)?;
    Some(done(204))
}

fn cancel_fees(data: &mut PaymentsData, booking: &str) -> Option<HttpReply> {
    let booking = number(BOOKING, booking)?;
    let fees =
        data.payments.iter().filter(|it| it.booking == booking && it.kind == "fee-collection");
    let open = fees.filter(|it| !matches!(it.status(), "Canceled" | "Paid"));
    let open: Vec<String> = open.map(super::data::Payment::id).collect();
    if open.is_empty() {
        return Some(conflict("The booking has no fee that can be canceled"));
    }
    for id in open {
        data.change(&id, What::Canceled)?;
    }
    Some(done(204))
}

fn property_ids(body: &[u8]) -> Result<Vec<String>, HttpReply> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let ids = body.get("propertyIds").and_then(Value::as_array);
    let ids: Vec<String> =
        ids.into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    if ids.is_empty() {
        return Err(invalid("propertyIds", "isEmpty", "Value is required and can't be empty"));
    }
    Ok(ids)
}

fn matched(data: &mut PaymentsData, account: &str, body: &[u8]) -> Option<HttpReply> {
    let at = place(&data.bank, account)?;
    let ids = match property_ids(body) {
        Ok(ids) => ids,
        Err(refusal) => return Some(refusal),
    };
    if data.properties.iter().flatten().any(|own| ids.contains(own)) {
        return Some(conflict("A property is matched with an account already"));
    }
    data.properties.get_mut(at)?.extend(ids);
    Some(done(201))
}

fn unmatched(data: &mut PaymentsData, account: &str, body: &[u8]) -> Option<HttpReply> {
    let at = place(&data.bank, account)?;
    let ids = match property_ids(body) {
        Ok(ids) => ids,
        Err(refusal) => return Some(refusal),
    };
    let own = data.properties.get_mut(at)?;
    if !ids.iter().all(|id| own.contains(id)) {
        return None;
    }
    own.retain(|id| !ids.contains(id));
    Some(done(204))
}

impl ArrivedWrite {
    pub(super) fn of(request: &hyper::Request<Bytes>) -> Self {
        let path = request.uri().path().trim_start_matches("/payments-api/");
        Self {
            method: request.method().to_string(),
            path: path.to_owned(),
            body: String::from_utf8_lossy(request.body()).into_owned(),
            content_type: header(request, CONTENT_TYPE).to_owned(),
            content_length: header(request, CONTENT_LENGTH).to_owned(),
            is_carried_out: false,
            at: now().timestamp_millis(),
        }
    }
}

/// How long a late write waits in a sandbox without another setting.
pub(crate) const LATE: Duration = Duration::from_secs(35);

/// A fault and how many writes it affects, written as `KIND[:TIMES]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteFaults(pub WriteFault, pub u32);

impl FromStr for WriteFaults {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, times) = text.split_once(':').unwrap_or((text, "1"));
        let names = || WriteFault::VARIANTS.iter().map(<&str>::from).collect::<Vec<_>>().join(", ");
        let kind = kind.parse().map_err(|_unknown| {
            format!("unknown fault {kind:?}; the faults of writes are {}", names())
        })?;
        match times.parse() {
            Ok(times) if times > 0 => Ok(Self(kind, times)),
            _ => Err(format!("{times:?} is not a number of times; write 1 or more")),
        }
    }
}

pub fn write_fault_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kind = |fault: &WriteFault| (fault.into(), fault.get_message().unwrap_or_default());
    WriteFault::VARIANTS.iter().map(kind)
}
