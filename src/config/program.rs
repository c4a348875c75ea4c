//! Runs the program that gives a secret: an argument list without a shell, for a time, and no more
//! of its output than a secret needs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::secret::{LARGEST_SECRET, SecretText};
use crate::domain::text::sanitise;
use crate::runtime::clock::Clock;

/// Time that the program has (reliability, "The token").
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at whether it has ended, once its output has.
const STEP: Duration = Duration::from_millis(5);
/// How long its next word is waited for after its end.
const WORDS: Duration = Duration::from_millis(200);
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
        /// The system's reason.
        why: io::Error,
    },
    /// It ended with a failure.
    #[error("{name} failed ({how}){said}")]
    Failed {
        /// The first word of the list.
        name: String,
        /// Its exit code or signal.
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
    /// It printed more than any token, or no text at all.
    #[error("{name} printed {what} instead of a token")]
    NoToken {
        /// The first word of the list.
        name: String,
        /// What it printed instead.
        what: &'static str,
    },
}

/// Runs `argv` and gives the first line of what it prints.
///
/// # Errors
/// [`ProgramError`], 30 s later at most.
pub fn run(argv: &[String], manner: Manner) -> Result<SecretText, ProgramError> {
    run_within(PATIENCE, argv, manner)
}

fn run_within(
    patience: Duration,
    argv: &[String],
    manner: Manner,
) -> Result<SecretText, ProgramError> {
    let clock = Clock::start();
    let left = || patience.saturating_sub(Duration::from_millis(clock.now().elapsed));
    let name = argv.first().map(|name| sanitise(name).into_owned()).unwrap_or_default();
    let start = |why| ProgramError::Start { name: name.clone(), why };
    let mut child = command(argv, manner).spawn().map_err(start)?;
    let (printed, said) = listen(&mut child, manner);
    let result = printed.recv_timeout(left());
    let is_cut = matches!(&result, Ok(bytes) if bytes.len() as u64 > LARGEST_SECRET);
    let status = match result {
        Ok(_) if is_cut => None,
        Ok(_) => ended(&mut child, left),
        // The thread that reads it is gone, and so is what it read.
        Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => None,
    };
    let Some(status) = status else {
        end(&mut child, manner);
        if is_cut {
            return Err(ProgramError::NoToken { name, what: "more than 64 KiB" });
        }
        return Err(ProgramError::Late { name, said: heard(&said) });
    };
    if !status.success() {
        let said = heard(&said);
        return Err(ProgramError::Failed { name, how: status.to_string(), said });
    }
    first_line(&result.unwrap_or_default(), name)
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

/// No shell, and nothing of valora's own in its environment.
fn command(argv: &[String], manner: Manner) -> Command {
    let mut command = Command::new(argv.first().map(String::as_str).unwrap_or_default());
    command.args(argv.get(1..).unwrap_or_default());
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("VALORA_") {
            command.env_remove(variable);
        }
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    match manner {
        Manner::AtShell => command.stdin(Stdio::inherit()),
        // In a group of its own it is ended with all that it has started.
        Manner::Behind => command.stdin(Stdio::null()).process_group(0),
    };
    command
}

/// Reads both outputs in threads of their own: a grandchild may hold them open for ever.
fn listen(child: &mut Child, manner: Manner) -> (Receiver<Vec<u8>>, Receiver<String>) {
    let (send, printed) = channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if stdout.take(LARGEST_SECRET + 1).read_to_end(&mut bytes).is_ok() {
                // Whoever waited may have given up.
                let _ = send.send(bytes);
            }
        });
    }
    let (tell, said) = channel();
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || {
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

fn ended(child: &mut Child, left: impl Fn() -> Duration) -> Option<std::process::ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if !left().is_zero() => std::thread::sleep(STEP),
            Ok(None) | Err(_) => return None,
        }
    }
}

fn end(child: &mut Child, manner: Manner) {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    // It may have ended by itself in between.
    let _ = id.map(|id| match manner {
        Manner::AtShell => kill_process(id, Signal::KILL),
        Manner::Behind => kill_process_group(id, Signal::KILL),
    });
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, patience: Duration) -> Result<String, String> {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let given = run_within(patience, &argv, Manner::Behind);
        given.map(|secret| secret.text().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_line_is_the_secret_and_no_shell_is_in_between() {
        let long = Duration::from_secs(30);
        assert_eq!(sh("printf 'vl_a\\nlogin: x\\n'", long).unwrap(), "vl_a");
        let argv = ["echo", "$HOME; `id`"].map(str::to_owned);
        let given = run(&argv, Manner::Behind).unwrap();
        assert_eq!(given.text(), "$HOME; `id`");
    }

    #[test]
    fn what_goes_wrong_is_said_printable_and_without_what_it_printed() {
        let long = Duration::from_secs(30);
        let table = [
            ("echo vl_canary; printf 'no \\033[31mkey\\n' >&2; exit 3", "exit status: 3"),
            ("exit 0", "nothing"),
            ("head -c 70000 /dev/zero | tr '\\0' x; echo vl_canary", "64 KiB"),
            ("printf '\\377\\376vl_canary'", "no text"),
        ];
        for (script, expected) in table {
            let error = sh(script, long).unwrap_err();
            assert!(error.contains(expected), "{script}: {error}");
            assert!(!error.contains("canary") && !error.contains('\x1b'), "{error:?}");
        }
        let said = sh("printf 'no \\033[31mkey\\n' >&2; exit 3", long).unwrap_err();
        assert!(said.contains("no \u{FFFD}[31mkey"), "{said}");
        let argv = ["/no/such/program".to_owned()];
        let gone = run(&argv, Manner::Behind).unwrap_err().to_string();
        assert!(gone.contains("/no/such/program cannot be started"), "{gone}");
    }

    #[test]
    fn one_that_does_not_end_is_ended_with_all_that_it_has_started() {
        // Were one of the two left, its end of the pipe would be waited for in `heard`.
        let clock = Clock::start();
        let error = sh("sleep 600 & sleep 600", Duration::from_millis(50)).unwrap_err();
        assert!(error.contains("was ended"), "{error}");
        assert!(clock.now().elapsed < 60_000);
    }
}
