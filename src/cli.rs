//! The command line: one file a subcommand, and how an error becomes an exit code.

mod booking;
mod dashboard;
mod demo;
pub mod extra_lists;
mod sandbox;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::api::budget::Pace;
use crate::config::{ConfigError, Environment, Flags, resolve};
use crate::domain::failure::Kind;
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
    /// Base URL of the API, up to and including `/c` [default: by the kind of the token]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// File that holds the token; `-` reads standard input
    #[arg(long, value_name = "PATH")]
    token_file: Option<PathBuf>,
    /// The customer, by the name of a profile [default: VALORA_PROFILE, then `default_profile`]
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
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

/// Wrong usage or configuration.
const USAGE: u8 = 2;
/// What was asked for does not exist.
const MISSING: u8 = 3;
/// The token is not accepted.
const ACCESS: u8 = 4;

/// Runs the program; gives its exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 not
/// found, 4 not allowed.
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
    let is_usage = error.is::<ConfigError>()
        || error.is::<dashboard::NoTerminal>()
        || error.is::<booking::Unclear>();
    match error.downcast_ref::<booking::Unanswered>().map(booking::Unanswered::kind) {
        _ if is_usage => USAGE,
        Some(Kind::Missing) => MISSING,
        Some(Kind::Access) => ACCESS,
        _ => 1,
    }
}

fn carry_out(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        None => {
            let flags = Flags {
                base_url: arguments.base_url,
                token_file: arguments.token_file,
                profile: arguments.profile,
            };
            let (target, session) =
                resolve(&flags, &Environment::of_process(), std::io::stdin().lock())?;
            let pace = Pace::Metered;
            dashboard::run(|_| Ok(Pointed { target, session, pace, sandbox: None }))
        }
        Some(Command::Booking(booking)) => {
            let reference = booking.reference()?;
            let flags = Flags {
                base_url: booking.base_url.clone(),
                token_file: booking.token_file.clone(),
                profile: arguments.profile,
            };
            let (target, session) =
                resolve(&flags, &Environment::of_process(), std::io::stdin().lock())?;
            booking::run(&booking, reference, target, session)
        }
        Some(Command::Demo(flags)) => demo::run(&flags),
        Some(Command::Sandbox { port, flags }) => sandbox::run(port, &flags),
    }
}

/// Prints a line on standard error; a closed pipe is no reason to fail.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}
