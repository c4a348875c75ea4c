//! Key scripts on a booking: requests, kept state, and where going back leads.

use crate::conciliation::report::{ExtraList, State};
use crate::conciliation::verdict::Kind as Word;
use crate::conciliation::{Conciliation, Role, Tone};
use crate::domain::failure::Kind;
use crate::domain::text::Untrusted;
use crate::filter::ListQuery;
use crate::list::penalties;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::tui::effect::{Effect, Priority};
use crate::tui::modal::help::Help;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::{Msg, Written};
use crate::tui::screen::booking::ADDS_UP;
use crate::tui::screen::booking::state::BookingView;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, pass_a_second, press};
use crate::tui::update::update;

const THIN: &str = r#"{"totals":{"penalties_gross":500,"debt":0,"invoices_gross":0,
    "credit_notes_gross":0,"transactions_made":0},"invoicing":{"invoices":[],"credit_notes":[]},
    "penalties":[{"amount":500,"currency":"EUR"}],"debt":[],"transactions":[]}"#;

/// Answers the conciliation request in the effects with a body; returns the requests sent after it.
fn conciliation(model: &mut Tui, effects: &[Effect], body: &str) -> Vec<Effect> {
    let all = fetches(effects);
    let (ticket, ..) = all.iter().find(|(.., it)| matches!(it, Request::Booking(_))).unwrap();
    let came = Conciliation::read("BK0", body).unwrap();
    let now = model.cx.now;
    update(model, now, Msg::Answered(*ticket, Ok(Response::Booking(Box::new(came)))))
}

pub(super) fn lists(effects: &[Effect]) -> Vec<(Priority, ListQuery)> {
    let all = fetches(effects).into_iter();
    all.filter_map(|(_, priority, request)| match request {
        Request::List(query) => Some((priority, query)),
        _ => None,
    })
    .collect()
}

pub(super) fn here(model: &Tui) -> String {
    model.bookings().next_back().unwrap().reference().shown().into_owned()
}

#[test]
fn what_the_conciliation_lacks_is_asked_beside_it_and_later() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let beside = lists(&effects);
    assert_eq!((beside.len(), beside[0].0), (1, Priority::Visible));
    assert_eq!(beside[0].1.spec.key, "scheduled");
    assert_eq!(beside[0].1.pairs()[0], ("booking_id", "BK0".into()));
    let then = conciliation(&mut model, &effects, THIN);
    assert_eq!(lists(&then)[0].1.spec.key, "penalties", "its rows are thin");
    assert!(
        model.bookings().next().unwrap().content.is_some(),
        "the first answer is shown at once"
    );
    let (ticket, _, request) = fetches(&then)[0].clone();
    let Request::List(query) = request else { panic!("{request:?}") };
    let full = r#"{"id":"p","booking_id":"BK0","amount":500,"currency":"EUR","status":"waived"}"#;
    let rows = vec![Record::read(query.spec, full)];
    let page = Page { rows, total: Some(1), current: 1, last: Some(1), per_page: 500 };
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
    let content = model.bookings().next().unwrap().content.as_ref().unwrap();
    let rows = content.report.booking.rows(Role::Penalties);
    assert_eq!((rows.len(), rows[0].minor("amount")), (1, Some(500)));
    assert_eq!(rows[0].text("status"), Some(&Untrusted::new("waived")));
}

