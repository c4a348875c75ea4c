//! The requests that follow from answers, and the lines of the answers.

use super::*;
use crate::domain::failure::{Advice, Kind};
use crate::payments::response;

pub(super) const BOTH: Hosts = Hosts { payments: true, finance: true };

pub(super) fn failure() -> Failure {
    Failure {
        kind: Kind::Access,
        what: "The full view could not be loaded".to_owned(),
        why: "Payments denies access with this token (403)".to_owned(),
        advice: Advice::None,
        fields: Vec::new(),
    }
}

pub(super) fn take(report: &mut Report, request: &Request, json: &str) -> Vec<Request> {
    report.accept(request, Ok(response::read(request, json).unwrap()))
}

pub(super) fn text(report: &Report, is_revealed: bool) -> String {
    let lines = report.lines(is_revealed);
    let lines: Vec<_> = lines.iter().map(|line| format!("{}|{}", line.label, line.text)).collect();
    lines.join("\n") + "\n"
}

pub(super) fn id() -> String {
    "46a1".to_owned()
}

#[test]
fn the_public_view_is_asked_for_where_the_full_one_is_refused() {
    let known = Fields::read(r#"{"amount":7899,"currencyCode":"EUR","reference":"fee"}"#);
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
    assert_eq!(follow, [Request::MyAccounts(2), Request::MyProperties("a".to_owned())]);
    take(&mut report, &follow[1], r#"{"sah:propertyIds":["67882","99721"]}"#);
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

pub(super) fn missing() -> Failure {
    let why = "Payments could not find this (404)";
    Failure::new(Kind::Missing, "The bank account could not be loaded", why, Advice::CheckId)
}

#[test]
fn a_plain_array_goes_on_until_an_empty_or_a_repeated_page_and_repeats_are_dropped() {
    let page = |ids: &[u8]| {
        let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":"{id}","iban":"x"}}"#)).collect();
        format!("[{}]", rows.join(","))
    };
    for end in [page(&[]), page(&[1, 2]), page(&[4, 5])] {
        let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
        let follow = take(&mut report, &Request::MyAccounts(1), &page(&[1, 2, 1]));
        let properties = |id: &str| Request::MyProperties(id.to_owned());
        assert_eq!(follow, [Request::MyAccounts(2), properties("1"), properties("2")]);
        take(&mut report, &Request::MyAccounts(2), &page(&[2, 3]));
        take(&mut report, &Request::MyAccounts(3), &page(&[4, 5]));
        assert!(take(&mut report, &Request::MyAccounts(4), &end).is_empty(), "{end}");
        let shown = text(&report, false);
        assert_eq!(shown.matches("|Bank account ").count(), 5, "{shown}");
        let list = &report.to_json(false)[0];
        assert_eq!(list["result"]["answer"].as_array().unwrap().len(), 5, "{list}");
        assert!(report.incomplete().is_empty() && report.list_failure().is_none());
    }
}

#[test]
fn a_page_that_fails_after_others_is_never_silent() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    take(&mut report, &Request::MyAccounts(1), r#"[{"id":"1"}]"#);
    report.accept(&Request::MyAccounts(2), Err(failure()));
    let expected =
        "Bank accounts: only the first 1 loaded. Payments denies access with this token (403)";
    assert_eq!(report.incomplete(), [expected]);
    assert_eq!(report.list_failure(), Some(Kind::Access));
    let list = &report.to_json(false)[0]["result"];
    assert_eq!(
        (list["answer"].as_array().unwrap().len(), &list["error"]),
        (1, &failure().why.into())
    );
}

#[test]
fn the_example_of_payment_methods_is_three_of_twenty() {
    let example = include_str!("../../../tests/payments/documents/payment-methods.json");
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    assert_eq!(take(&mut report, &Request::Methods(1), example), [Request::Methods(2)]);
    assert!(report.incomplete().is_empty(), "it is not loaded yet");
    assert!(take(&mut report, &Request::Methods(2), example).is_empty());
    let shown = text(&report, false);
    assert_eq!(shown.matches("Paypal").count(), 1, "{shown}");
    assert!(shown.contains("|Payment methods: 3 of 20 loaded\n"), "{shown}");
    assert_eq!(report.incomplete(), ["Payment methods: 3 of 20 loaded"]);
    let all = report.to_json(false);
    let list = all.as_array().unwrap().iter().find(|it| it["total"] == 20).unwrap();
    assert_eq!(list["result"]["answer"].as_array().unwrap().len(), 3);
}

#[test]
fn a_payment_that_does_not_exist_is_one_failure_though_its_stream_is_an_answer() {
    let (mut report, requests) = Report::begin(Subject::Payment(id()), None, BOTH);
    for request in &requests {
        match request {
            Request::Stream(_) => take(&mut report, request, r#"{"events":[]}"#),
            _ => report.accept(request, Err(missing())),
        };
    }
    let failure = report.failure().unwrap();
    let expected = "Payment 46a1 was not found: Payments could not find this (404)";
    assert_eq!((failure.kind, failure.to_string().as_str()), (Kind::Missing, expected));
    assert_eq!(text(&report, false), format!("|Payment\n|✗ {expected}\n"));
    // Events of a stream without a payment are shown.
    let event = r#"{"events":[{"id":"1","typeName":"x.payment_paid"}]}"#;
    take(&mut report, &Request::Stream(id()), event);
    assert!(report.failure().is_none() && text(&report, false).contains("payment paid"));
}

#[test]
fn a_payment_from_the_list_has_its_reference_and_opens_the_one_it_refers_to() {
    let known = Fields::read(r#"{"id":"46a1","amount":7899,"currencyCode":"EUR"}"#);
    let (mut report, requests) = Report::begin(Subject::Payment(id()), known, BOTH);
    assert_eq!(requests.last(), Some(&Request::Public(id())));
    take(&mut report, &Request::Public(id()), r#"{"id":"46a1","reference":"spotahome fee"}"#);
    take(&mut report, &Request::Admin(id()), r#"{"id":"46a1","referencePaymentId":"c7e7"}"#);
    let lines = report.lines(false);
    assert!(lines.iter().any(|it| it.label == "Reference" && it.text == "spotahome fee"));
    let refers = lines.iter().find(|it| it.label == "Refers to").unwrap();
    assert_eq!(refers.opens, Some(Opens::Payment("c7e7".to_owned())));
}

#[test]
fn the_ids_of_holder_and_method_are_shown_where_the_holder_is_not_known() {
    let (mut report, _) = Report::begin(Subject::Payment(id()), None, BOTH);
    let admin = r#"{"originPaymentHolderId":"h1","originPaymentMethodId":"m1",
        "targetPaymentMethodId":"m2"}"#;
    let follow = take(&mut report, &Request::Admin(id()), admin);
    assert!(!text(&report, false).contains("Holder id"), "it is still loading");
    report.accept(&follow[0], Err(failure()));
    let shown = text(&report, false);
    for line in ["Holder id|h1\nMethod id|m1\n", "|Paid to\nMethod id|m2\n"] {
        assert!(shown.contains(line), "{shown}");
    }
    take(
        &mut report,
        &follow[0],
        r#"{"name":"John","paymentMethods":[{"id":"m9","type":"card"}]}"#,
    );
    let shown = text(&report, false);
    assert!(shown.contains("Method id|m1, not among the holder's methods\n"), "{shown}");
    for methods in ["", r#","paymentMethods":null"#, r#","paymentMethods":[{"type":"card"}]"#] {
        take(&mut report, &follow[0], &format!(r#"{{"name":"John"{methods}}}"#));
        let shown = text(&report, false);
        assert!(shown.contains("Method id|m1\n"), "{methods}: {shown}");
    }
}

#[test]
fn an_account_of_one_server_is_no_failure_of_the_other() {
    let of = |finds: &Request, json: &str| {
        let (mut report, requests) = Report::begin(Subject::Bank("a".to_owned()), None, BOTH);
        for request in &requests {
            match request {
                request if request == finds => take(&mut report, request, json),
                _ => report.accept(request, Err(missing())),
            };
        }
        text(&report, false)
    };
    let account = |request: fn(String) -> Request| request("a".to_owned());
    let shown = of(&account(Request::BankAccount), r#"{"iban":"ES9121000418450200051332"}"#);
    assert!(shown.contains("|Payments has no account with this id\n"), "{shown}");
    assert!(
        shown.contains("|Bank account in the Payments and Finance API\n") && !shown.contains('✗'),
        "{shown}"
    );
    let shown = of(&account(Request::Account), r#"{"id":"a"}"#);
    assert!(shown.contains("|Payments and Finance has no account with this id\n"), "{shown}");
    assert_eq!(shown.matches('✗').count(), 1, "only its properties, from the same server: {shown}");
}

#[test]
fn a_stripe_status_is_the_word_of_the_document() {
    for word in ["Enabled", "Restricted", "RestrictedSoon", "Other", "Brand new"] {
        let (mut report, requests) = Report::begin(Subject::Stripe("l".to_owned()), None, BOTH);
        let json = format!(r#"{{"landlordId":"l","accountId":"a","status":"{word}"}}"#);
        take(&mut report, &requests[0], &json);
        assert_eq!(text(&report, false), format!("Status|{word}\nAccount|a\nLandlord|l\n"));
    }
}

#[test]
fn json_keeps_what_was_received_and_marks_nothing() {
    let (mut report, _) = Report::begin(Subject::Account, None, BOTH);
    let accounts = r#"[{"id":"a","iban":"ES9121000418450200051333"}]"#;
    take(&mut report, &Request::MyAccounts(1), accounts);
    for (is_revealed, iban) in
        [(true, "ES9121000418450200051333"), (false, "ES•• •••• •••• •••• •••• 1333")]
    {
        let list = &report.to_json(is_revealed)[0];
        assert_eq!(list["result"]["answer"][0]["iban"], iban);
        assert_eq!(list["request"], "me/bank-account-details");
    }
    let feed = Subject::Events(super::super::subject::Feed::from(1));
    let (mut report, requests) = Report::begin(feed, None, BOTH);
    let events =
        r#"{"events":[{"id":"x7","typeName":"a","occurredOn":"2018-05-30T14:37:23+982300"}]}"#;
    take(&mut report, &requests[0], events);
    let event = &report.to_json(false)[0]["result"]["answer"][0];
    assert_eq!((&event["id"], &event["at"]), (&"x7".into(), &"2018-05-30 14:37:23.982300Z".into()));
}
