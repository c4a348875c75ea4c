//! Whatever bytes come, each decoder gives a value or an error, in bounded time and memory: real
//! bodies that were changed, nesting without end, files that somebody edited, lines that somebody
//! typed, requests that the sandbox never expected.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::time::Duration;

use common::{client, options, runtime, target, today};
use proptest::prelude::*;
use valora::command::Context;
use valora::command::complete;
use valora::command::parse;
use valora::command::print;
use valora::command::views as view;
use valora::domain::date;
use valora::domain::failure::Advice;
use valora::filter::ListQuery;
use valora::list::ALL;
use valora::list::Spec;
use valora::list::shape::Shapes;
use valora::net::envelope;
use valora::net::error::ApiError;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::net::transport::Reply;
use valora::net::transport::Transport;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;
use valora::sandbox::Special;
use valora::state::persisted::read_columns;

/// A request of each kind with the body of its real answer.
static BODIES: LazyLock<Vec<(Request, Vec<u8>)>> = LazyLock::new(|| {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(Options { hostile: true, ..options() })).unwrap();
    let transport = Transport::new(target(&sandbox), "application/json").unwrap();
    let booking = sandbox.known().one(Special::Balanced).to_owned();
    let lists = ALL.iter().map(|spec| Request::List(ListQuery::new(spec).page(1, 5)));
    let others = [Request::Booking(booking), Request::Limits, Request::Connection(ALL[0].path)];
    let ask = |request: Request| {
        let reply = runtime.block_on(transport.send(&request)).unwrap();
        (request, reply.body.to_vec())
    };
    lists.chain(others).map(ask).collect()
});

/// A change of a body: where, as a share of its length, and what.
#[derive(Debug, Clone)]
enum Change {
    Cut,
    Flip(u8),
    Insert(Vec<u8>),
    Nest(usize),
    Take(usize),
}

fn change() -> impl Strategy<Value = (u16, Change)> {
    let texts = vec![
        "null",
        "[]",
        "{}",
        "\"\\u0000\"",
        "-0",
        "1e999",
        "18446744073709551616",
        ",",
        "\"",
        "\\u001b[2J",
        "\u{202e}",
        "\\ud800",
        "true",
        "0.1",
    ];
    let change = prop_oneof![
        1 => Just(Change::Cut),
        4 => any::<u8>().prop_map(Change::Flip),
        4 => prop::sample::select(texts).prop_map(|text| Change::Insert(text.into())),
        2 => prop::collection::vec(any::<u8>(), 1..8).prop_map(Change::Insert),
        1 => (1_usize..60_000).prop_map(Change::Nest),
        2 => (1_usize..40).prop_map(Change::Take),
    ];
    (any::<u16>(), change)
}

fn changed(body: &[u8], changes: &[(u16, Change)]) -> Vec<u8> {
    let mut bytes = body.to_vec();
    for (share, change) in changes {
        let at = bytes.len() * usize::from(*share) / 65_536;
        match change {
            Change::Cut => bytes.truncate(at),
            Change::Flip(by) => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= by;
                }
            }
            Change::Insert(more) => drop(bytes.splice(at..at, more.iter().copied())),
            Change::Nest(depth) => drop(bytes.splice(at..at, vec![b'['; *depth])),
            Change::Take(count) => {
                let end = (at + count).min(bytes.len());
                drop(bytes.drain(at..end));
            }
        }
    }
    bytes
}

/// Looks at all that a screen would show of an answer.
fn look_at(answer: &Response) {
    if let Response::Page(page) = answer {
        for row in &page.rows {
            for at in 0..row.spec().fields.len() {
                assert!(!row.cell(at).contains(char::is_control), "{:?}", row.cell(at));
            }
            assert!(row.to_json().len() < 1 << 20);
        }
    }
}

