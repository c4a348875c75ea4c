//! Key scripts on the queue: deciding, saving, undoing, requests, and what no key may do.

use crate::domain::customer::CustomerKey;
use crate::domain::failure::Kind;
use crate::export::Format;
use crate::net::request::Request;
use crate::state::persisted::Change;
use crate::triage::Decision;
use crate::triage::memory::{Collision, Entry, Memory, MemoryChange};
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::keymap::{BINDINGS, Scope};
use crate::tui::modal::command::CommandLine;
use crate::tui::modal::prompt::Prompt;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, pass_a_second, press};
use crate::tui::update::{update, wake_at};

mod going_back;
mod worklist;

const KEYS: [&str; 8] = ["d", "D", "W", "M", "w", "i", "*", "X"];

/// A session in the list of penalties that saves decisions.
fn penalties(total: u32) -> Tui {
    let mut model = loaded(total);
    model.cx.kept.remembers = true;
    let effects = press(&mut model, "4");
    answer_all(&mut model, effects, total);
    model
}

fn triage(total: u32) -> Tui {
    let mut model = penalties(total);
    press(&mut model, "t");
    assert_eq!(model.scope(), Scope::Triage);
    model
}

/// The content of the file after these effects.
fn keep(memory: &mut Memory, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Keep(Change::Remember(_, what)) = effect
            && matches!(**what, MemoryChange::Decisions(_))
        {
            assert_eq!(memory.apply(what, chrono::NaiveDate::default()), []);
        }
    }
}

/// Handles a message of the state writer.
fn receive(model: &mut Tui, msg: Msg) -> Vec<Effect> {
    let now = model.cx.now;
    update(model, now, msg)
}

/// The decision of another session about a penalty that these effects decide.
fn collision(effects: &[Effect], theirs: &Entry, is_left: bool) -> Msg {
    let decided = effects.iter().find_map(|effect| match effect {
        Effect::Keep(Change::Remember(_, what)) => match &**what {
            MemoryChange::Decisions(decided) => Some(decided),
            MemoryChange::Seen(..) => None,
        },
        _ => None,
    });
    let (id, own) = decided.unwrap().entries.first_key_value().unwrap();
    let (id, own, theirs) = (id.clone(), own.clone(), Some(theirs.clone()));
    Msg::Collided(CustomerKey::demo(), vec![Collision { id, theirs, at: None, own, is_left }])
}

#[test]
fn undo_restores_what_another_session_had_decided_however_late_that_is_known() {
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    for is_undone_before in [false, true] {
        let mut model = triage(5);
        let decided = press(&mut model, "d");
        if is_undone_before {
            press(&mut model, "u");
        }
        let restored = receive(&mut model, collision(&decided, &theirs, false));
        let notice = model.cx.notice.clone().unwrap();
        assert!(notice.contains("dispute") && notice.contains("done"), "{notice}");
        let effects = if is_undone_before { restored } else { press(&mut model, "u") };
        let mut file = Memory::default();
        keep(&mut file, &decided);
        keep(&mut file, &effects);
        for entries in [&file.entries, &model.cx.kept.memory.entries] {
            assert!(entries.values().all(|entry| *entry == theirs), "{entries:?}");
            assert_eq!(entries.len(), 1);
        }
    }
}

#[test]
fn what_another_session_has_changed_is_not_undone() {
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    let mut model = triage(5);
    press(&mut model, "d");
    let undone = press(&mut model, "u");
    assert_eq!(receive(&mut model, collision(&undone, &theirs, true)), []);
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.starts_with("Not undone: another session"), "{notice}");
    assert!(model.cx.kept.memory.entries.values().all(|entry| *entry == theirs));
    assert_eq!(model.cx.kept.memory.entries.len(), 1);
}

