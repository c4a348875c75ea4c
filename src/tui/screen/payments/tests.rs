//! What lies below a screen about the Payments APIs keeps still while it is covered.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::net::request::Request;
use crate::payments::subject::{Hosts, Subject};
use crate::tui::effect::Effect;
use crate::tui::keymap::Scope;
use crate::tui::msg::Msg;
use crate::tui::screen::payments::state::ReportScreen;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, fetches, loaded, press};
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
        assert!(!model.shows_lists());
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
