//! How the pager handles pages: the last one, duplicates, lists that grow or shrink.

mod several;

use proptest::prelude::*;

use crate::list::Spec;
use crate::net::pager::PageOutcome::*;
use crate::net::pager::*;

fn query(list: &str) -> ListQuery {
    ListQuery::new(Spec::named(list).unwrap())
}

/// A page of rows with these numbers; `last` and `total` as reported by the server.
fn page(
    query: &ListQuery,
    rows: impl IntoIterator<Item = u32>,
    last: Option<u32>,
    total: Option<u64>,
) -> Page {
    let row =
        |row| Record::read(query.spec, &format!(r#"{{"id":"{row}","booking_id":"BK{row}"}}"#));
    let rows = rows.into_iter().map(row).collect();
    Page { rows, total, current: query.page, last, per_page: query.per_page }
}

/// A page of a list that holds the rows up to `total`.
fn of(query: &ListQuery, total: u32) -> Page {
    let size = query.per_page;
    let rows = (query.page - 1) * size..total.min(query.page * size);
    page(query, rows, Some(total.div_ceil(size)), Some(total.into()))
}

fn numbers(rows: &[Record]) -> Vec<String> {
    rows.iter().map(|row| row.booking().unwrap().shown().into_owned()).collect()
}

#[test]
fn small_pages_are_followed_by_large_ones_without_a_gap() {
    let list = query("transactions");
    let (mut pager, mut rows, mut asked) = (Pager::growing(), Vec::new(), Vec::new());
    while let Some(query) = pager.next_query(&list, 1) {
        assert_eq!(pager.next_query(&list, 1), None, "one at a time");
        asked.push((query.page, query.per_page));
        rows.extend(pager.on_page(query.page, of(&query, 1_234)).0);
    }
    assert_eq!(asked, [(1, 100), (2, 100), (3, 100), (4, 100), (5, 100), (2, 500), (3, 500)]);
    assert_eq!(numbers(&rows), (0..1_234).map(|row| format!("BK{row}")).collect::<Vec<_>>());
    assert!(!pager.has_more() && pager.shifted().is_none());
}

proptest! {
    #[test]
    fn pages_in_any_order_with_any_start_give_all_rows_once_and_in_order(
        total in 1u32..4_000,
        small in 0usize..8,
        at_once in 1usize..6,
        order in any::<u64>(),
        list in "transactions|penalties",
    ) {
        let (list, mut pager, mut rows) = (query(&list), Pager::growing(), Vec::new());
        for _ in 0..small {
            let Some(query) = pager.next_query(&list, 1) else { break };
            rows.extend(pager.on_page(query.page, of(&query, total)).0);
        }
        pager.load_all();
        let (mut open, mut random) = (Vec::new(), fastrand::Rng::with_seed(order));
        loop {
            while let Some(query) = pager.next_query(&list, at_once) {
                open.push(query);
            }
            prop_assert!(open.len() <= at_once);
            if open.is_empty() {
                break;
            }
            if random.u8(..) < 16 {
                pager.cancel();
                open.clear();
                continue;
            }
            let query = open.swap_remove(random.usize(..open.len()));
            rows.extend(pager.on_page(query.page, of(&query, total)).0);
        }
        let expected: Vec<_> = (0..total).map(|row| format!("BK{row}")).collect();
        prop_assert_eq!(numbers(&rows), expected);
        prop_assert_eq!(pager.shifted(), None);
    }
}

/// The outcomes of pages of 500 rows of `list`, one after the other: (rows, last page, total).
fn outcomes(
    list: &str,
    script: &[(std::ops::Range<u32>, Option<u32>, Option<u64>)],
) -> (Vec<PageOutcome>, usize, Option<u64>, bool) {
    let (list, mut pager) = (query(list), Pager::new(500));
    let (mut outcomes, mut came) = (Vec::new(), 0);
    for (rows, last, total) in script {
        let query = pager.next_query(&list, 1).expect("another page");
        let (rows, outcome) = pager.on_page(query.page, page(&query, rows.clone(), *last, *total));
        came += rows.len();
        outcomes.push(outcome);
    }
    let has_more = pager.next_query(&list, 1).is_some();
    assert_eq!(has_more, pager.has_more());
    (outcomes, came, pager.shifted(), has_more)
}

#[test]
fn what_a_page_means_follows_from_its_rows_and_what_the_server_counts() {
    let table = [
        (
            "complete",
            &[(0..500, Some(2), Some(600)), (500..600, Some(2), Some(600))][..],
            (vec![FetchMore, Done], 600, None, false),
        ),
        (
            "no pagination: a full page is followed by another one",
            &[(0..500, None, None), (500..1_000, None, None), (0..0, None, None)],
            (vec![FetchMore, FetchMore, Done], 1_000, None, false),
        ),
        (
            "no pagination: a short page is the last one",
            &[(0..499, None, None)],
            (vec![Done], 499, None, false),
        ),
        ("nothing at all", &[(0..0, Some(1), Some(0))], (vec![Done], 0, None, false)),
        (
            "always one more page, until one is empty",
            &[(0..500, Some(2), None), (500..1_000, Some(3), None), (0..0, Some(4), None)],
            (vec![FetchMore, FetchMore, Done], 1_000, None, false),
        ),
        (
            "a page again",
            &[(0..500, Some(9), Some(4_500)), (0..500, Some(9), Some(4_500))],
            (vec![FetchMore, DuplicatePage], 500, Some(4_000), false),
        ),
        (
            "known rows in another order",
            &[(0..500, Some(9), None), (1..500, Some(9), None)],
            (vec![FetchMore, DuplicatePage], 500, Some(499), false),
        ),
        (
            "a row that moved to the next page",
            &[(0..500, Some(2), Some(600)), (499..599, Some(2), Some(600))],
            (vec![FetchMore, Done], 599, Some(1), false),
        ),
        (
            "a row that was added",
            &[(0..500, Some(3), Some(1_200)), (500..1_000, Some(3), Some(1_201))],
            (vec![FetchMore, TotalChanged], 1_000, Some(1), true),
        ),
        (
            "a list that shrank",
            &[(0..500, Some(2), Some(600)), (0..0, Some(1), None)],
            (vec![FetchMore, EndedEarly], 500, Some(100), false),
        ),
        (
            "a last page before the last",
            &[(0..500, Some(3), Some(1_200)), (500..1_000, Some(2), Some(1_000))],
            (vec![FetchMore, TotalChanged], 1_000, Some(200), false),
        ),
    ];
    for (name, pages, expected) in table {
        assert_eq!(outcomes("penalties", pages), expected, "{name}");
    }
}

#[test]
fn rows_without_an_id_that_look_the_same_are_all_real_and_a_page_of_them_again_is_not() {
    let list = query("transactions");
    let mut pager = Pager::new(500);
    for (number, rows, expected) in [
        (1, 0..500, (500, FetchMore)),
        (2, 400..900, (500, FetchMore)),
        (3, 0..500, (0, DuplicatePage)),
    ] {
        let query = pager.next_query(&list, 1).unwrap();
        let (rows, outcome) = pager.on_page(number, page(&query, rows, Some(9), None));
        assert_eq!((rows.len(), outcome), expected, "{number}");
    }
}

#[test]
fn rows_of_one_page_that_look_the_same_or_share_an_id_are_all_delivered() {
    for list in ["penalties", "transactions"] {
        let (list, mut pager) = (query(list), Pager::new(500));
        let query = pager.next_query(&list, 1).unwrap();
        let (rows, outcome) = pager.on_page(1, page(&query, [1, 1, 2], Some(1), Some(3)));
        assert_eq!(
            (numbers(&rows), outcome),
            (["BK1", "BK1", "BK2"].map(String::from).into(), Done)
        );
        assert_eq!(pager.shifted(), None);
    }
}

#[test]
fn a_server_with_a_page_size_of_its_own_is_read_page_by_page() {
    let list = query("penalties");
    let capped = |query: &ListQuery| {
        let rows = (query.page - 1) * 50..(query.page * 50).min(720);
        Page { per_page: 50, ..page(query, rows, Some(15), Some(720)) }
    };
    let (mut pager, mut rows) = (Pager::growing(), Vec::new());
    for _ in 0..12 {
        let query = pager.next_query(&list, 1).unwrap();
        rows.extend(pager.on_page(query.page, capped(&query)).0);
    }
    pager.load_all();
    while let Some(query) = pager.next_query(&list, 4) {
        rows.extend(pager.on_page(query.page, capped(&query)).0);
    }
    assert_eq!(rows.len(), 720);
    assert_eq!(pager.shifted(), None);
}

#[test]
fn a_page_that_nobody_asked_for_changes_nothing() {
    let list = query("penalties");
    let mut pager = Pager::new(500);
    let first = pager.next_query(&list, 1).unwrap();
    assert_eq!(pager.on_page(7, of(&first, 600)).0.len(), 0);
    pager.cancel();
    assert_eq!(pager.on_page(1, of(&first, 600)).0.len(), 0);
    assert_eq!(pager.next_query(&list, 1).map(|query| query.page), Some(1));
}
