//! What is said about decisions that cannot be saved or undone.

use super::*;

fn loaded_with(rows: Vec<Record>) -> Tui {
    let (mut tui, jobs) = opened();
    send(&mut tui, jobs["acme"], "acme", of("acme", rows, Memory::default()));
    tui
}

fn without_id() -> Record {
    let json = r#"{"booking_id":"BK9","due_date":"1969-06-01","status":"pending","amount":5,
        "currency":"EUR"}"#;
    Record::read(&SPEC, json)
}

#[test]
fn undo_says_which_profile_is_gone() {
    let mut tui = queue();
    press(&mut tui, "j d");
    tui.follow(&["acme".to_owned(), "globex".to_owned()], &[]);
    start(&mut tui);
    assert_eq!(whose(&press(&mut tui, "u")), Vec::<String>::new());
    assert_eq!(notice(&tui), "Not undone: the settings no longer have the profile initech.");
}

#[test]
fn a_changed_profile_can_be_undone_once_its_decisions_are_known() {
    let mut tui = queue();
    press(&mut tui, "j d");
    let kept = memory(&tui, "initech").clone();
    tui.follow(&names(), &["initech".to_owned()]);
    let jobs = jobs(&start(&mut tui));
    assert_eq!(whose(&press(&mut tui, "u")), Vec::<String>::new());
    assert_eq!(notice(&tui), "Nothing was undone: initech is not loaded yet.");
    send(&mut tui, jobs["initech"], "initech", of("initech", rows("initech"), kept));
    assert_eq!(whose(&press(&mut tui, "u")), ["initech"]);
    assert_eq!(notice(&tui), "Undone: decision; 0 more to undo.");
    assert!(memory(&tui, "initech").entries.is_empty());
}

#[test]
fn prompts_say_how_many_of_the_marked_penalties_have_no_id() {
    let why = "1 penalty has no id, so no decision was saved for it.";
    for keys in ["a i h i enter", "a w enter", "a d", "a *"] {
        let mut tui = loaded_with([rows("acme"), vec![without_id()]].concat());
        let effects = press(&mut tui, keys);
        assert_eq!(saved(&effects)[0].1.entries.len(), 2, "{keys}");
        assert!(notice(&tui).starts_with(why), "{keys}: {}", notice(&tui));
    }
}

#[test]
fn two_rows_with_one_id_are_one_penalty_with_an_id() {
    let twice = ["x BK1 1969-12-01 pending 1000", "x BK2 1969-12-01 pending 2000"].map(penalty);
    let mut tui = loaded_with(twice.to_vec());
    press(&mut tui, "a d");
    assert!(!notice(&tui).contains("no id"), "{}", notice(&tui));
    assert!(notice(&tui).starts_with("Marked as done (acme, BK1); u undoes it."));
}
