//! Payouts that are held up and open debt: which rows are shown in which group, and where keys lead.

use super::*;
use crate::domain::failure::Kind;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::Prompt;
use crate::tui::modal::question::Question;
use crate::tui::msg::Msg;
use crate::tui::tests::{answer_all, failure, fetches, loaded, press};
use crate::tui::update::update;

const PAYOUTS: [&str; 9] = [
    r#"{"id":"1","booking_id":"BK1","status":"upcoming","amount":1,"currency":"EUR","due_date":"2026-12-01"}"#,
    r#"{"id":"2","booking_id":"BK2","status":"has_debt","amount":200,"currency":"EUR","due_date":"2026-12-01"}"#,
    r#"{"id":"3","booking_id":"BK3","status":"blocked_missing_iban","amount":300,"currency":"EUR","due_date":"2026-12-02"}"#,
    r#"{"id":"4","booking_id":"BK4","status":"MISSING_IBAN","amount":400,"currency":"PLN","due_date":"2026-12-01"}"#,
    r#"{"id":"5","booking_id":"BK5","status":"blocked_missing_details","amount":500,"currency":"EUR"}"#,
    r#"{"id":"6","booking_id":"BK6","status":"blocked","amount":600,"currency":"EUR"}"#,
    r#"{"id":"7","booking_id":"BK7","status":"delayed","amount":700,"currency":"EUR"}"#,
    r#"{"id":"8","booking_id":"BK8","status":"on_hold","amount":800,"currency":"EUR"}"#,
    r#"{"id":"9","booking_id":"BK9","status":"blocked_account_debtor","amount":900,"currency":"EUR"}"#,
];
const DEBT: [&str; 3] = [
    r#"{"id":"1","reference_id":"BK2","status":"overdue","amount":50,"currency":"EUR"}"#,
    r#"{"id":"2","reference_id":"BK2","status":"paid","amount":60,"currency":"EUR"}"#,
    r#"{"id":"3","reference_id":"CUST-1","status":"pending","amount":70,"currency":"EUR"}"#,
];

/// Answers requests of lists as a server with these rows; others as one without.
fn serve(model: &mut Tui, effects: &[Effect], payouts: &[&str], total: u64) -> Vec<Request> {
    let mut asked = Vec::new();
    let mut open = fetches(effects);
    while let Some((ticket, _, request)) = open.pop() {
        asked.push(request.clone());
        let Request::List(query) = &request else { continue };
        let of = query.filters.first().map(|filter| filter.typed.clone());
        let rows = if query.spec.is(&scheduled::SPEC) { payouts } else { &DEBT[..] };
        let rows = rows.iter().map(|json| Record::read(query.spec, json));
        let is_of = |row: &Record| {
            let booking = row.booking().map(|it| it.expose_raw().to_owned());
            of.is_none() || booking == of
        };
        let rows: Vec<Record> = rows.filter(is_of).collect();
        let total = if of.is_some() { rows.len() as u64 } else { total.max(rows.len() as u64) };
        let last = u32::try_from(total.div_ceil(query.per_page.into())).unwrap().max(1);
        let (current, per_page) = (query.page, query.per_page);
        let page = Page { rows, total: Some(total), current, last: Some(last), per_page };
        let now = model.cx.now;
        let effects = update(model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
        open.extend(fetches(&effects));
    }
    asked
}

fn run(model: &mut Tui, line: &str) -> Vec<Effect> {
    press(model, ":");
    for c in line.chars() {
        let now = model.cx.now;
        let _ = update(model, now, Msg::Key(crossterm::event::KeyCode::Char(c).into()));
    }
    press(model, "enter")
}

fn blocked() -> Tui {
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS, 0);
    assert_eq!(model.scope(), Scope::Groups);
    model
}

fn shown(model: &Tui) -> Vec<String> {
    let table = model.table().unwrap();
    let booking = |row| table.row(row).unwrap().booking().unwrap().shown().into_owned();
    (0..table.len()).map(booking).collect()
}

fn groups(model: &Tui) -> Vec<(String, usize, String)> {
    let screen = model.screens::<GroupsScreen>().next().unwrap();
    let each = screen
        .groups
        .iter()
        .map(|(key, figures)| (key.clone(), figures.open.count, figures.open.sums.to_string()));
    each.collect()
}

#[test]
fn blocked_payouts_are_grouped_by_reason_in_words_with_count_and_sums() {
    let model = blocked();
    assert_eq!(shown(&model), ["BK4", "BK3", "BK5", "BK2", "BK9", "BK6", "BK8", "BK7"]);
    let expected = [
        ("needs IBAN", 2, "EUR 3.00 · PLN 4.00"),
        ("needs account details", 1, "EUR 5.00"),
        ("blocked by debt", 2, "EUR 11.00"),
        ("blocked, reason not given", 1, "EUR 6.00"),
        ("other", 1, "EUR 8.00"),
        ("delayed", 1, "EUR 7.00"),
    ];
    let expected = expected.map(|(key, count, sums)| (key.to_owned(), count, sums.to_owned()));
    assert_eq!(groups(&model), expected);
    assert_eq!(model.table().unwrap().cursor(), 0);
}

