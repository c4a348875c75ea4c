//! Key scripts on the pure update: what is requested, kept and dropped.

mod ahead;
mod booking_ahead;
mod look;
mod names;
mod refresh;
mod requests_left;
pub(in crate::tui) mod sentences;
mod several;
mod why_not;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

use crate::conciliation::Conciliation;
use crate::config::Session;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::filter::ListQuery;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Limits, NetState, Page, Response};
use crate::state::persisted::PersistedState;
use crate::tui::effect::{Effect, NetCommand, Priority, Ticket};
use crate::tui::keymap::BINDINGS;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::{Msg, Now};
use crate::tui::screen::list::state::List;
use crate::tui::stack::Tui;
use crate::tui::update::{start, update, wake_at};

pub(in crate::tui) fn at(elapsed: u64) -> Now {
    Now { elapsed, ..Now::default() }
}

fn model() -> Tui {
    let session = Session {
        environment: "DEMO".to_owned(),
        place: "made-up data".to_owned(),
        is_production: false,
        customer: CustomerKey::demo(),
    };
    Tui::new(session, PersistedState::default(), (80, 24), at(0))
}

fn key(name: &str) -> KeyEvent {
    let (code, modifiers) = match name {
        "enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "tab" => (KeyCode::Tab, KeyModifiers::NONE),
        "shift-tab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
        "pgdn" => (KeyCode::PageDown, KeyModifiers::NONE),
        "pgup" => (KeyCode::PageUp, KeyModifiers::NONE),
        "down" => (KeyCode::Down, KeyModifiers::NONE),
        "up" => (KeyCode::Up, KeyModifiers::NONE),
        "space" => (KeyCode::Char(' '), KeyModifiers::NONE),
        "left" => (KeyCode::Left, KeyModifiers::NONE),
        "f1" => (KeyCode::F(1), KeyModifiers::NONE),
        "backspace" => (KeyCode::Backspace, KeyModifiers::NONE),
        _ => match name.strip_prefix("ctrl-") {
            Some(letter) => (KeyCode::Char(letter.chars().next().unwrap()), KeyModifiers::CONTROL),
            None => (KeyCode::Char(name.chars().next().unwrap()), KeyModifiers::NONE),
        },
    };
    KeyEvent::new(code, modifiers)
}

pub(in crate::tui) fn press(model: &mut Tui, keys: &str) -> Vec<Effect> {
    let now = model.cx.now;
    keys.split(' ').flat_map(|name| update(model, now, Msg::Key(key(name)))).collect()
}

/// Lets a second pass, within which a screen is refreshed only once.
pub(in crate::tui) fn pass_a_second(model: &mut Tui) {
    model.cx.now = at(model.cx.now.elapsed + 1_000);
}

pub(in crate::tui) fn fetches(effects: &[Effect]) -> Vec<(Ticket, Priority, Request)> {
    let fetch = |effect: &Effect| match effect {
        Effect::Network(NetCommand::Send(ticket, priority, request)) => {
            Some((*ticket, *priority, request.clone()))
        }
        _ => None,
    };
    effects.iter().filter_map(fetch).collect()
}

fn page(query: &ListQuery, total: u32) -> Response {
    let first = (query.page - 1) * query.per_page;
    let last_row = total.min(first + query.per_page);
    let row = |row| {
        let json = format!(
            r#"{{"id":"{row}","booking_id":"BK{row}","reference_id":"BK{row}","amount":{row}}}"#
        );
        Record::read(query.spec, &json)
    };
    Response::Page(Page {
        rows: (first..last_row).map(row).collect(),
        total: Some(total.into()),
        current: query.page,
        last: Some(total.div_ceil(query.per_page).max(1)),
        per_page: query.per_page,
    })
}

/// Answers every request among the effects, and those that follow from the answers; returns all
/// effects.
pub(in crate::tui) fn answer_all(
    model: &mut Tui,
    effects: impl AsRef<[Effect]>,
    total: u32,
) -> Vec<Effect> {
    let mut all = Vec::new();
    let mut open = fetches(effects.as_ref());
    while let Some((ticket, _, request)) = open.pop() {
        let answer = match request {
            Request::List(query) => page(&query, total),
            Request::Booking(reference) => {
                let body = r#"{"penalties":[{"id":"p1","settled_booking":"BK9"}],"debt":[{}]}"#;
                Response::Booking(Box::new(Conciliation::read(&reference, body).unwrap()))
            }
            Request::Limits => Response::Limits(Limits::default()),
            Request::Payments(request) => sentences::payments(&request),
            other @ Request::Connection(_) => panic!("nobody asks for {other:?}"),
        };
        let now = model.cx.now;
        let effects = update(model, now, Msg::Answered(ticket, Ok(answer)));
        open.extend(fetches(&effects));
        all.extend(effects);
    }
    all
}

/// The first list is loaded; the first visit of another one requests its rows.
pub(in crate::tui) fn loaded(total: u32) -> Tui {
    let mut model = loaded_ahead(total);
    model.cx.lists.iter_mut().for_each(List::forget_ahead);
    model
}

