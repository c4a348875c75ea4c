//! Injected faults, written as `KIND:PATH[:TIMES]`, and their changes to a reply.

use std::num::NonZeroU32;
use std::str::FromStr;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::calendar::now;
use super::raw_reply::{Step, bomb, chunk, head, head_of};
use super::reply::{HttpReply, invalid};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) kind: &'static str,
    /// The endpoint's name, such as `conciliation/booking`, or `*` for all.
    pub(super) path: String,
    /// The number of further requests that it affects; `None` means all.
    pub(super) left: Option<u32>,
}

const KINDS: [(&str, &str); 53] = [
    ("400", "Bad Request with a message"),
    ("401", "Unauthenticated."),
    ("403", "the wrong audience"),
    ("404", "Not Found, with a body that differs from that of an empty list"),
    ("422", "messages for the fields search and per_page"),
    ("429", "the documented limit body, reset in 2 s"),
    ("429-retry-after", "429 with Retry-After: 2 and no limit body"),
    ("429-retry-date", "429 with Retry-After as a date in 2 s"),
    ("400-absurd", "400 whose body has every type wrong"),
    ("401-absurd", "401 whose body has every type wrong"),
    ("403-absurd", "403 whose body has every type wrong"),
    ("404-absurd", "404 whose body has every type wrong"),
    ("422-absurd", "422 whose body has every type wrong"),
    ("429-absurd", "429 with figures and headers that make no sense"),
    ("500", "Server Error with a message"),
    ("500-html", "Server Error as a web page"),
    ("502", "Bad Gateway with a message"),
    ("503", "Service Unavailable with a message"),
    ("503-absurd", "503 whose body has every type wrong"),
    ("503-html", "Service Unavailable as a web page"),
    ("503-retry-after", "503 with Retry-After: 2"),
    ("503-retry-date", "503 with Retry-After as a date in 2 s"),
    ("504", "Gateway Timeout with a message"),
    ("refused", "a reset, then the port is closed for 2 s"),
    ("hang", "no response at all"),
    ("hang-body", "headers and half of the body, then nothing"),
    ("drip", "the body, one byte every 200 ms"),
    ("reset", "the connection is reset"),
    ("not-http", "the greeting of another protocol"),
    ("truncated", "closed after half of the Content-Length"),
    ("cut-chunk", "ends in the middle of a chunk"),
    ("no-length", "no Content-Length; the body ends with the connection"),
    ("content-type", "the correct body as text/plain"),
    ("html", "200 with a web page"),
    ("empty", "200 with an empty body"),
    ("null", "the field data is null; if the body has no data, the body itself is null"),
    ("no-data", "only a message"),
    ("no-rows", "200 with no rows and no pagination"),
    ("wrong-types", "numbers are strings, strings are numbers or lists"),
    ("deep", "data is nested 100,000 levels deep"),
    ("huge-string", "a row with a string of 4 MiB"),
    ("huge-page", "a well-formed page of more than 8 MiB"),
    ("bomb", "300 MiB compressed to less than 1 MiB"),
    ("endless", "a body without an end"),
    ("redirect", "to another host"),
    ("redirect-loop", "to the same URL"),
    ("redirect-downgrade", "to plain http on the real host"),
    ("repeat-pages", "every page repeats the first one"),
    ("shrink-pages", "from page 2 on, rows disappear"),
    ("ignore-booking", "lists ignore booking_id and reference_id"),
    ("bad-json", "the second half of the body is not JSON"),
    ("latency", "the correct response after 2 s"),
    ("no-limit-headers", "the correct response without X-RateLimit headers"),
];

pub fn fault_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.into_iter()
}

impl Fault {
    pub(super) fn hits(&self, endpoint: &str) -> bool {
        (self.path == "*" || self.path == endpoint) && self.left != Some(0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error("unknown fault {0:?}; the faults are {names}", names = KINDS.map(|(name, _)| name).join(", "))]
    Kind(String),
    #[error(
        "the fault {0:?} has no path: write KIND:PATH[:TIMES], such as 500:penalties:2 or hang:*"
    )]
    Path(String),
    #[error("{0:?} is not a number of times; write 1 or more")]
    Times(String),
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let mut parts = text.splitn(3, ':');
        let name = parts.next().unwrap_or_default();
        let kind = KINDS.iter().find(|(kind, _)| *kind == name);
        let (kind, _) = kind.ok_or_else(|| FaultError::Kind(name.to_owned()))?;
        let path = parts.next().map(|path| path.trim_matches('/')).unwrap_or_default();
        if path.is_empty() {
            return Err(FaultError::Path(text.to_owned()));
        }
        let times = |text: &str| {
            let times: NonZeroU32 = text.parse().map_err(|_| FaultError::Times(text.to_owned()))?;
            Ok(times.get())
        };
        let left = parts.next().map(times).transpose()?;
        Ok(Self { kind, path: path.to_owned(), left })
    }
}

