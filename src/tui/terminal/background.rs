//! Background work, so that a slow disk or a long list never blocks the screen.

use std::io::{self, Write};
use std::path::PathBuf;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::spawn_blocking;

use crate::state::persisted::Change;
use crate::state::writer::StateWriter;
use crate::state::{Store, save};
use crate::tui::component::table::SortJob;
use crate::tui::msg::{Msg, Written};
use crate::tui::terminal::browser::Browser;

/// Messages that may queue.
const QUEUED: usize = 64;

/// When dropped, it first writes the state; other results are lost.
#[derive(Debug)]
pub struct Background {
    pub reported: Receiver<Msg>,
    reports: Sender<Msg>,
    browser: Browser,
    writer: Option<StateWriter>,
}

impl Background {
    pub fn new(browser: Browser, store: Option<Store>) -> Self {
        let (reports, reported) = channel(QUEUED);
        let writer = store.map(|store| {
            let reports = reports.clone();
            StateWriter::start(store, move |event| _ = reports.blocking_send(event.into()))
        });
        Self { reported, reports, browser, writer }
    }

    pub fn keep(&self, change: Change) {
        if let Some(writer) = &self.writer {
            writer.write(change);
        }
    }

    pub fn open(&self, link: String) {
        let browser = self.browser.clone();
        self.spawn(move || browser.open(&link).map(Msg::Notice));
    }

    pub fn arrange(&self, tab: usize, job: Box<SortJob>) {
        let work = spawn_blocking(move || Box::new(job.run()));
        let reports = self.reports.clone();
        tokio::spawn(async move {
            // A panic is reported, too: the list waits for it.
            let _ = reports.send(Msg::Arranged(tab, work.await.ok())).await;
        });
    }

    /// `write` returns the number of rows that cannot be read.
    pub fn save(
        &self,
        path: PathBuf,
        what: Written,
        write: impl FnOnce(&mut dyn Write) -> io::Result<u64> + Send + 'static,
    ) {
        self.spawn(move || {
            let mut unreadable = 0;
            let written = save::save(&path, |out| write(out).map(|rows| unreadable = rows));
            let result = written.map(|()| Written { unreadable, ..what });
            let result = result.map_err(|error| save::why(&error));
            // Absolute, for a shell in another folder.
            let path = std::path::absolute(&path).unwrap_or(path);
            Some(Msg::Saved(path, result))
        });
    }

    fn spawn(&self, work: impl FnOnce() -> Option<Msg> + Send + 'static) {
        let reports = self.reports.clone();
        spawn_blocking(move || {
            if let Some(msg) = work() {
                let _ = reports.blocking_send(msg);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ListCommand;
    use crate::command::views::View;
    use crate::list::Spec;
    use crate::state::StateFile;
    use crate::state::persisted::ListColumns;

    #[test]
    fn what_is_kept_last_is_written_though_nobody_takes_the_reports_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        store.change(StateFile::Columns, |_| Ok("{broken".to_owned())).unwrap();
        let background = Background::new(Browser::default(), Some(store.clone()));
        for _ in 0..2 * QUEUED {
            background.keep(Change::Columns("debt", ListColumns::default()));
        }
        let line = ListCommand::new(Spec::named("debt").unwrap());
        background.keep(Change::SaveView(Box::new(View { name: "last".to_owned(), line })));
        drop(background);
        assert!(store.read(StateFile::Views).unwrap().contains("last"));
    }
}
