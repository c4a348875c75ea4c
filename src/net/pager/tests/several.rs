//! The rows of several values merged into one list, with answers in any order.

use proptest::prelude::*;

use crate::filter::FilterValue;
use crate::list::{Spec, debt, penalties, scheduled};
use crate::net::pager::*;

const VALUES: [&str; 3] = ["pending", "notify", "paid"];

fn query(spec: &'static Spec, values: &str) -> ListQuery {
    let filter = FilterValue::named(spec, "status", values).unwrap();
    ListQuery::with_filters(spec, vec![filter], NaiveDate::default()).unwrap()
}

fn status(query: &ListQuery) -> String {
    let pairs = query.pairs();
    pairs.iter().find(|(name, _)| *name == "status").unwrap().1.clone().into_owned()
}

/// A server with rows that have an id, a status and a date, latest first.
#[derive(Debug, Clone)]
struct Server {
    rows: Vec<(u32, &'static str, u32)>,
    ignores_filters: bool,
}

impl Server {
    fn new(days: &[u32]) -> Self {
        let row = |(id, day): (u32, &u32)| (id, VALUES[id as usize % VALUES.len()], *day);
        let mut rows: Vec<_> = (0..).zip(days).map(row).collect();
        rows.sort_by_key(|(_, _, day)| Reverse(*day));
        Self { rows, ignores_filters: false }
    }

