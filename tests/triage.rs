//! Triage in the whole dashboard: decided by keys, kept through the night, found again, changed since.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests may panic")]

#[cfg(test)]
#[path = "triage/closed.rs"]
mod closed;
#[cfg(test)]
mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::shapes::in_shape;
use common::{Dashboard, client, options, runtime};
use valora::clock::Clock;
use valora::domain::customer::CustomerKey;
use valora::filter::ListQuery;
use valora::filter::query::LARGEST_PAGE;
use valora::list::Spec;
use valora::list::record::Record;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::sandbox::Options;
use valora::sandbox::Revision;
use valora::sandbox::Sandbox;
use valora::sandbox::Shape;
use valora::state::StateFile;
use valora::state::Store;
use valora::state::persisted::PersistedState;
use valora::triage::Decision;
use valora::triage::id_of;
use valora::triage::memory::Memory;
use valora::triage::queue::Grouping;
use valora::triage::queue::Queue;
use valora::triage::queue::QueueOptions;

/// The penalties to decide, of those that are open.
const MOST_DECIDED: usize = 12;

fn store(folder: &Path) -> Store {
    Store::below(&folder.join("config"), &folder.join("state"))
}

fn recalled(store: &Store) -> Memory {
    let kept = PersistedState::read(store, &CustomerKey::demo());
    assert_eq!(kept.memory_fault, None);
    kept.memory
}

/// The rows of a list as a sandbox serves them.
fn rows(options: Options, list: &str) -> Vec<Record> {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let query = ListQuery::new(Spec::named(list).unwrap()).page(1, LARGEST_PAGE);
    let answer = runtime.block_on(client(&sandbox).send(&Request::List(query)));
    let Ok(Response::Page(page)) = answer else { panic!("{answer:?}") };
    page.rows
}

/// The ids of the penalties in the order of an untouched queue, the closed ones last.
fn queue(options: Options) -> Vec<String> {
    let records = rows(options, "penalties");
    let today = Clock::start().today();
    let memory = Memory::default();
    let options =
        QueueOptions { day: today, today, cell: None, grouping: Grouping::None, shows_all: true };
    let places = Queue::of(&records, &memory, &options).places;
    places.iter().map(|place| id_of(&records[*place]).unwrap().to_owned()).collect()
}

/// How many penalties are open, and how many closed.
fn open_and_closed(options: Options) -> (usize, usize) {
    let records = rows(options, "penalties");
    let open = records.iter().filter(|record| record.is_open()).count();
    (open, records.len() - open)
}

/// A session that shows the queue.
fn triage(options: Options, size: (u16, u16), store: &Store) -> Dashboard {
    let mut dashboard = Dashboard::start_with(options, size, Some(store.clone()));
    dashboard.wait_for("row 1 of ");
    dashboard.press("4");
    dashboard.wait_for("▸4 Penalties");
    dashboard.wait_for("t triage");
    dashboard.wait_for("row 1 of ");
    dashboard.press("t");
    dashboard.wait_for(" decided");
    dashboard
}

fn quit(mut dashboard: Dashboard) {
    dashboard.press("q");
    dashboard.wait_for("t triage");
    // Longer than a key is held down.
    dashboard.pass(1_000);
    dashboard.press("q");
    dashboard.ended().unwrap();
}

/// What one decision is: its keys, the verdict, whether it is a snooze, the note.
const DECISIONS: [(&str, Option<Decision>, &str); 7] = [
    ("d", Some(Decision::Done), ""),
    ("D", Some(Decision::Dispute), ""),
    ("W", Some(Decision::Waiver), ""),
    ("M", Some(Decision::Notify), ""),
    ("w enter", None, ""),
    ("i n o enter D", Some(Decision::Dispute), "no"),
    ("* i = 1 enter W", Some(Decision::Waiver), "=1"),
];

#[test]
fn penalties_are_decided_by_keys_alone_and_found_again_in_the_morning() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let ids = queue(options());
    let (open, _) = open_and_closed(options());
    assert!(open >= MOST_DECIDED, "{open}");
    let mut evening = triage(options(), (80, 24), &store);
    for (_, decision) in (0..MOST_DECIDED).zip(DECISIONS.iter().cycle()) {
        evening.press(decision.0);
    }
    let made = || ids.iter().zip(DECISIONS.iter().cycle()).take(MOST_DECIDED);
    let decided = made().filter(|(_, decision)| decision.1.is_some()).count();
    let shown = format!("{decided} of {open} decided");
    evening.wait_for(&shown);
    quit(evening);

    let tomorrow = Clock::start().today().succ_opt().unwrap();
    let memory = recalled(&store);
    assert_eq!(memory.entries.len(), MOST_DECIDED);
    for (id, (_, verdict, note)) in made() {
        let entry = &memory.entries[id];
        assert_eq!((entry.decision, entry.note.as_str()), (*verdict, *note), "{id}");
        assert_eq!(entry.snoozed_until, verdict.is_none().then_some(tomorrow), "{id}");
        assert_eq!(entry.is_flagged, *note == "=1", "{id}");
    }

    let mut morning = triage(options(), (140, 40), &store);
    morning.wait_for(&shown);
    morning.press("H");
    morning.wait_for("all shown");
    let path = folder.path().join("list.csv");
    morning.press("e ctrl-u");
    morning.type_text(path.to_str().unwrap());
    morning.press("enter");
    morning.wait_for("Exported ");
    let mut found = BTreeMap::new();
    let mut reader = csv::Reader::from_path(&path).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        found.insert(row[0].to_owned(), (row[8].to_owned(), row[9].to_owned()));
    }
    assert_eq!(found.len(), ids.len());
    for (id, (_, verdict, note)) in made() {
        let expected = match verdict {
            Some(verdict) => verdict.word().to_owned(),
            None => format!("snoozed until {tomorrow}"),
        };
        // A note that a spreadsheet would take for a formula is made a text.
        let note = if *note == "=1" { "'=1" } else { note };
        assert_eq!(found[id], (expected, note.to_owned()), "{id}");
    }
    quit(morning);
}

