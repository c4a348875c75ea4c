//! A screen below one of the Payments APIs stays unchanged while it is covered.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::domain::failure::Kind;
use crate::net::request::Request;
use crate::net::response::Response;
use crate::payments::fields::Fields;
use crate::payments::request::PaymentsRequest;
use crate::payments::response::{Response as Payments, Rows};
use crate::payments::subject::{Hosts, Subject};
use crate::tui::effect::Effect;
use crate::tui::keymap::Scope;
use crate::tui::msg::Msg;
use crate::tui::screen::payments::state::ReportScreen;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, press};
use crate::tui::update::update;

fn connected() -> Tui {
    let mut model = loaded(500);
    model.cx.connect(Hosts { payments: true, finance: true });
    model.cx.size = (140, 40);
    model
}

fn cover(model: &mut Tui) {
    model.cx.show(Subject::Payment("8f2d".to_owned()));
    assert!(!fetches(&press(model, "ctrl-l")).is_empty());
    assert_eq!(model.scope(), Scope::Report);
}

fn report(model: &Tui) -> Option<&ReportScreen> {
    model.screens().next_back()
}

#[test]
fn a_screen_above_the_triage_or_a_booking_has_the_whole_body() {
    for keys in ["4 t", "enter"] {
        let mut model = connected();
        for key in keys.split(' ') {
            let effects = press(&mut model, key);
            answer_all(&mut model, effects, 500);
        }
        press(&mut model, "p");
        let below = model.cx.layout;
        assert!(below.panel.height > 0, "{keys}");
        cover(&mut model);
        let above = model.cx.layout;
        assert_eq!((above.panel.height, above.detail.height), (0, 0), "{keys}");
        assert_eq!((above.table.width, above.table.height), (140, 36), "{keys}");
        assert!(!model.top().shows_list());
        press(&mut model, "esc");
        assert_eq!(model.cx.layout, below, "{keys}");
    }
}

#[test]
fn a_list_is_not_fetched_by_itself_while_it_is_covered() {
    let mut model = connected();
    let tab = model.cx.tab;
    model.cx.lists[tab].set_auto(Some(60), 0);
    cover(&mut model);
    let lists = |effects: &[Effect]| {
        fetches(effects).iter().filter(|(_, _, it)| matches!(it, Request::List(_))).count()
    };
    let effects = update(&mut model, at(60_000), Msg::Woken);
    assert_eq!(lists(&effects), 0);
    let effects = press(&mut model, "esc");
    assert_eq!(lists(&effects), 1);
}

