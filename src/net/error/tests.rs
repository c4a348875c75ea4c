//! The words of each error on the screen.

use crate::filter::ListQuery;
use crate::list::Spec;
use crate::net::error::*;

fn list() -> Request {
    Request::List(ListQuery::new(Spec::named("penalties").unwrap()))
}

fn said(request: &Request, cause: Cause) -> Failure {
    ApiError::new(request, cause).failure(request)
}

fn refused(status: u16, message: Option<&str>) -> Cause {
    let message = message.map(Untrusted::new);
    Cause::Refused(Refusal { status, message, ..Refusal::default() })
}

#[test]
fn each_error_says_what_failed_why_and_what_to_do() {
    let table = [
        (
            Cause::Transport(TransportError::Timeout),
            (Kind::Passing, Advice::Retry),
            "the server did not respond in time",
        ),
        (refused(503, None), (Kind::Passing, Advice::Retry), "the server has a problem (503)"),
        (
            refused(401, Some("Unauthenticated.")),
            (Kind::Access, Advice::NewToken),
            "the server does not accept the token (401: Unauthenticated.)",
        ),
        (
            refused(403, Some("Access denied. This resource is restricted to customers.")),
            (Kind::Access, Advice::CustomerToken),
            "the server denies access with this token (403: Access denied. This resource is \
             restricted to customers.)",
        ),
        (
            refused(404, None),
            (Kind::Missing, Advice::Check(Check::BaseUrl)),
            "not found at this base URL (404)",
        ),
        (
            Cause::Unreadable(DecodeError::NotJson(3, 7, Untrusted::new("expected value"))),
            (Kind::Unreadable, Advice::RetryOrUpdate),
            "the response is not JSON (line 3, column 7: expected value)",
        ),
        (
            Cause::Unreadable(DecodeError::WrongType("data", "a list", "null")),
            (Kind::Unreadable, Advice::RetryOrUpdate),
            "`data` in the response is null instead of a list",
        ),
    ];
    for (cause, (kind, advice), why) in table {
        let failure = said(&list(), cause);
        let expected = format!("Penalties could not be loaded: {why}");
        assert_eq!((failure.kind, failure.to_string()), (kind, expected));
        assert_eq!(failure.advice, advice);
    }
}

#[test]
fn a_limit_says_which_window_and_when_it_ends() {
    let table = [
        (
            Some(RateWindow::Minute),
            Some(31),
            "rate limit reached (120 requests per minute); it resets in 31 s",
        ),
        (
            Some(RateWindow::Hour),
            Some(65),
            "rate limit reached (120 requests per hour); it resets in 1 min 5 s",
        ),
        (
            Some(RateWindow::Day),
            Some(7_260),
            "rate limit reached (120 requests per day); it resets in 2 h 1 min",
        ),
        (
            Some(RateWindow::Other),
            Some(90_000),
            "rate limit reached (120 requests); it resets in 1 d 1 h",
        ),
        (
            Some(RateWindow::Day),
            Some(3 * 86_400),
            "rate limit reached (120 requests per day); it resets in 3 d",
        ),
        (
            Some(RateWindow::Hour),
            Some(120),
            "rate limit reached (120 requests per hour); it resets in 2 min",
        ),
        (None, None, "rate limit reached (120 requests)"),
    ];
    for (window, resets_in, expected) in table {
        let limited =
            Limited { window, limit: Some(120), resets_in, retry_after: None, said_at: None };
        assert_eq!(said(&list(), Cause::Limited(limited)).why, expected);
    }
}

#[test]
fn the_texts_of_a_422_survive_each_with_its_field() {
    let fields = vec![
        (Untrusted::new("amount_to"), Untrusted::new("must be more")),
        (Untrusted::new("status\u{1b}[2J"), Untrusted::new("un\u{202e}known")),
    ];
    let cause = Cause::Refused(Refusal { status: 422, fields, ..Refusal::default() });
    let failure = said(&list(), cause);
    assert_eq!(failure.kind, Kind::Refused);
    assert_eq!(failure.fields[0], ("amount_to".to_owned(), "must be more".to_owned()));
    assert_eq!(failure.fields[1], ("status\u{fffd}[2J".to_owned(), "un\u{fffd}known".to_owned()));
    assert!(failure.why.contains("amount_to: must be more; status"), "{}", failure.why);
}

#[test]
fn outside_texts_are_sanitized_and_requests_are_named() {
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

#[test]
#[expect(clippy::disallowed_methods, reason = "the sentence is about now")]
fn a_long_limit_says_the_time_of_day_and_a_far_one_the_day() {
    let now = Local::now();
    let said = |window, resets_in| {
        let (limit, said_at) = (Some(9_000), Some(now.timestamp()));
        let limited = Limited {
            window: Some(window),
            limit,
            resets_in: Some(resets_in),
            retry_after: None,
            said_at,
        };
        said(&list(), Cause::Limited(limited)).why
    };
    let at = |seconds: u64, format| {
        let at = now.timestamp() + i64::try_from(seconds).unwrap() + 30;
        let at = DateTime::from_timestamp(at / 60 * 60, 0).unwrap().with_timezone(&Local);
        at.format(format).to_string()
    };
    let soon = said(RateWindow::Day, 3 * 3_600);
    assert!(soon.ends_with(&format!("it resets at {}, in 3 h", at(3 * 3_600, "%H:%M"))), "{soon}");
    let far = said(RateWindow::Month, 9 * 86_400);
    assert!(far.ends_with(&format!("at {}, in 9 d", at(9 * 86_400, "%Y-%m-%d %H:%M"))), "{far}");
    assert!(said(RateWindow::Minute, 31).ends_with("it resets in 31 s"));
}

#[test]
fn fifty_messages_are_a_sentence_of_a_few() {
    let field = |at: u32| (Untrusted::new(format!("f{at}")), Untrusted::new("is wrong"));
    let cause = Cause::Refused(Refusal {
        status: 422,
        fields: (0..50).map(field).collect(),
        ..Refusal::default()
    });
    let failure = said(&list(), cause);
    assert!(failure.why.contains("f2: is wrong; … and 47 more"), "{}", failure.why);
    assert!(!failure.why.contains("f3") && failure.fields.len() == 50, "each still at its field");
}

#[test]
fn a_proxy_is_named_without_its_password_in_whatever_failed_on_the_way() {
    use crate::net::transport::Distrust;
    let through = |error| {
        let error = TransportError::Through(Box::new(error), "proxy:3128".to_owned());
        said(&list(), Cause::Transport(error))
    };
    let table = [
        (
            TransportError::Connect("connection refused".to_owned()),
            "could not connect through the proxy proxy:3128 (connection refused)",
            Advice::Check(Check::Proxy),
        ),
        (
            TransportError::ProxyAuth,
            "the proxy proxy:3128 requires a user name and a password (407)",
            Advice::Check(Check::ProxyPassword),
        ),
        (
            TransportError::ProxyRefused,
            "the proxy proxy:3128 refused to connect to the server",
            Advice::Check(Check::ProxyPermission),
        ),
        (
            TransportError::Timeout,
            "the server did not respond in time, through the proxy proxy:3128",
            Advice::Retry,
        ),
        (
            TransportError::Certificate(Distrust::UnknownAuthority),
            "",
            Advice::Check(Check::TrustedAuthorities),
        ),
    ];
    for (error, why, advice) in table {
        let failure = through(error);
        assert!(failure.why.contains(why), "{failure}");
        assert_eq!(failure.advice, advice, "{failure}");
    }
}
