//! Enters the screen and modes of the terminal, and restores them, whatever ends the program.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode, is_raw_mode_enabled};
use rustix::fs::OFlags;
use rustix::process::{Signal, getpgrp};
use rustix::termios::tcgetpgrp;

use crate::process::foreground::stop_group;
use crate::process::shutdown::{alone, alone_to_take, end_on_signals};

static IS_ENTERED: AtomicBool = AtomicBool::new(false);
static IS_WRITING: AtomicBool = AtomicBool::new(false);
static MARKS_PASTES: AtomicBool = AtomicBool::new(false);

/// How often, and for how long each time, a shutdown waits until a frame is written.
const WAITS: u32 = 100;
const WAIT: Duration = Duration::from_millis(1);

/// The alternate screen, bracketed paste, no cursor; erases the rest of a shell's prompt.
const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?25l\x1b[m\x1b[2J";
const MARK_PASTES: &str = "\x1b[?2004h";
const LEAVE_PASTES: &str = "\x1b[?2004l";
/// Erases before it leaves the alternate screen; otherwise tmux (3.3) shows it after a resize.
const LEAVE: &str =
    "\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[0m\x1b[H\x1b[2J\x1b[?2004l\x1b[?1049l\x1b[?25h";

/// Standard output while the screen is entered; later writes are dropped.
#[derive(Debug)]
pub struct OwnedScreen;

impl Write for OwnedScreen {
    /// Writes everything at once: a buffer would be flushed at the exit.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = io::stdout();
        IS_WRITING.store(true, Ordering::SeqCst);
        let written = if IS_ENTERED.load(Ordering::SeqCst) {
            out.write_all(bytes).and_then(|()| out.flush())
        } else {
            Ok(())
        };
        IS_WRITING.store(false, Ordering::SeqCst);
        written.map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn write(text: &str) -> io::Result<()> {
    OwnedScreen.write_all(text.as_bytes())
}

pub fn enter() -> io::Result<()> {
    enter_if(|| true)
}

/// Enters the screen after a stop. In the background (`bg`), setting modes would stop valora again.
pub fn enter_again() -> io::Result<()> {
    enter_if(|| tcgetpgrp(io::stdout()).map_or(true, |group| group == getpgrp()))
}

fn enter_if(is_ready: fn() -> bool) -> io::Result<()> {
    let guard = alone_to_take();
    if !is_ready() {
        return Ok(());
    }
    // After a stop, the modes of the shell are in force.
    let _ = disable_raw_mode();
    enable_raw_mode()?;
    IS_ENTERED.store(true, Ordering::SeqCst);
    // A stalled terminal must not keep a signal from ending the program.
    drop(guard);
    write(ENTER)
}

/// Restores the terminal from any mode. The caller must hold [`alone`].
pub fn restore() {
    let is_screen = IS_ENTERED.swap(false, Ordering::SeqCst);
    for _ in 0..WAITS {
        if !IS_WRITING.load(Ordering::SeqCst) {
            break;
        }
        std::thread::sleep(WAIT);
    }
    // A dead or stalled terminal must not keep the program alive: no wait, no errors.
    let _ = disable_raw_mode();
    if is_screen {
        send(LEAVE);
    }
    if MARKS_PASTES.swap(false, Ordering::SeqCst) {
        send(LEAVE_PASTES);
    }
}

/// Writes to the terminal itself, without waiting for it.
fn send(text: &str) {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    let tty = OpenOptions::new().write(true).custom_flags(flags).open("/dev/tty");
    let _ = tty.and_then(|mut tty| tty.write_all(text.as_bytes()));
}

/// Restores raw mode after a stop, because a shell may have set its own modes.
pub fn set_raw_again() {
    let _alone = alone();
    if is_raw_mode_enabled().unwrap_or(false) {
        let _ = disable_raw_mode();
        let _ = enable_raw_mode();
    }
    if MARKS_PASTES.load(Ordering::SeqCst) {
        send(MARK_PASTES);
    }
}

/// The terminal marks pasted text until this is dropped or the program ends (bracketed paste).
#[derive(Debug)]
pub struct MarkedPastes(());

impl MarkedPastes {
    pub fn start() -> io::Result<Self> {
        end_on_signals()?;
        let _alone = alone_to_take();
        MARKS_PASTES.store(true, Ordering::SeqCst);
        send(MARK_PASTES);
        Ok(Self(()))
    }
}

impl Drop for MarkedPastes {
    fn drop(&mut self) {
        if MARKS_PASTES.swap(false, Ordering::SeqCst) {
            send(LEAVE_PASTES);
        }
    }
}

#[derive(Debug)]
pub struct Raw(());

impl Raw {
    pub fn enter() -> io::Result<Self> {
        end_on_signals()?;
        let _alone = alone_to_take();
        enable_raw_mode()?;
        Ok(Self(()))
    }

    /// Stops the program as ctrl-z does. Returns when it continues in the foreground.
    pub fn stop(&self) -> io::Result<()> {
        disable_raw_mode()?;
        // If no shell could continue it, the system does not stop it.
        let stopped = stop_group(Signal::TSTP);
        let _alone = alone_to_take();
        enable_raw_mode()?;
        stopped
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        let _ = disable_raw_mode();
    }
}
