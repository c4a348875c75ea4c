//! What a fault makes of an answer.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::answer::{Answer, invalid};
use super::calendar::now;
use super::fault::Kind;
use super::script::{Step, bomb, chunk, head, head_of};

/// A body in which nothing has the type that the contract gives it.
const ABSURD: &[u8] =
    br#"{"message":[{"no":7}],"errors":"all of them","rate_limit":[[]],"data":{"0":5},"pagination":1}"#;

pub(super) enum Reply {
    /// An answer that an HTTP server can give.
    Answer(Answer),
    /// Raw bytes, after which the connection ends.
    Script(Vec<Step>),
}

/// The answer to a request for `path`, after the fault.
pub(super) fn spoil(kind: Kind, answer: Answer, path: &str) -> Reply {
    let body = |answer: Answer, body: Vec<u8>| Answer { body, ..answer };
    let location =
        |target: String| Reply::Answer(Answer::message(302, "Found").header("Location", target));
    Reply::Answer(match kind {
        Kind::Status(status) => status_answer(status),
        Kind::LimitRetryAfter => {
            Answer::message(429, "Too Many Attempts.").header("Retry-After", "2")
        }
        Kind::LimitRetryDate => {
            Answer::message(429, "Too Many Attempts.").header("Retry-After", date_in_two_seconds())
        }
        Kind::LimitAbsurd => absurd_limit(),
        Kind::BusyRetryAfter => status_answer(503).header("Retry-After", "2"),
        Kind::BusyRetryDate => status_answer(503).header("Retry-After", date_in_two_seconds()),
        Kind::Absurd(status) => body(status_answer(status), ABSURD.to_vec()),
        Kind::ErrorPage(status) => Answer { status, ..page("Server Error") },
        Kind::Html => page("Welcome to the airport's wireless network"),
        Kind::ContentType => Answer { content_type: "text/plain; charset=UTF-8", ..answer },
        Kind::Empty => body(answer, Vec::new()),
        Kind::Null => edit(answer, null_data),
        Kind::NoData => body(answer, br#"{"message":"Retrieved successfully."}"#.to_vec()),
        Kind::WrongTypes => edit(answer, |value| wrong_types(value, true)),
        Kind::Deep => body(answer, deep()),
        Kind::HugeString => edit(answer, huge_string),
        Kind::ShrinkPages => edit(answer, shrink),
        Kind::BadJson => {
            let mut bytes = half(&answer.body).to_vec();
            bytes.extend_from_slice(b",,]");
            body(answer, bytes)
        }
        Kind::Redirect => return location(format!("https://elsewhere.example{path}")),
        Kind::RedirectLoop => return location(path.to_owned()),
        Kind::RedirectDowngrade => {
            return location(format!("http://valora.spotahome.com{path}"));
        }
        // The first page is asked for, and the delay made, before there is an answer.
        Kind::RepeatPages | Kind::Latency => answer,
        _ => return Reply::Script(script(kind, &answer.body)),
    })
}

fn script(kind: Kind, body: &[u8]) -> Vec<Step> {
    let promised = Step::Send(head_of(body.len()));
    let chunked = || Step::Send(head("Transfer-Encoding: chunked"));
    match kind {
        Kind::HangBody => vec![promised, Step::Send(half(body).to_vec()), Step::Hang],
        Kind::Drip => vec![promised, Step::Drip(body.to_vec())],
        Kind::NotHttp => vec![Step::Send(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())],
        Kind::Reset | Kind::Refused => vec![Step::Reset],
        Kind::Truncated => vec![promised, Step::Send(half(body).to_vec())],
        Kind::CutChunk => {
            let mut cut = chunk(half(body));
            cut.extend_from_slice(b"fff\r\n{");
            vec![chunked(), Step::Send(cut)]
        }
        Kind::NoLength => vec![Step::Send(head("Connection: close")), Step::Send(body.to_vec())],
        Kind::HugePage => huge_page(),
        Kind::Bomb => bomb(300),
        Kind::Endless => {
            let blanks = chunk(&[b' '; 1 << 14]);
            vec![chunked(), Step::Send(chunk(half(body))), Step::Repeat(blanks, u64::MAX)]
        }
        _ => vec![Step::Hang],
    }
}

fn half(body: &[u8]) -> &[u8] {
    body.get(..body.len() / 2).unwrap_or_default()
}

fn page(title: &str) -> Answer {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1>\n\
         <script>location.href=\"https://elsewhere.example/login\"</script></body></html>\n"
    );
    Answer {
        status: 200,
        content_type: "text/html; charset=UTF-8",
        headers: Vec::new(),
        body: body.into_bytes(),
    }
}

