//! A filter from its keys to its request: checked once, resolved once, requested once.

use chrono::NaiveDate;

use crate::filter::tests::{CHECKED, RESOLVED};
use crate::net::request::Request;
use crate::tui::modal::command::CommandLine;
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{answer_all, fetches, loaded, press};
use crate::tui::update::update;

fn on_a_day() -> Tui {
    let mut model = loaded(7);
    model.cx.now.local = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap().into();
    model
}

/// Types a text into the open modal.
fn type_text(model: &mut Tui, text: &str) {
    let now = model.cx.now;
    update(model, now, Msg::Paste(text.to_owned()));
}

/// What these keys check, resolve and request.
fn walk(model: &mut Tui, keys: &str) -> (usize, usize, Vec<String>) {
    let before = (CHECKED.get(), RESOLVED.get());
    let effects = press(model, keys);
    let asked = fetches(&effects).into_iter().map(|(_, _, request)| match request {
        Request::List(query) => {
            let pairs = query.pairs().into_iter().map(|(name, value)| format!("{name}={value}"));
            format!("{} {}", query.spec.key, pairs.collect::<Vec<_>>().join(" "))
        }
        other => panic!("{other:?}"),
    });
    let asked = asked.collect();
    answer_all(model, effects, 7);
    (CHECKED.get() - before.0, RESOLVED.get() - before.1, asked)
}

const SENT: &str = "penalties status=notify due_date_from=2026-11-13 page=1 per_page=100";

#[test]
fn a_typed_line_is_checked_once_resolved_once_and_asked_for_once() {
    let mut model = on_a_day();
    press(&mut model, ":");
    type_text(&mut model, "penalties due=-7d.. status=notify");
    assert_eq!(walk(&mut model, "enter"), (2, 2, vec![SENT.to_owned()]));
    // On the same day, a refresh needs neither.
    model.cx.now.elapsed += 1_000;
    assert_eq!(walk(&mut model, "r"), (0, 0, vec![SENT.to_owned()]));
    // On the next day, only relative dates have moved.
    model.cx.now.local += chrono::TimeDelta::days(1);
    model.cx.now.elapsed += 1_000;
    let (checked, resolved, asked) = walk(&mut model, "r");
    assert_eq!((checked, resolved), (0, 2));
    assert_eq!(asked, [SENT.replace("11-13", "11-14")]);
}

#[test]
fn a_form_sends_what_it_has_checked_while_it_was_typed() {
    let mut model = on_a_day();
    press(&mut model, "4");
    press(&mut model, "f tab");
    type_text(&mut model, "notify");
    press(&mut model, "tab tab");
    type_text(&mut model, "-7d");
    let resolved = RESOLVED.get();
    assert!(drawn(&model).contains("sent as due_date_from=2026-11-13"));
    assert_eq!(RESOLVED.get(), resolved, "a frame resolves nothing");
    assert_eq!(walk(&mut model, "enter"), (0, 2, vec![SENT.to_owned()]));
    assert_eq!(walk(&mut model, "u").1, 0, "without filters there is nothing to resolve");
}

#[test]
fn a_range_that_is_empty_today_is_explained_in_the_line_and_nothing_is_asked() {
    let mut model = on_a_day();
    press(&mut model, ":");
    type_text(&mut model, "penalties due=2026-11-21..today");
    assert_eq!(walk(&mut model, "enter"), (1, 1, Vec::new()));
    let line = model.modal_of::<CommandLine>().unwrap();
    assert_eq!(line.problem.as_ref().unwrap().span, 26..31);
    assert_eq!(model.cx.tab, 0);
    assert!(model.cx.command_history.is_empty());
}

#[test]
fn a_misspelled_name_is_refused_where_it_was_typed_and_any_other_unknown_one_is_sent_and_named() {
    let mut model = on_a_day();
    press(&mut model, ":");
    type_text(&mut model, "penalties stauts=pending");
    assert_eq!(walk(&mut model, "enter").2, [""; 0]);
    let line = model.modal_of::<CommandLine>().unwrap();
    assert_eq!(line.input.value(), "penalties stauts=pending");
    let shown = drawn(&model);
    assert!(shown.contains("stauts is not a filter of penalties; did you mean status?"), "{shown}");
    press(&mut model, "esc :");
    type_text(&mut model, "penalties cohort=x");
    let asked = walk(&mut model, "enter").2;
    assert_eq!(asked, ["penalties cohort=x page=1 per_page=100"]);
}

#[test]
fn what_is_said_of_an_unknown_command_fits_and_names_the_help() {
    for (typed, said) in [
        ("frobnicate", "✗ there is no list or command frobnicate; tab completes, :help lists all"),
        ("penaltis", "✗ there is no list or command penaltis; did you mean penalties?"),
        ("penalties due_date", "✗ due_date is not a filter; write name=value, as in search=…"),
        ("penalties status=payd", "✗ not a documented status; did you mean paid?"),
        ("theme blue", "✗ theme accepts one of 16, dark, light, mono"),
        ("booking A B", "✗ booking accepts only REF"),
    ] {
        let mut model = on_a_day();
        press(&mut model, ":");
        type_text(&mut model, typed);
        press(&mut model, "enter");
        let shown = drawn(&model);
        let line = shown.lines().find(|line| line.contains('✗')).unwrap_or_default();
        assert!(line.trim().starts_with(said), "{shown}");
        assert!(!line.contains('…') || said.contains('…'), "{line}");
    }
}
