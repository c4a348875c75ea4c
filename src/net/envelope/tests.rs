//! Every body of the contract, and other bodies that a server can send.

use proptest::prelude::*;

use crate::domain::failure::Advice;
use crate::filter::ListQuery;
use crate::list::Spec;
use crate::list::shape::Shapes;
use crate::net::breaker::RateWindow;
use crate::net::envelope::*;
use crate::net::error::ApiError;
use crate::net::error::{Limited, Refusal};
use crate::net::response::Page;

fn list() -> Request {
    Request::List(ListQuery::new(Spec::named("penalties").unwrap()))
}

fn page_of(number: u32) -> Request {
    Request::List(ListQuery::new(Spec::named("penalties").unwrap()).page(number, 100))
}

fn booking() -> Request {
    Request::Booking("BK1".to_owned())
}

fn reply(request: &Request, status: u16, body: &[u8]) -> Result<Response, Cause> {
    let reply = Reply { status, body: body.to_vec().into(), ..Reply::default() };
    read(request, &reply, &Shapes::default())
}

fn page(request: &Request, status: u16, body: &str) -> Page {
    match reply(request, status, body.as_bytes()) {
        Ok(Response::Page(page)) => page,
        other => panic!("{other:?} for {body}"),
    }
}

fn refusal(request: &Request, status: u16, body: &str) -> Refusal {
    match reply(request, status, body.as_bytes()) {
        Err(Cause::Refused(refusal)) => refusal,
        other => panic!("{other:?} for {body}"),
    }
}

