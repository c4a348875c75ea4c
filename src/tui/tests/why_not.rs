//! What a key can only say, the help says before: why its action can do nothing now.

use super::{answer_all, at, failure, fetches, loaded, press};
use crate::domain::failure::Kind;
use crate::net::request::Request;
use crate::payments::subject::Hosts;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, bindings_in};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::update::update;

/// Keys that bring up each screen in each of its states; at a `!` what was asked is answered, lists with
/// five rows or none, reports with a failure.
const SCRIPTS: &[&str] = &[
    "ctrl-l",
    "2",
    "6 !",
    "6 ! w",
    "G",
    "l l @ !",
    "2 esc",
    "2 !0",
    "4 ! t",
    "4 ! t d",
    "/ 3 enter",
    "4 ! t / 3 enter",
    "4 ! t G",
    "4 ! t t",
    "4 !0 t",
    "4 !0 t t",
    "enter",
    "enter !",
    "enter ! t",
    "enter ! C",
    "enter ! }",
    "G enter !",
    "enter ! } ! [ ]",
    "b B K 7 enter !",
    "6 ! enter",
    "6 ! enter !",
    ": a c c o u n t enter !",
    ": e v e n t s enter",
    ": e v e n t s enter !",
];

fn answered(tui: &mut Tui, asked: Vec<Effect>, rows: u32) {
    let (of_payments, others): (Vec<_>, Vec<_>) = fetches(&asked)
        .into_iter()
        .partition(|(.., request)| matches!(request, Request::Payments(_)));
    for (ticket, ..) in of_payments {
        let _ = update(tui, at(0), Msg::Answered(ticket, Err(failure(Kind::Passing))));
    }
    let is_other = |effect: &Effect| {
        fetches(std::slice::from_ref(effect)).iter().any(|it| others.contains(it))
    };
    let asked: Vec<Effect> = asked.into_iter().filter(is_other).collect();
    answer_all(tui, asked, rows);
}

fn state(script: &str) -> Tui {
    let mut tui = loaded(5);
    tui.cx.connect(Hosts { payments: true, finance: true });
    tui.cx.size = (140, 60);
    let mut asked = Vec::new();
    for key in script.split(' ') {
        match key {
            "!" => answered(&mut tui, std::mem::take(&mut asked), 5),
            "!0" => answered(&mut tui, std::mem::take(&mut asked), 0),
            key => asked.extend(press(&mut tui, key)),
        }
    }
    press(&mut tui, "ctrl-l");
    assert_eq!((tui.cx.notice.as_deref(), tui.modal().is_none()), (None, true), "{script}");
    tui
}

#[test]
fn what_a_key_can_only_say_is_said_in_the_help_too() {
    for script in SCRIPTS {
        let mut tui = state(script);
        for binding in bindings_in(tui.scope()) {
            // Each list has a line of its own there.
            let why = tui.why_not(binding.action);
            assert!(why.iter().all(|why| !why.contains('{')), "{script}: {why:?}");
            if binding.action == Action::PickTab || why.is_some() {
                continue;
            }
            let before = format!("{tui:?}");
            tui.act(binding.action);
            tui.carry_on();
            let effects = std::mem::take(&mut tui.cx.effects);
            let said = tui.cx.notice.take();
            let is_unchanged = effects.is_empty() && format!("{tui:?}") == before;
            assert!(!is_unchanged || said.is_none(), "{script}, {}: {said:?}", binding.id);
            if !is_unchanged {
                tui = state(script);
            }
        }
    }
}
