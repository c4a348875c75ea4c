//! The figures of a list are the same everywhere: summary, chart, triage, command line, export.
#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;

use std::collections::BTreeMap;
use std::process::Command;

use chrono::NaiveDate;
use common::{Dashboard, client, options, runtime};
use valora::chart::{self, Cut};
use valora::clock::Clock;
use valora::domain::money::{Currency, format_amount};
use valora::figures::ages::Ages;
use valora::figures::summary::{Scope, summary, text_of};
use valora::figures::{Bucket, Figures};
use valora::filter::ListQuery;
use valora::filter::query::LARGEST_PAGE;
use valora::list::Spec;
use valora::list::record::Record;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::sandbox::{Options, Sandbox};
use valora::triage::memory::Memory;
use valora::triage::overview::{Column, Overview};
use valora::triage::queue::{Grouping, Queue, QueueOptions};

/// The day on which the figures of the sandbox were added up by hand.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
}

fn demo() -> Options {
    Options { today: day(), ..options() }
}

fn spec(list: &str) -> &'static Spec {
    Spec::named(list).unwrap()
}

fn rows(list: &str) -> Vec<Record> {
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(demo())).unwrap();
    let query = ListQuery::new(spec(list)).page(1, LARGEST_PAGE);
    let answer = runtime.block_on(client(&sandbox).send(&Request::List(query)));
    let Ok(Response::Page(page)) = answer else { panic!("{answer:?}") };
    page.rows
}

type Sums = BTreeMap<String, i128>;

/// What is open, and what of it has been due for more than 90 days, without any code of valora's: from
/// the JSON of the rows.
fn by_hand(rows: &[Record], closed: &[&str], day: NaiveDate) -> (Sums, Sums) {
    let (mut open, mut late) = (Sums::new(), Sums::new());
    for row in rows {
        let row: serde_json::Value = serde_json::from_str(&row.to_json()).unwrap();
        if closed.contains(&row["status"].as_str().unwrap()) {
            continue;
        }
        let remaining = ["remaining_amount", "amount_remaining"].map(|key| row[key].as_i64());
        let remaining = remaining.into_iter().flatten().next();
        let minor = i128::from(remaining.or(row["amount"].as_i64()).unwrap());
        let currency = row["currency"].as_str().unwrap().to_owned();
        let due = row["due_date"].as_str().map(|due| due.parse::<NaiveDate>().unwrap());
        *open.entry(currency.clone()).or_default() += minor;
        if due.is_some_and(|due| (day - due).num_days() > 90) {
            *late.entry(currency).or_default() += minor;
        }
    }
    (open, late)
}

const LISTS: [(&str, &[&str]); 2] = [
    ("debt", &["paid", "settled", "written_off", "voided"]),
    ("penalties", &["paid", "waived", "settled"]),
];

fn of(sums: &valora::domain::money::Sums) -> Sums {
    sums.iter().map(|(currency, minor)| (currency.code().to_owned(), minor)).collect()
}

/// The bars of a chart, added up by currency, and those over 90 days.
fn charted(rows: &[Record], list: &str) -> (BTreeMap<String, Vec<String>>, Vec<String>) {
    let all: Vec<&Record> = rows.iter().collect();
    let lines = chart::lines(spec(list), &all, Cut::Nowhere, day(), 100);
    let mut currency = String::new();
    let mut bars: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let of_ages = lines.iter().take_while(|line| !line.is_empty());
    let mut late = Vec::new();
    for line in of_ages.skip(1) {
        let words: Vec<&str> =
            line.trim().split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
        match words.as_slice() {
            [code] if code.len() == 3 => (*code).clone_into(&mut currency),
            ["total", ..] => {}
            [label, amount, ..] => {
                bars.entry(currency.clone()).or_default().push((*amount).to_owned());
                if *label == <&str>::from(Bucket::Over90) {
                    late.push(format!("{currency} {amount}"));
                }
            }
            _ => {}
        }
    }
    late.sort();
    (bars, late)
}

fn minor(amount: &str) -> i128 {
    amount.replace([',', '.'], "").parse().unwrap()
}

#[test]
fn the_debt_of_the_demo_is_what_was_added_up_by_hand() {
    let rows = rows("debt");
    assert_eq!(rows.len(), 58);
    let figures = Figures::of(&rows, day());
    let euros =
        |sums: &valora::domain::money::Sums| format_amount(sums.of(Currency::EUR), Currency::EUR);
    assert_eq!(euros(&figures.open.sums), "7,733.88");
    assert_eq!(euros(&figures.of_age(Bucket::Over90).sums), "4,829.79");
    assert_eq!(figures.open.count + figures.closed.count, 58);
    let line = text_of(&summary(spec("debt"), &figures, Scope::default(), 300));
    assert!(line.contains(" · EUR 7,733.88 · "), "{line}");
    assert!(line.contains("EUR 4,829.79"), "{line}");
}

