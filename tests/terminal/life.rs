//! What becomes of the program and its terminal when the world behaves badly: a line that hangs up
//! or stalls, a shell that takes over, a window that changes its size without an end.

use std::fs;
use std::io::{Read, Write};

use portable_pty::{Child, ExitStatus, MasterPty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

use crate::program::{PROGRAM, Session, comes, in_terminal, size};
use crate::screen::assert_given_back;

/// A program in a terminal whose screen is read only as far as a test reads it.
struct Unread {
    child: Box<dyn Child + Send + Sync>,
    terminal: Box<dyn MasterPty + Send>,
}

impl Unread {
    /// Starts the demo; `is_controlling` says whether its end of the line tells it by a signal.
    fn start(columns: u16, rows: u16, is_controlling: bool) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let mut command = in_terminal(PROGRAM, &["demo"], &[]);
        command.set_controlling_tty(is_controlling);
        let child = pair.slave.spawn_command(command).unwrap();
        Self { child, terminal: pair.master }
    }

    /// Reads until a text has come, and not a byte more than that takes.
    fn read_until(&mut self, text: &str) {
        let mut reader = self.terminal.try_clone_reader().unwrap();
        let mut all = Vec::new();
        let mut buffer = [0; 1_024];
        while !String::from_utf8_lossy(&all).contains(text) {
            let count = reader.read(&mut buffer).unwrap();
            assert!(count > 0, "it ended before {text:?}");
            all.extend_from_slice(&buffer[..count]);
        }
    }

    fn ends(&mut self) -> Option<ExitStatus> {
        let child = std::cell::RefCell::new(&mut self.child);
        let has_ended = || child.borrow_mut().try_wait().unwrap().is_some();
        comes(has_ended).then(|| self.child.wait().unwrap())
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ended = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

#[test]
fn a_line_that_hangs_up_without_a_signal_ends_the_program() {
    let mut unread = Unread::start(80, 24, false);
    unread.read_until("row 1 of ");
    let far_end = native_pty_system().openpty(size(1, 1)).unwrap().master;
    drop(std::mem::replace(&mut unread.terminal, far_end));
    let status = unread.ends().expect("it runs on after its terminal is gone");
    assert!(status.signal().is_some() || status.exit_code() == 1, "{status}");
}

#[test]
fn a_signal_ends_the_program_while_its_terminal_takes_nothing() {
    for (signal, name) in [
        (Signal::TERM, "Terminated"),
        (Signal::INT, "Interrupt"),
        (Signal::HUP, "Hangup"),
        (Signal::QUIT, "Quit"),
    ] {
        let mut unread = Unread::start(500, 200, true);
        unread.read_until("row 1 of ");
        let id = unread.child.process_id().unwrap();
        let mut keys = unread.terminal.take_writer().unwrap();
        // Whole screens, until no more of them fits what the system holds for a reader that has
        // stopped: then nothing is written however many are asked for.
        let (mut before, mut unchanged) = (0, 0);
        for _ in 0..3_000 {
            keys.write_all(b"\x0c").unwrap();
            std::thread::sleep(std::time::Duration::from_millis(10));
            let now = written(id);
            unchanged = if now == before { unchanged + 1 } else { 0 };
            before = now;
            if unchanged == 30 {
                break;
            }
        }
        assert_eq!(unchanged, 30, "it goes on writing");
        kill_process(Pid::from_raw(id.try_into().unwrap()).unwrap(), signal).unwrap();
        assert_eq!(unread.ends().unwrap().signal(), Some(name));
    }
}

/// Bytes that a process has written so far, whatever to.
fn written(id: u32) -> u64 {
    let io = fs::read_to_string(format!("/proc/{id}/io")).unwrap();
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: ")).unwrap();
    line.parse().unwrap()
}

/// The state of a process, such as `T` for one that is stopped.
fn state(id: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

fn children(id: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
    listed.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

#[test]
fn ctrl_z_gives_the_shell_a_sound_terminal_and_fg_brings_the_screen_back_whole() {
    let script = "set -m; \"$1\" demo; echo the shell is back; read line; fg; echo ended $?";
    let shell = in_terminal("/bin/sh", &["-c", script, "sh", PROGRAM], &[]);
    let mut session = Session::of(&shell);
    session.wait_for("row 1 of ");
    let program = children(session.id())[0];
    for keys in ["\x1a", "b\x1a"] {
        session.type_keys(keys);
        if keys == "\x1a" {
            session.wait_for("the shell is back");
            assert!(comes(|| state(program) == Some('T')));
            let screen = session.screen();
            assert!(!screen.alternate_screen() && !screen.hide_cursor());
            assert!(!screen.bracketed_paste());
            // Somebody else writes on the screen, and the window changes while nobody listens.
            session.resize(100, 30);
            session.resize(80, 24);
            session.type_keys("\n");
            session.wait_for("row 1 of ");
            let screen = session.screen();
            assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste());
            let shown = screen.contents();
            assert!(shown.contains("Transactions") && !shown.contains("the shell"), "{shown}");
        } else {
            // A prompt is no obstacle; after `fg` the script of the shell goes on by itself.
            session.wait_for("ended ");
        }
    }
}

#[test]
fn a_stop_signal_from_outside_gives_the_shell_a_sound_terminal() {
    let script = "set -m; \"$1\" demo; echo the shell is back; read line; fg; echo ended $?";
    let mut session = Session::of(&in_terminal("/bin/sh", &["-c", script, "sh", PROGRAM], &[]));
    session.wait_for("row 1 of ");
    session.type_keys(":mouse\r");
    session.wait_for("Mouse on: wheel and clicks");
    let program = children(session.id())[0];
    let id = Pid::from_raw(program.try_into().unwrap()).unwrap();
    kill_process(id, Signal::TSTP).unwrap();
    session.wait_for("the shell is back");
    assert!(comes(|| state(program) == Some('T')));
    let screen = session.screen();
    assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.type_keys("\n");
    session.wait_for("row 1 of ");
    let screen = session.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_ne!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    session.type_keys("q");
    session.wait_for("ended 0");
}

#[test]
fn a_stop_signal_without_a_shell_to_come_back_from_stops_nothing() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    session.signal(Signal::TSTP);
    session.type_keys("j");
    session.wait_for("row 2 of ");
    session.type_keys("\x1a");
    session.type_keys("k");
    session.wait_for("row 1 of ");
    assert!(session.screen().alternate_screen() && session.screen().bracketed_paste());
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

#[test]
fn a_program_that_was_stopped_from_outside_takes_the_terminal_again() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    session.signal(Signal::STOP);
    assert!(comes(|| state(session.id()) == Some('T')));
    session.forget_screen();
    session.signal(Signal::CONT);
    session.wait_for("row 1 of ");
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

/// Bytes of memory that the process ever held at once.
fn most_memory(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kilobytes * 1_024
}

#[test]
fn a_storm_of_sizes_from_nothing_to_the_absurd_is_survived_in_bounded_memory() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    let mut random = fastrand::Rng::with_seed(5);
    let edges = [0, 1, 2, 9, 10, 39, 40, 80, 1_000, u16::MAX];
    for turn in 0..300 {
        let pick = |random: &mut fastrand::Rng| {
            if random.bool() { edges[random.usize(..edges.len())] } else { random.u16(..250) }
        };
        let (columns, rows) = (pick(&mut random), pick(&mut random));
        session.resize(columns, rows);
        if turn % 10 == 0 {
            session.type_keys("j");
        }
    }
    session.resize(u16::MAX, u16::MAX);
    session.type_keys("k");
    session.resize(80, 24);
    session.forget_screen();
    session.type_keys("g\x0c");
    session.wait_for("row 1 of ");
    let memory = most_memory(session.id());
    assert!(memory < 400 << 20, "{} MiB", memory >> 20);
    session.type_keys("q");
    assert_eq!(session.ended().exit_code(), 0);
    assert_given_back(&session);
}

#[test]
fn no_core_is_ever_written() {
    let mut session = Session::start(&["demo"], &[]);
    session.wait_for("row 1 of ");
    let limits = fs::read_to_string(format!("/proc/{}/limits", session.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}
