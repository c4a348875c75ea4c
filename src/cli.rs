//! The command line: one file a subcommand, and how an error becomes an exit code.

mod appearance;
mod auth;
mod booking;
mod check;
mod complete;
mod dashboard;
mod demo;
mod exit_code;
pub mod extra_lists;
mod keys;
mod list;
mod oneshot;
mod pages;
mod password_prompt;
mod payments;
mod sandbox;
mod settings;
mod shell;
mod switch;
mod usage;
mod worklist;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use dashboard::Start;
use exit_code::Exit;
use rustix::process::{Resource, Rlimit, setrlimit};
use switch::Customer;

use crate::clock::Clock;
use crate::config::Session;
use crate::config::payments::for_start;
use crate::config::{ConfigError, Environment, Flags, find};
use crate::export::Format;
use crate::net::budget::Pace;
use crate::net::log::Log;
use crate::net::target::Target;
use crate::process::shutdown::{close_for_good, end_on_panic};

/// The value of `-o`: one of the formats in which a thing can be written.
fn formats(offered: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let value = |format: &Format| {
        let value = PossibleValue::new(format.name()).help(format.help());
        value.aliases((format.ending() != format.name()).then(|| format.ending()))
    };
    PossibleValuesParser::new(offered.iter().map(value))
        .try_map(|name| Format::named(&name, offered).ok_or("no such format"))
}

/// A terminal dashboard for the finances of Spotahome customers.
#[derive(Debug, Parser)]
#[command(
    name = "valora",
    version,
    after_help = "Examples:\n  valora demo                            look around on made-up data\n  \
                  valora auth login --profile acme       keep the token of a customer\n  \
                  valora --profile acme                  and look at it from then on\n  \
                  pass show acme | valora --token-file - without keeping it"
)]
pub struct Arguments {
    #[command(flatten)]
    connection: Flags,
    /// The customer, by the name of a profile [default: `VALORA_PROFILE`, then `default_profile`]
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    /// Log each request to this file: path, status, duration, what was decided; no names, no token
    #[arg(long, value_name = "FILE", global = true)]
    log: Option<PathBuf>,
    #[command(flatten)]
    looks: appearance::LooksFlags,
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
    /// Tenant payments (Payments API): a list, or one with its timeline
    #[command(
        subcommand,
        after_help = "Example:\n  valora payments list sourceRefCode=BK232470 sortBy=dueDate"
    )]
    Payments(payments::PaymentsCommand),
    /// The event store (Payments API): `[FROM [TO]] [family=] [stream=] [text=]`
    #[command(
        after_help = "Examples:\n  valora events 1 100                    a window of ids\n  valora events 1 500 family=transaction text=failed -o json"
    )]
    Events(payments::Words),
    /// Bank accounts, ways to pay and currencies (both Payments APIs)
    #[command(
        after_help = "Examples:\n  valora account                         account numbers are masked\n  valora account --reveal -o json"
    )]
    Account(payments::Words),
    /// Whether a tax number is valid (Payments API): `NUMBER COUNTRY TYPE`
    #[command(after_help = "Example:\n  valora tin 12345678Z ES individual")]
    Tin(payments::Words),
    /// What can stand at the end of a command line; the completions of shells ask it
    #[command(hide = true)]
    Complete(complete::CompleteFlags),
    /// A script that completes commands, lists, filters and values in bash, zsh or fish
    Completions(shell::CompletionsFlags),
    /// The dashboard on made-up data, served by the embedded sandbox
    Demo(sandbox::SandboxFlags),
    /// The keys that are in force, by the names with which the settings change them
    Keys(keys::KeysFlags),
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

/// The variables that may hold a token.
#[cfg(any(target_os = "linux", target_os = "android"))]
const TOKENS: [&str; 3] = ["VALORA_TOKEN", "VALORA_PAYMENTS_TOKEN", "VALORA_FINANCE_TOKEN"];

/// Runs the program; gives its exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 not
/// found, 4 not allowed, 130 interrupted.
pub fn run() -> ExitCode {
    leave_no_core();
    end_on_panic();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::explain(&error),
    };
    let done = carry_out(arguments);
    close_for_good();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&usage::without_secrets(&format!("valora: {error:#}")));
            ExitCode::from(exit_code::code(&error))
        }
    }
}

/// A core would hold the token. Where the system does not let the limit be set, none is written by
/// default either.
fn leave_no_core() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

