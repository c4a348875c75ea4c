//! Each filter of each list narrows to just the rows that fulfil it. What they are is worked out here,
//! on the rows that came without a filter, from nothing but the kind of the filter and its fields.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use valora::filter::ListQuery;
use valora::filter::query::LARGEST_PAGE;
use valora::list::ALL;
use valora::list::Spec;
use valora::list::filter::Filter;
use valora::list::filter::FilterKind;
use valora::list::record::Record;
use valora::list::record::Value;
use valora::net::request::Request;
use valora::sandbox::Shape;

use crate::common;
use crate::server::{Server, texts};

/// The value of a field in the form in which this file compares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Text(String),
    Day(NaiveDate),
    Cents(i64),
}

fn cell(row: &Record, field: &str) -> Option<Cell> {
    match row.value(field) {
        Value::Text(text) => Some(Cell::Text(text.expose_raw().to_owned())),
        Value::Date(day) => Some(Cell::Day(*day)),
        Value::Minor(cents) => Some(Cell::Cents(*cents)),
        Value::Missing | Value::Null | Value::Decimal(_) | Value::Flag(_) | Value::Odd(_) => None,
    }
}

/// Whether a row is to be in the answer; `wanted` is the value that was sent.
fn fulfils(filter: &Filter, row: &Record, wanted: &Cell) -> bool {
    let is_end = filter.param.ends_with("_to");
    filter.over.iter().filter_map(|field| cell(row, field)).any(|cell| match filter.kind {
        FilterKind::Search => match (&cell, wanted) {
            (Cell::Text(text), Cell::Text(part)) => {
                text.to_lowercase().contains(&part.to_lowercase())
            }
            _ => false,
        },
        FilterKind::Exact | FilterKind::OneOf(_) => cell == *wanted,
        FilterKind::Date | FilterKind::Amount if is_end => cell <= *wanted,
        FilterKind::Date | FilterKind::Amount => cell >= *wanted,
    })
}

/// What is sent for a value: amounts are typed in major units, here as short as can be.
fn sent(value: &Cell) -> String {
    match value {
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => day.format("%Y-%m-%d").to_string(),
        Cell::Cents(cents) => {
            let (major, cents) = (cents / 100, cents % 100);
            match cents {
                0 => major.to_string(),
                _ if cents % 10 == 0 => format!("{major}.{}", cents / 10),
                _ => format!("{major}.{cents:02}"),
            }
        }
    }
}

/// Values of the rows that are worth sending: the ends and the middle, and what lies just beyond it.
fn candidates(filter: &Filter, rows: &[Record]) -> Vec<Cell> {
    let mut found = BTreeSet::new();
    for row in rows {
        for value in filter.over.iter().filter_map(|field| cell(row, field)) {
            match (&filter.kind, value) {
                // The API takes no negative amounts.
                (FilterKind::Amount, Cell::Cents(cents)) if cents < 0 => {}
                (FilterKind::Search, Cell::Text(text)) => {
                    found.extend(parts(&text).map(Cell::Text));
                }
                (_, value) => {
                    found.insert(value);
                }
            }
        }
    }
    let found: Vec<Cell> = found.into_iter().collect();
    if let FilterKind::OneOf(_) = filter.kind {
        return found;
    }
    let at = |place: usize| found.get(place).cloned();
    let places = [0, found.len() / 3, found.len() / 2, found.len().saturating_sub(1)];
    let mut chosen: Vec<Cell> = places.into_iter().filter_map(at).collect();
    chosen.extend(found.get(found.len() / 2).and_then(beyond));
    chosen
}

/// The whole of a text, its longest word in capitals, and its last four characters.
fn parts(text: &str) -> impl Iterator<Item = String> {
    let word = text.split_whitespace().max_by_key(|word| word.len()).unwrap_or_default();
    let start = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let end = text.get(start..).unwrap_or_default().trim();
    let all = [text.to_owned(), word.to_uppercase(), end.to_owned()];
    all.into_iter().filter(|part| !part.is_empty())
}

