//! The booking under the cursor is requested after a rest, once, and opened from that answer.

use crate::net::request::Request;
use crate::net::response::NetState;
use crate::tui::booking_ahead::LoadAhead;
use crate::tui::effect::{Effect, NetCommand, Priority};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, press};
use crate::tui::update::{update, wake_at};

fn rested(model: &mut Tui, milliseconds: u64) -> Vec<Effect> {
    let now = model.cx.now.elapsed + milliseconds;
    update(model, at(now), Msg::Woken)
}

/// The first list is loaded, and the budget has room.
fn with_room(ready: u32) -> Tui {
    let mut model = loaded(1_000);
    model.cx.looks.load_ahead = LoadAhead::On;
    let network = NetState { ready, ..NetState::default() };
    update(&mut model, at(0), Msg::Network(network));
    model
}

fn bookings(effects: &[Effect]) -> Vec<(Priority, String)> {
    let booking = |request| {
        if let Request::Booking(reference) = request { reference } else { panic!("{request:?}") }
    };
    let each = fetches(effects).into_iter().map(|(_, priority, it)| (priority, booking(it)));
    each.collect()
}

#[test]
fn a_held_key_requests_nothing_and_a_rest_requests_the_booking_once() {
    let mut model = with_room(20);
    for _ in 0..200 {
        let now = model.cx.now.elapsed + 30;
        model.cx.now = at(now);
        let effects = press(&mut model, "j");
        let asked = fetches(&effects);
        assert!(asked.iter().all(|(_, _, it)| matches!(it, Request::List(_))), "{asked:?}");
        answer_all(&mut model, effects, 1_000);
    }
    let here = model.table().unwrap().selected().unwrap().booking().unwrap().clone();
    assert_eq!(wake_at(&model), Some(model.cx.now.elapsed + 150));
    assert_eq!(rested(&mut model, 149), []);
    let asked = rested(&mut model, 1);
    assert_eq!(bookings(&asked), [(Priority::Background, here.expose_raw().to_owned())]);
    assert_eq!(rested(&mut model, 10_000), [], "once");
    answer_all(&mut model, asked, 1_000);
    assert_eq!(wake_at(&model), None, "an idle screen has no timer");
    let opened = press(&mut model, "enter");
    assert!(model.booking().unwrap().content.is_some(), "it is shown without a wait");
    let asked = fetches(&opened);
    assert!(asked.iter().all(|(_, _, it)| !matches!(it, Request::Booking(_))), "{asked:?}");
}

#[test]
fn moving_on_cancels_it_and_a_key_shares_the_request_under_way() {
    let mut model = with_room(20);
    let asked = rested(&mut model, 150);
    let [(ticket, ..)] = fetches(&asked)[..] else { panic!("{asked:?}") };
    assert!(press(&mut model, "j").contains(&Effect::Network(NetCommand::Cancel(ticket))));
    let asked = rested(&mut model, 150);
    let (ticket, _, request) = fetches(&asked).swap_remove(0);
    let opened = press(&mut model, "enter");
    let sent = fetches(&opened).into_iter().find(|(_, _, it)| *it == request).unwrap();
    assert_eq!(sent.1, Priority::Visible);
    let place = |effect: &Effect| opened.iter().position(|it| it == effect);
    let cancelled = place(&Effect::Network(NetCommand::Cancel(ticket)));
    let sent = place(&Effect::Network(NetCommand::Send(sent.0, sent.1, request)));
    assert!(sent < cancelled, "both share one request of the network: {opened:?}");
}

#[test]
fn nothing_is_loaded_ahead_without_room_in_the_budget_or_while_it_is_off() {
    let mut model = with_room(10);
    assert_eq!(rested(&mut model, 150), []);
    let mut model = with_room(20);
    model.cx.looks.load_ahead = LoadAhead::Off;
    press(&mut model, "j");
    assert_eq!((rested(&mut model, 150), wake_at(&model)), (Vec::new(), None));
    // A modal covers the row.
    let mut model = with_room(20);
    press(&mut model, "?");
    assert_eq!(rested(&mut model, 150), []);
}

#[test]
fn what_is_not_opened_stays_a_small_part_of_all_requests() {
    let mut model = with_room(20);
    let mut sent = 0;
    for _ in 0..60 {
        press(&mut model, "j");
        let asked = rested(&mut model, 150);
        sent += bookings(&asked).len();
        answer_all(&mut model, asked, 1_000);
        let network = NetState { ready: 20, ..NetState::default() };
        let now = model.cx.now;
        update(&mut model, now, Msg::Network(network));
    }
    assert_eq!(sent, 3, "the session has sent fewer than fifteen requests");
    // Those that are opened make room for the next.
    let mut model = with_room(20);
    for _ in 0..20 {
        press(&mut model, "j");
        let asked = rested(&mut model, 150);
        assert_eq!(bookings(&asked).len(), 1);
        answer_all(&mut model, asked, 1_000);
        let opened = press(&mut model, "enter");
        answer_all(&mut model, opened, 1_000);
        press(&mut model, "esc");
    }
}

#[test]
fn a_failed_load_is_not_shown_and_an_old_one_is_loaded_again() {
    let mut model = with_room(20);
    let asked = rested(&mut model, 150);
    let ticket = fetches(&asked)[0].0;
    let now = model.cx.now;
    let passing = failure(crate::domain::failure::Kind::Passing);
    update(&mut model, now, Msg::Answered(ticket, Err(passing)));
    let opened = fetches(&press(&mut model, "enter"));
    assert!(opened.iter().any(|(_, _, it)| matches!(it, Request::Booking(_))), "{opened:?}");

    let mut model = with_room(20);
    let asked = rested(&mut model, 150);
    answer_all(&mut model, asked, 1_000);
    model.cx.now = at(model.cx.now.elapsed + 60_001);
    let opened = fetches(&press(&mut model, "enter"));
    assert!(opened.iter().any(|(_, _, it)| matches!(it, Request::Booking(_))), "{opened:?}");
}

/// Requests of an hour: rows are looked at, every sixth one is opened, lists are visited.
fn an_hour(load_ahead: LoadAhead) -> usize {
    let mut model = with_room(20);
    model.cx.looks.load_ahead = load_ahead;
    let mut sent = 0;
    let mut answer = |model: &mut Tui, effects: Vec<Effect>| {
        let all = answer_all(model, &effects, 1_000);
        sent += fetches(&effects).len() + fetches(&all).len();
    };
    for step in 0..600 {
        let now = model.cx.now.elapsed + 5_000;
        model.cx.now = at(now);
        let network = NetState { ready: 20, ..NetState::default() };
        update(&mut model, at(now), Msg::Network(network));
        let keys = match step % 60 {
            59 => "r",
            at if at % 20 == 19 => "tab",
            _ => "j",
        };
        let effects = press(&mut model, keys);
        answer(&mut model, effects);
        let effects = rested(&mut model, 1_000);
        answer(&mut model, effects);
        if step % 6 == 5 {
            let effects = press(&mut model, "enter");
            answer(&mut model, effects);
            let effects = press(&mut model, "esc");
            answer(&mut model, effects);
        }
    }
    sent
}

#[test]
fn an_hour_of_use_sends_at_most_a_tenth_more() {
    let [off, on] = [LoadAhead::Off, LoadAhead::On].map(an_hour);
    assert!(off > 150 && on > off && on * 10 <= off * 11, "{off} without, {on} with");
}
