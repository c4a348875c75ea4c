//! Each read of the Payments API, as it goes over the wire, against its contract as a file.

use std::collections::BTreeSet;

use valora::filter::ListQuery;
use valora::list::filter::FilterKind;
use valora::list::{Host, Spec};
use valora::net::client::Client;
use valora::net::request::Request;
use valora::net::response::Response;
use valora::net::target::Token;
use valora::payments::request::PaymentsRequest as Read;
use valora::sandbox::Special;

use crate::common;
use crate::openapi::Contract;
use crate::wire::Wire;

fn client(wire: &Wire, token: &str) -> Client {
    let base = wire.recorder.by_way(&wire.sandbox.payments_url());
    common::side_client(Host::Payments, &base, Token::jwt(token).unwrap())
}

/// Each read, of what exists and of what does not.
async fn reads(wire: &Wire, client: &Client) -> Vec<Request> {
    let list = Spec::named("payments").unwrap();
    let first = Request::List(ListQuery::new(list).page(1, 1));
    let Ok(Response::Page(page)) = client.send(&first).await else { panic!("no payments") };
    let payment = page.rows[0].text("id").unwrap().expose_raw().to_owned();
    let read = Request::Payments(Read::Admin(payment.clone()));
    let Ok(Response::Payments(admin)) = client.send(&read).await else { panic!("no payment") };
    let holder =
        admin.object().unwrap().text("originPaymentHolderId").unwrap().expose_raw().to_owned();
    let (landlord, account) = wire.sandbox.payments_ids();
    let read = Request::Payments(Read::AccountProperties(account.clone()));
    let Ok(Response::Payments(properties)) = client.send(&read).await else { panic!("none") };
    let valora::payments::response::Response::Properties(properties) = *properties else {
        panic!("no properties")
    };
    let property = properties[0].expose_raw().to_owned();
    let of = |payment: &str, holder: &str, landlord: &str, property: &str, account: &str| {
        let own = str::to_owned;
        [
            Read::Block(own(payment)),
            Read::Public(own(payment)),
            Read::Admin(own(payment)),
            Read::Stream(own(payment)),
            Read::Holder(own(holder)),
            Read::Stripe(own(landlord)),
            Read::DefaultAccount(own(landlord)),
            Read::AccountOfProperty(own(landlord), own(property)),
            Read::MyProperties(own(account)),
            Read::Account(own(account)),
            Read::AccountProperties(own(account)),
        ]
    };
    let known = of(&payment, &holder, &landlord, &property, &account);
    let unknown = of("x", "x", "x", "x", "x");
    let others =
        [1, 2].map(|page| [Read::Methods(page), Read::MyAccounts(page)]).into_iter().flatten();
    let reads = known.into_iter().chain(unknown).chain(others).chain([Read::Events(0, 100)]);
    reads.map(Request::Payments).collect()
}

/// Pages, each filter of the list of payments, and its orders.
fn lists(reference: &str) -> Vec<Request> {
    let spec = Spec::named("payments").unwrap();
    let typed = |filter: &valora::list::filter::Filter| match filter.kind {
        FilterKind::OneOf(words) => words[0].to_owned(),
        _ => reference.to_owned(),
    };
    let filters = spec.filters.iter();
    let each = filters.map(|it| common::filtered(spec, &[(it.param, &typed(it))]));
    let pages = [(1, 1), (2, 50), (1, 500), (1_000, 100)];
    let pages = pages.map(|(page, size)| ListQuery::new(spec).page(page, size));
    let wrong = common::filtered(spec, &[("sortBy", "moon")]);
    each.chain(pages).chain([wrong]).map(Request::List).collect()
}

#[tokio::test]
async fn every_read_of_the_payments_api_and_its_answer_keep_its_contract() {
    let contract = Contract::payments();
    let mut wire = Wire::start(common::options()).await;
    let client = client(&wire, wire.sandbox.payments_tokens().admin);
    let reference = wire.sandbox.known().one(Special::HundredRows).to_owned();
    let reads = reads(&wire, &client).await;
    for request in reads.into_iter().chain(lists(&reference)) {
        let _answer = client.send(&request).await;
    }
    let answered = wire.check(&contract);
    for path in contract.paths() {
        assert!(answered.contains(&(path.to_owned(), 200)), "{path}: {answered:?}");
    }
    let statuses: BTreeSet<u16> = answered.into_iter().map(|(_, status)| status).collect();
    assert_eq!(statuses, BTreeSet::from([200, 404, 422]));
}

#[tokio::test]
async fn every_error_of_the_payments_api_is_a_problem_document() {
    let contract = Contract::payments();
    let mut wire = Wire::start(common::options()).await;
    let tokens = wire.sandbox.payments_tokens();
    let reads = reads(&wire, &client(&wire, tokens.admin)).await;
    wire.check(&contract);
    let mut refused = BTreeSet::new();
    for token in [tokens.finance, tokens.user] {
        let client = client(&wire, token);
        for request in reads.iter().chain(&lists("BK000000")) {
            let _answer = client.send(request).await;
        }
        refused.extend(wire.check(&contract));
    }
    let is_admin = |path: &&str| path.starts_with("/admin/");
    for path in contract.paths() {
        assert!(refused.contains(&(path.to_owned(), 401)), "{path}");
    }
    for path in contract.paths().into_iter().filter(is_admin) {
        assert!(refused.contains(&(path.to_owned(), 403)), "{path}");
    }
    let client = client(&wire, tokens.admin);
    for fault in ["400", "401", "403", "404", "422", "429", "429-retry-after", "500", "503"] {
        wire.sandbox.set_faults(vec![format!("{fault}:payments-api").parse().unwrap()]);
        for request in reads.iter().chain(&lists("BK000000")) {
            assert!(client.send(request).await.is_err(), "{fault}");
        }
        let status: u16 = fault.split('-').next().unwrap().parse().unwrap();
        let answered = wire.check(&contract);
        assert!(answered.iter().all(|(_, own)| *own == status), "{fault}: {answered:?}");
        assert_eq!(answered.len(), contract.paths().len());
    }
}
