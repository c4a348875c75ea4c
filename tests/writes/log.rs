//! The audit log: its lines, what they must not contain, and what happens without it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;
use valora::payments::write::Write;
use valora::sandbox::WriteFault;
use valora::writes::log::Record;
use valora::writes::outcome::{Progress, Verdict};

use crate::setup::{NOTE, Setup, block, engine_at, in_front, payment};

fn lines(setup: &Setup) -> Vec<Value> {
    let text = fs::read_to_string(setup.engine.audit().path()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn each_write_is_an_intent_an_answer_and_a_verdict() {
    let setup = Setup::start().await;
    setup.write(block()).await;
    let lines = lines(&setup);
    let phases: Vec<&str> = lines.iter().map(|line| line["phase"].as_str().unwrap()).collect();
    assert_eq!(phases, ["intent", "answer", "verdict"]);
    let intent = &lines[0];
    for (field, value) in [
        ("profile", "acme"),
        ("sub", "admin"),
        ("exp", "2100-01-01 00:00:00Z"),
        ("method", "PUT"),
        ("note", NOTE),
        ("version", env!("CARGO_PKG_VERSION")),
        // Of an empty body.
        ("body_sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ] {
        assert_eq!(intent[field], value, "{field}");
    }
    assert_eq!(intent["path"], format!("payments/{}/block", payment(1)));
    assert_eq!(intent["before"]["payment"]["is_blocked"], false);
    assert_eq!((&lines[1]["status"], &lines[2]["verdict"]), (&204.into(), &"done".into()));
    assert!(lines[2]["undo"].as_str().unwrap().contains("valora payments unblock"));
    let path = setup.engine.audit().path();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[tokio::test]
async fn the_intent_is_in_the_log_when_the_request_arrives() {
    let setup = Setup::start().await;
    let path = setup.engine.audit().path().to_owned();
    let (arrived, mut logs) = unbounded_channel();
    let on_write = move || arrived.send(fs::read_to_string(&path).unwrap_or_default()).unwrap();
    let base = in_front(&setup.sandbox, on_write).await;
    let token = setup.sandbox.payments_tokens().admin;
    let setup = Setup { engine: engine_at(&base, &setup.home, token), ..setup };
    let outcome = setup.write(block()).await;
    assert_eq!(outcome.verdict, Verdict::Done, "{}", outcome.says);
    let log = logs.try_recv().unwrap();
    assert!(logs.try_recv().is_err(), "one request");
    let [line] = log.lines().collect::<Vec<_>>()[..] else { panic!("one line: {log}") };
    let intent: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&intent["phase"], &intent["method"]), (&"intent".into(), &"PUT".into()));
    assert_eq!(lines(&setup)[0], intent);
    assert_eq!(lines(&setup).len(), 3);
}

#[tokio::test]
async fn no_line_has_a_token_or_a_complete_account_number() {
    let setup = Setup::start().await;
    let (_, account) = setup.sandbox.payments_ids();
    let write = Write::Match { account, properties: vec!["99001".to_owned()] };
    let plan = setup.plan(write).await;
    let note = "moved to ES9121000418450200051332 as the landlord asked";
    let answer = valora::writes::plan::Answer::Typed(plan.typed.clone());
    let confirmed = plan.confirm(&answer, note).unwrap();
    let (progress, _steps) = tokio::sync::mpsc::unbounded_channel();
    let outcome = setup.engine.carry_out(confirmed, progress).await.unwrap();
    assert_eq!(outcome.verdict, Verdict::Done, "{}", outcome.says);
    let text = fs::read_to_string(setup.engine.audit().path()).unwrap();
    assert!(!text.contains("eyJ") && !text.contains("ES9121"), "{text}");
    assert!(text.contains("1332 as the landlord asked"), "{text}");
    // No digit of an account number but the last four.
    let before = &lines(&setup)[0]["before"]["account"]["iban"];
    assert_eq!(before.as_str().unwrap().chars().filter(char::is_ascii_digit).count(), 4);
}

#[tokio::test]
async fn the_chain_of_lines_shows_what_was_cut_or_changed() {
    let setup = Setup::start().await;
    setup.write(block()).await;
    setup.write(Write::Unblock { id: payment(1) }).await;
    let path = setup.engine.audit().path();
    let complete = fs::read_to_string(path).unwrap();
    assert_eq!(setup.engine.audit().read().unwrap().broken, Vec::<usize>::new());
    let without = |at: usize| {
        let lines = complete.lines().enumerate().filter(|(nth, _)| *nth != at);
        lines.flat_map(|(_, line)| [line, "\n"]).collect::<String>()
    };
    for (text, broken) in [
        (without(0), vec![1]),
        (without(2), vec![3]),
        (complete.replacen("4711", "4712", 1), vec![2]),
        (complete.replacen("\"phase\"", "phase", 1), vec![1, 2]),
    ] {
        fs::write(path, &text).unwrap();
        let contents = setup.engine.audit().read().unwrap();
        let expected: Vec<usize> = broken.clone();
        assert_eq!(contents.broken, expected, "{text}");
        assert!(contents.warning().is_some());
    }
    // The writer was killed in the middle of a line: the next one begins a new line.
    fs::write(path, complete.get(..complete.len() - 20).unwrap()).unwrap();
    setup.write(block()).await;
    let contents = setup.engine.audit().read().unwrap();
    assert_eq!((contents.broken, contents.torn), (Vec::new(), vec![6]));
    assert_eq!(contents.entries.len(), 8);
}

#[tokio::test]
async fn without_a_log_nothing_is_sent() {
    let setup = Setup::start().await;
    let plan = setup.plan(block()).await;
    // Also for a user who may write everywhere: a file is no folder.
    fs::create_dir_all(setup.home.path().join("valora")).unwrap();
    fs::write(setup.home.path().join("valora/audit"), "").unwrap();
    let (outcome, _) = setup.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::NotLogged);
    assert!(outcome.says.contains("cannot be written"), "{}", outcome.says);
    assert!(setup.writes().is_empty());
    assert!(setup.sandbox.requests().iter().all(|request| request.method == "GET"));
}

#[tokio::test]
async fn an_intent_that_cannot_be_written_is_not_sent() {
    let setup = Setup::start().await;
    let plan = setup.plan(block()).await;
    // The lock of the server can be had, but no line can be appended.
    let path = setup.engine.audit().path();
    fs::create_dir_all(path).unwrap();
    fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    let (outcome, steps) = setup.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::NotLogged, "{}", outcome.says);
    assert!(!steps.contains(&Progress::Sending), "{steps:?}");
    assert!(setup.writes().is_empty());
}