fn any_line() -> impl Strategy<Value = String> {
    let words = vec![
        "penalties",
        "status=notify",
        "due=-90d..",
        "sort=-amount",
        "columns=+days",
        "amount=1..",
        "auto",
        "booking",
        "\"",
        "\\",
        "=",
        "..",
        ",",
        "2026-13-45",
        "load all",
        "99999999999999999999",
    ];
    let word = prop_oneof![
        prop::sample::select(words).prop_map(str::to_owned),
        "\\PC{0,6}",
        any::<String>(),
    ];
    prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_changed_body_is_an_answer_or_an_error(
        which in 0_usize..8,
        status in prop::sample::select(vec![200_u16, 200, 200, 401, 404, 422, 429, 503]),
        changes in prop::collection::vec(change(), 1..6),
    ) {
        let (request, body) = &BODIES[which % BODIES.len()];
        let body = changed(body, &changes).into();
        match envelope::read(request, &Reply { status, body, ..Reply::default() }, &Shapes::default()) {
            Ok(answer) => look_at(&answer),
            Err(error) => {
                let failure = ApiError::new(request, error).failure(request);
                prop_assert!(failure.advice != Advice::None);
                prop_assert!(!failure.to_string().contains(char::is_control));
            }
        }
    }

    #[test]
    fn a_line_is_read_or_explained_and_completed_at_any_place(line in any_line(), at in 0_usize..80) {
        let here = Spec::named("penalties");
        let context = Context { here, today: Some(today()), views: &["mine", "a b"], has_payments: true, ..Context::default() };
        match parse(&line, &context) {
            Ok(read) => prop_assert_eq!(parse(&print(&read), &context), Ok(read)),
            Err(error) => prop_assert!(error.span.end <= line.chars().count(), "{:?}", error),
        }
        for completion in complete(&line, at.min(line.chars().count()), &context) {
            prop_assert!(completion.replace.end <= line.chars().count());
        }
    }

    #[test]
    fn kept_files_are_read_or_refused(text in any::<String>(), changes in prop::collection::vec(change(), 1..4)) {
        let columns = r#"{"penalties":{"columns":["booking_id","days"],"widths":{"days":9}}}"#;
        let views = "[[view]]\nname = \"mine\"\nline = \"penalties status=notify\"\n";
        for whole in [columns, views] {
            let text = String::from_utf8_lossy(&changed(whole.as_bytes(), &changes)).into_owned();
            let _columns = read_columns(&text);
            let _views = view::read(&text);
        }
        let _columns = read_columns(&text);
        let _views = view::read(&text);
    }

    #[test]
    fn a_date_is_read_or_not(text in "\\PC{0,30}|[0-9T:.+Z-]{0,30}") {
        if let Some(day) = date::parse(&text) {
            prop_assert_eq!(date::parse(&day.to_string()), Some(day));
        }
        let _minutes = date::timestamp_in_minutes(&text);
        let _instant = date::instant(&text);
    }
}

#[test]
fn a_sandbox_takes_any_bytes_for_a_request_and_serves_the_next() {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options())).unwrap();
    let base = sandbox.base_url();
    let host = base.strip_prefix("http://").unwrap().split('/').next().unwrap();
    let mut random = fastrand::Rng::with_seed(9);
    let token = sandbox.token();
    let sound = format!(
        "GET /api/v1/c/penalties?page=2&per_page=10&search=a HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {token}\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
    );
    for turn in 0..150 {
        let mut bytes = sound.clone().into_bytes();
        match turn % 3 {
            0 => bytes = (0..random.usize(1..400)).map(|_| random.u8(..)).collect(),
            1 => {
                for _ in 0..random.usize(1..12) {
                    let at = random.usize(..bytes.len());
                    bytes[at] = random.u8(..);
                }
            }
            _ => {
                let query: String =
                    (0..random.usize(1..300)).map(|_| random.char(' '..'~')).collect();
                let query = query.replace([' ', '#'], "%");
                bytes = sound.replace("page=2", &query).into_bytes();
            }
        }
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // It may have refused before the last byte was sent.
        let _sent =
            stream.write_all(&bytes).and_then(|()| stream.shutdown(std::net::Shutdown::Write));
        let mut reply = Vec::new();
        let _reset = stream.read_to_end(&mut reply);
        assert!(reply.is_empty() || reply.starts_with(b"HTTP/1.1 "), "{reply:?}");
    }
    let request = Request::List(ListQuery::new(ALL[0]));
    assert!(runtime.block_on(client(&sandbox).send(&request)).is_ok(), "it still serves");
}
