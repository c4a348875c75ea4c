//! Signals that do not end the program: stop, continue (`fg`), resize.

use std::io;

use rustix::process::{Signal, getpgid, getpgrp, getpid, getsid, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::process::foreground::stop_group;
use crate::process::shutdown::alone;
use crate::process::terminal::restore;
use crate::tui::msg::Msg;
use crate::tui::terminal::screen::clamp_size;

pub fn listen(messages: &mpsc::Sender<Msg>) -> io::Result<()> {
    on(SignalKind::from_raw(Signal::TSTP.as_raw()), messages, stop)?;
    on(SignalKind::from_raw(Signal::CONT.as_raw()), messages, || Some(Msg::Continued))?;
    on(SignalKind::window_change(), messages, || {
        let (width, height) = clamp_size(crossterm::terminal::size().ok()?);
        Some(Msg::Resized(width, height))
    })
}

fn on(
    kind: SignalKind,
    messages: &mpsc::Sender<Msg>,
    answer: fn() -> Option<Msg>,
) -> io::Result<()> {
    let (mut arrived, messages) = (signal(kind)?, messages.clone());
    tokio::spawn(async move {
        while arrived.recv().await.is_some() {
            if let Some(msg) = answer()
                && messages.send(msg).await.is_err()
            {
                break;
            }
        }
    });
    Ok(())
}

/// Stops the process group, as the terminal does on ctrl-z, so that a script around valora stops,
/// too.
pub fn suspend() -> io::Result<()> {
    if !has_shell() {
        return Ok(());
    }
    let guard = alone();
    restore();
    drop(guard);
    stop_group(Signal::TSTP)
}

/// Restores the terminal, then stops. Does nothing without a shell that could continue the program.
fn stop() -> Option<Msg> {
    if has_shell() {
        let _alone = alone();
        restore();
        // The default action needs `unsafe`; if this fails, the program has no screen until `fg`.
        let _refused = kill_process(getpid(), Signal::STOP);
    }
    None
}

/// With job control, the session leader is in another process group than the program.
fn has_shell() -> bool {
    let leader = getsid(None).ok();
    let group = leader.and_then(|leader| getpgid(Some(leader)).ok());
    group.is_some_and(|group| group != getpgrp())
}
