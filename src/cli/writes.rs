//! `valora payments block` and the other writes, and `valora audit`, at the terminal.

use std::io::{self, BufRead, IsTerminal, Write as _};
use std::time::Duration;

use anyhow::Context;

use super::dashboard::runtime;
use super::exit_code::Exit;
use super::{Cx, print, say, warn};
use crate::process::shutdown;
use crate::process::tokens::without_tokens;
use crate::writes::command::{AuditFlags, Console, Printed, Stop, WriteCommand};
use crate::writes::engine::Engine;
use crate::writes::site::unresolved;

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
