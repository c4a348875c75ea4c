//! A filter with several values: one request for each, and one list of their rows.

use std::collections::BTreeSet;

use crate::domain::failure::{Failure, Kind};
use crate::filter::ListQuery;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::state::persisted::Change;
use crate::tui::effect::{Effect, NetCommand};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::sentences::drawn;
use crate::tui::tests::{at, failure, fetches, loaded, press};
use crate::tui::update::update;

const SCHEDULED: usize = 1;
const LINE: &str = "scheduled status=missing_iban,blocked_missing_iban";
const COUNTS: [(&str, u32); 2] = [("missing_iban", 700), ("blocked_missing_iban", 300)];

fn status(query: &ListQuery) -> String {
    let pairs = query.pairs();
    let status = pairs.into_iter().find(|(name, _)| *name == "status");
    status.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Rows of this status; an id is of one row.
fn page(query: &ListQuery) -> Page {
    let status = status(query);
    let total = COUNTS.iter().find(|(known, _)| *known == status).map_or(7, |(_, count)| *count);
    let first = (query.page - 1) * query.per_page;
    let row = |row| {
        let json =
            format!(r#"{{"id":"{status}-{row}","booking_id":"BK{row}","status":"{status}"}}"#);
        Record::read(query.spec, &json)
    };
    Page {
        rows: (first..total.min(first + query.per_page)).map(row).collect(),
        total: Some(total.into()),
        current: query.page,
        last: Some(total.div_ceil(query.per_page).max(1)),
        per_page: query.per_page,
    }
}

fn nothing(_: &ListQuery) -> Option<Failure> {
    None
}

fn failed(query: &ListQuery) -> Failure {
    let what = format!("{} could not be loaded", query.in_words());
    Failure { what, ..failure(Kind::Passing) }
}

fn failed_without_iban(query: &ListQuery) -> Option<Failure> {
    (status(query) == "missing_iban").then(|| failed(query))
}

/// Answers all requests but those that fail, and those that follow. Returns what was asked for.
fn answer(
    model: &mut Tui,
    effects: &[Effect],
    fails: impl Fn(&ListQuery) -> Option<Failure>,
) -> Vec<(String, u32)> {
    recorded(model, effects, fails).0
}

/// The same, with the ids of the rows that are recorded for changes.
fn recorded(
    model: &mut Tui,
    effects: &[Effect],
    fails: impl Fn(&ListQuery) -> Option<Failure>,
) -> (Vec<(String, u32)>, BTreeSet<String>) {
    let (mut open, mut asked) = (fetches(effects), Vec::new());
    let mut ids = BTreeSet::new();
    while !open.is_empty() {
        let (ticket, _, request) = open.remove(0);
        let Request::List(query) = request else { panic!("{request:?}") };
        asked.push((status(&query), query.page));
        let now = model.cx.now;
        let answer = fails(&query).map_or_else(|| Ok(Response::Page(page(&query))), Err);
        let effects = update(model, now, Msg::Answered(ticket, answer));
        open.extend(fetches(&effects));
        for effect in effects {
            if let Effect::Keep(Change::Record(_, _, look, _)) = effect {
                ids.extend(look.rows.into_keys());
            }
        }
    }
    (asked, ids)
}

#[test]
fn rows_of_a_value_that_failed_before_are_recorded_too() {
    let mut model = loaded(7);
    model.cx.kept.records_changes = true;
    let effects = types(&mut model, LINE);
    let (_, mut ids) = recorded(&mut model, &effects, failed_without_iban);
    press(&mut model, "L");
    let effects = press(&mut model, "enter");
    ids.append(&mut recorded(&mut model, &effects, nothing).1);
    assert_eq!((ids.len(), counts(&model)), (1_000, (1_000, Some(1_000))));
}

fn types(model: &mut Tui, line: &str) -> Vec<Effect> {
    press(model, ":");
    let now = model.cx.now;
    update(model, now, Msg::Paste(line.to_owned()));
    press(model, "enter")
}

fn counts(model: &Tui) -> (usize, Option<u64>) {
    let list = &model.cx.lists[SCHEDULED];
    (list.table.records().len(), list.total)
}

#[test]
fn several_values_are_one_request_each_and_one_list_with_one_total() {
    let mut model = loaded(7);
    let effects = types(&mut model, LINE);
    let asked = answer(&mut model, &effects, nothing);
    assert_eq!(asked, [("missing_iban".to_owned(), 1), ("blocked_missing_iban".to_owned(), 1)]);
    assert_eq!(counts(&model), (100, Some(1_000)));
    let screen = drawn(&model);
    assert!(screen.contains("Status: missing iban, blocked missing iban ✕"), "{screen}");
    assert!(screen.contains("2 Scheduled 1,000"), "{screen}");
}

#[test]
fn all_rows_of_several_values_are_loaded_with_their_cost_refreshed_and_cancelled_as_one() {
    let mut model = loaded(7);
    let effects = types(&mut model, LINE);
    answer(&mut model, &effects, nothing);
    press(&mut model, "L");
    let screen = drawn(&model);
    assert!(screen.contains("1,000 rows: 3 more requests"), "{screen}");
    let effects = press(&mut model, "enter");
    let cancelled = press(&mut model, "esc");
    let is_cancel = |it: &&Effect| matches!(it, Effect::Network(NetCommand::Cancel(_)));
    assert_eq!(cancelled.iter().filter(is_cancel).count(), fetches(&effects).len());
    press(&mut model, "L");
    let effects = press(&mut model, "enter");
    answer(&mut model, &effects, nothing);
    assert_eq!(counts(&model), (1_000, Some(1_000)));
    let list = &model.cx.lists[SCHEDULED];
    assert!(!list.has_more() && list.failure.is_none());
    let statuses: Vec<_> = list.table.records().iter().map(|row| row.status().unwrap()).collect();
    assert!(statuses[..700].iter().all(|status| *status == "missing_iban"), "value by value");
    // A refresh gives back as many rows, of both.
    model.cx.now = at(model.cx.now.elapsed + 1_000);
    let effects = press(&mut model, "G r");
    answer(&mut model, &effects, nothing);
    assert_eq!(counts(&model), (1_000, Some(1_000)));
}

#[test]
fn if_one_value_fails_it_is_named_and_the_rows_of_the_others_stay_as_a_part() {
    let mut model = loaded(7);
    let effects = types(&mut model, LINE);
    answer(&mut model, &effects, failed_without_iban);
    assert_eq!(counts(&model), (100, None), "no total is claimed");
    let list = &model.cx.lists[SCHEDULED];
    assert!(list.has_more());
    let failed = list.failure.as_ref().unwrap();
    assert_eq!(failed.what, "Scheduled (status missing_iban) could not be loaded");
    assert!(drawn(&model).contains("Scheduled (status missing_iban) could not be loaded"));
    // All rows but those of the value, then all.
    for (fails, expected) in
        [(failed_without_iban as fn(&ListQuery) -> Option<Failure>, 300), (nothing, 1_000)]
    {
        press(&mut model, "L");
        let effects = press(&mut model, "enter");
        answer(&mut model, &effects, fails);
        assert_eq!(counts(&model).0, expected);
        assert_eq!(model.cx.lists[SCHEDULED].has_more(), expected == 300);
        assert_eq!(model.cx.lists[SCHEDULED].failure.is_some(), expected == 300);
    }
    assert_eq!(counts(&model).1, Some(1_000));
    let rows = model.cx.lists[SCHEDULED].table.records();
    let is_first = |row: &Record| row.status() == Some("missing_iban");
    assert!(rows[..700].iter().all(is_first) && !is_first(&rows[700]), "value by value");
    // A refresh that fails for one value leaves the rows of all.
    model.cx.now = at(model.cx.now.elapsed + 1_000);
    let effects = press(&mut model, "r");
    answer(&mut model, &effects, failed_without_iban);
    assert_eq!(counts(&model).0, 1_000);
    assert!(model.cx.lists[SCHEDULED].failure.is_some());
}

#[test]
fn if_every_value_fails_nothing_is_claimed_and_the_first_is_named() {
    let mut model = loaded(7);
    let effects = types(&mut model, LINE);
    assert_eq!(answer(&mut model, &effects, |query| Some(failed(query))).len(), 2);
    let list = &model.cx.lists[SCHEDULED];
    assert!(list.fetched.is_none() && list.load.is_none() && list.table.is_empty());
    let failed = list.failure.as_ref().unwrap();
    assert_eq!(failed.what, "Scheduled (status missing_iban) could not be loaded");
    model.cx.now = at(model.cx.now.elapsed + 1_000);
    let effects = press(&mut model, "r");
    answer(&mut model, &effects, nothing);
    assert_eq!(counts(&model), (100, Some(1_000)));
}

#[test]
fn a_server_that_ignores_the_filter_gives_each_row_once() {
    let mut model = loaded(7);
    let effects = types(&mut model, LINE);
    crate::tui::tests::answer_all(&mut model, effects, 40);
    assert_eq!(counts(&model), (40, Some(40)));
    let effects = types(&mut model, "scheduled status=blocked,delayed");
    crate::tui::tests::answer_all(&mut model, effects, 700);
    assert_eq!(counts(&model).1, None, "no sum of counts of the same rows");
    assert!(!drawn(&model).contains("1,400"), "{}", drawn(&model));
}

#[test]
fn only_one_filter_has_several_values_and_not_too_many() {
    let mut model = loaded(7);
    for (line, why) in [
        (
            "scheduled status=blocked,delayed currency=EUR,USD",
            "only one filter can have several values, and status already has several",
        ),
        (
            "scheduled booking_id=1,2,3,4,5,6,7,8,9,10,11,12,13",
            "13 values are too many: at most 12, because each needs a request",
        ),
    ] {
        assert_eq!(fetches(&types(&mut model, line)), []);
        let screen = drawn(&model).replace(['\n', '│'], " ");
        let words: Vec<_> = screen.split_whitespace().collect();
        assert!(words.join(" ").contains(why), "{}", drawn(&model));
        press(&mut model, "esc");
    }
}

#[test]
fn what_a_cell_shows_is_taken_by_the_form_and_a_count_of_an_unopened_list_adds_its_values() {
    let mut model = loaded(7);
    press(&mut model, "2 f tab");
    let now = model.cx.now;
    update(&mut model, now, Msg::Paste("Missing IBAN".to_owned()));
    assert!(drawn(&model).contains("sent as status=missing_iban"));
    let effects = press(&mut model, "enter");
    assert_eq!(answer(&mut model, &effects, nothing), [("missing_iban".to_owned(), 1)]);
    let mut list = model.cx.lists[SCHEDULED].clone();
    let filters = ["missing_iban,blocked_missing_iban"]
        .map(|typed| crate::filter::FilterValue::named(list.spec(), "status", typed).unwrap());
    list.query = ListQuery::with_filters(list.spec(), filters.into(), now.local.date()).unwrap();
    for query in list.start_count(100) {
        list.on_count(query.number(), page(&query), now);
    }
    assert_eq!(list.total, Some(1_000));
}
