//! The way of a write through menu, plan and confirmation, with made-up news of the engine.

mod made_up;
mod outcomes;
mod safety;
mod shown;

use std::time::Duration;

use crate::list::payments::SPEC;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::payments::write::Write;
use crate::tui::cx::Next;
use crate::tui::keymap::Scope;
use crate::tui::modal::writing::*;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::fetches;
use crate::tui::tests::sentences::drawn;
use crate::tui::update::{update, wake_at};
use crate::tui::writes::{FoundOut, WriteNews};
use crate::writes::permission::OPEN_FOR;

use made_up::slowly as press;
pub(in crate::tui) use made_up::*;

fn window(tui: &Tui) -> &Writing {
    tui.modal_of::<Writing>().expect("no window")
}

#[test]
fn a_payment_is_blocked_by_its_reference_and_nothing_less() {
    let mut tui = payments(true);
    menu(&mut tui, false);
    let shown = drawn(&tui);
    assert!(shown.contains("▸ Block this payment"), "{shown}");
    assert!(shown.contains("not now: it is not blocked"), "{shown}");
    show(&mut tui, block());
    for keys in ["enter", "enter enter enter", "tab enter", "y", "backspace enter"] {
        assert_eq!(commands(&press(&mut tui, keys)), [] as [&WriteCommand; 0], "{keys}");
    }
    press(&mut tui, "esc");
    menu(&mut tui, false);
    show(&mut tui, block());
    type_text(&mut tui, "note");
    assert_eq!(window(&tui).note.value(), "note", "{}", drawn(&tui));
    press(&mut tui, "enter");
    for text in ["", "y", "hb100003", "HB10000", "HB1000033"] {
        press(&mut tui, "ctrl-u");
        type_text(&mut tui, text);
        assert_eq!(press(&mut tui, "enter"), [], "{text}");
        assert!(drawn(&tui).contains("Type exactly HB100003"), "{text}\n{}", drawn(&tui));
    }
    press(&mut tui, "ctrl-u");
    type_text(&mut tui, "HB100003");
    let effects = press(&mut tui, "enter");
    let [WriteCommand::CarryOut(sent)] = commands(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(**sent, block().confirm(&Answer::Typed("HB100003".into()), "note").unwrap());
    assert_eq!(press(&mut tui, "enter"), [], "it is sent once");
}

#[test]
fn a_paste_is_a_note_and_never_a_confirmation() {
    let mut tui = payments(true);
    menu(&mut tui, false);
    show(&mut tui, block());
    let paste = |tui: &mut Tui, text: &str| {
        let now = tui.cx.now;
        update(tui, now, Msg::Paste(text.to_owned()))
    };
    paste(&mut tui, "ticket 4711\nand more");
    assert_eq!(window(&tui).note.value(), "ticket 4711 and more");
    press(&mut tui, "enter");
    assert_eq!(paste(&mut tui, "HB100003\n"), []);
    assert_eq!(window(&tui).typed.value(), "");
    assert!(drawn(&tui).contains(PASTED), "{}", drawn(&tui));
    assert_eq!(press(&mut tui, "enter"), []);
}

#[test]
fn a_locked_session_asks_for_the_name_of_the_profile_and_then_locks_itself() {
    let mut tui = payments(false);
    menu(&mut tui, false);
    assert!(drawn(&tui).contains("Writes are locked"), "{}", drawn(&tui));
    assert_eq!(press(&mut tui, "enter"), []);
    let now = tui.cx.now;
    let _ = update(&mut tui, now, Msg::Paste("acme".to_owned()));
    assert_eq!(press(&mut tui, "enter"), [], "a paste does not unlock");
    assert!(!tui.cx.writes.is_open(now));
    type_text(&mut tui, "acme");
    press(&mut tui, "enter");
    assert!(
        tui.cx.writes.is_open(tui.cx.now) && drawn(&tui).contains(" WRITES PRODUCTION "),
        "{}",
        drawn(&tui)
    );
    assert_eq!(tui.scope(), Scope::Pick, "the menu is still there");
    let opened = tui.cx.now;
    press(&mut tui, "esc");
    // The one timer of an idle screen.
    let end = opened.elapsed + u64::try_from(OPEN_FOR).unwrap();
    assert_eq!(wake_at(&tui), Some(end));
    let _ = update(&mut tui, at_utc(end), Msg::Woken);
    assert_eq!(wake_at(&tui), None);
    let shown = drawn(&tui);
    assert!(!shown.contains(" WRITES") && shown.contains("locked again"), "{shown}");
}

#[test]
fn a_changed_plan_is_shown_again_with_the_note_and_without_the_confirmation() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    news(&mut tui, WriteNews::Progress(Progress::Checking));
    let now = planned(Write::Block { id: "0".to_owned() }, seen(false, 50_000));
    let mut changed = outcome(&now.write, Verdict::Changed, "changed");
    (changed.id, changed.status, changed.plan) = (None, None, Some(Box::new(now)));
    let effects = news(&mut tui, WriteNews::Ended(Some(Box::new(changed))));
    assert_eq!(fetches(&effects), [], "nothing was sent");
    let shown = drawn(&tui);
    assert!(shown.contains("Changed since you looked"), "{shown}");
    assert!(shown.contains("~ HB100003 · rent-collection · AED 500.00"), "{shown}");
    let window = window(&tui);
    assert_eq!((window.note.value(), window.typed.value()), ("ticket 4711", ""));
    assert_eq!(press(&mut tui, "enter"), []);
    type_text(&mut tui, "HB100003");
    assert_eq!(commands(&press(&mut tui, "enter")).len(), 1);
}

