//! A reply before it is sent, and the bodies that the contract describes.

use super::database::Table;
use super::endpoint::{EmptyPage, Endpoint};
use super::filter::{ListRequest, Refusals};
use super::hostile::touch;
use super::json::{Node, Object, object};
use super::shape::Shape;

#[derive(Clone, Debug)]
pub(super) struct HttpReply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl HttpReply {
    pub(super) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, headers: Vec::new(), body: body.into() }
    }

    pub(super) fn json(status: u16, body: &Object) -> Self {
        // Texts, numbers and lists of them always serialize.
        Self::new(status, "application/json", serde_json::to_vec(body).unwrap_or_default())
    }

    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &object! {"message": message})
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

pub(super) fn connected(accepted_params: Object) -> HttpReply {
    let body = object! {"message": "You are connected!", "accepted_params": accepted_params};
    HttpReply::json(200, &body)
}

pub(super) fn invalid(refusals: Refusals) -> HttpReply {
    let errors = refusals.into_iter().map(|(name, text)| (name.into(), vec![text].into()));
    let errors = Object(errors.collect());
    HttpReply::json(422, &object! {"message": "The given data was invalid.", "errors": errors})
}

pub(super) fn list(
    endpoint: &Endpoint,
    request: &ListRequest,
    table: &dyn Table,
    hostile: Option<u64>,
    shape: Shape,
) -> HttpReply {
    let (total, places) = request.find(table);
    let noun = &endpoint.noun;
    if places.is_empty() {
        let mut body = object! {"message": format!("No {noun} found for the given filters.")};
        if endpoint.empty_page == EmptyPage::Paged {
            // A page after the last has no rows, but the real `total`.
            body.0.push(("pagination".into(), pagination(request, total, 0).into()));
        }
        body.0.push(("data".into(), Node::List(Vec::new())));
        return HttpReply::json(404, &body);
    }
    let row = |place: &usize| {
        let row = touch(hostile, &endpoint.path, *place, table.object(*place));
        shape.row(&endpoint.path, row)
    };
    let rows: Vec<Object> = places.iter().map(row).collect();
    let mut title = noun.clone();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let body = object! {
        "message": format!("{title} retrieved successfully."),
        "pagination": pagination(request, total, rows.len()),
        "data": Node::List(rows),
    };
    HttpReply::json(200, &body)
}

fn pagination(request: &ListRequest, total: usize, shown: usize) -> Object {
    let first = (request.page - 1).saturating_mul(request.per_page);
    let edge = |number: usize| (shown > 0).then_some(number);
    object! {
        "total": total,
        "per_page": request.per_page,
        "current_page": request.page,
        "last_page": total.div_ceil(request.per_page).max(1),
        "from": edge(first.saturating_add(1)),
        "to": edge(first.saturating_add(shown)),
    }
}
