//! A report as text and as JSON, for commands.

use serde_json::{Value, json};

use super::{LISTS, Line, Part, Report, Tone};
use crate::domain::text::Untrusted;
use crate::payments::account::hide;
use crate::payments::event::Event;
use crate::payments::fields::Fields;
use crate::payments::response::Response;

const LABEL: usize = 15;

impl Report {
    pub fn to_text(&self, is_revealed: bool) -> String {
        let line = |line: Line| {
            let indent = if line.tone == Tone::Title { "" } else { "  " };
            let width = if line.label.is_empty() { 0 } else { LABEL };
            format!("{indent}{:<width$}{}\n", line.label, line.text)
        };
        self.lines(is_revealed).into_iter().map(line).collect()
    }

    /// One entry for each request; the pages of a list are one entry.
    pub fn to_json(&self, is_revealed: bool) -> Value {
        let mut entries = Vec::new();
        for part in &self.parts {
            match LISTS.iter().find(|(_, fits)| fits(&part.request)) {
                None => entries.push(of_part(part)),
                Some((_, fits)) => {
                    let pages: Vec<&Part> = self.all(*fits).collect();
                    if pages.first().is_some_and(|first| std::ptr::eq(*first, part)) {
                        entries.push(of_list(&pages));
                    }
                }
            }
        }
        let mut all = Value::from(entries);
        hide(&mut all, is_revealed);
        all
    }
}

fn of_part(part: &Part) -> Value {
    let result = match &part.response {
        Some(Ok(response)) => json!({"answer": value(response)}),
        Some(Err(failure)) => json!({"error": failure.why}),
        None => json!({"error": "no response"}),
    };
    json!({"path": part.request.endpoint(), "request": path(part), "result": result})
}

/// The rows of all pages, with the server's total if it reports one, and the failure of a page.
fn of_list(pages: &[&Part]) -> Value {
    let Some(first) = pages.first() else { return Value::Null };
    let mut entry = of_part(first);
    let totals = pages.iter().filter_map(|page| match page.answer()? {
        Response::Rows(rows) => rows.total,
        _ => None,
    });
    if let Some(total) = totals.max() {
        entry["total"] = total.into();
    }
    let error = pages.iter().skip(1).find_map(|page| page.failure());
    if first.answer().is_some() {
        let rows = pages.iter().flat_map(|page| page.rows()).map(Fields::to_value);
        entry["result"]["answer"] = rows.collect();
    }
    if let Some(failure) = error {
        entry["result"]["error"] = failure.why.as_str().into();
    }
    entry
}

/// The path of the request with its ids, which tells apart the requests of several accounts.
fn path(part: &Part) -> String {
    part.request.segments().unwrap_or_default().join("/")
}

fn value(response: &Response) -> Value {
    let event = |event: &Event| {
        let id = event.id.as_ref().map(|id| Value::from(id.expose_raw()));
        json!({
            "id": event.number().map(Value::from).or(id), "at": event.exact_time(), "family": event.family().word(),
            "type": event.type_name.expose_raw(), "body": event.body.to_value(),
        })
    };
    match response {
        Response::Object(fields) => fields.to_value(),
        Response::Rows(rows) => rows.rows.iter().map(Fields::to_value).collect(),
        Response::Properties(ids) => ids.iter().map(Untrusted::expose_raw).collect(),
        Response::Valid(is_valid) => (*is_valid).into(),
        Response::Events(events) => events.iter().map(event).collect(),
    }
}
