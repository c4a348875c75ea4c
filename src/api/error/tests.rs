//! What a screen says of each error.

use super::*;
use crate::query::ListQuery;
use crate::resource::Spec;

fn list() -> Request {
    Request::List(ListQuery::new(Spec::named("penalties").unwrap()))
}

fn said(request: &Request, cause: Cause) -> Failure {
    ApiError::new(request, cause).failure(request)
}

fn refused(status: u16, message: Option<&str>) -> Cause {
    let message = message.map(Untrusted::new);
    Cause::Refused(Refusal {
        status,
        message,
        retry_after: None,
        no_such_booking: false,
        fields: Vec::new(),
    })
}

#[test]
fn each_error_says_what_failed_why_and_what_to_do() {
    let table = [
        (
            Cause::Transport(TransportError::Timeout),
            Kind::Passing,
            "Penalties could not be loaded: the server did not answer in time; \
             press r to try again",
        ),
        (
            refused(503, None),
            Kind::Passing,
            "Penalties could not be loaded: the server has a problem (503); press r to try again",
        ),
        (
            refused(401, Some("Unauthenticated.")),
            Kind::Access,
            "Penalties could not be loaded: the server does not accept the token (401: \
             Unauthenticated.); it may be revoked, replaced or of another environment: valora auth \
             login keeps a new one, and r reads it again",
        ),
        (
            refused(403, Some("Access denied. This resource is restricted to customers.")),
            Kind::Access,
            "Penalties could not be loaded: the server does not allow this to the token (403: \
             Access denied. This resource is restricted to customers.); this needs a customer's \
             token, vl_ for production or sd_ for the sandbox: r tries it again, another one needs \
             a new start",
        ),
        (
            refused(404, None),
            Kind::Missing,
            "Penalties could not be loaded: not found at this base URL (404); check the base URL \
             that valora was started with, or press r",
        ),
        (
            Cause::Unreadable(Unreadable::NotJson(3, 7, Untrusted::new("expected value"))),
            Kind::Unreadable,
            "Penalties could not be loaded: the answer is not JSON (line 3, column 7: expected \
             value); press r to try again; if it stays, the API has changed",
        ),
        (
            Cause::Unreadable(Unreadable::WrongType("data", "a list", "null")),
            Kind::Unreadable,
            "Penalties could not be loaded: `data` in the answer is null instead of a list; press \
             r to try again; if it stays, the API has changed",
        ),
    ];
    for (cause, kind, expected) in table {
        let failure = said(&list(), cause);
        assert_eq!((failure.kind, failure.to_string().as_str()), (kind, expected));
    }
}

#[test]
fn a_limit_says_which_window_and_when_it_ends() {
    let table = [
        (
            Some(Span::Minute),
            Some(31),
            "the limit of 120 requests a minute is spent; it resets in 31 s",
        ),
        (
            Some(Span::Hour),
            Some(65),
            "the limit of 120 requests an hour is spent; it resets in 1 min 5 s",
        ),
        (
            Some(Span::Day),
            Some(7_260),
            "the limit of 120 requests a day is spent; it resets in 2 h 1 min",
        ),
        (
            Some(Span::Other),
            Some(90_000),
            "the limit of 120 requests is spent; it resets in 1 d 1 h",
        ),
        (None, None, "the limit of 120 requests is spent"),
    ];
    for (span, resets_in, expected) in table {
        let limited = Limited { span, limit: Some(120), resets_in, retry_after: None };
        assert_eq!(said(&list(), Cause::Limited(limited)).why, expected);
    }
}

#[test]
fn the_texts_of_a_422_survive_each_with_its_field() {
    let fields = vec![
        (Untrusted::new("amount_to"), Untrusted::new("must be more")),
        (Untrusted::new("status\u{1b}[2J"), Untrusted::new("un\u{202e}known")),
    ];
    let cause = Cause::Refused(Refusal {
        status: 422,
        message: None,
        retry_after: None,
        no_such_booking: false,
        fields,
    });
    let failure = said(&list(), cause);
    assert_eq!(failure.kind, Kind::Refused);
    assert_eq!(failure.fields[0], ("amount_to".to_owned(), "must be more".to_owned()));
    assert_eq!(failure.fields[1], ("status\u{fffd}[2J".to_owned(), "un\u{fffd}known".to_owned()));
    assert!(failure.why.contains("amount_to: must be more; status"), "{}", failure.why);
}

#[test]
fn outside_texts_are_sanitised_and_requests_are_named() {
    let booking = Request::Booking("BK\u{1b}]0;1".to_owned());
    let failure = said(&booking, refused(500, Some("a\u{1b}b\nc")));
    assert_eq!(failure.what, "Booking BK\u{fffd}]0;1 could not be loaded");
    assert_eq!(failure.why, "the server has a problem (500: a\u{fffd}b c)");
    let connection = Request::Connection("debtors");
    assert_eq!(said(&connection, Cause::Offline).what, "The connection test of debtors failed");
    let error = ApiError::new(&connection, refused(500, None));
    assert_eq!(
        (error.status(), error.to_string().as_str()),
        (Some(500), "debtors: the server has a problem (500)")
    );
}
