//! Triage in real processes: two that decide at once, one that is killed, and the worklist of both.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use valora::triage::Decision;
use valora::triage::memory::Memory;

use crate::program::{Server, Session, command};

/// The file that is remembered in a folder of states; there is one customer.
fn file(state: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(state.join("valora/triage")).ok()?;
    let mut paths = files.map(|entry| entry.unwrap().path());
    paths.find(|path| path.extension().is_some_and(|ending| ending == "json"))
}

/// What is remembered; it must be readable at any moment.
fn memory(state: &Path) -> Memory {
    let text = file(state).map(|path| std::fs::read_to_string(path).unwrap());
    Memory::read(&text.unwrap_or_default()).unwrap()
}

fn count(memory: &Memory, verdict: Decision) -> usize {
    memory.entries.values().filter(|entry| entry.decision == Some(verdict)).count()
}

/// A process that shows the queue.
fn triage(server: &Server, state: &str) -> Session {
    let variables = [
        ("VALORA_BASE_URL", server.base_url.as_str()),
        ("VALORA_TOKEN", server.token.as_str()),
        ("XDG_STATE_HOME", state),
    ];
    let mut session = Session::start(&[], &variables);
    session.wait_for("row 1 of ");
    session.type_keys("4");
    session.wait_for("t triage");
    session.wait_for("Booking");
    session.type_keys("t");
    session.wait_for(" decided");
    session.wait_for(" decided");
    session
}

#[test]
fn two_processes_that_decide_at_once_lose_no_verdict() {
    // Enough stories for more open penalties than are decided here.
    let server = Server::start(&["--limit", "0", "--rows", "4000"]);
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let (mut one, mut other) = (triage(&server, state), triage(&server, state));
    other.type_keys("jjjjjjjjjjjjjjj");
    for _ in 0..2 {
        // One after the other without a wait: both write all the time.
        one.type_keys("DDDD");
        other.type_keys("WWWW");
    }
    one.wait_for(" 8 of ");
    other.wait_for(" 8 of ");
    // The first takes one back while the second goes on.
    one.type_keys("u");
    other.type_keys("M");
    one.wait_for(" 7 of ");
    other.type_keys("q");
    other.leave();
    assert_eq!(other.ended().exit_code(), 0);
    // A refresh shows what the other one has decided.
    one.type_keys("r");
    one.wait_for(" 16 of ");
    one.type_keys("q");
    one.leave();
    assert_eq!(one.ended().exit_code(), 0);
    let memory = memory(folder.path());
    let counts =
        [Decision::Dispute, Decision::Waiver, Decision::Notify].map(|it| count(&memory, it));
    assert_eq!(counts, [7, 8, 1]);

    let mut worklist = command(&["worklist", "--all", "-o", "json"]);
    worklist.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
    let output = worklist.env("XDG_STATE_HOME", state).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let decisions = |word: &str| listed.iter().filter(|item| item["decision"] == word).count();
    assert_eq!(["dispute", "request waiver", "needs notifying"].map(decisions), [7, 8, 1]);
    // What waits for a decision comes first.
    assert_eq!(listed[0]["decision"], serde_json::Value::Null);
    for form in ["table", "csv", "markdown"] {
        let mut worklist = command(&["worklist", "-o", form]);
        worklist.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
        let output = worklist.env("XDG_STATE_HOME", state).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("needs notifying") && text.lines().count() > 16, "{form}: {text}");
    }
}

/// The worklist as json, and what was said beside it.
fn worklist(server: &Server, state: &Path, arguments: &[&str]) -> (Vec<serde_json::Value>, String) {
    let mut worklist = command(&[&["worklist", "-o", "json"], arguments].concat());
    worklist.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
    let output = worklist.env("XDG_STATE_HOME", state).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

#[test]
fn a_worklist_holds_open_penalties_and_says_how_many_closed_ones_are_left_out() {
    let server = Server::start(&["--limit", "0"]);
    let folder = tempfile::tempdir().unwrap();
    let (open, said) = worklist(&server, folder.path(), &[]);
    let (all, nothing) = worklist(&server, folder.path(), &["--all"]);
    let is_open =
        |item: &&serde_json::Value| item["status"] == "pending" || item["status"] == "notify";
    assert!(!open.is_empty() && open.iter().all(|item| is_open(&item)), "{open:?}");
    assert_eq!(all.iter().filter(is_open).count(), open.len());
    let closed = all.len() - open.len();
    assert!(closed > 0);
    assert_eq!(said, format!("valora: not included: {closed} closed; --all includes them\n"));
    assert_eq!(nothing, "");
}

#[test]
fn a_process_that_is_killed_leaves_what_was_decided_readable() {
    let server = Server::start(&["--limit", "0", "--rows", "4000"]);
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let mut least = 0;
    for round in 0..5 {
        let mut session = triage(&server, state);
        let before = memory(folder.path()).entries.len();
        assert!(before >= least, "nothing that was kept is lost");
        // At another moment in each round: while it decides and writes, and after it has shown it.
        let decisions = round + 1;
        session.type_keys(&"D".repeat(decisions));
        if round % 2 == 1 {
            session.wait_for(&format!("{} of ", before + decisions));
        }
        session.signal(Signal::KILL);
        let status = session.ended();
        assert!(!status.success(), "{status:?}");
        let after = memory(folder.path()).entries.len();
        assert!((before..=before + decisions).contains(&after), "{before}, then {after}");
        least = after;
    }
    let mut calm = triage(&server, state);
    calm.type_keys("Dq");
    calm.leave();
    assert_eq!(calm.ended().exit_code(), 0);
    assert_eq!(memory(folder.path()).entries.len(), least + 1);
}

/// The rows of a list as the sandbox serves them to the program.
fn rows(server: &Server, list: &str) -> Vec<serde_json::Value> {
    let mut command = command(&["list", list, "--all", "-o", "json"]);
    command.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
    serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
}

#[test]
fn the_worklist_names_the_owner_of_each_booking_and_nobody_else() {
    let server = Server::start(&["--limit", "0"]);
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let naming = [
        ("transactions", "beneficiary"),
        ("invoices", "invoice_to"),
        ("scheduled", "account_name"),
    ];
    for (list, field) in naming {
        for row in rows(&server, list) {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            known.entry(text("booking_id")).or_default().push(text(field));
        }
    }
    let mut worklist = command(&["worklist", "-o", "json"]);
    worklist.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
    let output = worklist.output().unwrap();
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let mut named = 0;
    for penalty in &listed {
        let Some(owner) = penalty["owner"].as_str() else { continue };
        named += 1;
        let booking = penalty["booking_id"].as_str().unwrap();
        assert!(known[booking].iter().any(|name| name == owner), "{booking}: {owner}");
    }
    assert!(named * 2 > listed.len(), "{named} of {}", listed.len());
    let said = String::from_utf8(output.stderr).unwrap();
    let without = listed.len() - named;
    assert_eq!(said.contains("without an owner"), without > 0, "{said}");
}

#[test]
fn a_spent_limit_costs_the_worklist_its_names_and_not_its_rows() {
    let server = Server::start(&["--limit", "2"]);
    let mut worklist = command(&["worklist", "-o", "json"]);
    worklist.env("VALORA_BASE_URL", &server.base_url).env("VALORA_TOKEN", &server.token);
    let output = worklist.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(listed.len() > 10);
    // After the minute all names would be there.
    assert!(listed.iter().any(|penalty| penalty["owner"].is_null()), "nothing is waited for");
}
