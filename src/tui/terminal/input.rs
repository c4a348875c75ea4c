//! Input: one thread reads bytes, which blocks; another parses them, with timeouts, into events.

pub mod parser;
pub mod sequence;

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read};
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use crossterm::event::Event;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::sync::mpsc;

use crate::clock::Clock;
use crate::tui::msg::Msg;

pub use parser::Parser;

/// Bytes that a terminal buffers in raw mode.
const LONGEST_READ: usize = 4_096;
/// Reads in the queue; more bytes wait in the terminal.
const QUEUED: usize = 16;

/// Opens the terminal for reading, even if standard input is redirected.
pub fn keyboard() -> io::Result<File> {
    let input = io::stdin();
    if input.is_terminal() {
        Ok(input.as_fd().try_clone_to_owned()?.into())
    } else {
        File::open("/dev/tty")
    }
}

pub fn listen(messages: mpsc::Sender<Msg>) -> io::Result<()> {
    let (send, reads) = sync_channel(QUEUED);
    let keyboard = keyboard()?;
    let reader = thread::Builder::new().name("valora-reader".to_owned());
    reader.spawn(move || read_bytes(keyboard, |bytes| send.send(bytes).is_ok()))?;
    let clock = Clock::start();
    let parser = thread::Builder::new().name("valora-input".to_owned());
    parser.spawn(move || parse(&reads, || clock.now().elapsed, &messages)).map(|_detached| ())
}

/// Returns when the terminal or the receiver is closed.
fn read_bytes(mut keyboard: File, send: impl Fn(Vec<u8>) -> bool) {
    let mut buffer = vec![0; LONGEST_READ];
    loop {
        match keyboard.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Another program left the terminal in non-blocking mode.
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                let _ready = poll(&mut [PollFd::new(&keyboard, PollFlags::IN)], None);
            }
            Ok(0) | Err(_) => return,
            Ok(count) => {
                if !send(buffer.get(..count).unwrap_or_default().to_vec()) {
                    return;
                }
            }
        }
    }
}

/// Ends with [`Msg::HungUp`] when the reader does.
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
                let _gone = messages.blocking_send(Msg::HungUp);
                return;
            }
        }
        if let Some(is_light) = parser.take_is_light()
            && messages.blocking_send(Msg::Background { is_light }).is_err()
        {
            return;
        }
        while let Some(event) = parser.next_event() {
            let msg = match event {
                Event::Key(key) => Msg::Key(key),
                Event::Mouse(event) => Msg::Mouse(event),
                Event::Paste(text) => Msg::Paste(text),
                _ => continue,
            };
            if messages.blocking_send(msg).is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
