//! Key scripts of the lookup: which references are tried, and what happens if none is a booking.

use super::tests::{here, lists};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::payments::subject::Hosts;
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, fetches, loaded, press};
use crate::tui::update::update;

/// The server has none of the requested bookings; returns the requested references.
fn not_found(model: &mut Tui, effects: &[Effect]) -> Vec<String> {
    let mut asked = Vec::new();
    let mut open = fetches(effects);
    while let Some((ticket, _, request)) = open.pop() {
        let Request::Booking(reference) = request else { continue };
        let why = "the server does not know this booking (404)";
        let what = format!("Booking {reference} could not be loaded");
        let failure = Failure::new(Kind::Missing, what, why, Advice::LookUpAnother);
        asked.push(reference);
        let now = model.cx.now;
        open.extend(fetches(&update(model, now, Msg::Answered(ticket, Err(failure)))));
    }
    asked
}

fn look_up(model: &mut Tui, typed: &str) -> Vec<Effect> {
    let keys: Vec<String> = typed.chars().map(String::from).collect();
    press(model, &format!("b {} enter", keys.join(" ")))
}

fn typed(model: &Tui) -> &str {
    model.modal_of::<Prompt>().expect("no prompt").input.value()
}

#[test]
fn a_failed_lookup_is_selected_replaced_left_in_one_step_and_in_no_history() {
    let mut model = loaded(9);
    let effects = look_up(&mut model, "BK77");
    assert_eq!(not_found(&mut model, &effects), ["BK77"]);
    for (key, text) in [("backspace", ""), ("left", "BK77"), ("8", "8")] {
        press(&mut model, "b");
        assert_eq!(typed(&model), "BK77");
        press(&mut model, key);
        assert_eq!(typed(&model), text, "{key}");
        press(&mut model, "esc");
    }
    press(&mut model, "b");
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Paste("BK88".to_owned()));
    assert_eq!(typed(&model), "BK88", "not BK77BK88");
    let effects = press(&mut model, "enter");
    assert_eq!(not_found(&mut model, &effects), ["BK88"]);
    assert_eq!(model.bookings().count(), 1, "it replaces the one that failed");
    assert_eq!(press(&mut model, "[").len(), 0);
    assert_eq!(model.cx.notice.as_deref(), Some("There is no earlier booking in the history."));
    for key in ["q", "esc"] {
        press(&mut model, key);
        assert!(model.bookings().next().is_none() && model.modal().is_none(), "{key}");
        let effects = look_up(&mut model, "BK88");
        not_found(&mut model, &effects);
    }
    press(&mut model, "q");
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    press(&mut model, "[ ]");
    assert_eq!((here(&model).as_str(), model.bookings().count()), ("BK0", 1));
    let effects = look_up(&mut model, "BK88");
    not_found(&mut model, &effects);
    press(&mut model, "[");
    assert_eq!((here(&model).as_str(), model.bookings().count()), ("BK0", 2), "the one seen last");
}

#[test]
fn a_lookup_folds_the_case_tries_bare_digits_with_prefixes_seen_and_says_what_it_found() {
    let mut model = loaded(9);
    let effects = look_up(&mut model, "bk77");
    let asked: Vec<_> = fetches(&effects).into_iter().map(|(.., request)| request).collect();
    assert!(asked.contains(&Request::Booking("BK77".to_owned())), "{asked:?}");
    answer_all(&mut model, effects, 0);
    assert_eq!(model.cx.notice.as_deref(), Some("bk77: found booking BK77."));
    press(&mut model, "q");
    let effects = look_up(&mut model, "78");
    answer_all(&mut model, effects, 0);
    assert_eq!(model.cx.notice.as_deref(), Some("78: found booking BK78."));
    press(&mut model, "q");
    let effects = look_up(&mut model, "78");
    assert!(fetches(&effects).is_empty(), "it is known");
    assert_eq!(model.cx.notice.as_deref(), Some("78: found booking BK78."));
    press(&mut model, "q");
    let effects = look_up(&mut model, "322487");
    assert_eq!(not_found(&mut model, &effects), ["BK322487", "322487"]);
    let failure = model.bookings().next().unwrap().failure.as_ref().unwrap();
    assert_eq!(failure.what, "Booking 322487 could not be loaded");
    assert_eq!(failure.why, "the server has no booking BK322487 or 322487");
    press(&mut model, "q : b o o k i n g space b k 7 8 enter");
    assert_eq!(here(&model), "BK78");
    press(&mut model, "q : b space b k space 4 1 7 3 5 6 enter");
    assert_eq!(here(&model), "BK417356");
}

