//! When owners are loaded, for which rows, and where their names are shown.

use crate::config::Session;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::Kind;
use crate::filter::ListQuery;
use crate::list::Spec;
use crate::list::record::Record;
use crate::net::request::Request;
use crate::net::response::{NetState, Page, Response};
use crate::state::persisted::PersistedState;
use crate::tui::effect::{Effect, Priority};
use crate::tui::msg::Msg;
use crate::tui::stack::Tui;
use crate::tui::tests::{answer_all, at, failure, fetches, loaded, press};
use crate::tui::update::{update, wake_at};

const FREE: NetState =
    NetState { ready: 20, left: Some((120, 60_000)), limited_for: None, offline_for: None };

fn page(query: &ListQuery, rows: &[String]) -> Response {
    let rows: Vec<Record> = rows.iter().map(|json| Record::read(query.spec, json)).collect();
    let total = Some(rows.len() as u64);
    Response::Page(Page { rows, total, current: 1, last: Some(1), per_page: 100 })
}

fn penalty(number: u32) -> String {
    format!(r#"{{"id":"{number}","booking_id":"BK{number}","status":"notify","amount":5}}"#)
}

/// A session at the penalties of `count` bookings, with a budget.
fn penalties(count: u32, network: NetState) -> Tui {
    let mut model = loaded(0);
    let _ = update(&mut model, at(0), Msg::Network(network));
    let asked = press(&mut model, "4");
    for (ticket, _, request) in fetches(&asked) {
        let Request::List(query) = request else { panic!("{request:?}") };
        let rows: Vec<String> = (0..count).map(penalty).collect();
        let answer = Msg::Answered(ticket, Ok(page(&query, &rows)));
        assert!(fetches(&update(&mut model, at(0), answer)).is_empty(), "not before a rest");
    }
    model
}

fn asked(effects: &[Effect]) -> Vec<String> {
    let each = fetches(effects).into_iter().map(|(_, priority, request)| match request {
        Request::Booking(reference) => {
            assert_eq!(priority, Priority::Background);
            reference
        }
        other => panic!("{other:?}"),
    });
    each.collect()
}

/// The conciliation of a booking with an invoice to this owner, if any.
fn answered(model: &mut Tui, now: u64, effects: &[Effect], owner: Option<&str>) -> Vec<Effect> {
    let mut later = Vec::new();
    for (ticket, _, request) in fetches(effects) {
        let answer = match &request {
            Request::Booking(reference) => {
                let invoice = owner.map(|owner| {
                    format!(r#"{{"document_id":"d","doc_type":"Invoice","invoice_to":"{owner}"}}"#)
                });
                let invoices = invoice.unwrap_or_default();
                let body = format!(
                    r#"{{"reference":"{reference}","invoicing":{{"invoices":[{invoices}]}},"totals":{{"debt":0}}}}"#
                );
                let read = crate::conciliation::Conciliation::read(reference, &body);
                Response::Booking(Box::new(read.unwrap()))
            }
            Request::List(query) => page(query, &[]),
            other => panic!("{other:?}"),
        };
        later.extend(update(model, at(now), Msg::Answered(ticket, Ok(answer))));
    }
    later
}

fn owner(model: &Tui, row: usize) -> String {
    let table = model.table().unwrap();
    let at = table.spec().column_position("owner").unwrap();
    table.cell(table.row(row).unwrap(), at, chrono::NaiveDate::default()).into_owned()
}

#[test]
fn owners_of_rows_in_sight_are_asked_for_after_a_rest_a_few_at_a_time_and_once() {
    let mut model = penalties(60, FREE);
    assert_eq!(wake_at(&model), Some(600));
    let _ = update(&mut model, at(500), Msg::Woken);
    let first = update(&mut model, at(600), Msg::Woken);
    assert_eq!(asked(&first), ["BK0", "BK1", "BK2"]);
    let then = answered(&mut model, 700, &first, Some("Ana Ruiz"));
    assert_eq!(owner(&model, 0), "Ana Ruiz");
    let mut all = asked(&first);
    let mut open = then;
    while !open.is_empty() {
        assert!(!format!("{open:?}").contains("Ana Ruiz"), "names are kept in no file: {open:?}");
        let now = asked(&open);
        all.extend(now);
        open = answered(&mut model, 800, &open, Some("Ana Ruiz"));
    }
    let in_sight = model.cx.layout.rows();
    assert_eq!(all.len(), in_sight, "no row out of sight, and none twice: {all:?}");
    assert_eq!(owner(&model, in_sight), "");
    assert_eq!(wake_at(&model).filter(|at| *at < 60_000), None, "nothing is left to do");
}

#[test]
fn nothing_is_asked_while_keys_come_nor_where_the_budget_is_needed_for_them() {
    let mut model = penalties(9, FREE);
    for now in (0..5_000).step_by(100) {
        model.cx.now = at(now);
        assert!(fetches(&press(&mut model, "j")).is_empty(), "{now}");
    }
    let spent = [
        NetState { ready: 5, ..FREE },
        NetState { left: Some((50, 60_000)), ..FREE },
        NetState { limited_for: Some(9_000), ..FREE },
        NetState { offline_for: Some(9_000), ..FREE },
        NetState::default(),
    ];
    for network in spent {
        let mut model = penalties(9, network);
        assert!(fetches(&update(&mut model, at(600), Msg::Woken)).is_empty(), "{network:?}");
    }
    let mut model = penalties(9, NetState { ready: 5, ..FREE });
    let _ = update(&mut model, at(600), Msg::Woken);
    assert_eq!(wake_at(&model), Some(3_600), "the budget fills again");
    let later = update(&mut model, at(6_000), Msg::Woken);
    assert_eq!(asked(&later).len(), 3);
}

#[test]
fn names_of_rows_that_are_loaded_cost_no_request_and_no_other_booking_has_them() {
    let mut model = penalties(3, FREE);
    let named = r#"{"booking_id":"BK1","beneficiary":"Zoë Kim","amount":5}"#.to_owned();
    let asked_rows = press(&mut model, "1 r");
    for (ticket, _, request) in fetches(&asked_rows) {
        let Request::List(query) = request else { panic!("{request:?}") };
        let answer = Msg::Answered(ticket, Ok(page(&query, std::slice::from_ref(&named))));
        let _ = update(&mut model, at(0), answer);
    }
    press(&mut model, "4");
    assert_eq!([0, 1, 2].map(|row| owner(&model, row)), ["", "Zoë Kim", ""]);
    let rest = update(&mut model, at(600), Msg::Woken);
    assert_eq!(asked(&rest), ["BK0", "BK2"]);
    answered(&mut model, 700, &rest, None);
    assert_eq!([0, 2].map(|row| owner(&model, row)), ["", ""], "nobody is guessed");
    assert!(fetches(&update(&mut model, at(9_000), Msg::Woken)).is_empty(), "asked once");
}

#[test]
fn a_booking_without_payouts_and_invoices_may_have_a_name_in_its_scheduled_payments() {
    let mut model = penalties(1, FREE);
    let first = update(&mut model, at(600), Msg::Woken);
    let then = answered(&mut model, 700, &first, None);
    let (ticket, _, Request::List(query)) = fetches(&then).remove(0) else { panic!("{then:?}") };
    assert_eq!((query.spec.key, query.pairs()[0].1.as_ref()), ("scheduled", "BK0"));
    // A server that ignores booking_id sends rows of others, too.
    let rows = [
        r#"{"booking_id":"BK9","account_name":"Someone Else"}"#.to_owned(),
        r#"{"booking_id":"BK0","account_name":"Eva Gil"}"#.to_owned(),
    ];
    let answer = Msg::Answered(ticket, Ok(page(&query, &rows)));
    let _ = update(&mut model, at(800), answer);
    assert_eq!(owner(&model, 0), "Eva Gil");
}

#[test]
fn scheduled_payments_are_asked_for_a_name_within_the_budget_too() {
    let mut model = penalties(1, FREE);
    let first = update(&mut model, at(600), Msg::Woken);
    assert_eq!(asked(&first), ["BK0"]);
    let _ = update(&mut model, at(650), Msg::Network(NetState { ready: 5, ..FREE }));
    assert!(fetches(&answered(&mut model, 700, &first, None)).is_empty(), "no room");
    let later = update(&mut model, at(4_000), Msg::Network(FREE));
    let all: Vec<_> = fetches(&later);
    let [(_, Priority::Background, Request::List(query))] = &all[..] else { panic!("{all:?}") };
    assert_eq!((query.spec.key, query.pairs()[0].1.as_ref()), ("scheduled", "BK0"));
    answered(&mut model, 4_100, &later, None);
    assert!(fetches(&update(&mut model, at(9_000), Msg::Woken)).is_empty(), "once");
}

#[test]
fn nothing_is_asked_for_references_that_are_no_bookings() {
    let mut model = loaded(3);
    let _ = update(&mut model, at(0), Msg::Network(FREE));
    let effects = press(&mut model, "5");
    for (ticket, _, request) in fetches(&effects) {
        let Request::List(query) = request else { panic!("{request:?}") };
        let reference = |number| match number {
            6 => "BK7".to_owned(),
            _ => format!("CUST-{number}"),
        };
        let row = |number| {
            format!(r#"{{"id":"{number}","reference_id":"{}","amount":5}}"#, reference(number))
        };
        let rows: Vec<String> = (0..9).map(row).collect();
        let _ = update(&mut model, at(0), Msg::Answered(ticket, Ok(page(&query, &rows))));
    }
    let first = update(&mut model, at(600), Msg::Woken);
    assert_eq!(asked(&first), ["CUST-0", "CUST-1", "CUST-2"], "nobody knows yet");
    let mut later = Vec::new();
    for (ticket, ..) in fetches(&first) {
        let missing = Msg::Answered(ticket, Err(failure(Kind::Missing)));
        later.extend(update(&mut model, at(700), missing));
    }
    assert_eq!(asked(&later), ["BK7"]);
    let _ = press(&mut model, "r");
    let again = update(&mut model, at(9_000), Msg::Woken);
    assert!(!format!("{again:?}").contains("CUST"), "{again:?}");
}

#[test]
fn the_evidence_of_what_is_no_booking_is_the_reason_and_no_request() {
    let mut model = penalties(3, FREE);
    model.cx.no_bookings.insert("BK".to_owned());
    press(&mut model, "t");
    for now in [300, 700, 1_400] {
        assert!(fetches(&update(&mut model, at(now), Msg::Woken)).is_empty(), "{now}");
    }
    let lines = model.top().detail_lines(&model.cx, 60);
    let text: Vec<String> = lines.into_iter().map(|line| line.text).collect();
    assert!(text.join(" ").contains("has no booking with this prefix"), "{text:?}");
}

#[test]
fn the_detail_and_the_evidence_show_the_owner_and_the_names_that_differ() {
    let mut model = penalties(1, FREE);
    let owners = &mut model.cx.owner_lookup.owners;
    for (list, json) in [
        ("transactions", r#"{"booking_id":"BK0","beneficiary":"Ana Ruiz"}"#),
        ("invoices", r#"{"booking_id":"BK0","document_id":"d","invoice_to":"Ruiz SL"}"#),
    ] {
        owners.learn(&[Record::read(Spec::named(list).unwrap(), json)]);
    }
    for keys in ["p", "t"] {
        press(&mut model, keys);
        let lines = model.top().detail_lines(&model.cx, 60);
        let text: Vec<String> =
            lines.iter().map(|line| format!("{} {}", line.label, line.text)).collect();
        assert!(text.contains(&"Owner Ana Ruiz (from payouts)".to_owned()), "{text:?}");
        assert!(text.contains(&" Ruiz SL (from invoices)".to_owned()), "{text:?}");
    }
}

#[test]
fn another_customer_begins_without_names() {
    let mut model = penalties(1, FREE);
    let first = update(&mut model, at(600), Msg::Woken);
    answered(&mut model, 700, &first, Some("Ana Ruiz"));
    assert_eq!(owner(&model, 0), "Ana Ruiz");
    let session = Session { customer: CustomerKey::of_profile("b"), ..model.cx.session.clone() };
    let other = Tui::new(session, PersistedState::default(), (80, 24), at(0));
    let reference = crate::domain::text::Untrusted::new("BK0");
    assert!(other.cx.owner_lookup.owners.of(&reference).is_empty());
    assert!(other.cx.lists.iter().all(|list| list.table.names().get(&reference).is_none()));
}

#[test]
fn what_was_asked_for_a_name_is_the_evidence_of_its_penalty() {
    let mut model = penalties(3, FREE);
    press(&mut model, "t");
    let evidence = update(&mut model, at(300), Msg::Woken);
    answer_all(&mut model, &evidence, 3);
    let mut names = update(&mut model, at(700), Msg::Woken);
    // The booking of the selected row is known; its scheduled payments are requested.
    names.retain(|effect| {
        !matches!(fetches(std::slice::from_ref(effect))[..], [(_, _, Request::List(_))])
    });
    let others = asked(&names);
    assert!(!others.is_empty());
    answered(&mut model, 800, &names, Some("Ana Ruiz"));
    let known = &model.triage().unwrap().evidence.known;
    assert!(others.iter().all(|reference| known.contains_key(reference)), "{others:?}");
}