#[test]
fn the_properties_of_accounts_in_sight_are_requested_first_and_four_at_a_time() {
    let mut model = connected();
    model.cx.show(Subject::Account);
    let asked = fetches(&press(&mut model, "ctrl-l"));
    assert_eq!(asked.len(), 4);
    let accounts: Vec<Fields> =
        (0..120).map(|id| Fields::read(&format!(r#"{{"id":"{id}"}}"#)).unwrap()).collect();
    let rows = Rows { rows: accounts, ..Rows::default() };
    let answer = |model: &mut Tui, ticket, payments: Payments| {
        let answer = Response::Payments(Box::new(payments));
        let now = model.cx.now;
        let effects = update(model, now, Msg::Answered(ticket, Ok(answer)));
        let effects = fetches(&effects).into_iter();
        effects.map(|(ticket, _, request)| (ticket, request)).collect::<Vec<_>>()
    };
    let first = answer(&mut model, asked[0].0, Payments::Rows(rows));
    let properties = |id: u32| Request::Payments(PaymentsRequest::MyProperties(id.to_string()));
    assert_eq!(first.len(), 1, "three other requests are in flight");
    assert_eq!(first[0].1, properties(0));
    assert!(drawn(&model).contains("Bank account 0"), "the accounts are shown at once");
    press(&mut model, "G");
    let none = || Payments::Properties(Vec::new());
    let next = answer(&mut model, first[0].0, none());
    let [(ticket, Request::Payments(PaymentsRequest::MyProperties(id)))] = &next[..] else {
        panic!("{next:?}")
    };
    assert!(id.parse::<u32>().unwrap() > 100, "{id} is in sight");
    // All of them are requested in the end.
    let (mut open, mut seen) = (vec![*ticket], 2);
    while let Some(ticket) = open.pop() {
        let next = answer(&mut model, ticket, none());
        seen += next.len();
        open.extend(next.into_iter().map(|(ticket, _)| ticket));
    }
    assert_eq!(seen, 120);
}

#[test]
fn a_click_picks_a_line_and_nothing_below() {
    let mut model = connected();
    model.cx.looks.has_mouse = true;
    cover(&mut model);
    let (tab, table) = (model.cx.tab, model.cx.layout.table);
    assert!(report(&model).is_some_and(|sheet| sheet.lines().len() > 1));
    let mut click = |x, y| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column: x, row: y, modifiers: KeyModifiers::NONE };
        let now = model.cx.now;
        assert_eq!(update(&mut model, now, Msg::Mouse(event)), []);
        (model.cx.tab, report(&model).map(|sheet| sheet.scroll.cursor))
    };
    assert_eq!(click(5, table.y + 1), (tab, Some(1)));
    assert_eq!(click(30, table.y - 1), (tab, Some(1)), "the tabs are not there");
    assert_eq!(click(5, table.bottom()), (tab, Some(1)));
}

#[test]
fn a_booking_that_a_report_names_is_in_no_list() {
    let mut model = connected();
    let known = Fields::read(r#"{"id":"8f2d","sourceRefCode":"BK77"}"#);
    let wanted = Subject::Payment("8f2d".to_owned());
    let screen = ReportScreen::about(wanted, known, model.cx.hosts, model.cx.now).unwrap();
    model.push(Box::new(screen));
    press(&mut model, "ctrl-l");
    while report(&model).unwrap().selected().unwrap().opens.is_none() {
        press(&mut model, "j");
    }
    let effects = press(&mut model, "enter");
    answer_all(&mut model, effects, 0);
    for key in ["}", "{"] {
        assert_eq!(press(&mut model, key), [], "{key}");
        let said = model.cx.notice.as_deref();
        assert_eq!(said, Some("This booking was not opened from a list."), "{key}");
    }
    assert_eq!(model.cx.list().table.cursor(), 0);
    press(&mut model, "esc");
    assert_eq!(model.scope(), Scope::Report);
}

#[test]
fn a_command_changes_no_list_that_is_not_shown() {
    let mut model = connected();
    cover(&mut model);
    let before = format!("{:?}", model.cx.lists);
    for command in
        ["s o r t space a m o u n t", "c o l u m n s", "a u t o space 6 0", "l o a d space a l l"]
    {
        assert_eq!(press(&mut model, &format!(": {command} enter")), [], "{command}");
        assert_eq!(model.cx.notice.as_deref(), Some("No list is shown here."), "{command}");
        assert!(model.modal().is_none());
    }
    assert_eq!(format!("{:?}", model.cx.lists), before);
}

#[test]
fn only_an_answer_makes_it_up_to_date_and_its_age_is_told_once() {
    let mut model = connected();
    model.cx.show(Subject::Payment("8f2d".to_owned()));
    let asked = fetches(&press(&mut model, "ctrl-l"));
    let times_shown = |model: &Tui| drawn(model).matches("as of 00:00").count();
    let now = model.cx.now;
    let _ = update(&mut model, now, Msg::Answered(asked[0].0, Err(failure(Kind::Passing))));
    assert_eq!(times_shown(&model), 0);
    let payment = Payments::Object(Fields::read(r#"{"id":"8f2d"}"#).unwrap());
    let answer = Response::Payments(Box::new(payment));
    let _ = update(&mut model, now, Msg::Answered(asked[1].0, Ok(answer)));
    assert_eq!(times_shown(&model), 1);
}

#[test]
fn windows_that_a_held_key_runs_through_are_not_fetched() {
    let mut model = connected();
    press(&mut model, ": e v e n t s enter");
    let windows = |effects: &[Effect]| fetches(effects).len();
    let mut asked = 0;
    for repeat in 0..=21 {
        model.cx.now = at(repeat * 50);
        asked += windows(&press(&mut model, "}"));
    }
    assert_eq!(asked, 2, "the first one, and one after a second");
    let last = update(&mut model, at(2_000), Msg::Woken);
    let asked = fetches(&last);
    let Some((_, _, Request::Payments(last))) = asked.first() else { panic!("{asked:?}") };
    assert_eq!(report(&model).unwrap().report.parts[0].request, *last, "where it stopped");
}