#[test]
fn what_changed_between_the_sessions_comes_back_with_old_and_new_values() {
    Shape::all().for_each(come_back);
}

fn is_overdue(row: &Record) -> bool {
    row.status().is_some_and(|status| status.eq_ignore_ascii_case("overdue"))
}

/// Goes through the first three penalties, which have changed; returns how many are said to be paid.
fn paid_of_three_changed(dashboard: &mut Dashboard) -> usize {
    let mut paid = 0;
    for row in 2..5 {
        let shown = dashboard.wait_for("since your decision:");
        paid += usize::from(shown.contains("It is paid now. d moves it"));
        dashboard.press("j");
        dashboard.wait_for(&format!("row {row} of "));
    }
    paid
}

fn come_back(shape: Shape) {
    let options = || in_shape(shape);
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let ids = queue(options());
    let debts = rows(options(), "debt");
    let (open, closed) = open_and_closed(options());
    let debt = debts.iter().find(|row| is_overdue(row)).and_then(id_of).unwrap().to_owned();
    let newcomer = ids[10].clone();
    let before = Options { revised: vec![Revision::Withheld(newcomer.clone())], ..options() };
    let mut evening = triage(before, (140, 40), &store);
    evening.wait_for("0 of ");
    evening.press("D d w enter M");
    evening.wait_for("3 of ");
    quit(evening);
    assert_eq!(recalled(&store).entries.len(), 4);

    let revised = vec![
        Revision::Paid(ids[0].clone()),
        Revision::Amount(ids[1].clone(), 123_456),
        Revision::Amount(ids[2].clone(), 99),
        Revision::WrittenOff(debt),
    ];
    let morning = || Options { revised: revised.clone(), ..options() };
    let mut dashboard = Dashboard::start_with(morning(), (140, 40), Some(store.clone()));
    // On the tabs: three that changed and one that is new; one debt.
    dashboard.wait_for(&format!("4 Penalties {} +4", ids.len()));
    dashboard.wait_for(&format!("5 Debt {} +1", debts.len()));
    dashboard.press(":");
    dashboard.type_text("changes");
    dashboard.press("enter");
    let shown = dashboard.wait_for("Penalties     1 new, 3 changed · all ");
    let has = |words: &[&str]| {
        shown.to_lowercase().lines().any(|line| words.iter().all(|word| line.contains(word)))
    };
    assert!(has(&["status", "pending", "paid"]), "{shown}");
    assert!(has(&["152.50", "1,234.56"]), "{shown}");
    assert!(has(&["penalties", "bk", "new"]), "{shown}");
    assert!(has(&["debt", "status", "overdue", "written off"]), "{shape} {shown}");
    dashboard.press("esc 4");
    dashboard.wait_for("t triage");
    dashboard.press("t");
    // The done and the snoozed one are back too: what changed comes first.
    let shown = dashboard.wait_for(" changed ");
    let rows = shown.lines().filter_map(|line| line.split_once(" changed "));
    let changed = rows.filter(|(_, rest)| rest.trim_start().starts_with("BK")).count();
    assert_eq!(changed, 3, "{shown}");
    // One of them is closed by now: it is shown once, and no longer counted as open.
    let open = open - 1;
    assert!(shown.contains(&format!("1 of {open} decided")), "{shown}");
    assert!(shown.contains(&format!("{closed} closed, H shows")), "{shown}");
    assert_eq!(paid_of_three_changed(&mut dashboard), 1);
    dashboard.press("g d d d");
    dashboard.wait_for(&format!("3 of {open} decided"));
    dashboard.wait_for(&format!("2 done, {} closed, H shows", closed + 1));
    quit(dashboard);

    let memory = recalled(&store);
    assert_eq!(memory.entries[&ids[0]].decision, Some(Decision::Done));
    let mut calm = triage(morning(), (80, 24), &store);
    let shown = calm.wait_for(&format!("3 of {open} decided"));
    assert!(!shown.contains("changed"), "{shown}");
    // Another start of the same day forgets nothing.
    calm.wait_for(&format!("{open} open +4"));
    quit(calm);
}

