//! Each read of the documents against the sandbox over real HTTP.

use std::collections::BTreeSet;

use valora::filter::ListQuery;
use valora::list::Host;
use valora::list::record::Record;
use valora::net::request::Request;
use valora::payments::fields::Fields;
use valora::payments::request::PaymentsRequest;
use valora::payments::request::Tin;
use valora::payments::response::Response as PaymentsResponse;
use valora::sandbox::Special;

use crate::common::filtered;
use crate::server::{Server, side, spec, text};

fn ids(rows: &[Record]) -> Vec<String> {
    rows.iter().map(|row| row.text("id").unwrap().shown().into_owned()).collect()
}

async fn all(server: &Server, query: &ListQuery, per_page: u32) -> Vec<Record> {
    let mut rows = Vec::new();
    for number in 1.. {
        let page = server.page(&query.clone().page(number, per_page)).await;
        rows.extend(page.rows);
        if page.last.is_some_and(|last| last <= number) {
            assert_eq!(page.total, Some(rows.len() as u64));
            break;
        }
    }
    rows
}

#[tokio::test]
async fn tenant_payments_come_page_by_page_each_once() {
    let server = Server::start(false).await;
    let rows = all(&server, &ListQuery::new(spec()), 500).await;
    let unique: BTreeSet<_> = ids(&rows).into_iter().collect();
    assert!(rows.len() > 1_000 && unique.len() == rows.len());
    let asked = server.sandbox.requests();
    assert_eq!(asked[0].path, "/payments-api/payments");
    assert_eq!(asked[0].query, "page=1&itemsPerPage=500");
}

#[tokio::test]
async fn each_filter_and_the_order_are_the_servers() {
    let server = Server::start(false).await;
    let first = server.page(&ListQuery::new(spec()).page(1, 1)).await.rows.remove(0);
    let value = |name: &str| first.text(name).unwrap().expose_raw().to_owned();
    for (param, field) in [
        ("sourceRefCode", "sourceRefCode"),
        ("sourceId", "sourceId"),
        ("bookingId", "sourceId"),
        ("type", "type"),
    ] {
        let query = filtered(spec(), &[(param, &value(field))]);
        let rows = server.page(&query).await.rows;
        assert!(!rows.is_empty(), "{param}");
        assert!(rows.iter().all(|row| row.text(field) == first.text(field)), "{param}");
    }
    let query = filtered(spec(), &[("userId", "nobody")]);
    let nobody = server.page(&query).await;
    assert_eq!((nobody.rows.len(), nobody.total, nobody.last), (0, Some(0), Some(1)));
    for (order, is_sorted) in [("ASC", true), ("DESC", false)] {
        let query = filtered(spec(), &[("sortBy", "amount"), ("sortType", order)]);
        let rows = server.page(&query).await.rows;
        let mut amounts: Vec<_> = rows.iter().map(|row| row.minor("amount").unwrap()).collect();
        if !is_sorted {
            amounts.reverse();
        }
        assert!(amounts.is_sorted(), "{order}");
    }
    let query = filtered(spec(), &[("sortBy", "moon")]);
    let request = Request::List(query);
    let failure = server.send(&request).await.unwrap_err().failure(&request);
    let field = ("sortBy".to_owned(), "The input was not found in the haystack".to_owned());
    assert_eq!(failure.fields, [field]);
}

#[tokio::test]
async fn payments_belong_to_the_bookings_of_the_customer_api() {
    let server = Server::start(false).await;
    let reference = server.sandbox.known().one(Special::HundredRows).to_owned();
    let query = filtered(spec(), &[("sourceRefCode", &reference)]);
    let rows = all(&server, &query, 50).await;
    assert!(rows.len() > 100, "more than one page");
    assert!(rows.iter().all(|row| row.booking().unwrap().shown() == reference));
}

#[tokio::test]
async fn a_payment_has_its_views_its_holder_and_its_stream() {
    let server = Server::start(false).await;
    let row = server.page(&ListQuery::new(spec()).page(2, 1)).await.rows.remove(0);
    let id = || row.text("id").unwrap().expose_raw().to_owned();
    let block = server.object(PaymentsRequest::Block(id())).await;
    assert!(block.flag("isBlocked").is_some());
    let public = server.object(PaymentsRequest::Public(id())).await;
    assert_eq!(public.minor("amount"), row.minor("amount"));
    let admin = server.object(PaymentsRequest::Admin(id())).await;
    assert_eq!(text(&admin, "sourceRefCode"), row.booking().unwrap().shown());
    let holder =
        server.object(PaymentsRequest::Holder(text(&admin, "originPaymentHolderId"))).await;
    assert_eq!(holder.list("paymentMethods").len(), 2);
    server.object(PaymentsRequest::Holder(text(&admin, "targetPaymentHolderId"))).await;
    let PaymentsResponse::Events(events) = server.told(PaymentsRequest::Stream(id())).await else {
        panic!("events")
    };
    assert_eq!(events[0].happened(), "payment created");
    let numbers: Vec<_> = events.iter().map(|event| event.number().unwrap()).collect();
    assert!(numbers.is_sorted());
    let last = numbers[numbers.len() - 1];
    let PaymentsResponse::Events(window) =
        server.told(PaymentsRequest::Events(numbers[0], last)).await
    else {
        panic!("events")
    };
    assert_eq!(window, events);
}