/// A body in which no field has the type of the contract.
const ABSURD: &str = r#"{"message":[{"no":7}],"errors":"all of them","rate_limit":[[]],"data":{"0":5},"pagination":1}"#;

pub(super) enum Reply {
    Http(HttpReply),
    Raw(Vec<Step>),
}

/// The faulty reply to a request for `path`. `latency`, `repeat-pages` and `ignore-booking` are applied
/// elsewhere.
pub(super) fn apply_fault(kind: &str, right: HttpReply, path: &str) -> Reply {
    if let Some(steps) = raw_reply(kind, &right.body) {
        return Reply::Raw(steps);
    }
    let (code, form) = kind.split_once('-').unwrap_or((kind, ""));
    if let Ok(code) = code.parse() {
        return Reply::Http(status_reply(code, form));
    }
    Reply::Http(match kind {
        "html" => page(200, "Welcome to the airport's wireless network"),
        "content-type" => HttpReply { content_type: "text/plain; charset=UTF-8", ..right },
        "empty" => with_body(right, ""),
        "null" => edit(right, null_data),
        "no-rows" => with_body(right, r#"{"message":"Nothing found.","data":[]}"#),
        "no-data" => with_body(right, r#"{"message":"Retrieved successfully."}"#),
        "wrong-types" => edit(right, |body| wrong_types(body, true)),
        "deep" => with_body(right, deep()),
        "huge-string" => edit(right, huge_string),
        "shrink-pages" => edit(right, shrink),
        "no-limit-headers" => without_limit_headers(right),
        "bad-json" => HttpReply { body: [half(&right.body), b",,]"].concat(), ..right },
        "redirect" => redirect(format!("https://elsewhere.example{path}")),
        "redirect-loop" => redirect(path.to_owned()),
        "redirect-downgrade" => redirect(format!("http://valora.spotahome.com{path}")),
        _ => right,
    })
}

fn raw_reply(kind: &str, body: &[u8]) -> Option<Vec<Step>> {
    let promised = Step::Send(head_of(body.len()));
    let half = half(body).to_vec();
    let chunked = Step::Send([head("Transfer-Encoding: chunked"), chunk(&half)].concat());
    Some(match kind {
        "hang" => vec![Step::Hang],
        "hang-body" => vec![promised, Step::Send(half), Step::Hang],
        "drip" => vec![promised, Step::Drip(body.to_vec())],
        "not-http" => vec![Step::Send(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())],
        "reset" | "refused" => vec![Step::Reset],
        "truncated" => vec![promised, Step::Send(half)],
        "cut-chunk" => vec![chunked, Step::Send(b"fff\r\n{".to_vec())],
        "no-length" => vec![Step::Send(head("Connection: close")), Step::Send(body.to_vec())],
        "huge-page" => huge_page(),
        "bomb" => bomb(300),
        "endless" => vec![chunked, Step::Repeat(chunk(&[b' '; 1 << 14]), u64::MAX)],
        _ => return None,
    })
}

fn half(body: &[u8]) -> &[u8] {
    body.get(..body.len() / 2).unwrap_or_default()
}

fn with_body(right: HttpReply, body: impl Into<Vec<u8>>) -> HttpReply {
    HttpReply { body: body.into(), ..right }
}

fn without_limit_headers(mut right: HttpReply) -> HttpReply {
    right.headers.retain(|(name, _)| !name.starts_with("X-RateLimit-"));
    right
}

fn redirect(target: String) -> HttpReply {
    HttpReply::message(302, "Found").header("Location", target)
}

fn page(status: u16, title: &str) -> HttpReply {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>\n\
         <script>location.href=\"https://elsewhere.example/login\"</script></body></html>\n"
    );
    HttpReply::new(status, "text/html; charset=UTF-8", body)
}

fn status_reply(code: u16, form: &str) -> HttpReply {
    let brief =
        if code == 429 { HttpReply::message(429, "Too Many Attempts.") } else { documented(code) };
    let (reply, after) = match form {
        "absurd" if code == 429 => {
            let reply = limit(&json!(-7), &json!(31_536_000_000_i64), "yesterday");
            (reply.header("X-RateLimit-Remaining", "-7"), "soon, -1".to_owned())
        }
        "absurd" => return with_body(documented(code), ABSURD),
        "html" => return page(code, "Server Error"),
        "retry-after" => (brief, "2".to_owned()),
        "retry-date" => (brief, in_two_seconds().format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        _ => return documented(code),
    };
    reply.header("Retry-After", after)
}

pub(super) fn documented(status: u16) -> HttpReply {
    let message = match status {
        400 => "The request could not be understood.",
        401 => "Unauthenticated.",
        403 => "Access denied. This resource is restricted to customers.",
        404 => "The requested resource could not be found.",
        422 => {
            let fields = [("search", "search"), ("per_page", "per page")];
            let text = |name| format!("The {name} field is invalid.");
            return invalid(fields.map(|(field, name)| (field.to_owned(), text(name))).into());
        }
        429 => return limit(&json!(120), &json!(2), &in_two_seconds().to_rfc3339()),
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Server Error",
    };
    HttpReply::message(status, message)
}

fn in_two_seconds() -> chrono::DateTime<chrono::Utc> {
    now() + TimeDelta::seconds(2)
}

fn limit(used: &Value, seconds: &Value, at: &str) -> HttpReply {
    let body = json!({"message": "Rate limit exceeded.", "rate_limit": {
        "window": "minute", "limit": 120, "used": used, "remaining": 0,
        "resets_in_seconds": seconds, "resets_at": at,
    }});
    HttpReply::new(429, "application/json", body.to_string())
}

fn edit(mut reply: HttpReply, change: impl FnOnce(&mut Value)) -> HttpReply {
    if let Ok(mut value) = serde_json::from_slice(&reply.body) {
        change(&mut value);
        reply.body = value.to_string().into_bytes();
    }
    reply
}

fn null_data(body: &mut Value) {
    match body.get_mut("data") {
        Some(data) => *data = Value::Null,
        None => *body = Value::Null,
    }
}

/// Changes the type of every second leaf; `turn` tells whether the first field is one.
fn wrong_types(value: &mut Value, turn: bool) {
    match value {
        Value::Object(fields) => {
            for (place, (_, field)) in fields.iter_mut().enumerate() {
                wrong_types(field, place.is_multiple_of(2) == turn);
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| wrong_types(row, turn)),
        _ if !turn => {}
        Value::Number(number) => *value = Value::String(format!("{number} (about)")),
        Value::String(text) => *value = json!(text.len()),
        Value::Null => *value = json!([]),
        Value::Bool(_) => *value = json!({}),
    }
}

fn deep() -> String {
    const DEPTH: usize = 100_000;
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    format!(r#"{{"message":"Retrieved successfully.","data":{open}{close}}}"#)
}

/// Makes the last text of the first row, or the message of a body without rows, enormous.
fn huge_string(body: &mut Value) {
    let huge = Value::String("W".repeat(4 << 20));
    if let Some(row) = body.pointer_mut("/data/0").and_then(Value::as_object_mut) {
        if let Some(text) = row.values_mut().rfind(|field| field.is_string()) {
            *text = huge;
        }
    } else if let Some(fields) = body.as_object_mut() {
        fields.insert("message".to_owned(), huge);
    }
}

/// From page 2 on only half of the rows are left, and no page follows.
fn shrink(body: &mut Value) {
    let number = |name: &str| body.pointer(&format!("/pagination/{name}")).and_then(Value::as_u64);
    let (page, from) = (number("current_page").unwrap_or(0), number("from").unwrap_or(0));
    let Some(rows) = body.get_mut("data").and_then(Value::as_array_mut) else { return };
    if page < 2 || rows.is_empty() {
        return;
    }
    rows.truncate(rows.len().div_ceil(2));
    let last = (from + u64::try_from(rows.len()).unwrap_or_default()).saturating_sub(1);
    if let Some(pagination) = body.get_mut("pagination").and_then(Value::as_object_mut) {
        for (name, number) in [("total", last), ("to", last), ("last_page", page)] {
            pagination.insert(name.to_owned(), number.into());
        }
    }
}

fn huge_page() -> Vec<Step> {
    const ROWS: usize = 60_000;
    let row = json!({
        "booking_id": "BK123456", "beneficiary": "John Smith", "type": "Transfer",
        "action": "paid", "bank_account": "ES9121000418450200051332", "amount": 100_000,
        "issued_on": "2025-10-01", "currency": "EUR", "status": "paid",
    });
    let rows = format!("{row},").repeat(ROWS - 1);
    let body = format!(
        r#"{{"message":"Retrieved successfully.","pagination":{{"total":{ROWS},"per_page":{ROWS},"current_page":1,"last_page":1,"from":1,"to":{ROWS}}},"data":[{rows}{row}]}}"#
    );
    vec![Step::Send(head_of(body.len())), Step::Send(body.into_bytes())]
}
