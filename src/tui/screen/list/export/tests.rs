//! The export of a list by keys: what is chosen, what is fetched first, what is never written.

use crate::domain::failure::Kind;
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, press};
use crate::tui::update::update;

fn prompt(model: &Tui) -> (String, String) {
    let Some(prompt) = model.modal_of::<Prompt>() else { panic!("no prompt") };
    let PromptAction::ExportRows(rows) = &prompt.then else { panic!("{prompt:?}") };
    (prompt.input.value().to_owned(), rows.words().to_owned())
}

fn written(effects: &[Effect]) -> Option<(String, usize)> {
    effects.iter().find_map(|effect| match effect {
        Effect::SaveRows(path, rows) => Some((path.display().to_string(), rows.rows())),
        _ => None,
    })
}

#[test]
fn rows_and_form_are_chosen_and_the_name_owes_nothing_to_the_api() {
    let mut model = loaded(9);
    press(&mut model, "space space e");
    let (name, words) = prompt(&model);
    assert_eq!(name, "transactions-1970-01-01-000000.csv");
    assert_eq!(words, "the 2 rows that are marked");
    press(&mut model, "tab");
    assert_eq!(prompt(&model).1, "the 9 rows");
    press(&mut model, "down down");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.json");
    press(&mut model, "up");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.tsv");
    let effects = press(&mut model, "enter");
    assert_eq!(written(&effects), Some(("transactions-1970-01-01-000000.tsv".to_owned(), 9)));
    press(&mut model, "e x enter");
    let Some(save) = model.modal_of::<Prompt>() else { panic!("no prompt") };
    assert!(save.problem.as_deref().unwrap().contains(".jsonl"), "{:?}", save.problem);
    press(&mut model, "down");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.csvx.csv");
}

#[test]
fn all_rows_cost_is_said_they_are_fetched_and_then_written() {
    let mut model = loaded(1_200);
    press(&mut model, "e tab");
    assert!(
        prompt(&model).1.starts_with("all 1,200 rows: 3 more requests"),
        "{:?}",
        prompt(&model)
    );
    let effects = press(&mut model, "enter");
    assert_eq!(written(&effects), None);
    assert!(!fetches(&effects).is_empty());
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects).map(|(_, rows)| rows), Some(1_200));
}

#[test]
fn esc_while_rows_are_fetched_writes_nothing() {
    let mut model = loaded(1_200);
    let effects = press(&mut model, "e tab enter");
    let canceled = press(&mut model, "esc");
    assert!(canceled.iter().any(|effect| matches!(effect, Effect::Network(NetCommand::Cancel(_)))));
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects), None);
    let told = |model: &Tui| model.cx.notice.clone().unwrap();
    assert!(told(&model).contains("Nothing was written"), "{}", told(&model));
    let effects = press(&mut model, "L enter");
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects), None, "an export that was given up stays so");
    assert!(told(&model).starts_with("All 1,200"), "{}", told(&model));
}

#[test]
fn an_export_that_is_given_up_in_any_other_way_says_so() {
    for ends in ["r", "F", "u"] {
        let mut model = loaded(1_200);
        for filter in ["transactions amount=1..", "transactions amount=2.."] {
            press(&mut model, ":");
            let typed = update(&mut model, at(0), Msg::Paste(filter.to_owned()));
            assert!(typed.is_empty());
            let effects = press(&mut model, "enter");
            answer_all(&mut model, effects, 1_200);
        }
        press(&mut model, "e tab enter");
        press(&mut model, ends);
        let told = model.cx.notice.clone().unwrap_or_default();
        assert!(told.contains("Nothing was written"), "{ends}: {told}");
    }
    let mut model = loaded(1_200);
    let effects = press(&mut model, "e tab enter");
    let (ticket, ..) = fetches(&effects)[0];
    let _ = update(&mut model, at(9), Msg::Answered(ticket, Err(failure(Kind::Passing))));
    let told = model.message().unwrap();
    assert!(told.contains("Nothing was written"), "{told}");
}

#[test]
fn rows_that_no_page_brings_are_not_called_here() {
    let mut model = loaded(1_200);
    let effects = press(&mut model, "L enter");
    answer_all(&mut model, effects, 700);
    model.cx.lists[0].total = Some(1_200);
    press(&mut model, "L");
    let told = model.cx.notice.clone().unwrap();
    assert!(told.contains("end early") && told.contains("r reloads"), "{told}");
}
