//! A server that answers well once, and then with the worst page that it may send.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::server::{answering, page};
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
    let good = (0..100).map(|id| format!(r#"{{"id":{id},"booking_id":"BK{id}"}}"#));
    let good = page(&good.collect::<Vec<_>>().join(","), 1, ROWS, ROWS);
    let bad = page(rows, 1, ROWS, ROWS);
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    // The first rows of the first list are good; those that are asked for again are not.
    let url = answering(move |asked_for| {
        let is_again =
            asked_for.starts_with("/transactions?") && counted.fetch_add(1, Ordering::Relaxed) > 0;
        Arc::clone(if is_again { &bad } else { &good })
    });
    let mut terminal = Terminal::run(&[], &[("VALORA_BASE_URL", &url), ("VALORA_TOKEN", "t")]);
    terminal.wait_for(b"row 1 of");
    terminal.rest();
    terminal.type_keys("r");
    let wait = |_| {
        std::thread::sleep(Duration::from_millis(10));
        terminal.time_to_answer("p")
    };
    let longest = (0..KEYS).map(wait).max().unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2, "the page was asked for once, and taken");
    longest
}
