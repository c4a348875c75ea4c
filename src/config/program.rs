//! Runs the program that gives a secret: an argument list without a shell, for a time, and no more
//! of its output than a secret needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions, waitpid};
use signal_hook::consts::{SIGINT, SIGQUIT};

use super::secret::{LARGEST_SECRET, SecretText};
use crate::clock::Clock;
use crate::domain::text::sanitise;
use crate::process::foreground;
use crate::process::shutdown::{self, Group};

/// Time that the program has (reliability, "The token").
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at what it does.
const STEP: Duration = Duration::from_millis(5);
/// A longer time between them means that valora was stopped.
const LONGEST_STEP: Duration = Duration::from_millis(500);
/// How long the rest of its output is waited for after its end.
const GRACE: Duration = Duration::from_millis(100);
/// How long its next word is waited for after its end.
const WORDS: Duration = Duration::from_millis(200);
/// Pieces of its output that wait to be looked at.
const QUEUED: usize = 16;
/// Bytes of a line of its error output, and lines of it, that are ever shown.
const LONGEST_LINE: u64 = 1_024;
const MOST_LINES: usize = 50;
/// Lines that stand in an error.
const LAST_LINES: usize = 3;

/// Who is there while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// The user is, at a shell: the program may ask on the terminal, and what it says is shown.
    AtShell,
    /// The screen is drawn on: the program has no terminal to read, and what it says is kept for
    /// the error.
    Behind,
}

/// Why the program gave no secret. What it printed on standard output is in none of these.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It cannot be started.
    #[error("{name} cannot be started: {why}")]
    Start {
        /// The first word of the list.
        name: String,
        why: io::Error,
    },
    #[error("{name} failed ({how}){said}")]
    Failed {
        /// The first word of the list.
        name: String,
        how: String,
        /// What it said on standard error, printable.
        said: String,
    },
    /// It took too long and was ended.
    #[error("{name} took longer than {} s and was ended{said}", PATIENCE.as_secs())]
    Late {
        /// The first word of the list.
        name: String,
        /// What it said on standard error, printable.
        said: String,
    },
    /// It asks on the terminal, which the screen has.
    #[error(
        "{name} asks on the terminal, which valora's screen has; run it once in a shell before, or \
             start valora with --profile"
    )]
    Asks {
        /// The first word of the list.
        name: String,
    },
    /// It printed more than any token, or no text at all.
    #[error("{name} printed {what} instead of a token")]
    NoToken {
        /// The first word of the list.
        name: String,
        what: &'static str,
    },
}

/// Runs `argv` and gives the first line of what it prints.
pub fn run(argv: &[String], manner: Manner) -> Result<SecretText, ProgramError> {
    run_within(PATIENCE, argv, manner)
}

fn run_within(
    patience: Duration,
    argv: &[String],
    manner: Manner,
) -> Result<SecretText, ProgramError> {
    let clock = Clock::start();
    let mut patience = Patience { left: patience, looked: Duration::ZERO };
    let name = argv.first().map(|name| sanitise(name).into_owned()).unwrap_or_default();
    let start = |why| ProgramError::Start { name: name.clone(), why };
    if manner == Manner::AtShell {
        // Whatever ends valora meanwhile ends the program, and gives the terminal its modes back.
        shutdown::end_on_signals().map_err(start)?;
        foreground::remember();
    }
    let mut child = command(argv, manner).spawn().map_err(start)?;
    let leader = Pid::from_child(&child);
    let group = Group::begin(leader);
    let (printed, said) = listen(&mut child, manner);
    let mut bytes = Vec::new();
    let end = loop {
        while !is_cut(&bytes)
            && let Ok(more) = printed.try_recv()
        {
            bytes.extend(more);
        }
        if is_cut(&bytes) {
            break End::Cut;
        }
        let is_over = patience.is_over(Duration::from_millis(clock.now().elapsed));
        match state(leader) {
            State::Ended(status) => break End::Itself(status),
            State::Stopped(signal) if manner == Manner::AtShell => {
                foreground::answer_stop(leader, signal);
            }
            State::Stopped(signal) if is_question(signal) => break End::Asks,
            _ if is_over => break End::Late,
            _ => thread::sleep(STEP),
        }
    };
    // What a success leaves behind runs on until valora ends.
    if !matches!(end, End::Itself(status) if status.success()) {
        group.end();
    }
    if !matches!(end, End::Itself(_)) {
        let _ = waitpid(Some(leader), WaitOptions::empty());
    }
    drop(group);
    foreground::restore();
    match end {
        End::Cut => Err(ProgramError::NoToken { name, what: "more than 64 KiB" }),
        End::Late => Err(ProgramError::Late { name, said: heard(&said) }),
        End::Asks => Err(ProgramError::Asks { name }),
        End::Itself(status) if status.success() => {
            rest(&printed, &mut bytes);
            if is_cut(&bytes) {
                return Err(ProgramError::NoToken { name, what: "more than 64 KiB" });
            }
            first_line(&bytes, name)
        }
        End::Itself(status) => {
            if let (Manner::AtShell, Some(signal @ (SIGINT | SIGQUIT))) = (manner, status.signal())
            {
                // The user ended it in the foreground, and meant valora too.
                shutdown::end_by(signal);
            }
            Err(ProgramError::Failed { name, how: status.to_string(), said: heard(&said) })
        }
    }
}

