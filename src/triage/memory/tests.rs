//! What is remembered: written and read again, newest decisions, pruning, broken files.

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

fn decided(id: &str, verdict: Option<Verdict>) -> Remember {
    let entry = Entry { verdict, ..Entry::new(&penalty(id, "notify")) };
    of_session(0, id, entry, None, false)
}

fn of_session(
    session: u32,
    id: &str,
    entry: Entry,
    known: Option<Entry>,
    is_undo: bool,
) -> Remember {
    let entries = BTreeMap::from([(id.to_owned(), Decision { entry, known })]);
    Remember::Decided(Decided { session, entries, is_undo })
}

#[test]
fn a_decision_shows_what_another_session_had_decided_and_undo_leaves_it() {
    let today = day("2026-11-20");
    let noon = millis("2026-11-20T12:00:00Z");
    let entry = |session, verdict| Entry {
        session,
        verdict: Some(verdict),
        ..Entry::new(&penalty("1", "notify"))
    };
    let (one, two) = (entry(1, Verdict::Done), entry(2, Verdict::Dispute));
    let mut memory = Memory::default();
    let mut keep = |what| memory.remember(&what, noon, today);
    assert_eq!(keep(of_session(1, "1", one.clone(), None, false)), []);
    // The second session began before the first one decided.
    let met = keep(of_session(2, "1", two.clone(), None, false));
    assert_eq!(met.len(), 1);
    assert!(met[0].theirs.as_ref().unwrap().is_same(&one) && !met[0].is_left);
    // The first takes back what is no longer there.
    let met = keep(of_session(1, "1", Entry::default(), Some(one.clone()), true));
    assert!(met[0].theirs.as_ref().unwrap().is_same(&two) && met[0].is_left);
    // The second restores what it replaced.
    assert_eq!(keep(of_session(2, "1", one.clone(), Some(two), true)), []);
    assert_eq!(keep(of_session(1, "1", Entry::default(), Some(one), true)), []);
    assert!(memory.entries.is_empty());
}

#[test]
fn a_decision_that_was_forgotten_for_its_age_is_no_decision_of_another_session() {
    let today = day("2026-11-20");
    let noon = millis("2026-11-20T12:00:00Z");
    let entry = |session, verdict, decided| Entry {
        session,
        verdict: Some(verdict),
        decided: millis(decided),
        ..Entry::new(&penalty("1", "notify"))
    };
    let mine = entry(2, Verdict::Done, "2026-11-20T12:00:00Z");
    for (decided, is_forgotten) in [("2026-08-21T10:00:00Z", true), ("2026-08-22T10:00:00Z", false)]
    {
        let theirs = entry(1, Verdict::Dispute, decided);
        let mut memory = Memory::default();
        let mut keep = |what| memory.remember(&what, noon, today);
        let met = keep(of_session(2, "1", mine.clone(), Some(theirs.clone()), false));
        assert_eq!(met.is_empty(), is_forgotten, "{met:?}");
        // Undo brings back what this session still knew.
        let met = keep(of_session(2, "1", theirs.clone(), Some(mine.clone()), true));
        assert!(met.is_empty() && memory.entries["1"].is_same(&theirs), "{met:?}");
        // Also where it takes back nothing but what was forgotten.
        let mut memory = Memory::default();
        let met =
            memory.remember(&of_session(2, "1", mine.clone(), Some(theirs), true), noon, today);
        assert_eq!((met.is_empty(), memory.entries.is_empty()), (is_forgotten, !is_forgotten));
    }
    // What this session decided is new, whatever time it has from an older decision.
    let own = entry(2, Verdict::Done, "2026-01-01T10:00:00Z");
    let met = Memory::default().remember(
        &of_session(2, "1", Entry::default(), Some(own), true),
        noon,
        today,
    );
    assert!(met[0].is_left && met[0].theirs.is_none(), "cleared by another session");
}

