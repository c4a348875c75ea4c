//! Ends the program when its terminal hangs up, even if no signal reports it.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::Signal;

use crate::process::shutdown;
use crate::tui::terminal::input::keyboard;

/// Watches in a sleeping thread: the key reader would spin, and an idle screen never writes.
pub fn end_on_hangup() -> io::Result<()> {
    thread::Builder::new().name("valora-watchdog".to_owned()).spawn(watch).map(|_detached| ())
}

fn watch() {
    let keyboard = keyboard().ok();
    let output = io::stdout();
    let keys = keyboard.as_ref().map(AsFd::as_fd);
    if has_hung_up(&[keys.unwrap_or(output.as_fd()), output.as_fd()]) {
        shutdown::end_by(Signal::HUP.as_raw());
    }
}

fn has_hung_up(watched: &[BorrowedFd<'_>]) -> bool {
    loop {
        let watch = |fd| PollFd::from_borrowed_fd(fd, PollFlags::empty());
        let mut polled: Vec<PollFd<'_>> = watched.iter().copied().map(watch).collect();
        match poll(&mut polled, None) {
            // The program was stopped and continues.
            Err(Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => {
                let over = PollFlags::HUP | PollFlags::ERR;
                return polled.iter().any(|one| one.revents().intersects(over));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_far_end_that_closes_is_noticed() {
        let (here, there) = std::os::unix::net::UnixStream::pair().unwrap();
        let watching = thread::spawn(move || has_hung_up(&[here.as_fd()]));
        drop(there);
        assert!(watching.join().unwrap());
    }
}