fn paged(pagination: &str, data: &str) -> String {
    format!(r#"{{"message": "ok", "pagination": {pagination}, "data": {data}}}"#)
}

#[test]
fn a_page_of_the_contract_is_read_whole() {
    let body = paged(
        r#"{"total": 212, "per_page": 100, "current_page": 1, "last_page": 3, "from": 1, "to": 100}"#,
        r#"[{"booking_id": "BK1", "amount": 100}, {"booking_id": "BK2"}]"#,
    );
    let page = page(&list(), 200, &body);
    assert_eq!((page.rows.len(), page.total, page.current), (2, Some(212), 1));
    assert_eq!((page.last, page.per_page), (Some(3), 100));
    assert_eq!(page.rows[1].booking().unwrap().expose_raw(), "BK2");
}

#[test]
fn one_bad_row_never_costs_the_page() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let rows = format!(r#"[{{"booking_id": "BK1"}}, null, 7, {deep}, {{"amount": {{}}}}]"#);
    let page = page(&list(), 200, &format!(r#"{{"data": {rows}}}"#));
    assert_eq!(page.rows.len(), 5);
    assert_eq!(page.total, None);
}

#[test]
fn bytes_that_are_no_text_cost_only_themselves() {
    let mut body = b"\xEF\xBB\xBF{\"data\": [{\"booking_id\": \"BK\xFF1\"}]}".to_vec();
    assert!(reply(&list(), 200, &body).is_ok());
    body.truncate(20);
    assert!(matches!(
        reply(&list(), 200, &body),
        Err(Cause::Unreadable(DecodeError::NotJson(1, _, _)))
    ));
}

#[test]
fn no_row_is_a_page_with_and_without_pagination() {
    let pagination = r#"{"total": 0, "per_page": 100, "current_page": 1, "last_page": 1, "from": null, "to": null}"#;
    for (status, body) in [200, 404].into_iter().flat_map(|status| {
        let bare = [r#"{"message": "No penalties found.", "data": []}"#, r#"{"data": []}"#];
        bare.map(|body| (status, body.to_owned()))
            .into_iter()
            .chain([(status, paged(pagination, "[]"))])
    }) {
        let page = page(&list(), status, &body);
        let found = (page.rows.len(), page.total, page.last, page.per_page);
        assert_eq!(found, (0, Some(0), Some(1), 100), "{status} {body}");
    }
    for status in [200, 404] {
        let beyond = page(&page_of(7), status, r#"{"message": "none", "data": []}"#);
        assert_eq!((beyond.total, beyond.current, beyond.last), (None, 7, Some(7)));
    }
}

#[test]
fn any_other_404_is_not_an_empty_page() {
    for body in [
        "",
        "<html>Not Found</html>",
        "not found",
        "[]",
        r#"{"message": "The route api/v1/x could not be found."}"#,
        r#"{"data": null}"#,
        r#"{"data": {}}"#,
        r#"{"data": [{"booking_id": "BK1"}]}"#,
    ] {
        let refusal = refusal(&list(), 404, body);
        assert_eq!((refusal.status, refusal.no_such_booking), (404, false), "{body}");
    }
    assert!(!refusal(&Request::Limits, 404, r#"{"data": []}"#).no_such_booking);
}

#[test]
fn rows_in_a_404_tell_nothing_of_the_list() {
    let shapes = Shapes::default();
    let read = |status: u16, body: &str| {
        let reply = Reply { status, body: body.as_bytes().to_vec().into(), ..Reply::default() };
        read(&list(), &reply, &shapes)
    };
    assert!(read(404, r#"{"data": [{"id": "a", "desk": "A"}]}"#).is_err());
    let Ok(Response::Page(page)) = read(200, r#"{"data": [{"id": "a"}]}"#) else { panic!() };
    assert_eq!(page.rows[0].spec().field("desk"), None);
}

#[test]
fn an_unknown_booking_is_told_apart_from_a_wrong_address() {
    for body in [r#"{"message": "Booking not found."}"#, r#"{"message": "x", "data": []}"#] {
        assert!(refusal(&booking(), 404, body).no_such_booking, "{body}");
    }
    for body in
        ["", "<html></html>", r#"{"message": "The route api/v1/x could not be found."}"#, "{}"]
    {
        assert!(!refusal(&booking(), 404, body).no_such_booking, "{body}");
    }
}

#[test]
fn a_200_that_is_not_the_documented_one_is_named() {
    let wrong = |found| DecodeError::WrongType("data", "a list", found);
    let table = [
        ("", DecodeError::Empty),
        (" \n", DecodeError::Empty),
        ("<!doctype html>", DecodeError::Html),
        ("null", DecodeError::WrongType("$", "an object", "null")),
        ("[1]", DecodeError::WrongType("$", "an object", "a list")),
        ("{}", DecodeError::Missing("data")),
        (r#"{"message": "ok"}"#, DecodeError::Missing("data")),
        (r#"{"data": null}"#, wrong("null")),
        (r#"{"data": {"0": {}}}"#, wrong("an object")),
        (r#"{"data": "x"}"#, wrong("a text")),
        (r#"{"data": 3}"#, wrong("a number")),
        (r#"{"data": true}"#, wrong("true or false")),
    ];
    for (body, expected) in table {
        let cause = reply(&list(), 200, body.as_bytes()).unwrap_err();
        assert_eq!(cause, Cause::Unreadable(expected), "{body}");
    }
    let cause = reply(&list(), 200, b"{\n \"data\": [}").unwrap_err();
    assert!(matches!(cause, Cause::Unreadable(DecodeError::NotJson(2, 11, _))), "{cause:?}");
    let cause = reply(&booking(), 200, br#"{"message": "You are connected!"}"#).unwrap_err();
    assert_eq!(cause, Cause::Unreadable(DecodeError::NotConciliation));
}

#[test]
fn rows_of_another_page_or_too_many_are_refused() {
    let other = paged(r#"{"current_page": 1, "last_page": 9}"#, r#"[{"booking_id":"BK1"}]"#);
    let many = paged("{}", &format!("[{}]", vec!["{}"; 20_001].join(",")));
    for (body, why) in [(other, "asked for page 2, got page 1"), (many, "20001 rows")] {
        let text = reply(&page_of(2), 200, body.as_bytes()).unwrap_err().to_string();
        assert!(text.contains(why), "{text}");
    }
}

#[test]
fn a_pagination_that_lies_leads_nowhere() {
    let row = r#"[{"booking_id": "BK1"}]"#;
    // The requested page, pagination, rows; then total, current and last.
    let table = [
        (1, "null", row, (None, 1, None)),
        (1, "[]", row, (None, 1, None)),
        (1, r#"{"total": "212", "last_page": "3"}"#, row, (Some(212), 1, Some(3))),
        (1, r#"{"total": null, "last_page": null}"#, row, (None, 1, None)),
        (1, r#"{"total": 250.0}"#, row, (Some(250), 1, Some(3))),
        (1, r#"{"total": -4, "last_page": -1}"#, row, (None, 1, None)),
        (1, r#"{"last_page": 0}"#, row, (None, 1, Some(1))),
        (1, r#"{"last_page": 18446744073709551615}"#, row, (None, 1, Some(1_000_000))),
        (1, r#"{"last_page": 1e99}"#, row, (None, 1, None)),
        (1, r#"{"total": 3, "last_page": 4000000000}"#, row, (Some(3), 1, Some(1))),
        (1, r#"{"total": 0, "last_page": 9}"#, row, (Some(0), 1, Some(9))),
        (1, r#"{"total": 18446744073709551615}"#, row, (Some(u64::MAX), 1, Some(1_000_000))),
        (5, r#"{"last_page": 900}"#, "[]", (None, 5, Some(5))),
        (5, r#"{"current_page": 3, "last_page": 900}"#, "[]", (None, 5, Some(5))),
        (2, r#"{"current_page": 2, "last_page": 2, "total": 101}"#, row, (Some(101), 2, Some(2))),
        (1, r#"{"per_page": 0, "total": 150}"#, row, (Some(150), 1, Some(2))),
        (1, r#"{"per_page": 4000000000, "total": 150}"#, row, (Some(150), 1, Some(2))),
        (1, r#"{"per_page": 50, "total": 150}"#, row, (Some(150), 1, Some(3))),
    ];
    for (asked, pagination, data, expected) in table {
        let page = page(&page_of(asked), 200, &paged(pagination, data));
        assert_eq!((page.total, page.current, page.last), expected, "{pagination}");
        assert!((1..=500).contains(&page.per_page));
    }
}

#[test]
fn refusals_keep_their_message_and_their_fields() {
    let body = r#"{"message": "The given data was invalid.", "errors":
        {"amount_to": ["too small", "not a number"], "status": "unknown", "x": [], "y": 7}}"#;
    let invalid = refusal(&list(), 422, body);
    assert_eq!(invalid.message.unwrap().shown(), "The given data was invalid.");
    let fields: Vec<_> = invalid
        .fields
        .iter()
        .map(|(field, text)| format!("{}={}", field.shown(), text.shown()))
        .collect();
    assert_eq!(fields, ["amount_to=too small", "amount_to=not a number", "status=unknown"]);
    for status in [400, 401, 403, 409, 418, 500, 503] {
        let message = refusal(&list(), status, r#"{"message": "Unauthenticated."}"#).message;
        assert_eq!(message.unwrap().shown(), "Unauthenticated.");
        for body in ["", "<html>", "[]", r#"{"message": {}}"#, r#"{"message": " "}"#] {
            assert_eq!(refusal(&list(), status, body).message, None, "{body}");
        }
    }
    let long = format!(r#"{{"message": "{}"}}"#, "x".repeat(100_000));
    let kept = refusal(&list(), 500, &long).message.unwrap();
    assert_eq!(kept.expose_raw().len(), 2_000);
}

#[test]
fn a_429_is_read_with_its_window_and_its_header() {
    let whole = r#"{"message": "Rate limit exceeded.", "rate_limit": {"window": "hour",
        "limit": 1000, "used": 1000, "remaining": 0, "resets_in_seconds": "31"}}"#;
    let read = |body: &str, retry_after| {
        let reply =
            Reply { status: 429, retry_after, body: body.to_owned().into(), ..Reply::default() };
        crate::net::envelope::read(&list(), &reply, &Shapes::default()).unwrap_err()
    };
    let limited = Limited {
        said_at: None,
        window: Some(RateWindow::Hour),
        limit: Some(1_000),
        resets_in: Some(31),
        retry_after: Some(9),
    };
    assert_eq!(read(whole, Some(9)), Cause::Limited(limited));
    for body in ["", "<html>", "{}", r#"{"rate_limit": null}"#, r#"{"rate_limit": {"limit": -1}}"#]
    {
        let limited = Limited { retry_after: Some(9), ..Limited::default() };
        assert_eq!(read(body, Some(9)), Cause::Limited(limited), "{body}");
    }
}

#[test]
fn limits_are_read_and_a_window_that_cannot_be_is_left_out() {
    let body = r#"{"message": "ok", "rate_limits": {"audience": "customer",
        "plan": {"id": 1, "name": "Pro", "slug": "pro"}, "limits": [
        {"window": "minute", "limit": 120, "used": 42, "remaining": 78, "resets_in_seconds": 31},
        {"window": "day", "limit": "9000", "used": 10, "remaining": null},
        {"window": "hour"}, {"limit": 3}, null, "x"]}}"#;
    let Ok(Response::Limits(limits)) = reply(&Request::Limits, 200, body.as_bytes()) else {
        panic!("{body}")
    };
    assert_eq!(limits.plan.unwrap().shown(), "Pro");
    let windows: Vec<_> = limits
        .windows
        .iter()
        .map(|w| (w.name.shown().into_owned(), w.limit, w.remaining, w.resets_in_seconds))
        .collect();
    assert_eq!(windows, [("minute".into(), 120, 78, 31), ("day".into(), 9_000, 8_990, 0)]);
    for body in ["{}", r#"{"rate_limits": []}"#, r#"{"rate_limits": {"limits": {}}}"#] {
        assert!(matches!(reply(&Request::Limits, 200, body.as_bytes()), Err(Cause::Unreadable(_))));
    }
}

#[test]
fn a_connection_test_keeps_the_order_of_its_parameters() {
    let request = Request::Connection("penalties");
    let body = r#"{"message": "You are connected!", "accepted_params":
        {"search": "string, optional (x)", "booking_id": "string", "a": 7}}"#;
    let Ok(Response::Connection(connection)) = reply(&request, 200, body.as_bytes()) else {
        panic!("{body}")
    };
    assert_eq!(connection.message.shown(), "You are connected!");
    let names: Vec<_> = connection.accepted.iter().map(|(name, _)| name.expose_raw()).collect();
    assert_eq!(names, ["search", "booking_id", "a"]);
    assert_eq!(connection.accepted[2].1.expose_raw(), "7");
    let empty = br#"{"message": "hi", "accepted_params": []}"#;
    assert!(reply(&request, 200, empty).is_ok());
    assert_eq!(
        reply(&request, 200, b"{}").unwrap_err(),
        Cause::Unreadable(DecodeError::Missing("message"))
    );
}

proptest! {
    #[test]
    fn any_status_with_any_body_gives_an_answer_or_an_error(
        status in 100_u16..600,
        noise in any::<Vec<u8>>(),
        text in ".{0,40}",
        which in 0_usize..6,
    ) {
        let word = serde_json::Value::from(text.as_str());
        let body = match which {
            0 => noise,
            1 => format!(r#"{{"message": {word}, "errors": {{"a": [{word}]}}}}"#).into(),
            2 => format!(r#"{{"data": [{word}], "pagination": {{"total": {word}}}}}"#).into(),
            3 => format!(r#"{{"rate_limit": {{"window": {word}, "limit": {word}}}}}"#).into(),
            4 => format!(r#"{{"totals": {word}}}"#).into(),
            _ => text.clone().into_bytes(),
        };
        for request in [list(), booking(), Request::Limits, Request::Connection("debtors")] {
            let reply = Reply { status, retry_after: Some(1), body: body.clone().into(), ..Reply::default() };
            if let Err(error) = read(&request, &reply, &Shapes::default()) {
                let failure = ApiError::new(&request, error).failure(&request);
                let shown = format!("{failure} {:?}", failure.fields);
                prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
                prop_assert!(!failure.why.is_empty() && failure.advice != Advice::None);
            }
        }
    }
}

#[test]
fn a_page_of_which_no_row_is_one_is_no_page() {
    for (rows, found) in [("[[[]]]", "a list"), ("[null, 7]", "null"), (r#"["x"]"#, "a text")] {
        let query = ListQuery::new(Spec::named("penalties").unwrap());
        let body = format!(r#"{{"message":"m","data":{rows}}}"#).into_bytes();
        let reply = Reply { status: 200, body: body.into(), ..Reply::default() };
        let error = read(&Request::List(query), &reply, &Shapes::default()).unwrap_err();
        let expected = DecodeError::WrongType("data[0]", "an object", found);
        assert_eq!(error, Cause::Unreadable(expected));
    }
}
