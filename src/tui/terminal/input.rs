//! What the user does at the terminal. One thread reads bytes, since reading blocks; another makes
//! events of them, since what an escape means depends on how soon the next byte arrives.

pub mod parser;
pub mod sequence;

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::tui::msg::Msg;
use crate::tui::terminal::screen::drawn;

pub use parser::{Input, Parser};

/// Bytes that one read takes at most: what a terminal holds in raw mode.
const LONGEST_READ: usize = 4_096;
/// Reads that may queue: a flood of bytes waits in the terminal.
const QUEUED: usize = 16;

/// Starts to read keys, pastes, the mouse, and the terminal's size.
///
/// # Errors
/// When there is no terminal to read from, or the system refuses a thread or a signal handler.
pub fn listen(messages: mpsc::Sender<Msg>) -> io::Result<()> {
    let (send, reads) = sync_channel(QUEUED);
    let input = io::stdin();
    let keyboard: Box<dyn Read + Send> =
        if input.is_terminal() { Box::new(input) } else { Box::new(File::open("/dev/tty")?) };
    listen_to_sizes(messages.clone())?;
    let reader = thread::Builder::new().name("valora-reader".to_owned());
    reader.spawn(move || read_bytes(keyboard, |bytes| send.send(bytes).is_ok()))?;
    let clock = Clock::start();
    let parser = thread::Builder::new().name("valora-input".to_owned());
    parser.spawn(move || parse(&reads, || clock.now().elapsed, &messages)).map(|_detached| ())
}

/// Reads until the terminal ends or nobody listens.
fn read_bytes(mut keyboard: impl Read, send: impl Fn(Vec<u8>) -> bool) {
    let mut buffer = vec![0; LONGEST_READ];
    loop {
        match keyboard.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Another program left the terminal so that reading does not wait.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let input = io::stdin();
                let _ready = poll(&mut [PollFd::new(&input, PollFlags::IN)], None);
            }
            Ok(0) | Err(_) => return,
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                if !send(bytes) {
                    return;
                }
            }
        }
    }
}

/// Makes messages of what is read, and ends with [`Msg::Ended`] when the reader does.
fn parse(reads: &Receiver<Vec<u8>>, now: impl Fn() -> u64, messages: &mpsc::Sender<Msg>) {
    let mut parser = Parser::default();
    loop {
        let read = match parser.patience() {
            None => reads.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => reads.recv_timeout(Duration::from_millis(wait)),
        };
        match read {
            Ok(bytes) => parser.advance(&bytes, now()),
            Err(RecvTimeoutError::Timeout) => parser.quiet(),
            Err(RecvTimeoutError::Disconnected) => {
                let _gone = messages.blocking_send(Msg::Ended);
                return;
            }
        }
        while let Some(input) = parser.next_event() {
            let msg = match input {
                Input::Key(key) => Msg::Key(key),
                Input::Mouse(event) => Msg::Mouse(event),
                Input::Paste(text) => Msg::Paste(text),
            };
            if messages.blocking_send(msg).is_err() {
                return;
            }
        }
    }
}

/// Reports the size of the terminal whenever it changes.
fn listen_to_sizes(messages: mpsc::Sender<Msg>) -> io::Result<()> {
    let mut changed = signal(SignalKind::window_change())?;
    tokio::spawn(async move {
        while changed.recv().await.is_some() {
            let Ok(size) = crossterm::terminal::size() else { continue };
            let (width, height) = drawn(size);
            if messages.send(Msg::Resized(width, height)).await.is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests;
