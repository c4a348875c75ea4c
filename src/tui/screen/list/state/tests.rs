//! The state of a list: which pages it requests, and how it handles them.

use proptest::prelude::*;

use super::*;
use crate::list::Spec;

fn now() -> Now {
    Now::default()
}

fn page(number: u32, size: u32, total: u64) -> Page {
    let spec = Spec::named("transactions").unwrap();
    let first = u64::from((number - 1) * size);
    let last_row = total.min(first + u64::from(size));
    let rows = (first..last_row)
        .map(|row| Record::read(spec, &format!(r#"{{"booking_id":"BK{row}"}}"#)))
        .collect();
    let last = u32::try_from(total.div_ceil(u64::from(size))).unwrap();
    Page { rows, total: Some(total), current: number, last: Some(last), per_page: size }
}

#[test]
fn pages_grow_after_five_hundred_rows_and_no_row_is_skipped_or_doubled() {
    let mut list = List::new(Spec::named("transactions").unwrap());
    let mut asked = vec![list.start_refresh(now(), Priority::Visible)];
    loop {
        let query = asked.last().unwrap();
        list.on_page(query.page, page(query.page, query.per_page, 1_234), now());
        match list.start_next_page(now()) {
            Some((_, query)) => asked.push(query),
            None => break,
        }
    }
    let pages: Vec<_> = asked.iter().map(|query| (query.page, query.per_page)).collect();
    assert_eq!(pages, [(1, 100), (2, 100), (3, 100), (4, 100), (5, 100), (2, 500), (3, 500)]);
    let references: Vec<_> = list.table.records().iter().map(|r| r.cell(0).into_owned()).collect();
    let expected: Vec<_> = (0..1_234).map(|row| format!("BK{row}")).collect();
    assert_eq!(references, expected);
}

#[test]
fn pages_that_add_nothing_end_it_and_a_changed_total_is_told() {
    let spec = Spec::named("penalties").unwrap();
    let rows = |ids: std::ops::Range<u32>| Page {
        rows: ids.map(|id| Record::read(spec, &format!(r#"{{"id":"{}"}}"#, id % 100))).collect(),
        ..page(1, 100, 1_000)
    };
    let mut list = List::new(spec);
    list.start_refresh(now(), Priority::Visible);
    list.on_page(1, rows(0..100), now());
    list.start_next_page(now()).unwrap();
    let again = Page { current: 2, ..rows(101..201) };
    assert_eq!(list.on_page(2, again, now()), PageOutcome::DuplicatePage);
    assert!(!list.has_more());

    let mut list = List::new(Spec::named("transactions").unwrap());
    list.start_refresh(now(), Priority::Visible);
    list.on_page(1, page(1, 100, 1_000), now());
    list.start_next_page(now()).unwrap();
    assert_eq!(list.on_page(2, page(2, 100, 1_001), now()), PageOutcome::TotalChanged);
    let without = Page { total: None, ..page(3, 100, 1_001) };
    list.start_next_page(now()).unwrap();
    list.on_page(3, without, now());
    assert_eq!(list.total, Some(1_001));
}

#[test]
fn a_refresh_fetches_as_far_as_the_cursor_and_swaps_the_rows_at_once() {
    let mut list = List::new(Spec::named("transactions").unwrap());
    list.start_refresh(now(), Priority::Visible);
    list.on_page(1, page(1, 100, 900), now());
    for _ in 0..5 {
        let (_, query) = list.start_next_page(now()).unwrap();
        list.on_page(query.page, page(query.page, query.per_page, 900), now());
    }
    list.table.step(crate::tui::keymap::Step::Last, 20);
    let query = list.start_refresh(now(), Priority::Visible);
    assert_eq!((query.page, query.per_page), (1, 500));
    assert_eq!(list.on_page(1, page(1, 500, 901), now()), PageOutcome::FetchMore);
    assert_eq!(list.table.records().len(), 900);
    list.next_refresh_page();
    assert_eq!(list.on_page(2, page(2, 500, 901), now()), PageOutcome::Done);
    assert_eq!((list.table.records().len(), list.table.cursor()), (901, 899));
}

#[test]
fn a_server_that_repeats_a_page_is_not_asked_for_ever() {
    let mut list = List::new(Spec::named("transactions").unwrap());
    list.start_refresh(now(), Priority::Visible);
    list.on_page(1, page(1, 100, 1_000), now());
    list.start_next_page(now()).unwrap();
    assert_eq!(list.on_page(2, page(1, 100, 1_000), now()), PageOutcome::DuplicatePage);
    assert!(!list.has_more());
    assert_eq!(list.table.len(), 100, "no row of it is counted twice");
}

fn page_of(key: &str, number: u32, size: u32, total: u32) -> Page {
    let spec = Spec::named(key).unwrap();
    let rows = ((number - 1) * size..total.min(number * size))
        .map(|row| Record::read(spec, &format!(r#"{{"id":"{row}","booking_id":"BK{row}"}}"#)))
        .collect();
    let last = Some(total.div_ceil(size));
    Page { rows, total: Some(total.into()), current: number, last, per_page: size }
}

fn first_page(key: &str, total: u32) -> List {
    let mut list = List::new(Spec::named(key).unwrap());
    list.start_refresh(now(), Priority::Visible);
    list.on_page(1, page_of(key, 1, 100, total), now());
    list
}

proptest! {
    #[test]
    fn pages_in_any_order_give_all_rows_once_and_in_order(
        total in 101u32..4_000, order in any::<u64>(), key in "transactions|penalties",
    ) {
        let mut list = first_page(&key, total);
        list.start_load_all(now());
        let mut open = Vec::new();
        let mut random = fastrand::Rng::with_seed(order);
        loop {
            open.extend(std::iter::from_fn(|| list.next_page_of_all()).map(|query| query.page));
            prop_assert!(open.len() <= MOST_IN_FLIGHT);
            let number = open.swap_remove(random.usize(..open.len()));
            let progress = list.on_page_of_all(number, page_of(&key, number, 500, total));
            if progress == PageOutcome::Done {
                break;
            }
            prop_assert_eq!(progress, PageOutcome::FetchMore);
        }
        let booking = list.spec().position("booking_id").unwrap();
        let found: Vec<_> = list.table.records().iter().map(|r| r.cell(booking).into_owned()).collect();
        let expected: Vec<_> = (0..total).map(|row| format!("BK{row}")).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_server_that_repeats_or_runs_dry_ends_it() {
    for (number, expected) in [(1, PageOutcome::DuplicatePage), (9, PageOutcome::EndedEarly)] {
        let mut list = first_page("transactions", 2_000);
        list.start_load_all(now());
        let asked = [1, 2].map(|_| list.next_page_of_all().unwrap().page);
        list.on_page_of_all(asked[0], page_of("transactions", 1, 500, 2_000));
        let odd = page_of("transactions", number, 500, 2_000);
        assert_eq!(list.on_page_of_all(asked[1], odd), expected, "{number}");
        assert!(!list.has_more());
        assert!(list.table.len() <= 500, "no row is counted twice");
    }
}

#[test]
fn the_cost_counts_requests_and_what_the_budget_makes_them_wait() {
    let list = first_page("transactions", 3_412);
    let ready = |ready| NetState { ready, ..NetState::default() };
    assert_eq!(list.cost_of_all(&ready(20)), Some(Cost { requests: 7, seconds: 1 }));
    assert_eq!(list.cost_of_all(&ready(1)), Some(Cost { requests: 7, seconds: 5 }));
    assert_eq!(first_page("transactions", 100).cost_of_all(&ready(20)), None);
}
