//! The booking screen over real HTTP: each special booking of the sandbox, with its verdict and the
//! reason on the screen; what is asked beside; walks, the lookup, an export.

#[cfg(test)]
mod common;

use common::shapes::in_shape;
use common::still::Still;
use common::{Dashboard, options};
use valora::sandbox::Special;
use valora::sandbox::{Options, Shape};
use valora::tui::msg::Msg;

fn start(size: (u16, u16)) -> Dashboard {
    let mut dashboard = Dashboard::start(options(), size);
    dashboard.wait_for("row 1 of ");
    dashboard
}

/// Opens a booking by its reference and waits until all that belongs to it has come.
fn open(dashboard: &mut Dashboard, reference: &str) -> String {
    dashboard.press("b");
    dashboard.send(Msg::Paste(reference.to_owned()));
    dashboard.press("enter");
    let here = format!("Booking {reference}");
    dashboard.wait("the booking", |screen| {
        screen.contains(&here) && screen.contains("Server") && !screen.contains("fetching …")
    })
}

#[test]
fn each_special_booking_shows_its_verdict_and_the_reason() {
    use Special as S;
    let table: [(Special, &str, &[&str]); 22] = [
        (S::Balanced, "balanced", &["= agrees"]),
        (S::SeveralCurrencies, "several currencies", &["the bare numbers of all currencies"]),
        (S::EmptySections, "balanced", &["= agrees"]),
        (S::HundredRows, "balanced", &["= agrees"]),
        (S::TotalWithoutWaived, "out by EUR -211.75", &["is without waived penalties"]),
        (S::TotalWithoutCancelled, "out by EUR -211.75", &["is without cancelled penalties"]),
        (S::TotalOnlyOpenDebt, "out by EUR ", &["is only open debt (pending, overdue)"]),
        (S::OutByOneRow, "out by EUR -1,070.89", &["the total may leave out Transfer"]),
        (S::CountedTwice, "out by EUR 1,070.89", &["the total may count twice Transfer"]),
        (S::SignTurned, "out by EUR -2,141.78", &["may have the sign turned of Transfer"]),
        (S::DigitsSwapped, "out by EUR ", &["two digits swapped of Transfer"]),
        (S::OutInTwoRows, "out by EUR ", &["may leave out both Transfer"]),
        (
            S::PaidBeforeIssued,
            "balanced",
            &["✗ nothing paid before issued", "✗ nothing closed before notified"],
        ),
        (S::WaivedStillInDebt, "balanced", &["✗ nothing waived still in debt", "is still open"]),
        (S::SettledElsewhere, "balanced", &["✗ nothing settled elsewhere"]),
        (S::SameAmountAndDateTwice, "balanced", &["✗ no amount twice on one day", "2 times"]),
        (S::SectionMissing, "incomplete", &["the answer has no such section"]),
        (S::SectionNull, "incomplete", &["the answer has null for debt"]),
        (S::SectionObject, "balanced", &["= agrees"]),
        (S::SectionRenamed, "balanced", &["= agrees"]),
        (S::SectionMoved, "balanced", &["= agrees"]),
        (S::AmountAsString, "balanced", &["= agrees"]),
    ];
    for shape in Shape::all() {
        let mut still = Still::start(in_shape(shape), (140, 40));
        for (special, verdict, reasons) in table {
            still.open_booking(special);
            let mut screen = still.lines();
            assert!(screen[1].contains(verdict), "{shape} {special:?}\n{}", screen.join("\n"));
            still.press("C");
            screen.extend(still.lines());
            let screen = screen.join("\n");
            for reason in reasons {
                // Below another object, a section that is null is a value and no section.
                let is_open = special == S::SectionNull && shape != Shape::default();
                assert!(
                    is_open || screen.contains(reason),
                    "{shape} {special:?}: {reason}\n{screen}"
                );
            }
            still.press("esc esc");
        }
    }
}

#[test]
fn enter_on_a_failed_check_marks_its_rows_and_esc_comes_back() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::SameAmountAndDateTwice).to_owned();
    open(&mut dashboard, &reference);
    dashboard.press("C");
    let screen = dashboard.wait_for("✗ no amount twice");
    let line = screen.lines().skip(2).position(|line| line.contains("✗ no amount")).unwrap();
    (0..line).for_each(|_| dashboard.press("j"));
    dashboard.press("enter");
    let screen = dashboard.wait_for("2 rows marked in Transactions");
    assert_eq!(
        screen.lines().filter(|line| line.contains("* BK") || line.contains("*BK")).count(),
        2,
        "{screen}"
    );
    dashboard.press("esc");
    dashboard.wait_for("Verdict: ");
}

