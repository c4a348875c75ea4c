//! Undoing and going back in triage, and clicks in a grouped queue.

use std::collections::HashSet;

use super::*;
use crate::triage::id_of;
use crate::tui::component::table::groups::{QueueLine, visible};

/// Types a line after `:` and runs it; answers its requests.
fn run(model: &mut Tui, line: &str) -> Vec<Effect> {
    press(model, ":");
    for c in line.chars() {
        let now = model.cx.now;
        let _ = update(model, now, Msg::Key(crossterm::event::KeyCode::Char(c).into()));
    }
    let effects = press(model, "enter");
    answer_all(model, &effects, 5);
    effects
}

#[test]
fn u_takes_back_decisions_of_the_queue_and_never_a_filter_however_many_there_were() {
    let mut model = penalties(5);
    run(&mut model, "penalties status=pending");
    press(&mut model, "t u");
    assert_eq!(model.cx.list().filters().len(), 1, "the filter stays");
    assert!(model.cx.notice.as_deref().unwrap().contains("no decision"), "{:?}", model.cx.notice);
    press(&mut model, "esc");
    for amount in 0..55 {
        run(&mut model, &format!("penalties amount={amount}.."));
    }
    press(&mut model, "t d");
    assert_eq!(model.cx.kept.memory.entries.len(), 1);
    run(&mut model, "penalties amount=99..");
    assert_eq!(model.scope(), Scope::Triage);
    press(&mut model, "esc");
    let effects = press(&mut model, "u");
    answer_all(&mut model, &effects, 5);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Keep(_))), "{effects:?}");
    assert_eq!(model.cx.kept.memory.entries.len(), 1, "on the list, u takes back the filter");
    press(&mut model, "t u");
    assert!(model.cx.kept.memory.entries.is_empty(), "in the queue, the decision");
}

#[test]
fn each_key_that_goes_back_goes_one_level() {
    for back in ["q", "esc"] {
        let mut model = triage(5);
        press(&mut model, "t");
        assert_eq!(model.scope(), Scope::Overview);
        press(&mut model, back);
        assert_eq!(model.scope(), Scope::Triage, "{back}");
        pass_a_second(&mut model);
        press(&mut model, back);
        assert_eq!(model.scope(), Scope::List, "{back}");
    }
}

#[test]
fn a_click_in_a_grouped_queue_selects_the_row_that_is_drawn_there() {
    use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
    let mut model = triage(5);
    press(&mut model, "s");
    let _ = receive(&mut model, Msg::Resized(140, 40));
    model.cx.looks.has_mouse = true;
    let click = |model: &mut Tui, line: u16| {
        let row = model.cx.layout.table.y + 1 + line;
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column: 5, row, modifiers: KeyModifiers::NONE };
        let _ = receive(model, Msg::Mouse(event));
        model.table().unwrap().cursor()
    };
    // Each of these penalties has its own booking: first a line for its group, then its own line.
    assert_eq!(click(&mut model, 3), 1);
    assert_eq!(click(&mut model, 7), 3);
    assert_eq!(click(&mut model, 4), 3, "the line of a group is no row");
}

#[test]
fn a_collision_that_is_told_late_leaves_the_list_that_is_shown_alone() {
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    let mut model = triage(9);
    let decided = press(&mut model, "d");
    let effects = press(&mut model, "1");
    answer_all(&mut model, &effects, 9);
    receive(&mut model, collision(&decided, &theirs, false));
    assert!(model.table().unwrap().options.queue.is_none());
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.contains("u restores theirs"), "{notice}");
    press(&mut model, "4");
    assert!(model.table().unwrap().options.queue.is_some(), "the queue is arranged again");
}

#[test]
fn filters_that_are_carried_to_the_penalties_arrive_in_their_queue() {
    let mut model = triage(9);
    let effects = press(&mut model, "3");
    answer_all(&mut model, &effects, 9);
    run(&mut model, "invoices booking_id=BK7");
    let effects = press(&mut model, "&");
    assert_eq!((model.cx.tab, crate::tui::tests::fetches(&effects).len()), (3, 1));
    assert_eq!(model.scope(), Scope::Triage);
}

#[test]
fn paging_through_a_grouped_queue_shows_every_row() {
    let mut model = triage(60);
    press(&mut model, "s");
    let seen = |model: &Tui| -> Vec<usize> {
        let (table, height) = (&model.cx.list().table, model.cx.layout.rows());
        let lines = visible(table, model.triage().unwrap().grouping, height);
        let row = |line| if let QueueLine::Row(row) = line { Some(row) } else { None };
        lines.into_iter().filter_map(row).collect()
    };
    assert!(seen(&model).len() < model.cx.layout.rows(), "each row has a heading");
    for key in ["pgdn", "pgup"] {
        let mut all = HashSet::new();
        for _ in 0..60 {
            all.extend(seen(&model));
            press(&mut model, key);
        }
        assert_eq!(all.len(), 60, "{key}");
    }
}

#[test]
fn a_note_or_a_snooze_is_for_the_penalties_that_it_was_asked_for() {
    for (open, answer) in [("i", "x enter"), ("w", "enter")] {
        let mut model = triage(5);
        let asked = press(&mut model, "j r");
        press(&mut model, open);
        let gone = id_of(model.table().unwrap().selected().unwrap()).unwrap().to_owned();
        answer_all(&mut model, &asked, 1);
        press(&mut model, answer);
        assert!(model.cx.kept.memory.entries.is_empty(), "{open}: {gone} is not in the list");
        let is_open = open == "i";
        assert_eq!(model.modal().is_some(), is_open, "what was typed stays");
        let mut model = triage(5);
        let asked = press(&mut model, "j r");
        press(&mut model, open);
        answer_all(&mut model, &asked, 5);
        press(&mut model, answer);
        let decided: Vec<&String> = model.cx.kept.memory.entries.keys().collect();
        assert_eq!(decided, [&gone]);
    }
}

#[test]
fn evidence_stays_while_no_new_rows_come() {
    let mut model = triage(5);
    let asked = update(&mut model, at(150), Msg::Woken);
    answer_all(&mut model, &asked, 5);
    let (ticket, ..) = fetches(&press(&mut model, "r"))[0];
    let _ = update(&mut model, at(2_000), Msg::Answered(ticket, Err(failure(Kind::Passing))));
    assert_eq!(model.triage().unwrap().evidence.known.len(), 1);
}

#[test]
fn with_new_rows_the_evidence_is_new_too() {
    for refresh in ["R", ": a u t o space 6 0 enter"] {
        let mut model = triage(5);
        let asked = update(&mut model, at(150), Msg::Woken);
        answer_all(&mut model, &asked, 5);
        assert_eq!(model.triage().unwrap().evidence.known.len(), 1);
        model.cx.now = at(1_000);
        let mut asked = press(&mut model, refresh);
        asked.extend(update(&mut model, at(61_000), Msg::Woken));
        answer_all(&mut model, &asked, 5);
        let asked = update(&mut model, at(62_000), Msg::Woken);
        let asked = fetches(&asked).into_iter().map(|(_, _, request)| request);
        let bookings = asked.filter(|request| matches!(request, Request::Booking(_))).count();
        assert_eq!(bookings, 1, "{refresh}");
    }
}