    fn page(&self, query: &ListQuery) -> Page {
        let status = status(query);
        let is_it = |(_, its, _): &&(u32, &str, u32)| self.ignores_filters || *its == status;
        let all: Vec<_> = self.rows.iter().filter(is_it).collect();
        let size = query.per_page as usize;
        let from = (query.page as usize - 1) * size;
        let rows = all.iter().skip(from).take(size).map(|(id, status, day)| {
            let date = NaiveDate::from_num_days_from_ce_opt(730_000 + i32::try_from(*day).unwrap())
                .unwrap();
            let json = format!(r#"{{"id":"{id}","status":"{status}","due_date":"{date}"}}"#);
            Record::read(query.spec, &json)
        });
        let last = u32::try_from(all.len().div_ceil(size).max(1)).unwrap();
        let total = Some(all.len() as u64);
        Page {
            rows: rows.collect(),
            total,
            current: query.page,
            last: Some(last),
            per_page: query.per_page,
        }
    }
}

fn ids(rows: &[Record]) -> Vec<u32> {
    rows.iter().map(|row| row.text("id").unwrap().expose_raw().parse().unwrap()).collect()
}

/// All rows in the order of delivery, with answers in a random order.
fn load(
    pager: &mut Pager,
    list: &ListQuery,
    server: &Server,
    at_once: usize,
    seed: u64,
) -> Vec<Record> {
    let (mut rows, mut open) = (Vec::new(), Vec::new());
    let mut random = fastrand::Rng::with_seed(seed);
    loop {
        open.extend(std::iter::from_fn(|| pager.next_query(list, at_once)));
        if open.is_empty() {
            return rows;
        }
        let asked: ListQuery = open.swap_remove(random.usize(..open.len()));
        rows.extend(pager.on_page(asked.number(), server.page(&asked)).0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn rows_of_several_values_come_once_and_in_the_order_of_the_list(
        days in proptest::collection::vec(0u32..400, 0..1_700),
        is_growing in any::<bool>(),
        is_all in any::<bool>(),
        at_once in 1usize..5,
        seed in any::<u64>(),
        ignores_filters in any::<bool>(),
        size in prop_oneof![Just(10u32), Just(100), Just(500)],
    ) {
        let server = Server { ignores_filters, ..Server::new(&days) };
        for spec in [&penalties::SPEC, &debt::SPEC] {
            let list = query(spec, if spec.is(&penalties::SPEC) { "pending,notify,paid" } else { "pending,paid" });
            let mut pager = if is_growing { Pager::growing() } else { Pager::new(size) };
            if is_all {
                pager.load_all();
            }
            let rows = load(&mut pager, &list, &server, at_once, seed);
            let values: Vec<_> = (0..list.values()).map(|at| status(&list.clone().of_value(at))).collect();
            let is_found = |status: &str| ignores_filters || values.iter().any(|value| value == status);
            let expected: Vec<_> = server.rows.iter().filter(|row| is_found(row.1)).collect();
            let mut found = ids(&rows);
            prop_assert_eq!(pager.total, Some(expected.len() as u64));
            prop_assert!(!pager.has_more());
            prop_assert_eq!(pager.requests_left(), 0);
            if spec.is(&penalties::SPEC) {
                let dates: Vec<_> = rows.iter().map(|row| row.date("due_date").unwrap()).collect();
                prop_assert!(dates.is_sorted_by(|one, other| one >= other), "latest first");
            } else if !ignores_filters {
                let places: Vec<_> = rows.iter().map(|row| values.iter().position(|it| row.status() == Some(it))).collect();
                prop_assert!(places.is_sorted(), "value by value");
            }
            found.sort_unstable();
            let mut all: Vec<_> = expected.iter().map(|row| row.0).collect();
            all.sort_unstable();
            prop_assert_eq!(found, all, "each row once");
        }
    }
}

#[test]
fn the_first_pages_of_all_values_are_asked_for_at_once_and_their_totals_added() {
    let list = query(&penalties::SPEC, "pending,notify,paid");
    let server = Server::new(&(0..900).collect::<Vec<_>>());
    let mut pager = Pager::growing();
    let first: Vec<_> = std::iter::from_fn(|| pager.next_query(&list, 1)).collect();
    assert_eq!(first.iter().map(status).collect::<Vec<_>>(), VALUES);
    assert!(first.iter().all(|query| query.page == 1));
    let totals: Vec<_> = first
        .iter()
        .map(|asked| {
            pager.on_page(asked.number(), server.page(asked));
            pager.total
        })
        .collect();
    assert_eq!(totals, [None, None, Some(900)]);
    assert!(pager.has_more() && !pager.is_beginning());
    assert_eq!(pager.requests_left(), 3, "one for each value");
}

#[test]
fn a_value_that_fails_leaves_the_rows_of_the_others_and_no_total_and_is_asked_for_again() {
    let list = query(&penalties::SPEC, "pending,notify,paid");
    let server = Server::new(&(0..900).collect::<Vec<_>>());
    let mut pager = Pager::new(500);
    let first: Vec<_> = std::iter::from_fn(|| pager.next_query(&list, 1)).collect();
    let mut rows = pager.on_page(first[0].number(), server.page(&first[0])).0;
    rows.extend(pager.on_page(first[2].number(), server.page(&first[2])).0);
    assert!(rows.is_empty(), "the order is not known yet");
    rows.extend(pager.fail(first[1].number()));
    assert_eq!(rows.len(), 600);
    assert_eq!((pager.total, pager.has_more(), pager.can_continue()), (None, true, false));
    assert_eq!(pager.next_query(&list, 4), None, "not by itself");
    pager.load_all();
    rows.extend(load(&mut pager, &list, &server, 2, 7));
    assert_eq!((rows.len(), pager.total, pager.has_more()), (900, Some(900), false));
}

#[test]
fn where_rows_come_for_two_values_no_total_is_claimed_before_all_are_there() {
    for (spec, values) in [(&penalties::SPEC, "pending,notify,paid"), (&debt::SPEC, "pending,paid")]
    {
        let list = query(spec, values);
        let days: Vec<u32> = (0..900).collect();
        let server = Server { ignores_filters: true, ..Server::new(&days) };
        let mut pager = Pager::growing();
        let (mut rows, mut totals) = (0, Vec::new());
        pager.load_all();
        while let Some(asked) = pager.next_query(&list, 1) {
            rows += pager.on_page(asked.number(), server.page(&asked)).0.len();
            totals.push(pager.total);
        }
        assert_eq!((totals.pop(), rows), (Some(Some(900)), 900), "{values}");
        assert!(totals.iter().all(Option::is_none), "{values}: {totals:?}");
    }
}

#[test]
fn rows_of_a_value_that_failed_are_put_in_their_place() {
    for (spec, values) in [(&penalties::SPEC, "pending,notify,paid"), (&debt::SPEC, "pending,paid")]
    {
        let list = query(spec, values);
        let server = Server::new(&(0..900).rev().collect::<Vec<_>>());
        let mut pager = Pager::new(500);
        let first: Vec<_> = std::iter::from_fn(|| pager.next_query(&list, 1)).collect();
        let mut rows = pager.fail(first[0].number());
        for asked in &first[1..] {
            rows.extend(pager.on_page(asked.number(), server.page(asked)).0);
        }
        assert!(!rows.is_empty() && !pager.take_disorder(), "the others are in order");
        pager.load_all();
        rows.extend(load(&mut pager, &list, &server, 2, 7));
        assert!(pager.take_disorder(), "{values}");
        let rows = pager.in_order(rows);
        let value = |row: &Record| values.split(',').position(|it| row.status() == Some(it));
        let expected: Vec<u32> = server
            .rows
            .iter()
            .filter(|(_, status, _)| values.split(',').any(|value| value == *status))
            .map(|(id, ..)| *id)
            .collect();
        assert_eq!(rows.len(), expected.len());
        if spec.latest_first.is_some() {
            assert_eq!(ids(&rows), expected, "latest first");
        } else {
            let places: Vec<_> = rows.iter().map(value).collect();
            assert!(places.is_sorted(), "value by value");
        }
    }
}

#[test]
fn pages_that_repeat_or_end_early_for_one_value_are_reported_at_the_end() {
    let list = query(&scheduled::SPEC, "upcoming,delayed");
    let row = |id: u32| Record::read(&scheduled::SPEC, &format!(r#"{{"booking_id":"{id}"}}"#));
    let page = |number, rows: std::ops::Range<u32>, last| Page {
        rows: rows.map(row).collect(),
        total: Some(300),
        current: number,
        last: Some(last),
        per_page: 100,
    };
    for (odd, expected) in [(0..0, PageOutcome::EndedEarly), (0..100, PageOutcome::DuplicatePage)] {
        let mut pager = Pager::new(100);
        pager.load_all();
        let first: Vec<_> = std::iter::from_fn(|| pager.next_query(&list, 2)).collect();
        pager.on_page(first[0].number(), page(1, 0..100, 3));
        let second = pager.next_query(&list, 2).unwrap();
        let (_, outcome) = pager.on_page(second.number(), page(2, odd, 3));
        assert_eq!(outcome, PageOutcome::FetchMore, "the other value is still to come");
        let other = Page { total: Some(100), ..page(1, 500..600, 1) };
        assert_eq!(pager.on_page(first[1].number(), other).1, expected);
        assert!(!pager.has_more());
        let repeated = (expected == PageOutcome::DuplicatePage).then_some((0, 2));
        assert_eq!(pager.repeated_page(), repeated);
    }
}
