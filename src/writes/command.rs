//! `valora payments block` and the other writes, and `valora audit`: everything but the terminal.

use std::time::Duration;

use clap::{Args, Command, Subcommand, ValueEnum};
use strum::VariantArray;
use tokio::sync::mpsc::unbounded_channel;

use super::engine::{Engine, LOOKS};
use super::log::Contents;
use super::outcome::{Outcome, Progress, Verdict};
use super::plan::{Answer, Confirmed, NotPlanned, Plan};
use crate::domain::failure::{Failure, Kind};
use crate::domain::money::counted;
use crate::payments::write::{Write, WriteKind};

pub const FAILED: u8 = 1;
pub const USAGE: u8 = 2;
pub const MISSING: u8 = 3;
pub const ACCESS: u8 = 4;
/// The state of the object does not allow it (409, 422), or it is in the requested state already.
pub const REFUSED: u8 = 5;
/// It is not known whether the server carried it out.
pub const UNKNOWN: u8 = 6;
/// Characters of the shortest full id.
const COMPLETE_ID: usize = 36;

#[derive(Debug, Clone, Subcommand)]
pub enum WriteCommand {
    /// Block a payment: it is neither collected nor paid out
    #[command(
        after_help = "Example:\n  valora payments block 8f2dbe69-b68f-4423-bc93-000000000b30 --profile \
                            acme --write --note \"ticket 4711\""
    )]
    Block(PaymentArguments),
    /// Unblock a payment: it may be collected or paid out at once
    #[command(
        after_help = "Example:\n  valora payments unblock 8f2dbe69-b68f-4423-bc93-000000000b30 \
                            --profile acme --write --note \"ticket 4711\""
    )]
    Unblock(PaymentArguments),
    /// Cancel a payment; nothing undoes this
    #[command(
        after_help = "Example:\n  valora payments cancel 8f2dbe69-b68f-4423-bc93-000000000b30 \
                            --profile acme --dry-run"
    )]
    Cancel(PaymentArguments),
    /// Cancel all open fees of a booking; nothing undoes this
    #[command(
        after_help = "Example:\n  valora payments cancel-fees BK232470 --profile acme --dry-run"
    )]
    CancelFees(BookingArguments),
    /// Match properties with a bank account, which then gets the landlord's money for them
    #[command(
        after_help = "Example:\n  valora payments match c59295ab-b68f-4423-bc93-000000000001 67882 \
                            --profile acme --dry-run"
    )]
    Match(AccountArguments),
    /// Remove properties from a bank account
    #[command(
        after_help = "Example:\n  valora payments unmatch c59295ab-b68f-4423-bc93-000000000001 67882 \
                            --profile acme --dry-run"
    )]
    Unmatch(AccountArguments),
}

#[derive(Debug, Clone, Args)]
pub struct PaymentArguments {
    /// The id of the payment
    id: String,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct BookingArguments {
    /// The reference of the booking, or the source id of its payments
    booking: String,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct AccountArguments {
    /// The id of the bank account
    account: String,
    /// The ids of the properties
    #[arg(required = true)]
    properties: Vec<String>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Why you do this: one line for the audit log
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Print the plan and send nothing; exit code 0 it would be sent, 1 nothing to do, 2 refused here
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for the confirmation; needs the full id
    #[arg(long)]
    yes: bool,
    /// Look for the result for this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    wait: u64,
    /// Output format of the result; json is its last line in the audit log
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Output {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Clone, Copy, Args)]
#[command(
    after_help = "Examples:\n  valora audit --profile acme\n  valora audit --profile acme -o json"
)]
pub struct AuditFlags {
    /// Output format; json is an array of the lines of the log
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// Hides the writes in help and completion; they still say how to allow them.
#[must_use]
pub fn without_writes(root: Command) -> Command {
    let hidden = |command: Command| {
        let has_option = command.get_arguments().any(|arg| arg.get_id() == "write");
        if has_option { command.mut_arg("write", |arg| arg.hide(true)) } else { command }
    };
    let kinds: Vec<&str> = WriteKind::VARIANTS.iter().map(|kind| kind.name()).collect();
    hidden(root).mut_subcommands(|command| match command.get_name() {
        "audit" => command.hide(true),
        "payments" => hidden(command.mut_subcommands(|below| {
            let is_write = kinds.contains(&below.get_name());
            below.hide(is_write)
        })),
        _ => hidden(command),
    })
}

/// Why a command ends: its exit code and a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{1}")]
pub struct Stop(pub u8, pub String);

/// What is printed to standard output, and why the command does not end with 0 afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    pub out: String,
    pub stop: Option<Stop>,
}