#[test]
fn the_keys_of_verdicts_do_nothing_outside_of_triage() {
    for before in ["1", "2", "3", "4", "5", "4 t t", "4 ?", "4 /", "4 :", "4 t ? ", "4 t enter"] {
        for key in KEYS {
            let mut model = penalties(5);
            let effects = press(&mut model, before.trim());
            answer_all(&mut model, effects, 5);
            let effects = press(&mut model, key);
            let is_kept = effects.iter().any(|effect| matches!(effect, Effect::Keep(_)));
            assert!(!is_kept && model.cx.kept.memory.entries.is_empty(), "{before} {key}");
            assert!(model.modal_of::<Prompt>().is_none(), "{before} {key}");
        }
    }
    for binding in BINDINGS.iter().filter(|binding| binding.group == "Decisions") {
        assert_eq!(binding.scopes, [Scope::Triage, Scope::Queue], "{}", binding.id);
        let is_digit = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
        assert!(!binding.keys.iter().any(|key| is_digit(key)), "{}", binding.id);
    }
}

#[test]
fn the_prompt_its_refusal_the_completion_and_the_manual_name_the_same_forms_of_a_worklist() {
    let mut model = triage(5);
    press(&mut model, "e x enter");
    let refused = model.modal_of::<Prompt>().unwrap().problem.clone().unwrap();
    let endings = Format::endings(Format::WORKLIST);
    assert_eq!(refused, format!("The file name must end in {endings}."));
    press(&mut model, "esc : w o r k l i s t space");
    let offers = &model.modal_of::<CommandLine>().unwrap().offers;
    let offered: Vec<&str> = offers.iter().map(|offer| offer.text.as_str()).collect();
    assert_eq!(offered, Format::WORKLIST.iter().map(|it| it.ending()).collect::<Vec<_>>());
    let manual = include_str!("../../../../assets/manual/triage.md");
    assert!(manual.contains(&format!("`:worklist {}`", offered.join("`, `"))));
}

#[test]
fn a_digit_never_sets_a_verdict_not_even_where_a_snooze_is_picked() {
    for digit in 0..10 {
        let mut model = triage(5);
        press(&mut model, "w");
        press(&mut model, &digit.to_string());
        assert!(model.cx.kept.memory.entries.is_empty(), "{digit}");
        press(&mut model, "esc");
        press(&mut model, &digit.to_string());
        assert!(model.cx.kept.memory.entries.is_empty(), "{digit}");
    }
}

#[test]
fn every_decision_can_be_undone_step_by_step_here_and_in_the_file() {
    let mut model = triage(12);
    let mut file = Memory::default();
    let scripts = [
        "d",
        "D",
        "W",
        "M",
        "w enter",
        "w j enter",
        "i a enter",
        "*",
        "space space space D",
        "g * ",
        "X",
        "i b enter",
        "a d",
        "g d",
        "X",
        "H",
        "g D",
        "g X",
    ];
    let mut states = vec![model.cx.kept.memory.entries.clone()];
    for script in scripts {
        let steps = model.triage().unwrap().decisions.len();
        let effects = press(&mut model, script.trim());
        keep(&mut file, &effects);
        assert_eq!(file.entries, model.cx.kept.memory.entries, "{script}");
        if model.triage().unwrap().decisions.len() > steps {
            states.push(model.cx.kept.memory.entries.clone());
        }
    }
    assert!(states.len() > 12, "{}", states.len());
    while let Some(state) = states.pop() {
        assert_eq!(model.cx.kept.memory.entries, state);
        assert_eq!(file.entries, state, "what is undone here is undone in the file");
        let effects = press(&mut model, "u");
        keep(&mut file, &effects);
    }
    assert!(model.cx.notice.as_deref().unwrap().contains("no decision"));
    assert!(model.cx.kept.memory.entries.is_empty() && file.entries.is_empty());
}

#[test]
fn the_cursor_goes_on_to_the_next_undecided_one_and_the_end_is_told() {
    let mut model = triage(4);
    let id = |model: &Tui| {
        let record = model.table().unwrap().selected()?;
        record.text("id").map(|id| id.shown().into_owned())
    };
    let mut seen = id(&model).unwrap();
    // One is skipped; if nothing undecided is below, the search continues from the top.
    for keys in ["D", "j", "D", "D"] {
        press(&mut model, keys);
        seen.push_str(&id(&model).unwrap());
    }
    assert_eq!(seen, "32102");
    press(&mut model, "d");
    assert!(
        model.cx.notice.as_deref().unwrap().contains("Nothing is left"),
        "{:?}",
        model.cx.notice
    );
    press(&mut model, "}");
    assert!(model.cx.notice.as_deref().unwrap().contains("below"));
    assert_eq!(model.triage().unwrap().queue.progress.decided, 4);
}

