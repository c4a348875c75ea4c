//! Writes with keys alone, in the demo: nothing is sent but what was confirmed, and quitting waits for it.

use std::path::Path;
use std::time::Duration;

use crate::program::Session;

/// The demo on its list of payments, with its state in a folder of its own.
fn payments(state: &Path, arguments: &[&str]) -> Session {
    let arguments = [&["demo"], arguments].concat();
    let variables = [("XDG_STATE_HOME", state.to_str().unwrap())];
    let mut session = Session::start_sized((120, 40), &arguments, &variables);
    session.wait_for("row 1 of ");
    session.type_keys("6");
    session.wait("the list of payments", |shown| {
        shown.contains("▸6 Payments") && shown.contains("row 1 of ")
    });
    session
}

/// Opens the menu of the first payment that is not blocked.
fn open_menu(session: &mut Session) {
    for _ in 0..20 {
        session.type_keys("!");
        let shown = session.wait("the menu", |shown| {
            shown.contains("Unblock this payment") && !shown.contains("loading whether")
        });
        if shown.contains("▸ Block this payment") {
            return;
        }
        session.type_keys("\x1b");
        session.wait("no menu", |shown| !shown.contains("Unblock this payment"));
        session.type_keys("j");
    }
    panic!("each of the first payments is blocked");
}

/// The text that the plan asks for.
fn to_type(shown: &str) -> String {
    let (before, _) = shown.split_once(" to block it").unwrap();
    before.rsplit_once("Type ").unwrap().1.to_owned()
}

/// Longer than the time between the keys of a paste.
const PAUSE: Duration = Duration::from_millis(60);

/// Types as a person does: each key after the one before was handled. `before` is what is left of the
/// text.
fn type_slowly(session: &mut Session, before: &str, text: &str) {
    let mut typed = String::new();
    for c in text.chars() {
        std::thread::sleep(PAUSE);
        session.type_keys(&c.to_string());
        typed.push(c);
        session.wait_for(&format!("{before}{}", typed.trim_end()));
    }
    std::thread::sleep(PAUSE);
}

/// A note, then the text that the plan asks for, and the key that sends it.
fn confirm(session: &mut Session, shown: &str) {
    session.type_keys("ticket 4711\r");
    session.wait_for("▸ Type ");
    type_slowly(session, "to block it: ", &to_type(shown));
    session.type_keys("\r");
}

/// The phases and the verdicts in the audit log.
fn log(state: &Path) -> Vec<String> {
    let path = state.join("valora/audit/demo.sandbox.jsonl");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", word("phase"), word("verdict")).trim().to_owned()
    };
    text.lines().map(line).collect()
}

#[test]
fn a_payment_is_blocked_with_keys_alone_and_by_no_key_too_few() {
    let state = tempfile::tempdir().unwrap();
    let mut session = payments(state.path(), &[]);
    open_menu(&mut session);
    session.wait_for("Writes are locked");
    session.type_keys("\r");
    session.wait_for("Unlock writes for 15 minutes");
    session.type_keys("demo\r");
    session.wait_for("a paste is not accepted");
    type_slowly(&mut session, "│ ", "production");
    session.type_keys("\r");
    session.wait_for("This is not the name of the profile");
    session.type_keys("\x15");
    session.wait("an empty field", |shown| !shown.contains("│ production"));
    type_slowly(&mut session, "│ ", "demo");
    session.type_keys("\r");
    session.wait_for(" WRITES ");
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    assert!(shown.contains("PUT http://"), "{shown}");
    let text = to_type(&shown);
    session.type_keys("\r");
    session.wait_for("Write a note first");
    session.type_keys("ticket 4711\r");
    session.wait_for("▸ Type ");
    session.type_bytes(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    session.wait_for("a paste is not accepted");
    for wrong in ["y", "x1"] {
        type_slowly(&mut session, "to block it: ", wrong);
        session.type_keys("\r");
        session.wait_for("Type exactly");
        session.type_keys("\x15");
        let typed = format!("to block it: {wrong}");
        session.wait("an empty field", |shown| !shown.contains(&typed));
    }
    // Some terminals send a paste as keys.
    session.type_keys(&format!("{text}\r"));
    session.wait_for("a paste is not accepted");
    assert_eq!(log(state.path()), [] as [&str; 0], "nothing was sent");
    type_slowly(&mut session, "to block it: ", &text);
    session.type_keys("\r");
    let shown = session.wait_for("✓ blocked, seen at ");
    assert!(shown.contains("u plans the write that undoes it"), "{shown}");
    assert_eq!(log(state.path()), ["intent", "answer", "verdict done"]);
    session.type_keys("u");
    session.wait_for("to unblock it:");
    session.type_keys("\x1b");
    session.wait("no window", |shown| !shown.contains("to unblock it:"));
    session.type_keys(":audit\r");
    let shown = session.wait_for("write 1 of 1");
    assert!(shown.contains("done") && shown.contains("ticket 4711"), "{shown}");
    assert_eq!(log(state.path()).len(), 3, "the closed plan sent nothing");
}

#[test]
fn quitting_leaves_no_write_without_its_answer() {
    let state = tempfile::tempdir().unwrap();
    let mut session = payments(state.path(), &["--write", "--latency", "600"]);
    session.wait_for(" WRITES ");
    open_menu(&mut session);
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    confirm(&mut session, &shown);
    session.wait_for("the write continues");
    session.type_keys("\x1b");
    session.wait("no window", |shown| !shown.contains("the write continues"));
    session.type_keys("q");
    // It is stopped if it is not sent yet; once it is answered, nothing is waited for.
    let code = session.ended().exit_code();
    match log(state.path()).as_slice() {
        [] => assert_eq!(code, 1, "nothing was sent, and standard error says so"),
        [_, .., last] if last == "verdict done" => assert_eq!(code, 0),
        [intent, answer] => {
            assert_eq!((intent.as_str(), answer.as_str(), code), ("intent", "answer", 6));
        }
        other => panic!("a write without its answer: {other:?}"),
    }
}

#[test]
fn an_answer_that_was_lost_is_found_out_by_reads() {
    let state = tempfile::tempdir().unwrap();
    let mut session = payments(state.path(), &["--write", "--write-fault", "lost"]);
    open_menu(&mut session);
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    confirm(&mut session, &shown);
    let shown = session.wait_for("✓ blocked, seen at ");
    assert!(shown.contains("although"), "{shown}");
    assert_eq!(log(state.path()), ["intent", "answer", "verdict done"]);
}