#[test]
fn the_first_answer_is_shown_while_a_list_beside_it_hangs() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.sandbox.set_faults(vec!["hang:transactions/scheduled".parse().unwrap()]);
    dashboard.press("b");
    dashboard.send(Msg::Paste(reference));
    dashboard.press("enter");
    let screen = dashboard.wait_for("agrees");
    assert!(screen.contains("Scheduled payments: fetching …"), "{screen}");
}

#[test]
fn a_list_that_fails_leaves_the_rest_standing_and_r_asks_again() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.sandbox.set_faults(vec!["403:transactions/scheduled".parse().unwrap()]);
    let screen = open(&mut dashboard, &reference);
    assert!(screen.contains("incomplete") && screen.contains("✗ Scheduled payments: "), "{screen}");
    assert!(screen.contains("agrees"), "{screen}");
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("r");
    let screen = dashboard.wait_until_gone("incomplete");
    assert!(screen.contains("balanced"), "{screen}");
    dashboard.wait_for("Nothing has changed.");
}

#[test]
fn an_unknown_reference_keeps_what_was_typed() {
    let mut dashboard = start((80, 24));
    let right = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.press("b");
    dashboard.send(Msg::Paste(format!("see {right}9 please")));
    dashboard.press("enter");
    dashboard.wait_for("the server knows no such booking");
    dashboard.press("esc");
    let screen = dashboard.wait_for("The server knows no booking");
    assert!(screen.contains(&format!("see {right}9 please")), "{screen}");
    dashboard.press("esc");
    dashboard.wait_until_gone("Open a booking");
}

#[test]
fn seen_bookings_cost_no_request_and_are_walked_back_and_forward() {
    let mut dashboard = start((80, 24));
    let known = dashboard.sandbox.known();
    let (one, two) =
        (known.one(Special::Balanced).to_owned(), known.one(Special::OutByOneRow).to_owned());
    open(&mut dashboard, &one);
    open(&mut dashboard, &two);
    let asked = dashboard.requests("conciliation/booking").len();
    dashboard.press("[");
    dashboard.wait_for(&format!("Booking {one}"));
    dashboard.press("]");
    dashboard.wait_for(&format!("Booking {two}"));
    dashboard.press("esc esc b down down enter");
    dashboard.wait_for(&format!("Booking {one}"));
    assert_eq!(dashboard.requests("conciliation/booking").len(), asked);
}

#[test]
fn the_bookings_of_a_list_are_walked_without_going_back() {
    let mut dashboard = start((80, 24));
    let booking =
        |screen: &str| screen.lines().nth(1).unwrap().chars().take(18).collect::<String>();
    dashboard.press("enter");
    let first = booking(&dashboard.wait_for("Server"));
    dashboard.press("}");
    let second =
        dashboard.wait("the next", |screen| screen.contains("Server") && booking(screen) != first);
    dashboard.press("{");
    dashboard.wait_for(&first);
    dashboard.press("} esc");
    let list = dashboard.wait_for("▸1 Transactions");
    let reference = booking(&second).replace(" Booking ", "");
    let cursor = list.lines().find(|line| line.starts_with('▌')).unwrap();
    assert!(cursor.contains(reference.trim()), "{cursor}");
}

#[test]
fn an_export_says_where_it_went_and_writes_nothing_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.csv");
    let mut dashboard = start((140, 40));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    open(&mut dashboard, &reference);
    for expected in ["Exported to ", "there is a file of this name"] {
        dashboard.press("e");
        dashboard.wait_for("Export to");
        dashboard.press("ctrl-u");
        dashboard.send(Msg::Paste(path.display().to_string()));
        dashboard.press("enter");
        dashboard.wait_for(expected);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("record,booking,date,") && text.contains(&reference), "{text}");
}

#[test]
fn hostile_bookings_are_drawn_in_every_view() {
    let hostile = Options { hostile: true, ..options() };
    let mut dashboard = Dashboard::start(hostile, (80, 24));
    dashboard.wait_for("row 1 of ");
    for _ in 0..12 {
        dashboard.press("enter");
        dashboard.wait_for("Booking");
        dashboard.press("t G p x esc C G g tab tab tab p esc esc esc esc 1 j");
        dashboard.wait_for("row ");
    }
}
