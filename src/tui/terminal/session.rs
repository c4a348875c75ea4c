//! The terminal as a guard: entered once, left once, whatever ends the program.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Stdout, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    is_raw_mode_enabled,
};
use crossterm::{Command, cursor};
use ratatui::Terminal;
use rustix::fs::OFlags;
use rustix::process::{Signal, getpgrp};
use rustix::termios::tcgetpgrp;

use crate::process::foreground::stop_group;
use crate::process::shutdown::{
    TerminalHooks, alone, alone_to_take, close, end_on_signals, give_back_with,
};
use crate::tui::terminal::screen::Screen;

/// Whether the terminal has our screen; it is given back once.
static IS_ENTERED: AtomicBool = AtomicBool::new(false);
/// Whether a frame is on its way to the terminal at this moment.
static IS_WRITING: AtomicBool = AtomicBool::new(false);

/// How often, and in which steps, the end waits for a frame that is on its way. A stalled terminal
/// never takes it.
const WAITS: u32 = 100;
const WAIT: Duration = Duration::from_millis(1);

/// Bytes of a text that terminals take into their clipboard.
const LONGEST_COPY: usize = 74_000;

/// Bytes that GNU screen passes on at once, with room for what is around them.
const SCREEN_PIECE: usize = 700;

/// The name of the threads that run tasks.
pub const WORKER_THREAD: &str = "valora-tasks";

/// Gives a text to the clipboard of the terminal that the user sits at (OSC 52), also from inside
/// tmux and screen, which pass on what is wrapped for them.
///
/// # Errors
/// When the text is too long for terminals, or the terminal refuses the bytes. Whether it took the
/// text cannot be known.
pub fn copy(text: &str) -> io::Result<()> {
    if text.len() > LONGEST_COPY {
        return Err(io::Error::other("it is too long for the terminal's clipboard"));
    }
    let mut plain = String::new();
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
    let has = |name| std::env::var_os(name).is_some();
    let wrapped = match (has("TMUX"), has("STY")) {
        (true, _) => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        (false, true) => for_screen(&plain),
        (false, false) => plain,
    };
    OwnedScreen(io::stdout()).write_all(wrapped.as_bytes())
}

/// A sequence as GNU screen passes it on: it ends what it wraps at the first ST inside, and takes 768
/// bytes at most at a time.
fn for_screen(sequence: &str) -> String {
    let open = sequence.strip_suffix("\x1b\\").unwrap_or(sequence);
    let closed = format!("{}\x07", open.trim_end_matches('\x07'));
    let pieces = closed.as_bytes().chunks(SCREEN_PIECE).map(String::from_utf8_lossy);
    pieces.flat_map(|piece| ["\x1bP".into(), piece, "\x1b\\".into()]).collect()
}

/// Buttons and the wheel (1000) with numbers for their places (1006). Moves are not asked for: each
/// would wake the program.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// Listens to the mouse, or leaves it to the terminal.
pub fn mouse(is_wanted: bool) -> io::Result<()> {
    let sequence = if is_wanted { MOUSE_ON } else { MOUSE_OFF };
    OwnedScreen(io::stdout()).write_all(sequence.as_bytes())
}

/// Gives the terminal back when it is dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

/// The terminal that is drawn on.
pub type RealTerminal = Terminal<Screen<OwnedScreen>>;

/// Standard output as long as the terminal is in our hands. What is drawn afterwards, while a signal
/// ends the program, would land on the shell's screen and hide its cursor; it vanishes.
#[derive(Debug)]
pub struct OwnedScreen(Stdout);

