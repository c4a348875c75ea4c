//! What must be on the screen before a write is confirmed, at each size.

use super::*;
use crate::net::response::NetState;
use crate::payments::write::Permit;
use crate::tui::tests;
use crate::tui::writes::WriteCommand;
use crate::writes::permission::Allowed;

fn resize(tui: &mut Tui, size: (u16, u16)) {
    let now = tui.cx.now;
    let _ = update(tui, now, Msg::Resized(size.0, size.1));
}

#[test]
fn a_long_plan_is_read_by_one_key_and_confirmed_only_then() {
    for size in [(60, 16), (80, 24), (140, 40)] {
        let mut tui = payments(true);
        resize(&mut tui, size);
        let plan = fees(40);
        tui.cx.then(Next::Write(plan.write.clone()));
        let now = tui.cx.now;
        let effects = update(&mut tui, now, Msg::Woken);
        let [WriteCommand::Prepare(number, _)] = commands(&effects)[..] else { panic!() };
        let number = *number;
        news(&mut tui, WriteNews::Prepared(number, Ok(Box::new(plan.clone()))));
        let first = drawn(&tui);
        assert!(first.contains("NOTHING UNDOES THIS"), "{size:?}\n{first}");
        type_text(&mut tui, "note");
        press(&mut tui, "enter");
        type_text(&mut tui, &plan.typed);
        assert_eq!(press(&mut tui, "enter"), []);
        assert!(
            drawn(&tui).contains("Read the plan to its end first"),
            "{size:?}\n{}",
            drawn(&tui)
        );
        let mut seen = drawn(&tui);
        for _ in 0..60 {
            press(&mut tui, "pgdn");
            seen.push_str(&drawn(&tui));
        }
        for at in 0..40 {
            assert!(seen.contains(&format!("bc93-{at:012}")), "fee {at} at {size:?}");
        }
        assert!(seen.contains("With the token of agent@example.com"), "{size:?}");
        assert_eq!(commands(&press(&mut tui, "enter")).len(), 1, "{size:?}\n{}", drawn(&tui));
    }
}

#[test]
fn what_must_be_typed_is_shown_at_every_size() {
    for size in [(40, 10), (60, 16), (80, 24)] {
        let mut tui = payments(true);
        resize(&mut tui, size);
        let plan = fees(2);
        tui.cx.then(Next::Write(plan.write.clone()));
        let now = tui.cx.now;
        let effects = update(&mut tui, now, Msg::Woken);
        let [WriteCommand::Prepare(number, _)] = commands(&effects)[..] else { panic!() };
        let number = *number;
        news(&mut tui, WriteNews::Prepared(number, Ok(Box::new(plan))));
        let shown = drawn(&tui);
        assert!(shown.contains("cancel fee HB100003"), "{size:?}\n{shown}");
        assert!(shown.contains("PRODUCTION"), "{size:?}\n{shown}");
    }
}

#[test]
fn the_server_of_the_payments_is_named_at_each_stage_and_next_to_the_lock() {
    let mut tui = payments(true);
    tui.cx.session.environment = "SANDBOX".to_owned();
    tui.cx.writes.profile = "a-profile-with-a-very-long-name-indeed-yes".to_owned();
    resize(&mut tui, (60, 16));
    press(&mut tui, "j");
    assert!(drawn(&tui).contains("WRITES PRODUCTION"), "{}", drawn(&tui));
    menu(&mut tui, false);
    let effects = press(&mut tui, "enter");
    let count = |tui: &Tui| {
        let shown = drawn(tui);
        shown.lines().skip(1).filter(|line| line.contains("PRODUCTION")).count()
    };
    assert_eq!(count(&tui), 1, "{}", drawn(&tui));
    let [WriteCommand::Prepare(number, _)] = commands(&effects)[..] else { panic!() };
    let number = *number;
    news(&mut tui, WriteNews::Prepared(number, Err(NotPlanned::NotOffered("no".to_owned()))));
    assert_eq!(count(&tui), 1, "{}", drawn(&tui));
}

#[test]
fn an_unknown_outcome_is_in_the_header_next_to_a_lost_connection() {
    for (width, words) in [(60, "? 1"), (80, "? 1"), (140, "? 1 write with an unknown outcome")] {
        let mut tui = payments(true);
        tui.cx.session.environment = "PRODUCTION".to_owned();
        tui.cx.session.customer = crate::domain::customer::CustomerKey::of_profile("acme");
        tui.cx.writes.add_unknown("w1".to_owned(), block().write, at_utc(1_000));
        resize(&mut tui, (width, 24));
        let state = NetState { offline_for: Some(25_000), ..NetState::default() };
        let now = tui.cx.now;
        let _ = update(&mut tui, now, Msg::Network(state));
        let shown = drawn(&tui);
        let header = shown.lines().next().unwrap();
        let has_all = ["acme", "PRODUCTION", "WRITES", words].iter().all(|it| header.contains(it));
        assert!(has_all, "{width}: {header}");
        assert!(width < 80 || header.contains("offline"), "{width}: {header}");
    }
}

#[test]
fn only_what_the_profile_allows_is_offered_and_asked_for() {
    let with = |permit| {
        let mut tui = payments(true);
        let place = ["acme", "PRODUCTION"].map(str::to_owned);
        let now = tui.cx.now;
        tui.cx.writes = crate::tui::writes::Writes::of(Allowed::new([permit]), place, true, now);
        tui
    };
    let mut tui = with(Permit::Match);
    assert!(!drawn(&tui).contains("! write"), "{}", drawn(&tui));
    assert_eq!(fetches(&press(&mut tui, "!")), []);
    assert!(tui.modal().is_none() && drawn(&tui).contains("no payment or bank account"));
    let mut tui = with(Permit::Cancel);
    assert_eq!(fetches(&press(&mut tui, "!")), [], "the block state decides nothing");
    assert!(drawn(&tui).contains("Cancel this payment"), "{}", drawn(&tui));
    let mut tui = with(Permit::Block);
    assert_eq!(fetches(&press(&mut tui, "!")).len(), 1);
}

#[test]
fn in_ascii_a_write_that_is_sent_does_not_look_unknown() {
    let mut tui = payments(true);
    tui.cx.looks.is_ascii = true;
    confirmed(&mut tui);
    news(&mut tui, WriteNews::Progress(Progress::Sending));
    let shown = drawn(&tui);
    assert!(shown.contains("* sent, waiting") && !shown.contains("? sent"), "{shown}");
    let _ = tests::press(&mut tui, "esc");
}
