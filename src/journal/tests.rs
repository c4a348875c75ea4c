//! Looks at lists over several days: what is new, gone or changed since a day, and what cannot be
//! known.

use super::compare::Compared;
use super::look::LookBuilder;
use super::rows::Entry;
use super::*;
use crate::list::Spec;
use crate::list::record::Record;

fn day(text: &str) -> NaiveDate {
    format!("2026-{text}").parse().unwrap()
}

fn spec(list: &str) -> &'static Spec {
    Spec::named(list).unwrap()
}

/// Debts as `1:overdue:12000`: id, status, what remains.
fn debts(rows: &str) -> Vec<Record> {
    let row = |row: &str| {
        let mut parts = row.split(':');
        let [id, status, left] = [(); 3].map(|()| parts.next().unwrap());
        let json = format!(
            r#"{{"id":"{id}","reference_id":"BK{id}","status":"{status}","amount":12000,
                "currency":"EUR","remaining_amount":{left},"beneficiary":"Jane Doe",
                "iban":"ES9121000418450200051332","account_name":"Jane Doe"}}"#
        );
        Record::read(spec("debt"), &json)
    };
    rows.split_whitespace().map(row).collect()
}

/// Transactions as `1:11-20:500`: booking, date, amount.
fn payouts(rows: &str) -> Vec<Record> {
    let row = |row: &str| {
        let mut parts = row.split(':');
        let [booking, date, amount] = [(); 3].map(|()| parts.next().unwrap());
        let json = format!(
            r#"{{"booking_id":"BK{booking}","issued_on":"2026-{date}","amount":{amount},
                "currency":"EUR","beneficiary":"Jane Doe","bank_account":"ES91"}}"#
        );
        Record::read(spec("transactions"), &json)
    };
    rows.split_whitespace().map(row).collect()
}

fn look(records: &[Record], total: u64) -> Look {
    let mut builder = LookBuilder::new(records[0].spec());
    builder.add(records);
    builder.take(Some(total), total == records.len() as u64, false).unwrap()
}

fn add(journal: &mut Journal, on: &str, records: &[Record], total: u64) {
    journal.add(records[0].spec().key, &look(records, total), day(on));
}

fn since(journal: &Journal, list: &str, since: Option<&str>, today: &str) -> Compared {
    journal.compare_list(spec(list), since.map(day), day(today))
}

/// `changed BK1 Status overdue → paid`, a line for each entry.
fn lines(compared: &Compared) -> Vec<String> {
    let line = |entry: &Entry| {
        let field = entry.difference.as_ref().map_or("", |difference| difference.label);
        let [old, new] = entry.values();
        let kind: &str = entry.change.kind.into();
        format!("{kind} {} {field} {old} → {new}", entry.booking())
    };
    Entry::all(std::slice::from_ref(compared)).iter().map(line).collect()
}

#[test]
fn the_second_start_of_a_day_forgets_nothing() {
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &debts("1:overdue:12000 2:pending:500"), 2);
    let changes = ["changed BK1 Status overdue → paid", "changed BK1 Remaining 120.00 → 0.00"];
    for _start in 0..3 {
        add(&mut journal, "11-20", &debts("1:paid:0 2:pending:500"), 2);
        assert_eq!(lines(&since(&journal, "debt", None, "11-20")), changes);
        assert_eq!(lines(&since(&journal, "debt", Some("11-19"), "11-20")), changes);
    }
    // On the next day they are known.
    add(&mut journal, "11-21", &debts("1:paid:0 2:pending:500"), 2);
    assert_eq!(lines(&since(&journal, "debt", None, "11-21")), [""; 0]);
    assert_eq!(lines(&since(&journal, "debt", Some("11-19"), "11-21")), changes);
}