#[test]
fn summary_chart_overview_and_queue_agree_with_what_is_added_up_by_hand() {
    for (list, closed) in LISTS {
        let rows = rows(list);
        let (open, late) = by_hand(&rows, closed, day());
        assert!(open.len() > 1 && late.len() > 1, "{list} has several currencies");
        let figures = Figures::of(&rows, day());
        assert_eq!(
            (of(&figures.open.sums), of(&figures.of_age(Bucket::Over90).sums)),
            (open.clone(), late.clone())
        );
        let (bars, late_bars) = charted(&rows, list);
        let added = |amounts: &Vec<String>| amounts.iter().map(|it| minor(it)).sum::<i128>();
        let bars: Sums =
            bars.iter().map(|(code, amounts)| (code.clone(), added(amounts))).collect();
        assert_eq!(bars, open, "{list}: the chart");
        let late_of = |(code, minor): (&String, &i128)| {
            let currency = Currency::parse(code).unwrap();
            format!("{code} {}", format_amount(*minor, currency))
        };
        assert_eq!(late_bars, late.iter().map(late_of).collect::<Vec<_>>(), "{list}: the chart");
        let overview = Overview::of(&rows, day());
        for (at, currency) in overview.currencies.iter().enumerate() {
            let of_ages =
                overview.columns.iter().enumerate().filter(|(_, it)| matches!(it, Column::Age(_)));
            let all: i128 = of_ages.map(|(column, _)| overview.tally(at + 1, column).minor).sum();
            assert_eq!(
                Some(&all).filter(|all| **all != 0),
                open.get(currency.code()).filter(|it| **it != 0)
            );
            let over =
                overview.columns.iter().position(|it| *it == Column::Age(Bucket::Over90)).unwrap();
            let over = overview.tally(at + 1, over).minor;
            assert_eq!(over, late.get(currency.code()).copied().unwrap_or_default(), "{list}");
        }
        let memory = Memory::default();
        let options = QueueOptions {
            day: day(),
            today: day(),
            cell: None,
            grouping: Grouping::None,
            shows_all: false,
        };
        let queue = Queue::of(&rows, &memory, &options);
        assert_eq!(of(&queue.progress.sums), open, "{list}: the queue");
        let queued: Vec<Record> = queue.places.iter().map(|at| rows[*at].clone()).collect();
        assert_eq!(queued.len(), queue.progress.open, "{list}: only open rows are in the queue");
        assert_eq!(queued.len() + queue.hidden.count(), rows.len(), "{list}");
        assert_eq!(by_hand(&queued, closed, day()), (open.clone(), late.clone()), "{list}");
        let all = Queue::of(&rows, &memory, &QueueOptions { shows_all: true, ..options });
        assert_eq!((all.places.len(), &all.progress), (rows.len(), &queue.progress), "{list}");
    }
}

#[test]
fn the_screen_the_command_line_and_the_message_after_an_export_say_the_same() {
    for (tab, (list, _)) in [("5", LISTS[0]), ("4", LISTS[1])] {
        let rows = rows(list);
        let figures = Figures::of(&rows, Clock::start().today());
        let line = |room| text_of(&summary(spec(list), &figures, Scope::default(), room));
        let mut dashboard = Dashboard::start(demo(), (140, 40));
        dashboard.press(tab);
        // The ages have a line of their own where there is room for it.
        let first = Scope { has_ages: true, ..Scope::default() };
        dashboard.wait_for(&text_of(&summary(spec(list), &figures, first, 138)));
        dashboard.wait_for(&text_of(&Ages::of(&figures).unwrap().parts(138).unwrap()));
        let folder = tempfile::tempdir().unwrap();
        dashboard.press("e ctrl-u");
        dashboard.type_text(&folder.path().join("rows.csv").display().to_string());
        dashboard.press("enter");
        let message = dashboard.wait_for("path copied").replace('\n', " ");
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(message.contains(&line(160)), "{message}");
        let output = Command::new(env!("CARGO_BIN_EXE_valora"))
            .args(["list", list])
            .env_clear()
            .env("HOME", folder.path())
            .env("VALORA_BASE_URL", dashboard.sandbox.base_url())
            .env("VALORA_TOKEN", dashboard.sandbox.token())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.lines().any(|it| it == line(usize::MAX)), "{said}");
    }
}

/// The open amounts by currency, and those over 90 days overdue, of a worklist in json.
fn of_worklist(items: &[serde_json::Value], closed: &[&str]) -> (Sums, Sums) {
    let (mut open, mut late) = (Sums::new(), Sums::new());
    for item in items.iter().filter(|item| !closed.contains(&item["status"].as_str().unwrap())) {
        let minor = i128::from(item["amount"].as_i64().unwrap());
        let currency = item["currency"].as_str().unwrap().to_owned();
        *open.entry(currency.clone()).or_default() += minor;
        if item["days"].as_i64().is_some_and(|days| days > 90) {
            *late.entry(currency).or_default() += minor;
        }
    }
    (open, late)
}

#[test]
fn a_worklist_comes_to_what_is_added_up_by_hand() {
    let (list, closed) = LISTS[1];
    let rows = rows(list);
    let runtime = runtime();
    let sandbox = runtime.block_on(Sandbox::start(demo())).unwrap();
    let home = tempfile::tempdir().unwrap();
    let worklist = |options: &[&str]| -> Vec<serde_json::Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_valora"))
            .args(["worklist", "-o", "json"])
            .args(options)
            .env_clear()
            .env("HOME", home.path())
            .env("VALORA_BASE_URL", sandbox.base_url())
            .env("VALORA_TOKEN", sandbox.token())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let by_hand = by_hand(&rows, closed, Clock::start().today());
    assert!(by_hand.0.len() > 1 && by_hand.1.len() > 1, "several currencies");
    let (open, all) = (worklist(&[]), worklist(&["--all"]));
    assert_eq!(open.len(), rows.iter().filter(|row| row.is_open()).count());
    assert_eq!(all.len(), rows.len());
    for items in [open, all] {
        assert_eq!(of_worklist(&items, closed), by_hand);
    }
}
