//! `valora check --shape`: the fields and types of the server's responses, without values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::server::refused;
use super::{Finding, State};
use crate::cli::exit_code::{Exit, FAILED, Unanswered};
use crate::cli::requests::Oneshot;
use crate::domain::failure::Advice;
use crate::domain::text::sanitize;
use crate::filter::query::ListQuery;
use crate::list::outline::{Outline, Seen};
use crate::list::record::{Record, object_pairs};
use crate::list::roles::Reason;
use crate::list::{ALL, Field, Key, Spec};
use crate::net::request::{BOOKING_PATH, Request};
use crate::net::response::Response;

const WIDTH: usize = 80;
/// Longer names move only the rest of their own line.
const WIDEST: usize = 36;

/// The answer of one path of the server.
struct Part {
    path: &'static str,
    outline: Outline,
    /// The fields of the list, in display order.
    fields: &'static [Field],
    /// What to do if the server did not answer, and the exit code. The server's own text may be data.
    unanswered: Option<(String, u8)>,
}

impl Part {
    fn unanswered(path: &'static str, failure: &Unanswered) -> Self {
        let Finding { advice, state, .. } = refused(path, &failure.0);
        let code = if let State::Bad(code) = state { code } else { FAILED };
        let unanswered = Some((advice, code));
        Self { path, outline: Outline::default(), fields: &[], unanswered }
    }

    fn field(&self, at: usize) -> Option<&'static Field> {
        let is_it = |field: &&Field| match field.key {
            Key::Documented => self.outline.find(&[field.name]) == Some(at),
            _ => field.keys().is_some_and(|keys| self.outline.find(keys) == Some(at)),
        };
        self.fields.iter().find(is_it)
    }

    fn lines(&self) -> Vec<String> {
        let fields = &self.outline.fields;
        let width = fields.iter().map(|seen| seen.name().width()).max().unwrap_or(0).min(WIDEST);
        let line = |(at, seen): (usize, &Seen)| {
            let name = sanitize(&seen.name()).into_owned();
            let role = self.field(at).and_then(role).filter(|(role, _)| *role != name);
            let role = role.map(|(role, reason)| format!(" → {role} ({})", reason.words()));
            let types = types_in_words(seen) + &role.unwrap_or_default();
            wrapped(&format!("{name:width$}  {:>4}  {types}", seen.rows), width + 10)
        };
        let mut lines: Vec<String> = fields.iter().enumerate().flat_map(line).collect();
        let absent = self.absent().join(", ");
        if !absent.is_empty() {
            lines.extend(wrapped(&format!("not in these rows: {absent}"), 4));
        }
        if let Some((advice, _)) = &self.unanswered {
            lines.extend(wrapped(&format!("→ no response: {advice}"), 4));
        }
        lines
    }

    fn absent(&self) -> Vec<&'static str> {
        self.fields.iter().filter(|field| field.is_absent()).map(|field| field.name).collect()
    }
}

pub(super) struct Shape(Vec<Part>);

impl Shape {
    pub(super) fn ask(oneshot: &Oneshot) -> Self {
        let (mut parts, mut reference) = (Vec::new(), None);
        for spec in ALL {
            match oneshot.body(&Request::List(ListQuery::new(spec))) {
                Ok((body, response)) => {
                    let rows = records(response);
                    reference = reference.or_else(|| rows.iter().find_map(booking));
                    parts.push(list(spec, &body, rows.first()));
                }
                Err(failure) => {
                    parts.push(Part::unanswered(spec.path, &failure));
                    if failure.0.advice == Advice::NewToken {
                        return Self(parts);
                    }
                }
            }
        }
        let path = BOOKING_PATH;
        parts.extend(reference.map(|reference| match oneshot.body(&Request::Booking(reference)) {
            Ok((body, _)) => {
                let outline = Outline::of([body.as_str()], &[]);
                Part { path, outline, fields: &[], unanswered: None }
            }
            Err(failure) => Part::unanswered(path, &failure),
        }));
        Self(parts)
    }

