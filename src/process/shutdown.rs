//! Ends the program in every case: ends its child processes and restores the terminal.
#![expect(clippy::disallowed_types, reason = "a signal or a panic on any thread must reach it")]

use std::io::{self, Write};
use std::mem::take;
use std::os::unix::process::CommandExt;
use std::panic::set_hook;
use std::process::{Child, Command, exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::process::{
    Pid, Signal, kill_process_group, test_kill_process, test_kill_process_group,
};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{SignalKind, signal};

use crate::domain::watched::is_watched;
use crate::process::{foreground, terminal};

const ENDING: [i32; 4] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT];

#[derive(Debug)]
struct Groups {
    is_ending: bool,
    running: Vec<Pid>,
    /// Groups whose leader ended before its other processes.
    left: Vec<Pid>,
}

static GROUPS: Mutex<Groups> =
    Mutex::new(Groups { is_ending: false, running: Vec::new(), left: Vec::new() });
static HANDLES_SIGNALS: AtomicBool = AtomicBool::new(false);
static HANDLES_INTERRUPTS: AtomicBool = AtomicBool::new(false);
/// Locked while the terminal is restored; `true` once the program ends.
static IS_OVER: Mutex<bool> = Mutex::new(false);

/// Locks the restoring of the terminal, so that no other thread ends the program in between.
pub fn alone() -> MutexGuard<'static, bool> {
    lock(&IS_OVER)
}

/// Locks the terminal to enter it. Never returns while the program ends.
pub fn alone_to_take() -> MutexGuard<'static, bool> {
    loop {
        let alone = alone();
        if !*alone {
            return alone;
        }
        drop(alone);
        thread::park();
    }
}

/// Prevents entering the terminal from now on. Unlocks at the end, so that a signal still ends the
/// program.
pub fn close_for_good() {
    lock(&GROUPS).is_ending = true;
    let is_over = *alone();
    if !is_over {
        *close() = true;
    }
}

/// Ends all child processes and restores the terminal. The guard blocks other threads from doing so.
pub fn close() -> MutexGuard<'static, bool> {
    let alone = alone();
    // If the id belongs to a process again, it is a new group of another program.
    let is_left = |group: &Pid| test_kill_process(*group).is_err();
    let mut groups = lock(&GROUPS);
    let left = take(&mut groups.left).into_iter().filter(is_left);
    for group in take(&mut groups.running).into_iter().chain(left) {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::KILL);
    }
    drop(groups);
    foreground::restore();
    terminal::restore();
    alone
}

/// Ends by the signal itself, so that the shell sees it, even if another thread holds standard output.
pub fn end_by(signal: i32) -> ! {
    close_for_good();
    // Fails only for an unknown signal.
    let _ = emulate_default_handler(signal);
    exit(128 + signal)
}

/// Handles signals in a thread, also during a stuck write; SIGCONT restores a prompt's raw mode.
pub fn end_on_signals() -> io::Result<()> {
    if HANDLES_SIGNALS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut signals = Signals::new(ENDING.iter().chain(&[SIGCONT]))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGCONT => terminal::set_raw_again(),
                SIGINT if HANDLES_INTERRUPTS.load(Ordering::SeqCst) => {}
                _ => end_by(signal),
            }
        }
    });
    Ok(())
}

/// A panic on any thread ends the program and prints where, not why: the text may quote customer data.
/// Only work that is [`watched`](crate::domain::watched) becomes a reported failure.
pub fn end_on_panic() {
    set_hook(Box::new(|info| {
        if is_watched() {
            return;
        }
        close_for_good();
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "Internal error: valora crashed at {place}.");
        exit(101);
    }));
}

pub fn interrupts() -> io::Result<tokio::signal::unix::Signal> {
    let interrupts = signal(SignalKind::interrupt())?;
    HANDLES_INTERRUPTS.store(true, Ordering::SeqCst);
    Ok(interrupts)
}

/// A group of programs that does not outlive valora.
#[derive(Debug)]
pub struct Group {
    leader: Pid,
    is_ended: bool,
}

impl Group {
    /// Starts a command as the leader of its own group. Processes it leaves behind run until valora ends.
    pub fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        // Locked until it is listed: a shutdown would miss a program that has just started.
        let mut groups = lock(&GROUPS);
        if groups.is_ending {
            return Err(io::Error::other("valora is quitting"));
        }
        let child = command.process_group(0).spawn()?;
        let leader = Pid::from_child(&child);
        groups.running.push(leader);
        Ok((child, Self { leader, is_ended: false }))
    }

    pub fn end(&mut self) {
        let _ = kill_process_group(self.leader, Signal::KILL);
        self.is_ended = true;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut groups = lock(&GROUPS);
        if !self.is_ended {
            groups.left.push(self.leader);
        }
        groups.left.retain(|group| test_kill_process_group(*group).is_ok());
        groups.running.retain(|group| *group != self.leader);
    }
}

fn lock<T>(shared: &'static Mutex<T>) -> MutexGuard<'static, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