#[test]
fn a_verdict_on_marked_rows_is_one_step_and_a_note_keeps_the_marks() {
    let mut model = triage(6);
    press(&mut model, "space space space i x enter");
    assert_eq!(model.table().unwrap().marks.len(), 3);
    press(&mut model, "M");
    assert_eq!((model.cx.kept.memory.entries.len(), model.table().unwrap().marks.len()), (3, 0));
    assert!(model.cx.kept.memory.entries.values().all(|entry| entry.note == "x"));
    press(&mut model, "u");
    assert!(model.cx.kept.memory.entries.values().all(|entry| entry.decision.is_none()));
    press(&mut model, "u");
    assert!(model.cx.kept.memory.entries.is_empty());
}

#[test]
fn the_booking_is_asked_for_after_a_rest_at_the_lowest_priority_and_once() {
    let mut model = triage(5);
    assert_eq!(wake_at(&model), Some(150), "when the cursor has rested");
    let asked = press(&mut model, "j j k");
    assert!(fetches(&asked).is_empty());
    let asked = fetches(&update(&mut model, at(149), Msg::Woken));
    assert!(asked.is_empty());
    let asked = fetches(&update(&mut model, at(150), Msg::Woken));
    let [(ticket, crate::tui::effect::Priority::Background, Request::Booking(_))] = asked[..]
    else {
        panic!("{asked:?}")
    };
    // After moving on, it is no longer waited for.
    let effects =
        update(&mut model, at(160), Msg::Key(crossterm::event::KeyCode::Char('j').into()));
    assert!(effects.contains(&Effect::Network(NetCommand::Cancel(ticket))), "{effects:?}");
    let asked = update(&mut model, at(620), Msg::Woken);
    answer_all(&mut model, &asked, 5);
    assert_eq!(model.triage().unwrap().evidence.known.len(), 1);
    let now = model.cx.now;
    for (after, key) in [(100, 'k'), (200, 'j'), (900, 'p'), (1_800, 'p')] {
        let later = crate::tui::msg::Now { elapsed: now.elapsed + after, ..now };
        let key = crossterm::event::KeyCode::Char(key).into();
        assert!(fetches(&update(&mut model, later, Msg::Key(key))).is_empty());
    }
}

#[test]
fn a_booking_that_did_not_come_is_told_and_asked_for_again_by_r() {
    let mut model = triage(5);
    let (ticket, ..) = fetches(&update(&mut model, at(150), Msg::Woken)).remove(0);
    let _ = update(&mut model, at(160), Msg::Answered(ticket, Err(failure(Kind::Passing))));
    let text: Vec<String> =
        model.top().detail_lines(&model.cx, 60).into_iter().map(|line| line.text).collect();
    assert!(text.join(" ").contains("the server answered 503"), "{text:?}");
    assert!(fetches(&update(&mut model, at(5_000), Msg::Woken)).is_empty(), "not by itself");
    let effects = press(&mut model, "r");
    answer_all(&mut model, &effects, 5);
    let asked = fetches(&update(&mut model, at(9_000), Msg::Woken));
    let again = Request::Booking("BK4".to_owned());
    assert_eq!(asked.iter().filter(|(_, _, it)| *it == again).count(), 1, "{asked:?}");
}

#[test]
fn a_cell_of_the_matrix_narrows_the_queue_and_esc_goes_back_step_by_step() {
    let mut model = triage(5);
    press(&mut model, "t");
    assert_eq!(model.scope(), Scope::Overview);
    press(&mut model, "enter");
    // The rows of this test have neither date nor status: none is "not due".
    assert_eq!((model.table().unwrap().len(), model.scope()), (0, Scope::Triage));
    press(&mut model, "t l l l l l enter");
    assert_eq!(model.table().unwrap().len(), 5, "without a date");
    press(&mut model, "a esc");
    assert!(model.triage().unwrap().cell.is_some(), "first the marks go");
    press(&mut model, "esc");
    assert!(model.triage().unwrap().cell.is_none() && model.scope() == Scope::Triage);
    press(&mut model, "esc");
    assert!(model.scope() != Scope::Triage);
    assert_eq!(model.table().unwrap().len(), 5);
    assert!(model.table().unwrap().options.queue.is_none() && !model.top().detail().is_open);
}

