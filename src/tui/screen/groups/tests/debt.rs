//! The debt that blocks a payout, or all open debt if that booking has none.

use super::*;

#[test]
fn a_part_of_a_bookings_debt_does_not_say_that_none_is_open() {
    let mut model = blocked();
    press(&mut model, "g j j j j");
    let effects = press(&mut model, "enter");
    // One closed debt on the only page, of two that the server counts.
    for (ticket, _, request) in fetches(&effects) {
        let Request::List(query) = request else { continue };
        let row = r#"{"id":"7","reference_id":"BK9","status":"paid","amount":5,"currency":"EUR"}"#;
        let rows = vec![Record::read(query.spec, row)];
        let per_page = query.per_page;
        let page = Page { rows, total: Some(2), current: 1, last: Some(1), per_page };
        let now = model.cx.now;
        let effects = update(&mut model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
        assert!(fetches(&effects).is_empty(), "{effects:?}");
    }
    assert_eq!(model.cx.list().filters().len(), 1, "still that of the booking");
    let screen = drawn(&model);
    assert!(!screen.contains("has no open debt"), "{screen}");
    assert!(screen.contains("There is no open debt among 1 loaded row."), "{screen}");
}

#[test]
fn where_the_booking_has_no_open_debt_all_open_debt_is_shown_and_said() {
    let mut model = blocked();
    press(&mut model, "g j j j j");
    let effects = press(&mut model, "enter");
    let asked = serve(&mut model, &effects, &PAYOUTS, 0);
    assert_eq!(asked.len(), 2, "first that of the booking, then all: {asked:?}");
    assert_eq!(shown(&model), ["BK2", "CUST-1"]);
    assert_eq!(model.cx.notice.as_deref(), Some("BK9 has no open debt. Showing all open debt."));
    assert!(model.cx.list().filters().is_empty());
}
