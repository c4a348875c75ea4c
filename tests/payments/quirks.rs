//! The slips of the documents, served by the sandbox on demand: a client survives each.

use valora::payments::body::Body;
use valora::payments::request::PaymentsRequest;
use valora::payments::response::Response as PaymentsResponse;

use crate::server::{Server, text};

#[tokio::test]
async fn a_404_with_the_body_of_a_401_is_a_404_and_stops_nothing() {
    let server = Server::start(true).await;
    let why = server.why(PaymentsRequest::Block("nothing".to_owned())).await;
    assert!(
        why.contains(
            "could not find this (404: Unauthorized: Unauthorized user; the body says 401)"
        )
    );
    assert!(matches!(server.told(PaymentsRequest::MyAccounts(1)).await, PaymentsResponse::Rows(_)));
}

#[tokio::test]
async fn a_list_without_a_comma_is_an_error_that_names_the_place() {
    let server = Server::start(true).await;
    let why = server.why(PaymentsRequest::Methods(1)).await;
    assert!(why.contains("the response is not JSON (line 1, column"), "{why}");
}

#[tokio::test]
async fn currencies_come_as_an_object_too() {
    let server = Server::start(true).await;
    let PaymentsResponse::Rows(currencies) = server.told(PaymentsRequest::Currencies(1)).await
    else {
        panic!("rows")
    };
    assert_eq!(currencies.rows.len(), 8);
    assert_eq!(text(&currencies.rows[0], "label"), "EUR");
}

#[tokio::test]
async fn every_spelling_of_a_time_and_both_forms_of_a_body_are_read() {
    let server = Server::start(true).await;
    let PaymentsResponse::Events(events) = server.told(PaymentsRequest::Events(1, 200)).await
    else {
        panic!("events")
    };
    assert!(events.len() > 50);
    for event in &events {
        assert!(event.time().len() == 20 && event.time().ends_with('Z'), "{}", event.time());
        assert!(matches!(event.body, Body::Fields(_)), "{:?}", event.body);
    }
    let spelled = |end: &str| {
        let ends = |it: &&valora::payments::event::Event| {
            it.occurred.as_ref().is_some_and(|at| at.expose_raw().ends_with(end))
        };
        events.iter().filter(ends).count()
    };
    for end in ["+982300", ".000Z", "+0000", "+00:00"] {
        assert!(spelled(end) > 0, "{end}");
    }
}
