//! The two Payments APIs of the sandbox, as documented: access, HAL lists, API problems.
#![expect(
    clippy::disallowed_types,
    reason = "writes change the data from any connection; the locks guard small values and are never \
              held across an await"
)]

mod accept;
mod data;
mod events;
mod route;
pub(super) mod writes;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{ACCEPT, AUTHORIZATION};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::database::Database;
use super::filter::QueryString;
use super::reply::HttpReply;
use super::site::header;
use super::{Options, PaymentsTokens};
use data::PaymentsData;
use writes::{ArrivedWrite, LATE, WriteFault, WriteFaults};

/// The first path segment of each, as used in faults.
pub(super) const NAMES: [&str; 2] = ["payments-api", "finance-api"];

/// Valid until 2100.
pub(super) const TOKENS: PaymentsTokens = PaymentsTokens {
    admin: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImV4cCI6NDEwMjQ0NDgwMH0.c2FuZGJveC1hZG1pbg",
    user: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC11c2Vy",
    finance: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaW5hbmNlIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC1maW5hbmNl",
};

pub(super) fn ids() -> (String, String) {
    (data::id(data::LANDLORD, 1), data::id(data::ACCOUNT, 1))
}

pub(super) fn name(path: &str) -> Option<&'static str> {
    let (first, _) = path.strip_prefix('/')?.split_once('/')?;
    NAMES.into_iter().find(|name| *name == first)
}

pub(super) struct PaymentsServers {
    data: Mutex<PaymentsData>,
    has_quirks: bool,
    page_cap: Option<usize>,
    /// For each of the next writes.
    write_faults: Mutex<VecDeque<WriteFault>>,
    arrived: Mutex<Vec<ArrivedWrite>>,
    /// How long a late write waits.
    late: Duration,
}

impl PaymentsServers {
    pub(super) fn new(database: &Database, options: &Options) -> Self {
        Self {
            data: Mutex::new(PaymentsData::of(database, options)),
            has_quirks: options.quirks,
            page_cap: options.page_cap,
            write_faults: Mutex::new(each(&options.write_faults)),
            arrived: Mutex::default(),
            late: options.late_writes.unwrap_or(LATE),
        }
    }

