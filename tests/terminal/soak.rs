//! Two sessions of the built program on one folder of state, through keys, pastes, replies of
//! terminals, any bytes, sizes and faults of the server: at the end both answer a key, and neither
//! holds more memory than after a third of the way.
//!
//! The short run is part of the suite; the long one is for a quiet moment:
//! `cargo test --release --test terminal soak -- --ignored --nocapture`.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use fastrand::Rng;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;
use valora::sandbox::fault_kinds;

use crate::profiles::User;
use crate::program::Session;

/// What somebody presses, without what ends the program.
const KEYS: &str = "jjjjjjkkkkkgGhl1234512345\r\r\r\x1b\x1b\x1b\x1b\x1brrRL y Y sS/f:bcv?wtxpzaA \
    dDWMX*iCuF@&nNT[]{}mHo\t\x04\x15\x05\x19\x0c";

/// Whole sequences: arrows, pages, the mouse, a paste, and replies that are no keys.
const SEQUENCES: [&str; 18] = [
    "\x1b[A",
    "\x1b[B",
    "\x1b[5~",
    "\x1b[6~",
    "\x1bOH",
    "\x1b[Z",
    "\x1b\x1b[A",
    "\x1b[<0;20;8M\x1b[<0;20;8m",
    "\x1b[<65;20;8M",
    "\x1b[200~BK604753\x1b[201~",
    "\x1b[?2026;2$y",
    "\x1b[?997;1n",
    "\x1bP>|WezTerm 20240203\x1b\\",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b]52;c;amprag==\x07",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[?62;4;22c",
    "\x1b[8;40;140t",
];

/// Lines that somebody types after `:`.
const LINES: [&str; 7] = [
    "penalties status=notify",
    "transactions amount=100..",
    "invoices issued=-90d..",
    "debt",
    "scheduled",
    "sort -amount",
    "mouse",
];

/// What a session may not be sent, since it would end the program: ctrl-c, `q`.
fn is_harmless(byte: u8) -> bool {
    !matches!(byte, 0x03 | b'q' | b'Q')
}

fn step(session: &mut Session, random: &mut Rng) {
    match random.u8(..40) {
        0..=24 => {
            let keys: Vec<char> = KEYS.chars().collect();
            session.type_keys(&random.choice(keys).unwrap().to_string());
        }
        25..=31 => session.type_keys(random.choice(SEQUENCES).unwrap()),
        32 | 33 => {
            session.type_keys("\x1b");
            sleep(Duration::from_millis(40));
            session.type_keys(&format!(":{}\r", random.choice(LINES).unwrap()));
        }
        34 => session.resize(random.u16(1..200), random.u16(1..60)),
        35 => session.resize(100, 30),
        36 | 37 => {
            let text: Vec<u8> = (0..random.usize(1..200)).map(|_| random.u8(..)).collect();
            session.type_bytes(&text.into_iter().filter(|b| is_harmless(*b)).collect::<Vec<_>>());
        }
        _ => {
            let text: Vec<u8> = b"\x1b[]P_OX^\\;?0123jkA\x07\x18".to_vec();
            let bytes: Vec<u8> = (0..40).map(|_| text[random.usize(..text.len())]).collect();
            session.type_bytes(&bytes);
        }
    }
    session.drain();
    if let Some(status) = session.has_ended() {
        panic!("it ended with {status:?}:\n{}", session.screen().contents());
    }
}

/// Kilobytes of memory that a session holds, without the pages of the program itself.
fn memory(session: &Session) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", session.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.expect("it runs").trim().trim_end_matches(" kB").parse().unwrap()
}

/// Goes back to the list at rest and presses keys that must act.
fn assert_answers(session: &mut Session) {
    session.resize(100, 30);
    for _ in 0..12 {
        session.type_keys("\x1b");
        sleep(Duration::from_millis(60));
    }
    session.type_keys("4");
    session.wait_for("▸4 Penalties");
    session.type_keys("1");
    session.wait_for("▸1 Transactions");
}

fn soak(steps: usize, seed: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let options = Options {
        limit: 0,
        ..Options::for_day(chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap())
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let user = User::new();
    let mut command = user.in_terminal(&["--base-url", &sandbox.base_url()]);
    command.env("VALORA_TOKEN", sandbox.token());
    let mut sessions = [(), ()].map(|()| Session::of_size((100, 30), &command));
    for session in &mut sessions {
        session.wait_for("row 1 of ");
    }
    let mut random = Rng::with_seed(seed);
    let mut early = Vec::new();
    for turn in 0..steps {
        for session in &mut sessions {
            step(session, &mut random);
        }
        if turn % 60 == 30 {
            let kinds: Vec<_> =
                fault_kinds().filter(|(kind, _)| !kind.starts_with("429")).collect();
            let (kind, _) = random.choice(kinds).unwrap();
            sandbox.set_faults(vec![format!("{kind}:*:6").parse().unwrap()]);
        } else if turn % 60 == 45 {
            sandbox.set_faults(Vec::new());
        }
        // By then each kind of fault has been met.
        if turn == steps / 3 {
            early = sessions.iter().map(memory).collect();
        }
        if turn % (steps / 10).max(1) == 0 {
            println!("{turn}: {:?} kB", sessions.each_ref().map(memory));
        }
        sleep(Duration::from_millis(15));
    }
    let end: Vec<u64> = sessions.iter().map(memory).collect();
    println!("{steps} steps: {early:?} kB after a third, {end:?} kB at the end");
    sandbox.set_faults(Vec::new());
    for session in &mut sessions {
        assert_answers(session);
        session.type_keys("q");
        assert_eq!(session.ended().exit_code(), 0);
    }
    for (early, end) in early.into_iter().zip(end) {
        assert!(end <= early + 4 * 1_024, "memory grew from {early} to {end} kB");
    }
}

#[test]
fn any_bytes_for_some_seconds_leave_a_program_that_answers() {
    soak(200, 7);
}

#[test]
#[ignore = "takes ten minutes"]
fn any_bytes_for_ten_minutes_leave_a_program_that_answers_in_the_same_memory() {
    soak(20_000, 20_261_126);
}
