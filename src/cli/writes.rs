//! `valora payments block` and the other writes, and `valora audit`, at the terminal.

use std::io::{self, BufRead, IsTerminal, Write as _};
use std::time::Duration;

use anyhow::Context;

use super::dashboard::runtime;
use super::exit_code::{Exit, without_tokens};
use super::{Cx, print, say, warn};
use crate::clock::Clock;
use crate::config::ConfigError;
use crate::config::payments::for_start;
use crate::config::profile::Settings;
use crate::domain::money::counted;
use crate::process::shutdown;
use crate::writes::command::{AuditFlags, Console, Printed, Stop, WriteCommand};
use crate::writes::engine::Engine;
use crate::writes::log::AuditLog;

/// Seconds for which ctrl-c waits for a write that is under way.
const LEAVING: Duration = Duration::from_secs(30);

struct Terminal;

impl Console for Terminal {
    fn say(&self, text: &str) {
        say(text.trim_end());
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        if !io::stdin().is_terminal() {
            return None;
        }
        let mut out = io::stderr();
        let _ = out.write_all(without_tokens(prompt).as_bytes()).and_then(|()| out.flush());
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok()?;
        Some(line)
    }
}

pub(super) fn run(command: &WriteCommand, cx: &Cx) -> anyhow::Result<()> {
    command.check(cx.has_write).map_err(stopped)?;
    let engine = engine(cx)?.with_looks(command.looks());
    finish(&engine, command.run(&engine, &Terminal))
}

pub(super) fn audit(flags: AuditFlags, cx: &Cx) -> anyhow::Result<()> {
    let engine = engine(cx)?;
    finish(&engine, flags.run(&engine, &Terminal))
}

/// The profile of the command, or the usual one.
fn profile(cx: &Cx) -> Result<Option<String>, ConfigError> {
    match cx.environment.profile(cx.profile()) {
        Some(name) => Ok(Some(name)),
        None => Settings::read(cx.environment.store.as_ref())?.default_profile_name(),
    }
}

fn engine(cx: &Cx) -> anyhow::Result<Engine> {
    let Some(name) = profile(cx)? else {
        let why = "writes need a profile whose settings allow them (valora help writes); tokens of \
                   variables cannot write";
        return Err(Exit::usage(why).into());
    };
    let (clients, unused) = for_start(&cx.environment, Some(&name))?;
    unused.iter().for_each(|unused| warn(unused));
    let engine = Engine::of_profile(&name, &cx.environment, &clients, Clock::start(), &cx.log)?;
    engine.ok_or_else(|| {
        let why = format!(
            "profile {name} allows no writes; to allow one, add writes = [\"block\"] to \
             [profile.{name}.payments] of the settings, with a token_command (valora help writes)"
        );
        Exit::usage(why).into()
    })
}

/// One line about writes whose result is not known; asks no server.
pub(super) fn remind(cx: &Cx) {
    let (Ok(Some(name)), Some(store)) = (profile(cx), &cx.environment.store) else { return };
    let open = AuditLog::of(store, &name).read().map(|contents| contents.unresolved().len());
    if let Ok(count @ 1..) = open {
        let count = counted(count as u64, "write");
        warn(&format!("{count} with an unknown outcome: run valora audit --profile {name}"));
    }
}

fn stopped(Stop(code, why): Stop) -> anyhow::Error {
    Exit(code, why).into()
}

fn finish(
    engine: &Engine,
    task: impl Future<Output = Result<Printed, Stop>>,
) -> anyhow::Result<()> {
    let runtime = runtime()?;
    let printed = runtime.block_on(async {
        let mut interrupts = shutdown::interrupts().context("could not listen for ctrl-c")?;
        tokio::pin!(task);
        tokio::select! {
            printed = &mut task => printed.map_err(stopped),
            _ = interrupts.recv() => {
                if !engine.is_busy() {
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
