//! Blocked payouts, and the owners of bookings.

use crate::list::Spec;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::msg::Msg;
use crate::tui::update::update;
use crate::tui::view::tests::{NAMES, Screen, at, row, snapshot};

#[test]
fn payouts_that_are_held_up() {
    let statuses = [
        "missing_iban",
        "has_debt",
        "upcoming",
        "blocked_missing_iban",
        "on_hold",
        "delayed",
        "missing_iban",
        "blocked_account_debtor",
        "missing_details",
        "upcoming",
        "missing_iban",
        "blocked",
        "has_debt",
    ];
    // Of 250 rows, these are loaded.
    let held_up = |size| {
        let mut screen = Screen::loaded(size, 250);
        let asked = screen.key("2");
        screen.answer(asked, 250);
        let list = screen.0.cx.list_mut();
        let rows = statuses.iter().zip(0..).map(|(status, index)| {
            let sample = row(&list.query, index).to_json();
            let mut json: serde_json::Value = serde_json::from_str(&sample).unwrap();
            json["status"] = (*status).into();
            Record::read(list.spec(), &json.to_string())
        });
        let rows: Vec<Record> = rows.collect();
        list.table.replace([rows]);
        list.is_paused = true;
        screen.press(": b l o c k e d enter n j")
    };
    snapshot("blocked", held_up);
    snapshot("blocked_found", |size| held_up(size).press("/ e u r enter j"));
    snapshot("blocked_debt", |size| {
        let mut screen = held_up(size).press("j j j j");
        for effect in screen.key("enter") {
            let Effect::Network(NetCommand::Send(ticket, _, Request::List(query))) = effect else {
                continue;
            };
            let rows: Vec<Record> = DEBT.map(|json| Record::read(query.spec, json)).into();
            let total = Some(rows.len() as u64);
            let page = Page { rows, total, current: 1, last: Some(1), per_page: query.per_page };
            let answer = Msg::Answered(ticket, Ok(Response::Page(page)));
            let _ = update(&mut screen.0, at(3_000), answer);
        }
        screen
    });
}

/// The answer of a server that ignores the requested booking.
const DEBT: [&str; 5] = [
    r#"{"id":"1","reference_id":"BK100271","status":"overdue","amount":64300,"currency":"EUR","due_date":"2026-09-02"}"#,
    r#"{"id":"2","reference_id":"BK100271","status":"pending","amount":12000,"currency":"PLN","due_date":"2026-12-02"}"#,
    r#"{"id":"3","reference_id":"BK100271","status":"paid","amount":9900,"currency":"EUR","due_date":"2026-08-02"}"#,
    r#"{"id":"4","reference_id":"CUST-495146","status":"overdue","amount":7700,"currency":"EUR","due_date":"2026-08-02"}"#,
    r#"{"id":"5","reference_id":"BK100271","status":"overdue","amount":5000,"currency":"PLN","due_date":"2026-10-02"}"#,
];

#[test]
fn the_owner_of_a_booking_beside_its_debt() {
    snapshot("owners", |size| {
        let mut screen = Screen::loaded(size, 40);
        let asked = screen.key("5");
        screen.answer(asked, 40);
        let list = screen.0.cx.list();
        let named = list.table.records().iter().zip(NAMES).map(|(record, name)| {
            let booking = record.booking().unwrap().shown().into_owned();
            let json = serde_json::json!({"booking_id": booking, "beneficiary": name});
            Record::read(Spec::named("transactions").unwrap(), &json.to_string())
        });
        let (rows, total) = (named.collect(), Some(8));
        let page = Page { rows, total, current: 1, last: Some(1), per_page: 100 };
        screen.0.cx.learn_owners(&Ok(Response::Page(page)));
        screen.press("p")
    });
}
