//! The fields of the form: typed, picked, held and refused values.

use super::*;
use crate::list::record::Record;
use crate::list::{Spec, penalties};

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn set(name: &str, typed: &str) -> FilterValue {
    FilterValue::named(Spec::named("penalties").unwrap(), name, typed).unwrap()
}

fn form() -> Form {
    let settings = [set("due", "-30d.."), set("status", "notify"), set("new", "x")];
    let mut seen = SeenWords::new(&penalties::SPEC);
    seen.add(&[Record::read(&penalties::SPEC, r#"{"status":"Sent To Moon"}"#)]);
    Form::new(&settings, &seen, today())
}

fn type_in(form: &mut Form, name: &str, typed: &str) {
    let seen = form.seen.clone();
    let field = field(form, name);
    field.input = Input::new(typed.to_owned());
    field.check(&seen, today());
}

fn field<'a>(form: &'a mut Form, name: &str) -> &'a mut Field {
    form.fields.iter_mut().find(|field| field.target.name() == name).unwrap()
}

#[test]
fn it_has_a_field_for_each_parameter_and_opens_with_what_is_set() {
    let mut form = form();
    assert_eq!(form.fields.len(), Spec::named("penalties").unwrap().filters.len() + 1);
    for (name, typed) in
        [("due_date_from", "-30d"), ("due_date_to", ""), ("status", "notify"), ("new", "x")]
    {
        assert_eq!(field(&mut form, name).input.value(), typed);
    }
    assert_eq!(form.query(today()).unwrap().filters.len(), 3);
}

#[test]
fn every_problem_stands_at_its_field_and_nothing_typed_is_lost() {
    let mut form = form();
    type_in(&mut form, "amount_from", "12,5,0");
    type_in(&mut form, "due_date_to", "2026-02-31");
    assert_eq!(form.query(today()), None);
    assert!(field(&mut form, "amount_from").problem.is_some());
    assert!(field(&mut form, "due_date_to").problem.is_some());
    assert_eq!(field(&mut form, "amount_from").input.value(), "12,5,0");
    type_in(&mut form, "amount_from", "");
    type_in(&mut form, "due_date_to", "2020-01-01");
    assert_eq!(form.query(today()), None, "it ends before it begins");
}

#[test]
fn what_the_server_refuses_lands_at_its_field() {
    let mut form = form();
    let refused = [("status", "unknown"), ("page", "too large")]
        .map(|(param, why)| (param.to_owned(), why.to_owned()));
    assert_eq!(form.refuse(&refused), ["page: too large"]);
    assert_eq!(field(&mut form, "status").problem.as_deref(), Some("unknown"));
    form.refuse(&[("search".to_owned(), "invalid".to_owned())]);
    assert!(form.query(today()).is_some(), "what the server has refused can be sent again");
}

#[test]
fn choices_go_round_through_nothing() {
    let mut form = form();
    form.focus = 1;
    let mut seen = Vec::new();
    for _ in 0..8 {
        assert!(form.turn(Way::Forward, today()));
        seen.push(form.focused().unwrap().input.value().to_owned());
    }
    let words = ["paid", "waived", "settled", "Sent To Moon", "", "pending", "notify", "paid"];
    assert_eq!(seen, words, "the word of the rows follows the documented ones");
    form.focus = 0;
    assert!(!form.turn(Way::Forward, today()));
}

#[test]
fn a_blank_keeps_what_was_picked_adds_others_and_removes_them() {
    let mut form = form();
    form.focus = 1;
    let text = |form: &mut Form| form.focused().unwrap().input.value().to_owned();
    // Opens with notify.
    form.turn(Way::Forward, today());
    assert_eq!(text(&mut form), "paid", "another one in its place");
    assert!(form.toggle(today()));
    form.turn(Way::Forward, today());
    assert_eq!(text(&mut form), "paid", "kept");
    assert!(form.toggle(today()));
    form.turn(Way::Back, today());
    form.turn(Way::Back, today());
    form.turn(Way::Back, today());
    assert!(form.toggle(today()));
    assert_eq!(text(&mut form), "paid,waived,pending");
    assert!(form.toggle(today()));
    assert_eq!(text(&mut form), "paid,waived");
    assert_eq!(form.query(today()).unwrap().values(), 2);
    form.turn(Way::Back, today());
    assert_eq!(form.focused().unwrap().picked, Some(5), "round to the word of the rows");
    form.toggle(today());
    assert_eq!(text(&mut form), "paid,waived,Sent To Moon");
}

#[test]
fn a_blank_in_a_text_is_a_blank_and_in_an_empty_field_the_first_choice() {
    let mut form = form();
    form.focus = 1;
    type_in(&mut form, "status", "written");
    assert!(!form.toggle(today()));
    type_in(&mut form, "status", "");
    assert!(form.toggle(today()));
    assert_eq!(form.focused().unwrap().input.value(), "pending");
    form.focus = 0;
    assert!(!form.toggle(today()), "a field without choices");
}

#[test]
fn what_a_cell_shows_is_read_in_any_case_alone_or_among_several_and_as_a_pattern() {
    let mut form = form();
    for (typed, sent) in [
        ("PAID", "sent as status=paid"),
        ("paid, Waived", "2 requests: paid, waived"),
        ("*a*d", "2 requests: paid, waived"),
    ] {
        type_in(&mut form, "status", typed);
        assert_eq!(field(&mut form, "status").sent.as_deref(), Some(sent), "{typed}");
    }
    type_in(&mut form, "status", "paid,");
    assert_eq!(form.query(today()), None);
    assert_eq!(field(&mut form, "status").input.value(), "paid,", "nothing typed is lost");
}

#[test]
fn a_word_of_the_rows_and_one_like_no_other_are_taken_and_a_slip_is_not() {
    let mut form = form();
    for word in ["Sent To Moon", "lost"] {
        type_in(&mut form, "status", word);
        let query = form.query(today()).unwrap();
        assert!(query.pairs().contains(&("status", word.into())), "{word}");
    }
    type_in(&mut form, "status", "payd");
    assert_eq!(form.query(today()), None);
    let why = "not a documented status; did you mean paid?";
    assert_eq!(field(&mut form, "status").problem.as_deref(), Some(why));
}

#[test]
fn leaving_a_month_or_a_year_fills_the_empty_upper_end() {
    let sent = |form: &mut Form| {
        let query = form.query(today()).unwrap();
        let due = query.filters.iter().filter(|it| it.target.name().starts_with("due"));
        let sent = due.flat_map(|filter| filter.resolve(today()).unwrap());
        sent.map(|it| format!("{}={}", it.param, it.value)).collect::<Vec<_>>().join(" ")
    };
    let november = "due_date_from=2026-11-01 due_date_to=2026-11-30";
    for (from, to, filled, expected) in [
        ("this-month", "", "this-month", november),
        ("2026-11", " ", "2026-11-30", november),
        ("last-month", "", "last-month", "due_date_from=2026-10-01 due_date_to=2026-10-31"),
        ("2025", "", "2025-12-31", "due_date_from=2025-01-01 due_date_to=2025-12-31"),
        ("2026-10", "2026-11", "2026-11", "due_date_from=2026-10-01 due_date_to=2026-11-30"),
        ("2026-11-01", "", "", "due_date_from=2026-11-01"),
        ("today", "", "", "due_date_from=2026-11-20"),
        ("-2m", "", "", "due_date_from=2026-09-20"),
        ("", "this-month", "this-month", "due_date_to=2026-11-30"),
    ] {
        for way in [Way::Forward, Way::Back] {
            let mut form = form();
            type_in(&mut form, "due_date_to", to);
            focus(&mut form, "due_date_from");
            type_in(&mut form, "due_date_from", from);
            form.move_focus(way, today());
            assert_eq!(field(&mut form, "due_date_to").input.value(), filled, "{from} {to}");
            assert_eq!(sent(&mut form), expected, "{from} {to}");
        }
    }
}

#[test]
fn an_upper_end_that_is_cleared_stays_empty() {
    let mut form =
        Form::new(&[set("due", "2026-11..")], &SeenWords::new(&penalties::SPEC), today());
    for _ in 0..2 * form.fields.len() {
        form.move_focus(Way::Forward, today());
    }
    assert_eq!(field(&mut form, "due_date_to").input.value(), "", "it was open before");
    focus(&mut form, "due_date_from");
    type_in(&mut form, "due_date_from", "2026-10");
    form.move_focus(Way::Forward, today());
    assert_eq!(field(&mut form, "due_date_to").input.value(), "2026-10-31");
    type_in(&mut form, "due_date_to", "");
    form.move_focus(Way::Back, today());
    form.move_focus(Way::Back, today());
    assert_eq!(field(&mut form, "due_date_to").input.value(), "");
}

fn focus(form: &mut Form, name: &str) {
    let at = form.fields.iter().position(|field| field.target.name() == name);
    form.focus_on(at.unwrap());
}
