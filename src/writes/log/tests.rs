//! The file of the audit log: who may read it, what is in it, and which writes are open.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;
use crate::writes::outcome::Verdict;
use crate::writes::seen::{PaymentSeen, Seen, Text};

const HOST: &str = "payments.example";
const IBAN: &str = "ES9121000418450200051332";

fn log(home: &TempDir) -> AuditLog {
    AuditLog::of(&Store::below(home.path(), home.path()), "acme")
}

fn intent(id: &str) -> Entry {
    let intent = Intent {
        os_user: "ana (1000)".to_owned(),
        ssh: None,
        version: "1".to_owned(),
        profile: "acme".to_owned(),
        host: HOST.to_owned(),
        sub: Some("ana".to_owned()),
        exp: None,
        method: "PUT".to_owned(),
        path: "payments/5c4c/block".to_owned(),
        write: Write::Block { id: "5c4c".to_owned() },
        body: None,
        body_sha256: String::new(),
        before: Seen::Payment(PaymentSeen {
            reference: Some(Text::new(format!("to {IBAN}"))),
            status: Some(Text::new("'tin': 123456789")),
            ..PaymentSeen::default()
        }),
        typed: "HB100003".to_owned(),
        note: format!("moved to {IBAN}"),
    };
    Entry::new(id, "2026-11-09T09:12:00.000Z", Record::Intent(Box::new(intent)))
}

fn answer(id: &str, kind: AnswerKind, status: Option<u16>) -> Entry {
    let answer = Answer { kind, status, ..Answer::default() };
    Entry::new(id, "2026-11-09T09:12:01.000Z", Record::Answer(answer))
}

fn verdict(id: &str, verdict: Verdict) -> Entry {
    let says = format!("not read: {IBAN} is unknown");
    let record = Record::Verdict { verdict, says, after: None, undo: None };
    Entry::new(id, "2026-11-09T09:12:02.000Z", record)
}

fn open(log: &AuditLog) -> Vec<String> {
    log.unresolved().unwrap().into_iter().map(|it| it.id).collect()
}

#[test]
fn no_text_of_a_line_has_a_complete_account_or_tax_number() {
    let home = tempfile::tempdir().unwrap();
    let log = log(&home);
    log.append(&intent("a")).unwrap();
    log.append(&verdict("a", Verdict::Unknown)).unwrap();
    let text = fs::read_to_string(log.path()).unwrap();
    assert!(!text.contains("9121") && !text.contains("12345"), "{text}");
    assert_eq!(text.matches("•••• 1332").count(), 3, "{text}");
    assert!(text.contains("HB100003") && log.read().unwrap().broken.is_empty(), "{text}");
}

#[test]
fn a_refusal_is_closed_by_its_answer_and_no_answer_stays_open() {
    for (kind, status, is_open) in [
        (AnswerKind::Answered, Some(409), false),
        (AnswerKind::Answered, Some(204), true),
        (AnswerKind::NotSent, None, false),
        (AnswerKind::Unknown, None, true),
        (AnswerKind::Unknown, Some(500), true),
    ] {
        let home = tempfile::tempdir().unwrap();
        let log = log(&home);
        log.append(&intent("a")).unwrap();
        assert_eq!(open(&log), ["a"], "without an answer");
        log.append(&answer("a", kind, status)).unwrap();
        assert_eq!(open(&log).len(), usize::from(is_open), "{kind:?} {status:?}");
    }
}

#[test]
fn of_the_open_writes_only_the_one_under_way_is_left_out() {
    let home = tempfile::tempdir().unwrap();
    let log = log(&home);
    log.append(&intent("killed")).unwrap();
    let flight = log.fly(HOST).unwrap().unwrap();
    assert_eq!(open(&log), ["killed"], "the process under way has sent nothing yet");
    assert!(log.fly(HOST).unwrap().is_none());
    flight.name("sending").unwrap();
    log.append(&intent("sending")).unwrap();
    assert_eq!(open(&log), ["killed"]);
    drop(flight);
    assert_eq!(open(&log), ["killed", "sending"]);
    // The id of a process that was killed is not that of the next one.
    let next = log.fly(HOST).unwrap().unwrap();
    assert_eq!(open(&log), ["killed", "sending"]);
    drop(next);
}

