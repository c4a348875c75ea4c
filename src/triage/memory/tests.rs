//! Stored decisions: writing and reading, the newest decisions, pruning, broken files.

use super::*;
use crate::list::Spec;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn millis(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
}

fn penalty(id: &str, status: &str) -> Record {
    let json = format!(r#"{{"id":"{id}","booking_id":"BK{id}","status":"{status}","amount":5}}"#);
    Record::read(Spec::named("penalties").unwrap(), &json)
}

fn decided(id: &str, decision: Option<Decision>, at: &str) -> MemoryChange {
    let entry = Entry { decision, decided: millis(at), ..Entry::new(&penalty(id, "notify")) };
    of_session(0, id, entry, None, false)
}

fn of_session(
    session: u32,
    id: &str,
    entry: Entry,
    known: Option<Entry>,
    is_undo: bool,
) -> MemoryChange {
    let entries = BTreeMap::from([(id.to_owned(), EntryChange { entry, known })]);
    MemoryChange::Decisions(Decisions { session, entries, is_undo })
}

fn entry(session: u32, decision: Decision, at: &str) -> Entry {
    let seen = Entry::new(&penalty("1", "notify"));
    Entry { session, decision: Some(decision), decided: millis(at), ..seen }
}

#[test]
fn a_decision_shows_what_another_session_had_decided_and_undo_leaves_it() {
    let today = day("2026-11-20");
    let one = entry(1, Decision::Done, "2026-11-20T12:00:00Z");
    let two = entry(2, Decision::Dispute, "2026-11-20T12:01:00Z");
    let mut memory = Memory::default();
    let mut keep = |change| memory.apply(&change, today);
    assert_eq!(keep(of_session(1, "1", one.clone(), None, false)), []);
    // The second session started before the first one decided.
    let found = keep(of_session(2, "1", two.clone(), None, false));
    assert_eq!(found.len(), 1);
    assert!(found[0].theirs.as_ref() == Some(&one) && !found[0].is_left);
    // The first session undoes a decision that is no longer stored.
    let found = keep(of_session(1, "1", Entry::default(), Some(one.clone()), true));
    assert!(found[0].theirs.as_ref() == Some(&two) && found[0].is_left);
    // The second session restores what it replaced.
    assert_eq!(keep(of_session(2, "1", one.clone(), Some(two), true)), []);
    assert_eq!(keep(of_session(1, "1", Entry::default(), Some(one), true)), []);
    assert!(memory.entries.is_empty());
}

#[test]
fn a_decision_that_was_pruned_for_its_age_is_no_decision_of_another_session() {
    let today = day("2026-11-20");
    let mine = entry(2, Decision::Done, "2026-11-20T12:00:00Z");
    let seen = SeenRows::of([&penalty("1", "notify")], today);
    for (decided, is_pruned) in [("2026-08-21T10:00:00Z", true), ("2026-08-22T10:00:00Z", false)] {
        let theirs = entry(1, Decision::Dispute, decided);
        let mut memory = Memory::default();
        memory.apply(&MemoryChange::Seen("penalties", seen.clone()), today);
        let mut keep = |change| memory.apply(&change, today);
        let found = keep(of_session(2, "1", mine.clone(), Some(theirs.clone()), false));
        assert_eq!(found.is_empty(), is_pruned, "{found:?}");
        // Undo restores what this session still knew.
        let found = keep(of_session(2, "1", theirs.clone(), Some(mine.clone()), true));
        assert!(found.is_empty() && memory.entries["1"] == theirs, "{found:?}");
        // Also if it undoes only pruned decisions.
        let mut memory = Memory::default();
        let found = memory.apply(&of_session(2, "1", mine.clone(), Some(theirs), true), today);
        assert_eq!((found.is_empty(), memory.entries.is_empty()), (is_pruned, !is_pruned));
    }
    // A decision of this session is new, whatever the time of an older one.
    let own = entry(2, Decision::Done, "2026-01-01T10:00:00Z");
    let found =
        Memory::default().apply(&of_session(2, "1", Entry::default(), Some(own), true), today);
    assert!(found[0].is_left && found[0].theirs.is_none(), "cleared by another session");
}

#[test]
fn a_session_knows_what_it_has_read_or_written_and_what_was_pruned() {
    let today = day("2026-11-20");
    let own = entry(1, Decision::Done, "2026-11-20T12:00:00Z");
    let theirs = entry(2, Decision::Dispute, "2026-11-20T12:00:00Z");
    let old = entry(2, Decision::Waiver, "2026-08-21T12:00:00Z");
    let memory = |entries: &[(&str, &Entry)]| Memory {
        entries: entries.iter().map(|(id, entry)| ((*id).to_owned(), (*entry).clone())).collect(),
        ..Memory::default()
    };
    let model = memory(&[("1", &own), ("2", &theirs), ("3", &old)]);
    let table = [
        (memory(&[("1", &own), ("2", &theirs), ("3", &old)]), true),
        (memory(&[("1", &own), ("2", &theirs)]), true),
        (memory(&[("1", &own), ("3", &old)]), false),
        (memory(&[("2", &theirs), ("3", &old)]), false),
        (memory(&[("1", &theirs), ("2", &theirs), ("3", &old)]), false),
        (memory(&[("1", &own), ("2", &theirs), ("3", &old), ("4", &old)]), false),
    ];
    for (file, is_known) in table {
        assert_eq!(model.knows_all_of(&file, 1, today), is_known, "{file:?}");
    }
}

#[test]
fn everything_survives_a_round_through_the_file() {
    let mut memory = Memory::default();
    let entry = Entry {
        snoozed_until: Some(day("2026-12-01")),
        note: "called Łukasz, \"no\"\u{202e}".to_owned(),
        is_flagged: true,
        decided: millis("2026-11-20T10:00:00Z"),
        ..Entry::new(&penalty("1", "notify"))
    };
    memory.apply(&of_session(0, "1", entry, None, false), day("2026-11-20"));
    let seen = SeenRows::of([&penalty("1", "paid")], day("2026-11-20"));
    memory.apply(&MemoryChange::Seen("penalties", seen), day("2026-11-20"));
    assert_eq!(memory.entries.len(), 1);
    assert_eq!(Memory::read(&memory.write().unwrap()).unwrap(), memory);
    assert_eq!(Memory::read(" \n").unwrap(), Memory::default());
}

#[test]
fn the_file_of_an_earlier_version_is_read_and_its_seen_rows_are_kept() {
    let old = concat!(
        r#"{"version":1,"entries":{"p1":{"booking":"BK1","verdict":"waiver","#,
        r#""snoozed_until":"2026-12-01","note":"x","is_flagged":true,"seen":{"status":"notify"},"#,
        r#""decided":1795000000000,"session":7}},"met":{"penalties":{"is_whole":true,"#,
        r#""rows":{"p1":{"day":"2026-11-20","booking":"BK1","seen":{"status":"notify"}}}}}}"#,
        "\n"
    );
    let memory = Memory::read(old).unwrap();
    assert_eq!(memory.entries["p1"].decision, Some(Decision::Waiver));
    assert_eq!(memory.seen["penalties"].rows["p1"].day, day("2026-11-20"));
    assert_eq!(memory.write().unwrap(), old.replace(r#""is_whole":true,"#, ""));
}

#[test]
fn the_decision_that_is_applied_last_stands_and_others_stay() {
    let (noon, earlier) = ("2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z");
    let today = day("2026-11-20");
    let mut memory = Memory::default();
    memory.apply(&decided("1", Some(Decision::Done), noon), today);
    memory.apply(&decided("2", Some(Decision::Dispute), noon), today);
    // The clock was set back.
    memory.apply(&decided("1", Some(Decision::Waiver), earlier), today);
    assert_eq!(memory.entries["1"].decision, Some(Decision::Waiver));
    assert_eq!(memory.entries["2"].decision, Some(Decision::Dispute));
    memory.apply(&decided("1", None, noon), today);
    assert_eq!(memory.entries.keys().collect::<Vec<_>>(), ["2"], "a decision taken back is gone");
}

#[test]
fn what_was_neither_decided_nor_seen_for_ninety_days_is_removed() {
    let mut memory = Memory::default();
    let old = day("2026-08-22");
    memory.apply(&decided("1", Some(Decision::Done), "2026-08-22T10:00:00Z"), old);
    memory.apply(&decided("2", Some(Decision::Done), "2026-08-22T10:00:00Z"), old);
    let both = [&penalty("1", "paid"), &penalty("2", "paid")];
    memory.apply(&MemoryChange::Seen("penalties", SeenRows::of(both, old)), old);
    let mut on_the_last_day = memory.clone();
    on_the_last_day.prune(day("2026-11-20"));
    assert_eq!(on_the_last_day.entries.len(), 2);
    let met = SeenRows::of([&penalty("2", "paid")], day("2026-11-21"));
    memory.apply(&MemoryChange::Seen("penalties", met), day("2026-11-21"));
    assert_eq!(memory.entries.keys().collect::<Vec<_>>(), ["2"], "it still comes with every list");
    assert_eq!(memory.seen["penalties"].rows.len(), 1);
}

#[test]
fn of_too_many_rows_those_that_were_seen_longest_ago_are_removed() {
    let rows = |ids: &[&str], met| {
        SeenRows::of(ids.iter().map(|id| penalty(id, "paid")).collect::<Vec<_>>().iter(), day(met))
    };
    let mut list = rows(&["1", "2", "3"], "2026-11-20");
    list.keep_newest(3);
    assert_eq!(list.rows.len(), 3);
    list.rows.extend(rows(&["4", "5"], "2026-11-21").rows);
    list.keep_newest(3);
    assert_eq!(list.rows.keys().collect::<Vec<_>>(), ["3", "4", "5"]);
}

#[test]
fn a_broken_text_is_no_memory_and_the_reason_quotes_none_of_it() {
    let table = [
        "{",
        "[]",
        "null",
        "{}",
        "secret",
        "{\"version\":0}",
        "{\"version\":1,\"entries\":[]}",
        "{\"version\":1,\"entries\":{\"a\":{\"snoozed_until\":\"soon\"}}}",
        "{\"version\":1,\"entries\":{\"a\":{\"verdict\":\"secret\"}}}",
    ];
    for text in table {
        let why = Memory::read(text).unwrap_err();
        assert!(matches!(why, Unreadable::Corrupt(_)), "{text}");
        assert!(!why.to_string().contains("secret"), "{why}");
    }
    assert_eq!(Memory::read("{\"version\":2}"), Err(Unreadable::Newer(2)));
    let later = r#"{"version":1,"entries":{"a":{"note":"x","new":1}},"more":{}}"#;
    assert_eq!(Memory::read(later).unwrap().entries["a"].note, "x");
}

#[test]
fn every_cut_of_a_file_is_told_from_a_whole_one() {
    let mut memory = Memory::default();
    memory.apply(&decided("1", Some(Decision::Notify), "2026-11-20T10:00:00Z"), day("2026-11-20"));
    let text = memory.write().unwrap();
    for length in 1..text.trim_end().len() {
        assert!(Memory::read(text.get(..length).unwrap()).is_err(), "{length}");
    }
}

#[test]
fn a_note_is_offered_for_several_penalties_only_if_all_have_it() {
    let entry = |note: &str| Entry { note: note.to_owned(), ..Entry::default() };
    let [one, same, other] = ["call", "call", "mail"].map(entry);
    assert_eq!(common_note([Some(&one), Some(&same)]), "call");
    for entries in [vec![Some(&one), Some(&other)], vec![Some(&one), None], vec![None], vec![]] {
        assert_eq!(common_note(entries), "");
    }
}
