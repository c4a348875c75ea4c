//! Reads a line from the terminal without showing it.

use std::io::{self, IsTerminal, Read, Write};

use crossterm::event::{KeyCode, KeyModifiers};

use super::outcome::Interrupted;
use crate::runtime::input::{Input, Parser};
use crate::runtime::terminal::Raw;

/// Characters that are taken at most.
const LONGEST: usize = 64 * 1024;

/// Asks on the terminal, or reads all of standard input where that is none.
///
/// # Errors
/// [`Interrupted`] on ctrl-c; the system's errors.
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
    let mut parser = Parser::default();
    let mut bytes = [0; 1_024];
    show(prompt)?;
    loop {
        let count = io::stdin().read(&mut bytes)?;
        if count == 0 {
            return Ok(line);
        }
        // Only an escape would wait for time to pass, and it has no meaning here.
        parser.advance(bytes.get(..count).unwrap_or_default(), 0);
        while let Some(input) = parser.next_event() {
            let key = match input {
                Input::Key(key) => key,
                Input::Paste(text) => {
                    line.push_str(text.get(..LONGEST).unwrap_or(&text));
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
                KeyCode::Char(c) if !control && line.len() < LONGEST => line.push(c),
                _ => {}
            }
        }
    }
}
