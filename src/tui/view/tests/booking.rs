//! Snapshots of the booking screen: each view and state, at common sizes.

use crate::domain::text::Untrusted;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::view::tests::*;

/// Totals that differ: one by an inclusion rule, one by a row counted twice.
const DIFFERING: &str = r#"{"reference":"BK100234","totals":{"transactions":3,
    "transactions_made":205000,"invoices_gross":12100,"credit_notes_gross":0,
    "penalties_gross":30000,"debt":0},
    "invoicing":{"invoices":[{"document_id":"a","doc_type":"Invoice","invoice_to":"Zoë Müller",
    "issue_date":"2026-03-02","amount_net":10000,"amount_gross":12100,"currency":"EUR",
    "doc_number":"INV-2026-0007"}],"credit_notes":[]},
    "penalties":[{"id":"p","status":"notify","amount":30000,"currency":"EUR",
    "due_date":"2026-04-01","invoice_number":"PEN-1"},{"id":"q","status":"waived","amount":21175,
    "currency":"EUR","due_date":"2026-05-01","invoice_number":"PEN-2"}],"debt":[],
    "transactions":[{"amount":100000,"currency":"EUR","issued_on":"2026-02-04","type":"Transfer"},
    {"amount":55000,"currency":"EUR","issued_on":"2026-12-24","type":"Transfer"}]}"#;

/// All in yen: no decimals anywhere.
const YEN: &str = r#"{"totals":{"transactions":1,"transactions_made":150000,"invoices_gross":12100,
    "credit_notes_gross":0,"penalties_gross":0,"debt":0},"invoicing":{"invoices":[{"document_id":"a",
    "issue_date":"2026-03-02","amount_gross":12101,"currency":"JPY"}],"credit_notes":[]},
    "penalties":[],"debt":[],"transactions":[{"amount":150000,"currency":"JPY",
    "issued_on":"2026-03-04","type":"Transfer"}]}"#;

/// One section missing, one with rows in two currencies.
const INCOMPLETE: &str = r#"{"totals":{"transactions":2,"transactions_made":150000,
    "invoices_gross":12100,"credit_notes_gross":0,"penalties_gross":500,"debt":0},
    "invoicing":{"invoices":[{"document_id":"a","issue_date":"2026-03-02","amount_gross":12100,
    "currency":"EUR"}],"credit_notes":[]},"debt":[],"transactions":[
    {"amount":100000,"currency":"EUR","issued_on":"2026-03-04"},
    {"amount":50000,"currency":"PLN","issued_on":"2026-04-04"}]}"#;

/// A booking with this conciliation and these scheduled payments, after some keys.
fn opened(size: (u16, u16), body: &str, keys: &str) -> Screen {
    let mut screen = Screen::loaded(size, 1_234);
    let effects = screen.key("enter");
    answer_with(&mut screen, effects, body, None);
    screen.press(keys)
}

/// Answers with a conciliation; with a failure, the other lists fail.
fn answer_with(screen: &mut Screen, mut open: Vec<Effect>, body: &str, failed: Option<&Failure>) {
    while let Some(effect) = open.pop() {
        let Effect::Network(NetCommand::Send(ticket, _, request)) = effect else { continue };
        let answer = match (&request, failed) {
            (Request::Booking(_), _) => {
                let came = Conciliation::read("BK100234", body).unwrap();
                Ok(Response::Booking(Box::new(came)))
            }
            (_, Some(failure)) => Err(failure.clone()),
            (_, None) => Ok(answer(&request, 2)),
        };
        open.extend(update(&mut screen.0, at(2_000), Msg::Answered(ticket, answer)));
    }
}