#[test]
fn of_two_sessions_on_one_penalty_the_other_decision_is_shown_and_undo_takes_back_only_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let first_id = queue(options()).remove(0);
    let verdict = || recalled(&store).entries.get(&first_id).and_then(|entry| entry.decision);
    let wait_for_file = |wanted| {
        for _ in 0..500 {
            if verdict() == wanted {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the file holds {:?} and not {wanted:?}", verdict());
    };
    let mut first = triage(options(), (140, 40), &store);
    let mut second = triage(options(), (140, 40), &store);
    first.press("D");
    wait_for_file(Some(Decision::Dispute));
    second.press("d");
    let shown = second.wait_for("another session decided about BK");
    assert!(shown.contains(": dispute at "), "{shown}");
    assert!(shown.contains("Yours replaces it: done"), "{shown}");
    first.press("u");
    let shown = first.wait_for("Not undone");
    assert!(shown.contains(": done at "), "{shown}");
    assert_eq!(verdict(), Some(Decision::Done));
    second.press("u");
    wait_for_file(Some(Decision::Dispute));
    quit(first);
    quit(second);
}

#[test]
fn a_refresh_brings_the_decisions_of_another_session_once_and_keeps_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let ids = queue(options());
    let (open, _) = open_and_closed(options());
    let decided = format!("2 of {open} decided");
    let news = "Another session's decisions";
    let wait_for_file = |count| {
        // The note is in the file before the decision is.
        let decisions = |memory: Memory| {
            memory.entries.into_values().filter(|entry| entry.decision.is_some()).count()
        };
        while decisions(recalled(&store)) < count {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    let mut first = triage(options(), (140, 40), &store);
    let mut second = triage(options(), (140, 40), &store);
    first.press("D");
    wait_for_file(1);
    second.press("j i n o t e enter W");
    wait_for_file(2);
    for session in [&mut first, &mut second] {
        session.press("r");
        session.wait_for(news);
        session.wait_for(&decided);
        session.press("j");
        session.wait_until_gone(news);
        // What it has taken over is its own truth now, to the millisecond.
        session.pass(2_000);
        session.press("r");
        std::thread::sleep(std::time::Duration::from_millis(300));
        let shown = session.wait_for(&decided);
        assert!(!shown.contains(news), "{shown}");
    }
    let memory = recalled(&store);
    assert_eq!(memory.entries[&ids[0]].decision, Some(Decision::Dispute));
    let other = &memory.entries[&ids[1]];
    assert_eq!((other.decision, other.note.as_str()), (Some(Decision::Waiver), "note"));
    // Undo takes back the first session's own decision only, and the second learns of it.
    first.press("u");
    first.wait_for(&format!("1 of {open} decided"));
    while recalled(&store).entries.len() > 1 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    second.pass(2_000);
    second.press("r");
    second.wait_for(news);
    second.wait_for(&format!("1 of {open} decided"));
    quit(first);
    quit(second);
}

#[test]
fn a_session_alone_is_told_of_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut dashboard = triage(options(), (140, 40), &store);
    dashboard.press("d r");
    dashboard.wait_for("1 of ");
    // Long enough for the state writer to read the file.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let shown = dashboard.wait_for(" decided");
    assert!(!shown.to_lowercase().contains("another session"), "{shown}");
    quit(dashboard);
}

#[test]
fn a_broken_file_is_set_aside_and_told_on_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let customer = CustomerKey::demo();
    store.change(StateFile::Triage(&customer), |_| Ok("{\"version\":1,".to_owned())).unwrap();
    let mut dashboard = Dashboard::start_with(options(), (140, 40), Some(store.clone()));
    let shown = dashboard.wait_for("It was renamed to");
    assert!(shown.contains("broken-1"), "{shown}");
    let aside = store.path(StateFile::Triage(&customer)).with_extension("broken-1");
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "{\"version\":1,");
    dashboard.press("q");
    dashboard.ended().unwrap();
}

#[test]
fn the_booking_is_asked_for_once_after_a_rest_and_never_while_keys_come() {
    let folder = tempfile::tempdir().unwrap();
    let mut dashboard = triage(options(), (140, 40), &store(folder.path()));
    dashboard.wait_for(": Adds up");
    // Those of other rows are asked for their owners only after it.
    let asked = dashboard.requests("conciliation/booking");
    assert_eq!(asked.iter().filter(|request| **request == asked[0]).count(), 1);
    dashboard.press("j k j k");
    dashboard.wait_for("row 1 of ");
    dashboard.press("j j j");
    dashboard.wait_for("row 4 of ");
    dashboard.press("k k k");
    dashboard.wait_for("row 1 of ");
    dashboard.wait_for(": Adds up");
    let all = dashboard.requests("conciliation/booking");
    let mut unique = all.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(all.len(), unique.len(), "none is fetched twice: {all:?}");
}
