//! Lines of events: a feed has the newest first, a timeline the oldest first.

use super::{Line, Opens, Part, Report, Tone};
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::payments::event::Event;
use crate::payments::request::PaymentsRequest as Request;
use crate::payments::response::Response;
use crate::payments::subject::Feed;

pub(super) fn lines(report: &Report, feed: &Feed) -> Vec<Line> {
    let is_events = |request: &Request| matches!(request, Request::Events(..) | Request::Stream(_));
    report.lines_of(is_events, |part| {
        let mut events = events_of(part);
        events.sort_by_key(|event| std::cmp::Reverse(event.number()));
        let shown: Vec<&&Event> = events.iter().filter(|event| feed.shows(event)).collect();
        let words = summary(feed, shown.len(), events.len());
        let mut lines = vec![Line::new("", words, Tone::Quiet)];
        lines.extend(shown.into_iter().map(|event| {
            let number = event.id.as_ref().map(|id| id.shown().into_owned()).unwrap_or_default();
            let line = line_of(event);
            Line { text: format!("{number:>6}  {}", line.text), ..line }
        }));
        lines
    })
}

fn summary(feed: &Feed, shown: usize, all: usize) -> String {
    let part = if shown == all { String::new() } else { format!("{shown} of ") };
    let all_counted = counted(all as u64, "event");
    let mut words = format!("{part}{all_counted}, newest first");
    if feed.stream.is_none() {
        words = format!("{words} · numbers {} to {}", feed.from, feed.to);
        // The store does not report its end; a full window is probably not the last one.
        if all as u64 > feed.to.saturating_sub(feed.from) {
            words = format!("{words}, more from {}", feed.to.saturating_add(1));
        }
    }
    if let Some(family) = feed.family {
        words = format!("{words} · family {}", family.word());
    }
    if let Some(text) = &feed.text {
        words = format!("{words} · with \"{}\"", crate::domain::text::sanitize(text));
    }
    words
}

pub(super) fn timeline(part: &Part) -> Vec<Line> {
    let mut events = events_of(part);
    // Events without a number keep the server's order.
    if events.iter().all(|event| event.number().is_some()) {
        events.sort_by_key(|event| event.number());
    }
    if events.is_empty() {
        return vec![Line::new("", "no events", Tone::Quiet)];
    }
    events.into_iter().map(line_of).collect()
}

fn events_of(part: &Part) -> Vec<&Event> {
    match part.answer() {
        Some(Response::Events(events)) => events.iter().collect(),
        _ => Vec::new(),
    }
}

fn line_of(event: &Event) -> Line {
    let (happened, details) = (event.happened(), event.details());
    let gap = if details.is_empty() { "" } else { " · " };
    let time = event.time();
    let time = if time.is_empty() { "no time" } else { time.as_str() };
    let has_failed = happened.contains("failed");
    let tone = if has_failed { Tone::Warning } else { Tone::Plain };
    let opens = event.stream().map(|id| Opens::Stream(id.expose_raw().to_owned()));
    let raw = serde_json::json!({
        "id": event.id.as_ref().map(Untrusted::expose_raw),
        "typeName": event.type_name.expose_raw(),
        "occurredOn": event.occurred.as_ref().map(Untrusted::expose_raw),
        "eventBody": event.body.to_value(),
    });
    Line::new("", format!("{time:<20}  {happened}{gap}{details}"), tone)
        .opening(opens)
        .with_raw(&raw)
}
