//! Each error of the contract, from real misuse where the client can be made to, else from a fault.

use valora::net::error::ApiError;

use valora::net::error::Cause;

use valora::net::error::Limited;

use valora::domain::failure::{Advice, Check, Kind};
use valora::filter::{FilterTarget, FilterValue, ListQuery};
use valora::list::ALL;
use valora::list::filter::{Filter, FilterKind};
use valora::net::breaker::RateWindow;
use valora::net::error::Refusal;
use valora::net::request::Request;
use valora::sandbox::Options;

use crate::common;
use crate::server::{Server, one_of_each, other_client, tested_paths};

fn refusal(error: &ApiError) -> &Refusal {
    match &error.cause {
        Cause::Refused(refusal) => refusal,
        other => panic!("{other:?} is no refusal"),
    }
}

fn limited(error: &ApiError) -> &Limited {
    match &error.cause {
        Cause::Limited(limited) => limited,
        other => panic!("{other:?} is no limit"),
    }
}

#[tokio::test]
async fn each_status_is_told_as_what_it_is_for_every_endpoint() {
    let table = [
        ("400", 400, Kind::Refused, "could not understand"),
        ("401", 401, Kind::Access, "Unauthenticated."),
        ("403", 403, Kind::Access, "restricted to customers"),
        ("422", 422, Kind::Refused, "The given data was invalid."),
        ("429", 429, Kind::Limited, "rate limit reached (120 requests per minute)"),
        ("500", 500, Kind::Passing, "the server has a problem (500: "),
        ("500-html", 500, Kind::Passing, "the server has a problem (500)"),
        ("502", 502, Kind::Passing, "(502: "),
        ("503", 503, Kind::Passing, "the server has a problem (503: Service Unavailable"),
        ("503-html", 503, Kind::Passing, "the server has a problem (503)"),
        ("504", 504, Kind::Passing, "(504: "),
    ];
    let server = Server::start().await;
    for (fault, status, kind, why) in table {
        server.sandbox.set_faults(vec![format!("{fault}:*").parse().unwrap()]);
        for request in one_of_each() {
            let error = server.error(&request).await;
            let failure = error.failure(&request);
            let place = format!("{fault} on {}: {failure}", request.endpoint());
            assert_eq!((error.status(), failure.kind), (Some(status), kind), "{place}");
            assert!(failure.why.contains(why) && failure.advice != Advice::None, "{place}");
        }
    }
    server.sandbox.set_faults(Vec::new());
    assert!(server.send(&Request::Limits).await.is_ok(), "no error outlives its cause");
}

#[tokio::test]
async fn a_wrong_token_is_unauthenticated_and_an_employee_is_turned_away() {
    let server = Server::start().await;
    let base = server.sandbox.base_url();
    let denied = "Access denied. This resource is restricted to customers.";
    let table = [
        ("sd_0123456789012345678901234567890123456789", 401, "Unauthenticated."),
        ("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", 401, "Unauthenticated."),
        (server.sandbox.employee_token(), 403, denied),
    ];
    for (token, status, message) in table {
        let client = other_client(&base, token);
        for request in one_of_each() {
            let error = client.send(&request).await.expect_err("a refusal");
            let refusal = refusal(&error);
            assert_eq!(refusal.status, status, "{}", request.endpoint());
            assert_eq!(refusal.message.as_ref().unwrap().expose_raw(), message);
            let failure = error.failure(&request);
            assert_eq!(failure.kind, Kind::Access);
            let advice = if status == 401 { Advice::NewToken } else { Advice::CustomerToken };
            assert_eq!(failure.advice, advice, "{failure}");
            assert!(!failure.to_string().contains(token), "a token is never quoted");
        }
    }
}

#[tokio::test]
async fn a_wrong_base_is_not_taken_for_an_empty_list_or_an_unknown_booking() {
    let server = Server::start().await;
    let base = server.sandbox.base_url().replace("/api/v1/c", "/api/v2/customer");
    let client = other_client(&base, server.sandbox.token());
    let lists = ALL.iter().map(|spec| Request::List(ListQuery::new(spec)));
    let tests = tested_paths().into_iter().map(Request::Connection);
    for request in lists.chain(tests).chain([Request::Booking("BK000000".to_owned())]) {
        let error = client.send(&request).await.expect_err("a 404");
        let refusal = refusal(&error);
        assert_eq!((refusal.status, refusal.no_such_booking), (404, false), "{error}");
        let failure = error.failure(&request);
        assert_eq!(failure.kind, Kind::Missing);
        assert_eq!(failure.advice, Advice::Check(Check::BaseUrl), "{failure}");
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_said_at_its_field() {
    let server = Server::start().await;
    // Sent as they are, so that only the server can find the pair wrong.
    for spec in ALL {
        for (kind, low, high) in
            [(FilterKind::Date, "2026-01-01", "2026-02-01"), (FilterKind::Amount, "1", "2")]
        {
            let mut of_kind = spec.filters.iter().filter(|filter| filter.kind == kind);
            let (Some(from), Some(to)) = (of_kind.next(), of_kind.next()) else { continue };
            let raw = |filter: &Filter, typed: &str| {
                FilterValue::new(FilterTarget::Raw(filter.param.to_owned()), typed).unwrap()
            };
            let both = vec![raw(from, high), raw(to, low)];
            let query = ListQuery::with_filters(spec, both, common::today()).unwrap();
            let request = Request::List(query);
            let error = server.error(&request).await;
            let failure = error.failure(&request);
            assert_eq!((refusal(&error).status, failure.kind), (422, Kind::Refused), "{error}");
            let fields: Vec<&str> = failure.fields.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(fields, [to.param], "{}", spec.path);
            assert!(failure.fields.iter().all(|(_, text)| !text.is_empty()), "{failure:?}");
        }
    }
    server.sandbox.set_faults(vec!["422:*".parse().unwrap()]);
    let request = Request::List(ListQuery::new(ALL[0]));
    let fields = server.error(&request).await.failure(&request).fields;
    let expected = [
        ("search", "The search field is invalid."),
        ("per_page", "The per page field is invalid."),
    ];
    assert_eq!(fields, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
}

#[tokio::test]
async fn a_429_names_its_window_and_its_end() {
    let server = Server::with(Options { limit: 2, ..common::options() }).await;
    for _ in 0..2 {
        assert!(server.send(&Request::Limits).await.is_ok());
    }
    for request in one_of_each() {
        let error = server.error(&request).await;
        let limited = limited(&error);
        assert_eq!((limited.window, limited.limit), (Some(RateWindow::Minute), Some(2)));
        assert!(limited.resets_in.is_some_and(|seconds| (1..=60).contains(&seconds)), "{error}");
    }
    let server = Server::start().await;
    for (fault, resets_in, retry_after) in
        [("429", Some(2), None), ("429-retry-after", None, Some(2))]
    {
        server.sandbox.set_faults(vec![format!("{fault}:*").parse().unwrap()]);
        let error = server.error(&Request::Limits).await;
        let limited = limited(&error);
        assert_eq!((limited.resets_in, limited.retry_after), (resets_in, retry_after), "{fault}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_a_passing_failure() {
    let Server { sandbox, client } = Server::start().await;
    sandbox.shutdown().await;
    for request in one_of_each() {
        let error = client.send(&request).await.expect_err("nobody is there");
        assert!(matches!(error.cause, Cause::Transport(_)), "{error}");
        assert_eq!(error.failure(&request).kind, Kind::Passing);
    }
}
