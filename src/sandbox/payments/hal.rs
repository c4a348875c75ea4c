//! HAL lists and API problems, as the documents show them.

use serde_json::{Map, Value, json};

use super::super::query::QueryString;
use super::super::reply::HttpReply;

/// Rows of a page unless more are requested, and the most there are.
const USUAL: usize = 50;
const MOST: usize = 500;

pub(super) fn object(value: &Value) -> HttpReply {
    HttpReply::new(200, "application/hal+json", value.to_string())
}

pub(super) fn problem(status: u16, title: &str, detail: &str) -> HttpReply {
    let kind = "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html";
    let value = json!({"detail": detail, "status": status, "title": title, "type": kind});
    HttpReply::new(status, "application/problem+json", value.to_string())
}

/// A 422 for a field: the rule that it breaks, and the text for it.
pub(super) fn invalid(field: &str, rule: &str, text: &str) -> HttpReply {
    let detail = "The request was well formed but was unable to be followed due to semantic errors";
    let value = json!({"detail": detail, "status": 422, "title": "Unprocessable Entity",
        "type": "http://www.w3.org/Protocols/rfc2616/rfc2616",
        "validationMessages": {field: {rule: text}}});
    HttpReply::new(422, "application/problem+json", value.to_string())
}

pub(super) fn paging(query: &QueryString) -> Result<(usize, usize), HttpReply> {
    let number = |name: &str, usual| match query.get(name).map(str::parse) {
        None => Ok(usual),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(invalid(name, "notDigits", "The input must contain only digits")),
    };
    Ok((number("page", 1)?, number("itemsPerPage", USUAL)?.min(MOST)))
}

pub(super) fn list<T>(
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
