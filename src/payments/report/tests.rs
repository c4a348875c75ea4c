//! The requests that follow from answers, and the lines of the answers.

use super::*;
use crate::domain::failure::{Advice, Kind};
use crate::payments::response;

const BOTH: Hosts = Hosts { payments: true, finance: true };

fn failure() -> Failure {
    Failure {
        kind: Kind::Access,
        what: "The full view could not be loaded".to_owned(),
        why: "Payments denies access with this token (403)".to_owned(),
        advice: Advice::None,
        fields: Vec::new(),
    }
}

fn take(report: &mut Report, request: &Request, json: &str) -> Vec<Request> {
    report.accept(request, Ok(response::read(request, json).unwrap()))
}

fn text(report: &Report, is_revealed: bool) -> String {
    let lines = report.lines(is_revealed);
    let lines: Vec<_> = lines.iter().map(|line| format!("{}|{}", line.label, line.text)).collect();
    lines.join("\n") + "\n"
}

fn id() -> String {
    "46a1".to_owned()
}

#[test]
fn the_public_view_is_asked_for_where_the_full_one_is_refused() {
    let known = Fields::read(r#"{"amount":7899,"currencyCode":"EUR"}"#);
    let (mut report, requests) = Report::begin(Subject::Payment(id()), known, BOTH);
    assert_eq!(requests, [Request::Admin(id()), Request::Block(id()), Request::Stream(id())]);
    assert_eq!(report.accept(&Request::Admin(id()), Err(failure())), [Request::Public(id())]);
    assert!(
        take(&mut report, &Request::Public(id()), r#"{"id":"46a1","status":"CREATED"}"#).is_empty()
    );
    let shown = text(&report, false);
    assert!(
        shown.starts_with("|Payment · public view\nAmount|EUR 78.99\nStatus|CREATED\n"),
        "{shown}"
    );
    assert!(
        shown.contains("✗ The full view could not be loaded: Payments denies access"),
        "{shown}"
    );
    assert!(!report.is_complete() && report.failure().is_none());
}

#[test]
fn holders_follow_from_the_full_view_and_the_timeline_is_in_words() {
    let (mut report, requests) = Report::begin(Subject::Payment(id()), None, BOTH);
    assert_eq!(requests.last(), Some(&Request::Public(id())));
    let admin = r#"{"originPaymentHolderId":"h1","originPaymentMethodId":"m1",
        "targetPaymentHolderId":"h1","sourceRefCode":"12345-3A"}"#;
    let holder = Request::Holder("h1".to_owned());
    assert_eq!(take(&mut report, &Request::Admin(id()), admin), std::slice::from_ref(&holder));
    let body = r#"{"name":"John","defaultPaymentMethodId":"m1",
        "paymentMethods":[{"id":"m1","type":"paypal","provider":"braintree"}]}"#;
    take(&mut report, &holder, body);
    take(
        &mut report,
        &Request::Block(id()),
        r#"{"isBlocked":true,"updatedAt":"2018-02-09T15:13:42+0000"}"#,
    );
    let events = r#"{"events":[
        {"id":"2","typeName":"x.transaction_was_failed","occurredOn":"2024-05-24T14:20:17+00:00",
         "eventBody":"{'failureType': 'dispute_lost', 'failureReason': 'fraudulent'}"},
        {"id":"1","typeName":"x.transaction_was_created","occurredOn":"2024-05-23T21:00:10+00:00",
         "eventBody":{"amount":59488,"provider":"stripe"}}]}"#;
    take(&mut report, &Request::Stream(id()), events);
    let shown = text(&report, false);
    for line in [
        "Block|BLOCKED, as of 2018-02-09 15:13:42Z",
        "Method|paypal at braintree · default · used here",
        "|2024-05-23 21:00:10Z  transaction created · 594.88 · at stripe",
        "|2024-05-24 14:20:17Z  transaction failed · type dispute lost · reason fraudulent",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let created = shown.find("transaction created").unwrap();
    assert!(created < shown.find("transaction failed").unwrap(), "the oldest first");
}

#[test]
fn a_feed_is_newest_first_and_narrowed_by_family_and_text() {
    let events = r#"{"events":[
        {"id":"1","typeName":"x.transaction_was_paid","eventBody":{}},
        {"id":"2","typeName":"x.installment_was_created","eventBody":{"refCode":"G5K956"}},
        {"id":"3","typeName":"x.installment_was_deleted","eventBody":{}}]}"#;
    let shown = |change: fn(&mut super::super::subject::Feed)| {
        let mut feed = super::super::subject::Feed::from(1);
        change(&mut feed);
        let (mut report, requests) = Report::begin(Subject::Events(feed), None, BOTH);
        assert_eq!(requests, [Request::Events(1, 100)]);
        take(&mut report, &requests[0], events);
        text(&report, false)
    };
    let all = shown(|_| ());
    assert!(all.find("     3  ").unwrap() < all.find("     1  ").unwrap(), "{all}");
    let family = shown(|feed| feed.family = Some(super::super::event::Family::Installment));
    assert!(family.contains("2 of 3 events") && !family.contains("transaction paid"), "{family}");
    assert!(shown(|feed| feed.text = Some("g5k956".to_owned())).contains("1 of 3 events"));
}

#[test]
fn pages_are_followed_until_the_server_repeats_itself() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    let page = r#"{"total":20,"_embedded":{"payment-methods":[{"id":"1","text":"Paypal"}]}}"#;
    assert_eq!(take(&mut report, &Request::Methods(1), page), [Request::Methods(2)]);
    assert!(take(&mut report, &Request::Methods(2), page).is_empty());
}

#[test]
fn numbers_are_hidden_in_lines_until_they_are_revealed() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    let accounts =
        r#"[{"id":"a","useAsDefault":true,"iban":"ES9121000418450200051333","tin":"27484819A"}]"#;
    let follow = take(&mut report, &Request::MyAccounts(1), accounts);
    assert_eq!(follow, [Request::MyProperties("a".to_owned())]);
    take(&mut report, &follow[0], r#"{"sah:propertyIds":["67882","99721"]}"#);
    let hidden = text(&report, false);
    assert!(hidden.contains("|Bank account a · default\n"), "{hidden}");
    assert!(hidden.contains("1333 ✗ wrong check digits\n") && hidden.contains("67882, 99721"));
    assert!(!hidden.contains("2100") && !hidden.contains("27484"), "{hidden}");
    let revealed = text(&report, true);
    assert!(revealed.contains("ES91 2100 0418 4502 0005 1333") && revealed.contains("27484819A"));
    let currencies = r#"{"_embedded":{"currencies":[{"label":"EUR","symbol":"€"},{"label":"QQQ","symbol":"?"}]}}"#;
    take(&mut report, &Request::Currencies(1), currencies);
    let shown = text(&report, false);
    assert!(
        shown.contains("EUR  €    Euro, 2 decimals") && shown.contains("not an ISO 4217 code"),
        "{shown}"
    );
}
