//! Whatever goes wrong between two machines: the rows that were on the screen stay, the message says
//! what to do, and `r` recovers once the fault is gone, without a restart. Every kind of fault that
//! the sandbox knows takes part.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

#[cfg(test)]
mod common;

use std::time::Duration;

use common::{Dashboard, options};
use valora::sandbox::GroundTruth;
use valora::sandbox::Options;
use valora::sandbox::Special;
use valora::sandbox::fault_kinds;

const SIZE: (u16, u16) = (100, 24);
/// Milliseconds that a request may take to leave.
const PATIENCE: u32 = 20_000;

/// What a fault does to a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Rows come all the same.
    Well,
    /// No row is left, and that is no failure.
    Empty,
    /// It fails by itself.
    Badly,
    /// Nothing comes for so long that the user gives up.
    Never,
    /// The limit is reached: nothing leaves until the window is over.
    Limited,
}

fn ends(kind: &str) -> Ends {
    match kind {
        "no-length" | "content-type" | "latency" | "repeat-pages" | "shrink-pages"
        | "ignore-booking" | "no-limit-headers" | "wrong-types" | "huge-string" => Ends::Well,
        "no-rows" => Ends::Empty,
        "hang" | "hang-body" | "drip" => Ends::Never,
        _ if kind.starts_with("429") => Ends::Limited,
        _ => Ends::Badly,
    }
}

/// What a message may tell the user to do.
const ADVICE: [&str; 4] = ["press r", "or press", "r refreshes", "press f"];

const BESIDE: usize = 8;