#[test]
fn a_window_can_be_closed_and_opened_again_and_the_write_continues() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    news(&mut tui, WriteNews::Progress(Progress::Sending));
    assert!(drawn(&tui).contains("● sent, waiting for the answer"), "{}", drawn(&tui));
    press(&mut tui, "esc");
    assert!(tui.modal().is_none() && tui.cx.writes.under_way.is_some());
    let next = Duration::from_secs(5);
    news(&mut tui, WriteNews::Progress(Progress::Waiting { next }));
    assert!(drawn(&tui).contains("write: not seen yet; next look in 5 s"), "{}", drawn(&tui));
    let _ = wake_after(&mut tui, 2_500);
    assert!(drawn(&tui).contains("next look in 3 s"), "{}", drawn(&tui));
    press(&mut tui, "!");
    assert!(window(&tui).is_under_way());
    press(&mut tui, "esc");
    let write = block().write;
    let done = outcome(&write, Verdict::Done, "the payment is blocked");
    news(&mut tui, WriteNews::Ended(Some(Box::new(done))));
    let said = tui.cx.notice.clone().unwrap();
    assert!(said.starts_with("HB100003: ✓ blocked, seen at "), "{said}");
    assert!(said.contains(": the payment is blocked. ! shows it"), "{said}");
}

#[test]
fn what_undoes_a_write_is_planned_by_its_key() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    end(&mut tui, Verdict::Done, Some(204));
    assert!(drawn(&tui).contains("✓ blocked, seen at"), "{}", drawn(&tui));
    let effects = press(&mut tui, "u");
    let [WriteCommand::Prepare(_, undo)] = commands(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(*undo, Write::Unblock { id: "0".to_owned() });
}

