//! What a terminal sends besides keys: replies to questions that somebody else asked, late and split.

use std::thread::sleep;
use std::time::Duration;

use crate::profiles::User;
use crate::program::Session;

/// Replies as `WezTerm`, kitty, iTerm2, xterm and tmux send them.
const REPLIES: &str = "\x1b[?2026;2$y\x1b[?997;1n\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\\
    \x1bP>|kitty(0.35.2)\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[?0u\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\
    \x1b]10;rgb:d0d0/d0d0/d0d0\x07\x1b]1337;ReportCellSize=17.50;8.00\x1b\\\x1bP>|iTerm2 3.5.0\x1b\\\
    \x1b[>41;354;0c\x1b[?62;4;22c\x1bP1+r436F=323536\x1b\\\x1bP>|tmux 3.4\x1b\\\x1b[24;80R\x1b[I\x1b[O";

/// Keys that lead from the list to a screen, and what it then shows.
const SCREENS: [(&str, &str); 11] = [
    ("", "row 1 of "),
    ("\r", "Rows add up to"),
    ("4t", " decided, "),
    ("4tt", "over 90 d"),
    ("f", "Filter"),
    ("b", "Find a booking"),
    (":", "debt"),
    ("/", "/"),
    ("w", "Transactions"),
    ("?", "search"),
    ("c", "Columns"),
];

/// The screen once nothing changes it any more, without the lines that tell the time and count rows.
fn at_rest(session: &mut Session) -> String {
    while session.bytes_written() > 0 {}
    let shown = session.screen().contents();
    let lines = shown.lines().skip(2).map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn replies_of_terminals_do_nothing_on_any_screen_and_the_next_key_works() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    for (keys, there) in SCREENS {
        for key in keys.split_inclusive(|_| true) {
            session.type_keys(key);
            at_rest(&mut session);
        }
        session.wait_for(there);
        let before = at_rest(&mut session);
        session.type_keys(REPLIES);
        // In two reads, the second one a little later.
        for split in [3, 20, 45, 120] {
            let (first, rest) = REPLIES.split_at(split);
            session.type_keys(first);
            sleep(Duration::from_millis(20));
            session.type_keys(rest);
        }
        assert_eq!(at_rest(&mut session), before, "after {keys:?}");
        for _ in 0..3 {
            session.type_keys("\x1b");
            at_rest(&mut session);
        }
        session.type_keys("1g");
        session.wait_for("▸1 Transactions");
    }
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
}

#[test]
fn an_arrow_in_two_reads_is_an_arrow_and_no_escape() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    session.type_keys("4t");
    let marked = |shown: &str| shown.lines().position(|line| line.starts_with('▌'));
    let first = marked(&session.wait_for(" decided, "));
    session.type_keys("\x1b");
    sleep(Duration::from_millis(5));
    session.type_keys("[B");
    let second = first.map(|line| line + 1);
    session.wait("the second row", |shown| marked(shown) == second);
    // alt with an arrow is no key of valora's.
    session.type_keys("\x1b\x1b[A");
    at_rest(&mut session);
    let shown = session.wait("the second row", |shown| marked(shown) == second);
    assert!(shown.contains(" decided, "), "{shown}");
    session.type_keys("\x1b");
    session.wait_for("enter booking");
}

#[test]
fn the_hidden_prompt_answers_after_a_reply_without_its_end() {
    let user = User::new();
    for bytes in
        ["\x1b", "\x1bP>|WezTerm 2024", "\x1b]11;rgb:1e1e", "\x1b[200~vl_part", "\x1b[?2026"]
    {
        let mut session = Session::of(&user.in_terminal(&["auth", "login", "--profile", "acme"]));
        session.wait_for("oken");
        session.type_keys(bytes);
        sleep(Duration::from_millis(300));
        session.type_keys("P");
        sleep(Duration::from_millis(300));
        session.type_keys("\x03");
        assert_eq!(session.ended().exit_code(), 130, "{bytes:?}");
    }
}
