//! The example bodies of the two documents, as they are printed there.

use valora::domain::decode::DecodeError;
use valora::list::record::Value;
use valora::list::shape::Shapes;
use valora::payments::account;
use valora::payments::event::Event;
use valora::payments::event::Family;
use valora::payments::fields::Fields;
use valora::payments::hal;
use valora::payments::iban;
use valora::payments::problem::Problem;
use valora::payments::request::PaymentsRequest;
use valora::payments::request::Tin;
use valora::payments::response::Response as PaymentsResponse;
use valora::payments::response::read;
use valora::payments::timestamp;

use crate::server::{spec, text};

macro_rules! document {
    ($name:literal) => {
        include_str!(concat!("documents/", $name))
    };
}

fn id() -> String {
    "8f2dbe69".to_owned()
}

fn object(ask: &PaymentsRequest, body: &str) -> Fields {
    read(ask, body).unwrap().object().unwrap().clone()
}

#[test]
fn the_three_views_of_a_payment() {
    let block = object(&PaymentsRequest::Block(id()), document!("payment.json"));
    assert_eq!(block.flag("isBlocked"), Some(true));
    let at = block.text("updatedAt").unwrap();
    assert_eq!(timestamp::shown(&at), "2018-02-09 15:13:42Z");
    let public = object(&PaymentsRequest::Public(id()), document!("public-payment.json"));
    assert_eq!(public.minor("amount"), Some(22_345));
    assert_eq!(text(&public, "status"), "CREATED");
    let admin = object(&PaymentsRequest::Admin(id()), document!("admin-payment.json"));
    assert_eq!(text(&admin, "sourceRefCode"), "12345-3A");
    assert_eq!(text(&admin, "referencePaymentId"), "`c7e7746a");
    assert_eq!(text(&admin, "transactionId"), "Eax2feop");
}

#[test]
fn tenant_payments_are_rows_of_the_sixth_list() {
    let hal = hal::read(document!("tenant-payments.json"), "tenant-payments").unwrap();
    assert_eq!((hal.rows.len(), hal.total), (2, Some(20)));
    let row = Shapes::default().read(spec(), &[hal.rows[0].get()]).remove(0);
    assert!(row.extras().is_empty(), "{:?}", row.extras());
    assert_eq!((row.minor("amount"), row.currency().code()), (Some(7_899), "EUR"));
    assert_eq!(row.booking().unwrap().shown(), "R4KDP5-E7");
    let odd = |field: &&valora::list::Field| matches!(row.value(field.name), Value::Odd(_));
    assert_eq!(row.spec().fields.iter().find(odd), None);
    assert_eq!(*row.value("isAutomatic"), Value::Flag(true));
    let cell = |name| row.cell(row.spec().position(name).unwrap()).into_owned();
    assert_eq!((cell("amount"), cell("isAutomatic")), ("78.99".to_owned(), "true".to_owned()));
}

#[test]
fn lists_of_methods_and_accounts() {
    let PaymentsResponse::Rows(methods) =
        read(&PaymentsRequest::Methods(1), document!("payment-methods.json")).unwrap()
    else {
        panic!("methods are rows")
    };
    let texts: Vec<_> = methods.rows.iter().map(|row| text(row, "text")).collect();
    assert_eq!(texts, ["Braintree", "Paypal", "Bank transfer"]);
    // The total says 20, three came, and the links are templates: more may follow.
    assert_eq!((methods.total, methods.next), (Some(20), Some(2)));
    let PaymentsResponse::Rows(accounts) =
        read(&PaymentsRequest::MyAccounts(1), document!("my-accounts.json")).unwrap()
    else {
        panic!("accounts are rows")
    };
    // A plain array does not report its end.
    assert_eq!(accounts.next, Some(2));
    let account = &accounts.rows[0];
    assert_eq!(account.flag("useAsDefault"), Some(true));
    assert_eq!(account::lines(account, false).len(), 18);
}

