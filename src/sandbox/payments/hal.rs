//! HAL lists and API problems, as the documents show them.

use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::query::Query;

/// Rows of a page unless more are asked for, and the most there are.
const USUAL: usize = 50;
const MOST: usize = 500;

pub(super) fn body(status: u16, content_type: &'static str, value: &Value) -> Answer {
    let body = value.to_string().into_bytes();
    Answer { status, content_type, headers: Vec::new(), body }
}

pub(super) fn object(value: &Value) -> Answer {
    body(200, "application/hal+json", value)
}

pub(super) fn problem(status: u16, title: &str, detail: &str) -> Answer {
    let kind = "http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html";
    let value = json!({"detail": detail, "status": status, "title": title, "type": kind});
    body(status, "application/problem+json", &value)
}

/// A 422 with the text for each field and rule.
pub(super) fn invalid(fields: &[(&str, &str, &str)]) -> Answer {
    let mut messages = serde_json::Map::new();
    for (field, rule, text) in fields {
        messages.insert((*field).to_owned(), json!({*rule: text}));
    }
    let detail = "The request was well formed but was unable to be followed due to semantic errors";
    let value = json!({"detail": detail, "status": 422, "title": "Unprocessable Entity",
        "type": "http://www.w3.org/Protocols/rfc2616/rfc2616", "validationMessages": messages});
    body(422, "application/problem+json", &value)
}

/// The page and its size that a query asks for.
pub(super) fn paging(query: &Query) -> Result<(usize, usize), Answer> {
    let number = |name: &'static str, usual: usize| match query.get(name) {
        None => Ok(usual),
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(invalid(&[(name, "notDigits", "The input must contain only digits")])),
        },
    };
    Ok((number("page", 1)?, number("itemsPerPage", USUAL)?.min(MOST)))
}

/// One page of a list: `rows` makes the rows at the places that are on it.
pub(super) fn list(
    collection: &str,
    path: &str,
    total: usize,
    query: &Query,
    rows: impl Fn(std::ops::Range<usize>) -> Vec<Value>,
) -> Result<Answer, Answer> {
    let (page, size) = paging(query)?;
    let first = (page - 1).saturating_mul(size).min(total);
    let shown = rows(first..(first + size).min(total));
    let last = total.div_ceil(size).max(1);
    let link = |page: usize| json!({"href": format!("/{path}?page={page}&itemsPerPage={size}")});
    let mut links = serde_json::Map::new();
    links.insert("self".to_owned(), link(page));
    links.insert("first".to_owned(), link(1));
    links.insert("last".to_owned(), link(last));
    if page > 1 {
        links.insert("prev".to_owned(), link(page - 1));
    }
    if page < last {
        links.insert("next".to_owned(), link(page + 1));
    }
    let value = json!({"count": shown.len(), "total": total, "_links": links,
        "_embedded": {collection: shown}});
    Ok(object(&value))
}
