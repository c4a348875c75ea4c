//! The whole dashboard in one process: real loop, real HTTP, scripted keys, an emulated terminal.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;

use common::{Dashboard, options};
use valora::list::ALL;
use valora::sandbox::Options;
use valora::sandbox::Special;
use valora::tui::msg::Msg;

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

/// The counts on the tabs.
fn counts(screen: &str) -> Vec<Option<String>> {
    let tabs = screen.lines().nth(1).unwrap_or_default();
    let count =
        |tab: &str| tab.trim().trim_end_matches(" open").rsplit(' ').next().map(str::to_owned);
    let digits = |text: &String| text.chars().all(|c| c.is_ascii_digit() || c == ',');
    let tabs = tabs.replace('▸', "  ");
    let tabs = tabs.split("  ").filter(|tab| !tab.trim().is_empty());
    tabs.map(|tab| count(tab).filter(digits)).collect()
}

fn all_counts(screen: &str) -> bool {
    let counts = counts(screen);
    counts.len() == ALL.len() && counts.iter().all(Option::is_some)
}

fn with_fault(fault: &str) -> Options {
    Options { faults: vec![fault.parse().unwrap()], ..options() }
}

#[test]
fn every_tab_shows_rows_that_came_over_http() {
    for size in SIZES {
        let mut dashboard = Dashboard::start(options(), size);
        for (index, spec) in ALL.iter().enumerate() {
            dashboard.press(&(index + 1).to_string());
            dashboard.wait_for(&format!("▸{} {}", index + 1, spec.title));
            dashboard.wait_for("row 1 of ");
            dashboard.wait_for(spec.fields[0].label);
            assert!(!dashboard.requests(spec.path).is_empty(), "{}", spec.path);
        }
        dashboard.press("q");
        dashboard.ended().unwrap();
    }
}

#[test]
fn the_start_costs_one_request_and_one_for_each_other_count() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait("all counts", all_counts);
    assert_eq!(dashboard.requests("transactions"), ["transactions?page=1&per_page=100"]);
    assert_eq!(dashboard.requests("debtors"), ["debtors?page=1&per_page=100"]);
    assert_eq!(dashboard.sandbox.requests().len(), ALL.len());
}

#[test]
fn paging_to_the_last_page_shows_the_last_row() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    let screen = dashboard.wait("the total", |screen| screen.contains(" loaded)"));
    let (_, after) = screen.split_once("row 1 of ").unwrap();
    let total = after.split_whitespace().next().unwrap();
    let mut loaded = "(100 of".to_owned();
    loop {
        dashboard.press("G");
        let screen = dashboard.wait("more rows", |screen| !screen.contains(&loaded));
        let Some((before, _)) = screen.split_once(" loaded)") else { break };
        loaded = format!("({}", before.rsplit('(').next().unwrap());
    }
    dashboard.press("G");
    dashboard.wait_for(&format!("row {total} of {total}"));
    let asked = dashboard.requests("transactions");
    let mut unique = asked.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(asked.len(), unique.len(), "no page is fetched twice: {asked:?}");
}

#[test]
fn a_booking_opens_from_its_row_and_by_reference_and_esc_comes_back() {
    for size in SIZES {
        let mut dashboard = Dashboard::start(options(), size);
        let balanced = dashboard.sandbox.known().one(Special::Balanced).to_owned();
        dashboard.wait_for("row 1 of ");
        dashboard.press("j j j enter");
        dashboard.wait_for("Rows add up to");
        dashboard.wait_for("✓");
        dashboard.press("esc");
        dashboard.wait_for("row 4 of ");
        dashboard.press("b");
        dashboard.wait_for("Find a booking");
        dashboard.send(Msg::Paste(format!("  {balanced}\n")));
        dashboard.press("enter");
        let screen = dashboard.wait_for("✓");
        assert!(screen.contains(&format!("Booking {balanced}")), "{screen}");
        assert!(!screen.contains("differs"), "{screen}");
        dashboard.press("tab p x");
        dashboard.wait_for("Record");
        dashboard.press("esc esc esc");
        dashboard.wait_for("row 4 of ");
    }
}

#[test]
fn an_unknown_booking_says_so() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    dashboard.wait_for("row 1 of ");
    dashboard.press("b N O enter");
    let screen = dashboard.wait_for("✗");
    assert!(screen.contains("NO"), "{screen}");
    dashboard.press("esc");
    dashboard.wait_for("row 1 of ");
}

#[test]
fn a_key_is_answered_while_a_fetch_hangs() {
    let mut dashboard = Dashboard::start(with_fault("hang:invoices"), (80, 24));
    dashboard.wait_for("row 1 of ");
    dashboard.press("3");
    dashboard.wait_for("Loading invoices");
    dashboard.press("?");
    dashboard.wait_for("Keys and commands");
    dashboard.press("esc 1 j");
    dashboard.wait_for("row 2 of ");
    dashboard.press("3 esc");
    dashboard.wait_for("Cancelled. ");
}

#[test]
fn a_failure_keeps_the_rows_and_r_recovers_once_it_is_gone() {
    let mut dashboard = Dashboard::start(options(), (80, 24));
    dashboard.wait_for("row 1 of ");
    let before = dashboard.wait_for("▌");
    let first_row = before.lines().nth(3).unwrap().to_owned();
    dashboard.sandbox.set_faults(vec!["403:transactions".parse().unwrap()]);
    dashboard.press("r");
    let failed = dashboard.wait_for("✗");
    assert!(failed.contains(&first_row), "{failed}");
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("r");
    dashboard.wait_until_gone("✗");
}

