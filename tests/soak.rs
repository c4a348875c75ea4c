//! An hour in fast motion: keys, refreshes, faults and sizes from a seeded script, through the real
//! loop, worker and sandbox. At its end the memory is flat, no task and no file is left over, and no
//! request left beyond the budget.
//!
//! The short runs are part of the suite; the long ones are for a quiet moment:
//! `cargo test --release --test soak -- --ignored --nocapture`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]
#![expect(clippy::print_stdout, reason = "the long runs report their figures")]

#[cfg(test)]
mod common;

use std::fs;
use std::time::Duration;

use common::{Dashboard, options};
use fastrand::Rng;
use tokio::time::Instant;
use valora::list::ALL;
use valora::sandbox::Options;
use valora::sandbox::fault_kinds;
use valora::tui::msg::Msg;

const SIZE: (u16, u16) = (140, 40);

/// What somebody presses, the usual more often. Nothing that ends the program or writes a file.
const KEYS: [&str; 62] = [
    "j",
    "j",
    "j",
    "j",
    "j",
    "k",
    "k",
    "k",
    "down",
    "pgdn",
    "pgdn",
    "pgup",
    "ctrl-d",
    "ctrl-u",
    "G",
    "g",
    "h",
    "l",
    "l",
    "1",
    "2",
    "3",
    "4",
    "5",
    "tab",
    "shift-tab",
    "enter",
    "enter",
    "enter",
    "esc",
    "esc",
    "esc",
    "esc",
    "r",
    "r",
    "R",
    "L",
    "y",
    "n",
    "space",
    "a",
    "A",
    "Y",
    "o",
    "p",
    "z",
    "x",
    "t",
    "C",
    "b",
    "f",
    "/",
    "s",
    "S",
    "c",
    "v",
    "u",
    "F",
    "@",
    "&",
    "?",
    "j",
];

/// Lines that somebody types after `:`.
const LINES: [&str; 8] = [
    "penalties status=notify",
    "transactions amount=100.. sort=-amount",
    "invoices issued=-90d..",
    "debt",
    "sort -amount",
    "columns",
    "auto 60",
    "auto off",
];

/// What the process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    kilobytes: u64,
    files: usize,
    tasks: usize,
}

fn held(dashboard: &Dashboard) -> Held {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes = line.trim().trim_end_matches(" kB").parse().unwrap();
    let files = fs::read_dir("/proc/self/fd").unwrap().count();
    Held { kilobytes, files, tasks: dashboard.alive_tasks() }
}

/// One thing that happens.
fn step(dashboard: &mut Dashboard, random: &mut Rng, turn: usize) {
    if turn % 50 == 25 {
        // What never answers is given up with esc now and then; what is limited for a minute is not
        // for fast motion.
        let kinds: Vec<_> = fault_kinds().filter(|(kind, _)| !kind.starts_with("429")).collect();
        let (kind, _) = kinds[random.usize(..kinds.len())];
        let path = ["*", "transactions", "conciliation/booking"][random.usize(..3)];
        dashboard.sandbox.set_faults(vec![format!("{kind}:{path}:6").parse().unwrap()]);
    } else if turn % 50 == 40 {
        dashboard.sandbox.set_faults(Vec::new());
    } else if turn.is_multiple_of(60) {
        let (columns, rows) = (random.u16(1..=SIZE.0), random.u16(1..=SIZE.1));
        dashboard.send(Msg::Resized(columns, rows));
        dashboard.send(Msg::Resized(SIZE.0, SIZE.1));
    } else if turn % 40 == 39 {
        dashboard.press("esc esc esc esc : ");
        dashboard.type_text(LINES[random.usize(..LINES.len())]);
        dashboard.press("enter");
    } else {
        dashboard.press(KEYS[random.usize(..KEYS.len())]);
    }
}

/// Lives through so many steps; returns what was held early and at the end.
fn live(dashboard: &mut Dashboard, steps: usize) -> (Held, Held) {
    let mut random = Rng::with_seed(20_261_120);
    let mut early = None;
    for turn in 0..steps {
        step(dashboard, &mut random, turn);
        if turn % 10 == 0 {
            let _drawn = dashboard.bytes_written();
            dashboard.forget_raw();
        }
        if turn == steps / 3 {
            at_rest(dashboard);
            early = Some(held(dashboard));
        }
    }
    at_rest(dashboard);
    (early.unwrap(), held(dashboard))
}

/// Ends all that is under way, and waits until the screen stands still on a list that is there.
fn at_rest(dashboard: &mut Dashboard) {
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("esc esc esc esc esc esc esc esc F R");
    dashboard.wait("a list at rest", |screen| {
        screen.contains("row 1 of ") || screen.contains("row ") && !screen.contains('✗')
    });
    // It stands still once the last answer has come; a few frames may still be under way.
    loop {
        std::thread::sleep(Duration::from_millis(300));
        if dashboard.bytes_written() == 0 {
            break;
        }
    }
    dashboard.forget_raw();
}

fn soak(steps: usize) {
    let mut dashboard = Dashboard::start(options(), SIZE);
    dashboard.wait_for("row 1 of ");
    let (early, end) = live(&mut dashboard, steps);
    println!("{steps} steps: {early:?} after a third, {end:?} at the end");
    let allowed = early.kilobytes + early.kilobytes / 4 + 16 * 1_024;
    assert!(end.kilobytes <= allowed, "memory grew from {early:?} to {end:?}");
    // Connections that wait to be used again, on both sides: at most 4 are under way at once, and
    // one that was given up may not have been closed yet.
    assert!(end.files <= early.files + 16, "files grew from {early:?} to {end:?}");
    assert!(end.tasks <= early.tasks + 16, "tasks grew from {early:?} to {end:?}");
    dashboard.press("esc esc esc q");
    dashboard.ended().unwrap();
}

/// Asks for everything, again and again; returns how many requests left in how much time.
fn hammer(time: Duration) -> (usize, Duration) {
    let began = Instant::now();
    let mut dashboard = Dashboard::start(Options { limit: 120, ..options() }, SIZE);
    dashboard.wait_for("row 1 of ");
    let end = Instant::now() + time;
    let mut turn = 0;
    while Instant::now() < end {
        turn += 1;
        dashboard.press(&format!("{} R r", turn % ALL.len() + 1));
        let _drawn = dashboard.bytes_written();
        dashboard.forget_raw();
        std::thread::sleep(Duration::from_millis(40));
    }
    let sent = dashboard.sandbox.requests().len();
    let took = began.elapsed();
    println!("{turn} times everything was asked for, {sent} requests left in {took:?}");
    (sent, took)
}

/// Requests that may leave: a burst of 20, then 80 a minute.
fn allowed(time: Duration) -> usize {
    20 + usize::try_from(time.as_millis() * 80 / 60_000).unwrap()
}

#[test]
fn ten_minutes_of_keys_leave_nothing_behind() {
    soak(600);
}

#[test]
fn hammering_sends_no_request_beyond_the_budget() {
    let (sent, time) = hammer(Duration::from_secs(3));
    assert!((10..=allowed(time)).contains(&sent), "{sent} in {time:?}");
}

#[test]
#[ignore = "takes minutes"]
fn an_hour_of_keys_leaves_nothing_behind() {
    soak(20_000);
}

#[test]
#[ignore = "takes minutes"]
fn minutes_of_hammering_send_no_request_beyond_the_budget() {
    let (sent, time) = hammer(Duration::from_secs(150));
    assert!((200..=allowed(time)).contains(&sent), "{sent} in {time:?}");
}
