//! What the program writes for a key, and that it sleeps when nothing happens, seen from outside.

use std::time::Duration;

use crate::program::{Server, Session};

/// The terminal in which the budget of bytes holds.
const SIZE: (u16, u16) = (160, 45);

/// A session in which every count is on its tab and nothing is waited for.
fn at_rest(server: &Server, arguments: &[&str]) -> Session {
    let variables =
        [("VALORA_BASE_URL", server.base_url.as_str()), ("VALORA_TOKEN", server.token.as_str())];
    let mut session = Session::start_sized(SIZE, arguments, &variables);
    session.wait_for("row 1 of ");
    let is_counted = |screen: &str| {
        let tabs = screen.lines().nth(1).unwrap_or_default().replace('▸', "  ");
        let tabs = tabs.split("  ").filter(|tab| !tab.trim().is_empty());
        tabs.filter(|tab| tab.trim_end().ends_with(|c: char| c.is_ascii_digit())).count() == 5
    };
    session.wait("all counts", is_counted);
    session.bytes_written();
    session
}

fn bytes_of(session: &mut Session, keys: &str, shown: &str) -> usize {
    session.type_keys(keys);
    session.wait_for(shown);
    session.bytes_written()
}

/// Whether names are shown: a line with a letter that terminals draw differently is written again
/// as a whole, and which names come first depends on the day.
fn show_names(session: &mut Session, are_shown: bool) {
    session.type_keys(if are_shown { ":columns\r" } else { ":columns -beneficiary\r" });
    let is_title = |screen: &str| screen.contains("  Beneficiary  ") == are_shown;
    session.wait("the columns", |screen| is_title(screen) && !screen.contains(":columns"));
    session.bytes_written();
}

#[test]
fn a_key_costs_few_bytes_and_one_that_changes_nothing_none() {
    let server = Server::start(&["--rows", "2000", "--limit", "0"]);
    let mut session = at_rest(&server, &[]);
    show_names(&mut session, false);
    let down = bytes_of(&mut session, "j", "row 2 of");
    assert!(down <= 400, "cursor down: {down}");
    let up = bytes_of(&mut session, "k", "row 1 of");
    assert!(up <= 400, "cursor up: {up}");

    session.type_keys("k");
    assert_eq!(session.bytes_written(), 0, "up on the first row");
    session.type_keys("\x1b[1;5P");
    assert_eq!(session.bytes_written(), 0, "a key without a meaning");

    // Four hundred rows first, so that no page is loaded while the keys are counted.
    for loaded in ["(200 of", "(300 of", "(400 of", "(500 of"] {
        bytes_of(&mut session, "G", loaded);
    }
    bytes_of(&mut session, "g", "row 1 of");
    show_names(&mut session, true);
    let page = bytes_of(&mut session, "\x1b[6~", "row 40 of");
    assert!(page <= 5_500, "page down: {page}");
    show_names(&mut session, false);
    bytes_of(&mut session, "g", "row 1 of");
    bytes_of(&mut session, &"j".repeat(38), "row 39 of");
    let scroll = bytes_of(&mut session, "j", "row 40 of");
    assert!(scroll <= 550, "scroll by a row: {scroll}");
    let held = bytes_of(&mut session, &"j".repeat(100), "row 140 of");
    assert!(held <= 100 * 530, "a held key: {held}");

    show_names(&mut session, true);
    bytes_of(&mut session, "2", "▸2 ");
    session.wait_for("row 1 of");
    session.bytes_written();
    let tab = bytes_of(&mut session, "1", "▸1 ");
    assert!(tab <= 7_100, "tab switch: {tab}");
    let back = bytes_of(&mut session, "2", "▸2 ");
    assert!(back <= 7_100, "tab switch: {back}");
}

/// Its colors take twice the bytes of the sixteen.
#[test]
fn in_256_colors_a_key_costs_few_bytes_too() {
    let server = Server::start(&["--rows", "2000", "--limit", "0"]);
    let mut session = at_rest(&server, &["--theme", "dark"]);
    show_names(&mut session, false);
    let down = bytes_of(&mut session, "j", "row 2 of");
    assert!(down <= 400, "cursor down: {down}");
    show_names(&mut session, true);
    bytes_of(&mut session, "5", "▸5 ");
    session.wait_for("row 1 of");
    session.bytes_written();
    // Debt has the most columns with a color.
    for (key, shown, most) in [("1", "▸1 ", 6_500), ("5", "▸5 ", 8_300)] {
        let tab = bytes_of(&mut session, key, shown);
        assert!(tab <= most, "tab switch to {key}: {tab}");
    }
}

#[test]
fn at_rest_it_neither_writes_nor_wakes() {
    let server = Server::start(&["--limit", "0"]);
    let mut session = at_rest(&server, &[]);
    // Work in the background may end.
    let sleeps_in_two_seconds = || {
        let before = session.sleeps();
        std::thread::sleep(Duration::from_secs(2));
        session.sleeps().abs_diff(before)
    };
    let counted: Vec<u64> = std::iter::repeat_with(sleeps_in_two_seconds).take(2).collect();
    assert!(counted.contains(&0), "it woke {counted:?} times in two seconds");
    assert_eq!(session.bytes_written(), 0);
}
