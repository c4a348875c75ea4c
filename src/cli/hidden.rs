//! Reads a line from the terminal without showing it.

use std::io::{self, IsTerminal, Read, Write};
use std::time::Duration;

use crossterm::event::{KeyCode, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::outcome::Interrupted;
use crate::clock::Clock;
use crate::tui::terminal::input::{Input, Parser};
use crate::tui::terminal::session::Raw;

/// Characters that are taken at most.
const LONGEST: usize = 64 * 1024;

/// Asks on the terminal, or reads all of standard input where that is none.
pub(super) fn ask(prompt: &str) -> anyhow::Result<String> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let mut text = String::new();
        stdin.lock().take(LONGEST as u64).read_to_string(&mut text)?;
        return Ok(text);
    }
    // Whoever types as soon as the prompt is there is not echoed either.
    let raw = Raw::enter()?;
    let line = line(prompt, &raw);
    drop(raw);
    writeln!(io::stderr())?;
    line
}

fn show(prompt: &str) -> io::Result<()> {
    let mut out = io::stderr();
    write!(out, "{prompt}")?;
    out.flush()
}

fn line(prompt: &str, raw: &Raw) -> anyhow::Result<String> {
    let mut line = String::new();
    let mut keyboard = Keyboard::default();
    show(prompt)?;
    while let Some(input) = keyboard.next()? {
        let key = match input {
            Input::Key(key) => key,
            Input::Paste(text) => {
                line.extend(text.chars().take(LONGEST.saturating_sub(line.len())));
                continue;
            }
            Input::Mouse(_) => continue,
        };
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return Err(Interrupted.into()),
            KeyCode::Char('d' | 'j' | 'm') if control => return Ok(line),
            KeyCode::Char('z') if control => {
                writeln!(io::stderr(), "\r")?;
                raw.stop()?;
                show(prompt)?;
            }
            KeyCode::Char('u') if control => line.clear(),
            KeyCode::Enter => return Ok(line),
            KeyCode::Backspace => {
                line.pop();
            }
            KeyCode::Char(letter)
                if line.len() < LONGEST
                    && key.modifiers.difference(KeyModifiers::SHIFT).is_empty() =>
            {
                line.push(letter);
            }
            _ => {}
        }
    }
    Ok(line)
}

/// Standard input, read without a thread: whoever reads after the prompt finds what is left.
struct Keyboard {
    parser: Parser,
    clock: Clock,
}

impl Default for Keyboard {
    fn default() -> Self {
        Self { parser: Parser::default(), clock: Clock::start() }
    }
}

impl Keyboard {
    /// What is pressed next; `None` at the end of the input.
    fn next(&mut self) -> anyhow::Result<Option<Input>> {
        let mut bytes = [0; 1_024];
        loop {
            if let Some(input) = self.parser.next_event() {
                return Ok(Some(input));
            }
            if !self.is_ready()? {
                self.parser.quiet();
                continue;
            }
            match rustix::io::read(io::stdin(), &mut bytes) {
                Ok(0) => return Ok(None),
                Ok(count) => {
                    let read = bytes.get(..count).unwrap_or_default();
                    self.parser.advance(read, self.clock.now().elapsed);
                }
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether something came before the patience of the parser ended.
    fn is_ready(&self) -> anyhow::Result<bool> {
        let patience = self.parser.patience().map(Duration::from_millis);
        let limit = patience.map(Timespec::try_from).transpose()?;
        let input = io::stdin();
        loop {
            match poll(&mut [PollFd::new(&input, PollFlags::IN)], limit.as_ref()) {
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
                Ok(ready) => return Ok(ready > 0),
            }
        }
    }
}
