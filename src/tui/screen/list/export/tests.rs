//! The export of a list by keys: what is chosen, what is loaded first, what is never written.

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
        Effect::SaveRows(path, extract, _) => Some((path.display().to_string(), extract.rows())),
        _ => None,
    })
}

/// The notice after the file is written.
fn notice_when_written(model: &mut Tui, effects: &[Effect]) -> String {
    let saved = effects.iter().find_map(|effect| match effect {
        Effect::SaveRows(path, _, what) => Some((path.clone(), what.clone())),
        _ => None,
    });
    let (path, what) = saved.unwrap();
    let _ = update(model, at(9), Msg::Saved(path, Ok(what)));
    model.cx.notice.clone().unwrap()
}

#[test]
fn rows_and_form_are_chosen_and_the_name_owes_nothing_to_the_api() {
    let mut model = loaded(9);
    press(&mut model, "space space e");
    let (name, words) = prompt(&model);
    assert_eq!(name, "transactions-1970-01-01-000000-2-of-9.csv");
    assert_eq!(words, "2 of 9 rows: the marked ones.");
    press(&mut model, "tab");
    assert_eq!(prompt(&model).1, "All 9 rows.");
    press(&mut model, "down down down");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.json");
    press(&mut model, "up");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.tsv");
    let effects = press(&mut model, "enter");
    assert_eq!(written(&effects), Some(("transactions-1970-01-01-000000.tsv".to_owned(), 9)));
    let notice = notice_when_written(&mut model, &effects);
    assert!(notice.starts_with("Exported 9 rows to transactions-1970"), "{notice}");
    assert!(notice.ends_with(" (path copied). 0.36."), "{notice}");
    press(&mut model, "e x enter");
    let Some(save) = model.modal_of::<Prompt>() else { panic!("no prompt") };
    assert!(save.problem.as_deref().unwrap().contains(".jsonl"), "{:?}", save.problem);
    press(&mut model, "down");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000-2-of-9.csvx.csv");
}

#[test]
fn all_rows_are_the_default_their_cost_is_first_and_they_are_loaded_and_then_written() {
    let mut model = loaded(1_200);
    press(&mut model, "e");
    let (name, words) = prompt(&model);
    assert_eq!(name, "transactions-1970-01-01-000000.csv");
    assert!(words.starts_with("All 1,200 rows, after 3 more requests (about "), "{words}");
    assert!(words.ends_with(" seconds)."), "{words}");
    let effects = press(&mut model, "enter");
    assert_eq!(written(&effects), None);
    assert!(!fetches(&effects).is_empty());
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects).map(|(_, rows)| rows), Some(1_200));
    let notice = notice_when_written(&mut model, &effects);
    assert!(notice.starts_with("Exported 1,200 rows to transactions-"), "{notice}");
}

#[test]
fn a_part_is_one_tab_away_and_says_so_in_the_name_and_in_the_message() {
    let mut model = loaded(1_200);
    press(&mut model, "e tab");
    let (name, words) = prompt(&model);
    assert_eq!(name, "transactions-1970-01-01-000000-100-of-1200.csv");
    assert_eq!(words, "100 of 1,200 rows: those loaded.");
    press(&mut model, "tab");
    assert_eq!(prompt(&model).0, "transactions-1970-01-01-000000.csv");
    press(&mut model, "tab");
    let effects = press(&mut model, "enter");
    let name = "transactions-1970-01-01-000000-100-of-1200.csv";
    assert_eq!(written(&effects), Some((name.to_owned(), 100)));
    let notice = notice_when_written(&mut model, &effects);
    assert!(notice.starts_with("Exported 100 of 1,200 rows to transactions-"), "{notice}");
    assert!(notice.ends_with(" (path copied). 49.50."), "{notice}");
}

#[test]
fn a_name_of_the_users_own_stays_and_their_home_folder_is_expanded() {
    let typed = |text: &str| {
        let mut model = loaded(1_200);
        model.cx.home = Some("/home/me".to_owned());
        press(&mut model, "e ctrl-u");
        let _ = update(&mut model, at(0), Msg::Paste(text.to_owned()));
        press(&mut model, "tab");
        let shown = prompt(&model).0;
        let effects = press(&mut model, "enter");
        (shown, written(&effects).map(|(path, _)| path))
    };
    let path = |path: &str| Some(path.to_owned());
    assert_eq!(typed("~/mine.csv"), ("~/mine.csv".to_owned(), path("/home/me/mine.csv")));
    let proposed = "transactions-1970-01-01-000000-100-of-1200.csv";
    for folder in ["~", "~/"] {
        assert_eq!(typed(folder), (folder.to_owned(), Some(format!("/home/me/{proposed}"))));
    }
    let kept = typed("~/transactions-1970-01-01-000000.tsv");
    assert_eq!(kept.0, "~/transactions-1970-01-01-000000-100-of-1200.tsv");
    assert_eq!(typed("~other/a.csv"), ("~other/a.csv".to_owned(), None));
}

#[test]
fn all_rows_are_written_in_the_order_of_the_screen() {
    let mut model = loaded(1_200);
    press(&mut model, ":");
    let _ = update(&mut model, at(0), Msg::Paste("sort -booking_id".to_owned()));
    press(&mut model, "enter e");
    let effects = press(&mut model, "enter");
    let effects = answer_all(&mut model, effects, 1_200);
    let extract = effects.iter().find_map(|effect| match effect {
        Effect::SaveRows(_, extract, _) => Some(extract.clone()),
        _ => None,
    });
    let mut out = Vec::new();
    extract.unwrap().write(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let places: Vec<Option<usize>> =
        (0..1_200).map(|row| text.find(&format!("BK{row},"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted_by(|one, other| one > other));
}

#[test]
fn esc_while_rows_are_fetched_writes_nothing() {
    let mut model = loaded(1_200);
    let effects = press(&mut model, "e enter");
    let cancelled = press(&mut model, "esc");
    assert!(
        cancelled.iter().any(|effect| matches!(effect, Effect::Network(NetCommand::Cancel(_))))
    );
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects), None);
    let notice = |model: &Tui| model.cx.notice.clone().unwrap();
    let ended = "The export was cancelled after 100 of 1,200 rows. No file was written.";
    assert!(notice(&model).contains(ended), "{}", notice(&model));
    let effects = press(&mut model, "L enter");
    let effects = answer_all(&mut model, effects, 1_200);
    assert_eq!(written(&effects), None, "an export that was given up stays so");
    assert!(notice(&model).starts_with("All 1,200"), "{}", notice(&model));
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
        press(&mut model, "e enter");
        press(&mut model, ends);
        let notice = model.cx.notice.clone().unwrap_or_default();
        assert!(notice.contains("No file was written"), "{ends}: {notice}");
    }
    let mut model = loaded(1_200);
    let effects = press(&mut model, "e enter");
    let (ticket, ..) = fetches(&effects)[0];
    let _ = update(&mut model, at(9), Msg::Answered(ticket, Err(failure(Kind::Passing))));
    let notice = model.message().unwrap();
    assert!(notice.contains("after 100 of 1,200 rows. No file was written"), "{notice}");
}

#[test]
fn rows_that_no_page_brings_are_not_called_here() {
    let mut model = loaded(1_200);
    let effects = press(&mut model, "L enter");
    answer_all(&mut model, effects, 700);
    model.cx.lists[0].total = Some(1_200);
    press(&mut model, "L");
    let notice = model.cx.notice.clone().unwrap();
    assert!(notice.contains("end early") && notice.contains("r refreshes"), "{notice}");
}
