//! Where the cursor moves while a search narrows the rows, and which rows searches keep.

use crate::list::Spec;
use crate::list::record::Record;
use crate::list::sort::Sort;
use crate::tui::component::table::Table;
use crate::tui::keymap::Step;

fn spec() -> &'static Spec {
    Spec::named("penalties").unwrap()
}

fn rows(numbers: impl IntoIterator<Item = usize>) -> Vec<Record> {
    let row = |id: usize| {
        let day = id % 28 + 1;
        let json = format!(
            r#"{{"id":"{id}","booking_id":"BK{id}","amount":{id},"due_date":"2026-11-{day:02}"}}"#
        );
        Record::read(spec(), &json)
    };
    numbers.into_iter().map(row).collect()
}

/// 100 rows with the cursor on the one with this number.
fn table_at(row: usize) -> Table {
    let mut table = Table::new(spec());
    table.extend(rows(0..100));
    for _ in 0..row {
        table.step(Step::Down, 20);
    }
    table
}

fn here(table: &Table) -> String {
    table.selected().map_or_else(String::new, |record| record.cell(0).into_owned())
}

#[test]
fn a_search_goes_to_the_nearest_match_and_an_empty_one_back_to_the_row_before() {
    let mut table = table_at(51);
    let top = table.top();
    for (typed, at) in [
        ("k", "BK51"),
        ("bk6", "BK60"),
        ("bk60", "BK60"),
        ("bk", "BK51"),
        ("bk5", "BK51"),
        ("bk1", "BK19"),
        ("bk9", "BK90"),
        ("nothing", ""),
        ("", "BK51"),
    ] {
        table.narrow(typed);
        assert_eq!(here(&table), at, "{typed}");
    }
    assert_eq!((table.cursor(), table.top()), (51, top));
}

#[test]
fn the_nearest_match_is_that_of_the_order_on_the_screen() {
    let by_amount = Some(Sort { column: "amount", descending: true });
    let mut table = table_at(51);
    table.sort_by(by_amount, chrono::NaiveDate::default());
    table.narrow("bk6");
    assert_eq!(here(&table), "BK6", "69 to 60 are above");
    table.narrow("bk4");
    assert_eq!(here(&table), "BK49");
    table.narrow("");
    assert_eq!(here(&table), "BK51");
    let mut table = table_at(0);
    table.set_queue(Some(&[9, 60, 8, 61, 7]));
    table.step(Step::Last, 20);
    table.step(Step::Up, 20);
    table.step(Step::Up, 20);
    assert_eq!(here(&table), "BK8");
    table.narrow("bk6");
    assert_eq!(here(&table), "BK61");
}

#[test]
fn rows_that_were_found_stay_and_are_narrowed_again_and_given_back_one_search_at_a_time() {
    let mut table = table_at(51);
    table.narrow("bk1");
    table.keep_found();
    assert_eq!((table.len(), table.found().join(",").as_str()), (11, "bk1"));
    assert_eq!(here(&table), "BK19", "the cursor stays where the search has put it");
    table.step(Step::First, 20);
    table.narrow("12");
    assert_eq!((table.len(), here(&table).as_str()), (2, "BK11"));
    table.keep_found();
    assert_eq!(table.found(), ["bk1", "12"]);
    table.narrow("x");
    table.narrow("");
    assert_eq!(table.len(), 2, "a search that is cleared ends itself alone");
    assert_eq!(table.drop_found().as_deref(), Some("12"));
    assert_eq!((table.len(), here(&table).as_str()), (11, "BK11"));
    assert_eq!(table.drop_found().as_deref(), Some("bk1"));
    assert_eq!((table.len(), table.drop_found()), (100, None));
}

#[test]
fn what_was_found_is_kept_through_a_refresh_and_later_rows_that_match_join() {
    let mut table = table_at(0);
    table.narrow("bk1");
    table.keep_found();
    table.extend(rows(100..120));
    assert_eq!(table.len(), 31);
    table.replace([rows(0..20)]);
    assert_eq!(table.len(), 11);
    // More rows than are searched immediately.
    table.replace([rows(0..6_000)]);
    assert_eq!((table.len(), table.is_behind()), (0, true), "none is shown before it is searched");
    let job = table.take_job(false).unwrap();
    assert!(table.accept(Some(job.run())));
    assert_eq!((table.len(), here(&table).as_str()), (1_111, "BK1"));
    table.extend(rows([10_000, 20_000]));
    assert_eq!(table.len(), 1_112);
}

#[test]
fn among_many_rows_the_cursor_comes_back_too() {
    let mut table = Table::new(spec());
    table.extend(rows(0..6_000));
    table.sort_by(Some(Sort { column: "amount", descending: true }), chrono::NaiveDate::default());
    let finish = |table: &mut Table| {
        let job = table.take_job(false).unwrap();
        assert!(table.accept(Some(job.run())));
    };
    finish(&mut table);
    table.go_to_row(51);
    for (typed, at) in [("bk5", "BK5899"), ("bk4", "BK4999"), ("", "BK5948")] {
        table.narrow(typed);
        finish(&mut table);
        assert_eq!(here(&table), if typed == "bk5" { "BK5948" } else { at }, "{typed}");
    }
    table.narrow("bk4");
    table.keep_found();
    finish(&mut table);
    assert_eq!((here(&table).as_str(), table.found().len()), ("BK4999", 1));
}

#[test]
fn searches_that_are_empty_or_known_are_not_kept_and_never_too_many() {
    let mut table = table_at(0);
    for typed in [" ", "", "bk1", "bk1 "] {
        table.narrow(typed);
        table.keep_found();
    }
    assert_eq!(table.found(), ["bk1"]);
    for digit in 0..12 {
        table.narrow(&format!("b{digit}"));
        table.keep_found();
    }
    assert_eq!(table.found().len(), 9);
    assert_eq!(table.found().last().map(String::as_str), Some("b11"));
}
