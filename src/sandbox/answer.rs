//! An answer before it goes onto the wire, and the bodies that the contract describes.

use super::endpoint::{Endpoint, TEST};
use super::filter::{Asked, Refusals};
use super::hostile::Hostile;
use super::json::{Node, Object};
use super::store::Store;

/// A whole answer: status, headers and body.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    /// Headers besides the type and the length.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Object) -> Self {
        Self { status, content_type: "application/json", headers: Vec::new(), body: body.bytes() }
    }

    /// A JSON answer with nothing but a message.
    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &Object::default().with("message", message))
    }

    /// The same answer with one more header.
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// 200 for the connection test.
pub(super) fn connected(accepted: Vec<(String, String)>) -> Answer {
    let params =
        accepted.into_iter().map(|(name, text)| (name.into(), Node::Value(text.into()))).collect();
    let body = Object::default()
        .with("message", "You are connected!")
        .with_object("accepted_params", Object(params));
    Answer::json(200, &body)
}

/// What the connection test of the conciliation accepts.
pub(super) fn booking_accepts() -> Vec<(String, String)> {
    let hint = "string, required (exact booking reference)";
    vec![("test".to_owned(), TEST.to_owned()), ("booking_id".to_owned(), hint.to_owned())]
}

/// 422 with the texts for each parameter.
pub(super) fn invalid(refusals: Refusals) -> Answer {
    let mut errors = Object::default();
    for (name, text) in refusals {
        errors = errors.with(name, vec![text]);
    }
    let body = Object::default()
        .with("message", "The given data was invalid.")
        .with_object("errors", errors);
    Answer::json(422, &body)
}

/// One page of a list, or the documented answer when there is no row on it.
pub(super) fn list(
    endpoint: &Endpoint,
    asked: &Asked,
    store: &Store,
    hostile: Option<Hostile>,
) -> Answer {
    let (total, places) = asked.find(store, endpoint.source);
    let noun = &endpoint.noun;
    if places.is_empty() {
        // A page beyond the last has no rows either; its `total` stays true.
        let mut body =
            Object::default().with("message", format!("No {noun} found for the given filters."));
        if endpoint.empty_is_paged {
            body = body.with_object("pagination", pagination(asked, total, 0));
        }
        return Answer::json(404, &body.with_rows("data", Vec::new()));
    }
    let table = store.table(endpoint.source);
    let row = |place: &usize| Hostile::touch(hostile, &endpoint.path, *place, table.object(*place));
    let rows: Vec<Object> = places.iter().map(row).collect();
    let mut title = noun.clone();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let body = Object::default()
        .with("message", format!("{title} retrieved successfully."))
        .with_object("pagination", pagination(asked, total, rows.len()))
        .with_rows("data", rows);
    Answer::json(200, &body)
}

fn pagination(asked: &Asked, total: usize, shown: usize) -> Object {
    let first = (asked.page - 1).saturating_mul(asked.per_page);
    let edge = |number: usize| (shown > 0).then_some(number);
    Object::default()
        .with("total", total)
        .with("per_page", asked.per_page)
        .with("current_page", asked.page)
        .with("last_page", total.div_ceil(asked.per_page).max(1))
        .with("from", edge(first.saturating_add(1)))
        .with("to", edge(first.saturating_add(shown)))
}
