//! Runs the program that prints a secret, for a limited time and without a shell. `tokio::process`
//! does not report a stop (`UNTRACED`), which shows that the program prompts on the terminal.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::time::Duration;
use std::{iter, thread};

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, waitpid};
use signal_hook::consts::{SIGINT, SIGQUIT};

use super::secret::{LARGEST_SECRET, SecretText};
use crate::clock::Clock;
use crate::domain::text::sanitize;
use crate::process::foreground;
use crate::process::shutdown::{self, Group};

const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(5);
/// A longer time between two steps means that valora was suspended.
const LONGEST_STEP: Duration = Duration::from_millis(500);
/// Waits after the program ended: for the rest of its output, and for each line of its error output.
const GRACE: Duration = Duration::from_millis(100);
const WORDS: Duration = Duration::from_millis(200);
const QUEUED: usize = 16;
/// Bytes of a line of its error output, and lines of it, that are shown at most.
const LONGEST_LINE: u64 = 1_024;
const MOST_LINES: usize = 50;
const LAST_LINES: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interactivity {
    /// At a shell: the program may prompt on the terminal, and its messages are shown.
    Interactive,
    /// In the background: it cannot read the terminal, and its messages become part of the error.
    Background,
}

/// Why a program printed no secret, in words.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// It stopped, because in the background it cannot read the terminal.
    #[error("{0}")]
    Prompts(String),
    #[error("{0}")]
    Other(String),
}

/// Returns the first line that the program prints. The error does not quote its output.
pub fn run(argv: &[String], interactivity: Interactivity) -> Result<SecretText, Failed> {
    run_within(PATIENCE, argv, interactivity)
}

fn run_within(
    patience: Duration,
    argv: &[String],
    interactivity: Interactivity,
) -> Result<SecretText, Failed> {
    let name = argv.first().map(|name| sanitize(name)).unwrap_or_default();
    let failed = |why: String| format!("{name} {why}");
    let start = |why: io::Error| Failed::Other(failed(format!("cannot be started: {why}")));
    if interactivity == Interactivity::Interactive {
        // A signal that ends valora ends the program too, and restores the terminal.
        shutdown::end_on_signals().map_err(start)?;
        foreground::remember();
    }
    let (mut child, mut group) = Group::start(&mut command(argv, interactivity)).map_err(start)?;
    let leader = Pid::from_child(&child);
    let (printed, said) = listen(&mut child, interactivity);
    let mut bytes = Vec::new();
    let end = wait(leader, interactivity, patience, (&printed, &mut bytes));
    let is_prompting = matches!(end, End::Asks);
    // Processes left by a successful program run until valora ends.
    if !matches!(end, End::Itself(status) if status.success()) {
        group.end();
    }
    if !matches!(end, End::Itself(_)) {
        let _ = waitpid(Some(leader), WaitOptions::empty());
    }
    drop(group);
    foreground::restore();
    let why = failed(match end {
        End::Late => {
            format!("took longer than {} s and was stopped{}", PATIENCE.as_secs(), heard(&said))
        }
        End::Asks => "asks for input on the terminal, which valora is using; first run the \
                      program once in a shell, or start valora with --profile"
            .to_owned(),
        End::Itself(status) if !status.success() => match (interactivity, status.signal()) {
            // The user stopped it in the foreground, and so valora too.
            (Interactivity::Interactive, Some(signal @ (SIGINT | SIGQUIT))) => {
                shutdown::end_by(signal)
            }
            _ => format!("failed ({status}){}", heard(&said)),
        },
        End::Itself(_) | End::Cut => {
            rest(&printed, &mut bytes);
            match first_line(&bytes) {
                Ok(secret) => return Ok(secret),
                Err(what) => format!("printed {what} instead of a token"),
            }
        }
    });
    Err(if is_prompting { Failed::Prompts(why) } else { Failed::Other(why) })
}

/// The time that the program may still run, not counting the time while valora was suspended.
struct Patience {
    left: Duration,
    looked: Duration,
}

