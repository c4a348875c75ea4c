//! Writes with keys alone, in the demo: nothing is sent but what was confirmed, and quitting waits for it.

use std::path::Path;

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
    session.type_keys("production\r");
    session.wait_for("This is not the name of the profile");
    session.type_keys("\x15demo\r");
    session.wait_for(" WRITES ");
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    assert!(shown.contains("PUT http://"), "{shown}");
    let text = to_type(&shown);
    session.type_keys("\r");
    session.wait_for("Write a note first");
    session.type_keys("ticket 4711\r");
    session.type_bytes(format!("\x1b[200~{text}\x1b[201~").as_bytes());
    session.wait_for("a paste is not accepted");
    for wrong in ["", "y", "x1"] {
        session.type_keys(&format!("{wrong}\r"));
        session.wait_for("Type exactly");
        session.type_keys("\x15");
    }
    assert_eq!(log(state.path()), [] as [&str; 0], "nothing was sent");
    session.type_keys(&text);
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
fn quitting_waits_until_a_write_has_its_outcome() {
    let state = tempfile::tempdir().unwrap();
    let mut session = payments(state.path(), &["--write", "--latency", "600"]);
    session.wait_for(" WRITES ");
    open_menu(&mut session);
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    session.type_keys("ticket 4711\r");
    session.type_keys(&format!("{}\r", to_type(&shown)));
    session.wait_for("the write continues");
    session.type_keys("\x1b");
    session.wait("no window", |shown| !shown.contains("the write continues"));
    session.type_keys("q");
    session.wait_for("A write is under way");
    assert_eq!(session.ended().exit_code(), 0);
    assert_eq!(log(state.path()), ["intent", "answer", "verdict done"]);
}

#[test]
fn an_answer_that_was_lost_is_found_out_by_reads() {
    let state = tempfile::tempdir().unwrap();
    let mut session = payments(state.path(), &["--write", "--write-fault", "lost"]);
    open_menu(&mut session);
    session.type_keys("\r");
    let shown = session.wait_for("to block it:");
    session.type_keys("ticket 4711\r");
    session.type_keys(&format!("{}\r", to_type(&shown)));
    let shown = session.wait_for("✓ blocked, seen at ");
    assert!(shown.contains("although"), "{shown}");
    assert_eq!(log(state.path()), ["intent", "answer", "verdict done"]);
}
