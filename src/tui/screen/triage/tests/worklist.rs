//! The worklist as a file: its proposed name, and the notice about it.

use super::*;
use crate::list::penalties::SPEC;
use crate::list::record::Record;
use crate::tui::msg::Written;
use crate::tui::tests::sentences::drawn;
use crate::tui::theme::Clipboard;

#[test]
fn the_name_and_the_message_of_a_worklist_say_that_it_is_a_part() {
    let name = |model: &mut Tui| {
        press(model, "e");
        let name = model.modal_of::<Prompt>().unwrap().input.value().to_owned();
        model.modals.clear();
        name
    };
    let saved = |model: &mut Tui| {
        let effects = press(model, "e ctrl-u x . c s v enter");
        let Some(Effect::Save(_, _, what)) = effects.first() else { panic!("{effects:?}") };
        (what.rows.clone(), what.missing.clone())
    };
    let mut model = triage(5);
    assert_eq!(name(&mut model), "worklist-1970-01-01.csv");
    assert_eq!(saved(&mut model), ("5 rows".to_owned(), String::new()));
    press(&mut model, "space");
    assert_eq!(name(&mut model), "worklist-1970-01-01-1-of-5.csv");
    assert_eq!(saved(&mut model), ("1 of 5 rows".to_owned(), String::new()));
    // Filtered by a cell of the matrix.
    let mut model = triage(5);
    model.cx.list_mut().table.narrow("BK3");
    assert_eq!(name(&mut model), "worklist-1970-01-01-1-of-5.csv");
    let mut model = triage(1_200);
    assert_eq!(name(&mut model), "worklist-1970-01-01-incomplete.csv");
    let expected = ("100 rows".to_owned(), "only 100 of 1,200 penalties are loaded".to_owned());
    assert_eq!(saved(&mut model), expected);
}

#[test]
fn a_decision_says_what_happened_and_an_export_says_which_rows_it_leaves_out() {
    let mut model = triage(9);
    for (keys, said) in [
        ("d", "Marked as done; u undoes it."),
        ("M", "Decided: needs notifying; u undoes it."),
        ("w enter", "Snoozed until 1970-01-02; u undoes it."),
        ("g X", "Cleared; u undoes it."),
        ("space space D", "2 penalties decided: dispute; u undoes it."),
    ] {
        press(&mut model, keys);
        assert_eq!(model.cx.notice.as_deref(), Some(said), "{keys}");
    }
    let left_out = "Not included: 1 snoozed, 1 done.";
    let effects = press(&mut model, "e");
    assert_eq!(effects, []);
    let words = drawn(&model).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(left_out), "{words}");
    let effects = press(&mut model, "ctrl-u x . c s v enter");
    let [Effect::Save(_, text, what)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), 1 + model.table().unwrap().len(), "what the screen shows");
    let what = what.clone();
    let _ = receive(&mut model, Msg::Saved("/x.csv".into(), Ok(what)));
    assert!(model.cx.notice.as_deref().unwrap().ends_with(left_out), "{:?}", model.cx.notice);
    model.cx.looks.clipboard = Clipboard::Missing;
    let effects = receive(&mut model, Msg::Saved("/x.csv".into(), Ok(Written::default())));
    assert_eq!((effects.len(), model.cx.notice.as_deref()), (0, Some("Exported to /x.csv.")));
    // With the hidden ones on the screen, they are in the file.
    let effects = press(&mut model, "H e ctrl-u x . c s v enter");
    let [Effect::Save(_, text, what)] = &effects[..] else { panic!("{effects:?}") };
    let text = std::str::from_utf8(text).unwrap();
    assert_eq!((text.lines().count(), what.left_out.as_str()), (10, ""));
}

#[test]
fn the_headings_of_groups_follow_what_is_shown() {
    let mut model = triage(5);
    let headings = |model: &Tui| -> Vec<String> {
        let screen = drawn(model);
        let lines = screen.lines().filter_map(|line| line.split_once("── "));
        lines.map(|(_, text)| text.split("  ").next().unwrap().to_owned()).collect()
    };
    assert!(headings(&model).is_empty());
    press(&mut model, "s s");
    let all = headings(&model);
    assert!(all[0].starts_with("no status · 5 open"), "{all:?}");
    press(&mut model, "d");
    let hidden = headings(&model);
    assert!(hidden[0].starts_with("no status · 4 open"), "{hidden:?}");
    assert!(hidden[0].ends_with("1 hidden"), "{hidden:?}");
    press(&mut model, "/ B K 3 enter");
    let found = headings(&model);
    assert!(found[0].starts_with("no status · 1 open"), "{found:?}");
}

#[test]
fn penalties_without_an_id_are_counted_in_a_sentence_that_agrees() {
    for (count, said) in [
        (1, "1 penalty has no id, so no decision was saved for it."),
        (2, "2 penalties have no id, so no decision was saved for them."),
    ] {
        let mut model = triage(5);
        let spec = model.cx.list().spec();
        let row = r#"{"booking_id":"BK7","status":"notify","amount":1,"currency":"EUR"}"#;
        let mut rows = model.cx.list().table.records().to_vec();
        rows.extend(vec![Record::read(spec, row); count]);
        model.cx.list_mut().table.replace([rows]);
        let now = model.cx.now;
        let _ = update(&mut model, now, Msg::Woken);
        press(&mut model, "a d");
        let said = format!("{said} 5 penalties marked as done; u undoes it.");
        assert_eq!(model.cx.notice, Some(said));
    }
}

#[test]
fn two_rows_with_one_id_are_one_penalty_with_an_id() {
    let mut model = triage(1);
    let row = |booking: &str| {
        let json = format!(
            r#"{{"id":"x","booking_id":"{booking}","status":"pending","amount":1,
                "currency":"EUR","due_date":"1969-01-01"}}"#
        );
        Record::read(&SPEC, &json)
    };
    model.cx.list_mut().table.replace([vec![row("BK1"), row("BK2")]]);
    press(&mut model, "j a d");
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.starts_with("Marked as done") && !notice.contains("no id"), "{notice}");
}
