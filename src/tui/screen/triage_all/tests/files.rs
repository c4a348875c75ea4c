//! Decisions in the files of the customers: each in its own, also when it is undone or another session
//! decides.

use std::sync::mpsc;

use super::*;
use crate::state::persisted::PersistedState;
use crate::state::writer::{StateWriter, decisions};
use crate::state::{StateFile, Store};

struct Disk {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Disk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
        Self { _folder: folder, store }
    }

    /// Writes the changes among the effects, and passes on what the writer reports.
    fn write(&self, effects: Vec<Effect>, tui: &mut Tui) {
        let (sender, reports) = mpsc::channel();
        let writer = StateWriter::start(self.store.clone(), move |event| {
            sender.send(event).unwrap();
        });
        for effect in effects {
            if let Effect::Keep(change) = effect {
                writer.write(change);
            }
        }
        drop(writer);
        for event in reports {
            let more = receive(tui, event.into());
            self.write(more, tui);
        }
    }

    fn press(&self, keys: &str, tui: &mut Tui) {
        let effects = press(tui, keys);
        self.write(effects, tui);
    }

    fn decision(&self, name: &str, id: &str) -> Option<Decision> {
        let file = decisions(&self.store, &CustomerKey::of_profile(name)).unwrap();
        file.entries.get(id)?.decision
    }

    fn all(&self) -> [Option<Decision>; 3] {
        NAMES.map(|name| self.decision(name, "same"))
    }
}

/// A queue whose clock is today's, since the writer removes old entries.
fn today() -> Tui {
    let mut tui = queue();
    let now = crate::clock::Clock::start().now();
    tui.cx.now = now;
    update(&mut tui, now, Msg::Woken);
    tui
}

fn go_to(tui: &mut Tui, row: &str) {
    press(tui, "g");
    let at = shown(tui).iter().position(|it| it == row).unwrap();
    (0..at).for_each(|_| _ = press(tui, "j"));
}

#[test]
fn equal_ids_of_three_customers_stay_apart_on_disk_also_when_undone() {
    let (disk, mut tui) = (Disk::new(), today());
    let [done, dispute, waiver] = [Decision::Done, Decision::Dispute, Decision::Waiver].map(Some);
    for (row, key, expected) in [
        ("globex same", "d", [None, done, None]),
        ("acme same", "D", [dispute, done, None]),
        ("initech same", "W", [dispute, done, waiver]),
    ] {
        go_to(&mut tui, row);
        disk.press(key, &mut tui);
        assert_eq!(disk.all(), expected);
    }
    for expected in [[dispute, done, None], [None, done, None], [None; 3]] {
        disk.press("u", &mut tui);
        assert_eq!(disk.all(), expected);
    }
    for name in NAMES {
        let customer = CustomerKey::of_profile(name);
        let read = PersistedState::read(&disk.store, &customer);
        assert_eq!(read.memory, *memory(&tui, name), "the own session of {name} sees the same");
    }
}

#[test]
fn a_collision_in_one_file_changes_no_other() {
    let (disk, mut tui) = (Disk::new(), today());
    let theirs = Entry {
        session: 7,
        decision: Some(Decision::Dispute),
        decided: tui.cx.now.utc,
        ..Entry::default()
    };
    // Another session decides about globex, which this one does not know.
    let file =
        Memory { entries: [("same".to_owned(), theirs.clone())].into(), ..Memory::default() };
    let customer = CustomerKey::of_profile("globex");
    disk.store.change(StateFile::Triage(&customer), |_| Ok(file.write().unwrap())).unwrap();
    go_to(&mut tui, "acme same");
    disk.press("d", &mut tui);
    assert!(notice(&tui).starts_with("Marked as done"), "{}", notice(&tui));
    go_to(&mut tui, "globex same");
    disk.press("d", &mut tui);
    assert!(notice(&tui).starts_with("globex: Note: another session"), "{}", notice(&tui));
    assert_eq!(disk.all(), [Some(Decision::Done), Some(Decision::Done), None]);
    disk.press("u", &mut tui);
    let globex = decisions(&disk.store, &customer).unwrap();
    assert_eq!(globex.entries["same"], theirs, "theirs is restored");
    assert_eq!(disk.all(), [Some(Decision::Done), Some(Decision::Dispute), None]);
    disk.press("u", &mut tui);
    assert_eq!(disk.all(), [None, Some(Decision::Dispute), None]);
}
