//! How the program looks on terminals that have less, and what the mouse may do.

use crate::program::Session;

#[test]
fn where_the_locale_has_only_ascii_nothing_else_is_written() {
    let mut session = Session::start(&["demo"], &[("LANG", "C")]);
    let shown = session.wait_for("row 1 of ");
    assert!(shown.contains(">1 Transactions"), "{shown}");
    session.type_keys("p");
    session.wait_for("Detail");
    assert!(session.raw().is_ascii());
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
}

#[test]
fn a_theme_is_taken_by_its_name_and_another_is_refused() {
    let mut session = Session::start(&["demo", "--theme", "light"], &[]);
    session.wait_for("row 1 of ");
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert!(raw.contains("38;5;241"), "{raw:?}");
    session.type_keys(":theme mono\rq");
    assert_eq!(session.ended().exit_code(), 0);
    let refused = crate::program::command(&["demo", "--theme", "pink"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_mouse_is_asked_for_by_word_and_given_back_at_the_end() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    assert!(!session.raw().windows(8).any(|part| part == b"\x1b[?1000h"));
    session.type_keys(":mouse\r");
    session.wait_for("hold shift");
    // The wheel, one notch down, as terminals tell it.
    session.type_keys("\x1b[<65;10;10M");
    session.wait_for("row 4 of ");
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    let raw = String::from_utf8_lossy(session.raw()).into_owned();
    assert!(raw.rfind("\x1b[?1000l") > raw.rfind("\x1b[?1000h"));
}
