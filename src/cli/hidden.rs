//! Reads a line from the terminal without showing it.

use std::io::{self, IsTerminal, Read, Write};

use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};

use super::outcome::Interrupted;
use crate::runtime::ending::Raw;

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
    show(prompt)?;
    loop {
        let Event::Key(key) = read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let has_control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if has_control => return Err(Interrupted.into()),
            KeyCode::Char('d' | 'j' | 'm') if has_control => return Ok(line),
            KeyCode::Char('z') if has_control => {
                writeln!(io::stderr(), "\r")?;
                raw.stop()?;
                show(prompt)?;
            }
            KeyCode::Char('u') if has_control => line.clear(),
            KeyCode::Enter => return Ok(line),
            KeyCode::Backspace => {
                line.pop();
            }
            KeyCode::Char(c) if !has_control && line.len() < LONGEST => line.push(c),
            _ => {}
        }
    }
}
