//! The command line: one file per subcommand, and the exit code of each error.

mod auth;
mod booking;
mod changes;
mod check;
mod customers;
mod dashboard;
mod entry;
mod everyone;
mod exit_code;
mod list;
mod manual;
mod payments;
mod requests;
pub mod sandbox;
mod settings;
mod shared;
mod shell;
mod worklist;
mod writes;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;
use entry::NamedList;
pub use exit_code::EXIT_CODES;
use exit_code::Exit;
use rustix::process;
use shared::Shared;
pub use shared::command;

use crate::clock::Clock;
use crate::config::{ConfigError, Environment, Flags, Found, find};
use crate::export::flags::CsvFlag;
use crate::export::{Format, Output};
use crate::hub::output::{NoOutput, output};
use crate::list::Host;
use crate::net::log::Log;
use crate::process::shutdown::{close_for_good, end_on_panic};
use crate::process::width;
use crate::process::{password_prompt, tokens};
use crate::writes::command::AuditFlags;

/// A terminal dashboard for the finances of Spotahome customers.
#[derive(Debug, Parser)]
#[command(
    name = "valora",
    version,
    disable_help_subcommand = true,
    after_help = "Examples:\n  valora demo                            explore made-up data\n  \
                  valora auth login --profile acme       save the token of a customer\n  \
                  valora --profile acme                  open the dashboard of this customer\n  \
                  pass show acme | valora --token-file - use a token without saving it"
)]
pub struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tokens and profiles: login, status, logout, list
    #[command(subcommand, after_help = "Example:\n  valora auth login --profile acme")]
    Auth(auth::AuthCommand),
    /// Show which rows are new, changed or gone since an earlier day
    Changes(changes::ChangesFlags),
    /// Show all customers: what each owes and is paid, and who needs you first
    Customers(customers::CustomersFlags),
    /// Find out why valora cannot connect: token, server, limits, clock, proxy, terminal, folders
    Check(check::CheckFlags),
    /// The settings file: init, path, check
    #[command(subcommand, after_help = "Example:\n  valora config init && valora config check")]
    Config(settings::ConfigCommand),
    /// Print one booking: totals, whether it adds up, ledger and checks; or a statement for its owner
    Booking(booking::BookingFlags),
    /// Tenant payments (Payments API): list them, or show one with its timeline
    #[command(
        subcommand,
        after_help = "Example:\n  valora payments list sourceRefCode=BK232470 sortBy=dueDate"
    )]
    Payments(payments::PaymentsCommand),
    /// The log of writes to the Payments API; looks for results that are not known yet
    Audit(AuditFlags),
    /// The event store (Payments API): `[FROM [TO]] [family=] [stream=] [text=]`
    #[command(
        after_help = "Examples:\n  valora events 1 100                    a range of event numbers\n  valora events 1 500 family=transaction text=failed -o json"
    )]
    Events(payments::Words),
    /// Bank accounts, payment methods and currencies (both Payments APIs)
    #[command(
        after_help = "Examples:\n  valora account                         account numbers are masked\n  valora account --reveal -o json"
    )]
    Account(payments::Words),
    /// A bank account (Payments APIs): `landlord ID [property ID]`, or `id ID`
    #[command(after_help = "Example:\n  valora bank landlord 8aae4496-b68f-4423-bc93-000000000001")]
    Bank(payments::Words),
    /// The Stripe account of a landlord (Payments API): `LANDLORD`
    #[command(after_help = "Example:\n  valora stripe 8aae4496-b68f-4423-bc93-000000000001")]
    Stripe(payments::Words),
    /// Check whether a tax number is valid (Payments API): `NUMBER COUNTRY TYPE`
    #[command(after_help = "Example:\n  valora tin 12345678Z ES individual")]
    Tin(payments::Words),
    /// Print completions for the last word of a command line; used by the completion scripts
    #[command(hide = true, after_help = "Example:\n  valora complete -- list penalties status=")]
    Complete {
        /// The words of a command line; the last one is completed, and may be empty
        #[arg(value_name = "WORD", allow_hyphen_values = true, trailing_var_arg = true)]
        words: Vec<String>,
    },
    /// Print a script that completes commands, lists, filters and values in bash, zsh or fish
    #[command(after_help = "Examples:\n  \
        valora completions bash > ~/.local/share/bash-completion/completions/valora\n  \
        valora completions zsh > ~/.zfunc/_valora       if ~/.zfunc is in $fpath\n  \
        valora completions fish > ~/.config/fish/completions/valora.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Open the dashboard with made-up data, served by the embedded sandbox
    Demo(sandbox::SandboxFlags),
    /// Print the current keys, with the action names that the settings use
    #[command(
        after_help = "Examples:\n  valora keys\n  valora keys --own                      only the keys that you have set\n\n\
                      To set the keys of an action, add lines such as these to the settings file\n\
                      (valora config path prints its path):\n  \
                      [keys]\n  lookup = [\"ctrl-o\", \"b\"]"
    )]
    Keys {
        /// Only the actions whose keys you have set
        #[arg(long)]
        own: bool,
    },
    /// Print the rows of a list as a table, csv, xlsx, HTML or JSON
    List(entry::ListArguments),
    #[command(flatten)]
    Rows(entry::NamedList),
    /// Explain a topic of the manual, or a command
    #[command(
        after_help = "Examples:\n  valora help filters\n  valora help booking\n  valora help auth login"
    )]
    Help(manual::Words),
    /// Print a page for `man`: of valora, of a command or of a topic of the manual
    #[command(after_help = "Examples:\n  valora man > ~/.local/share/man/man1/valora.1\n  \
                            valora man list | man -l -\n  valora man filters | man -l -")]
    Man(manual::Words),
    /// Print the open penalties with your decisions
    Worklist(worklist::WorklistFlags),
    /// Run the embedded sandbox alone: print its base URL and token, and serve until stopped
    Sandbox {
        /// Port on 127.0.0.1; 0 chooses a free one
        #[arg(long, default_value_t = 0)]
        port: u16,
        #[command(flatten)]
        flags: sandbox::SandboxFlags,
    },
}

