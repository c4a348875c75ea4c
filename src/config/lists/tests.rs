//! What the tables of lists say, and what is reported of those that are wrong.

use super::*;
use crate::config::profile::Settings;
use crate::state::Store;

const EXAMPLE: &str = r#"
[lists.scheduled]
due = "scheduled_for"
booking_id = "booking.reference"
iban = ["bank.account", "number"]
[profile.acme.lists.scheduled]
due_date = "pay_on"
[profile.acme.lists.invoices]
issued = "issue_date"
"#;

fn chosen(document: &Document, profile: Option<&str>, list: &str) -> Vec<(&'static str, String)> {
    let (mut choices, faults) = choices(document, profile);
    assert_eq!(faults, []);
    let choices = choices.remove(list).unwrap_or_default();
    let mut choices: Vec<_> =
        choices.into_iter().map(|(field, path)| (field, path.join(" > "))).collect();
    choices.sort_unstable();
    choices
}

fn problems(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::below(folder.path(), folder.path());
    let file = store.config_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    let settings = Settings::read(Some(&store)).unwrap();
    assert_eq!(settings.document.is_broken(), !settings.document.problems.is_empty());
    settings.document.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_field_is_named_as_documented_or_by_its_range_and_its_keys_by_dots_or_one_by_one() {
    let document = Document::read(EXAMPLE);
    assert_eq!(document.problems, []);
    let expected = [
        ("booking_id", "booking > reference".to_owned()),
        ("due_date", "scheduled_for".to_owned()),
        ("iban", "bank.account > number".to_owned()),
    ];
    for profile in [None, Some("other")] {
        assert_eq!(chosen(&document, profile, "scheduled"), expected);
        assert_eq!(chosen(&document, profile, "invoices"), []);
    }
}

#[test]
fn a_profile_wins_field_by_field() {
    let document = Document::read(EXAMPLE);
    let scheduled = chosen(&document, Some("acme"), "scheduled");
    assert_eq!(scheduled.len(), 3);
    assert!(scheduled.contains(&("due_date", "pay_on".to_owned())), "{scheduled:?}");
    let invoices = chosen(&document, Some("acme"), "invoices");
    assert_eq!(invoices, [("issue_date", "issue_date".to_owned())]);
    let swapped = "[lists.debt]\namount = \"a\"\npaid_amount = \"b\"\n\
                   [profile.acme.lists.debt]\namount = \"b\"\npaid_amount = \"a\"\n";
    let swapped = chosen(&Document::read(swapped), Some("acme"), "debt");
    assert_eq!(swapped, [("amount", "b".to_owned()), ("paid_amount", "a".to_owned())]);
}

#[test]
fn what_is_wrong_is_named_once_with_line_and_column() {
    assert_eq!(problems(EXAMPLE), [] as [&str; 0]);
    for (text, expected) in [
        (
            "[lists.sheduled]\ndue = \"x\"",
            "line 1, column 8: `lists.sheduled` is not a list; did you mean `scheduled`?",
        ),
        (
            "[profile.a]\n[profile.a.lists.payments]",
            "line 2, column 18: `lists.payments` is not a list; the lists are transactions, scheduled,",
        ),
        (
            "[lists.scheduled]\nnotes = \"x\"\nissued = \"y\"",
            "line 3, column 1: `lists.scheduled.issued` is not a field; the fields are booking_id, \
             due_date, amount,",
        ),
        (
            "[lists.debt]\namont = \"x\"",
            "column 1: `lists.debt.amont` is not a field; did you mean `amount`?",
        ),
        ("[lists.debt]\ndays = \"x\"", "line 2, column 1: `lists.debt.days` is not a field;"),
        ("[lists.debt]\nduee = \"x\"", "did you mean `due`? "),
        ("[lists.debt]\ndue = \"\"", "line 2, column 7: lists.debt: `due_date` has an empty name;"),
        ("[lists.debt]\ndue = \"a..b\"", "line 2, column 7: lists.debt: `due_date` has an empty"),
        ("[lists.debt]\ndue = []", "line 2, column 7: lists.debt: `due_date` has an empty name;"),
        ("[lists.debt]\ndue = [\"a\", \" \"]", "line 2, column 7: lists.debt: `due_date` has an"),
        (
            "[lists.debt]\nstatus = \"x.y\"\namount = [\"x\", \"y\"]",
            "line 3, column 10: lists.debt: `status` and `amount` name the same field of the server",
        ),
        (
            "[lists.debt]\ndue_date = \"x\"\ndue = \"y\"",
            "line 3, column 7: lists.debt: `due_date` is set twice",
        ),
        (
            "[lists.debt]\nstatus = \"x\"\n[profile.a.lists.debt]\namount = \"x\"",
            "line 4, column 10: lists.debt: `status` and `amount` name the same field of the server",
        ),
        ("lists = 1", "line 1, column 9: `lists` must be a table, not a number"),
        ("[lists]\ndebt = \"x\"", "line 2, column 8: `lists.debt` must be a table, not this text"),
        (
            "[lists.debt]\ndue = 1",
            "line 2, column 7: `lists.debt.due` must be text in quotes or an array of texts, not a number",
        ),
        (
            "[profile.a.lists.debt]\ndue = [1]",
            "line 2, column 7: `profile.a.lists.debt.due` must be text in quotes or an array of texts",
        ),
    ] {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(expected), "{text}: {found:?}");
    }
}

#[test]
fn a_token_in_the_place_of_a_name_is_not_repeated() {
    for text in [
        "[lists.vl_canary]",
        "[lists.debt]\nvl_canary = \"x\"",
        "[lists.debt]\ndue = \"vl_canary.\"",
        "[lists.debt]\ndue = \"vl_canary\"\namount = \"vl_canary\"",
    ] {
        let found = problems(text);
        assert!(found.len() == 1 && !found[0].contains("canary"), "{found:?}");
    }
}