impl Write for OwnedScreen {
    /// Writes all at once: what stayed in a buffer would be flushed at the exit.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        IS_WRITING.store(true, Ordering::SeqCst);
        let written = if IS_ENTERED.load(Ordering::SeqCst) {
            self.0.write_all(bytes).and_then(|()| self.0.flush())
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

impl TerminalGuard {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste.
    ///
    /// # Errors
    /// When standard output is no terminal, or it refuses; nothing was written to it then.
    pub fn enter() -> io::Result<(Self, RealTerminal)> {
        if !io::stdout().is_terminal() {
            return Err(io::Error::other("standard output is not a terminal"));
        }
        take()?;
        let guard = Self(());
        let writer = OwnedScreen(io::stdout());
        let measure = crossterm::terminal::size;
        Ok((guard, Terminal::new(Screen::new(writer, measure()?).measured_by(measure))?))
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        drop(close());
    }
}

/// How the terminal is given back when the program ends.
const HOOKS: TerminalHooks = TerminalHooks { give_back, go_on };

fn take() -> io::Result<()> {
    give_back_with(HOOKS);
    let guard = alone_to_take();
    enable_raw_mode()?;
    IS_ENTERED.store(true, Ordering::SeqCst);
    drop(guard);
    write_enter()
}

fn write_enter() -> io::Result<()> {
    OwnedScreen(io::stdout()).write_all(enter_sequence().as_bytes())
}

/// Takes the terminal again after the program was stopped. The modes of a shell are in force then,
/// whether valora gave the terminal back before or was stopped from outside.
pub fn retake() -> io::Result<()> {
    let guard = alone_to_take();
    if !is_in_foreground() {
        return Ok(());
    }
    let _ = disable_raw_mode();
    enable_raw_mode()?;
    IS_ENTERED.store(true, Ordering::SeqCst);
    // A terminal that takes no bytes must not keep a signal from ending the program.
    drop(guard);
    write_enter()
}

/// Whether the terminal listens to the program. In the background, where a stopped program goes on to
/// be ended or by `bg`, to set its modes would stop the program again.
fn is_in_foreground() -> bool {
    tcgetpgrp(io::stdout()).map_or(true, |group| group == getpgrp())
}

/// Gives the terminal back, whether a screen or a prompt has it; safe to call from anywhere at any time
/// by who is [`alone`].
pub fn give_back() {
    let is_screen = IS_ENTERED.swap(false, Ordering::SeqCst);
    for _ in 0..WAITS {
        if !IS_WRITING.load(Ordering::SeqCst) {
            break;
        }
        std::thread::sleep(WAIT);
    }
    // A dead or stalled terminal must not keep the program alive: errors are dropped, and the write
    // does not wait.
    let _ = disable_raw_mode();
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or(0);
    if is_screen
        && let Ok(mut tty) = OpenOptions::new().write(true).custom_flags(flags).open("/dev/tty")
    {
        let _ = tty.write_all(leave_sequence().as_bytes());
    }
}

/// The program was stopped and goes on; a shell may have set the terminal to its own modes since.
pub fn go_on() {
    let _alone = alone();
    if is_raw_mode_enabled().unwrap_or(false) {
        let _ = disable_raw_mode();
        let _ = enable_raw_mode();
    }
}

/// The terminal in raw mode, for a prompt: it gets its modes back however the prompt ends.
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Takes the terminal.
    pub fn enter() -> io::Result<Self> {
        end_on_signals()?;
        give_back_with(HOOKS);
        let _alone = alone_to_take();
        enable_raw_mode()?;
        Ok(Self(()))
    }

    /// Gives the terminal back and stops, as ctrl-z does; returns when the program goes on and has
    /// the terminal again.
    pub fn stop(&self) -> io::Result<()> {
        disable_raw_mode()?;
        // Where no shell could bring it back, the system does not stop it.
        let stopped = stop_group(Signal::TSTP);
        let _alone = alone_to_take();
        enable_raw_mode()?;
        stopped
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs none.
        let _ = disable_raw_mode();
    }
}

fn enter_sequence() -> String {
    let mut sequence = String::new();
    let _ = EnterAlternateScreen.write_ansi(&mut sequence);
    let _ = EnableBracketedPaste.write_ansi(&mut sequence);
    let _ = cursor::Hide.write_ansi(&mut sequence);
    // What a shell's prompt left, and what stood on the alternate screen.
    sequence.push_str("\x1b[m\x1b[2J");
    sequence
}

fn leave_sequence() -> String {
    // Cleared first: tmux (3.3) shows what is left of the alternate screen after a resize otherwise.
    let mut sequence = format!("\x1b[?2026l{MOUSE_OFF}\x1b[0m\x1b[H\x1b[2J");
    let _ = DisableBracketedPaste.write_ansi(&mut sequence);
    let _ = LeaveAlternateScreen.write_ansi(&mut sequence);
    let _ = cursor::Show.write_ansi(&mut sequence);
    sequence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_screen_passes_on_is_one_sequence_ended_by_bel_in_pieces_that_it_takes() {
        let sequence = format!("\x1b]52;c;{}\x1b\\", "QUJD".repeat(1_000));
        let wrapped = for_screen(&sequence);
        let pieces: Vec<&str> = wrapped.split_inclusive("\x1b\\").collect();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.len() <= 768));
        let passed: String = pieces
            .iter()
            .map(|piece| piece.strip_prefix("\x1bP").unwrap().strip_suffix("\x1b\\").unwrap())
            .collect();
        assert_eq!(passed, format!("\x1b]52;c;{}\x07", "QUJD".repeat(1_000)));
    }
}
