//! Keeps on disk what the app wants kept, one change after the other, beside the screen.

use std::io;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::Sender;

use crate::app::kept::{Change, Kept, read_columns};
use crate::app::msg::Msg;
use crate::store::{Shelf, Store};
use crate::view;

/// Writes in a thread of its own; what was given is written before it is dropped.
#[derive(Debug)]
pub struct Keeper {
    changes: Option<mpsc::Sender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts to keep changes in `store`; failures are told through `messages`.
    #[must_use]
    pub fn start(store: Store, messages: Sender<Msg>) -> Self {
        let (changes, wanted) = mpsc::channel();
        let thread = thread::spawn(move || {
            for change in wanted {
                if let Err(error) = keep(&store, &change) {
                    let told = Msg::Told(format!("Not saved, only for this session: {error}"));
                    // A screen that is gone needs no word of it.
                    let _ = messages.blocking_send(told);
                }
            }
        });
        Self { changes: Some(changes), thread: Some(thread) }
    }

    /// Takes a change; it is written soon.
    pub fn take(&self, change: Change) {
        if let Some(changes) = &self.changes {
            // The thread ends only with this value.
            let _ = changes.send(change);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.changes.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads all that is kept. What cannot be read is told and left as it is.
#[must_use]
pub fn read(store: &Store) -> Kept {
    let mut kept = Kept::default();
    match store.read(Shelf::Views) {
        Ok(text) => kept.take_views(view::read(&text)),
        Err(error) => kept.faults.push(unreadable(store, Shelf::Views, &error)),
    }
    match store.read(Shelf::Columns).map(|text| read_columns(&text)) {
        Ok(Some(columns)) => kept.columns = columns,
        Ok(None) => kept.faults.push(format!(
            "{} is not what valora writes; delete it to choose columns anew",
            store.path(Shelf::Columns).display()
        )),
        Err(error) => kept.faults.push(unreadable(store, Shelf::Columns, &error)),
    }
    kept
}

fn unreadable(store: &Store, which: Shelf, error: &io::Error) -> String {
    format!("{} cannot be read: {error}", store.path(which).display())
}

fn keep(store: &Store, change: &Change) -> io::Result<()> {
    match change {
        Change::SaveView(saved) => {
            store.change(Shelf::Views, |before| view::put(before, saved).map_err(io::Error::other))
        }
        Change::RemoveView(name) => store
            .change(Shelf::Views, |before| view::remove(before, name).map_err(io::Error::other)),
        Change::Columns(list, columns) => store.change(Shelf::Columns, |before| {
            let unreadable = || io::Error::other("the file of columns cannot be read");
            let mut all = read_columns(before).ok_or_else(unreadable)?;
            all.insert((*list).to_owned(), columns.clone());
            serde_json::to_string_pretty(&all).map_err(io::Error::other)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kept::ListColumns;
    use crate::line::ListLine;
    use crate::resource::Spec;
    use crate::view::View;

    #[test]
    fn what_is_kept_is_there_in_the_next_session_and_a_broken_file_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (messages, mut told) = tokio::sync::mpsc::channel(4);
        let keeper = Keeper::start(store.clone(), messages.clone());
        let line = ListLine::new(Spec::named("debt").unwrap());
        keeper.take(Change::SaveView(Box::new(View { name: "mine".to_owned(), line })));
        let columns =
            ListColumns { columns: vec!["booking_id".to_owned()], ..ListColumns::default() };
        keeper.take(Change::Columns("penalties", columns.clone()));
        drop(keeper);
        let kept = read(&store);
        assert_eq!((kept.views.len(), kept.views[0].name.as_str()), (1, "mine"));
        assert_eq!(kept.columns["penalties"], columns);
        assert!(kept.faults.is_empty(), "{:?}", kept.faults);

        store.change(Shelf::Columns, |_| Ok("{broken".to_owned())).unwrap();
        let keeper = Keeper::start(store.clone(), messages);
        keeper.take(Change::Columns("debt", columns));
        drop(keeper);
        assert!(matches!(told.try_recv(), Ok(Msg::Told(text)) if text.contains("Not saved")));
        assert_eq!(store.read(Shelf::Columns).unwrap(), "{broken");
        assert_eq!(read(&store).faults.len(), 1);
    }
}
