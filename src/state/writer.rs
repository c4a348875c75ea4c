//! Writes changes to disk one after the other, in its own thread.

use std::io;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use crate::clock::{self, Clock};
use crate::command::views;
use crate::domain::customer::CustomerKey;
use crate::journal::compare::Compared;
use crate::list::Spec;
use crate::state::persisted::{Change, Comparison, PersistedState, read_columns};
use crate::state::queued_looks::QueuedLooks;
use crate::state::{StateFile, Store, changes};
use crate::triage::memory::{Collision, Memory, MemoryChange, Unreadable};

#[derive(Debug)]
pub enum StateEvent {
    Notice(String),
    /// With the number of its [`Change::Reload`].
    Reloaded(CustomerKey, u64, Box<Memory>),
    Collided(CustomerKey, Vec<Collision>),
    /// How many rows of a list changed since the last look before today.
    Recorded(&'static Spec, usize),
    /// With the number of its [`Change::Compare`].
    Compared(u64, Result<Vec<Compared>, String>),
}

/// Dropped only after all its changes are written.
#[derive(Debug)]
pub struct StateWriter {
    running: Option<(mpsc::Sender<Change>, JoinHandle<()>)>,
}

impl StateWriter {
    pub fn start(store: Store, report: impl Fn(StateEvent) + Send + 'static) -> Self {
        let (changes, queued) = mpsc::channel();
        let thread = thread::spawn(move || {
            let clock = Clock::start();
            let mut looks = QueuedLooks::default();
            while let Ok(first) = queued.recv() {
                // Looks are written after the other queued changes, so that a failure is reported once.
                for change in std::iter::once(first).chain(queued.try_iter()) {
                    if matches!(change, Change::Compare(..)) {
                        looks.write(&store, &report);
                    }
                    match keep(&store, change, &mut looks, &clock) {
                        Ok(event) => event.into_iter().for_each(&report),
                        Err(error) => {
                            let text = format!("Not saved (applies to this session only): {error}");
                            report(StateEvent::Notice(text));
                        }
                    }
                }
                looks.write(&store, &report);
            }
        });
        Self { running: Some((changes, thread)) }
    }

    pub fn write(&self, change: Change) {
        if let Some((changes, _)) = &self.running {
            // The thread ends only with this value.
            let _ = changes.send(change);
        }
    }
}

impl Drop for StateWriter {
    fn drop(&mut self) {
        if let Some((changes, thread)) = self.running.take() {
            drop(changes);
            let _ = thread.join();
        }
    }
}

impl PersistedState {
    /// Marks the decisions of a session in the files.
    pub fn new_session() -> u32 {
        fastrand::u32(1..)
    }

