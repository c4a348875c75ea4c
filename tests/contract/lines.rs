//! The exact request lines, pinned by one snapshot, and the proof that any text survives encoding.

use std::fmt::Write;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use url::form_urlencoded;
use valora::filter::{FilterTarget, FilterValue, ListQuery};
use valora::list::ALL;
use valora::list::Spec;
use valora::list::filter::Filter;
use valora::list::filter::FilterKind;
use valora::net::request::Request;

use crate::common;
use crate::server::{Server, tested_paths};

/// A value of each kind; texts hold all that an address could stumble over.
pub(crate) fn representative(filter: &Filter) -> &'static str {
    match filter.kind {
        FilterKind::Search => "O'Brien & Søn=50%+VAT #1 李",
        FilterKind::Exact => "BK 0&=+%é",
        FilterKind::OneOf(words) => words.last().copied().unwrap_or_default(),
        FilterKind::Date => "2026-02-28",
        FilterKind::Amount => "100.50",
    }
}

/// The line of the last request as it arrived, whatever was answered.
async fn line(server: &Server, request: &Request) -> String {
    let before = server.sandbox.requests().len();
    let _answer = server.send(request).await;
    let arrived = server.sandbox.requests();
    assert_eq!(arrived.len(), before + 1, "one request is one request");
    let last = arrived.last().unwrap();
    let mark = if last.query.is_empty() { "" } else { "?" };
    format!("{} {}{mark}{}", last.method, last.path, last.query)
}

#[tokio::test]
async fn request_lines() {
    let server = Server::start().await;
    let mut lines = String::new();
    for spec in ALL {
        let plain = ListQuery::new(spec).page(3, 500);
        let all: Vec<_> =
            spec.filters.iter().map(|filter| (filter.param, representative(filter))).collect();
        let full = common::filtered(spec, &all);
        for query in [plain, full] {
            writeln!(lines, "{}", line(&server, &Request::List(query)).await).unwrap();
        }
    }
    let booking = Request::Booking("../BK 1&x=2#é".to_owned());
    let tests = tested_paths().into_iter().map(Request::Connection);
    for request in [booking].into_iter().chain(tests).chain([Request::Limits]) {
        writeln!(lines, "{}", line(&server, &request).await).unwrap();
    }
    insta::assert_snapshot!("request_lines", lines);
}

/// The pairs of the last request, decoded by a third party.
fn decoded(server: &Server) -> Vec<(String, String)> {
    let last = server.sandbox.requests().pop().unwrap();
    form_urlencoded::parse(last.query.as_bytes()).into_owned().collect()
}

#[test]
fn any_text_arrives_as_it_was_typed() {
    let runtime = common::runtime();
    let server = runtime.block_on(Server::start());
    let text = prop_oneof![any::<String>(), "[&=+%#?/; '\"\\\\a-zé李]{1,40}"];
    let mut runner = TestRunner::new(Config::with_cases(64));
    let texts: Vec<(&'static Spec, &'static Filter)> = ALL
        .iter()
        .flat_map(|spec| spec.filters.iter().map(|filter| (*spec, filter)))
        .filter(|(_, filter)| matches!(filter.kind, FilterKind::Search | FilterKind::Exact))
        .collect();
    let which = proptest::sample::select(texts);
    let outcome = runner.run(&(text, which), |(text, (spec, filter))| {
        let typed: String = text.chars().filter(|c| !c.is_control()).take(255).collect();
        prop_assume!(!typed.trim().is_empty());
        let value = FilterValue::literal(FilterTarget::Param(filter), &typed).unwrap();
        let query = ListQuery::with_filters(spec, vec![value], NaiveDate::default()).unwrap();
        let sent = query.pairs()[0].1.clone().into_owned();
        // The code of a currency is sent in capitals.
        prop_assume!(filter.param != "currency" || typed.trim().len() != 3);
        prop_assert_eq!(sent, typed.trim());
        let _answer = runtime.block_on(server.send(&Request::List(query.clone())));
        let sent: Vec<(String, String)> =
            query.pairs().iter().map(|(n, v)| ((*n).to_owned(), v.clone().into_owned())).collect();
        prop_assert_eq!(decoded(&server), sent);
        let _answer = runtime.block_on(server.send(&Request::Booking(format!("x{typed}"))));
        prop_assert_eq!(decoded(&server), [("booking_id".to_owned(), format!("x{typed}"))]);
        Ok(())
    });
    outcome.unwrap();
}
