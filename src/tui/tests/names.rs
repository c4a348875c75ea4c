//! Names of columns that are typed, or in the settings, before any rows are loaded.

use crate::command::views::read;
use crate::list::Spec;
use crate::list::shape::{Choices, Shapes};
use crate::list::sort::Sort;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::state::persisted::{Change, ListColumns};
use crate::tui::effect::Effect;
use crate::tui::modal::columns::Chooser;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{fetches, loaded, model, press};
use crate::tui::update::{start, update};

const SCHEDULED: usize = 1;
const ROW: &str = r#"{"ref": "BK100001", "scheduled_for": "2026-11-05", "amount": 100,
    "currency": "EUR", "desk": "A"}"#;

/// A line that is typed before the list was opened, and the answer to it.
fn typed(line: &str, choices: Choices) -> Tui {
    let mut model = loaded(7);
    types(&mut model, line);
    answer(&mut model, choices);
    model
}

fn answer(model: &mut Tui, choices: Choices) {
    let rows = Shapes::new(choices).read(Spec::named("scheduled").unwrap(), &[ROW]);
    let page = Page { rows, total: Some(1), current: 1, last: Some(1), per_page: 100 };
    model.cx.list_answered(SCHEDULED, 1, Ok(Response::Page(page)));
}

#[test]
fn a_name_that_no_column_has_is_named_with_the_first_rows_and_once() {
    let mut model = typed("scheduled sort=-scheduled_fro columns=desk,nonsense", Choices::new());
    let notice = model.cx.notice.take().unwrap();
    assert_eq!(notice, "Scheduled has no such column: nonsense, scheduled_fro");
    assert_eq!(model.cx.lists[SCHEDULED].table.sort(), None);
    let model_of = |line| typed(line, Choices::new()).cx.notice;
    let hidden = model_of("scheduled columns=-nonsense,+dexk").unwrap();
    assert_eq!(hidden, "Scheduled has no such column: nonsense, dexk; did you mean desk?");
    press(&mut model, "r");
    answer(&mut model, Choices::new());
    assert_eq!(model.cx.notice, None);
    let model = typed("scheduled sort=-scheduled_for columns=desk,notes", Choices::new());
    assert_eq!(model.cx.notice, None);
    assert_eq!(model.cx.lists[SCHEDULED].table.sort().unwrap().column, "due_date");
}

#[test]
fn changes_to_the_columns_are_changes_to_those_that_come() {
    let shown = |line: &str| {
        let table = typed(line, Choices::new()).cx.lists[SCHEDULED].table.clone();
        table.columns.iter().map(|at| table.spec().described(*at).unwrap().name).collect::<Vec<_>>()
    };
    assert_eq!(
        shown("scheduled"),
        ["booking_id", "due_date", "amount", "currency", "desk", "days"]
    );
    let changed = shown("scheduled columns=-currency,+notes");
    assert_eq!(changed, ["booking_id", "due_date", "amount", "desk", "days"]);
    let hidden = shown("scheduled columns=-scheduled_for,+desk,+ref");
    assert_eq!(hidden, ["booking_id", "amount", "currency", "desk", "days"]);
}

fn types(model: &mut Tui, line: &str) -> Vec<Effect> {
    press(model, ":");
    let now = model.cx.now;
    update(model, now, Msg::Paste(line.to_owned()));
    press(model, "enter")
}

/// The dashboard with columns that an earlier session kept for scheduled payments, and with a view.
fn with_kept(columns: &[&str], view: &str) -> Tui {
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    let columns = ListColumns { columns, ..ListColumns::default() };
    let mut model = loaded(7);
    model.cx.lists[SCHEDULED].table.apply_list_columns(&columns);
    let file = format!("[[view]]\nname = \"mine\"\nline = \"{view}\"\n");
    model.cx.kept.views = read(&file).views;
    assert_eq!(model.cx.kept.views.len(), 1);
    model
}

#[test]
fn columns_that_were_kept_are_not_reported_and_only_a_copied_line_is_without_them() {
    let mut model = with_kept(&["booking_id", "amount", "later"], "scheduled");
    types(&mut model, "scheduled sort=-scheduled_for");
    answer(&mut model, Choices::new());
    assert_eq!(model.cx.notice, None);
    let copied = types(&mut model, "copy-view");
    let expected = ":scheduled sort=-due_date columns=-due_date,-currency,-desk,-days";
    assert!(copied.contains(&Effect::Copy(expected.to_owned())), "{copied:?}");
    types(&mut model, "save own");
    let saved = model.cx.kept.views.iter().find(|view| view.name == "own").unwrap();
    let expected = "scheduled sort=-due_date columns=-due_date,-currency,-desk,-days,+later";
    assert_eq!(saved.line.to_string(), expected);
}

