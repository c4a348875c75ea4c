//! The two Payments APIs of the sandbox: Payments below `/payments-api`, Payments and Finance below
//! `/finance-api`. Written from their documents, coherent with the bookings of the store.

mod bank;
mod books;
mod events;
mod hal;
mod route;

use hyper::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName};

use super::answer::Answer;
use super::query::Query;
use super::store::Store;
use books::Books;

pub(super) use route::{account, landlord};

pub(super) const PAYMENTS: &str = "/payments-api";
pub(super) const FINANCE: &str = "/finance-api";

/// The tokens of the two, JWTs that hold until 2100, always the same.
pub(super) struct Tokens;

impl Tokens {
    pub(super) const ADMIN: &str =
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImV4cCI6NDEwMjQ0NDgwMH0.c2FuZGJveC1hZG1pbg";
    /// Of a user of Payments, for whom `/admin/` is forbidden.
    pub(super) const USER: &str =
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC11c2Vy";
    /// Of a user of Payments and Finance.
    pub(super) const FINANCE: &str =
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJmaW5hbmNlIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2FuZGJveC1maW5hbmNl";
}

pub(super) struct Desk {
    books: Books,
    /// Whether answers have the slips of the documents.
    has_quirks: bool,
}

impl Desk {
    pub(super) fn new(store: &Store, has_quirks: bool, today: chrono::NaiveDate) -> Self {
        Self { books: Books::of(store, today), has_quirks }
    }

    /// Which of the two a path belongs to: the name that a fault calls it by.
    pub(super) fn name(path: &str) -> Option<&'static str> {
        [PAYMENTS, FINANCE].into_iter().find_map(|base| {
            let below = path.strip_prefix(base)?;
            below.starts_with('/').then_some(base.trim_start_matches('/'))
        })
    }

    /// The names of both, for faults.
    pub(super) fn names() -> [&'static str; 2] {
        [PAYMENTS, FINANCE].map(|base| base.trim_start_matches('/'))
    }

    /// The answer to a request of one of the two.
    pub(super) fn answer(
        &self,
        method: &str,
        path: &str,
        query: &Query,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Answer {
        let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let token = header(AUTHORIZATION).unwrap_or_default();
        let (below, known, wanted) = match path.strip_prefix(PAYMENTS) {
            Some(below) => (below, [Tokens::ADMIN, Tokens::USER], "application/hal+json"),
            None => {
                let below = path.strip_prefix(FINANCE).unwrap_or_default();
                (below, [Tokens::FINANCE; 2], "application/json")
            }
        };
        if !known.contains(&token) {
            return hal::problem(401, "Unauthorized", "Unauthorized user");
        }
        let accepts = header(ACCEPT).unwrap_or_default();
        if !accepts.split(',').any(|one| one.trim() == wanted) {
            return hal::problem(406, "Not Acceptable", &format!("Accept: {wanted} is required"));
        }
        let segments: Vec<String> = below
            .split('/')
            .skip(1)
            .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        if token == Tokens::USER && segments.first() == Some(&"admin") {
            return hal::problem(403, "Forbidden Access", "The access is forbidden");
        }
        let asked = route::Asked { method, segments: &segments, query, body };
        let answer = if wanted == "application/json" {
            route::finance(&self.books, &asked, self.has_quirks)
        } else {
            route::payments(&self.books, &asked, self.has_quirks)
        };
        answer.unwrap_or_else(|| self.missing())
    }

    /// The examples of a 404 carry the body of a 401.
    fn missing(&self) -> Answer {
        if self.has_quirks {
            let mut answer = hal::problem(401, "Unauthorized", "Unauthorized user");
            answer.status = 404;
            return answer;
        }
        hal::problem(404, "Not Found", "The resource was not found")
    }
}
