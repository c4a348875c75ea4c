//! The program as a job of the shell: ctrl-z or a signal stops it, `fg` brings it back.

use std::io;

use rustix::process::{Pid, Signal, getpgid, getpgrp, getpid, getsid, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

use crate::process::foreground::stop_group;
use crate::process::shutdown;
use crate::tui::msg::Msg;
use crate::tui::terminal::session as terminal;

/// How the program is stopped, and takes the terminal afterwards.
#[derive(Debug, Clone, Copy)]
pub struct JobControl {
    /// Gives the terminal back and stops; returns when the program goes on.
    pub stop: fn() -> io::Result<()>,
    /// Takes the terminal again, whatever somebody else did to it.
    pub retake: fn() -> io::Result<()>,
}

impl JobControl {
    /// That of a process below a shell.
    pub fn of_process() -> Self {
        Self { stop, retake: terminal::retake }
    }

    /// None: there is no shell to go back to, as in tests.
    pub fn none() -> Self {
        Self { stop: || Ok(()), retake: || Ok(()) }
    }
}

/// Does what the terminal does on ctrl-z when it is not in raw mode: stops the whole group, so that
/// a script around valora stops too. The program itself stops in [`stop_on_signal`].
fn stop() -> io::Result<()> {
    if !has_shell() {
        return Ok(());
    }
    let alone = shutdown::alone();
    terminal::give_back();
    drop(alone);
    stop_group(Signal::TSTP)
}

/// Gives the terminal back before a stop signal stops the program, whoever sent it. Where no shell
/// could bring the program back, nothing happens, as the system itself would have it.
pub fn stop_on_signal() -> io::Result<()> {
    let mut arrived = signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?;
    tokio::spawn(async move {
        while arrived.recv().await.is_some() {
            if has_shell() {
                let _alone = shutdown::alone();
                terminal::give_back();
                // The default action cannot be had back without `unsafe`; this signal has no other.
                // A system that refuses it leaves the program without its screen until `fg`.
                let _refused = kill_process(getpid(), Signal::STOP);
            }
        }
    });
    Ok(())
}

/// Whether a shell with job control started the program: the leader of the session is then in
/// another group than the program.
fn has_shell() -> bool {
    let leader: Option<Pid> = getsid(None).ok();
    let group = leader.and_then(|leader| getpgid(Some(leader)).ok());
    group.is_some_and(|group| group != getpgrp())
}

/// Tells when the program goes on after any stop: the shell has used the terminal in between.
pub fn tell_of_continuing(messages: mpsc::Sender<Msg>) -> io::Result<()> {
    let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
    tokio::spawn(async move {
        while continued.recv().await.is_some() {
            if messages.send(Msg::Continued).await.is_err() {
                break;
            }
        }
    });
    Ok(())
}
