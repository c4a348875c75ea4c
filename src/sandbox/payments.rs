//! The two Payments APIs of the sandbox: Payments below `/payments-api`, Payments and Finance below
//! `/finance-api`. Written from their documents, coherent with the bookings of the database.

mod data;
mod events;
mod hal;
mod route;

use bytes::Bytes;
use chrono::NaiveDate;
use hyper::header::{ACCEPT, AUTHORIZATION};
use percent_encoding::percent_decode_str;

use super::PaymentsTokens;
use super::database::Database;
use super::query::QueryString;
use super::reply::HttpReply;
use super::site::header;
use data::PaymentsData;

/// The names of the two: their first path segment, by which a fault calls them.
pub(super) const NAMES: [&str; 2] = ["payments-api", "finance-api"];

/// JWTs that are valid until 2100, always the same.
pub(super) const TOKENS: PaymentsTokens = PaymentsTokens {
    admin: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImV4cCI6NDEwMjQ0NDgwMH0.c2FuZGJveC1hZG1pbg",
    user: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC11c2Vy",
    finance: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaW5hbmNlIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC1maW5hbmNl",
};

/// The identifiers of the landlord whom the token belongs to, and of the first bank account.
pub(super) fn ids() -> (String, String) {
    (data::id(data::LANDLORD, 1), data::id(data::ACCOUNT, 1))
}

pub(super) fn name(path: &str) -> Option<&'static str> {
    let (first, _) = path.strip_prefix('/')?.split_once('/')?;
    NAMES.into_iter().find(|name| *name == first)
}

pub(super) struct PaymentsServers {
    data: PaymentsData,
    /// Answers have the slips of the documents.
    has_quirks: bool,
}

impl PaymentsServers {
    pub(super) fn new(database: &Database, has_quirks: bool, today: NaiveDate) -> Self {
        Self { data: PaymentsData::of(database, today), has_quirks }
    }

    pub(super) fn reply(&self, request: &hyper::Request<Bytes>, query: &QueryString) -> HttpReply {
        let path = request.uri().path();
        let is_finance = name(path) == Some("finance-api");
        let (tokens, media) = if is_finance {
            ([TOKENS.finance; 2], "application/json")
        } else {
            ([TOKENS.admin, TOKENS.user], "application/hal+json")
        };
        let token = header(request, AUTHORIZATION);
        if !tokens.contains(&token) {
            return hal::problem(401, "Unauthorized", "Unauthorized user");
        }
        if !header(request, ACCEPT).split(',').any(|one| one.trim() == media) {
            return hal::problem(406, "Not Acceptable", &format!("Accept: {media} is required"));
        }
        let decoded = path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy());
        let segments: Vec<_> = decoded.skip(2).collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        if token == TOKENS.user && segments.first() == Some(&"admin") {
            return hal::problem(403, "Forbidden Access", "The access is forbidden");
        }
        let reply = match (request.method().as_str(), segments.as_slice()) {
            ("POST", ["tin", "validate"]) if !is_finance => Some(route::tin(request.body())),
            ("GET", segments) if is_finance => self.finance(segments, query),
            ("GET", segments) => self.payments(segments, query),
            (method, _) => {
                let why = format!("The {method} method is not supported here");
                Some(hal::problem(405, "Method Not Allowed", &why).header("Allow", "GET"))
            }
        };
        reply.unwrap_or_else(|| {
            if self.has_quirks {
                // The documents' examples of a 404 have the body of a 401.
                let unauthorized = hal::problem(401, "Unauthorized", "Unauthorized user");
                HttpReply { status: 404, ..unauthorized }
            } else {
                hal::problem(404, "Not Found", "The resource was not found")
            }
        })
    }
}