#[test]
fn nothing_is_green_before_all_lists_of_a_booking_are_loaded() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let then = conciliation(&mut model, &effects, THIN);
    let verdict = |model: &Tui| {
        let content = model.bookings().next().unwrap().content.as_ref().unwrap();
        (content.report.verdict.headline(), content.report.verdict.tone())
    };
    let loading = ("Adds up (still loading…)".to_owned(), Tone::Open);
    assert_eq!(verdict(&model), loading);
    let exported = press(&mut model, "e enter");
    let Some(Effect::Save(_, text, _)) = exported.last() else { panic!("{exported:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert!(text.starts_with("Booking BK0: Adds up (still loading…)\n"), "{text}");
    let open = fetches(&effects).into_iter().chain(fetches(&then));
    let lists: Vec<_> = open.filter(|(.., it)| matches!(it, Request::List(_))).collect();
    let [scheduled, penalties] = &lists[..] else { panic!("{lists:?}") };
    let answer = |model: &mut Tui, ticket, rows: Vec<Record>| {
        let total = Some(rows.len() as u64);
        let page = Page { rows, total, current: 1, last: Some(1), per_page: 500 };
        let now = model.cx.now;
        let _ = update(model, now, Msg::Answered(ticket, Ok(Response::Page(page))));
    };
    answer(&mut model, scheduled.0, Vec::new());
    assert_eq!(verdict(&model), loading);
    let row = r#"{"id":"p","amount":500,"currency":"EUR","status":"paid","due_date":null}"#;
    answer(&mut model, penalties.0, vec![Record::read(&penalties::SPEC, row)]);
    assert_eq!(verdict(&model), ("Adds up".to_owned(), Tone::Good));
    // A response with complete rows needs no list, so the earlier state of the list does not count.
    let now = at(60_000);
    let _ = update(&mut model, now, Msg::Woken);
    let effects = press(&mut model, "r");
    let full = THIN.replace(r#"{"amount":500,"currency":"EUR"}"#, "").replace("500", "0");
    let then = conciliation(&mut model, &effects, &full);
    assert!(super::tests::lists(&then).is_empty());
    let open = fetches(&effects).into_iter().find(|(.., it)| matches!(it, Request::List(_)));
    answer(&mut model, open.unwrap().0, Vec::new());
    assert_eq!(verdict(&model), ("Adds up".to_owned(), Tone::Good));
}

#[test]
fn a_list_that_fails_makes_it_incomplete_and_no_more() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let _ = conciliation(&mut model, &effects, r#"{"totals":{"debt":0},"debt":[]}"#);
    let (ticket, ..) = fetches(&effects)
        .into_iter()
        .find(|(.., request)| matches!(request, Request::List(_)))
        .unwrap();
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Err(failure(Kind::Passing))));
    let booking = &model.bookings().next().unwrap();
    assert!(booking.failure.is_none() && booking.is_settled());
    let State::Failed(why) = &booking.sources.of(ExtraList::Scheduled).state else { panic!() };
    assert_eq!(why, "the server answered 503");
    let verdict = &booking.content.as_ref().unwrap().report.verdict;
    assert_eq!(verdict.kind, Word::Incomplete);
}

#[test]
fn esc_goes_back_one_step_at_a_time() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    press(&mut model, "t p z");
    let view = |model: &Tui| model.bookings().next_back().map(|booking| booking.view);
    press(&mut model, "esc esc");
    assert!(!model.top().detail().is_open);
    assert_eq!(view(&model), Some(BookingView::Ledger));
    press(&mut model, "esc");
    assert_eq!(view(&model), Some(BookingView::Sections));
    press(&mut model, "esc");
    assert_eq!(view(&model), None);
}

#[test]
fn the_section_that_does_not_add_up_is_selected_first() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let body = THIN.replace(r#""debt":0"#, r#""debt":7"#);
    conciliation(&mut model, &effects, &body);
    let booking = model.bookings().next().unwrap();
    assert_eq!(booking.section, Role::Debt as usize, "though penalties have rows");
}

#[test]
fn a_seen_booking_is_shown_at_once_with_its_age_and_r_says_what_changed() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    press(&mut model, "q");
    let _ = update(&mut model, at(300_000), Msg::Woken);
    assert!(fetches(&press(&mut model, "enter")).is_empty());
    assert_eq!(model.top().loaded_at(&model.cx).unwrap().elapsed, 0);
    let effects = press(&mut model, "r");
    let _ = conciliation(&mut model, &effects, r#"{"penalties":[{"id":"q"}],"debt":[{}]}"#);
    assert_eq!(model.cx.notice.as_deref(), Some("Changed: 2 rows. C shows old and new values."));
    assert_eq!(model.top().loaded_at(&model.cx).unwrap().elapsed, 300_000);
    press(&mut model, "q");
    let _ = press(&mut model, "enter");
    assert_eq!(
        model.top().loaded_at(&model.cx).unwrap().elapsed,
        300_000,
        "the newest answer is kept"
    );
}

#[test]
fn the_trail_and_the_list_are_walked_in_place() {
    let mut model = loaded(9);
    for keys in ["enter", "}", "}", "{"] {
        let effects = press(&mut model, keys);
        answer_all(&mut model, effects, 0);
    }
    assert_eq!((here(&model).as_str(), model.bookings().count()), ("BK1", 1));
    press(&mut model, "[ [");
    assert_eq!(here(&model), "BK1");
    press(&mut model, "[ [ ]");
    assert_eq!(here(&model), "BK1");
    press(&mut model, "[ [");
    assert_eq!(model.cx.notice.as_deref(), Some("There is no earlier booking in the history."));
    press(&mut model, "esc");
    let row = model.table().unwrap().selected().unwrap().cell(0).into_owned();
    assert_eq!(row, "BK1", "the list stands where one walked to");
}

#[test]
fn a_booking_that_was_typed_is_in_no_list() {
    let mut model = loaded(9);
    let effects = press(&mut model, "b B K 7 enter");
    answer_all(&mut model, effects, 0);
    assert!(press(&mut model, "}").is_empty());
    assert_eq!(model.cx.notice.as_deref(), Some("This booking was not opened from a list."));
}

