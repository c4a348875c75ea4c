//! The responses of the two APIs to each request.

use serde_json::value::RawValue;

use super::event::Event;
use super::fields::Fields;
use super::hal;
use super::request::{PAGE, PaymentsRequest as Request};
use crate::domain::decode::{DecodeError, type_of};
use crate::domain::text::Untrusted;
use crate::list::record::object_pairs;

#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    Object(Fields),
    Rows(Rows),
    Events(Vec<Event>),
    Properties(Vec<Untrusted>),
    Valid(bool),
}

impl Response {
    pub fn object(&self) -> Option<&Fields> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// A row that is not an object has no fields.
    pub rows: Vec<Fields>,
    pub total: Option<u64>,
    pub next: Option<u32>,
    /// A plain array, which has neither a total nor a page count.
    pub is_plain: bool,
}

pub fn read(request: &Request, text: &str) -> Result<Response, DecodeError> {
    match request {
        Request::Methods(page) => rows(text, "payment-methods", *page).map(Response::Rows),
        Request::MyAccounts(page) => rows(text, "bank-account-details", *page).map(Response::Rows),
        Request::Currencies(page) => rows(text, "currencies", *page).map(Response::Rows),
        Request::Events(..) | Request::Stream(_) => events(text).map(Response::Events),
        Request::MyProperties(_) | Request::AccountProperties(_) => {
            properties(text).map(Response::Properties)
        }
        Request::Tin(_) => {
            let flag = object(text)?.flag("isValid");
            flag.map(Response::Valid).ok_or(DecodeError::Missing("isValid"))
        }
        _ => object(text).map(Response::Object),
    }
}

fn object(text: &str) -> Result<Fields, DecodeError> {
    let fields = Fields::read(text).ok_or_else(|| DecodeError::root(text, "an object"))?;
    if fields.is_empty() {
        return Err(DecodeError::Missing("id"));
    }
    Ok(fields)
}

fn rows(text: &str, collection: &'static str, page: u32) -> Result<Rows, DecodeError> {
    let hal = hal::read(text, collection)?;
    let is_plain = text.trim_start().starts_with('[');
    // A plain array has no page count, and the server may send fewer rows than requested: only an
    // empty page or a repeated one is the last.
    let is_last = !is_plain && hal.last_page(page, PAGE).is_none_or(|last| last <= page);
    let row = |raw: &&RawValue| Fields::read(raw.get()).unwrap_or_default();
    let next = (!is_last && !hal.rows.is_empty()).then(|| page.saturating_add(1));
    Ok(Rows { rows: hal.rows.iter().map(row).collect(), total: hal.total, next, is_plain })
}

/// `{"events": […]}`, or only the list; a bad event does not invalidate the others.
fn events(text: &str) -> Result<Vec<Event>, DecodeError> {
    let pairs = object_pairs(text);
    let list = match &pairs {
        Some(pairs) => pairs.iter().find(|(key, _)| key == "events").map(|(_, raw)| raw.get()),
        None if text.trim_start().starts_with('[') => Some(text),
        None => return Err(DecodeError::root(text, "an object")),
    };
    let list = list.ok_or(DecodeError::Missing("events"))?;
    let rows: Vec<&RawValue> =
        serde_json::from_str(list).map_err(|_other| match DecodeError::root(list, "a list") {
            DecodeError::WrongType(..) => DecodeError::WrongType("events", "a list", type_of(list)),
            unread => unread,
        })?;
    Ok(rows.into_iter().map(|raw| Event::read(raw.get())).collect())
}

/// `{"sah:propertyIds": […]}` for the user's own accounts, `{"propertyIds": […]}` for others.
fn properties(text: &str) -> Result<Vec<Untrusted>, DecodeError> {
    let fields = object(text)?;
    let list = fields.get("sah:propertyIds").or_else(|| fields.get("propertyIds"));
    let list = list.ok_or(DecodeError::Missing("propertyIds"))?.as_array();
    let list = list.ok_or(DecodeError::WrongType("propertyIds", "a list", "something else"))?;
    Ok(list.iter().map(|id| Untrusted::new(super::fields::in_words(id))).collect())
}