/// The first list is loaded, and the first page of the others.
pub(in crate::tui) fn loaded_ahead(total: u32) -> Tui {
    let mut model = model();
    let effects = start(&mut model);
    answer_all(&mut model, effects, total);
    model
}

pub(in crate::tui) fn failure(kind: Kind) -> Failure {
    Failure {
        kind,
        what: "Transactions could not be loaded".to_owned(),
        why: "the server answered 503".to_owned(),
        advice: Advice::Retry,
        fields: Vec::new(),
    }
}

fn shown_reference(model: &Tui) -> String {
    model.table().unwrap().selected().unwrap().cell(0).into_owned()
}

#[test]
fn the_next_page_is_asked_for_once_and_before_the_cursor_needs_it() {
    let mut model = loaded(1_000);
    assert_eq!(model.cx.lists[0].table.records().len(), 100);
    assert!(press(&mut model, "pgdn pgdn").is_empty());
    let asked = fetches(&press(&mut model, "pgdn pgdn pgdn G"));
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].1, Priority::Next);
    assert!(model.table().unwrap().cursor() < 100);
}

#[test]
fn a_page_that_runs_ahead_is_hurried_once_the_cursor_waits_for_it() {
    let mut model = loaded(1_000);
    let asked = press(&mut model, "pgdn pgdn pgdn pgdn");
    let [Effect::Network(NetCommand::Send(ticket, Priority::Next, _))] = asked[..] else {
        panic!("{asked:?}")
    };
    assert_eq!(press(&mut model, "G"), [Effect::Network(NetCommand::Promote(ticket))]);
    assert_eq!(press(&mut model, "k G k G"), []);
    press(&mut model, "2 R");
    let again = press(&mut model, "1");
    assert!(
        matches!(again[..], [Effect::Network(NetCommand::Promote(_))]),
        "its refresh ran in the background: {again:?}"
    );
}

#[test]
fn sorting_and_searching_fetch_nothing_by_themselves() {
    let mut model = loaded(1_000);
    for keys in ["l l s", "S", "G", "/ 9", "enter", "ctrl-f"] {
        let effects = press(&mut model, keys);
        if keys != "ctrl-f" {
            assert!(fetches(&effects).is_empty(), "{keys}");
        }
        answer_all(&mut model, effects, 1_000);
    }
    let asked = model.cx.list().query.pairs()[0].1.to_string();
    assert_eq!(asked, "9");
}

#[test]
fn cells_rows_and_links_are_copied_and_a_strange_link_is_not() {
    let mut model = loaded(5);
    assert_eq!(press(&mut model, "y"), [Effect::Copy("BK0".to_owned())]);
    let copied = press(&mut model, "space space Y");
    let [Effect::Copy(text)] = &copied[..] else { panic!("{copied:?}") };
    let lines: Vec<&str> = text.lines().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(lines, ["Booking", "BK0", "BK1"]);
    assert!(press(&mut model, "o").is_empty());
    assert!(model.cx.notice.is_some());
}

#[test]
fn paging_reaches_the_last_row_of_the_last_page() {
    let mut model = loaded(1_234);
    for _ in 0..12 {
        let effects = press(&mut model, "G");
        answer_all(&mut model, effects, 1_234);
    }
    press(&mut model, "G");
    assert_eq!(shown_reference(&model), "BK1233");
    assert!(fetches(&press(&mut model, "G j pgdn")).is_empty());
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut model = loaded(150);
    let first = fetches(&press(&mut model, "r"));
    pass_a_second(&mut model);
    let second = press(&mut model, "r");
    assert!(
        second.contains(&Effect::Network(NetCommand::Cancel(first[0].0))),
        "the older is dropped, not the newer"
    );
    let late = page(&ListQuery::new(model.cx.lists[0].spec()), 3);
    model.cx.is_dirty = false;
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(first[0].0, Ok(late)));
    assert_eq!(model.cx.lists[0].total, Some(150));
    assert!(!model.cx.is_dirty);
    answer_all(&mut model, second, 151);
    assert_eq!(model.cx.lists[0].total, Some(151));
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_says_what_to_press() {
    let mut model = loaded(150);
    press(&mut model, "j j");
    let (ticket, ..) = fetches(&press(&mut model, "r"))[0].clone();
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Err(failure(Kind::Passing))));
    assert_eq!(shown_reference(&model), "BK2");
    assert!(model.message().unwrap().contains("press r to retry"));
    assert!(press(&mut model, "G").is_empty(), "nothing is asked of a server that fails");
    pass_a_second(&mut model);
    let effects = press(&mut model, "r");
    answer_all(&mut model, effects, 150);
    assert_eq!(model.message(), None);
}

#[test]
fn esc_gives_up_a_fetch_and_never_quits() {
    let mut model = model();
    let (ticket, ..) = fetches(&start(&mut model))[0].clone();
    assert_eq!(press(&mut model, "esc"), [Effect::Network(NetCommand::Cancel(ticket))]);
    assert!(press(&mut model, "esc esc esc").is_empty());
    assert_eq!(fetches(&press(&mut model, "r")).len(), 1);
}

