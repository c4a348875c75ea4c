//! Asks for a line with an echo. A paste is marked by the terminal, so that it can be refused.

use std::io::{self, BufRead, IsTerminal, Write};

use rustix::termios::{QueueSelector, tcflush};

use super::terminal::MarkedPastes;

/// `None` without a terminal, or if it cannot be read. What was typed before the prompt is dropped. Blocks.
pub fn ask(prompt: &str) -> Option<String> {
    let input = io::stdin();
    if !input.is_terminal() {
        return None;
    }
    let marked = MarkedPastes::start().ok()?;
    tcflush(&input, QueueSelector::IFlush).ok()?;
    let mut out = io::stderr();
    out.write_all(prompt.as_bytes()).and_then(|()| out.flush()).ok()?;
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    drop(marked);
    read.ok().map(|_length| line)
}