/// Presses a key; the server has none of the requested bookings.
fn not_found(screen: &mut Screen, key: &str) {
    let mut open = screen.key(key);
    while let Some(effect) = open.pop() {
        let Effect::Network(NetCommand::Send(ticket, _, Request::Booking(reference))) = effect
        else {
            continue;
        };
        let what = format!("Booking {reference} could not be loaded");
        let why = "the server does not know this booking (404)";
        let failure = Failure::new(Kind::Missing, what, why, Advice::LookUpAnother);
        open.extend(update(&mut screen.0, at(2_000), Msg::Answered(ticket, Err(failure))));
    }
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let cells: Vec<&str> = buffer.content().iter().map(ratatui::buffer::Cell::symbol).collect();
    cells.chunks(width).map(<[&str]>::concat).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_view() {
    snapshot("booking_differs", |size| opened(size, DIFFERING, ""));
    snapshot("booking_ledger", |size| opened(size, DIFFERING, "t"));
    snapshot("booking_ledger_several", |size| opened(size, BOOKING, "t"));
    snapshot("booking_checks", |size| opened(size, DIFFERING, "C"));
    snapshot("booking_led_to", |size| opened(size, DIFFERING, "C j j j j j j j enter"));
}

#[test]
fn each_state() {
    snapshot("booking_yen", |size| opened(size, YEN, ""));
    snapshot("booking_incomplete", |size| opened(size, INCOMPLETE, "tab tab"));
    snapshot("booking_source_failed", |size| {
        let mut screen = Screen::loaded(size, 1_234);
        let effects = screen.key("enter");
        let failure = Failure {
            kind: Kind::Passing,
            what: "Scheduled could not be loaded".to_owned(),
            why: "the server has a problem (503)".to_owned(),
            advice: Advice::Retry,
            fields: Vec::new(),
        };
        answer_with(&mut screen, effects, DIFFERING, Some(&failure));
        screen
    });
    for (name, keys) in [
        ("booking_changed", "tab"),
        ("booking_changed_detail", "tab z"),
        ("booking_changes", "C G"),
    ] {
        snapshot(name, |size| {
            let mut screen = opened(size, DIFFERING, "");
            let effects = screen.key("r");
            let later = DIFFERING
                .replace(r#""status":"notify""#, r#""status":"paid""#)
                .replace(r#""penalties_gross":30000"#, r#""penalties_gross":30001"#);
            answer_with(&mut screen, effects, &later, None);
            screen.press("tab").press(keys)
        });
    }
}

#[test]
fn prompts() {
    snapshot("lookup_recent", |size| opened(size, YEN, "q b"));
    snapshot("lookup_selected", |size| {
        let mut screen = opened(size, YEN, "q b 7 7");
        not_found(&mut screen, "enter");
        screen.press("b")
    });
    snapshot("export_prompt", |size| opened(size, YEN, "e"));
    snapshot("booking_help", |size| opened(size, YEN, "? l e d g e r"));
}

#[test]
fn what_does_not_exist() {
    snapshot("booking_unknown", |size| {
        let mut screen = Screen::loaded(size, 1_234).press("b 7 7");
        not_found(&mut screen, "enter");
        screen
    });
    snapshot("booking_of_no_row", |size| {
        let mut screen = Screen::loaded(size, 1_234);
        not_found(&mut screen, "enter");
        screen
    });
}

#[test]
fn the_line_on_top_says_who_was_paid_what_and_cuts_no_amount() {
    for width in 40..150 {
        let screen = opened((width, 24), DIFFERING, "");
        let shown = text(&screen.buffer(&Theme::sixteen()));
        let top = shown.lines().nth(1).unwrap().trim_end().to_owned();
        let figures: Vec<&str> = top.split(" · ").skip(1).collect();
        let all =
            ["Zoë Müller", "paid out EUR 1,550.00", "invoiced EUR 121.00", "still open EUR 300.00"];
        assert!(figures.iter().all(|figure| all.contains(figure)), "{width}: {top}");
        assert_eq!(figures.contains(&all[1]), width > 40, "{width}: {top}");
        assert_eq!(figures.len() == 4, width >= 100, "{width}: {top}");
    }
}

#[test]
fn a_difference_is_never_dropped_and_the_chosen_section_is_named_at_any_size() {
    // Every width at one height, and at some widths the heights at which lines are dropped.
    let wide = (40..150).map(|width| (width, 24));
    let high = [40, 60, 80, 140].into_iter().flat_map(|width| (10..40).map(move |h| (width, h)));
    for (width, height) in wide.chain(high) {
        let screen = opened((width, height), DIFFERING, "");
        let shown = text(&screen.buffer(&Theme::sixteen()));
        let says = shown.contains('✗') || shown.contains("DOES NOT ADD UP");
        assert!(says, "{width}x{height}\n{shown}");
        assert!(shown.contains("Penalties"), "{width}x{height}\n{shown}");
    }
}

#[test]
fn beside_a_reference_in_wide_letters_the_headline_and_the_view_are_shown() {
    let reference = "龍".repeat(11);
    for width in 50..150 {
        let mut booking = Booking::opening(Untrusted::new(reference.as_str()), OpenedFrom::List);
        booking.accept(Conciliation::read(&reference, YEN).unwrap(), at(0));
        let mut screen = Screen::loaded((width, 24), 9);
        screen.0.push(Box::new(booking));
        screen.key("t");
        let shown = text(&screen.buffer(&Theme::sixteen()));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[1].contains('龍') && lines[2].contains("▸Ledger"), "{width}\n{shown}");
        assert!(lines[2].contains("DOES NOT ADD UP"), "{width}\n{shown}");
    }
}

#[test]
fn no_amount_of_the_ledger_is_cut_at_any_width() {
    for width in (40..150).step_by(2) {
        let screen = opened((width, 24), DIFFERING, "t g");
        let shown = text(&screen.buffer(&Theme::sixteen()));
        for amount in ["121.00", "1,000.00", "300.00", "550.00", "643.00"] {
            assert!(shown.contains(amount), "{amount} at {width}\n{shown}");
        }
    }
}
