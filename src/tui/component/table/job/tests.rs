//! Arranging many rows in the background: the newest job wins, and nothing is done twice.

use crate::domain::text::Untrusted;
use crate::state::persisted::ListColumns;
use crate::tui::component::table::job::*;
use crate::tui::keymap::Step;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn rows(numbers: std::ops::Range<usize>) -> Vec<Record> {
    let spec = Spec::named("penalties").unwrap();
    let row = |id: usize| {
        let minor = id * 7_919 % 100_003;
        let json = format!(r#"{{"id":"{id}","amount":{minor},"currency":"EUR"}}"#);
        Record::read(spec, &json)
    };
    numbers.map(row).collect()
}

fn large() -> Table {
    let mut table = Table::new(Spec::named("penalties").unwrap());
    table.extend(rows(0..AT_ONCE + 1_000));
    table
}

fn by_amount(descending: bool) -> Sort {
    Sort { column: "amount", descending }
}

fn amounts(table: &Table) -> Vec<i64> {
    (0..table.len()).map(|row| table.row(row).unwrap().minor("amount").unwrap()).collect()
}

#[test]
fn many_rows_are_sorted_beside_the_screen_and_the_newest_wish_wins() {
    let mut table = large();
    assert!(table.take_job(false).is_none(), "rows as they came need no work");
    table.sort_by(Some(by_amount(false)), today());
    let upwards = table.take_job(false).unwrap();
    assert_eq!(amounts(&table)[1], 7_919, "nothing has moved yet");
    table.sort_by(Some(by_amount(true)), today());
    assert!(table.take_job(false).is_none(), "one at a time");
    assert!(!table.accept(Some(upwards.run())), "an older job");
    let downwards = table.take_job(false).unwrap();
    assert!(table.take_job(false).is_none());
    assert!(table.accept(Some(downwards.run())));
    table.sort_by(Some(by_amount(false)), today());
    assert!(table.take_job(false).is_some());
    assert!(!table.accept(None), "it broke");
    assert!(amounts(&table).is_sorted_by(|a, b| a >= b));
    assert_eq!(table.cursor(), 0);
}

#[test]
fn what_amounts_are_sorted_by_is_known_for_the_order_that_is_shown() {
    let spec = Spec::named("penalties").unwrap();
    let row = |json: &str| Record::read(spec, json);
    let mut table = Table::new(spec);
    table.extend(vec![
        row(r#"{"id":"1","amount":900,"currency":"PLN","amount_eur":200}"#),
        row(r#"{"id":"2","amount":500,"currency":"EUR"}"#),
    ]);
    assert_eq!(table.amount_basis(), None);
    table.sort_by(Some(by_amount(true)), today());
    assert_eq!((table.amount_basis(), amounts(&table)), (Some(AmountBasis::Eur), vec![500, 900]));
    table.extend(vec![row(r#"{"id":"3","amount":1,"currency":"AED"}"#)]);
    assert_eq!(table.amount_basis(), Some(AmountBasis::Currency), "a row without it has come");
    assert_eq!(amounts(&table), [1, 500, 900]);
    table.sort_by(Some(Sort { column: "id", descending: true }), today());
    assert_eq!(table.amount_basis(), None);
}

#[test]
fn rows_that_come_meanwhile_are_shown_once_and_sorted_in_the_end() {
    let mut table = large();
    let all = table.len() + 500;
    table.step(Step::Down, 20);
    table.sort_by(Some(by_amount(false)), today());
    let job = table.take_job(true).unwrap();
    table.extend(rows(all - 500..all));
    assert!(table.accept(Some(job.run())));
    assert_eq!((table.len(), table.selected().unwrap().minor("amount")), (all, Some(7_919)));
    assert!(table.take_job(true).is_none(), "as long as more are to come");
    let rest = table.take_job(false).unwrap();
    assert!(table.accept(Some(rest.run())));
    assert!(amounts(&table).is_sorted());
    let total: i64 = amounts(&table).iter().sum();
    assert_eq!(
        table.figures().open.sums.iter().map(|(_, minor)| minor).sum::<i128>(),
        total.into()
    );
}

#[test]
fn a_search_over_many_rows_finds_those_that_come_later_too() {
    let mut table = large();
    table.narrow("79.19");
    let job = table.take_job(false).unwrap();
    table.extend(rows(100_003 + 1..100_003 + 2));
    assert!(table.accept(Some(job.run())));
    assert_eq!(table.len(), 2);
    table.extend(rows(200_006 + 1..200_006 + 2));
    assert_eq!(table.len(), 3);
    table.narrow("");
    assert_eq!(table.len(), table.records().len());
}

#[test]
fn the_order_is_kept_while_a_search_narrows_and_found_again_for_other_rows() {
    let mut table = large();
    let finish = |table: &mut Table| {
        let job = table.take_job(false).unwrap();
        let known = job.ordered().unwrap();
        assert!(table.accept(Some(job.run())));
        known
    };
    table.sort_by(Some(by_amount(false)), today());
    finish(&mut table);
    table.narrow("77");
    let first = finish(&mut table);
    table.narrow("777");
    assert!(Arc::ptr_eq(&finish(&mut table), &first), "the same rows in the same order");
    assert!(table.len() > 1 && amounts(&table).is_sorted());
    // As many rows as before, but other ones.
    let count = table.records().len();
    table.replace([rows(count..2 * count)]);
    table.narrow("");
    finish(&mut table);
    assert!(table.len() == count && amounts(&table).is_sorted());
}

fn named(names: &[(usize, &str)]) -> Arc<Names> {
    let mut known = Names::default();
    for (booking, name) in names {
        known.insert(&Untrusted::new(format!("BK{booking}")), &Untrusted::new(name));
    }
    Arc::new(known)
}

fn bookings(numbers: std::ops::Range<usize>) -> Vec<Record> {
    let spec = Spec::named("debt").unwrap();
    let row = |id: usize| format!(r#"{{"id":"{id}","reference_id":"BK{}"}}"#, id % 500);
    numbers.map(|id| Record::read(spec, &row(id))).collect()
}

fn ids(table: &Table) -> Vec<String> {
    let id = |row| table.row(row).unwrap().text("id").unwrap().shown().into_owned();
    (0..table.len()).map(id).collect()
}

#[test]
fn owners_are_shown_sorted_and_searched_and_names_that_come_later_join() {
    let mut table = Table::new(Spec::named("debt").unwrap());
    table.extend(bookings(0..4));
    let owner = table.spec().column_position("owner").unwrap();
    assert!(table.columns.contains(&owner), "it is a column that is shown");
    table.set_names(named(&[(1, "Zoë"), (2, "Ana"), (3, "bob")]), true);
    let cell =
        |table: &Table, row| table.cell(table.row(row).unwrap(), owner, today()).into_owned();
    assert_eq!([0, 1, 2, 3].map(|row| cell(&table, row)), ["", "Zoë", "Ana", "bob"]);
    table.sort_by(Some(Sort { column: "owner", descending: false }), today());
    assert_eq!(ids(&table), ["2", "3", "1", "0"], "those without a name are last");
    table.set_names(named(&[(0, "Abel"), (1, "Zoë"), (2, "Ana"), (3, "bob")]), true);
    assert_eq!(ids(&table), ["0", "2", "3", "1"]);
    table.narrow("zoe");
    assert_eq!(ids(&table), ["1"]);
    table.narrow("carl");
    assert!(table.is_empty());
    table.set_names(named(&[(3, "Carl")]), true);
    assert_eq!(ids(&table), ["3"]);
}

#[test]
fn a_job_with_names_of_before_is_followed_by_one_with_those_of_now() {
    let mut table = Table::new(Spec::named("debt").unwrap());
    table.extend(bookings(0..AT_ONCE + 1_000));
    table.set_names(named(&[(7, "Ana")]), true);
    table.narrow("eva");
    let early = table.take_job(false).unwrap();
    table.set_names(named(&[(7, "Eva")]), true);
    table.accept(Some(early.run()));
    assert!(table.is_empty(), "nobody was called so then");
    let late = table.take_job(false).expect("another one is due");
    table.accept(Some(late.run()));
    assert_eq!(table.len(), (AT_ONCE + 1_000) / 500);
}

#[test]
fn rows_of_one_booking_have_no_column_for_its_owner() {
    let table = Table::new(Spec::named("penalties").unwrap()).of_booking();
    let owner = table.spec().column_position("owner").unwrap();
    assert!(!table.columns.contains(&owner) && !table.offers(owner) && !table.shows_owner());
    let chosen = ListColumns { columns: vec!["owner".to_owned()], ..ListColumns::default() };
    let mut table = table;
    table.apply_list_columns(&chosen);
    assert!(!table.columns.contains(&owner));
}

#[test]
fn rows_are_made_searchable_before_the_first_key_and_no_longer_than_they_are_searched() {
    let mut table = large();
    table.begin_search();
    let index = table.take_job(false).expect("in the background");
    assert_eq!(table.len(), AT_ONCE + 1_000);
    assert!(table.accept(Some(index.run())));
    let made = table.haystack.clone().expect("before any key");
    table.narrow("13,500.99");
    let first = table.take_job(false).unwrap();
    assert!(first.haystack.as_ref().is_some_and(|it| Arc::ptr_eq(it, &made)), "not made again");
    table.accept(Some(first.run()));
    table.narrow("");
    assert!(table.haystack.is_some(), "the search goes on");
    table.end_search();
    assert!(table.haystack.is_none(), "its memory is free");
    // An index that is ready after the search has ended is not kept.
    table.begin_search();
    let index = table.take_job(false).unwrap();
    table.end_search();
    table.accept(Some(index.run()));
    assert!(table.haystack.is_none());
    // A kept search needs it for later pages.
    table.begin_search();
    table.narrow("7");
    table.keep_found();
    table.end_search();
    let kept = table.take_job(false).unwrap();
    table.accept(Some(kept.run()));
    assert!(table.haystack.is_some());
    table.drop_found();
    while let Some(job) = table.take_job(false) {
        table.accept(Some(job.run()));
    }
    assert!(table.haystack.is_none());
}