fn beyond(value: &Cell) -> Option<Cell> {
    match value {
        Cell::Text(_) => None,
        Cell::Day(day) => day.checked_add_days(Days::new(1)).map(Cell::Day),
        Cell::Cents(cents) => Some(Cell::Cents(*cents + 1)),
    }
}

async fn narrowed(server: &Server, spec: &'static Spec, set: &[(&str, &Cell)]) -> Vec<String> {
    let typed: Vec<_> = set.iter().map(|(param, value)| (*param, sent(value))).collect();
    let typed: Vec<_> = typed.iter().map(|(param, value)| (*param, value.as_str())).collect();
    let query = common::filtered(spec, &typed);
    texts(&server.rows(&query, LARGEST_PAGE).await)
}

#[tokio::test]
async fn each_filter_gives_just_the_rows_that_fulfil_it() {
    for shape in common::shapes::few_shapes() {
        let server = Server::in_shape(shape).await;
        for spec in common::shapes::lists_of(shape) {
            let all = server.rows(&ListQuery::new(spec), LARGEST_PAGE).await;
            for filter in spec.filters {
                let place = format!("{}?{}", spec.path, filter.param);
                let mut values = candidates(filter, &all);
                // The server's filters are the same in each shape: one value does.
                if shape != Shape::default() {
                    values.drain(..values.len().saturating_sub(1));
                }
                assert!(!values.is_empty(), "{place}: no row has a value to ask for");
                let mut counts = BTreeSet::new();
                for value in &values {
                    let expected = texts(all.iter().filter(|row| fulfils(filter, row, value)));
                    let got = narrowed(&server, spec, &[(filter.param, value)]).await;
                    assert_eq!(got.len(), expected.len(), "{place}={}", sent(value));
                    assert!(
                        got == expected,
                        "{place}={}: other rows, or another order",
                        sent(value)
                    );
                    counts.insert(got.len());
                }
                assert!(counts.last() > Some(&0), "{place}: nothing was ever found");
                // The rows of a sample may be too few to differ.
                let cells =
                    |row| filter.over.iter().map(|field| cell(row, field)).collect::<Vec<_>>();
                let differ = all.iter().map(cells).collect::<BTreeSet<_>>().len() > 1;
                assert!(!differ || counts.first() < Some(&all.len()), "{place} narrows nothing");
            }
        }
    }
}

#[tokio::test]
async fn filters_narrow_together() {
    for shape in common::shapes::few_shapes() {
        let server = Server::in_shape(shape).await;
        for spec in common::shapes::lists_of(shape) {
            let all = server.rows(&ListQuery::new(spec), LARGEST_PAGE).await;
            let value = |filter: &Filter, row: &Record| {
                filter.over.iter().find_map(|field| cell(row, field))
            };
            let complete = |row: &&Record| {
                spec.filters.iter().all(|filter| match value(filter, row) {
                    Some(Cell::Cents(cents)) => cents >= 0,
                    other => other.is_some(),
                })
            };
            let row = all.iter().filter(complete).nth(all.len() / 40).or(all.iter().find(complete));
            let row = row.unwrap_or_else(|| panic!("{}: no row has all values", spec.path));
            let values: Vec<(&Filter, Cell)> = spec
                .filters
                .iter()
                .filter_map(|filter| Some((filter, value(filter, row)?)))
                .collect();
            let expected =
                texts(all.iter().filter(|row| {
                    values.iter().all(|(filter, value)| fulfils(filter, row, value))
                }));
            let set: Vec<(&str, &Cell)> =
                values.iter().map(|(f, value)| (f.param, value)).collect();
            let got = narrowed(&server, spec, &set).await;
            assert!(got.contains(&row.to_json()), "{}: {got:?}", spec.path);
            assert_eq!(got, expected, "{}", spec.path);
        }
    }
}

#[tokio::test]
async fn every_documented_word_is_accepted() {
    let server = Server::start().await;
    for spec in ALL {
        for filter in spec.filters {
            let FilterKind::OneOf(words) = filter.kind else { continue };
            for word in words {
                let query = common::filtered(spec, &[(filter.param, word)]);
                let answer = server.send(&Request::List(query)).await;
                assert!(answer.is_ok(), "{}?{}={word}: {answer:?}", spec.path, filter.param);
            }
        }
    }
}
