//! The worklist as a file: its proposed name, and what is said of it.

use super::*;

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
    // Narrowed to a cell of the matrix.
    let mut model = triage(5);
    model.cx.list_mut().table.narrow("BK3");
    assert_eq!(name(&mut model), "worklist-1970-01-01-1-of-5.csv");
    let mut model = triage(1_200);
    assert_eq!(name(&mut model), "worklist-1970-01-01-incomplete.csv");
    let expected = ("100 rows".to_owned(), "only 100 of 1,200 penalties are loaded".to_owned());
    assert_eq!(saved(&mut model), expected);
}
