//! The command line: one file a subcommand, and how an error becomes an exit code.

mod auth;
mod booking;
mod check;
mod dashboard;
mod demo;
pub mod extra_lists;
mod hidden;
mod once;
mod sandbox;
mod settings;
mod switch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::api::budget::Pace;
use crate::config::{ConfigError, Environment, Flags, find, resolve};
use crate::domain::failure::Kind;
use dashboard::Pointed;

/// A terminal dashboard for the finances of Spotahome customers.
#[derive(Debug, Parser)]
#[command(
    name = "valora",
    version,
    after_help = "Examples:\n  valora demo                            look around on made-up data\n  \
                  VALORA_TOKEN=… valora                  a customer's dashboard\n  \
                  valora auth login --profile acme       keep the token of a customer\n  \
                  valora --profile acme                  and look at it from then on"
)]
pub struct Arguments {
    /// Base URL of the API, up to and including `/c` [default: by the kind of the token]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// File that holds the token; `-` reads standard input
    #[arg(long, value_name = "PATH")]
    token_file: Option<PathBuf>,
    /// The customer, by the name of a profile [default: `VALORA_PROFILE`, then `default_profile`]
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tokens and profiles: login, status, logout, list
    #[command(subcommand, after_help = "Example:\n  valora auth login --profile acme")]
    Auth(auth::AuthCommand),
    /// What may keep you from getting in: token, server, limits, clock, proxy, terminal, folders
    Check(check::CheckFlags),
    /// The file of settings: init, path, check
    #[command(subcommand, after_help = "Example:\n  valora config init && valora config check")]
    Config(settings::ConfigCommand),
    /// One booking without a screen: totals, verdict, ledger and checks
    Booking(booking::BookingFlags),
    /// The dashboard on made-up data, served by the embedded sandbox
    Demo(sandbox::SandboxFlags),
    /// The embedded sandbox alone: prints its base URL and token, and serves until it is stopped
    Sandbox {
        /// Port on 127.0.0.1; 0 takes a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
        #[command(flatten)]
        flags: sandbox::SandboxFlags,
    },
}

/// The network or the API failed.
const FAILED: u8 = 1;
/// Wrong usage or configuration.
const USAGE: u8 = 2;
/// What was asked for does not exist.
const MISSING: u8 = 3;
/// The token is not accepted.
const ACCESS: u8 = 4;
/// The user pressed ctrl-c.
const INTERRUPTED: u8 = 130;

/// The user pressed ctrl-c.
#[derive(Debug, thiserror::Error)]
#[error("interrupted, nothing has changed")]
struct Interrupted;

/// An option that a command has no use for.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no effect on this command, which shows made-up data")]
struct Ineffective(&'static str);

/// An option of the dashboard was given before a command.
#[derive(Debug, thiserror::Error)]
#[error("--base-url and --token-file belong behind the command, where it takes them")]
struct Misplaced;

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
            ExitCode::from(code(&error))
        }
    }
}

/// A core would hold the token. Where the system does not let the limit be set, none is written by
/// default either.
fn leave_no_core() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

fn code(error: &anyhow::Error) -> u8 {
    if error.is::<Interrupted>() {
        return INTERRUPTED;
    }
    let is_usage = error.is::<ConfigError>()
        || error.is::<Ineffective>()
        || error.is::<Misplaced>()
        || error.is::<settings::Mistakes>()
        || error.is::<settings::Present>()
        || error.is::<dashboard::NoTerminal>()
        || error.is::<booking::Unclear>();
    let of_booking = error.downcast_ref::<booking::Unanswered>().map(booking::Unanswered::kind);
    let kind = of_booking.or(error.downcast_ref::<once::Failed>().map(|failed| failed.0.kind));
    match kind {
        _ if is_usage => USAGE,
        _ if error.is::<auth::NotKept>() => MISSING,
        _ if error.is::<check::NotWell>() => {
            error.downcast_ref::<check::NotWell>().map_or(FAILED, |worst| worst.0)
        }
        Some(Kind::Missing) => MISSING,
        Some(Kind::Access) => ACCESS,
        _ => FAILED,
    }
}

fn carry_out(arguments: Arguments) -> anyhow::Result<()> {
    let environment = Environment::of_process();
    let is_pointed = arguments.base_url.is_some() || arguments.token_file.is_some();
    if arguments.command.is_some() && is_pointed {
        return Err(Misplaced.into());
    }
    match arguments.command {
        None => {
            let flags = Flags {
                base_url: arguments.base_url,
                token_file: arguments.token_file,
                profile: arguments.profile,
            };
            let found = find(&flags, &environment, std::io::stdin().lock())?;
            for warning in &found.warnings {
                say(&format!("valora: {warning}"));
            }
            let (target, session, pace) = (found.target, found.session, Pace::Metered);
            let environment = Some(environment);
            dashboard::run(|_| Ok(Pointed { target, session, pace, environment, sandbox: None }))
        }
        Some(Command::Booking(booking)) => {
            let reference = booking.reference()?;
            let flags = Flags {
                base_url: booking.base_url.clone(),
                token_file: booking.token_file.clone(),
                profile: arguments.profile,
            };
            let (target, session) = resolve(&flags, &environment, std::io::stdin().lock())?;
            booking::run(&booking, reference, target, session)
        }
        Some(Command::Auth(command)) => auth::run(&command, arguments.profile, &environment),
        Some(Command::Check(flags)) => check::run(&flags, arguments.profile, &environment),
        Some(Command::Config(command)) => settings::run(&command, &environment),
        Some(Command::Demo(_) | Command::Sandbox { .. }) if arguments.profile.is_some() => {
            Err(Ineffective("--profile").into())
        }
        Some(Command::Demo(flags)) => demo::run(&flags),
        Some(Command::Sandbox { port, flags }) => sandbox::run(port, &flags),
    }
}

/// Prints on standard output; whoever closed the pipe has read enough.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::{ErrorKind, Write};
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(anyhow::Error::from(error).context("standard output cannot be written to"))
        }
        _ => Ok(()),
    }
}

/// Prints a line on standard error; a closed pipe is no reason to fail.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}