#[test]
fn triage_stays_with_its_tab_and_says_where_it_belongs() {
    let mut model = penalties(5);
    press(&mut model, "1 t");
    assert!(model.cx.notice.as_deref().unwrap().contains("press 4"), "{:?}", model.cx.notice);
    press(&mut model, "4 t 1");
    assert_eq!(model.scope(), Scope::List);
    press(&mut model, "4");
    assert_eq!(model.scope(), Scope::Triage);
    press(&mut model, "q");
    assert_eq!(model.scope(), Scope::List, "q closes the queue and not the program");
    for c in "1:asof -30d".chars() {
        let key = crossterm::event::KeyCode::Char(c).into();
        let now = model.cx.now;
        let _ = update(&mut model, now, Msg::Key(key));
    }
    press(&mut model, "enter");
    assert!(model.scope() == Scope::Triage && model.triage().unwrap().as_of.is_some());
}

#[test]
fn without_a_place_to_keep_them_verdicts_live_as_long_as_the_session() {
    let mut model = triage(5);
    model.cx.kept.remembers = false;
    assert!(press(&mut model, "d").is_empty());
    assert_eq!(model.cx.kept.memory.entries.len(), 1);
}

#[test]
fn what_another_session_has_decided_since_is_not_undone_however_it_came_here() {
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    for is_cleared in [false, true] {
        let mut model = triage(5);
        press(&mut model, "i x enter D");
        let mut file = model.cx.kept.memory.clone();
        let id = file.entries.keys().next().unwrap().clone();
        if is_cleared {
            file.entries.clear();
        } else {
            file.entries.insert(id.clone(), theirs.clone());
        }
        let version = model.cx.decisions_version;
        let _ = receive(
            &mut model,
            Msg::DecisionsReloaded(CustomerKey::demo(), version, Box::new(file.clone())),
        );
        for _ in 0..2 {
            press(&mut model, "u");
            let notice = model.cx.notice.clone().unwrap();
            assert!(notice.starts_with("Not undone: another session"), "{notice}");
            assert_eq!(model.cx.kept.memory.entries, file.entries);
        }
    }
}

#[test]
fn a_refresh_brings_what_another_session_has_decided_and_loses_nothing_of_this_one() {
    let mut model = triage(5);
    press(&mut model, "d");
    let asked = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Keep(Change::Reload(_, number)) => Some(*number),
            _ => None,
        })
    };
    let number = asked(&press(&mut model, "r")).unwrap();
    let mut file = model.cx.kept.memory.clone();
    let theirs = Entry { session: 7, decision: Some(Decision::Dispute), ..Entry::default() };
    file.entries.insert("2".to_owned(), theirs);
    press(&mut model, "D");
    let _ = receive(
        &mut model,
        Msg::DecisionsReloaded(CustomerKey::demo(), number, Box::new(file.clone())),
    );
    assert!(!model.cx.kept.memory.entries.contains_key("2"), "an older answer changes nothing");
    pass_a_second(&mut model);
    let number = asked(&press(&mut model, "r")).unwrap();
    file.entries.extend(model.cx.kept.memory.entries.clone());
    let _ = receive(
        &mut model,
        Msg::DecisionsReloaded(CustomerKey::demo(), number, Box::new(file.clone())),
    );
    assert!(model.cx.notice.take().unwrap().contains("Another session"));
    assert_eq!(model.cx.kept.memory.entries, file.entries);
    let revision = model.cx.decisions_version;
    let _ =
        receive(&mut model, Msg::DecisionsReloaded(CustomerKey::demo(), revision, Box::new(file)));
    assert_eq!(model.cx.notice, None, "nothing is new");
}
