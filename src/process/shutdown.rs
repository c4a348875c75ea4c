//! The one end of the program: whether it is done, a signal ends it or it breaks, the programs that it
//! started end with it, and the terminal is as it was before.
#![expect(clippy::disallowed_types, reason = "a signal or a panic on any thread must reach it")]

use std::cell::Cell;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::panic::set_hook;
use std::process::{Child, Command, exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use rustix::process::{
    Pid, Signal, kill_process_group, test_kill_process, test_kill_process_group,
};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tokio::signal::unix::{SignalKind, signal};

use crate::domain::watched::is_watched;
use crate::process::foreground;

/// The signals that end the program.
const ENDING: [i32; 4] = [SIGTERM, SIGHUP, SIGINT, SIGQUIT];

/// The groups of programs that run now.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
/// The groups whose leader has ended and left others behind.
static LEFT: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static IS_WATCHED: AtomicBool = AtomicBool::new(false);
/// Whether a command answers ctrl-c itself.
static IS_INTERRUPT_TAKEN: AtomicBool = AtomicBool::new(false);
/// Held by who gives the terminal back, until that is done.
static ALONE: Mutex<()> = Mutex::new(());
/// Whether the end has begun: no group begins from now on.
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// Whether the terminal was given back for good: the process is about to end.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// What the screen and prompts do to the terminal, once one of them takes it.
static TERMINAL: OnceLock<TerminalHooks> = OnceLock::new();

#[derive(Debug, Clone, Copy)]
pub struct TerminalHooks {
    /// Gives the terminal back; called at most by one thread at a time.
    pub give_back: fn(),
    /// The program was stopped and goes on.
    pub go_on: fn(),
}

/// Gives the terminal back by these hooks from now on, however the program ends.
pub fn give_back_with(hooks: TerminalHooks) {
    // They are the same each time.
    let _ = TERMINAL.set(hooks);
}

/// Waits until nobody else gives the terminal back: who goes on before could end the program halfway.
pub fn alone() -> MutexGuard<'static, ()> {
    lock(&ALONE)
}

/// The same, for who takes the terminal. A thread that goes on while the program ends stays here: what
/// it took would be left to the shell.
pub fn alone_to_take() -> MutexGuard<'static, ()> {
    let alone = alone();
    if IS_OVER.load(Ordering::SeqCst) {
        drop(alone);
        loop {
            thread::park();
        }
    }
    alone
}

/// Closes the program for good; nobody takes the terminal from here on, and nothing is held, so that
/// a message that the terminal does not take keeps no signal from ending the program.
pub fn close_for_good() {
    IS_ENDING.store(true, Ordering::SeqCst);
    if !IS_OVER.load(Ordering::SeqCst) {
        let _alone = close();
        IS_OVER.store(true, Ordering::SeqCst);
    }
}

/// Ends the programs that were started and gives the terminal back, whatever has it. Until the guard
/// is dropped nobody else can end the program.
pub fn close() -> MutexGuard<'static, ()> {
    let alone = alone();
    // A group whose id is that of a process again is a new one, of somebody else.
    let is_left = |group: &Pid| test_kill_process(*group).is_err();
    // Never both at once: who drops a group locks them in another order.
    let running = std::mem::take(&mut *lock(&RUNNING));
    let left = std::mem::take(&mut *lock(&LEFT));
    for group in running.into_iter().chain(left.into_iter().filter(is_left)) {
        // It may have ended by itself in between.
        let _ = kill_process_group(group, Signal::KILL);
    }
    foreground::restore();
    if let Some(terminal) = TERMINAL.get() {
        (terminal.give_back)();
    }
    alone
}

/// Ends the program by this signal, so that a shell sees it, whatever the screen does. What another
/// thread holds of standard output is left to it.
pub fn end_by(signal: i32) -> ! {
    close_for_good();
    // It only fails for a signal that there is not.
    let _ = emulate_default_handler(signal);
    exit(128 + signal)
}

/// From now on a signal ends the program by [`end_by`], even while the screen is stuck in a write, and
/// a prompt that was stopped gets its raw mode again.
pub fn end_on_signals() -> io::Result<()> {
    if IS_WATCHED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let mut signals = Signals::new(ENDING.iter().chain(&[SIGCONT]))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGCONT => {
                    if let Some(terminal) = TERMINAL.get() {
                        (terminal.go_on)();
                    }
                }
                SIGINT if IS_INTERRUPT_TAKEN.load(Ordering::SeqCst) => {}
                _ => end_by(signal),
            }
        }
    });
    Ok(())
}

/// From now on a panic anywhere closes the program, says where it was (not what, which may quote
/// customer data), and ends it: whatever has broken, a screen without it would wait for ever. Only
/// work that is [`watched`](crate::domain::watched) goes on, as a reported failure.
pub fn end_on_panic() {
    set_hook(Box::new(|info| {
        if is_watched() {
            return;
        }
        close_for_good();
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(io::stderr(), "valora stopped because of a fault of its own, at {place}.");
        exit(101);
    }));
}

/// Ctrl-c as an event, for a command that answers it itself; it does not end the program from then on.
pub fn interrupts() -> io::Result<tokio::signal::unix::Signal> {
    let interrupts = signal(SignalKind::interrupt())?;
    IS_INTERRUPT_TAKEN.store(true, Ordering::SeqCst);
    Ok(interrupts)
}

/// A group of programs that does not outlive valora.
#[derive(Debug)]
pub struct Group {
    leader: Pid,
    is_ended: Cell<bool>,
}

impl Group {
    /// Starts a program as the leader of a group of its own. What it leaves behind runs on until valora
    /// ends.
    ///
    /// # Errors
    /// When it cannot be started, or the end has begun.
    pub fn start(command: &mut Command) -> io::Result<(Child, Self)> {
        // Locked until it is listed: the end would overlook a program that has just begun.
        let mut running = lock(&RUNNING);
        if IS_ENDING.load(Ordering::SeqCst) {
            return Err(io::Error::other("valora is ending"));
        }
        let child = command.process_group(0).spawn()?;
        let leader = Pid::from_child(&child);
        running.push(leader);
        Ok((child, Self { leader, is_ended: Cell::new(false) }))
    }

    pub fn end(&self) {
        // It may have ended by itself in between.
        let _ = kill_process_group(self.leader, Signal::KILL);
        self.is_ended.set(true);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // In the one list before it is out of the other, and never both locked at once.
        let mut left = lock(&LEFT);
        if !self.is_ended.get() {
            left.push(self.leader);
        }
        left.retain(|group| test_kill_process_group(*group).is_ok());
        drop(left);
        lock(&RUNNING).retain(|group| *group != self.leader);
    }
}

fn lock<T>(shared: &'static Mutex<T>) -> MutexGuard<'static, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