#[test]
fn everything_survives_a_round_through_the_file() {
    let mut memory = Memory::default();
    let entry = Entry {
        snoozed_until: Some(day("2026-12-01")),
        note: "called Łukasz, \"no\"\u{202e}".to_owned(),
        is_flagged: true,
        ..Entry::new(&penalty("1", "notify"))
    };
    memory.remember(
        &of_session(0, "1", entry, None, false),
        millis("2026-11-20T10:00:00Z"),
        day("2026-11-20"),
    );
    let met = MetList { is_whole: true, ..MetList::of([&penalty("1", "paid")], day("2026-11-20")) };
    memory.remember(&Remember::Met("penalties", met), 0, day("2026-11-20"));
    assert_eq!(Memory::read(&memory.write().unwrap()).unwrap(), memory);
    assert_eq!(Memory::read(" \n").unwrap(), Memory::default());
}

#[test]
fn the_newest_decision_stands_though_the_clock_was_set_back_and_others_stay() {
    let (noon, earlier) = (millis("2026-11-20T12:00:00Z"), millis("2026-11-20T11:00:00Z"));
    let today = day("2026-11-20");
    let mut memory = Memory::default();
    memory.remember(&decided("1", Some(Verdict::Done)), noon, today);
    memory.remember(&decided("2", Some(Verdict::Dispute)), noon, today);
    memory.remember(&decided("1", Some(Verdict::Waiver)), earlier, today);
    assert_eq!(memory.entries["1"].verdict, Some(Verdict::Waiver));
    assert_eq!(memory.entries["1"].decided, noon + 1);
    assert_eq!(memory.entries["2"].verdict, Some(Verdict::Dispute));
    memory.remember(&decided("1", None), noon, today);
    assert_eq!(memory.entries.keys().collect::<Vec<_>>(), ["2"], "a verdict taken back is gone");
}

#[test]
fn what_was_neither_decided_nor_met_for_ninety_days_is_forgotten() {
    let mut memory = Memory::default();
    let old = day("2026-08-22");
    memory.remember(&decided("1", Some(Verdict::Done)), millis("2026-08-22T10:00:00Z"), old);
    memory.remember(&decided("2", Some(Verdict::Done)), millis("2026-08-22T10:00:00Z"), old);
    let both = [&penalty("1", "paid"), &penalty("2", "paid")];
    memory.remember(&Remember::Met("penalties", MetList::of(both, old)), 0, old);
    let mut on_the_last_day = memory.clone();
    on_the_last_day.prune(day("2026-11-20"));
    assert_eq!(on_the_last_day.entries.len(), 2);
    let met = MetList::of([&penalty("2", "paid")], day("2026-11-21"));
    memory.remember(&Remember::Met("penalties", met), 0, day("2026-11-21"));
    assert_eq!(memory.entries.keys().collect::<Vec<_>>(), ["2"], "it still comes with every list");
    assert_eq!(memory.met["penalties"].rows.len(), 1);
}

#[test]
fn of_too_many_rows_those_that_were_met_longest_ago_are_forgotten() {
    let rows = |ids: &[&str], met| {
        MetList::of(ids.iter().map(|id| penalty(id, "paid")).collect::<Vec<_>>().iter(), day(met))
    };
    let mut list = MetList { is_whole: true, ..rows(&["1", "2", "3"], "2026-11-20") };
    list.keep_newest(3);
    assert!(list.is_whole && list.rows.len() == 3);
    list.rows.extend(rows(&["4", "5"], "2026-11-21").rows);
    list.keep_newest(3);
    assert_eq!(list.rows.keys().collect::<Vec<_>>(), ["3", "4", "5"]);
    assert!(!list.is_whole, "what is not among them need not be new");
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
    memory.remember(&decided("1", Some(Verdict::Notify)), 1_800_000_000_000, day("2026-11-20"));
    let text = memory.write().unwrap();
    for length in 1..text.trim_end().len() {
        assert!(Memory::read(text.get(..length).unwrap()).is_err(), "{length}");
    }
}