#[test]
fn a_first_look_has_nothing_to_compare_with_and_a_later_one_of_the_same_day_has() {
    let mut journal = Journal::default();
    assert_eq!(since(&journal, "debt", None, "11-20").coverage(day("11-20")), "not loaded yet");
    add(&mut journal, "11-20", &debts("1:overdue:12000"), 1);
    let first = since(&journal, "debt", None, "11-20");
    assert_eq!((first.then.is_none(), lines(&first).len()), (true, 0));
    assert_eq!(first.coverage(day("11-20")), "all 1 row; nothing to compare with yet");
    add(&mut journal, "11-20", &debts("1:paid:0 2:pending:700"), 2);
    let second = since(&journal, "debt", Some("11-01"), "11-20");
    assert_eq!(second.then.as_ref().unwrap().0, day("11-20"), "the day on which it began");
    let new = "new BK2   → EUR 120.00, pending";
    assert_eq!(lines(&second).last().unwrap(), new);
    assert_eq!(second.counts(), "1 new, 1 changed");
}

#[test]
fn a_day_without_a_look_is_the_last_one_before_it() {
    let mut journal = Journal::default();
    for (on, row) in [("11-13", "1:pending:1"), ("11-16", "1:overdue:1"), ("11-20", "1:paid:1")] {
        add(&mut journal, on, &debts(row), 1);
    }
    let table = [
        (None, "11-16", "overdue → paid"),
        (Some("11-20"), "11-16", "overdue → paid"),
        (Some("11-19"), "11-16", "overdue → paid"),
        (Some("11-15"), "11-13", "pending → paid"),
        (Some("11-01"), "11-13", "pending → paid"),
    ];
    for (asked, then, words) in table {
        let compared = since(&journal, "debt", asked, "11-20");
        assert_eq!(compared.then.as_ref().unwrap().0, day(then), "{asked:?}");
        assert_eq!(lines(&compared), [format!("changed BK1 Status {words}")]);
    }
}

#[test]
fn gone_is_claimed_only_where_all_rows_were_loaded_then_and_now() {
    let (two, one) = ("1:overdue:1 2:overdue:1", "1:overdue:1");
    for (then_total, now_total, is_gone) in [(2, 1, true), (3, 1, false), (2, 2, false)] {
        let mut journal = Journal::default();
        add(&mut journal, "11-19", &debts(two), then_total);
        add(&mut journal, "11-20", &debts(one), now_total);
        let compared = since(&journal, "debt", None, "11-20");
        let gone = ["gone BK2  EUR 120.00, overdue → "];
        assert_eq!(lines(&compared) == gone, is_gone, "{then_total} {now_total}");
        assert_eq!(lines(&compared).is_empty(), !is_gone);
        assert_eq!(compared.coverage(day("11-20")).contains("unknown"), !is_gone);
    }
    // It is listed again.
    let mut journal = Journal::default();
    for (on, rows) in [("11-18", two), ("11-19", one), ("11-20", two)] {
        add(&mut journal, on, &debts(rows), debts(rows).len() as u64);
    }
    assert_eq!(since(&journal, "debt", None, "11-20").counts(), "1 new");
    assert_eq!(since(&journal, "debt", Some("11-18"), "11-20").counts(), "no changes");
}

#[test]
fn after_a_later_look_at_a_part_all_rows_are_claimed_only_for_the_earlier_one() {
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &debts("1:overdue:1 2:overdue:1"), 2);
    add(&mut journal, "11-20", &debts("1:paid:1"), 1);
    add(&mut journal, "11-20", &debts("1:paid:1"), 3);
    let compared = since(&journal, "debt", None, "11-20");
    let words = "loaded all 1 row, later again the first 1 of 3 rows, compared with 2026-11-19 (all 2 rows); \
                 for rows that were not loaded again, later changes are unknown";
    assert_eq!(compared.coverage(day("11-20")), words);
    assert!(!compared.is_complete(day("11-20")));
    assert_eq!(compared.counts(), "1 changed, 1 gone", "as the earlier one showed");
    // Compared with that day's complete look, a row is new.
    add(&mut journal, "11-21", &debts("1:paid:1 3:overdue:1"), 2);
    let next = since(&journal, "debt", None, "11-21");
    assert_eq!((next.counts().as_str(), next.is_complete(day("11-21"))), ("1 new", true));
    assert!(!next.is_complete(day("11-22")), "loaded on another day");
    add(&mut journal, "11-20", &debts("1:paid:1 3:overdue:1 4:paid:1"), 3);
    let compared = since(&journal, "debt", None, "11-20");
    assert_eq!(compared.coverage(day("11-20")), "all 3 rows, compared with 2026-11-19");
}