/// The environment and the memory hold the token: no other program of this user may read them, nor a
/// core be made of them. Programs that valora starts are not affected. What shows made-up data and was
/// given no token has nothing to hide.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn hide_memory(command: Option<&Command>) {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    let is_made_up = matches!(command, Some(Command::Demo(_) | Command::Sandbox { .. }));
    let is_given = TOKENS.iter().any(|name| std::env::var_os(name).is_some());
    if is_given || !is_made_up {
        // Where the system refuses, it is as it was before.
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn hide_memory(_command: Option<&Command>) {}

fn carry_out(arguments: Arguments) -> anyhow::Result<()> {
    hide_memory(arguments.command.as_ref());
    let given = &arguments.connection;
    if arguments.command.is_some() && (given.base_url.is_some() || given.token_file.is_some()) {
        let text = "--base-url and --token-file belong behind the command, where it takes them";
        return Err(Exit::usage(text).into());
    }
    let log = match &arguments.log {
        Some(path) => Log::open(path, Clock::start())?,
        None => Log::default(),
    };
    let done = carry_out_logged(arguments, log.clone());
    log.finish();
    done
}

fn carry_out_logged(arguments: Arguments, log: Log) -> anyhow::Result<()> {
    let environment = Environment::of_process();
    let profile = arguments.profile;
    let pointed = |connection: &Flags| -> Result<(Target, Session), ConfigError> {
        let flags = connection.of(profile.clone());
        let found = find(&flags, &environment, std::io::stdin().lock())?;
        Ok((found.target, found.session))
    };
    let reach = |profile, log| payments::Reach { environment: &environment, profile, log };
    match arguments.command {
        None => {
            let flags = arguments.connection.of(profile);
            let found = find(&flags, &environment, std::io::stdin().lock())?;
            for warning in &found.warnings {
                warn(warning);
            }
            let (payments, unused) = for_start(&environment, found.profile.as_deref())?;
            if let Some(unused) = unused {
                warn(&unused);
            }
            let looks = appearance::resolve(&arguments.looks, &environment)?;
            let (target, session) = (found.target, found.session);
            let profiles = switch::names(&environment);
            let customer = Customer { target, payments, session, profiles };
            let (environment, pace) = (Some(environment), Pace::Metered);
            dashboard::run(looks, log, |_| Ok(Start { customer, pace, environment, sandbox: None }))
        }
        Some(Command::Auth(command)) => auth::run(&command, profile, &environment),
        Some(Command::Booking(flags)) => {
            let reference = flags.reference()?;
            let (target, session) = pointed(&flags.connection)?;
            booking::run(&flags, reference, target, session, &log)
        }
        Some(Command::Payments(command)) => payments::run(command, reach(profile, log)),
        Some(Command::Events(words)) => payments::run_words("events", &words, reach(profile, log)),
        Some(Command::Account(words)) => {
            payments::run_words("account", &words, reach(profile, log))
        }
        Some(Command::Tin(words)) => payments::run_words("tin", &words, reach(profile, log)),
        Some(Command::Check(flags)) => check::run(&flags, profile, &environment),
        Some(Command::Complete(flags)) => complete::run(&flags),
        Some(Command::Completions(flags)) => shell::completions(&flags),
        Some(Command::Config(command)) => settings::run(&command, &environment),
        Some(Command::Keys(flags)) => keys::run(&flags, &environment),
        Some(Command::List(flags)) => list::run(&flags, pointed, &log),
        Some(Command::Man(flags)) => shell::man(&flags),
        Some(Command::Worklist(flags)) => {
            let (target, session) = pointed(&flags.connection)?;
            worklist::run(&flags, target, &session, &log)
        }
        Some(Command::Demo(_) | Command::Sandbox { .. }) if profile.is_some() => {
            let text = "--profile has no effect on this command, which shows made-up data";
            Err(Exit::usage(text).into())
        }
        Some(Command::Demo(flags)) => {
            demo::run(&flags, appearance::resolve(&arguments.looks, &environment)?, log)
        }
        Some(Command::Sandbox { port, flags }) => sandbox::run(port, &flags),
    }
}

/// Prints a text on standard error, without what may be a token in it; a closed pipe is no reason to
/// fail.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{}", usage::without_tokens(line));
}

/// Says on standard error what the user should know beside the output.
fn warn(text: &str) {
    say(&format!("valora: {text}"));
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