/// How long the program may still run. Time in which valora was stopped, such as by ctrl-z while the
/// program asks, is not counted.
struct Patience {
    left: Duration,
    /// When it was looked at last.
    looked: Duration,
}

impl Patience {
    /// Whether the time is over at this moment.
    fn is_over(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(std::mem::replace(&mut self.looked, now));
        self.left = self.left.saturating_sub(passed.min(LONGEST_STEP));
        self.left.is_zero()
    }
}

/// How the wait for the program ended.
enum End {
    Itself(ExitStatus),
    Cut,
    /// It asks on the terminal, which the screen has.
    Asks,
    Late,
}

enum State {
    Runs,
    Stopped(i32),
    Ended(ExitStatus),
}

fn state(leader: Pid) -> State {
    match waitpid(Some(leader), WaitOptions::NOHANG | WaitOptions::UNTRACED) {
        Ok(Some((_, status))) => match status.stopping_signal() {
            Some(signal) => State::Stopped(signal),
            None => State::Ended(ExitStatus::from_raw(status.as_raw())),
        },
        Ok(None) | Err(_) => State::Runs,
    }
}

fn is_cut(bytes: &[u8]) -> bool {
    bytes.len() as u64 > LARGEST_SECRET
}

/// Whether a program is stopped by this signal because it asks on the terminal from behind.
fn is_question(signal: i32) -> bool {
    [Signal::TTIN.as_raw(), Signal::TTOU.as_raw()].contains(&signal)
}

/// What it printed before its end and was not read yet. Its end of the pipe may be open in a program
/// that it left behind, such as an agent: that is not waited for.
fn rest(printed: &Receiver<Vec<u8>>, bytes: &mut Vec<u8>) {
    let clock = Clock::start();
    while !is_cut(bytes) {
        let left = GRACE.saturating_sub(Duration::from_millis(clock.now().elapsed));
        match printed.recv_timeout(left) {
            Ok(more) => bytes.extend(more),
            Err(_) => return,
        }
    }
}

/// The last that it said. Its end may still be on its way, and a grandchild may never end.
fn heard(said: &Receiver<String>) -> String {
    let mut lines = Vec::new();
    while let Ok(line) = said.recv_timeout(WORDS) {
        lines.push(line);
    }
    let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(": {}", last.join("; ")) }
}

fn first_line(bytes: &[u8], name: String) -> Result<SecretText, ProgramError> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(ProgramError::NoToken { name, what: "bytes that are no text" });
    };
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => Ok(SecretText::new(line)),
        None => Err(ProgramError::NoToken { name, what: "nothing" }),
    }
}

/// No shell, and nothing of valora's own in its environment. In a group of its own it is ended with
/// all that it has started.
fn command(argv: &[String], manner: Manner) -> Command {
    let mut command = Command::new(argv.first().map(String::as_str).unwrap_or_default());
    command.args(argv.get(1..).unwrap_or_default());
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("VALORA_") {
            command.env_remove(variable);
        }
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    match manner {
        Manner::AtShell => command.stdin(Stdio::inherit()),
        Manner::Behind => command.stdin(Stdio::null()),
    };
    command
}

/// Reads both outputs in threads of their own: a grandchild may hold them open for ever.
fn listen(child: &mut Child, manner: Manner) -> (Receiver<Vec<u8>>, Receiver<String>) {
    // One that prints without an end waits here.
    let (send, printed) = sync_channel(QUEUED);
    if let Some(mut stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(count @ 1..) = stdout.read(&mut buffer) {
                let bytes = buffer.get(..count).unwrap_or_default().to_vec();
                // Whoever waited may have what it waited for.
                if send.send(bytes).is_err() {
                    return;
                }
            }
        });
    }
    let (tell, said) = channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            let mut reader = BufReader::new(stderr);
            for _ in 0..MOST_LINES {
                let mut line = Vec::new();
                match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
                    Ok(1..) => {}
                    _ => return,
                }
                let line = String::from_utf8_lossy(&line);
                let line = sanitise(line.trim()).into_owned();
                match manner {
                    Manner::AtShell => {
                        // Nobody may be left who reads it.
                        let _ = writeln!(io::stderr(), "{line}");
                    }
                    Manner::Behind if tell.send(line).is_err() => return,
                    Manner::Behind => {}
                }
            }
            // The rest is read and dropped, so that the program does not stall.
            let _ = io::copy(&mut reader, &mut io::sink());
        });
    }
    (printed, said)
}

#[cfg(test)]
mod tests;
