//! Runs the commands of writes with the engine of the shown profile, each in a task of its own, so that
//! no key waits. Dropping it cancels no write.

use std::future::pending;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;

use crate::domain::text::sanitize;
use crate::tui::writes::{WriteCommand, WriteNews};
use crate::writes::engine::Engine;
use crate::writes::log::{Contents, Unresolved};
use crate::writes::outcome::Outcome;

/// The writes that are still unknown, and what the reads found out.
type FoundOut = (Vec<Unresolved>, Vec<Outcome>);

#[derive(Debug)]
pub struct Writer {
    /// `None` where the profile allows no writes.
    engine: Option<Engine>,
    news: UnboundedSender<WriteNews>,
    reported: UnboundedReceiver<WriteNews>,
}

impl Writer {
    pub fn new(engine: Option<Engine>) -> Self {
        let (news, reported) = unbounded_channel();
        Self { engine, news, reported }
    }

    /// Must be called on a runtime.
    pub fn run(&self, command: WriteCommand) {
        let Some(engine) = self.engine.clone() else { return };
        let news = self.news.clone();
        // The receiver is gone once another profile is shown: the log has the outcome.
        let tell = move |it: WriteNews| drop(news.send(it));
        tokio::spawn(async move {
            match command {
                WriteCommand::Prepare(number, write) => {
                    let plan = engine.prepare(write).await.map(Box::new);
                    tell(WriteNews::Prepared(number, plan));
                }
                WriteCommand::CarryOut(confirmed) => {
                    let (progress, mut steps) = unbounded_channel();
                    let mut write = engine.carry_out(*confirmed, progress);
                    let outcome = loop {
                        tokio::select! {
                            biased;
                            Some(step) = steps.recv() => tell(WriteNews::Progress(step)),
                            outcome = &mut write => break outcome,
                        }
                    };
                    tell(WriteNews::Ended(outcome.ok().map(Box::new)));
                }
                WriteCommand::FindOut => tell(WriteNews::FoundOut(found_out(&engine).await)),
                WriteCommand::ReadLog => tell(WriteNews::Log(read_log(engine).await)),
            }
        });
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

async fn found_out(engine: &Engine) -> Result<FoundOut, String> {
    let why = |error: &std::io::Error| {
        let path = engine.audit().path().display().to_string();
        format!("The audit log {} could not be read: {error}", sanitize(&path))
    };
    let open = engine.unresolved().await.map_err(|error| why(&error))?;
    let mut found = Vec::new();
    for unresolved in &open {
        found.push(engine.find_out(unresolved).await);
    }
    let open = engine.unresolved().await.map_err(|error| why(&error))?;
    Ok((open, found))
}

async fn read_log(engine: Engine) -> Result<Box<Contents>, String> {
    let path = engine.audit().path().display().to_string();
    let read = spawn_blocking(move || engine.audit().read()).await;
    let read = read.unwrap_or_else(|_broken| Err(std::io::Error::other("internal error")));
    read.map(Box::new)
        .map_err(|error| format!("The audit log {} could not be read: {error}", sanitize(&path)))
}
