//! Several programs: one that is killed, two on one server, two on one audit log.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Barrier};

use valora::clock::Clock;
use valora::sandbox::{Sandbox, WriteFault};

use crate::common::options;
use crate::program::{ALL, Program};
use crate::setup::{in_front, payment};

fn block(number: usize, profile: &str) -> String {
    format!("payments block {} --profile {profile} --write --yes --note x", payment(number))
}

fn started(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let clock = Clock::start();
    while !is_so() {
        assert!(clock.now().elapsed < 20_000, "never: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_program_that_is_killed_leaves_one_unknown_write_which_the_next_one_looks_for() {
    for (fault, is_done) in [(WriteFault::Stall, true), (WriteFault::StallUndone, false)] {
        let program = Program::start(ALL);
        program.fault(fault);
        let mut child = started(program.command(&block(1, "acme")));
        wait_until("a write arrives", || {
            program.sandbox.writes().iter().any(|write| write.is_carried_out == is_done)
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let list = "payments list --limit 1 --profile acme";
        let (_, _, err) = program.run(list);
        assert!(err.contains("1 write with an unknown outcome: run valora audit"), "{err}");
        let (status, out, err) = program.run("audit --profile acme");
        let sign = if is_done { "✓ the payment is blocked" } else { "? " };
        assert!(err.contains(sign), "{err}");
        assert_eq!(status, if is_done { 0 } else { 6 }, "{err}");
        assert_eq!(out.contains("done: the payment is blocked"), is_done, "{out}");
        assert_eq!(err.contains("1 write with a result that is still unknown"), !is_done, "{err}");
        assert_eq!(program.sandbox.writes().len(), 1);
        let (_, _, err) = program.run(list);
        assert_eq!(err.contains("unknown outcome"), !is_done, "{err}");
    }
}

#[test]
fn one_server_gets_one_write_at_a_time_from_all_profiles_and_programs() {
    let program = Program::start(ALL);
    let url = program.sandbox.payments_url();
    program.set(&[("acme", &url, ALL), ("other", &url, ALL)]);
    program.fault(WriteFault::Stall);
    let mut child = started(program.command(&block(1, "acme")));
    wait_until("a write arrives", || !program.sandbox.writes().is_empty());
    for profile in ["acme", "other"] {
        let (status, _, err) = program.run(&block(2, profile));
        assert_eq!(status, 1, "{err}");
        assert!(err.contains("another write to this server is under way"), "{err}");
    }
    assert_eq!(program.sandbox.writes().len(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let (status, _, err) = program.run(&block(2, "other"));
    assert_eq!(status, 0, "the lock ended with its program: {err}");
}

#[test]
fn while_a_result_is_looked_for_only_the_same_object_waits() {
    let program = Program::start(ALL);
    program.fault(WriteFault::Unseen);
    let mut child = started(program.command(&block(1, "acme")));
    let log = || std::fs::read_to_string(program.log()).unwrap_or_default();
    wait_until("the answer is in the log", || log().contains("\"answer\""));
    wait_until("another payment is blocked", || program.run(&block(2, "acme")).0 == 0);
    let (status, _, err) = program.run(&block(1, "acme"));
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("another write to this object is under way"), "{err}");
    assert_eq!(program.sandbox.writes().len(), 2);
    let (status, _, err) = program.run("audit --profile acme");
    assert_eq!((status, err.as_str()), (0, ""), "it is under way, not unknown");
    child.kill().unwrap();
    child.wait().unwrap();
    let (status, _, err) = program.run("audit --profile acme");
    assert_eq!(status, 6, "{err}");
}

#[test]
fn lines_of_two_programs_are_one_chain() {
    let program = Program::start(ALL);
    let (arrived, go_on) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (here, there) = (Arc::clone(&arrived), Arc::clone(&go_on));
    let on_write = move || {
        here.wait();
        there.wait();
    };
    let base = program.runtime.block_on(in_front(&program.sandbox, on_write));
    program.set(&[("acme", &base, ALL)]);
    let mut first = started(program.command(&block(1, "acme")));
    arrived.wait();
    // The other one has another server, and writes its lines between those of the first one.
    let other = program.runtime.block_on(Sandbox::start(options())).unwrap();
    program.set(&[("acme", &other.payments_url(), ALL)]);
    let (status, _, err) = program.run(&block(2, "acme"));
    assert_eq!(status, 0, "{err}");
    go_on.wait();
    assert_eq!(first.wait().unwrap().code(), Some(0));
    let log = std::fs::read_to_string(program.log()).unwrap();
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines: Vec<_> = lines.collect();
    let phases: Vec<&str> = lines.iter().map(|line| line["phase"].as_str().unwrap()).collect();
    assert_eq!(phases, ["intent", "intent", "answer", "verdict", "answer", "verdict"]);
    assert_eq!((&lines[0]["id"], &lines[1]["id"]), (&lines[5]["id"], &lines[3]["id"]));
    let (status, _, err) = program.run("audit --profile acme");
    assert_eq!(status, 0, "the chain is unbroken: {err}");
}

#[test]
fn of_programs_that_start_together_each_sends_its_write_or_says_that_it_did_not() {
    let program = Program::start(ALL);
    let children: Vec<Child> =
        (1..=4).map(|number| started(program.command(&block(number, "acme")))).collect();
    let codes = children.into_iter().map(|mut child| child.wait().unwrap().code().unwrap());
    let codes: Vec<i32> = codes.collect();
    let done = codes.iter().filter(|code| **code == 0).count();
    assert!(done > 0 && codes.iter().all(|code| [0, 1].contains(code)), "{codes:?}");
    assert_eq!(program.sandbox.writes().len(), done, "{codes:?}");
    let log = std::fs::read_to_string(program.log()).unwrap();
    assert_eq!(log.lines().count(), 3 * done, "{log}");
    let (status, _, err) = program.run("audit --profile acme");
    assert_eq!(status, 0, "the chain is unbroken: {err}");
}
