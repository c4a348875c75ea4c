//! Reads a line without an echo. Unlike `rpassword`, it restores the echo after a signal and ctrl-z.

use std::io::{self, IsTerminal, Read, Write};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

use super::terminal::Raw;

const LONGEST: usize = 64 * 1024;

/// Ctrl-c, before anything was changed.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; nothing was changed")]
pub struct Interrupted;

/// Reads the token from the terminal, or all of standard input if there is no terminal.
pub fn ask(prompt: &str) -> anyhow::Result<String> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let mut text = String::new();
        stdin.lock().take(LONGEST as u64).read_to_string(&mut text)?;
        return Ok(text);
    }
    // Raw mode begins before the prompt, so that early keys are not echoed either.
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
    let mut line = Vec::new();
    // An unfinished escape sequence, such as that of an arrow key.
    let mut escape = Vec::new();
    show(prompt)?;
    'reading: loop {
        let bytes = read()?;
        for byte in &bytes {
            match (escape.as_slice(), byte) {
                ([0x1b], b'[' | b'O') | ([0x1b, b'['], b' '..=b'?') => {
                    escape.push(*byte);
                    escape.truncate(2);
                    continue;
                }
                ([0x1b, _], _) => {
                    escape.clear();
                    continue;
                }
                _ => escape.clear(),
            }
            match byte {
                0x1b => escape.push(*byte),
                b'\x03' => return Err(Interrupted.into()),
                b'\x04' | b'\n' | b'\r' => break 'reading,
                b'\x1a' => {
                    writeln!(io::stderr(), "\r")?;
                    raw.stop()?;
                    show(prompt)?;
                }
                b'\x15' => line.clear(),
                b'\x08' | b'\x7f' => {
                    // Removes all bytes of a UTF-8 character.
                    while line.pop().is_some_and(|byte: u8| byte & 0b1100_0000 == 0b1000_0000) {}
                }
                b' '.. if line.len() < LONGEST => line.push(*byte),
                _ => {}
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

/// Reads without a buffer, so that later input stays unread. Empty at the end of the input.
fn read() -> io::Result<Vec<u8>> {
    let mut bytes = [0; 1_024];
    let input = io::stdin();
    loop {
        match rustix::io::read(&input, &mut bytes) {
            Ok(count) => return Ok(bytes.get(..count).unwrap_or_default().to_vec()),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::new(&input, PollFlags::IN)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}