#[test]
fn what_blocks_a_payout_is_a_column_that_is_searched_and_exported() {
    let mut model = blocked();
    press(&mut model, "/ n e e d s space i b");
    assert_eq!(shown(&model), ["BK4", "BK3"]);
    assert_eq!(groups(&model).len(), 1, "the groups are those of the rows that are shown");
    press(&mut model, "esc");
    assert_eq!(shown(&model).len(), 8);
    // Marked, copied and opened as on any list.
    press(&mut model, "space space");
    assert_eq!(model.table().unwrap().marks.len(), 2);
    let copied = press(&mut model, "Y");
    assert!(matches!(&copied[..], [Effect::Copy(text)] if text.lines().count() == 3), "{copied:?}");
    press(&mut model, "esc g enter");
    assert_eq!(model.bookings().next().unwrap().asked.expose_raw(), "BK4");
    press(&mut model, "esc");
    assert_eq!(model.scope(), Scope::Groups);
    press(&mut model, "esc");
    assert_eq!(
        (model.scope(), shown(&model).len()),
        (Scope::List, 9),
        "all rows, as the server has them"
    );
}

#[test]
fn enter_on_a_payout_that_is_blocked_by_debt_opens_the_open_debt_of_its_booking() {
    for (from, keys) in [("blocked", "g j j j"), ("scheduled", "g j")] {
        let mut model = loaded(3);
        let effects = run(&mut model, from);
        serve(&mut model, &effects, &PAYOUTS, 0);
        press(&mut model, keys);
        let scope = model.scope();
        let effects = press(&mut model, "enter");
        let asked = serve(&mut model, &effects, &PAYOUTS, 0);
        let [Request::List(query)] = &asked[..] else { panic!("{asked:?}") };
        assert_eq!(query.pairs()[0], ("reference_id", "BK2".into()), "{from}");
        assert_eq!(shown(&model), ["BK2"], "of its two debts, one is open");
        assert_eq!(groups(&model)[0], ("overdue".to_owned(), 1, "EUR 0.50".to_owned()));
        press(&mut model, "esc");
        assert_eq!((model.scope(), model.cx.tab), (scope, 1), "{from}");
        let selected = model.table().unwrap().selected().unwrap();
        assert_eq!(selected.booking().unwrap().expose_raw(), "BK2", "{from}");
    }
}

#[test]
fn where_the_booking_has_no_open_debt_all_open_debt_is_shown_and_said() {
    let mut model = blocked();
    press(&mut model, "g j j j j");
    let effects = press(&mut model, "enter");
    let asked = serve(&mut model, &effects, &PAYOUTS, 0);
    assert_eq!(asked.len(), 2, "first that of the booking, then all: {asked:?}");
    assert_eq!(shown(&model), ["BK2", "CUST-1"]);
    assert_eq!(model.cx.notice.as_deref(), Some("BK9 has no open debt; this is all open debt."));
    assert!(model.cx.list().filters().is_empty());
}

#[test]
fn the_booking_of_such_a_payout_is_one_key_away() {
    let mut model = blocked();
    press(&mut model, "g j j j b");
    let prompt = model.modal_of::<Prompt>().unwrap();
    assert_eq!(prompt.input.value(), "BK2");
    press(&mut model, "enter");
    assert_eq!(model.bookings().next().unwrap().asked.expose_raw(), "BK2");
}

#[test]
fn where_rows_are_missing_their_cost_is_said_before_they_are_loaded() {
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS, 1_200);
    let question = model.modal_of::<Question>().expect("the cost is said first");
    assert!(question.text.contains("1,200"), "{}", question.text);
    press(&mut model, "n");
    assert!(model.modal().is_none());
    press(&mut model, "j k");
    assert!(model.modal().is_none(), "it is asked once");
}

#[test]
fn filters_of_the_tab_do_not_hide_payouts_that_are_held_up() {
    let mut model = loaded(3);
    let effects = run(&mut model, "scheduled status=upcoming");
    answer_all(&mut model, effects, 3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS, 0);
    assert_eq!(shown(&model).len(), 8);
}

#[test]
fn a_failed_load_is_no_debt_that_does_not_exist() {
    let mut model = blocked();
    press(&mut model, "g j j j");
    let effects = press(&mut model, "enter");
    let (ticket, ..) = fetches(&effects)[0];
    let now = model.cx.now;
    let answer = Msg::Answered(ticket, Err(failure(Kind::Passing)));
    let later = update(&mut model, now, answer);
    assert!(fetches(&later).is_empty(), "nothing is concluded: {later:?}");
    assert_eq!(model.scope(), Scope::Groups);
}
