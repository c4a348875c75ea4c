//! A minimal screen for tests: what a new screen has to implement. Also the levels that keys go
//! back.

pub(super) mod small;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use small::Small;

use crate::domain::text::Untrusted;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Scope};
use crate::tui::modal::command::CommandLine;
use crate::tui::modal::help::Help;
use crate::tui::modal::prompt::Prompt;
use crate::tui::modal::reader::Reader;
use crate::tui::msg::Msg;
use crate::tui::refreshes::RefreshTarget;
use crate::tui::screen::booking::state::{Booking, OpenedFrom};
use crate::tui::screen::list::tabs::Tabs;
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, at, loaded, press};
use crate::tui::update::update;

fn small(tui: &Tui) -> &Small {
    tui.screens().next_back().unwrap()
}

#[test]
fn a_new_screen_is_opened_by_its_key_drawn_clicked_and_found_in_the_help() {
    let mut tui = loaded(5);
    let effects = press(&mut tui, "4");
    answer_all(&mut tui, effects, 5);
    press(&mut tui, "t ctrl-g n");
    assert_eq!((tui.scope(), small(&tui).count), (Scope::Small, 1));
    let shown = drawn(&tui);
    for text in ["A small screen", "counted to 1", "n count", "? help", "q close"] {
        assert!(shown.contains(text), "{text} is not in\n{shown}");
    }
    tui.cx.looks.has_mouse = true;
    let row = tui.cx.layout.table.y + 3;
    let kind = MouseEventKind::Down(MouseButton::Left);
    let click = MouseEvent { kind, column: 4, row, modifiers: KeyModifiers::NONE };
    let _ = update(&mut tui, at(0), Msg::Mouse(click));
    assert_eq!(small(&tui).clicked, Some(3));
    // Run from the help, it does what its key does. The help also shows why it can do no more.
    press(&mut tui, "? c o u n t s enter");
    assert_eq!(small(&tui).count, 2);
    press(&mut tui, "n");
    assert_eq!(tui.cx.notice.as_deref(), Some("It counts to two."));
    press(&mut tui, "? c o u n t s");
    let shown = drawn(&tui);
    assert!(shown.contains("counts one up (It counts to two.)"), "{shown}");
    press(&mut tui, "esc q");
    assert_eq!(tui.scope(), Scope::Triage);
}

#[test]
fn what_is_typed_stays_where_too_many_screens_are_open() {
    let mut tui = loaded(5);
    for _ in 0..49 {
        tui.push(Box::new(Booking::opening(Untrusted::new("BK1"), OpenedFrom::Elsewhere)));
    }
    tui.push(Box::new(TriageScreen::default()));
    press(&mut tui, "b B K 7 enter");
    let prompt = tui.modal_of::<Prompt>().unwrap();
    let why = "Too many screens are open: esc closes one.";
    assert_eq!((prompt.input.value(), prompt.problem.as_deref()), ("BK7", Some(why)));
    press(&mut tui, "esc : b o o k i n g space B K 8 enter");
    let line = tui.modal_of::<CommandLine>().unwrap();
    assert_eq!(line.input.value(), "booking BK8");
    assert_eq!(line.problem.as_ref().map(|it| it.why.as_str()), Some(why));
    press(&mut tui, "esc esc b B K 7 enter");
    assert!(tui.modal().is_none() && tui.bookings().count() == 50);
}

#[test]
fn a_new_screen_that_shows_the_list_has_its_tabs_its_age_and_its_refresh() {
    let mut tui = loaded(5);
    tui.cx.looks.has_mouse = true;
    tui.push(Box::new(Small { shows_list: true, ..Small::default() }));
    press(&mut tui, "ctrl-l");
    assert!(drawn(&tui).contains("as of 00:00"));
    tui.act(Action::Refresh);
    assert!(
        tui.cx.refreshes.ask(RefreshTarget::Screen(tui.cx.top), 0),
        "it counts as one of the list"
    );
    assert!(!tui.cx.refreshes.ask(RefreshTarget::List(0), 0));
    let tabs = Tabs::of(&tui.cx, 80);
    let column = (0..80).find(|x| tabs.at(*x) == Some(1)).unwrap();
    let (row, modifiers) = (tui.cx.layout.tabs.y, KeyModifiers::NONE);
    let kind = MouseEventKind::Down(MouseButton::Left);
    let _ = update(&mut tui, at(0), Msg::Mouse(MouseEvent { kind, column, row, modifiers }));
    assert_eq!((tui.scope(), tui.cx.tab), (Scope::List, 1));
}

#[test]
fn a_key_that_is_held_down_to_go_back_does_not_leave_the_program() {
    let mut tui = loaded(5);
    for _ in 0..3 {
        let effects = press(&mut tui, "enter");
        answer_all(&mut tui, effects, 5);
        press(&mut tui, "l l l l l l l");
    }
    assert!(tui.bookings().count() > 1);
    let q = |tui: &mut Tui, elapsed: u64| {
        let key = crossterm::event::KeyCode::Char('q').into();
        update(tui, at(elapsed), Msg::Key(key))
    };
    // The first repeat comes after half a second, the others quickly.
    let mut now = 1_000;
    assert_eq!(q(&mut tui, now).iter().filter(|it| **it == Effect::Quit).count(), 0);
    for pause in [500].into_iter().chain([40; 30]) {
        now += pause;
        assert!(!q(&mut tui, now).contains(&Effect::Quit));
    }
    assert_eq!(tui.scope(), Scope::List);
    assert_eq!(tui.cx.notice.as_deref(), Some("Press q again to quit."));
    assert_eq!(q(&mut tui, now + 250), [Effect::Quit], "it was let go");
    // Pressed quickly, but not as quickly as a keyboard repeats.
    let effects = press(&mut tui, "enter");
    answer_all(&mut tui, effects, 5);
    let presses: Vec<_> = [5_000, 5_300, 5_600].map(|at| q(&mut tui, at)).into();
    assert_eq!(presses.concat(), [Effect::Quit], "{:?}", tui.cx.notice);
    let mut tui = loaded(5);
    assert_eq!(q(&mut tui, 1_000), [Effect::Quit], "where nothing was closed, it quits at once");
}

#[test]
fn the_command_quit_closes_a_screen_and_quits_at_the_root() {
    let mut tui = loaded(5);
    let effects = press(&mut tui, "4 t");
    answer_all(&mut tui, effects, 5);
    assert_eq!(tui.scope(), Scope::Triage);
    assert!(!press(&mut tui, ": q u i t enter").contains(&Effect::Quit));
    assert_eq!(tui.scope(), Scope::List);
    assert_eq!(press(&mut tui, ": q u i t enter"), [Effect::Quit]);
}

#[test]
fn help_in_a_text_that_is_read_is_help_and_the_key_after_it_is_typed() {
    let mut tui = loaded(5);
    assert!(press(&mut tui, "x ? q").is_empty());
    assert!(tui.modal_of::<Help>().is_some_and(|help| help.input.value() == "q"));
    press(&mut tui, "esc");
    assert!(tui.modal_of::<Reader>().is_some());
    press(&mut tui, "esc");
    assert!(tui.modal().is_none());
}