#[tokio::test]
async fn accounts_properties_methods_stripe_and_currencies() {
    let server = Server::start(false).await;
    let (landlord, account) = server.sandbox.payments_ids();
    let PaymentsResponse::Rows(accounts) = server.told(PaymentsRequest::MyAccounts(1)).await else {
        panic!("rows")
    };
    assert_eq!(accounts.rows.len(), 4);
    let sound = |row: &&Fields| {
        row.text("iban").is_some_and(|it| valora::payments::iban::is_sound(it.expose_raw()))
    };
    assert_eq!(accounts.rows.iter().filter(|row| sound(row)).count(), 3, "one was mistyped");
    assert_eq!(text(&accounts.rows[0], "id"), account);
    let mine = server.told(PaymentsRequest::MyProperties(account.clone())).await;
    assert_eq!(mine, server.told(PaymentsRequest::AccountProperties(account.clone())).await);
    let PaymentsResponse::Properties(properties) = mine else { panic!("properties") };
    let property = properties[0].expose_raw().to_owned();
    let one = server.object(PaymentsRequest::Account(account.clone())).await;
    assert_eq!(
        one,
        server.object(PaymentsRequest::AccountOfProperty(landlord.clone(), property)).await
    );
    assert_eq!(one, server.object(PaymentsRequest::DefaultAccount(landlord.clone())).await);
    let stripe = server.object(PaymentsRequest::Stripe(landlord)).await;
    assert_eq!(text(&stripe, "status"), "RestrictedSoon");
    let PaymentsResponse::Rows(methods) = server.told(PaymentsRequest::Methods(1)).await else {
        panic!("rows")
    };
    assert_eq!((methods.rows.len(), methods.next), (3, None));
    let finance = server.object(PaymentsRequest::BankAccount(account)).await;
    assert_eq!(finance.text("iban"), one.text("iban"));
    let holder = server.object(PaymentsRequest::AccountHolder).await;
    assert_eq!(holder.object("bankAccount").unwrap().text("iban"), one.text("iban"));
    let PaymentsResponse::Rows(currencies) = server.told(PaymentsRequest::Currencies(1)).await
    else {
        panic!("rows")
    };
    assert_eq!(text(&currencies.rows[5], "symbol"), "Kč");
}

#[tokio::test]
async fn a_tax_number_is_checked_by_the_only_post() {
    let server = Server::start(false).await;
    let tin = |number: &str, business: &str| {
        PaymentsRequest::Tin(Tin {
            number: valora::domain::text::Untrusted::new(number),
            country: "ES".to_owned(),
            business: business.to_owned(),
        })
    };
    assert_eq!(server.told(tin("27484819A", "individual")).await, PaymentsResponse::Valid(true));
    assert_eq!(server.told(tin("27484819B", "individual")).await, PaymentsResponse::Valid(false));
    let why = server.why(tin("27484819A", "")).await;
    assert!(why.contains("businessType: Value is required and can't be empty"), "{why}");
    let methods: Vec<_> = server.sandbox.requests().into_iter().map(|it| it.method).collect();
    assert_eq!(methods, ["POST"; 3]);
}

#[tokio::test]
async fn tokens_are_bare_and_each_is_good_for_its_own_server() {
    let server = Server::start(false).await;
    let tokens = server.sandbox.payments_tokens();
    let list = Request::List(ListQuery::new(spec()));
    let stranger = side(Host::Payments, &server.sandbox.payments_url(), tokens.finance);
    let failure = stranger.send(&list).await.unwrap_err().failure(&list);
    assert!(failure.why.ends_with("(401: Unauthorized: Unauthorized user)"), "{failure}");
    let user = side(Host::Payments, &server.sandbox.payments_url(), tokens.user);
    assert!(user.send(&list).await.is_ok());
    let admin = Request::Payments(PaymentsRequest::Admin("x".to_owned()));
    let failure = user.send(&admin).await.unwrap_err().failure(&admin);
    assert!(failure.why.ends_with("(403: Forbidden Access: The access is forbidden)"), "{failure}");
    let why = server.why(PaymentsRequest::Admin("x".to_owned())).await;
    assert!(why.contains("(404: Not Found: The resource was not found)"), "{why}");
}