const TOKENS: [Host; 3] = [Host::Customer, Host::Payments, Host::Finance];

struct Cx {
    environment: Environment,
    connection: Flags,
    log: Log,
    /// `--write` was given.
    has_write: bool,
}

impl Cx {
    fn find(&self) -> Result<Found, ConfigError> {
        find(&self.connection, &self.environment, io::stdin().lock())
    }

    fn profile(&self) -> Option<String> {
        self.connection.profile.clone()
    }

    fn output(&self, format: Format, csv: CsvFlag) -> anyhow::Result<Output<'static>> {
        output(format, csv, self.environment.store.as_ref()).map_err(|why| match why {
            NoOutput::Usage(text) => Exit::usage(text).into(),
            NoOutput::Settings(error) => error.into(),
        })
    }
}

/// The exit code, as in [`EXIT_CODES`].
pub fn run() -> ExitCode {
    // A core dump would contain the token. If the limit cannot be set, the default usually is 0, too.
    let _ = process::setrlimit(
        process::Resource::Core,
        process::Rlimit { current: Some(0), maximum: Some(0) },
    );
    end_on_panic();
    let mut command = shared::command_here();
    let read = command.try_get_matches_from_mut(std::env::args_os()).and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        Ok((arguments, shared::given(&command, &matches)))
    });
    let (arguments, shared) = match read {
        Ok(read) => read,
        Err(error) => return exit_code::explain(&error),
    };
    let done = shared.map_err(Into::into).and_then(|shared| carry_out(arguments.command, shared));
    close_for_good();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&tokens::advised(&format!("valora: {error:#}"), tokens::SHORTEST));
            ExitCode::from(exit_code::code(&error))
        }
    }
}

/// Prevents core dumps, and other programs from reading environment and memory: both contain the token.
fn hide_memory(command: Option<&Command>) {
    let is_made_up = matches!(command, Some(Command::Demo(_) | Command::Sandbox { .. }));
    let is_given = TOKENS.iter().any(|host| std::env::var_os(host.token_variable()).is_some());
    if is_given || !is_made_up {
        // If the system refuses, nothing changes.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let _ = process::set_dumpable_behavior(process::DumpableBehavior::NotDumpable);
    }
}

fn carry_out(command: Option<Command>, shared: Shared) -> anyhow::Result<()> {
    let Shared { connection, log, looks, has_write } = shared;
    hide_memory(command.as_ref());
    let log = log.map(|path| Log::open(&path, Clock::start())).transpose()?.unwrap_or_default();
    let cx = Cx { environment: Environment::of_process(), connection, log, has_write };
    let done = match command {
        Some(command) => carry_out_command(command, &looks, &cx),
        None => dashboard::run(&looks, &cx),
    };
    cx.log.finish();
    done
}

fn carry_out_command(
    command: Command,
    looks: &settings::LooksFlags,
    cx: &Cx,
) -> anyhow::Result<()> {
    match command {
        Command::Account(words) => payments::show("account", &words, cx),
        Command::Audit(flags) => writes::audit(flags, cx),
        Command::Auth(command) => auth::run(command, cx),
        Command::Bank(words) => payments::show("bank", &words, cx),
        Command::Booking(flags) => booking::run(&flags, cx),
        Command::Changes(flags) => changes::run(&flags, cx),
        Command::Check(flags) => check::run(&flags, cx),
        Command::Customers(flags) => customers::run(&flags, cx),
        Command::Complete { words } => shell::complete(&words),
        Command::Completions { shell } => print(&shell::script(shell)?),
        Command::Config(command) => settings::run(&command, &cx.environment),
        Command::Demo(flags) => sandbox::demo(&flags, looks, cx),
        Command::Events(words) => payments::show("events", &words, cx),
        Command::Keys { own } => settings::print_keys(own, &cx.environment),
        Command::List(arguments) => list::run(&arguments.flags(), cx),
        Command::Rows(NamedList(flags)) => list::run(&flags, cx),
        Command::Help(words) => manual::help(&words.all(), shared::command_here()),
        Command::Man(words) => manual::man(&words.all(), shared::command_here()),
        Command::Payments(command) => payments::run(command, cx),
        Command::Sandbox { port, flags } => sandbox::run(port, &flags),
        Command::Stripe(words) => payments::show("stripe", &words, cx),
        Command::Tin(words) => payments::show("tin", &words, cx),
        Command::Worklist(flags) => worklist::run(&flags, cx),
    }
}

/// Prints to standard error, with possible tokens hidden. A closed pipe is not an error.
fn say(line: &str) {
    let line = tokens::without_tokens(line);
    let _ = writeln!(io::stderr(), "{}", width::fitted(&line, width::of(&io::stderr())));
}

fn warn(text: &str) {
    say(&format!("valora: {text}"));
}

/// Prints to standard output. A closed pipe is not an error.
fn print(text: &str) -> anyhow::Result<()> {
    print_bytes(text.as_bytes())
}

fn print_bytes(content: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    till_closed(out.write_all(content).and_then(|()| out.flush())).map(|_is_open| ())
}

/// Returns `false` if the reader has closed the pipe.
fn till_closed(written: io::Result<()>) -> anyhow::Result<bool> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("could not write to standard output"),
    }
}