#[test]
fn only_the_row_of_the_write_is_loaded_again_and_the_cursor_stays() {
    let mut tui = payments(true);
    let row = |id: u32, status: &str| {
        let json = format!(r#"{{"id":"{id}","sourceRefCode":"HB{id}","status":"{status}"}}"#);
        Record::read(&SPEC, &json)
    };
    tui.cx.list_mut().table.replace([(0..30).map(|id| row(id, "Ready")).collect()]);
    confirmed(&mut tui);
    let done = outcome(&block().write, Verdict::Done, "the payment is blocked");
    let asked = fetches(&news(&mut tui, WriteNews::Ended(Some(Box::new(done)))));
    let [(ticket, _, Request::List(query))] = &asked[..] else { panic!("{asked:?}") };
    assert!(query.spec.is_of_payments() && !query.filters.is_empty(), "{query:?}");
    press(&mut tui, "esc j j");
    let rows = vec![row(0, "InProgress"), row(77, "Ready")];
    let page = Page { rows, total: Some(2), current: 1, last: Some(1), per_page: 100 };
    let now = tui.cx.now;
    let _ = update(&mut tui, now, Msg::Answered(*ticket, Ok(Response::Page(page))));
    let table = &tui.cx.list().table;
    assert_eq!((table.cursor(), table.records().len()), (2, 30));
    assert_eq!(table.records()[0].text("status").unwrap().expose_raw(), "InProgress");
    assert_eq!(drawn(&tui).matches('~').count(), 1, "{}", drawn(&tui));
}

#[test]
fn a_plan_and_its_note_stay_after_a_refusal_that_can_be_mended_and_the_confirmation_does_not() {
    for (verdict, status) in [
        (Verdict::NotSent, None),
        (Verdict::NotLogged, None),
        (Verdict::Refused, Some(401)),
        (Verdict::Refused, Some(422)),
        (Verdict::Refused, Some(429)),
    ] {
        let mut tui = payments(true);
        confirmed(&mut tui);
        let mut refused = outcome(&block().write, verdict, "this is why");
        (refused.status, refused.wait) = (status, (status == Some(429)).then_some(30));
        news(&mut tui, WriteNews::Ended(Some(Box::new(refused))));
        let window = window(&tui);
        assert_eq!(window.note.value(), "ticket 4711", "{verdict:?}");
        assert_eq!(window.typed.value(), "", "{verdict:?}");
        assert!(drawn(&tui).contains("this is why"), "{}", drawn(&tui));
    }
    let mut tui = payments(true);
    confirmed(&mut tui);
    let mut refused = outcome(&block().write, Verdict::Refused, "not carried out");
    refused.status = Some(403);
    news(&mut tui, WriteNews::Ended(Some(Box::new(refused))));
    assert_eq!(tui.scope(), Scope::Written);
}

#[test]
fn an_unknown_outcome_is_in_the_header_and_looked_up_by_reads() {
    let mut tui = payments(true);
    confirmed(&mut tui);
    let mut unknown = outcome(&block().write, Verdict::Unknown, "result unknown: no answer");
    unknown.status = None;
    news(&mut tui, WriteNews::Ended(Some(Box::new(unknown))));
    let shown = drawn(&tui);
    assert!(shown.contains("? 1 write with an unknown outcome"), "{shown}");
    assert!(shown.contains("valora does not send it again"), "{shown}");
    press(&mut tui, "esc");
    let effects = wake_after(&mut tui, 60_000);
    assert_eq!(commands(&effects), [&WriteCommand::FindOut]);
    let found = outcome(&block().write, Verdict::Done, "the payment is blocked");
    let found = vec![("HB100003".to_owned(), found)];
    news(&mut tui, WriteNews::FoundOut(Ok(FoundOut { open: Vec::new(), found })));
    let shown = drawn(&tui);
    assert!(!shown.contains("unknown outcome") && shown.contains("✓ blocked"), "{shown}");
}

#[test]
fn a_late_plan_of_a_closed_window_and_a_closed_lock_send_nothing() {
    let mut tui = payments(true);
    menu(&mut tui, false);
    let effects = press(&mut tui, "enter");
    let [WriteCommand::Prepare(number, _)] = commands(&effects)[..] else { panic!("{effects:?}") };
    let number = *number;
    press(&mut tui, "esc");
    news(&mut tui, WriteNews::Prepared(number, Ok(Box::new(block()))));
    assert!(tui.modal().is_none());
    menu(&mut tui, false);
    show(&mut tui, block());
    type_text(&mut tui, "note");
    press(&mut tui, "enter");
    type_text(&mut tui, "HB100003");
    tui.cx.writes.close();
    assert_eq!(press(&mut tui, "enter"), [], "the lock was closed");
    assert!(drawn(&tui).contains("Unlock writes"), "{}", drawn(&tui));
}

#[test]
fn properties_are_typed_before_the_plan() {
    let mut tui = payments(true);
    let write = Write::Match { account: "a-1".to_owned(), properties: Vec::new() };
    tui.cx.open(Prompt::new(String::new(), PromptAction::Properties(write)));
    tui.carry_on();
    press(&mut tui, "enter");
    assert!(drawn(&tui).contains("no property is named"), "{}", drawn(&tui));
    type_text(&mut tui, "2, 1 1");
    let effects = press(&mut tui, "enter");
    let [WriteCommand::Prepare(_, write)] = commands(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(write.properties(), ["1", "2"]);
    assert!(matches!(window(&tui).stage, Stage::Planning(..)));
    tui.cx.then(Next::Write(write.clone()));
}
