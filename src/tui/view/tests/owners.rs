//! Payouts that are held up, and the owners of bookings.

use crate::list::Spec;
use crate::list::record::Record;
use crate::net::response::{Page, Response};
use crate::tui::view::tests::{NAMES, Screen, row, snapshot};

#[test]
fn payouts_that_are_held_up() {
    let statuses = ["missing_iban", "has_debt", "upcoming", "blocked", "on_hold", "delayed"];
    let held_up = |size| {
        let mut screen = Screen::loaded(size, 6);
        let asked = screen.key("2");
        screen.answer(asked, 6);
        let list = screen.0.cx.list_mut();
        let rows = statuses.iter().zip(0..).map(|(status, index)| {
            let sample = row(&list.query, index).to_json();
            let mut json: serde_json::Value = serde_json::from_str(&sample).unwrap();
            json["status"] = (*status).into();
            Record::read(list.spec(), &json.to_string())
        });
        let rows: Vec<Record> = rows.collect();
        list.table.replace([rows]);
        screen.press(": b l o c k e d enter j")
    };
    snapshot("blocked", held_up);
    snapshot("blocked_debt", |size| held_up(size).press("enter"));
}

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