#[test]
fn a_log_that_others_can_read_or_that_is_a_link_is_not_written() {
    let home = tempfile::tempdir().unwrap();
    let log = log(&home);
    log.append(&intent("a")).unwrap();
    let folder = log.path().parent().unwrap().to_owned();
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let refused = || log.append(&intent("b")).unwrap_err().to_string();
    mode(log.path(), 0o644);
    assert!(refused().contains("chmod 600"), "{}", refused());
    mode(log.path(), 0o600);
    mode(&folder, 0o755);
    assert!(refused().contains("chmod 700"), "{}", refused());
    assert!(log.fly(HOST).is_err());
    mode(&folder, 0o700);
    let elsewhere = home.path().join("elsewhere");
    fs::rename(log.path(), &elsewhere).unwrap();
    symlink(&elsewhere, log.path()).unwrap();
    assert!(refused().contains("symbolic link"), "{}", refused());
    fs::remove_file(log.path()).unwrap();
    symlink(home.path().join("nowhere"), log.path()).unwrap();
    assert!(refused().contains("symbolic link"), "{}", refused());
    fs::remove_file(log.path()).unwrap();
    fs::create_dir(log.path()).unwrap();
    assert!(log.append(&intent("b")).is_err());
    assert_eq!(fs::read_to_string(elsewhere).unwrap().lines().count(), 1);
}

#[test]
fn a_line_that_cannot_be_read_may_be_an_open_write_and_a_torn_one_is_none() {
    let home = tempfile::tempdir().unwrap();
    let log = log(&home);
    for id in ["a", "b"] {
        log.append(&intent(id)).unwrap();
        log.append(&verdict(id, Verdict::Done)).unwrap();
    }
    let complete = fs::read_to_string(log.path()).unwrap();
    let read = |text: &str| {
        fs::write(log.path(), text).unwrap();
        log.read().unwrap()
    };
    let garbled = read(&complete.replacen("\"phase\"", "phase", 1));
    assert_eq!((garbled.broken, garbled.unread, garbled.torn), (vec![1, 2], 1, vec![]));
    let newer = complete.replacen("\"verdict\":\"done\"", "\"verdict\":\"moot\"", 1);
    let newer = read(&newer);
    assert_eq!((newer.unread, newer.unresolved().len()), (1, 1), "its intent stays open");
    assert!(newer.unread_in_words().unwrap().contains("may be an open write"));
    // The power failed while the last line was written; the next one begins a new line.
    let cut = complete.get(..complete.len() - 20).unwrap();
    let torn = read(cut);
    assert_eq!((torn.broken, torn.unread, torn.torn), (vec![], 0, vec![4]));
    log.append(&intent("c")).unwrap();
    let torn = log.read().unwrap();
    assert_eq!((torn.broken.len(), torn.torn.clone(), torn.entries.len()), (0, vec![4], 4));
    assert!(torn.warning().is_none() && torn.torn_in_words().is_some());
    // A line that was cut later does not have the hash that the next one has.
    let lines: Vec<&str> = complete.lines().collect();
    let changed = format!("{}\n{}\n", lines[0].get(..40).unwrap(), lines[1]);
    let changed = read(&changed);
    assert_eq!((changed.broken, changed.unread), (vec![1, 2], 1));
}

#[test]
fn a_later_write_of_the_same_kind_to_the_same_object_is_known() {
    let home = tempfile::tempdir().unwrap();
    let log = log(&home);
    log.append(&intent("a")).unwrap();
    let first = log.unresolved().unwrap().remove(0);
    assert_eq!(log.read().unwrap().later_write(&first), None);
    log.append(&intent("b")).unwrap();
    assert_eq!(log.read().unwrap().later_write(&first), Some("2026-11-09T09:12:00.000Z"));
    let second = log.unresolved().unwrap().remove(1);
    assert_eq!(log.read().unwrap().later_write(&second), None, "an earlier one");
}