    /// Leaves files that cannot be read unchanged, but sets a broken memory aside.
    pub fn read(store: &Store, customer: &CustomerKey) -> Self {
        let mut state = Self::default();
        let path = |file| store.path(file).display().to_string();
        let unreadable = |file, error| format!("{} cannot be read: {error}", path(file));
        match store.read(StateFile::Views).map(|text| views::read(&text)) {
            Ok(read) => {
                state.views = read.views;
                state.faults = read
                    .faults
                    .iter()
                    .map(|fault| format!("{}: {fault}", path(StateFile::Views)))
                    .collect();
            }
            Err(error) => state.faults.push(unreadable(StateFile::Views, error)),
        }
        match store.read(StateFile::Columns).map(|text| read_columns(&text)) {
            Ok(Some(columns)) => state.columns = columns,
            Ok(None) => state.faults.push(format!(
                "{} is broken; delete it to choose columns again",
                path(StateFile::Columns)
            )),
            Err(error) => state.faults.push(unreadable(StateFile::Columns, error)),
        }
        let file = StateFile::Triage(customer);
        let mut read = memory(store, file);
        if read.as_ref().is_err_and(is_broken) {
            read = set_aside(store, file).and_then(|notice| {
                state.memory_fault = notice;
                memory(store, file)
            });
        }
        match read {
            Ok(memory) => (state.memory, state.remembers) = (memory, true),
            Err(why) => {
                let path = path(file);
                let fault = "Decisions are not saved and are lost when you quit";
                state.memory_fault = Some(format!("{fault}: {path} cannot be used: {why}"));
            }
        }
        Self { session: Self::new_session(), records_changes: true, ..state }
    }
}

/// Reads a customer's decisions and leaves a file that cannot be read unchanged.
pub fn decisions(store: &Store, customer: &CustomerKey) -> io::Result<Memory> {
    memory(store, StateFile::Triage(customer))
}

fn memory(store: &Store, file: StateFile<'_>) -> io::Result<Memory> {
    memory_of(&store.read(file)?)
}

/// A broken file is [`io::ErrorKind::InvalidData`]; a file of a newer valora is not broken.
fn memory_of(text: &str) -> io::Result<Memory> {
    Memory::read(text).map_err(|why| match why {
        Unreadable::Corrupt(_) => io::Error::new(io::ErrorKind::InvalidData, why),
        Unreadable::Newer(_) => io::Error::other(why),
    })
}

fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

fn set_aside(store: &Store, file: StateFile<'_>) -> io::Result<Option<String>> {
    let is_sound = |text: &str| !memory_of(text).is_err_and(|error| is_broken(&error));
    let aside = store.set_aside(file, is_sound)?;
    Ok(aside.map(|aside| {
        format!(
            "Your earlier decisions could not be read: their file is broken. It was renamed to {}; \
             valora starts without decisions.",
            aside.display()
        )
    }))
}

fn remember(
    store: &Store,
    customer: &CustomerKey,
    what: &MemoryChange,
    clock: &Clock,
) -> io::Result<Option<StateEvent>> {
    let file = StateFile::Triage(customer);
    let mut collisions = Vec::new();
    let mut change = || {
        store.change(file, |before| {
            let mut memory = memory_of(before)?;
            collisions = memory.apply(what, clock.today());
            memory.write().map_err(io::Error::other)
        })
    };
    match change() {
        Err(error) if is_broken(&error) => {
            let notice = set_aside(store, file)?;
            change()?;
            return Ok(notice.map(StateEvent::Notice));
        }
        done => done?,
    }
    for collision in &mut collisions {
        collision.at = collision.theirs.as_ref().and_then(|theirs| clock::local(theirs.decided));
    }
    Ok((!collisions.is_empty()).then(|| StateEvent::Collided(customer.clone(), collisions)))
}

/// Writes a change; a look is only queued.
fn keep(
    store: &Store,
    change: Change,
    looks: &mut QueuedLooks,
    clock: &Clock,
) -> io::Result<Option<StateEvent>> {
    let kept = match change {
        Change::Remember(customer, what) => return remember(store, &customer, &what, clock),
        Change::Reload(customer, number) => {
            // A failure is reported with the next change.
            let read = memory(store, StateFile::Triage(&customer)).ok();
            let reloaded = |memory| StateEvent::Reloaded(customer, number, Box::new(memory));
            return Ok(read.map(reloaded));
        }
        Change::Record(customer, spec, look, day) => {
            looks.add(customer, spec, *look, day);
            Ok(())
        }
        Change::Compare(customer, Comparison { number, since, today }) => {
            let compared = changes::compare(store, &customer, since, today);
            let compared = compared.map_err(|why| why.to_string());
            return Ok(Some(StateEvent::Compared(number, compared)));
        }
        Change::SaveView(saved) => store.change(StateFile::Views, |before| {
            views::put(before, &saved).map_err(io::Error::other)
        }),
        Change::RemoveView(name) => store.change(StateFile::Views, |before| {
            views::remove(before, &name).map_err(io::Error::other)
        }),
        Change::Columns(list, columns) => store.change(StateFile::Columns, |before| {
            let unreadable = || io::Error::other("the columns file is broken; delete it");
            let mut all = read_columns(before).ok_or_else(unreadable)?;
            all.insert(list.to_owned(), columns);
            serde_json::to_string_pretty(&all).map_err(io::Error::other)
        }),
    };
    kept.map(|()| None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::ListCommand;
    use crate::command::views::View;
    use crate::state::persisted::ListColumns;
    use crate::triage::memory::Decisions;
    use crate::triage::memory::Entry;
    use crate::triage::memory::EntryChange;

    impl StateWriter {
        fn with(self, change: Change) -> Self {
            self.write(change);
            self
        }
    }

    #[test]
    fn what_is_kept_is_there_in_the_next_session_and_a_broken_file_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (report, events) = reports();
        let writer = StateWriter::start(store.clone(), report.clone());
        let line = ListCommand::new(Spec::named("debt").unwrap());
        writer.write(Change::SaveView(Box::new(View { name: "mine".to_owned(), line })));
        let columns =
            ListColumns { columns: vec!["booking_id".to_owned()], ..ListColumns::default() };
        writer.write(Change::Columns("penalties", columns.clone()));
        drop(writer);
        let kept = PersistedState::read(&store, &CustomerKey::demo());
        assert_eq!((kept.views.len(), kept.views[0].name.as_str()), (1, "mine"));
        assert_eq!(kept.columns["penalties"], columns);
        assert!(kept.faults.is_empty(), "{:?}", kept.faults);

        store.change(StateFile::Columns, |_| Ok("{broken".to_owned())).unwrap();
        let writer = StateWriter::start(store.clone(), report);
        writer.write(Change::Columns("debt", columns));
        drop(writer);
        assert!(
            matches!(events.try_recv(), Ok(StateEvent::Notice(text)) if text.contains("Not saved"))
        );
        assert_eq!(store.read(StateFile::Columns).unwrap(), "{broken");
        assert_eq!(PersistedState::read(&store, &CustomerKey::demo()).faults.len(), 1);
    }

    fn decided(id: &str, note: &str) -> Change {
        let at = Clock::start().now().utc;
        let entry = Entry { note: note.to_owned(), decided: at, ..Entry::default() };
        let decision = EntryChange { entry, known: None };
        let entries = std::collections::BTreeMap::from([(id.to_owned(), decision)]);
        let decided = Decisions { entries, ..Decisions::default() };
        Change::Remember(CustomerKey::demo(), Box::new(MemoryChange::Decisions(decided)))
    }

    fn memory(store: &Store) -> PersistedState {
        PersistedState::read(store, &CustomerKey::demo())
    }

    fn reports() -> (impl Fn(StateEvent) + Clone + Send + 'static, mpsc::Receiver<StateEvent>) {
        let (sender, reports) = mpsc::channel();
        (move |event| sender.send(event).unwrap(), reports)
    }

    #[test]
    fn a_broken_memory_is_set_aside_and_told_and_what_a_newer_program_wrote_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        let (report, events) = reports();
        let customer = CustomerKey::demo();
        let shelf = StateFile::Triage(&customer);
        let keep = |change| drop((StateWriter::start(store.clone(), report.clone())).with(change));
        keep(decided("a", "one"));
        assert_eq!(memory(&store).memory.entries["a"].note, "one");
        store.change(shelf, |_| Ok("{\"version\":1,\"entr".to_owned())).unwrap();
        keep(decided("b", "two"));
        let Ok(StateEvent::Notice(text)) = events.try_recv() else { panic!("nothing was told") };
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
        assert!(
            matches!(events.try_recv(), Ok(StateEvent::Notice(text)) if text.contains("newer"))
        );
        assert_eq!(store.read(shelf).unwrap(), "{\"version\":2}");
    }
}