    fn data(&self) -> MutexGuard<'_, PaymentsData> {
        lock(&self.data)
    }

    fn next_fault(&self) -> Option<WriteFault> {
        lock(&self.write_faults).pop_front()
    }

    pub(super) fn set_write_faults(&self, faults: &[WriteFaults]) {
        *lock(&self.write_faults) = each(faults);
    }

    /// Records a request that is not a read, and returns the place of its record.
    pub(super) fn arrived(&self, request: &hyper::Request<Bytes>) -> usize {
        let mut arrived = lock(&self.arrived);
        arrived.push(ArrivedWrite::of(request));
        arrived.len() - 1
    }

    fn mark(&self, at: usize, is_carried_out: bool) {
        if let Some(write) = lock(&self.arrived).get_mut(at) {
            write.is_carried_out = is_carried_out;
        }
    }

    pub(super) fn writes(&self) -> Vec<ArrivedWrite> {
        lock(&self.arrived).clone()
    }

    pub(super) fn reply(&self, request: &hyper::Request<Bytes>, query: &QueryString) -> HttpReply {
        let path = request.uri().path();
        let capped = self.page_cap.map(|cap| query.capped("itemsPerPage", cap, USUAL));
        let reply = as_documented(path, self.answer(request, capped.as_ref().unwrap_or(query)));
        let accepted = header(request, ACCEPT);
        // Only Payments and Finance requires the header.
        let is_left_out = accepted.is_empty() && name(path) == Some("payments-api");
        if reply.status != 200 || is_left_out || accept::allows(accepted, reply.content_type) {
            return reply;
        }
        problem(406, "Not Acceptable", &format!("Accept: {} is required", reply.content_type))
    }

    fn answer(&self, request: &hyper::Request<Bytes>, query: &QueryString) -> HttpReply {
        let path = request.uri().path();
        let is_finance = name(path) == Some("finance-api");
        let tokens = if is_finance { [TOKENS.finance; 2] } else { [TOKENS.admin, TOKENS.user] };
        let token = header(request, AUTHORIZATION);
        if !tokens.contains(&token) {
            return unauthorized();
        }
        let decoded = path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy());
        let segments: Vec<_> = decoded.skip(2).collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        if token == TOKENS.user && segments.first() == Some(&"admin") {
            return problem(403, "Forbidden Access", "The access is forbidden");
        }
        let reply = match (request.method().as_str(), segments.as_slice()) {
            ("POST", ["tin", "validate"]) if !is_finance => Some(route::tin(request.body())),
            ("GET", segments) if is_finance => self.finance(segments, query),
            ("GET", segments) => self.payments(segments, query),
            (method, _) => {
                let why = format!("The {method} method is not supported here");
                Some(problem(405, "Method Not Allowed", &why).header("Allow", "GET"))
            }
        };
        reply.unwrap_or_else(|| {
            if self.has_quirks {
                // The documents' examples of a 404 have the body of a 401.
                HttpReply { status: 404, ..unauthorized() }
            } else {
                problem(404, "Not Found", "The resource was not found")
            }
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn each(faults: &[WriteFaults]) -> VecDeque<WriteFault> {
    let times =
        |WriteFaults(fault, times): &WriteFaults| (0..*times).map(|_| *fault).collect::<Vec<_>>();
    faults.iter().flat_map(times).collect()
}

/// The documents name a different media type for some paths.
fn as_documented(path: &str, reply: HttpReply) -> HttpReply {
    let below = path.strip_prefix("/payments-api/").unwrap_or_default();
    let is_plain = ["payments", "payments/payment-methods"].contains(&below)
        || below.starts_with("event-store/");
    let is_json = match reply.status {
        200 => is_plain || below.ends_with("/properties") || name(path) == Some("finance-api"),
        401 => is_plain,
        _ => false,
    };
    if is_json { HttpReply { content_type: "application/json", ..reply } } else { reply }
}

/// Converts an error of the customer API to an API problem; other replies are unchanged.
pub(super) fn as_problem(path: &str, fault: HttpReply) -> HttpReply {
    let body: Value = serde_json::from_slice(&fault.body).unwrap_or_default();
    let message = body.get("message").and_then(Value::as_str);
    let Some(message) = message.filter(|_| name(path).is_some() && fault.status >= 400) else {
        return fault;
    };
    let fields = body.get("errors").and_then(Value::as_object);
    let reply = match fields.and_then(|fields| fields.iter().next()) {
        Some((field, texts)) => {
            let text = texts.pointer("/0").and_then(Value::as_str).unwrap_or_default();
            invalid(field, "invalid", text)
        }
        None => {
            let status = StatusCode::from_u16(fault.status).ok();
            let title = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
            problem(fault.status, title, message)
        }
    };
    as_documented(path, HttpReply { headers: fault.headers, ..reply })
}

fn unauthorized() -> HttpReply {
    problem(401, "Unauthorized", "Unauthorized user")
}

const USUAL: usize = 50;
const MOST: usize = 500;

fn object(value: &Value) -> HttpReply {
    HttpReply::new(200, "application/hal+json", value.to_string())
}

fn problem(status: u16, title: &str, detail: &str) -> HttpReply {
    let kind = "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html";
    let value = json!({"detail": detail, "status": status, "title": title, "type": kind});
    HttpReply::new(status, "application/problem+json", value.to_string())
}

fn invalid(field: &str, rule: &str, text: &str) -> HttpReply {
    let detail = "The request was well formed but was unable to be followed due to semantic errors";
    let value = json!({"detail": detail, "status": 422, "title": "Unprocessable Entity",
        "type": "http://www.w3.org/Protocols/rfc2616/rfc2616",
        "validationMessages": {field: {rule: text}}});
    HttpReply::new(422, "application/problem+json", value.to_string())
}

fn paging(query: &QueryString) -> Result<(usize, usize), HttpReply> {
    let number = |name: &str, usual| match query.get(name).map(str::parse) {
        None => Ok(usual),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(invalid(name, "notDigits", "The input must contain only digits")),
    };
    Ok((number("page", 1)?, number("itemsPerPage", USUAL)?.min(MOST)))
}

fn list<T>(
    collection: &str,
    path: &str,
    all: &[T],
    query: &QueryString,
    row: impl Fn(&T) -> Value,
) -> HttpReply {
    let (page, size) = match paging(query) {
        Ok(paging) => paging,
        Err(refusal) => return refusal,
    };
    let first = (page - 1).saturating_mul(size);
    let shown: Vec<Value> = all.iter().skip(first).take(size).map(row).collect();
    let last = all.len().div_ceil(size).max(1);
    let link = |page: usize| json!({"href": format!("/{path}?page={page}&itemsPerPage={size}")});
    let mut links = Map::new();
    for (name, page) in [
        ("self", Some(page)),
        ("first", Some(1)),
        ("last", Some(last)),
        ("prev", (page > 1).then(|| page - 1)),
        ("next", (page < last).then(|| page + 1)),
    ] {
        links.extend(page.map(|page| (name.to_owned(), link(page))));
    }
    object(&json!({"count": shown.len(), "total": all.len(), "_links": links,
        "_embedded": {collection: shown}}))
}