#[test]
fn a_list_beside_the_booking_that_was_stopped_is_missing_and_asked_again() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let _ = conciliation(&mut model, &effects, THIN);
    press(&mut model, "r esc");
    let booking = model.bookings().next_back().unwrap();
    let verdict = &booking.content.as_ref().unwrap().report.verdict;
    let reasons: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
    let is_said = reasons.iter().any(|it| it.contains("cancelled before loading finished"));
    assert!(is_said, "{reasons:?}");
    pass_a_second(&mut model);
    let again = press(&mut model, "r");
    assert_eq!(fetches(&again).len(), 2, "the booking and what was stopped");
}

#[test]
fn an_export_is_asked_for_with_a_safe_name_and_its_ending_is_its_form() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    press(&mut model, "e");
    let Some(save) = model.modal_of::<Prompt>() else { panic!("no prompt") };
    assert_eq!(save.input.value(), "booking-BK0-1970-01-01.txt");
    let effects = press(&mut model, "enter");
    let [Effect::Save(path, text, _)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(path.to_str(), Some("booking-BK0-1970-01-01.txt"));
    assert!(text.starts_with(b"Booking BK0: "));
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Saved(path.clone(), Ok(Written::default())));
    assert!(model.cx.notice.as_deref().unwrap().starts_with("Exported to booking-BK0"));
    press(&mut model, "e x enter");
    let Some(save) = model.modal_of::<Prompt>() else { panic!("no prompt") };
    assert!(save.problem.is_some());
}

#[test]
fn an_export_says_what_it_lacks() {
    let missing = |model: &mut Tui| {
        press(model, "e");
        let effects = press(model, "enter");
        let [Effect::Save(_, _, what)] = &effects[..] else { panic!("{effects:?}") };
        what.missing.clone()
    };
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let _ = conciliation(&mut model, &effects, THIN);
    assert_eq!(missing(&mut model), "lists of the booking are still loading");
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    assert_eq!(missing(&mut model), "");
}

#[test]
fn the_help_says_what_the_verdict_and_the_ledger_mean() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    model.cx.size = (200, 200);
    press(&mut model, "?");
    let Some(help) = model.modal_of::<Help>() else { panic!("no help") };
    let words: Vec<&str> =
        help.shown().flat_map(|(line, _)| line.text.split_whitespace()).collect();
    let text = words.join(" ");
    for (name, meaning) in crate::conciliation::ledger::MEANINGS.into_iter().chain([ADDS_UP]) {
        assert!(text.contains(&format!("{name}: {meaning}")), "{name} in {text}");
    }
}

#[test]
fn a_key_that_is_for_the_sections_says_so_in_the_other_views() {
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    press(&mut model, "s");
    assert_eq!(model.cx.notice.as_deref(), Some("There are no rows here."), "none has come yet");
    answer_all(&mut model, effects, 0);
    for (view, key) in [("t", "t"), ("t C", "C")] {
        press(&mut model, view);
        press(&mut model, "s");
        let said = format!("This works only in the sections. {key} shows them.");
        assert_eq!(model.cx.notice, Some(said));
    }
    press(&mut model, "C s");
    assert_eq!(model.cx.notice, None);
}

#[test]
fn what_is_no_known_section_is_turned_to_like_one_and_a_refresh_keeps_the_place() {
    let with = |more: &str| THIN.replacen('{', &format!("{{{more}"), 1);
    let mut model = loaded(9);
    let effects = press(&mut model, "enter");
    let both = with(r#""refunds":[{"why":"key"},{"why":"lock"}],"note":"x","#);
    conciliation(&mut model, &effects, &both);
    press(&mut model, "tab tab tab tab");
    let rows = |model: &Tui| {
        let booking = model.bookings().next_back().unwrap();
        let table = booking.shown_table().unwrap();
        table.records().iter().map(|row| row.cell(0).into_owned()).collect::<Vec<_>>()
    };
    let turns = (0..9).map(|_| {
        press(&mut model, "tab");
        rows(&model)
    });
    let turns: Vec<_> = turns.collect();
    assert!(turns.contains(&vec!["why: key".to_owned(), "why: lock".to_owned()]), "{turns:?}");
    assert!(turns.contains(&vec!["note".to_owned()]), "{turns:?}");
    while rows(&model) != ["note"] {
        press(&mut model, "tab");
    }
    let effects = press(&mut model, "r");
    conciliation(&mut model, &effects, THIN);
    let booking = model.bookings().next_back().unwrap();
    assert!(booking.shown_table().is_some(), "a section that is gone");
    let changes = &booking.content.as_ref().unwrap().changes.sections;
    let gone: Vec<String> = changes.iter().map(ToString::to_string).collect();
    assert_eq!(gone, ["note: was x, now (empty)", "Refunds: was 2 rows, now (empty)"]);
}
