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
        screen.contains(&here) && screen.contains("Server") && !screen.contains("loading…")
    })
}

/// A verdict to which nothing is added.
const ADDS_UP: &str = " ADDS UP ";

fn missing(amount: &str, noun: &str) -> String {
    format!(" DOES NOT ADD UP  EUR {amount} of {noun} are missing from the server's total")
}

/// In each shape, the line on top says the verdict, and the screen and its checks the reasons.
fn assert_shown(table: &[(Special, &str, &[&str])]) {
    for shape in Shape::all() {
        let mut still = Still::start(in_shape(shape), (140, 40));
        for &(special, verdict, reasons) in table {
            still.open_booking(special);
            let mut screen = still.lines();
            assert!(screen[2].contains(verdict), "{shape} {special:?}\n{}", screen.join("\n"));
            still.press("C");
            screen.extend(still.lines());
            let screen = screen.join("\n");
            for reason in reasons {
                // Below another object, a section that is null is a value and no section.
                let is_open = special == Special::SectionNull && shape != Shape::default();
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
fn each_special_booking_shows_its_verdict_and_the_reason() {
    use Special as S;
    let table: [(Special, &str, &[&str]); 22] = [
        (S::Balanced, ADDS_UP, &["✓"]),
        (S::SeveralCurrencies, " MIXED CURRENCIES  ", &["add amounts in different currencies"]),
        (S::EmptySections, ADDS_UP, &["✓"]),
        (S::HundredRows, ADDS_UP, &["✓"]),
        (S::TotalWithoutWaived, &missing("211.75", "penalties"), &["leave out waived penalties"]),
        (
            S::TotalWithoutCancelled,
            &missing("211.75", "penalties"),
            &["leave out cancelled penalties"],
        ),
        (
            S::TotalOnlyOpenDebt,
            "of debt is missing from the server's total",
            &["count only open debt (pending, overdue)"],
        ),
        (S::OutByOneRow, &missing("1,070.89", "payouts"), &["the total may leave out Transfer"]),
        (
            S::CountedTwice,
            " DOES NOT ADD UP  EUR 1,070.89 of payouts are missing from the rows",
            &["the total may count twice: Transfer"],
        ),
        (S::SignTurned, &missing("2,141.78", "payouts"), &["have the wrong sign for Transfer"]),
        (S::DigitsSwapped, " DOES NOT ADD UP  EUR ", &["two digits swapped in Transfer"]),
        (S::OutInTwoRows, " DOES NOT ADD UP  EUR ", &["may leave out both Transfer"]),
        (
            S::PaidBeforeIssued,
            " ADDS UP, BUT 2 CHECKS FAILED  paid out before the first invoice; ",
            &["✗ Paid out before the first invoice", "✗ Penalty closed before its notice"],
        ),
        (
            S::WaivedStillInDebt,
            " ADDS UP, BUT 1 CHECK FAILED  waived, but still open as debt",
            &["✗ Waived, but still open as debt", "is still open"],
        ),
        (
            S::SettledElsewhere,
            " ADDS UP, BUT 1 CHECK FAILED  settled by another booking, BK",
            &["✗ Settled by another booking, BK"],
        ),
        (
            S::SameAmountAndDateTwice,
            " ADDS UP, BUT 1 CHECK FAILED  the same amount paid twice on one day",
            &["✗ The same amount paid twice on one day", "2 times"],
        ),
        (
            S::SectionMissing,
            " INCOMPLETE  Penalties: the section is missing from the response",
            &["not in the response"],
        ),
        (S::SectionNull, " INCOMPLETE  Debt: ", &["the server sent no data for debt (null)"]),
        (S::SectionObject, ADDS_UP, &["✓"]),
        (S::SectionRenamed, ADDS_UP, &["✓"]),
        (S::SectionMoved, ADDS_UP, &["✓"]),
        (S::AmountAsString, ADDS_UP, &["✓"]),
    ];
    assert_shown(&table);
}

#[test]
fn enter_on_a_failed_check_marks_its_rows_and_esc_comes_back() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::SameAmountAndDateTwice).to_owned();
    open(&mut dashboard, &reference);
    dashboard.press("C");
    let screen = dashboard.wait_for("✗ The same amount");
    let line = screen.lines().skip(3).position(|line| line.contains("✗ The same amount")).unwrap();
    (0..line).for_each(|_| dashboard.press("j"));
    dashboard.press("enter");
    let screen = dashboard.wait_for("2 rows marked in Transactions");
    assert_eq!(
        screen.lines().filter(|line| line.contains("* BK") || line.contains("*BK")).count(),
        2,
        "{screen}"
    );
    dashboard.press("esc");
    dashboard.wait_for("▸Checks");
}

#[test]
fn the_first_answer_is_shown_while_a_list_beside_it_hangs() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.sandbox.set_faults(vec!["hang:transactions/scheduled".parse().unwrap()]);
    dashboard.press("b");
    dashboard.send(Msg::Paste(reference));
    dashboard.press("enter");
    let screen = dashboard.wait_for("✓");
    assert!(screen.contains("Scheduled payments: loading…"), "{screen}");
    assert!(screen.contains(" ADDS UP  (still loading…)"), "{screen}");
}

#[test]
fn a_list_that_fails_leaves_the_rest_standing_and_r_asks_again() {
    let mut dashboard = start((80, 24));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    dashboard.sandbox.set_faults(vec!["403:transactions/scheduled".parse().unwrap()]);
    let screen = open(&mut dashboard, &reference);
    assert!(screen.contains("INCOMPLETE") && screen.contains("✗ Scheduled payments: "), "{screen}");
    assert!(screen.contains("✓"), "{screen}");
    dashboard.sandbox.set_faults(Vec::new());
    dashboard.press("r");
    dashboard.wait_until_gone("INCOMPLETE");
    dashboard.wait_for(ADDS_UP);
    dashboard.wait_for("Nothing changed.");
}

#[test]
fn a_failed_lookup_offers_what_was_typed_selected_and_esc_leaves_it_in_one_step() {
    let mut dashboard = start((80, 24));
    let right = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    let digits = right.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
    dashboard.press("b");
    dashboard.send(Msg::Paste(format!("see {right}9 please")));
    dashboard.press("enter");
    dashboard.wait_for("the server does not know this booking");
    dashboard.press("b");
    dashboard.wait_for(&format!("see {right}9 please"));
    dashboard.type_text(&digits);
    let screen = dashboard.wait_until_gone("please");
    assert!(screen.contains(&digits) && screen.contains("Find a booking"), "{screen}");
    dashboard.press("enter");
    dashboard.wait_for(&format!("{digits}: found booking {right}."));
    dashboard.press("esc");
    dashboard.wait_for("▸1 Transactions");
    let asked = dashboard.requests("conciliation/booking");
    assert_eq!(asked.len(), 2, "{asked:?}");
}

#[test]
fn a_server_that_ignores_the_booking_is_said_and_its_rows_do_not_count() {
    for list in ["transactions/scheduled", "penalties", "debtors"] {
        let mut dashboard = start((140, 40));
        let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
        let fault = format!("ignore-booking:{list}").parse().unwrap();
        dashboard.sandbox.set_faults(vec![fault]);
        let screen = open(&mut dashboard, &reference);
        if list == "transactions/scheduled" {
            assert!(screen.contains(" INCOMPLETE "), "{screen}");
            let said = "scheduled payments name other bookings, BK";
            let line = screen.lines().find(|line| line.contains(said)).expect(&screen);
            assert!(line.contains("not counted; the server ignored booking_id"), "{screen}");
        } else {
            // They are loaded only where the conciliation lacks fields.
            assert!(screen.contains(ADDS_UP), "{screen}");
        }
    }
}

#[test]
fn the_line_on_top_names_the_owner_and_what_was_paid_out() {
    let mut dashboard = start((140, 40));
    let reference = dashboard.sandbox.known().one(Special::Balanced).to_owned();
    let screen = open(&mut dashboard, &reference);
    let top = screen.lines().nth(1).unwrap();
    for words in [" · paid out EUR ", " · invoiced EUR ", " · still open EUR "] {
        assert!(top.contains(words), "{words} in {top}");
    }
    assert!(!top.starts_with(&format!(" Booking {reference} · paid out")), "no owner: {top}");
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
    for expected in ["Exported to ", "a file with this name already exists"] {
        dashboard.press("e");
        dashboard.wait_for("Export to");
        dashboard.press("ctrl-u");
        dashboard.send(Msg::Paste(path.display().to_string()));
        dashboard.press("enter");
        dashboard.wait_for(expected);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("record,booking_id,date,") && text.contains(&reference), "{text}");
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