#[test]
fn a_booking_opens_and_esc_comes_back_to_the_same_row() {
    let mut model = loaded(150);
    let effects = press(&mut model, "pgdn j enter");
    let asked = fetches(&effects);
    assert_eq!(asked[0].2, Request::Booking("BK19".to_owned()));
    answer_all(&mut model, effects, 150);
    assert_eq!(model.bookings().count(), 1);
    press(&mut model, "esc");
    assert_eq!((model.bookings().count(), shown_reference(&model).as_str()), (0, "BK19"));
}

#[test]
fn a_booking_named_in_a_cell_opens_above_the_first() {
    let mut model = loaded(150);
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 150);
    let right = "l l l l l l l";
    let effects = press(&mut model, &format!("{right} enter"));
    assert_eq!(fetches(&effects)[0].2, Request::Booking("BK9".to_owned()));
    answer_all(&mut model, effects, 150);
    press(&mut model, "enter");
    assert!(model.top().detail().is_open, "a cell that names no other booking shows the record");
    press(&mut model, "esc q");
    assert_eq!(model.bookings().count(), 1);
}

#[test]
fn closing_a_booking_gives_up_its_request_and_a_late_answer_is_dropped() {
    let mut model = loaded(150);
    let (ticket, ..) = fetches(&press(&mut model, "enter"))[0].clone();
    assert_eq!(press(&mut model, "2")[0], Effect::Network(NetCommand::Cancel(ticket)));
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(ticket, Err(failure(Kind::Missing))));
    assert!(model.bookings().next().is_none() && model.message().is_none());
}

#[test]
fn the_lookup_takes_keys_as_text_and_a_paste_as_one_line() {
    let mut model = loaded(5);
    press(&mut model, "b q 1");
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Paste("\u{1b}[31m\nBK\t7 ".to_owned()));
    let Some(lookup) = model.modal_of::<Prompt>() else { panic!("no lookup") };
    assert_eq!(lookup.input.value(), "q1\u{fffd}[31m BK 7");
    press(&mut model, "ctrl-u enter");
    let Some(lookup) = model.modal_of::<Prompt>() else { panic!("no lookup") };
    assert!(lookup.problem.is_some(), "an empty reference is explained where it was typed");
    let asked = fetches(&press(&mut model, "B K 1 enter"));
    assert_eq!(asked[0].2, Request::Booking("BK1".to_owned()));
}

#[test]
fn a_paste_outside_of_a_prompt_presses_no_keys() {
    let mut model = loaded(5);
    let now = model.cx.now;
    assert!(update(&mut model, now, Msg::Paste("qqq2".to_owned())).is_empty());
    assert_eq!(model.cx.tab, 0);
}

#[test]
fn the_screen_wakes_only_while_something_on_it_moves() {
    let mut model = loaded(5);
    assert_eq!(wake_at(&model), None, "when it was loaded is said as a time of day");
    let _ = press(&mut model, "r");
    assert_eq!(wake_at(&model), Some(150), "the spinner, after a wait that is felt");
    let _ = update(&mut model, at(1_100), Msg::Woken);
    assert_eq!(wake_at(&model), Some(1_250));
    let _ = press(&mut model, "esc");
    let _ = update(&mut model, at(20 * 60_000), Msg::Woken);
    assert_eq!(wake_at(&model), None, "nobody has looked for a while");
    let closed = NetState { limited_for: Some(2_500), ..NetState::default() };
    let _ = update(&mut model, at(1_200_100), Msg::Network(closed));
    assert_eq!(wake_at(&model), Some(1_202_600), "the end of the limit, since nobody looks");
    let _ = update(&mut model, at(1_200_200), Msg::Key(key("j")));
    assert_eq!(wake_at(&model), Some(1_200_600), "the countdown, at whole seconds");
    let _ = update(&mut model, at(1_203_000), Msg::Woken);
    assert_ne!(wake_at(&model), Some(1_203_000), "a countdown that is over moves nothing");
}

proptest! {
    #[test]
    fn no_keys_in_any_order_panic_or_leave_the_cursor_outside(
        keys in proptest::collection::vec(0usize..60, 0..80),
        sizes in proptest::collection::vec((0u16..200, 0u16..60), 1..4),
        total in 0u32..300,
    ) {
        let names: Vec<&str> = BINDINGS.iter().flat_map(|b| b.keys.iter().copied()).collect();
        let mut model = loaded(total);
        for (index, name) in keys.iter().enumerate() {
            if index % 20 == 0 {
                let (width, height) = sizes[index / 20 % sizes.len()];
                let now = model.cx.now;
                let _ = update(&mut model, now, Msg::Resized(width, height));
            }
            let effects = press(&mut model, names[name % names.len()]);
            if index % 3 == 0 {
                answer_all(&mut model, effects, total);
            }
            if let Some(table) = model.table() {
                prop_assert!(table.cursor() < table.records().len().max(1));
            }
        }
    }
}
