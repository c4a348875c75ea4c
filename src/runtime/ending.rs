//! What is put right before a signal ends a command that has no screen: the modes of the terminal,
//! and the programs that were started for it.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::process::{Pid, Signal, kill_current_process_group, kill_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::foreground;

/// The groups of programs that run now; 0 is a free place.
static GROUPS: [AtomicI32; 16] = [const { AtomicI32::new(0) }; 16];
/// Whether a prompt is open that has the terminal in raw mode.
static IS_RAW: AtomicBool = AtomicBool::new(false);
/// Signals, bit by bit, that somebody else answers.
static LEFT: AtomicI32 = AtomicI32::new(0);
/// Whether signals are watched.
static WATCHED: OnceLock<()> = OnceLock::new();

/// Time within which the system stops all threads.
const STOPPING: Duration = Duration::from_millis(20);

/// From now on a signal that ends the program puts right what is open at that moment.
///
/// # Errors
/// When a handler cannot be installed.
pub fn watch() -> io::Result<()> {
    if WATCHED.get().is_some() {
        return Ok(());
    }
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT])?;
    if WATCHED.set(()).is_err() {
        return Ok(());
    }
    thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGCONT {
                go_on();
            } else if LEFT.load(Ordering::SeqCst) & bit(signal) == 0 {
                end_as(signal);
            }
        }
    });
    Ok(())
}

/// Leaves these signals to whoever has a handler for them by now.
pub fn leave(signals: &[i32]) {
    for signal in signals {
        LEFT.fetch_or(bit(*signal), Ordering::SeqCst);
    }
}

fn bit(signal: i32) -> i32 {
    u32::try_from(signal).ok().and_then(|at| 1_i32.checked_shl(at)).unwrap_or(0)
}

/// Puts right what is open and ends the program by this signal, so that a shell sees it.
pub fn end_as(signal: i32) {
    end_groups();
    foreground::restore();
    if IS_RAW.swap(false, Ordering::SeqCst) {
        let _ = disable_raw_mode();
    }
    // It only fails for a signal that there is not.
    let _ = emulate_default_handler(signal);
}

/// Ends every program that still runs, with all that it has started.
pub fn end_groups() {
    for place in &GROUPS {
        if let Some(group) = Pid::from_raw(place.swap(0, Ordering::SeqCst)) {
            // It may have ended by itself in between.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// A group of programs that does not outlive valora.
#[derive(Debug)]
pub struct Group(Pid);

impl Group {
    /// The group of this leader, until it is dropped.
    #[must_use]
    pub fn begin(leader: Pid) -> Self {
        let id = leader.as_raw_nonzero().get();
        // More at once than there are places have never been seen; they would outlive a signal.
        let _taken = GROUPS
            .iter()
            .any(|place| place.compare_exchange(0, id, Ordering::SeqCst, Ordering::SeqCst).is_ok());
        Self(leader)
    }

    /// Ends all of it.
    pub fn end(&self) {
        // It may have ended by itself in between.
        let _ = kill_process_group(self.0, Signal::KILL);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let id = self.0.as_raw_nonzero().get();
        for place in &GROUPS {
            let _ = place.compare_exchange(id, 0, Ordering::SeqCst, Ordering::SeqCst);
        }
    }
}

/// The terminal in raw mode, for a prompt: it gets its modes back however the prompt ends.
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it refuses, or signals cannot be watched.
    pub fn enter() -> io::Result<Self> {
        watch()?;
        IS_RAW.store(true, Ordering::SeqCst);
        let raw = Self(());
        enable_raw_mode()?;
        Ok(raw)
    }

    /// Gives the terminal back and stops, as ctrl-z does; returns when the program goes on and has
    /// the terminal again.
    ///
    /// # Errors
    /// When the terminal refuses.
    pub fn stop(&self) -> io::Result<()> {
        IS_RAW.store(false, Ordering::SeqCst);
        disable_raw_mode()?;
        // Where no shell could bring it back, the system does not stop it.
        let sent = kill_current_process_group(Signal::TSTP);
        thread::sleep(STOPPING);
        IS_RAW.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        sent.map_err(io::Error::from)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        IS_RAW.store(false, Ordering::SeqCst);
        // A terminal that is gone needs none.
        let _ = disable_raw_mode();
    }
}

/// Somebody else stopped the program; the shell has set the terminal to its own modes since.
fn go_on() {
    if IS_RAW.load(Ordering::SeqCst) {
        let _ = disable_raw_mode();
        let _ = enable_raw_mode();
    }
}