#[tokio::test]
async fn in_a_folder_that_cannot_be_written_nothing_is_sent() {
    if rustix::process::geteuid().is_root() {
        // May write everywhere.
        return;
    }
    let setup = Setup::start().await;
    let plan = setup.plan(block()).await;
    let folder = setup.engine.audit().path().parent().unwrap();
    fs::create_dir_all(folder).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o500)).unwrap();
    let (outcome, _) = setup.carry_out(&plan).await;
    assert_eq!(outcome.verdict, Verdict::NotLogged, "{}", outcome.says);
    assert!(setup.writes().is_empty());
}

#[tokio::test]
async fn an_unknown_result_stays_open_until_a_read_shows_it_and_is_final_after_a_day() {
    let setup = Setup::start().await;
    setup.fault(WriteFault::Dropped);
    setup.write(block()).await;
    let again =
        crate::setup::engine(&setup.sandbox, &setup.home, setup.sandbox.payments_tokens().admin);
    let open = again.unresolved().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(again.find_out(&open[0]).await.verdict, Verdict::Unknown);
    assert_eq!(again.unresolved().await.unwrap().len(), 1);
    let old = valora::writes::log::Unresolved {
        at: "2020-01-01T00:00:00.000Z".to_owned(),
        ..open[0].clone()
    };
    let outcome = again.find_out(&old).await;
    assert_eq!(outcome.verdict, Verdict::NotSeen, "{}", outcome.says);
    assert!(outcome.says.ends_with("Whether it was carried out is not known"), "{}", outcome.says);
    assert_eq!(again.unresolved().await.unwrap(), []);
    let contents = again.audit().read().unwrap();
    let last = &contents.entries.last().unwrap().record;
    assert!(matches!(last, Record::Verdict { verdict: Verdict::NotSeen, .. }), "{last:?}");
    assert_eq!(setup.writes().len(), 1);
}
