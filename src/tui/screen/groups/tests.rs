//! Payouts that are held up and open debt: which rows are shown in which group, and where keys
//! lead.

use super::*;
use crate::domain::failure::Kind;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::tui::effect::Effect;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::modal::question::Question;
use crate::tui::modal::reader::Reader;
use crate::tui::msg::Msg;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, failure, fetches, loaded, press};
use crate::tui::update::update;

mod debt;

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

/// Answers list requests like a server with these rows, and other requests like one without rows.
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

/// Like a server that ignores filters.
fn serve_all(model: &mut Tui, effects: &[Effect]) {
    for (ticket, _, request) in fetches(effects) {
        let Request::List(query) = request else { continue };
        let rows = if query.spec.is(&scheduled::SPEC) { &PAYOUTS[..] } else { &DEBT[..] };
        let rows: Vec<Record> = rows.iter().map(|json| Record::read(query.spec, json)).collect();
        let (total, per_page) = (Some(rows.len() as u64), query.per_page);
        let page = Page { rows, total, current: 1, last: Some(1), per_page };
        let now = model.cx.now;
        let _ = update(model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
    }
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
        .map(|(key, group)| (key.clone(), &group.figures.open))
        .map(|(key, open)| (key, open.count, open.sums.to_string()));
    each.collect()
}

/// Runs the arrangements of many rows, like the background thread.
fn arrange_many(model: &mut Tui, effects: &[Effect]) {
    let mut open: Vec<Effect> = effects.to_vec();
    while let Some(effect) = open.pop() {
        if let Effect::Arrange(tab, job) = effect {
            let now = model.cx.now;
            open.extend(update(model, now, Msg::Arranged(tab, Some(Box::new(job.run())))));
        }
    }
}

#[test]
fn blocked_payouts_are_grouped_by_reason_in_words_with_count_and_sums() {
    let model = blocked();
    assert_eq!(shown(&model), ["BK4", "BK3", "BK5", "BK2", "BK9", "BK6", "BK8", "BK7"]);
    let expected = [
        ("needs IBAN", 2, "EUR 3.00 · PLN 4.00"),
        ("needs account details", 1, "EUR 5.00"),
        ("blocked by debt", 2, "EUR 11.00"),
        ("blocked, reason unknown", 1, "EUR 6.00"),
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
    // Marked, copied and opened as in any list.
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
fn a_heading_says_what_a_search_hides_and_that_rows_are_missing() {
    let mut model = blocked();
    press(&mut model, "/ b k 2");
    let screen = drawn(&model);
    assert!(screen.contains("── blocked by debt · 1 row · EUR 2.00 · 1 hidden"), "{screen}");
    press(&mut model, "esc");
    assert!(!drawn(&model).contains("hidden") && !drawn(&model).contains("partial"));
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS, 1_200);
    press(&mut model, "n");
    let screen = drawn(&model);
    assert!(screen.contains("── needs IBAN (partial) · 2 rows · EUR 3.00"), "{screen}");
}

#[test]
fn a_step_back_from_debt_keeps_filters_searches_and_the_order() {
    let mut model = blocked();
    let filters = FilterValue::named(&scheduled::SPEC, "currency", "EUR").unwrap();
    model.cx.set_filters(vec![filters]);
    let effects = std::mem::take(&mut model.cx.effects);
    serve_all(&mut model, &effects);
    run(&mut model, "sort -amount");
    press(&mut model, "/ d e b t enter g");
    assert_eq!(shown(&model), ["BK2", "BK9"]);
    let effects = press(&mut model, "enter");
    serve(&mut model, &effects, &PAYOUTS, 0);
    assert_eq!(model.cx.list().spec().key, "debt");
    assert!(fetches(&press(&mut model, "esc")).is_empty(), "nothing is loaded again");
    assert_eq!((model.scope(), shown(&model)), (Scope::Groups, vec!["BK2".into(), "BK9".into()]));
    let list = model.cx.list();
    assert_eq!(list.chips().collect::<Vec<_>>(), ["Currency: EUR", "found: debt"]);
    assert!(list.table.sort().is_some_and(|sort| sort.column == "amount" && sort.descending));
}

#[test]
fn searches_that_the_view_of_blocked_payouts_ends_are_undone() {
    let mut model = loaded(3);
    let effects = press(&mut model, "2");
    serve(&mut model, &effects, &PAYOUTS, 0);
    press(&mut model, "/ b k 1 enter");
    assert_eq!(shown(&model), ["BK1"]);
    run(&mut model, "blocked");
    assert_eq!(shown(&model).len(), 8);
    press(&mut model, "esc u");
    assert_eq!((model.scope(), shown(&model)), (Scope::List, vec!["BK1".into()]));
}

#[test]
fn the_reference_of_a_payout_is_one_value_whatever_it_contains() {
    let payout = r#"{"id":"1","booking_id":"BK2,BK*","status":"has_debt","amount":1}"#;
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &[payout], 0);
    let asked = fetches(&press(&mut model, "enter"));
    let [(_, _, Request::List(query))] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(query.pairs()[0], ("reference_id", "BK2,BK*".into()));
}

#[test]
fn debt_of_other_bookings_is_hidden_and_said_where_the_server_ignores_the_filter() {
    let mut model = blocked();
    press(&mut model, "g j j j");
    let effects = press(&mut model, "enter");
    serve_all(&mut model, &effects);
    assert_eq!(shown(&model), ["BK2"], "of the booking that was asked for");
    let screen = drawn(&model);
    let said = "1 record of other bookings hidden · the server ignored reference_id";
    assert!(screen.contains(said), "{screen}");
    let title = format!("{:?}", model.screens::<GroupsScreen>().next().unwrap().counts);
    assert_eq!(title, r#"{"overdue": 1}"#);
    // Without the filter, all of them are shown.
    let effects = press(&mut model, "F");
    serve_all(&mut model, &effects);
    assert_eq!(shown(&model), ["BK2", "CUST-1"]);
    assert!(!drawn(&model).contains("other bookings"));
}

#[test]
fn sums_are_those_of_the_rows_that_are_shown_however_many_there_are() {
    let row = |id: usize| {
        let name = ["Ana", "Bob"].get(id / 2).unwrap_or(&"Eve");
        let json = format!(
            r#"{{"id":"{id}","status":"has_debt","amount":{id},"currency":"EUR","account_name":"{name}"}}"#
        );
        Record::read(&scheduled::SPEC, &json)
    };
    let other = Record::read(&scheduled::SPEC, &PAYOUTS[0].replace("\"1\"", "\"u\""));
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS, 0);
    model.cx.list_mut().table.replace([(0..4_100).map(row).chain([other]).collect()]);
    let now = model.cx.now;
    let effects = update(&mut model, now, Msg::Woken);
    let all = ("", 4_100, "EUR 84,029.50");
    let expected = ("blocked by debt".to_owned(), all.1, all.2.to_owned());
    assert_eq!(groups(&model), [expected], "before they are arranged, without rows of no group");
    arrange_many(&mut model, &effects);
    for (typed, count, sum) in [all, ("ana", 2, "EUR 0.01"), ("bob", 2, "EUR 0.05"), all] {
        model.cx.list_mut().table.narrow(typed);
        let effects = update(&mut model, now, Msg::Woken);
        let expected = [("blocked by debt".to_owned(), count, sum.to_owned())];
        arrange_many(&mut model, &effects);
        assert_eq!(groups(&model), expected, "{typed}");
    }
}

#[test]
fn an_export_is_of_the_payouts_that_are_held_up() {
    for (total, words) in [(0, "8 of 9 rows: those shown."), (1_200, "8 shown in 9 of 1,200 rows.")]
    {
        let mut model = loaded(3);
        let effects = run(&mut model, "blocked");
        serve(&mut model, &effects, &PAYOUTS, total);
        if total > 0 {
            press(&mut model, "n");
        }
        press(&mut model, "e");
        let Some(Prompt { then: PromptAction::ExportRows(rows), .. }) = model.modal_of() else {
            panic!("no export")
        };
        assert_eq!(rows.words(), words);
        let effects = press(&mut model, "enter");
        let extract = effects.into_iter().find_map(|effect| match effect {
            Effect::SaveRows(_, extract, _) => Some(extract),
            _ => None,
        });
        let mut out = Vec::new();
        extract.unwrap().write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let bookings = text.lines().skip(1).map(|line| line.split(',').next().unwrap());
        assert_eq!(bookings.collect::<Vec<_>>(), shown(&model), "in the order of the screen");
    }
    // Also if only such payouts are loaded so far.
    let mut model = loaded(3);
    let effects = run(&mut model, "blocked");
    serve(&mut model, &effects, &PAYOUTS[1..], 1_200);
    press(&mut model, "n e");
    let Some(Prompt { then: PromptAction::ExportRows(rows), .. }) = model.modal_of() else {
        panic!("no export")
    };
    assert_eq!(rows.words(), "8 shown in 8 of 1,200 rows.");
}

#[test]
fn a_chart_counts_the_payouts_that_are_held_up_and_says_so() {
    for (total, said) in [
        (0, "Counts the 8 rows shown, out of 9."),
        (1_200, "Counts the 8 rows shown among 9 of 1,200 rows; L loads the rest (3 requests)."),
    ] {
        let mut model = loaded(3);
        let effects = run(&mut model, "blocked");
        serve(&mut model, &effects, &PAYOUTS, total);
        if total > 0 {
            press(&mut model, "n");
        }
        run(&mut model, "chart");
        assert_eq!(model.modal_of::<Reader>().expect("a chart").text[0], said);
    }
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