/// The list of debt with one row whose reference is not a booking.
fn with_debt_of_a_customer() -> Tui {
    let mut model = loaded(9);
    let effects = press(&mut model, "5");
    let (ticket, _, request) = fetches(&effects)[0].clone();
    let Request::List(query) = request else { panic!("{request:?}") };
    let row = r#"{"id":"d","reference_id":"CUST-495146","amount":5,"currency":"EUR"}"#;
    let rows = vec![Record::read(query.spec, row)];
    let page = Page { rows, total: Some(1), current: 1, last: Some(1), per_page: 100 };
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
    model
}

#[test]
fn digits_are_tried_with_prefixes_of_bookings_and_not_of_customers() {
    let mut model = with_debt_of_a_customer();
    assert_eq!(model.cx.booking_prefixes(), ["BK"]);
    let effects = look_up(&mut model, "322487");
    assert_eq!(not_found(&mut model, &effects), ["BK322487", "322487"]);
}

#[test]
fn a_row_of_no_booking_shows_its_record_and_is_not_asked_for_again() {
    let mut model = with_debt_of_a_customer();
    let effects = press(&mut model, "enter");
    assert_eq!(not_found(&mut model, &effects), ["CUST-495146"]);
    let is_shown = |model: &Tui| {
        model.bookings().next().is_none()
            && model.top().detail().is_open
            && model.cx.notice.as_deref()
                == Some(
                    "The server has no booking CUST-495146. The row's record is shown \
                     instead.",
                )
    };
    assert!(is_shown(&model), "{:?}", model.cx.notice);
    press(&mut model, "esc");
    assert!(!model.top().detail().is_open);
    let effects = press(&mut model, "enter");
    assert!(fetches(&effects).is_empty() && is_shown(&model), "{effects:?}");
    // References with a prefix of bookings are requested again: another of them may exist.
    press(&mut model, "esc 1");
    for _ in 0..2 {
        let effects = press(&mut model, "enter");
        assert_eq!(not_found(&mut model, &effects), ["BK0"]);
        press(&mut model, "esc");
    }
}

#[test]
fn bare_digits_are_tried_with_the_prefixes_of_tenant_payments_and_not_with_those_of_debt() {
    let mut model = with_debt_of_a_customer();
    model.cx.connect(Hosts { payments: true, ..Hosts::default() });
    assert_eq!(model.cx.booking_prefixes(), ["BK"]);
    let list = model.cx.lists.last_mut();
    let rows =
        [r#"{"id":"1","sourceRefCode":"RES123456"}"#, r#"{"id":"2","sourceRefCode":"R4-E7"}"#];
    let rows = rows.map(|row| Record::read(list.spec(), row));
    list.table.replace([rows.to_vec()]);
    assert_eq!(model.cx.booking_prefixes(), ["BK", "RES"]);
}

#[test]
fn a_typed_reference_unlike_those_of_bookings_says_that_it_is_none() {
    let mut model = loaded(9);
    let effects = look_up(&mut model, "CUST-495146");
    assert_eq!(not_found(&mut model, &effects), ["CUST-495146"]);
    let failure = model.bookings().next().unwrap().failure.as_ref().unwrap();
    assert_eq!(failure.what, "CUST-495146 is not a booking reference");
    assert!(model.cx.in_words(failure).contains("enter to search for it in Debt"));
}

#[test]
fn a_typed_reference_of_no_booking_says_so_and_is_searched_in_debt() {
    let mut model = with_debt_of_a_customer();
    let effects = press(&mut model, "enter");
    not_found(&mut model, &effects);
    let effects = look_up(&mut model, "cust-495146");
    let failure = model.bookings().next().unwrap().failure.as_ref().unwrap();
    assert!(fetches(&effects).is_empty());
    assert_eq!(failure.what, "CUST-495146 is not a booking reference");
    let words = model.cx.in_words(failure);
    assert!(words.contains("enter to search for it in Debt"), "{words}");
    let effects = press(&mut model, "enter");
    let list = &lists(&effects)[0].1;
    assert_eq!(list.spec.key, "debt");
    assert_eq!(list.pairs()[0], ("search", "CUST-495146".into()));
    assert!(model.bookings().next().is_none());
}

#[test]
fn a_booking_that_is_not_found_may_be_of_another_customer() {
    let mut model = loaded(9);
    let effects = look_up(&mut model, "BK77");
    not_found(&mut model, &effects);
    assert!(!drawn(&model).contains("all customers"), "there is only one");
    model.cx.profiles = vec!["acme".to_owned(), "globex".to_owned()];
    let screen = drawn(&model);
    assert!(screen.contains("press P, then b, to search all customers"), "{screen}");
}