#[test]
fn r_recovers_from_a_refused_token_without_a_restart() {
    let mut dashboard = Dashboard::start(with_fault("401:*"), (80, 24));
    dashboard.wait_for("✗");
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("2");
    dashboard.wait_for("2 Scheduled !");
    dashboard.press("r");
    dashboard.wait_for("row 1 of ");
}

#[test]
fn a_failed_tab_leaves_the_others_alone() {
    let mut dashboard = Dashboard::start(with_fault("html:penalties"), (80, 24));
    dashboard.press("4");
    dashboard.wait_for("✗");
    dashboard.press("5");
    dashboard.wait_for("row 1 of ");
}

/// Waits until nothing more is written.
fn settle(dashboard: &mut Dashboard) {
    dashboard.wait("all counts", all_counts);
    while dashboard.bytes_written() > 0 {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

#[test]
fn a_refresh_that_finds_nothing_new_writes_nothing() {
    let mut dashboard = Dashboard::start(options(), (160, 45));
    settle(&mut dashboard);
    let before = dashboard.requests("transactions").len();
    dashboard.press("r");
    while dashboard.requests("transactions").len() == before {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(dashboard.bytes_written(), 0);
}

#[test]
fn a_minute_more_costs_nothing() {
    let mut dashboard = Dashboard::start(options(), (160, 45));
    settle(&mut dashboard);
    dashboard.pass(60_000);
    std::thread::sleep(std::time::Duration::from_millis(200));
    assert_eq!(dashboard.bytes_written(), 0, "when rows were loaded is a time of day");
}

#[test]
fn idle_it_writes_nothing() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait("all counts", all_counts);
    // The screen stands still once the last count has come; a few frames may still be under way.
    while dashboard.bytes_written() > 0 {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(dashboard.bytes_written(), 0);
}

#[test]
fn the_header_or_the_status_line_says_what_amounts_of_several_currencies_are_sorted_by() {
    for size in SIZES {
        let mut dashboard = Dashboard::start(options(), size);
        dashboard.wait_for("row 1 of ");
        dashboard.press("5");
        dashboard.wait_for("▸5 Debt");
        dashboard.wait_for("row 1 of ");
        dashboard.press("l l l S");
        let shown = dashboard.wait_for("Amount ▼ in EUR");
        assert!(!shown.contains("by currency"), "{shown}");
        // Transactions have no amount in EUR.
        dashboard.press("1");
        dashboard.wait_for("▸1 Transactions");
        dashboard.press("l l S");
        let shown =
            dashboard.wait_for("only loaded rows sorted by currency, then amount; L loads all");
        assert!(shown.contains("Amount ▽ ") && !shown.contains("in EUR"), "{shown}");
        dashboard.press("L y");
        dashboard.wait_for("sorted by currency, then amount");
        dashboard.wait_for("Amount ▼ ");
        dashboard.press("h S");
        dashboard.wait_until_gone("by currency");
        dashboard.press("q");
        dashboard.ended().unwrap();
    }
}
/// Leads from a payout that waits for a debt to that debt, and back.
#[test]
fn blocked_payouts_are_shown_by_reason_and_one_that_waits_for_debt_opens_it() {
    for size in SIZES {
        let mut dashboard = Dashboard::start(options(), size);
        dashboard.wait_for("row 1 of ");
        dashboard.press(":");
        dashboard.type_text("blocked");
        dashboard.press("enter");
        // The cost is said before the rows that are missing are loaded.
        dashboard.wait_for("1 more request");
        dashboard.press("enter");
        let shown = dashboard.wait_for("── needs IBAN · 52 rows · ");
        assert!(shown.contains("scheduled payments, by reason"), "{shown}");
        let mut steps = 0;
        while !dashboard.wait_for("row ").contains("enter debt") && steps < 200 {
            dashboard.press("j");
            steps += 1;
            dashboard.wait_for(&format!("row {} of ", steps + 1));
        }
        dashboard.press("enter");
        let shown = dashboard.wait_for(" debt records, by status");
        assert!(shown.contains("Reference: BK"), "{shown}");
        assert!(shown.contains("── overdue · "), "{shown}");
        dashboard.press("esc");
        dashboard.wait_for("── blocked by debt · ");
        dashboard.wait_for(&format!("row {} of ", steps + 1));
        dashboard.press("esc");
        dashboard.wait_until_gone("by reason");
    }
}

#[test]
fn penalties_show_the_owner_of_their_booking_and_ask_a_few_requests_for_it() {
    let mut dashboard = Dashboard::start(options(), (140, 40));
    dashboard.wait("all counts", all_counts);
    dashboard.press("4");
    dashboard.wait_for("▸4 Penalties");
    dashboard.wait_for("row 1 of ");
    dashboard.pass(1_000);
    // The rest follows answer by answer.
    let is_named = |line: &str| line.starts_with(|c| " ▌".contains(c)) && line.contains("BK");
    dashboard.wait("a name in each row", |screen| {
        let header = screen.lines().find(|line| line.contains("Owner")).unwrap_or_default();
        let before = header.split("Owner").next().unwrap_or_default().chars().count();
        let owner = |line: &&str| line.chars().skip(before).any(char::is_alphabetic);
        let rows: Vec<&str> = screen.lines().skip(3).filter(|line| is_named(line)).collect();
        rows.len() > 20 && rows.iter().all(owner)
    });
    let asked = dashboard.requests("conciliation/booking").len();
    assert!((1..=36).contains(&asked), "{asked}");
}
