//! What is no list: the connection tests, the limits, and the conciliation of a booking.

use std::collections::BTreeSet;

use crate::common;
use strum::VariantArray;
use valora::conciliation::Conciliation;
use valora::conciliation::Figure;
use valora::domain::failure::{Advice, Kind};
use valora::list::ALL;
use valora::list::Spec;
use valora::list::record::{Record, Value};
use valora::net::request::BOOKING_PATH;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::sandbox::{Options, Shape, Special};

use crate::server::{Server, tested_paths};

async fn accepted(server: &Server, path: &'static str) -> BTreeSet<String> {
    let Ok(Response::Connection(connection)) = server.send(&Request::Connection(path)).await else {
        panic!("{path} has no connection test")
    };
    assert_eq!(connection.message.expose_raw(), "You are connected!");
    let names = connection.accepted.iter().map(|(name, _)| name.expose_raw().to_owned());
    assert!(connection.accepted.iter().all(|(_, hint)| !hint.expose_raw().is_empty()));
    names.collect()
}

#[tokio::test]
async fn the_server_accepts_the_filters_that_valora_has_and_no_other() {
    let server = Server::start().await;
    for spec in ALL {
        let own = spec.filters.iter().map(|filter| filter.param);
        let expected: BTreeSet<String> =
            own.chain(["test", "page", "per_page"]).map(str::to_owned).collect();
        assert_eq!(accepted(&server, spec.path).await, expected, "{}", spec.path);
    }
    let expected = BTreeSet::from(["booking_id".to_owned()]);
    assert_eq!(accepted(&server, BOOKING_PATH).await, expected);
    assert_eq!(tested_paths().len(), ALL.len() + 1);
}

#[tokio::test]
async fn the_limits_count_down_with_each_request() {
    let server = Server::with(Options { limit: 120, ..common::options() }).await;
    for asked in 1..4 {
        let Ok(Response::Limits(limits)) = server.send(&Request::Limits).await else {
            panic!("no limits")
        };
        assert!(limits.plan.is_some());
        let [window] = limits.windows.as_slice() else { panic!("{limits:?}") };
        assert_eq!(window.name.expose_raw(), "minute");
        assert_eq!((window.limit, window.remaining), (120, 120 - asked));
        assert!((1..=60).contains(&window.resets_in_seconds));
    }
}

async fn booking(server: &Server, reference: &str) -> Box<Conciliation> {
    match server.send(&Request::Booking(reference.to_owned())).await {
        Ok(Response::Booking(booking)) => booking,
        other => panic!("{reference} gives {other:?}"),
    }
}

#[tokio::test]
async fn the_totals_of_a_balanced_booking_are_the_sums_of_its_rows() {
    for shape in common::shapes::renaming_shapes() {
        let server = Server::in_shape(shape).await;
        let known = server.sandbox.known();
        assert!(!known.all(Special::Balanced).is_empty());
        for reference in known.all(Special::Balanced) {
            let booking = booking(&server, reference).await;
            assert_eq!(booking.reference.expose_raw(), reference);
            assert!(booking.others.is_empty(), "{:?}", booking.others);
            for section in &booking.sections {
                let title = section.kind.title;
                let minors =
                    section.records().iter().map(|row| row.minor(section.kind.spec.amount()));
                let sum: i64 = minors.map(|minor| minor.expect("an amount")).sum();
                let Some(Figure::Minor(total)) = booking.total(section.kind.total) else {
                    panic!("{shape} {title}: no total")
                };
                // The contract leaves the signs of credit notes open.
                assert_eq!(total.abs(), sum.abs(), "{shape} {title}");
                for row in section.records() {
                    // Elsewhere, a field that is null in all rows has no place in them.
                    let is_known = row.extras().is_empty() || shape != Shape::default();
                    assert!(is_known, "{title}: {:?}", row.extras());
                    let fields = row.spec().fields.iter();
                    let odd = fields.filter(|f| matches!(row.value(f.name), Value::Odd(_))).count();
                    assert_eq!(odd, 0, "{title}: {}", row.to_json());
                }
            }
            let made = &booking.sections.last().expect("transactions").records().len();
            let counted = booking.totals.iter().find_map(|total| match total.figure {
                Figure::Number(count) => usize::try_from(count).ok(),
                _ => None,
            });
            assert_eq!(counted, Some(*made));
        }
    }
}

/// The values of each row by documented names, which are in any place and under any key; a status can be
/// the group of its rows, which then come in another order than in a list.
fn by_names(spec: &Spec, rows: &[Record]) -> Vec<Vec<String>> {
    let fields = spec.fields.iter().map(|field| field.name);
    let names: Vec<&str> = spec.identity.iter().copied().chain(fields).collect();
    let value = |row: &Record, name: &str| format!("{name} {:?}", row.value(name));
    let values = |row: &Record| names.iter().map(|name| value(row, name)).collect();
    let mut rows: Vec<Vec<String>> = rows.iter().map(values).collect();
    rows.sort();
    rows
}

#[tokio::test]
async fn the_sections_of_a_booking_are_the_rows_of_its_lists() {
    for shape in common::shapes::renaming_shapes() {
        let server = Server::in_shape(shape).await;
        let known = server.sandbox.known();
        let reference = known.one(Special::Balanced);
        let booking = booking(&server, reference).await;
        for (key, param) in
            [("transactions", "booking_id"), ("penalties", "booking_id"), ("debt", "reference_id")]
        {
            let spec = Spec::named(key).unwrap();
            let query = common::filtered(spec, &[(param, reference)]);
            let listed = by_names(spec, &server.page(&query).await.rows);
            let section =
                booking.sections.iter().find(|s| std::ptr::eq(s.kind.spec, spec)).unwrap();
            assert_eq!(by_names(spec, section.records()), listed, "{shape} {key}");
        }
    }
}

#[tokio::test]
async fn every_booking_of_the_sandbox_can_be_read() {
    let server = Server::start().await;
    for special in Special::VARIANTS {
        let reference = server.sandbox.known().one(*special).to_owned();
        assert_eq!(booking(&server, &reference).await.reference.expose_raw(), reference);
    }
}

#[tokio::test]
async fn an_unknown_booking_is_missing_and_an_empty_reference_is_never_sent() {
    let server = Server::start().await;
    for reference in ["BK000000", "../limits", "no booking & no=thing"] {
        let request = Request::Booking(reference.to_owned());
        let failure = server.error(&request).await.failure(&request);
        assert_eq!(failure.kind, Kind::Missing, "{reference}");
        assert_eq!(failure.advice, Advice::LookUpAnother);
    }
    let sent = server.sandbox.requests().len();
    assert!(server.send(&Request::Booking("  ".to_owned())).await.is_err());
    assert_eq!(server.sandbox.requests().len(), sent);
}