#[test]
fn the_days_compared_with_are_named_and_so_is_the_one_that_was_asked_for() {
    let mut journal = Journal::default();
    let words = |journal: &Journal, asked: Option<&str>| {
        let asked = asked.map(day);
        let (day, remark) = compare::since(&journal.compare(asked, self::day("11-20")), asked);
        format!("{day}; {}", remark.unwrap_or_default())
    };
    assert_eq!(words(&journal, None), "the last saved day before today; ");
    assert_eq!(words(&journal, Some("11-18")), "2026-11-18; ");
    for on in ["11-16", "11-18", "11-20"] {
        add(&mut journal, on, &debts("1:paid:1"), 1);
    }
    assert_eq!(words(&journal, None), "2026-11-18; ");
    assert_eq!(words(&journal, Some("11-18")), "2026-11-18; ");
    let asked = "2026-11-16; nearest saved day; 2026-11-17 was requested";
    assert_eq!(words(&journal, Some("11-17")), asked);
    let asked = "2026-11-16; nearest saved day; 2026-11-01 was requested";
    assert_eq!(words(&journal, Some("11-01")), asked, "it does not reach that far");
    for on in ["11-15", "11-20"] {
        add(&mut journal, on, &payouts("1:11-19:500"), 1);
    }
    let asked = "2026-11-15 to 2026-11-18, depending on the list; nearest saved days; \
                 2026-11-18 was requested";
    assert_eq!(words(&journal, Some("11-18")), asked);
}

#[test]
fn of_a_part_only_rows_newer_than_all_that_was_loaded_are_new() {
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &payouts("1:11-19:500 2:11-10:500 3:11-05:500"), 2_113);
    let now =
        payouts("4:11-20:500 1:11-19:500 5:11-10:700 2:11-10:500 3:11-05:500 6:11-05:1 7:11-01:1");
    add(&mut journal, "11-20", &now, 2_115);
    let compared = since(&journal, "transactions", None, "11-20");
    let new = ["new BK4   → EUR 5.00", "new BK5   → EUR 7.00"];
    assert_eq!(lines(&compared), new, "of BK6 and BK7 nobody knows");
    let words = "first 7 of 2,115 rows, compared with 2026-11-19 (first 3 of 2,113 rows); \
                 rows that are gone, and new rows with older dates, cannot be found";
    assert_eq!(compared.coverage(day("11-20")), words);
    // Rows without an order do not show whether other rows are new.
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &payouts("2:11-10:500 1:11-19:500"), 2_113);
    add(&mut journal, "11-20", &now, 2_115);
    assert_eq!(lines(&since(&journal, "transactions", None, "11-20")), [""; 0]);
}

#[test]
fn rows_without_ids_are_counted_where_several_look_the_same() {
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &payouts("1:11-19:500 1:11-19:500"), 2);
    add(&mut journal, "11-20", &payouts("1:11-19:500 1:11-19:500 1:11-19:500"), 3);
    assert_eq!(since(&journal, "transactions", None, "11-20").counts(), "1 new");
    add(&mut journal, "11-21", &payouts("1:11-19:500"), 1);
    assert_eq!(since(&journal, "transactions", None, "11-21").counts(), "2 gone");
    // In a list with ids, rows without an id or with a duplicate one prove nothing.
    let rows = debts("1:paid:1 2:paid:1");
    let double = [rows[0].clone(), rows[0].clone()];
    let mut journal = Journal::default();
    add(&mut journal, "11-19", &rows, 2);
    add(&mut journal, "11-20", &double, 2);
    assert_eq!(lines(&since(&journal, "debt", None, "11-20")), [""; 0]);
}