#[test]
fn a_view_is_sorted_by_the_name_of_the_server_and_says_which_columns_are_none() {
    let mut model = with_kept(&[], "scheduled sort=-scheduled_for columns=-ref,+desk");
    types(&mut model, "scheduled");
    answer(&mut model, Choices::new());
    types(&mut model, "view mine");
    assert_eq!(model.cx.notice, None);
    let by = |column| Some(Sort { column, descending: true });
    assert_eq!(model.cx.lists[SCHEDULED].table.sort(), by("due_date"));
    let mut model = with_kept(&[], "scheduled sort=-amuont columns=+nonsense");
    types(&mut model, "scheduled");
    answer(&mut model, Choices::new());
    for keys in ["view mine", "scheduled", "view mine"] {
        types(&mut model, keys);
        let notice = "mine: Scheduled has no such column: nonsense, amuont; did you mean amount?";
        assert_eq!(model.cx.notice.as_deref(), (keys == "view mine").then_some(notice));
        assert_eq!(model.cx.lists[SCHEDULED].table.sort(), None);
    }
    let mut model = with_kept(&[], "scheduled sort=-amuont");
    types(&mut model, "view mine");
    answer(&mut model, Choices::new());
    let notice = "mine: Scheduled has no such column: amuont; did you mean amount?";
    assert_eq!(model.cx.notice.as_deref(), Some(notice));
}

#[test]
fn columns_that_are_changed_early_are_kept_as_they_are_shown_then() {
    let mut model = loaded(7);
    types(&mut model, "scheduled");
    let kept = |effects: &[Effect]| {
        effects.iter().any(|effect| matches!(effect, Effect::Keep(Change::Columns(..))))
    };
    assert!(!kept(&types(&mut model, "columns -currency +desk")), "nobody knows them yet");
    answer(&mut model, Choices::new());
    let columns = ["booking_id", "due_date", "amount", "desk", "days"];
    assert_eq!(model.cx.kept.columns["scheduled"].columns, columns);
    let table = &model.cx.lists[SCHEDULED].table;
    assert_eq!(table.spec().described(table.field()).unwrap().name, "desk");
    assert!(kept(&types(&mut model, "columns -currency")));
}

#[test]
fn a_choice_of_columns_that_changes_nothing_keeps_nothing() {
    let mut model = loaded(7);
    types(&mut model, "scheduled");
    press(&mut model, "c");
    assert!(model.modal_of::<Chooser>().is_some());
    answer(&mut model, Choices::new());
    press(&mut model, "enter");
    let shown = |model: &Tui| {
        let table = &model.cx.lists[SCHEDULED].table;
        let name = |at: &usize| table.spec().described(*at).unwrap().name;
        table.columns.iter().map(name).collect::<Vec<_>>()
    };
    let usual = ["booking_id", "due_date", "amount", "currency", "desk", "days"];
    assert_eq!(shown(&model), usual);
    assert!(model.cx.kept.columns.is_empty());
}

#[test]
fn a_field_of_the_settings_that_no_row_has_is_named_once() {
    let choices = || Choices::from([("scheduled", vec![("due_date", vec!["pay_on".to_owned()])])]);
    let mut model = typed("scheduled", choices());
    let notice = model.cx.notice.take().unwrap();
    assert!(
        notice.starts_with("Scheduled: no row has pay_on, which the settings map to due_date."),
        "{notice}"
    );
    press(&mut model, "r");
    answer(&mut model, choices());
    assert_eq!(model.cx.notice, None);
    let own = Choices::from([("scheduled", vec![("due_date", vec!["due_date".to_owned()])])]);
    let notice = typed("scheduled", own).cx.notice.unwrap();
    assert!(notice.contains("no row has due_date, which the settings map to due_date"), "{notice}");
}

#[test]
fn the_first_request_of_a_list_has_the_rows_that_tell_its_fields() {
    let shapes = Shapes::default();
    let first = r#"{"ref": "BK1", "date": "2026-01-01", "scheduled_for": null, "amount": 1}"#;
    let second = first.replace("null", r#""2026-02-01""#);
    let mut model = model();
    let mut effects = start(&mut model);
    while !effects.is_empty() {
        let asked = fetches(&effects);
        effects.clear();
        for (ticket, _, request) in asked {
            let Request::List(query) = request else { panic!("{request:?}") };
            let rows = if query.spec.key == "scheduled" { &[first, &second][..] } else { &[] };
            let rows = &rows[..rows.len().min(query.per_page as usize)];
            let rows = shapes.read(query.spec, rows);
            let per_page = query.per_page;
            let page = Page { rows, total: Some(2), current: 1, last: Some(1), per_page };
            let now = model.cx.now;
            effects.extend(update(
                &mut model,
                now,
                Msg::Answered(ticket, Ok(Response::Page(page))),
            ));
        }
    }
    let shape = shapes.read(Spec::named("scheduled").unwrap(), &[first])[0].spec();
    assert_eq!(shape.field("due_date").unwrap().keys(), Some(&["scheduled_for"][..]));
}