/// Runs what is given over the kinds of faults that end so, several beside each other: most of the
/// time is waiting.
fn beside(which: fn(Ends) -> bool, run: impl Fn(&[&'static str]) + Sync) {
    let kinds: Vec<_> =
        fault_kinds().map(|(kind, _)| kind).filter(|kind| which(ends(kind))).collect();
    let run = &run;
    std::thread::scope(|scope| {
        for part in 0..BESIDE {
            let kinds: Vec<_> = kinds.iter().copied().skip(part).step_by(BESIDE).collect();
            scope.spawn(move || run(&kinds));
        }
    });
}

fn set_fault(dashboard: &Dashboard, kind: &str) {
    let fault = format!("{kind}:transactions").parse().unwrap();
    dashboard.sandbox.set_faults(vec![fault]);
}

fn advises(screen: &str) -> bool {
    let words: Vec<&str> = screen.split_whitespace().collect();
    let flat = words.join(" ");
    ADVICE.iter().any(|advice| flat.contains(advice))
}

/// The rows of the table, whatever stands below them.
fn rows(screen: &str) -> Vec<String> {
    let lines = screen.lines().skip(4).take(10);
    lines.map(|line| line.trim_end().trim_start_matches(['▌', ' ']).to_owned()).collect()
}

/// The screen under a failure. A refusal of filters opens their form, which is closed again.
fn failure_of(dashboard: &mut Dashboard, kind: &str) -> String {
    if kind == "422" {
        dashboard.wait_for("The search field is invalid.");
        dashboard.press("esc");
    }
    dashboard.wait(&format!("the failure of {kind}"), |screen| {
        screen.contains("could not be loaded") && !screen.contains("Filter transactions")
    })
}

/// When what is shown was loaded, as the first line says it.
fn as_of(screen: &str) -> String {
    let first = screen.lines().next().unwrap_or_default();
    first.split_once("as of ").map(|(_, at)| at.trim().to_owned()).unwrap_or_default()
}

/// Returns `true` if rows were loaded after those of `before`.
fn is_fresh(screen: &str, before: &str) -> bool {
    !as_of(screen).is_empty() && as_of(screen) != before
}

/// Reloads two minutes later, so that an answer shows by its time. Returns the time of the rows before.
fn reload(dashboard: &mut Dashboard, kind: &str) -> String {
    dashboard.pass(120_000);
    let time = as_of(&dashboard.wait("the rows before", |_| true));
    let before = dashboard.requests("transactions").len();
    dashboard.press("r");
    let is_asked = (0..PATIENCE).any(|_| {
        std::thread::sleep(Duration::from_millis(1));
        dashboard.requests("transactions").len() > before
    });
    assert!(is_asked, "{kind}: nothing was asked");
    time
}

/// A refresh that came, with no complaint.
fn recovers(dashboard: &mut Dashboard, kind: &str) {
    dashboard.sandbox.set_faults(Vec::new());
    let before = reload(dashboard, kind);
    dashboard.wait(&format!("a recovery from {kind}"), |screen| {
        is_fresh(screen, &before) && !screen.contains('✗') && screen.contains("row 1 of ")
    });
}

/// Under these faults rows come; what is odd about them shows.
fn comes_well(dashboard: &mut Dashboard, kind: &str, before: &str, whole: &[String]) {
    if kind == "latency" {
        let shown = dashboard.wait_for("loading");
        assert!(!is_fresh(&shown, before), "{shown}");
        assert_eq!(rows(&shown), whole, "the rows stay until the others come\n{shown}");
    }
    let shown = dashboard.wait(kind, |screen| is_fresh(screen, before));
    assert!(!shown.contains('✗') && shown.contains("row 1 of "), "{kind}: {shown}");
    if kind == "wrong-types" {
        assert!(rows(&shown).iter().all(|row| row.starts_with("8  ")), "{shown}");
        return;
    }
    // A value that is as wide as its column may be moves the columns behind it.
    let begins = |rows: &[String]| -> Vec<String> {
        rows.iter().map(|row| row.chars().take(30).collect()).collect()
    };
    if kind == "huge-string" {
        assert_eq!(begins(&rows(&shown)), begins(whole), "{kind}: {shown}");
    } else {
        assert_eq!(rows(&shown), whole, "{kind}: {shown}");
    }
    let more = match kind {
        "huge-string" => {
            dashboard.press("p");
            dashboard.wait_for("WWWWWW");
            return dashboard.press("p");
        }
        "repeat-pages" => "asked for page 2, got page 1; press r to retry",
        "shrink-pages" => {
            "The list changed while loading: rows may be missing or duplicated. r refreshes."
        }
        _ => return,
    };
    dashboard.press("G");
    let shown = dashboard.wait_for(more);
    assert!(shown.contains("row 100 of "), "the rows stay\n{shown}");
    assert_eq!(shown.contains("row 100 of 150"), kind == "shrink-pages", "{shown}");
    dashboard.press("g");
}

fn each_of(kinds: &[&'static str]) {
    let mut dashboard = Dashboard::start(options(), SIZE);
    let whole = rows(&dashboard.wait_for(" loaded)"));
    for kind in kinds.iter().copied() {
        set_fault(&dashboard, kind);
        let before = reload(&mut dashboard, kind);
        if ends(kind) == Ends::Well {
            comes_well(&mut dashboard, kind, &before, &whole);
        } else if ends(kind) == Ends::Empty {
            let shown = dashboard.wait_for("This customer has no rows in Transactions.");
            assert!(!shown.contains('✗'), "{shown}");
        } else {
            let shown = match ends(kind) {
                Ends::Never => {
                    dashboard.wait_for("esc cancels");
                    dashboard.press("esc");
                    dashboard.wait_for("Cancelled. ")
                }
                _ => failure_of(&mut dashboard, kind),
            };
            assert_eq!(rows(&shown), whole, "{kind}: the rows stay\n{shown}");
            assert!(advises(&shown), "{kind}: {shown}");
        }
        recovers(&mut dashboard, kind);
        let shown =
            dashboard.wait(&format!("the rows after {kind}"), |screen| rows(screen) == whole);
        assert!(!shown.contains('✗'), "{kind}: {shown}");
    }
}

#[test]
fn every_fault_of_a_list_leaves_the_rows_says_what_to_do_and_passes() {
    beside(|ends| ends != Ends::Limited, each_of);
}

#[test]
fn a_limit_leaves_the_rows_counts_down_and_is_over_by_itself() {
    let sensible = |kinds: &[&'static str]| {
        for kind in kinds.iter().filter(|kind| **kind != "429-absurd") {
            let mut dashboard = Dashboard::start(options(), SIZE);
            let whole = rows(&dashboard.wait_for(" loaded)"));
            set_fault(&dashboard, kind);
            let before = reload(&mut dashboard, kind);
            let shown = dashboard.wait_for("limit reached, resuming in ");
            assert_eq!(rows(&shown), whole, "{kind}: {shown}");
            dashboard.sandbox.set_faults(Vec::new());
            dashboard.wait(&format!("the end of {kind}"), |screen| {
                is_fresh(screen, &before)
                    && !screen.contains('✗')
                    && !screen.contains("limit reached")
            });
        }
    };
    beside(|ends| ends == Ends::Limited, sensible);
}

#[test]
fn a_limit_that_makes_no_sense_leaves_the_rows_and_is_a_minute() {
    let mut dashboard = Dashboard::start(options(), SIZE);
    let whole = rows(&dashboard.wait_for(" loaded)"));
    set_fault(&dashboard, "429-absurd");
    dashboard.press("r");
    let shown = dashboard.wait("a countdown", |screen| {
        ["in 59 s", "in 60 s", "in 1 min"].iter().any(|wait| screen.contains(wait))
    });
    assert_eq!(rows(&shown), whole, "{shown}");
}

#[test]
fn an_amount_of_a_wrong_type_is_shown_and_is_in_no_sum() {
    let mut dashboard = Dashboard::start(options(), SIZE);
    dashboard.wait_for(" loaded)");
    dashboard.sandbox.set_faults(vec!["wrong-types:penalties".parse().unwrap()]);
    dashboard.press("4");
    let shown = dashboard.wait_for("(about)");
    assert!(shown.contains("row 1 of ") && !shown.contains('✗'), "{shown}");
    dashboard.press("a");
    dashboard.wait_for(" 46 marked · 46 open · 46 rows with an invalid amount");
}

fn balanced(known: &GroundTruth) -> String {
    known.one(Special::Balanced).to_owned()
}

#[test]
fn every_fault_of_a_booking_leaves_what_is_known_says_what_to_do_and_passes() {
    beside(|ends| ends == Ends::Badly, each_of_booking);
}

fn each_of_booking(kinds: &[&'static str]) {
    let mut dashboard = Dashboard::start(options(), SIZE);
    dashboard.wait_for("row 1 of ");
    let reference = balanced(&dashboard.sandbox.known());
    dashboard.press("b");
    dashboard.wait_for("Find a booking");
    dashboard.type_text(&reference);
    dashboard.press("enter");
    let panel = |screen: &str| screen.matches("  ✓").count();
    dashboard.wait("the totals", |screen| panel(screen) == 5);
    for kind in kinds {
        let fault = format!("{kind}:conciliation/booking").parse().unwrap();
        dashboard.sandbox.set_faults(vec![fault]);
        dashboard.press("r");
        let shown = dashboard.wait(&format!("the failure of {kind}"), |screen| {
            screen.contains("could not be loaded")
        });
        assert!(panel(&shown) > 0 && shown.contains(&reference), "{kind}: {shown}");
        assert!(advises(&shown) || shown.contains("press b to try another"), "{kind}: {shown}");
        dashboard.sandbox.set_faults(Vec::new());
        dashboard.press("r");
        dashboard.wait(&format!("the booking after {kind}"), |screen| {
            panel(screen) == 5 && screen.contains("Nothing changed.")
        });
    }
}

#[test]
fn a_start_under_every_fault_is_told_and_r_recovers() {
    beside(
        |ends| ends == Ends::Badly,
        |kinds| {
            for kind in kinds {
                let faults = vec![format!("{kind}:transactions").parse().unwrap()];
                let mut dashboard = Dashboard::start(Options { faults, ..options() }, SIZE);
                let shown = failure_of(&mut dashboard, kind);
                assert!(advises(&shown), "{kind}: {shown}");
                recovers(&mut dashboard, kind);
            }
        },
    );
}