impl Printed {
    fn done(out: String) -> Self {
        Self { out, stop: None }
    }
}

/// The terminal of a command.
pub trait Console {
    /// Prints the plan and the progress.
    fn say(&self, text: &str);
    /// Asks for a line; `None` without a terminal.
    fn ask(&self, prompt: &str) -> Option<String>;
}

impl WriteCommand {
    fn options(&self) -> &Options {
        match self {
            Self::Block(it) | Self::Unblock(it) | Self::Cancel(it) => &it.options,
            Self::CancelFees(it) => &it.options,
            Self::Match(it) | Self::Unmatch(it) => &it.options,
        }
    }

    /// Fails for options that do not fit, before a token is read.
    pub fn check(&self, has_write: bool) -> Result<(), Stop> {
        let options = self.options();
        let usage = |why: &str| Err(Stop(USAGE, format!("{why}; nothing was sent")));
        if options.dry_run {
            return Ok(());
        }
        if !has_write {
            return usage("to write, add --write; to see the plan, add --dry-run");
        }
        if options.note.as_ref().is_none_or(|note| note.trim().is_empty()) {
            return usage("a note for the audit log is required: --note \"why you do this\"");
        }
        let is_complete = match self {
            Self::CancelFees(it) => it.booking.len() >= COMPLETE_ID,
            _ => true,
        };
        if options.yes && !is_complete {
            return usage("--yes needs the full source id instead of the reference of the booking");
        }
        Ok(())
    }

    /// When the deciding reads run after the answer.
    pub fn looks(&self) -> Vec<Duration> {
        let wait = Duration::from_secs(self.options().wait);
        let usual = LOOKS.into_iter().filter(|time| *time < wait);
        let mut looks: Vec<Duration> = usual.collect();
        looks.push(wait);
        looks
    }

    async fn write(&self, engine: &Engine) -> Result<Write, NotPlanned> {
        Ok(match self.clone() {
            Self::Block(it) => Write::Block { id: it.id },
            Self::Unblock(it) => Write::Unblock { id: it.id },
            Self::Cancel(it) => Write::Cancel { id: it.id },
            Self::CancelFees(it) if it.booking.len() >= COMPLETE_ID => {
                Write::CancelFees { booking: it.booking }
            }
            Self::CancelFees(it) => {
                if !engine.allowed().allows(WriteKind::CancelFees) {
                    return engine
                        .prepare(Write::CancelFees { booking: it.booking })
                        .await
                        .map(|plan| plan.write);
                }
                return engine.fees_of(&it.booking).await;
            }
            Self::Match(it) => Write::Match { account: it.account, properties: it.properties },
            Self::Unmatch(it) => Write::Unmatch { account: it.account, properties: it.properties },
        })
    }

    pub async fn run(&self, engine: &Engine, console: &impl Console) -> Result<Printed, Stop> {
        let options = self.options();
        let plan = match self.write(engine).await {
            Ok(write) => engine.prepare(write).await,
            Err(why) => Err(why),
        };
        let plan = plan.map_err(|why| unplanned(&why, options.dry_run))?;
        if options.dry_run {
            return Ok(Printed::done(plan.to_text()));
        }
        console.say(&plan.to_text());
        let confirmed = confirm(&plan, options, console)?;
        let (progress, mut steps) = unbounded_channel();
        let task = engine.carry_out(confirmed, progress);
        while let Some(step) = steps.recv().await {
            if let Some(text) = step_text(step) {
                console.say(&text);
            }
        }
        let outcome = task.await.map_err(|_broken| Stop(FAILED, "internal error".to_owned()))?;
        Ok(finish(engine, &outcome, options.output).await)
    }
}

fn confirm(plan: &Plan, options: &Options, console: &impl Console) -> Result<Confirmed, Stop> {
    let answer = if options.yes {
        Answer::Yes
    } else {
        let prompt = format!("Type {} to confirm: ", plan.typed);
        let typed = console.ask(&prompt).ok_or_else(|| {
            let why = "there is no terminal to confirm it; add --yes, with the full id";
            Stop(USAGE, format!("{why}; nothing was sent"))
        })?;
        Answer::Typed(typed)
    };
    let note = options.note.as_deref().unwrap_or_default();
    plan.confirm(&answer, note).map_err(|why| Stop(USAGE, format!("{why}; nothing was sent")))
}

