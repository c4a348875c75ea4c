//! A booking while the Payments API has no list of payments.

use crate::conciliation::report::State;
use crate::domain::failure::Kind;
use crate::list::payments::SPEC as PAYMENTS;
use crate::net::request::Request;
use crate::payments::subject::Hosts;
use crate::tui::effect::{Effect, Ticket};
use crate::tui::msg::Msg;
use crate::tui::screen::booking::state::Booking;
use crate::tui::screen::list::fetch::NO_LIST;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, failure, fetches, loaded, press};
use crate::tui::update::update;

fn connected() -> Tui {
    let mut model = loaded(9);
    model.cx.connect(Hosts { payments: true, finance: false });
    model
}

/// The request of the tenant's payments, if there is one.
fn of_tenant(effects: &[Effect]) -> Option<Ticket> {
    let all = fetches(effects);
    let own = all.iter().find(
        |(.., request)| matches!(request, Request::List(query) if query.spec.key == PAYMENTS.key),
    );
    own.map(|(ticket, ..)| *ticket)
}

/// Opens the booking of the selected row; the server no longer has the tenant's payments.
fn open_without_payments(model: &mut Tui) {
    let effects = press(model, "enter");
    let tenant = of_tenant(&effects).unwrap();
    let now = model.cx.now;
    update(model, now, Msg::Answered(tenant, Err(failure(Kind::Gone))));
    let is_other = |effect: &&Effect| of_tenant(std::slice::from_ref(effect)).is_none();
    let others: Vec<Effect> = effects.iter().filter(is_other).cloned().collect();
    answer_all(model, others, 9);
}

fn booking(model: &Tui) -> &Booking {
    model.bookings().next_back().unwrap()
}

#[test]
fn the_tenants_part_of_a_booking_has_failed_and_is_not_unconfigured() {
    let mut model = connected();
    open_without_payments(&mut model);
    assert_eq!(model.cx.tab_of(PAYMENTS.key), None, "the tab is hidden");
    let tenant = booking(&model).tenant.as_ref().unwrap();
    assert_eq!(tenant.state, State::Failed("the server answered 503".to_owned()));
    let missing = "Tenant payments: the server answered 503".to_owned();
    assert!(booking(&model).missing().contains(&missing));
    // Nothing is requested from then on, and each booking says why.
    press(&mut model, "esc j");
    let effects = press(&mut model, "enter");
    assert_eq!(of_tenant(&effects), None);
    answer_all(&mut model, effects, 9);
    let missing = format!("Tenant payments: {NO_LIST}");
    assert!(booking(&model).missing().contains(&missing), "{:?}", booking(&model).missing());
}

#[test]
fn a_tab_with_loaded_rows_stays_and_so_do_the_payments_of_a_booking() {
    let mut model = connected();
    let effects = press(&mut model, "6");
    answer_all(&mut model, effects, 9);
    let tab = model.cx.tab_of(PAYMENTS.key).unwrap();
    assert_eq!(model.cx.lists[tab].table.records().len(), 9);
    press(&mut model, "1");
    open_without_payments(&mut model);
    assert_eq!(model.cx.tab_of(PAYMENTS.key), Some(tab));
    assert_eq!(model.cx.lists[tab].table.records().len(), 9);
    let state = &booking(&model).tenant.as_ref().unwrap().state;
    assert_eq!(*state, State::Failed("the server answered 503".to_owned()));
}
