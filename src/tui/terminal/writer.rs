//! Runs the commands of writes with the engine of the shown profile, each in a task of its own, so that
//! no key waits. Dropping it cancels no write.

use std::future::pending;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::domain::text::sanitize;
use crate::tui::screen::audit::lines::object;
use crate::tui::writes::{FoundOut, WriteCommand, WriteNews};
use crate::writes::engine::Engine;
use crate::writes::log::Contents;
use crate::writes::outcome::{Outcome, Progress};

#[derive(Debug)]
pub struct Writer {
    /// `None` where the profile allows no writes.
    engine: Option<Engine>,
    /// That of the newest write, which can be stopped.
    newest: Option<Engine>,
    news: UnboundedSender<WriteNews>,
    reported: UnboundedReceiver<WriteNews>,
}

impl Writer {
    pub fn new(engine: Option<Engine>) -> Self {
        let (news, reported) = unbounded_channel();
        Self { engine, newest: None, news, reported }
    }

    /// Must be called on a runtime.
    pub fn run(&mut self, command: WriteCommand) {
        let Some(engine) = self.engine.clone() else { return };
        let news = self.news.clone();
        // The receiver is gone once another profile is shown.
        let tell = move |it: WriteNews| drop(news.send(it));
        match command {
            WriteCommand::Prepare(number, write) => {
                tokio::spawn(async move {
                    let plan = engine.prepare(write).await.map(Box::new);
                    tell(WriteNews::Prepared(number, plan));
                });
            }
            WriteCommand::CarryOut(confirmed) => {
                let engine = engine.with_own_stop();
                let (progress, steps) = unbounded_channel();
                // At once, since the time until the request is limited from here.
                let write = engine.carry_out(*confirmed, progress);
                self.newest = Some(engine);
                tokio::spawn(followed(write, steps, tell));
            }
            WriteCommand::Stop => {
                if let Some(newest) = &self.newest {
                    newest.stop();
                }
            }
            WriteCommand::FindOut => {
                let found = tokio::spawn(async move { found_out(&engine).await });
                tokio::spawn(async move {
                    let broken = |_| Err("Internal error while looking up writes.".to_owned());
                    tell(WriteNews::FoundOut(found.await.unwrap_or_else(broken)));
                });
            }
            WriteCommand::ReadLog => {
                tokio::spawn(async move { tell(WriteNews::Log(read_log(engine).await)) });
            }
        }
    }

    /// Never ready where the profile allows no writes.
    pub async fn next(&mut self) -> WriteNews {
        match self.reported.recv().await {
            Some(news) => news,
            // This value has a sender.
            None => pending().await,
        }
    }

    pub fn try_next(&mut self) -> Option<WriteNews> {
        self.reported.try_recv().ok()
    }
}

/// Reports the stages of a write, then its outcome.
async fn followed(
    mut write: JoinHandle<Outcome>,
    mut steps: UnboundedReceiver<Progress>,
    tell: impl Fn(WriteNews),
) {
    let outcome = loop {
        tokio::select! {
            biased;
            Some(step) = steps.recv() => tell(WriteNews::Progress(step)),
            outcome = &mut write => break outcome,
        }
    };
    tell(WriteNews::Ended(outcome.ok().map(Box::new)));
}

async fn found_out(engine: &Engine) -> Result<FoundOut, String> {
    let why = |error: &std::io::Error| {
        let path = engine.audit().path().display().to_string();
        format!("The audit log {} could not be read: {error}", sanitize(&path))
    };
    let open = engine.unresolved().await.map_err(|error| why(&error))?;
    let mut found = Vec::new();
    for unresolved in &open {
        found.push((object(&unresolved.intent), engine.find_out(unresolved).await));
    }
    let open = engine.unresolved().await.map_err(|error| why(&error))?;
    Ok(FoundOut { open, found })
}

async fn read_log(engine: Engine) -> Result<Box<Contents>, String> {
    let path = engine.audit().path().display().to_string();
    let read = spawn_blocking(move || engine.audit().read()).await;
    let read = read.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")));
    read.map(Box::new)
        .map_err(|error| format!("The audit log {} could not be read: {error}", sanitize(&path)))
}