#[test]
fn pages_of_one_load_are_one_look_and_filters_make_it_a_part() {
    let rows = debts("1:paid:1 2:paid:1 3:paid:1");
    let mut builder = LookBuilder::new(spec("debt"));
    builder.add(&rows[..2]);
    let first = builder.take(Some(3), false, false).unwrap();
    assert_eq!((first.rows.len(), first.present.is_none()), (2, true));
    builder.add(&rows[2..]);
    let second = builder.take(Some(3), true, false).unwrap();
    assert_eq!((second.rows.len(), second.present.as_ref().unwrap().len()), (1, 3));
    assert!(builder.take(Some(3), true, false).is_none(), "nothing new");
    let mut journal = Journal::default();
    for look in [&first, &second] {
        journal.add("debt", look, day("11-19"));
    }
    let mut builder = LookBuilder::new(spec("debt"));
    builder.add(&debts("1:overdue:1"));
    let filtered = builder.take(Some(1), true, true).unwrap();
    assert_eq!((&filtered.extent, &filtered.present), (&None, &None));
    journal.add("debt", &filtered, day("11-20"));
    add(&mut journal, "11-20", &debts("1:overdue:1 2:paid:1"), 3);
    let words = lines(&since(&journal, "debt", None, "11-20"));
    assert_eq!(words, ["changed BK1 Status paid → overdue"]);
}

#[test]
fn the_file_holds_no_names_and_no_account_numbers_and_is_read_again() {
    let mut journal = Journal::default();
    add(&mut journal, "11-20", &debts("1:overdue:12000"), 1);
    add(&mut journal, "11-20", &payouts("1:11-19:500"), 1);
    add(&mut journal, "11-21", &debts("1:paid:0"), 1);
    let text = journal.write().unwrap();
    for secret in ["Jane", "ES91"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(Journal::read(&text).unwrap(), journal);
    assert_eq!(Journal::read("").unwrap(), Journal::default());
    for length in 1..text.trim_end().len() {
        assert!(Journal::read(text.get(..length).unwrap()).is_err(), "{length}");
    }
    assert_eq!(Journal::read("{\"version\":2}"), Err(Unreadable::Newer(2)));
}

#[test]
fn old_looks_and_rows_that_were_not_seen_for_ninety_days_are_removed() {
    let mut journal = Journal::default();
    add(&mut journal, "01-01", &debts("1:pending:1 2:pending:1"), 2);
    add(&mut journal, "02-01", &debts("1:overdue:1"), 2);
    add(&mut journal, "04-20", &debts("1:paid:1"), 1);
    let list = &journal.lists["debt"];
    assert_eq!(list.looks.keys().copied().collect::<Vec<_>>(), [day("02-01"), day("04-20")]);
    assert_eq!(list.rows.keys().collect::<Vec<_>>(), ["1"]);
    let compared = since(&journal, "debt", Some("01-01"), "04-20");
    assert_eq!(compared.then.as_ref().unwrap().0, day("02-01"), "as far as it reaches");
    assert_eq!(lines(&compared), ["changed BK1 Status overdue → paid"]);
    let mut list = list.clone();
    list.keep_newest(0);
    assert!(list.rows.is_empty() && list.looks.values().all(|look| !look.is_complete));
}

#[test]
fn a_clock_that_was_ahead_does_not_stop_the_journal() {
    let mut journal = Journal::default();
    add(&mut journal, "12-30", &debts("1:pending:1"), 1);
    add(&mut journal, "11-19", &debts("1:overdue:1"), 1);
    add(&mut journal, "11-20", &debts("1:paid:1"), 1);
    assert_eq!(
        lines(&since(&journal, "debt", None, "11-20")),
        ["changed BK1 Status overdue → paid"]
    );
}

#[test]
fn rows_of_an_earlier_version_are_what_the_first_look_is_compared_with() {
    let text = concat!(
        r#"{"version":1,"entries":{},"met":{"debt":{"is_whole":true,"rows":{"#,
        r#""1":{"day":"2026-11-19","booking":"BK1","seen":{"status":"overdue","amount":"12000","#,
        r#""currency":"EUR","remaining_amount":"12000"}},"#,
        r#""2":{"day":"2026-10-01","booking":"BK2","seen":{"status":"overdue"}}}}}}"#
    );
    let mut journal = Journal::of_memory(&Memory::read(text).unwrap());
    add(&mut journal, "11-20", &debts("1:paid:12000 3:overdue:1"), 2);
    let compared = since(&journal, "debt", None, "11-20");
    assert_eq!(lines(&compared), ["changed BK1 Status overdue → paid"]);
}
