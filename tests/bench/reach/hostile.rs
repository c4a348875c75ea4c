//! A server that answers well once, and then with the worst page that it may send.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::terminal::Terminal;

/// Bytes of the rows: with what is around them just below the 8 MiB that are read at most.
const ROOM: usize = 8 * 1024 * 1024 - 4_096;
/// Rows of a page.
const ROWS: usize = 500;
/// Keys that are pressed from the request to well after the answer.
const KEYS: usize = 120;

/// What such a page is called, and how its rows are made.
type Page = (&'static str, fn() -> String);

/// The pages.
pub(crate) const PAGES: [Page; 4] = [
    ("500 rows of long texts", || long_texts("x")),
    ("of wide letters", || long_texts("李")),
    ("of piled marks", || long_texts("e\u{301}\u{301}\u{301}\u{301}\u{301}")),
    ("one row of many fields", many_fields),
];

fn long_texts(letter: &str) -> String {
    let text = letter.repeat(ROOM / ROWS / letter.len() - 40);
    let row = |id| format!(r#"{{"id":{id},"booking_id":"{text}"}}"#);
    (0..ROWS).map(row).collect::<Vec<_>>().join(",")
}

fn many_fields() -> String {
    let mut row = String::from(r#"{"id":1"#);
    while row.len() < ROOM - 32 {
        let at = row.len();
        write!(row, r#","k{at}":0"#).unwrap();
    }
    row + "}"
}

/// The longest that a key waits for its frame while such a page comes and when it is there.
pub(crate) fn longest_wait(rows: &str) -> Duration {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let good = (0..100).map(|id| format!(r#"{{"id":{id},"booking_id":"BK{id}"}}"#));
    let pages = Arc::new([page(&good.collect::<Vec<_>>().join(",")), page(rows)]);
    let asked = Arc::new(AtomicUsize::new(0));
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let (pages, asked) = (Arc::clone(&pages), Arc::clone(&asked));
            std::thread::spawn(move || serve(&stream, &pages, &asked));
        }
    });
    let mut terminal = Terminal::run(&[], &[("VALORA_BASE_URL", &url), ("VALORA_TOKEN", "t")]);
    terminal.wait_for(b"row 1 of");
    terminal.rest();
    terminal.type_keys("r");
    let wait = |_| {
        std::thread::sleep(Duration::from_millis(10));
        terminal.time_to_answer("p")
    };
    (0..KEYS).map(wait).max().unwrap()
}

fn page(rows: &str) -> String {
    format!(
        r#"{{"message":"","pagination":{{"total":{ROWS},"per_page":{ROWS},"current_page":1,"last_page":1,"from":1,"to":{ROWS}}},"data":[{rows}]}}"#
    )
}

/// The first rows of the first list are good; whatever is asked for after the start is not.
fn serve(mut stream: &TcpStream, pages: &[String; 2], asked: &AtomicUsize) {
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(request)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let is_again =
            request.contains("/transactions?") && asked.fetch_add(1, Ordering::Relaxed) > 0;
        let body = &pages[usize::from(is_again)];
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        if write!(stream, "{head} {}\r\n\r\n{body}", body.len()).is_err() {
            return;
        }
    }
}
