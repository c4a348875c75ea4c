//! The confirmation in a pseudo-terminal, and ctrl-c before, at and after it.

use std::fs;

use valora::sandbox::WriteFault;

use crate::program::{ALL, Program};
use crate::session::{Session, comes};
use crate::setup::payment;

impl Program {
    fn in_terminal(&self, line: &str) -> Session {
        let words: Vec<&str> = line.split_whitespace().collect();
        let home = self.home.path().to_string_lossy();
        Session::start_sized((120, 40), &words, &[("HOME", &home)])
    }

    fn block(&self) -> Session {
        let line = format!("payments block {} --profile acme --write --note x", payment(1));
        self.in_terminal(&line)
    }
}

/// Waits for the question; returns what must be typed.
fn asked(session: &mut Session) -> String {
    let shown = session.wait_for("to confirm: ");
    let line = shown.lines().find(|line| line.contains("to confirm:")).unwrap();
    line.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn only_the_requested_text_that_is_typed_confirms() {
    type Typed = fn(&str) -> String;
    let table: [(Typed, u32, &str); 8] = [
        (|text| format!("{text}\r"), 0, "✓ the payment is blocked"),
        (|text| format!(" {text} \r"), 0, "✓ the payment is blocked"),
        (|_| "\r".to_owned(), 2, "differs from the requested one; nothing was sent"),
        (|_| "y\r".to_owned(), 2, "differs from the requested one; nothing was sent"),
        (|text| format!("{text}0\r"), 2, "differs from the requested one; nothing was sent"),
        (|text| format!("\x1b[200~{text}\x1b[201~\r"), 2, "a paste does not confirm a write"),
        (|_| "\x04".to_owned(), 2, "nothing was sent"),
        (|_| "\x03".to_owned(), 130, "interrupted; nothing was changed"),
    ];
    for (typed, code, words) in table {
        let program = Program::start(ALL);
        let mut session = program.block();
        let text = asked(&mut session);
        assert!(session.screen().bracketed_paste(), "a paste is marked");
        let typed = typed(&text);
        session.type_keys(&typed);
        assert_eq!(session.ended().exit_code(), code, "{typed:?}");
        let shown = session.screen().contents();
        assert!(shown.contains(words), "{typed:?}: {shown}");
        assert!(!session.screen().bracketed_paste(), "{typed:?}");
        assert_eq!(program.sandbox.writes().len(), usize::from(code == 0), "{typed:?}");
        assert_eq!(program.log().exists(), code == 0, "{typed:?}");
    }
}

#[test]
fn what_was_typed_before_the_question_does_not_answer_it() {
    let program = Program::start(ALL);
    let mut session = program.block();
    session.type_keys("HB000000\r");
    let text = asked(&mut session);
    session.type_keys(&format!("{text}\r"));
    assert_eq!(session.ended().exit_code(), 0, "{}", session.screen().contents());
}

#[test]
fn ctrl_c_before_the_request_is_sent_prevents_it() {
    let program = Program::start(ALL);
    let mut session = program.block();
    let text = asked(&mut session);
    let read = program.sandbox.requests().len();
    program.sandbox.set_faults(vec!["hang:payments-api".parse().unwrap()]);
    session.type_keys(&format!("{text}\r"));
    assert!(comes(|| program.sandbox.requests().len() > read), "it is read again");
    session.type_keys("\x03");
    assert_eq!(session.ended().exit_code(), 130);
    let shown = session.screen().contents();
    assert!(shown.contains("interrupted; nothing was changed"), "{shown}");
    assert!(program.sandbox.writes().is_empty() && !program.log().exists());
}

#[test]
fn ctrl_c_after_the_request_was_sent_waits_for_its_result() {
    let program = Program::start(ALL);
    program.fault(WriteFault::Stall);
    let mut session = program.block();
    let text = asked(&mut session);
    session.type_keys(&format!("{text}\r"));
    assert!(comes(|| !program.sandbox.writes().is_empty()), "it is sent");
    session.type_keys("\x03");
    session.wait_for("a write is under way; waiting up to 30 s for its result");
    assert!(session.has_ended().is_none());
    assert_eq!(fs::read_to_string(program.log()).unwrap().lines().count(), 1, "the intent");
}

#[test]
fn the_usual_times_of_the_reads_are_those_of_the_program() {
    let program = Program::start(ALL);
    program.fault(WriteFault::Dropped);
    let line = format!("payments block {} --profile acme --write --yes --note x", payment(1));
    let mut session = program.in_terminal(&line);
    session.wait_for("no answer; looking at the object");
    session.wait_for("not seen yet; looking again in 2 s");
    session.wait_for("not seen yet; looking again in 3 s");
    drop(session);
    let line = line.replace("--note", "--wait 1 --note");
    program.fault(WriteFault::Dropped);
    let mut session = program.in_terminal(&line);
    session.wait_for("not seen yet; looking again in 1 s");
    assert_eq!(session.ended().exit_code(), 6, "{}", session.screen().contents());
}