    /// Fails if a request was not answered.
    pub(super) fn whole(&self) -> Result<(), Exit> {
        let codes =
            self.0.iter().filter_map(|part| part.unanswered.as_ref()).map(|(_, code)| *code);
        match codes.max() {
            Some(worst) => Err(Exit(worst, "some requests failed; see the → lines".to_owned())),
            None => Ok(()),
        }
    }

    pub(super) fn in_words(&self) -> String {
        let mut out =
            "Fields of the server's responses, with types and counts; no values.\n".to_owned();
        for part in &self.0 {
            let _ = writeln!(out, "\n{}, rows: {}", part.path, part.outline.rows);
            for line in part.lines() {
                let _ = writeln!(out, "{line}");
            }
        }
        out
    }

    pub(super) fn to_json(&self) -> Value {
        let parts = self.0.iter().map(|part| {
            let fields = part.outline.fields.iter().enumerate();
            let fields = fields.map(|(at, seen)| field_to_json(seen, part.field(at)));
            json!({
                "path": part.path,
                "rows": part.outline.rows,
                "fields": fields.collect::<Vec<_>>(),
                "absent": part.absent(),
                "unanswered": part.unanswered.as_ref().map(|(advice, _)| advice),
            })
        });
        json!({ "valora": env!("CARGO_PKG_VERSION"), "answers": parts.collect::<Vec<_>>() })
    }
}

fn list(spec: &'static Spec, body: &str, first: Option<&Record>) -> Part {
    let pairs = object_pairs(body).unwrap_or_default();
    let data = pairs.iter().find(|(key, _)| key == "data").map(|(_, raw)| raw.get());
    let rows: Option<Vec<&RawValue>> = data.and_then(|data| serde_json::from_str(data).ok());
    let fields = first.map_or(&[][..], |row| row.spec().fields);
    let outline = match &rows {
        Some(rows) => Outline::of(rows.iter().map(|row| row.get()), fields),
        // Not a page: the body itself is described.
        None => Outline::of([body], fields),
    };
    Part { path: spec.path, outline, fields, unanswered: None }
}

fn records(response: Option<Response>) -> Vec<Record> {
    response.and_then(Response::try_as_page).map(|page| page.rows).unwrap_or_default()
}

fn booking(row: &Record) -> Option<String> {
    row.booking().map(|reference| reference.expose_raw().to_owned())
}

fn role(field: &Field) -> Option<(&'static str, Reason)> {
    match field.key {
        Key::Documented => Some((field.name, Reason::Documented)),
        Key::Recognized(_, reason) => Some((field.name, reason)),
        Key::Unknown(_) | Key::Absent => None,
    }
}

/// Wraps a line; its continuation lines have this indent.
fn wrapped(line: &str, further: usize) -> Vec<String> {
    let further = " ".repeat(further);
    let indents = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent(&further);
    textwrap::wrap(line, indents).into_iter().map(Into::into).collect()
}

/// `string 90 (date 88, word 2), null 10`, and `string 90 (date)` if all look the same.
fn types_in_words(seen: &Seen) -> String {
    let listed = |counts: &BTreeMap<&str, usize>| {
        let counts = counts.iter().map(|(name, count)| format!("{name} {count}"));
        counts.collect::<Vec<_>>().join(", ")
    };
    let looks = match seen.looks.keys().next() {
        None => return listed(&seen.types),
        Some(only) if seen.looks.len() == 1 => (*only).to_owned(),
        Some(_) => listed(&seen.looks),
    };
    let word = |(name, count): (&&str, &usize)| match *name {
        "string" => format!("string {count} ({looks})"),
        name => format!("{name} {count}"),
    };
    seen.types.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn field_to_json(seen: &Seen, field: Option<&Field>) -> Value {
    let role = field.and_then(role);
    json!({
        "name": sanitize(&seen.name()),
        "rows": seen.rows,
        "types": seen.types,
        "looks": seen.looks,
        "kind": field.map(|field| <&str>::from(field.kind)),
        "role": role.map(|(role, _)| role),
        "reason": role.map(|(_, reason)| reason.words()),
    })
}
