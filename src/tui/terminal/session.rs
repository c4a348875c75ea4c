//! The terminal while valora uses it: enter and restore, clipboard, mouse.

use std::io::{self, IsTerminal};

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use crossterm::terminal::size;
use ratatui::Terminal;

use crate::process::shutdown::close;
use crate::process::terminal::{OwnedScreen, enter, enter_again, write};
use crate::tui::terminal::screen::Screen;
use crate::tui::terminal::suspend::suspend;

/// Bytes that terminals accept.
const LONGEST_COPY: usize = 74_000;
/// Bytes that GNU screen passes on, with room for the escape sequence around them.
const SCREEN_PIECE: usize = 700;

/// Buttons and the wheel (1000), positions as numbers (1006); not each move, which would wake the
/// program.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

pub const WORKER_THREAD: &str = "valora-tasks";

/// What the event loop does on the terminal besides drawing.
#[derive(Debug, Clone, Copy)]
pub struct TerminalControl {
    pub copy: fn(&str) -> io::Result<()>,
    pub mouse: fn(bool) -> io::Result<()>,
    /// Asks for the color of the background, without waiting for the answer.
    pub ask_background: fn() -> io::Result<()>,
    /// Returns when the program continues.
    pub suspend: fn() -> io::Result<()>,
    pub retake: fn() -> io::Result<()>,
}

impl TerminalControl {
    pub const REAL: Self = Self { copy, mouse, ask_background, suspend, retake: enter_again };
    pub const NONE: Self = Self {
        copy: |_| Ok(()),
        mouse: |_| Ok(()),
        ask_background: || Ok(()),
        suspend: || Ok(()),
        retake: || Ok(()),
    };
}

/// OSC 52, wrapped for tmux and screen. The terminal does not report whether it accepts it.
fn copy(text: &str) -> io::Result<()> {
    if text.len() > LONGEST_COPY {
        return Err(io::Error::other(
            "the text is too long for the terminal's clipboard; export it instead",
        ));
    }
    let mut plain = String::new();
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
    let has = |name| std::env::var_os(name).is_some();
    write(&match (has("TMUX"), has("STY")) {
        (true, _) => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        (false, true) => for_screen(&plain),
        (false, false) => plain,
    })
}

/// GNU screen ends a wrapped sequence at the first ST inside, and accepts at most 768 bytes at a
/// time.
fn for_screen(sequence: &str) -> String {
    let open = sequence.strip_suffix("\x1b\\").unwrap_or(sequence);
    let closed = format!("{}\x07", open.trim_end_matches('\x07'));
    let pieces = closed.as_bytes().chunks(SCREEN_PIECE).map(String::from_utf8_lossy);
    pieces.flat_map(|piece| ["\x1bP".into(), piece, "\x1b\\".into()]).collect()
}

fn mouse(is_on: bool) -> io::Result<()> {
    write(if is_on { MOUSE_ON } else { MOUSE_OFF })
}

fn ask_background() -> io::Result<()> {
    write("\x1b]11;?\x07")
}

#[derive(Debug)]
pub struct TerminalGuard(());

pub type RealTerminal = Terminal<Screen<OwnedScreen>>;

impl TerminalGuard {
    /// Writes nothing if standard output is not a terminal.
    pub fn enter() -> io::Result<(Self, RealTerminal)> {
        if !io::stdout().is_terminal() {
            return Err(io::Error::other("standard output is not a terminal"));
        }
        enter()?;
        let guard = Self(());
        let screen = Screen::new(OwnedScreen, size()?).measured_by(size);
        Ok((guard, Terminal::new(screen)?))
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        drop(close());
    }
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
