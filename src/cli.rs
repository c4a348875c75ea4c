//! The command line: one file a subcommand, and how an error becomes an exit code.

mod booking;
mod complete;
mod dashboard;
mod demo;
pub mod extra_lists;
mod list;
mod outcome;
mod pages;
mod sandbox;
mod shell;
mod worklist;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::api::budget::Pace;
use crate::api::target::Target;
use crate::app::model::Session;
use crate::config::{ConfigError, Environment, Flags, resolve};
use crate::runtime::clock::Clock;
use crate::runtime::log::Log;
use dashboard::Pointed;

/// A terminal dashboard for the finances of Spotahome customers.
#[derive(Debug, Parser)]
#[command(
    name = "valora",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  valora demo                            look around on made-up data\n  \
                  VALORA_TOKEN=… valora                  a customer's dashboard\n  \
                  valora --token-file ~/.valora-token    the same, the token in a file"
)]
pub struct Arguments {
    #[command(flatten)]
    connection: Connection,
    /// Log each request to this file: path, status, duration, what was decided; no names, no token
    #[arg(long, value_name = "FILE", global = true)]
    log: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One booking without a screen: totals, verdict, ledger and checks
    Booking(booking::BookingFlags),
    /// What can stand at the end of a command line; the completions of shells ask it
    #[command(hide = true)]
    Complete(complete::CompleteFlags),
    /// A script that completes commands, lists, filters and values in bash, zsh or fish
    Completions(shell::CompletionsFlags),
    /// The dashboard on made-up data, served by the embedded sandbox
    Demo(sandbox::SandboxFlags),
    /// Rows of a list without a screen: a table, csv, tsv or JSON on standard output
    List(list::ListFlags),
    /// A page for `man`
    Man(shell::ManFlags),
    /// The penalties that want attention, with your verdicts, without a screen
    Worklist(worklist::WorklistFlags),
    /// The embedded sandbox alone: prints its base URL and token, and serves until it is stopped
    Sandbox {
        /// Port on 127.0.0.1; 0 takes a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
        #[command(flatten)]
        flags: sandbox::SandboxFlags,
    },
}

/// Where the API is and with which token.
#[derive(Debug, Clone, Args)]
struct Connection {
    /// Base URL of the API, up to and including `/c` [default: by the kind of the token]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// File that holds the token; `-` reads standard input
    #[arg(long, value_name = "PATH")]
    token_file: Option<PathBuf>,
}

impl Connection {
    fn resolve(self) -> Result<(Target, Session), ConfigError> {
        let flags = Flags { base_url: self.base_url, token_file: self.token_file };
        resolve(&flags, &Environment::of_process(), std::io::stdin().lock())
    }
}

/// Runs the program; gives its exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 not
/// found, 4 not allowed, 130 interrupted.
#[must_use]
pub fn run() -> ExitCode {
    leave_no_core();
    let arguments = Arguments::parse();
    match carry_out(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("valora: {error:#}"));
            ExitCode::from(outcome::code(&error))
        }
    }
}

/// A core would hold the token. Where the system does not let the limit be set, none is written by
/// default either.
fn leave_no_core() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

fn carry_out(arguments: Arguments) -> anyhow::Result<()> {
    let log = match &arguments.log {
        Some(path) => Log::open(path, Clock::start())?,
        None => Log::default(),
    };
    let done = carry_out_logged(arguments, log.clone());
    log.finish();
    done
}

fn carry_out_logged(arguments: Arguments, log: Log) -> anyhow::Result<()> {
    match arguments.command {
        None => {
            let (target, session) = arguments.connection.resolve()?;
            let pace = Pace::Metered;
            dashboard::run(log, |_| Ok(Pointed { target, session, pace, sandbox: None }))
        }
        Some(Command::Booking(flags)) => {
            let reference = flags.reference()?;
            let (target, session) = flags.connection.clone().resolve()?;
            booking::run(&flags, reference, target, session, log)
        }
        Some(Command::Complete(flags)) => complete::run(&flags),
        Some(Command::Completions(flags)) => shell::completions(&flags),
        Some(Command::Man(flags)) => shell::man(&flags),
        Some(Command::List(flags)) => list::run(flags, log),
        Some(Command::Worklist(flags)) => {
            let (target, session) = flags.connection.clone().resolve()?;
            worklist::run(&flags, target, &session, log)
        }
        Some(Command::Demo(flags)) => demo::run(&flags, log),
        Some(Command::Sandbox { port, flags }) => sandbox::run(port, &flags),
    }
}

/// Prints a line on standard error; a closed pipe is no reason to fail.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints a text on standard output. Whoever closed the pipe has read enough: that is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    till_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush())).map(|_is_open| ())
}

/// Whether standard output is still read by someone.
fn till_closed(written: std::io::Result<()>) -> anyhow::Result<bool> {
    use anyhow::Context;
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error).context("standard output cannot be written to"),
    }
}
