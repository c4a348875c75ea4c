//! `valora payments block` and the other writes, and `valora audit`: everything but the terminal.

mod arguments;
#[cfg(test)]
mod tests;

use clap::Args;
use tokio::sync::mpsc::unbounded_channel;

use super::engine::Engine;
use super::log::{AuditLog, Contents};
use super::outcome::{Outcome, Progress, Verdict};
use super::plan::{Answer, ConfirmError, Confirmed, NotPlanned, Plan};
use super::site::Audit;
use crate::domain::failure::{Failure, Kind};
use crate::domain::money::counted;
use crate::domain::text::escape_json;
use crate::payments::write::{Write, WriteKind};

pub use arguments::{Options, Output, WriteCommand, without_writes};

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
/// How a terminal begins a paste, once that was requested.
const PASTE: &str = "\x1b[200~";

#[derive(Debug, Clone, Copy, Args)]
#[command(
    after_help = "Examples:\n  valora audit --profile acme\n  valora audit --profile acme -o json"
)]
pub struct AuditFlags {
    /// Output format; json is an array of the lines of the log
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
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
    /// Asks for a line; `None` without a terminal. A paste keeps its `PASTE`.
    fn ask(&self, prompt: &str) -> impl Future<Output = Option<String>>;
}

impl WriteCommand {
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
        let confirmed = confirm(&plan, options, console).await?;
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

async fn confirm(
    plan: &Plan,
    options: &Options,
    console: &impl Console,
) -> Result<Confirmed, Stop> {
    let usage = |why: String| Stop(USAGE, format!("{why}; nothing was sent"));
    let answer = if options.yes {
        Answer::Yes
    } else {
        let prompt = format!("Type {} to confirm: ", plan.typed);
        let typed = console.ask(&prompt).await.ok_or_else(|| {
            let why =
                "there is no terminal to confirm it; add --yes, with --profile and the full id";
            usage(why.to_owned())
        })?;
        if typed.contains(PASTE) {
            return Err(usage("a paste does not confirm a write: type the text".to_owned()));
        }
        Answer::Typed(typed)
    };
    let note = options.note.as_deref().unwrap_or_default();
    plan.confirm(&answer, note).map_err(|why| match why {
        ConfirmError::Typed => Stop(USAGE, why.to_string()),
        _ => usage(why.to_string()),
    })
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
        NotPlanned::Unread(failure) => match of_failure(failure) {
            // 1 means that there is nothing to do.
            FAILED if is_dry_run => USAGE,
            code => code,
        },
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
        (Verdict::Unknown | Verdict::AcceptedNotSeen | Verdict::Partly | Verdict::NotSeen, _) => {
            UNKNOWN
        }
        _ if outcome.is_unlogged => FAILED,
        (Verdict::Done, _) => 0,
        (Verdict::Already | Verdict::Changed | Verdict::Reverted, _)
        | (Verdict::Refused, Some(409 | 422)) => REFUSED,
        (Verdict::Refused, Some(401 | 403)) => ACCESS,
        (Verdict::Refused, Some(404 | 410)) => MISSING,
        (Verdict::NotLogged, _) => USAGE,
        (Verdict::Refused | Verdict::NotSent, _) => FAILED,
    }
}

async fn finish(engine: &Engine, outcome: &Outcome, output: Output) -> Printed {
    let lines = outcome.lines(engine.profile()).join("\n");
    let code = code(outcome);
    let logged = match (output, &outcome.id) {
        (Output::Json, Some(id)) if !outcome.is_unlogged => last_line(engine, id).await,
        _ => None,
    };
    let is_done = code == 0;
    let out = match logged {
        Some(json) => format!("{}\n", escape_json(&json)),
        None if is_done => format!("{lines}\n"),
        None => String::new(),
    };
    Printed { out, stop: (!is_done).then_some(Stop(code, lines)) }
}

async fn last_line(engine: &Engine, id: &str) -> Option<String> {
    let contents = contents(engine.audit()).await.ok()?;
    let last = contents.entries.iter().rev().find(|entry| entry.id == id)?;
    serde_json::to_string(last).ok()
}

async fn contents(log: &AuditLog) -> std::io::Result<Contents> {
    let log = log.clone();
    let read = tokio::task::spawn_blocking(move || log.read()).await;
    read.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")))
}

impl AuditFlags {
    /// Looks for open results first.
    pub async fn run(self, audit: &Audit, console: &impl Console) -> Result<Printed, Stop> {
        let failed = |error: std::io::Error| {
            let path = audit.log.path().display();
            Stop(FAILED, format!("the audit log {path} cannot be read: {error}"))
        };
        let log = audit.log.clone();
        let open = tokio::task::spawn_blocking(move || log.unresolved()).await;
        let open = open.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")));
        let open = open.map_err(failed)?;
        let count = counted(open.len() as u64, "write");
        match &audit.engine {
            _ if open.is_empty() => {}
            Ok(_) => console.say(&format!("{count} with an unknown result; looking now")),
            Err(why) => {
                console.say(&format!("{count} with an unknown result, not looked up: {why}"));
            }
        }
        let mut still_open = 0;
        for unresolved in &open {
            let (lines, is_unknown) = match &audit.engine {
                Ok(engine) => {
                    let outcome = engine.find_out(unresolved).await;
                    (outcome.lines(&audit.profile), code(&outcome) == UNKNOWN)
                }
                Err(_) => (vec![unresolved.line()], true),
            };
            still_open += u64::from(is_unknown);
            console.say(&lines.join("\n"));
        }
        let contents = contents(&audit.log).await.map_err(failed)?;
        if let Some(torn) = contents.torn_in_words() {
            console.say(&torn);
        }
        let out = match self.output {
            Output::Text => contents.to_text(),
            Output::Json => {
                let json = serde_json::to_string_pretty(&contents.entries).unwrap_or_default();
                format!("{}\n", escape_json(&json))
            }
        };
        let unknown = (still_open > 0).then(|| {
            let count = counted(still_open, "write");
            format!("{count} with a result that is still unknown")
        });
        let code = if unknown.is_some() { UNKNOWN } else { FAILED };
        let why: Vec<String> = unknown.into_iter().chain(contents.warning()).collect();
        let stop = (!why.is_empty()).then(|| Stop(code, why.join("; ")));
        Ok(Printed { out, stop })
    }
}