#[test]
fn single_accounts_and_their_properties() {
    for (ask, body) in [
        (PaymentsRequest::Account(id()), document!("account.json")),
        (PaymentsRequest::AccountOfProperty(id(), id()), document!("account-of-property.json")),
        (PaymentsRequest::DefaultAccount(id()), document!("default-account.json")),
    ] {
        let account = object(&ask, body);
        let shown = iban::shown(account.text("iban").as_ref().unwrap(), false);
        assert_eq!(shown, "ES•• •••• •••• •••• •••• 5359");
        assert!(account::lines(&account, true).contains(&("TIN", "123456789".to_owned())));
    }
    let ids = |ask: &PaymentsRequest, body: &str| match read(ask, body).unwrap() {
        PaymentsResponse::Properties(ids) => ids.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(ids(&PaymentsRequest::MyProperties(id()), document!("my-properties.json")), 1);
    assert_eq!(ids(&PaymentsRequest::AccountProperties(id()), document!("properties.json")), 4);
}

#[test]
fn holder_stripe_and_tax_number() {
    let holder = object(&PaymentsRequest::Holder(id()), document!("holder.json"));
    assert_eq!(holder.list("paymentMethods").len(), 1);
    let stripe = object(&PaymentsRequest::Stripe(id()), document!("stripe.json"));
    assert_eq!(text(&stripe, "status"), "Enabled");
    let tin = Tin {
        number: valora::domain::text::Untrusted::new("27484819A"),
        country: "ES".to_owned(),
        business: "individual".to_owned(),
    };
    assert_eq!(
        read(&PaymentsRequest::Tin(tin), document!("tin.json")),
        Ok(PaymentsResponse::Valid(true))
    );
}

#[test]
fn the_bodies_of_payments_and_finance() {
    let camel = object(&PaymentsRequest::BankAccount(id()), document!("finance-bank-account.json"));
    assert!(account::lines(&camel, false).contains(&("Postcode", "80312".to_owned())));
    let holder = object(&PaymentsRequest::AccountHolder, document!("finance-account-holder.json"));
    assert_eq!(
        (text(&holder, "id"), text(&holder, "vatNumber").as_str()),
        ("10038".into(), "B82860165")
    );
    let account = holder.object("bankAccount").unwrap();
    let labels: Vec<_> =
        account::lines(&account, false).into_iter().map(|(label, _)| label).collect();
    assert_eq!(labels, ["IBAN", "Holder", "Currency"], "`undefined` and an empty BIC are nothing");
}

#[test]
fn the_list_that_lacks_a_comma_is_an_error_with_its_place() {
    let body = document!("finance-currencies.txt");
    let unread = read(&PaymentsRequest::Currencies(1), body).unwrap_err();
    assert!(matches!(unread, DecodeError::NotJson(18, 1, _)), "{unread:?}");
}

#[test]
fn events_with_a_quoted_body() {
    let PaymentsResponse::Events(events) =
        read(&PaymentsRequest::Stream(id()), document!("event-stream.json")).unwrap()
    else {
        panic!("events")
    };
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].time(), "2018-05-30 14:37:23Z");
    assert_eq!(events[0].body.fields().minor("stage"), Some(3));
    assert_eq!(text(&events[1].body.fields(), "motive"), "1");
    let PaymentsResponse::Events(feed) =
        read(&PaymentsRequest::Events(0, 100), document!("event-store.json")).unwrap()
    else {
        panic!("events")
    };
    assert_eq!(feed[0].number(), Some(150));
}

/// The examples of events lack commas after the first field, have one too many after the last, and
/// their type names have single backslashes: none of which is JSON.
fn mended(example: &str) -> String {
    let lines: Vec<&str> = example.lines().collect();
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).copied().unwrap_or_default();
        let line = line.replace('\\', "\\\\");
        let (closes, opens) = (next.starts_with('}'), next.starts_with('"'));
        let is_value = !line.ends_with(['{', ',']) && line.starts_with('"');
        if is_value && opens {
            out.extend([line.as_str(), ",\n"]);
        } else if closes {
            out.extend([line.trim_end_matches(','), "\n"]);
        } else {
            out.extend([line.as_str(), "\n"]);
        }
    }
    out
}

#[test]
fn every_documented_event_has_words_and_a_family() {
    let text = document!("events.txt");
    let mut count = 0;
    let mut ill_formed = 0;
    let mut example = String::new();
    for line in text.lines() {
        if line == "{" || !example.is_empty() {
            example.push_str(line);
            example.push('\n');
        }
        let depth = |sign| example.matches(sign).count();
        if example.is_empty() || depth('{') != depth('}') {
            continue;
        }
        // As printed it may be no JSON, which costs nothing but the event.
        let printed = Event::read(&example);
        ill_formed += usize::from(printed.id.is_none());
        let event = Event::read(&mended(&example));
        assert!(event.id.is_some(), "{example}\n{}", mended(&example));
        assert_ne!(event.family(), Family::Other, "{example}");
        assert!(!event.happened().contains('\\') && !event.happened().contains('.'), "{example}");
        assert!(event.time().ends_with('Z'), "{example}");
        assert!(!event.details().contains("4874"), "an IBAN is shown: {}", event.details());
        count += 1;
        example.clear();
    }
    assert_eq!(count, 54, "events in the document");
    assert!(ill_formed > 20, "{ill_formed}");
}

#[test]
fn every_problem_of_the_documents_is_read() {
    let table = [
        (document!("problem-401.json"), 401, "Unauthorized: Unauthorized user"),
        (document!("problem-403.json"), 403, "Forbidden Access: The access is forbidden"),
        (document!("problem-404.json"), 404, "Not Found: The resource was not found"),
        (
            document!("problem-404-says-401.json"),
            404,
            "Unauthorized: Unauthorized user; the body says 401",
        ),
        (
            document!("problem-409.json"),
            409,
            "Conflict: The request could not be completed due to a conflict with the current state \
             of the resource",
        ),
        (
            document!("finance-problem-401-says-400.json"),
            401,
            "Bad Request: The request is not valid; the body says 400",
        ),
    ];
    for (body, status, said) in table {
        assert_eq!(Problem::read(body).said(status).unwrap().shown(), said);
    }
    let fields = Problem::read(document!("problem-422.json")).fields;
    let (field, message) = &fields[0];
    let said = (field.shown(), message.shown());
    assert_eq!(said, ("field".into(), "The input is less than 6 characters long".into()));
}
