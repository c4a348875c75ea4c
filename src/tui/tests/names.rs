//! Names of columns that are typed or in the settings before any row has told which there are.

use crate::list::Spec;
use crate::list::shape::{Choices, Shapes};
use crate::net::response::{Page, Response};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{loaded, press};
use crate::tui::update::update;

const SCHEDULED: usize = 1;
const ROW: &str = r#"{"ref": "BK100001", "scheduled_for": "2026-11-05", "amount": 100,
    "currency": "EUR", "desk": "A"}"#;

/// A line that is typed before the list was opened, and the answer to it.
fn typed(line: &str, choices: Choices) -> Tui {
    let mut model = loaded(7);
    press(&mut model, ":");
    let now = model.cx.now;
    update(&mut model, now, Msg::Paste(line.to_owned()));
    press(&mut model, "enter");
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
}

#[test]
fn a_field_of_the_settings_that_no_row_has_is_named_once() {
    let choices = || Choices::from([("scheduled", vec![("due_date", vec!["pay_on".to_owned()])])]);
    let mut model = typed("scheduled", choices());
    let notice = model.cx.notice.take().unwrap();
    assert!(notice.starts_with("Scheduled: no row has the due_date of the settings."), "{notice}");
    press(&mut model, "r");
    answer(&mut model, choices());
    assert_eq!(model.cx.notice, None);
}