fn step_text(step: Progress) -> Option<String> {
    match step {
        Progress::Checking => None,
        Progress::Sending => Some("sending, once".to_owned()),
        Progress::Looking { status: Some(status) } => {
            Some(format!("answer {status}; looking at the object"))
        }
        Progress::Looking { status: None } => Some("no answer; looking at the object".to_owned()),
        Progress::Waiting { next } => {
            let seconds = next.as_millis().div_ceil(1_000);
            Some(format!("not seen yet; looking again in {seconds} s"))
        }
    }
}

fn unplanned(why: &NotPlanned, is_dry_run: bool) -> Stop {
    let code = match why {
        NotPlanned::NotAllowed(_) => USAGE,
        NotPlanned::Already(_) if is_dry_run => FAILED,
        NotPlanned::NotOffered(_) if is_dry_run => USAGE,
        NotPlanned::Already(_) | NotPlanned::NotOffered(_) => REFUSED,
        NotPlanned::Unread(failure) => of_failure(failure),
    };
    Stop(code, why.to_string())
}

fn of_failure(failure: &Failure) -> u8 {
    match failure.kind {
        Kind::Missing | Kind::Gone => MISSING,
        Kind::Access => ACCESS,
        _ => FAILED,
    }
}

/// The exit code of an outcome.
pub fn code(outcome: &Outcome) -> u8 {
    match (outcome.verdict, outcome.status) {
        (Verdict::Done, _) => 0,
        (Verdict::Already | Verdict::Changed | Verdict::Reverted, _)
        | (Verdict::Refused, Some(409 | 422)) => REFUSED,
        (Verdict::Refused, Some(401 | 403)) => ACCESS,
        (Verdict::Refused, Some(404 | 410)) => MISSING,
        (Verdict::NotLogged, _) => USAGE,
        (
            Verdict::Unknown | Verdict::AcceptedNotSeen | Verdict::Partly | Verdict::NotSeen,
            _,
        ) => UNKNOWN,
        (Verdict::Refused | Verdict::NotSent, _) => FAILED,
    }
}

async fn finish(engine: &Engine, outcome: &Outcome, output: Output) -> Printed {
    let lines = outcome.lines(engine.profile()).join("\n");
    let code = code(outcome);
    let logged = match (output, &outcome.id) {
        (Output::Json, Some(id)) => last_line(engine, id).await,
        _ => None,
    };
    let is_done = code == 0;
    let out = match logged {
        Some(json) => format!("{json}\n"),
        None if is_done => format!("{lines}\n"),
        None => String::new(),
    };
    Printed { out, stop: (!is_done).then_some(Stop(code, lines)) }
}

async fn last_line(engine: &Engine, id: &str) -> Option<String> {
    let contents = contents(engine).await.ok()?;
    let last = contents.entries.iter().rev().find(|entry| entry.id == id)?;
    serde_json::to_string(last).ok()
}

async fn contents(engine: &Engine) -> std::io::Result<Contents> {
    let audit = engine.audit().clone();
    let read = tokio::task::spawn_blocking(move || audit.read()).await;
    read.unwrap_or_else(|_broken| Ok(Contents::default()))
}

impl AuditFlags {
    /// Looks for open results first.
    pub async fn run(self, engine: &Engine, console: &impl Console) -> Result<Printed, Stop> {
        let failed = |error: std::io::Error| {
            let path = engine.audit().path().display().to_string();
            Stop(FAILED, format!("the audit log {path} cannot be read: {error}"))
        };
        let open = engine.unresolved().await.map_err(failed)?;
        if !open.is_empty() {
            let count = counted(open.len() as u64, "write");
            console.say(&format!("{count} with an unknown result; looking now"));
        }
        for unresolved in &open {
            let outcome = engine.find_out(unresolved).await;
            console.say(&outcome.lines(engine.profile()).join("\n"));
        }
        let contents = contents(engine).await.map_err(failed)?;
        let out = match self.output {
            Output::Text => contents.to_text(),
            Output::Json => {
                serde_json::to_string_pretty(&contents.entries).unwrap_or_default() + "\n"
            }
        };
        Ok(Printed { out, stop: contents.warning().map(|warning| Stop(FAILED, warning)) })
    }
}
