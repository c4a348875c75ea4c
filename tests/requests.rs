//! How many requests each everyday task costs, by the server's own log. This table is the promise:
//!
//! | task | requests |
//! |---|---|
//! | start | 1 for the first rows, then 1 of one row for the count of each other list |
//! | another list for the first time | 1 |
//! | a list that was seen | 0 |
//! | move, sort, search what was fetched, detail, columns | 0 |
//! | come near the last fetched row | 1 for the next 100 rows, of 500 from the 500th row on |
//! | open a booking | 1 for the first useful frame, 1 beside it for the instalments |
//! | come back, open the same booking again | 0 |
//! | refresh | 1 for each 500 rows that were fetched |
//! | a filter, the server's search | 1 |
//! | fetch all rows | 1 for each 500 |

#[cfg(test)]
mod common;

use std::time::{Duration, Instant};

use common::{Dashboard, options};
use valora::list::ALL;
use valora::sandbox::Options;
use valora::sandbox::Special;

/// A task: what it is, its keys, what is on the screen in the end, and the requests it costs.
type Task = (&'static str, &'static str, &'static str, &'static [&'static str]);

const TASKS: &[Task] = &[
    ("move", "j j j k", "row 3 of", &[]),
    ("sort", "S", "▽", &[]),
    ("sort by the server's order", "S S s g", "row 1 of", &[]),
    ("search what was fetched", "/ z z z z", "Not in the 100 loaded rows", &[]),
    ("end the search", "esc", "row 1 of", &[]),
    ("the detail", "p", "Detail", &[]),
    ("close the detail", "esc", "row 1 of", &[]),
    ("another list, whose first page counted its rows", "2", "▸2 Scheduled", &[]),
    ("a list that was seen", "1", "▸1 Transactions", &[]),
    ("refresh", "r", "row 1 of", &["transactions?page=1&per_page=100"]),
    ("near the last row", "G", "(200 of", &["transactions?page=2&per_page=100"]),
    ("back to the first rows", "g", "row 1 of", &[]),
];

fn log(dashboard: &Dashboard) -> Vec<String> {
    let below = |path: &str| path.strip_prefix("/api/v1/c/").unwrap_or(path).to_owned();
    let all = dashboard.sandbox.requests();
    all.iter().map(|request| format!("{}?{}", below(&request.path), request.query)).collect()
}

/// Waits until so many requests have arrived, and a little for one too many.
fn wait_for_requests(dashboard: &mut Dashboard, count: usize) -> Vec<String> {
    let until = deadline();
    while log(dashboard).len() < count && !is_past(until) {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(40));
    log(dashboard)
}

#[expect(clippy::disallowed_methods, reason = "a test that waits needs an end")]
fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

#[expect(clippy::disallowed_methods, reason = "a test that waits needs an end")]
fn is_past(until: Instant) -> bool {
    Instant::now() > until
}

#[test]
fn everyday_tasks_cost_what_the_table_says() {
    let options = Options { rows: Some(1_200), ..options() };
    let mut dashboard = Dashboard::start(options, (140, 40));
    dashboard.wait_for("row 1 of");
    let start = wait_for_requests(&mut dashboard, ALL.len());
    assert_eq!(start[0], "transactions?page=1&per_page=100");
    assert!(start[1..].iter().all(|line| line.ends_with("?page=1&per_page=100")), "{start:?}");
    let mut known = start.len();
    assert_eq!(known, ALL.len());
    for (task, keys, shown, expected) in TASKS {
        dashboard.press(keys);
        dashboard.wait_for(shown);
        let all = wait_for_requests(&mut dashboard, known + expected.len());
        assert_eq!(&all[known..], *expected, "{task}");
        known = all.len();
    }
}

#[test]
fn a_booking_costs_one_request_before_it_is_useful_and_none_when_it_is_seen_again() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.wait_for("row 1 of");
    let known = wait_for_requests(&mut dashboard, ALL.len()).len();
    let open = |dashboard: &mut Dashboard| {
        dashboard.press("b");
        dashboard.wait_for("Find a booking");
        dashboard.type_text(&reference);
        dashboard.press("enter");
        dashboard.wait_for("✓");
    };
    open(&mut dashboard);
    let asked = wait_for_requests(&mut dashboard, known + 2);
    // Both leave at once, on connections of their own.
    let mut opened = asked[known..].to_vec();
    opened.sort();
    let [useful, beside] = opened.as_slice() else { panic!("{asked:?}") };
    assert!(useful.starts_with("conciliation/booking?"), "{asked:?}");
    assert!(beside.starts_with("transactions/scheduled?"), "{asked:?}");
    dashboard.press("esc");
    dashboard.wait_for("row 1 of");
    open(&mut dashboard);
    assert_eq!(wait_for_requests(&mut dashboard, asked.len()).len(), asked.len());
}

#[test]
fn all_rows_come_in_pages_of_five_hundred() {
    let options = Options { rows: Some(1_200), ..options() };
    let mut dashboard = Dashboard::start(options, (140, 40));
    let screen = dashboard.wait_for(" loaded)");
    let (_, after) = screen.split_once("row 1 of ").unwrap();
    let total: usize = after.split_whitespace().next().unwrap().replace(',', "").parse().unwrap();
    let known = wait_for_requests(&mut dashboard, ALL.len()).len();
    dashboard.press("L y");
    dashboard.wait_for("are loaded.");
    let all = log(&dashboard);
    let mut pages = all[known..].to_vec();
    pages.sort();
    let expected: Vec<String> =
        (1..=pages.len()).map(|page| format!("transactions?page={page}&per_page=500")).collect();
    assert_eq!(pages, expected);
    assert_eq!(pages.len(), total.div_ceil(500));
}

/// What the header says of requests; it must not be more than the server said.
fn of_requests(screen: &str) -> &str {
    let header = screen.lines().next().unwrap_or_default();
    let words = [" requests left", " request left", "limit reached", " req"];
    words.into_iter().find(|words| header.contains(words)).unwrap_or_default()
}

#[test]
fn of_a_small_limit_the_header_counts_what_the_server_said_is_left() {
    let options = Options { limit: 12, ..options() };
    let mut dashboard = Dashboard::start(options, (140, 40));
    let shown = dashboard.wait_for(" requests left");
    assert!(!shown.contains("120"), "{shown}");
    let (before, _) = shown.lines().next().unwrap().split_once(" requests left").unwrap();
    let left: u32 = before.rsplit(' ').next().unwrap().parse().unwrap();
    let asked = u32::try_from(log(&dashboard).len()).unwrap();
    assert!(left < 12 && left >= 12 - asked, "{left} after {asked} requests: {shown}");
}

#[test]
fn of_a_large_limit_the_header_says_nothing_while_much_is_left() {
    let options = Options { limit: 600, ..options() };
    let mut dashboard = Dashboard::start(options, (140, 40));
    dashboard.wait_for("row 1 of");
    wait_for_requests(&mut dashboard, ALL.len());
    // A refresh of all asks for the limits as well.
    dashboard.pass(2_000);
    dashboard.press("R");
    let until = deadline();
    while !log(&dashboard).iter().any(|line| line.contains("tokens/limits")) && !is_past(until) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let shown = dashboard.wait_for("as of ");
    assert_eq!(of_requests(&shown), "", "{shown}");
}

#[test]
fn without_headers_the_header_says_nothing_until_a_request_is_refused() {
    let faults = vec!["no-limit-headers:*".parse().unwrap()];
    let options = Options { limit: 12, faults, ..options() };
    let mut dashboard = Dashboard::start(options, (140, 40));
    dashboard.wait_for("row 1 of");
    wait_for_requests(&mut dashboard, ALL.len());
    for refresh in ALL.len()..=12 {
        let shown = dashboard.wait_for("row 1 of");
        assert_eq!(of_requests(&shown), "", "{shown}");
        dashboard.pass(2_000);
        dashboard.press("r");
        wait_for_requests(&mut dashboard, refresh + 1);
    }
    let shown = dashboard.wait_for("limit reached");
    assert_eq!(of_requests(&shown), "limit reached", "{shown}");
}