/// The body that the contract gives for a status.
fn status_answer(status: u16) -> Answer {
    let message = match status {
        400 => "The request could not be understood.",
        401 => "Unauthenticated.",
        403 => "Access denied. This resource is restricted to customers.",
        404 => "The requested resource could not be found.",
        422 => {
            let text = |field: &str| format!("The {} field is invalid.", field.replace('_', " "));
            let fields = ["search", "per_page"];
            return invalid(fields.iter().map(|f| ((*f).to_owned(), text(f))).collect());
        }
        429 => return limit(&json!(120), &json!(2), &json!(in_two_seconds())),
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Server Error",
    };
    Answer::message(status, message)
}

fn date_in_two_seconds() -> String {
    (now() + TimeDelta::seconds(2)).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn in_two_seconds() -> String {
    (now() + TimeDelta::seconds(2)).to_rfc3339()
}

fn limit(used: &Value, seconds: &Value, at: &Value) -> Answer {
    let body = json!({"message": "Rate limit exceeded.", "rate_limit": {
        "window": "minute", "limit": 120, "used": used, "remaining": 0,
        "resets_in_seconds": seconds, "resets_at": at,
    }});
    Answer { body: body.to_string().into_bytes(), ..Answer::message(429, "") }
}

fn absurd_limit() -> Answer {
    limit(&json!(-7), &json!(31_536_000_000_i64), &json!("yesterday"))
        .header("Retry-After", "soon, -1")
}

/// Changes the JSON of an answer; a body that is no JSON stays as it is.
fn edit(mut answer: Answer, change: impl FnOnce(&mut Value)) -> Answer {
    if let Ok(mut value) = serde_json::from_slice(&answer.body) {
        change(&mut value);
        answer.body = value.to_string().into_bytes();
    }
    answer
}

fn null_data(value: &mut Value) {
    match value.get_mut("data") {
        Some(data) => *data = Value::Null,
        None => *value = Value::Null,
    }
}

/// Turns every second leaf into another type; `turn` says whether this one's first field is.
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

fn deep() -> Vec<u8> {
    const DEPTH: usize = 100_000;
    let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
    format!(r#"{{"message":"Retrieved successfully.","data":{open}{close}}}"#).into_bytes()
}

/// Makes every text of the first row, or of a body without rows the message, enormous.
fn huge_string(value: &mut Value) {
    let row = value.pointer_mut("/data/0");
    let huge = Value::String("W".repeat(4 << 20));
    match row.and_then(Value::as_object_mut) {
        Some(fields) => {
            if let Some(text) = fields.values_mut().rfind(|field| field.is_string()) {
                *text = huge;
            }
        }
        None => {
            if let Some(fields) = value.as_object_mut() {
                fields.insert("message".to_owned(), huge);
            }
        }
    }
}

/// From page 2 on only half of the rows are left, and none comes after them.
fn shrink(value: &mut Value) {
    let number = |value: &Value, name: &str| {
        value.pointer(&format!("/pagination/{name}")).and_then(Value::as_u64).unwrap_or_default()
    };
    let (page, from) = (number(value, "current_page"), number(value, "from"));
    let Some(rows) = value.get_mut("data").and_then(Value::as_array_mut) else { return };
    if page < 2 || rows.is_empty() {
        return;
    }
    rows.truncate(rows.len().div_ceil(2));
    let last = (from + u64::try_from(rows.len()).unwrap_or_default()).saturating_sub(1);
    if let Some(pagination) = value.get_mut("pagination") {
        for (name, number) in [("total", last), ("to", last), ("last_page", page)] {
            if let Some(field) = pagination.get_mut(name) {
                *field = json!(number);
            }
        }
    }
}

/// About 12 MB of well-formed rows, of which only one is held.
fn huge_page() -> Vec<Step> {
    const ROWS: usize = 60_000;
    let open = format!(
        r#"{{"message":"Retrieved successfully.","pagination":{{"total":{ROWS},"per_page":{ROWS},"current_page":1,"last_page":1,"from":1,"to":{ROWS}}},"data":["#
    );
    let row = json!({
        "booking_id": "BK123456", "beneficiary": "John Smith", "type": "Transfer",
        "action": "paid", "bank_account": "ES9121000418450200051332", "amount": 100_000,
        "issued_on": "2025-10-01", "currency": "EUR", "status": "paid",
    });
    let rows = format!("{row},").repeat(100);
    let close = format!("{row}]}}");
    let times = ROWS / 100;
    let length = open.len() + rows.len() * times + close.len();
    vec![
        Step::Send(head_of(length)),
        Step::Send(open.into_bytes()),
        Step::Repeat(rows.into_bytes(), u64::try_from(times).unwrap_or_default()),
        Step::Send(close.into_bytes()),
    ]
}
