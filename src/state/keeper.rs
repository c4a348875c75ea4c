//! Keeps on disk what the app wants kept, one change after the other, beside the screen.

use std::io;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::mpsc::Sender;

use crate::clock;
use crate::clock::Clock;
use crate::command::views as view;
use crate::domain::customer::CustomerKey;
use crate::state::{Shelf, Store};
use crate::triage::memory::{Memory, Remember, Unreadable};
use crate::tui::kept::{Change, Kept, read_columns};
use crate::tui::msg::Msg;

/// Writes in a thread of its own; what was given is written before it is dropped.
#[derive(Debug)]
pub struct Keeper {
    changes: Option<mpsc::Sender<Change>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts to keep changes in `store`; failures are told through `messages`.
    pub fn start(store: Store, messages: Sender<Msg>) -> Self {
        let (changes, wanted) = mpsc::channel();
        let thread = thread::spawn(move || {
            let clock = Clock::start();
            for change in wanted {
                let told = match keep(&store, &change, &clock) {
                    Ok(None) => continue,
                    Ok(Some(told)) => told,
                    Err(error) => Msg::Told(format!("Not saved, only for this session: {error}")),
                };
                // A screen that is gone needs no word of it.
                let _ = messages.blocking_send(told);
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

/// Reads what is remembered of a customer into `kept`. A broken file is set aside and told.
pub fn recall(store: &Store, customer: &CustomerKey, kept: &mut Kept) {
    let shelf = Shelf::Triage(customer);
    let mut told = None;
    let read = match recalled(store, shelf) {
        Ok(Err(Unreadable::Corrupt(_))) | Err(Recall::NoText) => {
            set_aside(store, shelf).and_then(|aside| {
                told = aside;
                recalled(store, shelf).map_err(|_| io::Error::other("it is broken again"))
            })
        }
        Err(Recall::System(error)) => Err(error),
        Ok(read) => Ok(read),
    };
    // 0 is the number of nobody.
    kept.session = fastrand::u32(1..);
    (kept.memory, kept.remembers, kept.memory_fault) = match read {
        Ok(Ok(memory)) => (memory, true, told),
        Ok(Err(why)) => (Memory::default(), false, Some(forgetful(store, shelf, &why))),
        Err(error) => (Memory::default(), false, Some(forgetful(store, shelf, &error))),
    };
}

/// Why a memory could not be read at all.
enum Recall {
    NoText,
    System(io::Error),
}

fn recalled(store: &Store, shelf: Shelf<'_>) -> Result<Result<Memory, Unreadable>, Recall> {
    match store.read(shelf) {
        Ok(text) => Ok(Memory::read(&text)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Recall::NoText),
        Err(error) => Err(Recall::System(error)),
    }
}

/// What a newer valora wrote is no broken file.
fn is_sound(text: &str) -> bool {
    !matches!(Memory::read(text), Err(Unreadable::Corrupt(_)))
}

/// Sets a broken memory aside; gives what the user should know.
fn set_aside(store: &Store, shelf: Shelf<'_>) -> io::Result<Option<String>> {
    let aside = store.set_aside(shelf, is_sound)?;
    Ok(aside.map(|aside| {
        format!(
            "The verdicts of earlier sessions could not be read: their file is broken. It was set \
             aside as {}, and verdicts begin anew.",
            aside.display()
        )
    }))
}

fn forgetful(store: &Store, shelf: Shelf<'_>, why: &dyn std::fmt::Display) -> String {
    format!(
        "Verdicts are kept only until you quit: {} cannot be used: {why}",
        store.path(shelf).display()
    )
}

/// Adds what was decided or met to what the file holds now, under its lock; gives what the screen
/// should know of it.
fn remember(
    store: &Store,
    customer: &CustomerKey,
    what: &Remember,
    clock: &Clock,
) -> io::Result<Option<Msg>> {
    let shelf = Shelf::Triage(customer);
    let mut collisions = Vec::new();
    let mut change = || {
        store.change(shelf, |before| {
            let mut memory = Memory::read(before).map_err(|why| match why {
                Unreadable::Corrupt(_) => io::Error::new(io::ErrorKind::InvalidData, why),
                Unreadable::Newer(_) => io::Error::other(why),
            })?;
            collisions = memory.remember(what, clock.instant(), clock.today());
            memory.write().map_err(io::Error::other)
        })
    };
    match change() {
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let told = set_aside(store, shelf)?;
            change()?;
            return Ok(told.map(Msg::Told));
        }
        done => done?,
    }
    for collision in &mut collisions {
        collision.at = collision.theirs.as_ref().and_then(|theirs| clock::local(theirs.decided));
    }
    Ok((!collisions.is_empty()).then_some(Msg::Collided(collisions)))
}

/// Keeps a change; gives what the screen should know of it.
fn keep(store: &Store, change: &Change, clock: &Clock) -> io::Result<Option<Msg>> {
    let kept = match change {
        Change::Remember(customer, what) => {
            return remember(store, customer, what, clock);
        }
        Change::Recall(customer, number) => {
            // What cannot be read is told when something is to be kept.
            let read = recalled(store, Shelf::Triage(customer));
            let memory = read.ok().and_then(Result::ok);
            return Ok(memory.map(|memory| Msg::Recalled(*number, Box::new(memory))));
        }
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
    };
    kept.map(|()| None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ListLine;
    use crate::command::views::View;
    use crate::list::Spec;
    use crate::triage::memory::Decided;
    use crate::triage::memory::Decision;
    use crate::triage::memory::Entry;
    use crate::tui::kept::ListColumns;

    impl Keeper {
        fn with(self, change: Change) -> Self {
            self.take(change);
            self
        }
    }

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

    fn decided(id: &str, note: &str) -> Change {
        let entry = Entry { note: note.to_owned(), ..Entry::default() };
        let decision = Decision { entry, known: None };
        let entries = std::collections::BTreeMap::from([(id.to_owned(), decision)]);
        let decided = Decided { entries, ..Decided::default() };
        Change::Remember(CustomerKey::demo(), Box::new(Remember::Decided(decided)))
    }

    fn memory(store: &Store) -> Kept {
        let mut kept = Kept::default();
        recall(store, &CustomerKey::demo(), &mut kept);
        kept
    }

    #[test]
    fn a_broken_memory_is_set_aside_and_told_and_what_a_newer_program_wrote_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (messages, mut told) = tokio::sync::mpsc::channel(4);
        let customer = CustomerKey::demo();
        let shelf = Shelf::Triage(&customer);
        let keep = |change| drop((Keeper::start(store.clone(), messages.clone())).with(change));
        keep(decided("a", "one"));
        assert_eq!(memory(&store).memory.entries["a"].note, "one");
        store.change(shelf, |_| Ok("{\"version\":1,\"entr".to_owned())).unwrap();
        keep(decided("b", "two"));
        let Ok(Msg::Told(text)) = told.try_recv() else { panic!("nothing was told") };
        assert!(text.contains("broken-1"), "{text}");
        let kept = memory(&store);
        assert_eq!(kept.memory.entries.keys().collect::<Vec<_>>(), ["b"]);
        std::fs::write(store.path(shelf), [0xFF, 0xFE]).unwrap();
        let kept = memory(&store);
        assert!(kept.remembers && kept.memory == Memory::default());
        assert!(kept.memory_fault.unwrap().contains("broken-2"));
        store.change(shelf, |_| Ok("{\"version\":2}".to_owned())).unwrap();
        let kept = memory(&store);
        assert!(!kept.remembers && kept.memory_fault.unwrap().contains("newer"));
        keep(decided("c", "three"));
        assert!(matches!(told.try_recv(), Ok(Msg::Told(text)) if text.contains("newer")));
        assert_eq!(store.read(shelf).unwrap(), "{\"version\":2}");
    }
}
