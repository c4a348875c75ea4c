//! `valora payments block` and the other writes, and `valora audit`, at the terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use anyhow::Context;
use tokio::task::spawn_blocking;

use super::dashboard::runtime;
use super::exit_code::Exit;
use super::{Cx, print, say, warn};
use crate::process::tokens::without_tokens;
use crate::process::{line_prompt, shutdown};
use crate::writes::command::{AuditFlags, Console, Printed, Stop, WriteCommand};
use crate::writes::engine::Engine;
use crate::writes::site::{Audit, unresolved};

/// Seconds for which ctrl-c waits for a write that is under way.
const LEAVING: Duration = Duration::from_secs(30);

struct Terminal;

impl Console for Terminal {
    fn say(&self, text: &str) {
        say(text.trim_end());
    }

    /// In a thread of its own, so that ctrl-c works meanwhile.
    async fn ask(&self, prompt: &str) -> Option<String> {
        let prompt = without_tokens(prompt);
        spawn_blocking(move || line_prompt::ask(&prompt)).await.ok().flatten()
    }
}

pub(super) fn run(command: &WriteCommand, cx: &Cx) -> anyhow::Result<()> {
    command.check(cx.has_write, cx.profile().is_some()).map_err(stopped)?;
    let engine = engine(cx)?.with_looks(command.looks());
    finish(|| engine.stop(), command.run(&engine, &Terminal))
}

pub(super) fn audit(flags: AuditFlags, cx: &Cx) -> anyhow::Result<()> {
    let audit = Audit::of_profile(&cx.environment, cx.profile(), &cx.log)?;
    let (audit, unused) = audit.ok_or_else(|| {
        Exit::usage("the audit log is of a profile: add --profile NAME (valora help writes)")
    })?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    finish(|| true, flags.run(&audit, &Terminal))
}

fn engine(cx: &Cx) -> anyhow::Result<Engine> {
    let (engine, unused) = Engine::for_command(&cx.environment, cx.profile(), &cx.log)?;
    if let Some(unused) = unused {
        warn(&unused);
    }
    engine.map_err(|why| Exit::usage(why).into())
}

/// One line about writes whose result is not known; asks no server.
pub(super) fn remind(cx: &Cx) {
    if let Some(line) = unresolved(&cx.environment, cx.profile()) {
        warn(&line);
    }
}

fn stopped(Stop(code, why): Stop) -> anyhow::Error {
    Exit(code, why).into()
}

/// `stop` prevents writes, and returns `false` if one was sent.
fn finish(
    stop: impl Fn() -> bool,
    task: impl Future<Output = Result<Printed, Stop>>,
) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let printed = runtime.block_on(async {
        let mut interrupts = shutdown::interrupts().context("could not listen for ctrl-c")?;
        tokio::pin!(task);
        tokio::select! {
            printed = &mut task => printed.map_err(stopped),
            _ = interrupts.recv() => {
                // Behind the ^C of the terminal.
                if io::stdin().is_terminal() {
                    say("");
                }
                if stop() {
                    return Err(Exit::interrupted().into());
                }
                warn("a write is under way; waiting up to 30 s for its result");
                let result = tokio::time::timeout(LEAVING, task).await;
                result.map_or_else(|_elapsed| Err(Exit::interrupted_write().into()), |printed| printed.map_err(stopped))
            }
        }
    });
    runtime.shutdown_background();
    let Printed { out, stop } = printed?;
    print(&out)?;
    stop.map_or(Ok(()), |stop| Err(stopped(stop)))
}