impl Patience {
    fn is_over(&mut self, now: Duration) -> bool {
        let passed = now.saturating_sub(std::mem::replace(&mut self.looked, now));
        self.left = self.left.saturating_sub(passed.min(LONGEST_STEP));
        self.left.is_zero()
    }
}

enum End {
    Itself(ExitStatus),
    Cut,
    Asks,
    Late,
}

fn wait(
    leader: Pid,
    interactivity: Interactivity,
    patience: Duration,
    (printed, bytes): (&Receiver<Vec<u8>>, &mut Vec<u8>),
) -> End {
    let clock = Clock::start();
    let mut patience = Patience { left: patience, looked: Duration::ZERO };
    loop {
        while !is_cut(bytes)
            && let Ok(more) = printed.try_recv()
        {
            bytes.extend(more);
        }
        if is_cut(bytes) {
            return End::Cut;
        }
        let is_over = patience.is_over(Duration::from_millis(clock.now().elapsed));
        let change = waitpid(Some(leader), WaitOptions::NOHANG | WaitOptions::UNTRACED);
        let change = change.ok().flatten().map(|(_, status)| status);
        match (change, change.and_then(WaitStatus::stopping_signal)) {
            (_, Some(signal)) if interactivity == Interactivity::Interactive => {
                foreground::answer_stop(leader, signal);
            }
            // It prompts on the terminal in the background.
            (_, Some(signal))
                if [Signal::TTIN.as_raw(), Signal::TTOU.as_raw()].contains(&signal) =>
            {
                return End::Asks;
            }
            (Some(status), None) => return End::Itself(ExitStatus::from_raw(status.as_raw())),
            _ if is_over => return End::Late,
            _ => thread::sleep(STEP),
        }
    }
}

fn is_cut(bytes: &[u8]) -> bool {
    bytes.len() as u64 > LARGEST_SECRET
}

/// Reads the rest of the output for a limited time: an agent may hold the pipe open.
fn rest(printed: &Receiver<Vec<u8>>, bytes: &mut Vec<u8>) {
    let clock = Clock::start();
    let left = || GRACE.saturating_sub(Duration::from_millis(clock.now().elapsed));
    while !is_cut(bytes)
        && let Ok(more) = printed.recv_timeout(left())
    {
        bytes.extend(more);
    }
}

/// Returns the last error lines, read for a limited time: a grandchild may never end.
fn heard(said: &Receiver<String>) -> String {
    let lines: Vec<String> = iter::from_fn(|| said.recv_timeout(WORDS).ok()).collect();
    let last = lines.get(lines.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(": {}", last.join("; ")) }
}

fn first_line(bytes: &[u8]) -> Result<SecretText, &'static str> {
    if is_cut(bytes) {
        return Err("more than 64 KiB");
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "bytes that are not text")?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.map(SecretText::new).ok_or("nothing")
}

/// Runs without a shell, and without valora's variables in the environment.
fn command(argv: &[String], interactivity: Interactivity) -> Command {
    let mut command = Command::new(argv.first().map(String::as_str).unwrap_or_default());
    command.args(argv.get(1..).unwrap_or_default());
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("VALORA_") {
            command.env_remove(variable);
        }
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if interactivity == Interactivity::Background {
        command.stdin(Stdio::null());
    }
    command
}

/// Reads each output in its own thread: a grandchild may hold them open forever.
fn listen(
    child: &mut Child,
    interactivity: Interactivity,
) -> (Receiver<Vec<u8>>, Receiver<String>) {
    // A bounded queue stops a program that prints without end.
    let (send, printed) = sync_channel(QUEUED);
    if let Some(mut stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok(count @ 1..) = stdout.read(&mut buffer)
                && send.send(buffer.get(..count).unwrap_or_default().to_vec()).is_ok()
            {}
        });
    }
    let (tell, said) = channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            let mut reader = BufReader::new(stderr);
            for _ in 0..MOST_LINES {
                let mut line = Vec::new();
                let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
                let Ok(1..) = read else { return };
                let line = sanitize(String::from_utf8_lossy(&line).trim()).into_owned();
                if interactivity == Interactivity::Interactive {
                    let _ = writeln!(io::stderr(), "{line}");
                } else if tell.send(line).is_err() {
                    return;
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
