//! Replies by their status, and requests that are never sent.

use std::sync::Arc;

use bytes::Bytes;
use chrono::NaiveDate;

use crate::domain::failure::Failure;
use crate::filter::FilterValue;
use crate::list::Spec;
use crate::list::shape::Shapes;
use crate::net::client::Client;
use crate::net::error::ApiError;
use crate::net::payments::*;
use crate::net::target::Target;
use crate::net::target::Token;
use crate::payments::request::PaymentsRequest;

fn ask() -> Request {
    Request::Payments(PaymentsRequest::Block("8f2dbe69".to_owned()))
}

fn reply(status: u16, body: &str) -> Reply {
    Reply { status, body: Bytes::copy_from_slice(body.as_bytes()), ..Reply::default() }
}

fn failed(status: u16, body: &str) -> Failure {
    let cause = read(&ask(), &reply(status, body), &Shapes::default()).unwrap_err();
    ApiError::new(&ask(), cause).failure(&ask())
}

const UNAUTHORIZED: &str = r#"{"detail":"Unauthorized user","status":401,"title":"Unauthorized",
    "type":"http://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html"}"#;

#[test]
fn a_404_with_a_401_body_is_a_404_and_both_are_said() {
    let failure = failed(404, UNAUTHORIZED);
    assert_eq!(failure.kind, Kind::Missing);
    let why =
        "Payments could not find this (404: Unauthorized: Unauthorized user; the body says 401)";
    assert_eq!(failure.why, why);
    assert_eq!(failed(401, UNAUTHORIZED).kind, Kind::Access);
    assert!(failed(409, UNAUTHORIZED).why.contains("reported a conflict (409: Unauthorized"));
}

#[test]
fn a_path_that_is_gone_is_told_apart_from_a_filter_that_finds_nothing() {
    let spec = Spec::named("payments").unwrap();
    let filter = FilterValue::named(spec, "userId", "nobody").unwrap();
    let filtered = ListQuery::with_filters(spec, vec![filter], NaiveDate::default()).unwrap();
    let (all, second) = (ListQuery::new(spec), ListQuery::new(spec).page(2, 100));
    let why = |query: &ListQuery, status| {
        let request = Request::List(query.clone());
        let cause = read(&request, &reply(status, ""), &Shapes::default()).unwrap_err();
        ApiError::new(&request, cause).failure(&request)
    };
    let missing = why(&all, 404);
    let expected = "Payments no longer has a list of payments, or the base URL is wrong (404";
    assert!(missing.why.starts_with(expected), "{missing}");
    assert_eq!(missing.advice, Advice::Check(Check::BaseUrl));
    assert!(why(&all, 410).why.starts_with("Payments no longer has a list of payments (410"));
    for (query, status, kind) in [
        (&all, 404, Kind::Gone),
        (&all, 410, Kind::Gone),
        (&filtered, 410, Kind::Gone),
        (&filtered, 404, Kind::Missing),
        (&second, 404, Kind::Missing),
    ] {
        assert_eq!(why(query, status).kind, kind, "{status}");
    }
    assert_eq!(failed(410, "").kind, Kind::Missing);
}

#[test]
fn each_documented_problem_shows_title_detail_and_fields() {
    let table = [
        (401, "Unauthorized", "Unauthorized user", Kind::Access),
        (403, "Forbidden Access", "The access is forbidden", Kind::Access),
        (404, "Not Found", "The resource was not found", Kind::Missing),
        (409, "Conflict", "The request could not be completed", Kind::Refused),
        (422, "Unprocessable Entity", "The request was well formed", Kind::Refused),
    ];
    for (status, title, detail, kind) in table {
        let body = format!(
            r#"{{"detail":"{detail}","status":{status},"title":"{title}","type":"x",
            "validationMessages":{{"field":{{"stringLength":"The input is less than 6 characters long"}}}}}}"#
        );
        let failure = failed(status, &body);
        assert_eq!(failure.kind, kind);
        for part in [title, detail, "The input is less than 6 characters long"] {
            assert!(failure.why.contains(part), "{}", failure.why);
        }
        assert_eq!(failure.fields[0].0, "field");
        assert!(!failure.why.contains("the body says"));
    }
}

#[test]
fn bodies_that_are_none_have_a_reason() {
    for (body, words) in [
        ("", "the response is empty"),
        ("<html>", "a web page"),
        (r#"{"a":1 "b":2}"#, "not JSON (line 1, column"),
        ("[]", "a list instead of an object"),
    ] {
        let why = failed(200, body).why;
        assert!(why.contains(words), "{body}: {why}");
    }
    assert_eq!(failed(503, "<html>").why, "Payments has a problem (503)");
    assert_eq!(failed(429, "").kind, Kind::Limited);
}

fn client(host: Host, token: &str) -> Client {
    let target = Target::new("http://127.0.0.1:1", Token::jwt(token).unwrap()).unwrap();
    Client::for_host(host, target).unwrap()
}

#[tokio::test]
async fn a_token_that_has_run_out_is_said_before_anything_is_sent() {
    // {"exp":1500000000}
    let client = client(Host::Payments, "e30.eyJleHAiOjE1MDAwMDAwMDB9.x");
    let error = client.send(&ask()).await.unwrap_err();
    let failure = error.failure(&ask());
    assert_eq!(failure.kind, Kind::Access);
    assert_eq!(failure.why, "the token expired at 2017-07-14 02:40:00Z");
    assert_eq!(failure.advice, Advice::TokenIn("VALORA_PAYMENTS_TOKEN".into()));
}

#[tokio::test]
async fn a_token_goes_to_its_own_server_alone_and_bad_ids_nowhere() {
    let finance = client(Host::Finance, "aa.bb.cc");
    assert_eq!(finance.send(&ask()).await.unwrap_err().cause, Cause::Internal);
    let list = Request::List(ListQuery::new(Spec::named("payments").unwrap()));
    assert_eq!(list.host(), Host::Payments);
    assert_eq!(finance.send(&list).await.unwrap_err().cause, Cause::Internal);
    let dots = Request::Payments(PaymentsRequest::BankAccount("..".to_owned()));
    let cause = finance.send(&dots).await.unwrap_err().cause;
    assert_eq!(
        cause,
        Cause::Unsendable("the id is not valid: it contains spaces, or only dots".to_owned())
    );
}

#[test]
fn no_token_and_no_number_is_in_debug_output() {
    let client = client(Host::Payments, "aa.secret.cc");
    let tin = crate::payments::request::Tin {
        number: crate::domain::text::Untrusted::new("27484819A"),
        country: "ES".to_owned(),
        business: "individual".to_owned(),
    };
    let request = Request::Payments(PaymentsRequest::Tin(tin));
    let answer =
        read(&ask(), &reply(200, r#"{"iban":"ES9121000418450200051332"}"#), &Shapes::default())
            .unwrap();
    let debug = format!("{client:?} {request:?} {answer:?}");
    for hidden in ["secret", "27484819", "2100041845"] {
        assert!(!debug.contains(hidden), "{debug}");
    }
}

#[test]
fn addresses_follow_the_documents() {
    let token = Token::jwt("aa.bb.cc").unwrap();
    assert_eq!(token.bearer(), "aa.bb.cc");
    let target = Target::new("https://payments.spotahome.com", token).unwrap();
    let spec = Spec::named("payments").unwrap();
    let typed = [("sourceRefCode", "R4KDP5-E7"), ("sortBy", "dueDate"), ("sortType", "ASC")];
    let filters = typed.map(|(name, typed)| FilterValue::named(spec, name, typed).unwrap());
    let query = ListQuery::with_filters(spec, filters.into(), NaiveDate::default()).unwrap();
    let table = [
        (
            Request::List(query),
            "/payments?sourceRefCode=R4KDP5-E7&sortBy=dueDate&sortType=ASC&page=1&itemsPerPage=100",
        ),
        (Request::Payments(PaymentsRequest::Events(0, 100)), "/event-store/0/100"),
        (
            Request::Payments(PaymentsRequest::Stream("a/../b?c".to_owned())),
            "/event-store/streams/a%2F..%2Fb%3Fc",
        ),
        (
            Request::Payments(PaymentsRequest::Methods(2)),
            "/payments/payment-methods?page=2&itemsPerPage=100",
        ),
        (Request::Payments(PaymentsRequest::AccountHolder), "/api/landlord/bank-account-holders"),
    ];
    for (request, expected) in table {
        let url = target.url(&request);
        assert_eq!(url.as_str(), format!("https://payments.spotahome.com{expected}"));
    }
}

#[test]
fn what_fails_on_the_way_has_the_advice_of_any_server() {
    use crate::domain::failure::Check;
    use crate::net::transport::TransportError;
    let table = [
        (TransportError::Dns, Kind::Passing, Advice::Check(Check::Network)),
        (TransportError::ProxyAuth, Kind::Passing, Advice::Check(Check::ProxyPassword)),
        (TransportError::TooLarge, Kind::Unreadable, Advice::NarrowFilters),
    ];
    for (error, kind, advice) in table {
        let failure = ApiError::new(&ask(), Cause::Transport(error)).failure(&ask());
        assert_eq!((failure.kind, failure.advice), (kind, advice));
    }
    assert_eq!(failed(200, "<html>").advice, Advice::Check(Check::BaseUrl));
}

#[test]
fn the_wait_after_a_429_is_that_of_the_breaker() {
    for (retry_after, seconds) in [(None, 60), (Some(5), 5), (Some(u64::MAX), 60)] {
        let limited = Limited { retry_after, ..Limited::default() };
        let failure = ApiError::new(&ask(), Cause::Limited(limited)).failure(&ask());
        assert_eq!(failure.advice, Advice::RetryLater { seconds });
    }
}

#[tokio::test]
async fn a_token_that_has_run_out_is_replaced_by_the_next_of_its_source() {
    for (next, is_replaced) in [("aa.bb.cc", true), ("e30.eyJleHAiOjE1MDAwMDAwMDF9.x", false)] {
        let old = Token::jwt("e30.eyJleHAiOjE1MDAwMDAwMDB9.x").unwrap();
        let target = Target::new("http://127.0.0.1:1", old).unwrap();
        let target = target.with_token_refresh(Arc::new(move || Token::jwt(next).ok()));
        let client = Client::for_host(Host::Payments, target).unwrap();
        let cause = client.send(&ask()).await.unwrap_err().cause;
        assert_eq!(matches!(cause, Cause::Transport(_)), is_replaced, "{cause:?}");
        assert_eq!(matches!(cause, Cause::Expired { .. }), !is_replaced, "{cause:?}");
    }
}
