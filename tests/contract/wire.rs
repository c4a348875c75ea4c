//! Every kind of request of the client and every answer of the sandbox, as they go over the wire,
//! against the contract as a file.

use std::collections::BTreeSet;

use strum::VariantArray;
use valora::filter::{FilterTarget, FilterValue, ListQuery};
use valora::list::Spec;
use valora::list::filter::FilterKind;
use valora::net::client::Client;
use valora::net::request::{BOOKING_PATH, Request};
use valora::sandbox::{Options, Sandbox, Shape, Special};

use crate::common;
use crate::lines::representative;
use crate::openapi::Contract;
use crate::recorder::{Exchange, Recorder};
use crate::server::{one_of_each, other_client, tested_paths};

/// A sandbox whose client is recorded.
pub(crate) struct Wire {
    pub(crate) sandbox: Sandbox,
    pub(crate) recorder: Recorder,
    client: Client,
}

impl Wire {
    pub(crate) async fn start(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let recorder = Recorder::before(&sandbox.base_url()).await;
        let client = other_client(&recorder.by_way(&sandbox.base_url()), sandbox.token());
        Self { sandbox, recorder, client }
    }

    /// Sends a request, whatever is answered: that is for the contract to judge.
    async fn send(&self, request: Request) {
        let _answer = self.client.send(&request).await;
    }

    async fn list(&self, query: ListQuery) {
        self.send(Request::List(query)).await;
    }

    fn set_fault(&self, fault: &str) {
        self.sandbox.set_faults(vec![fault.parse().unwrap()]);
    }

    /// Fails if an exchange since the last call breaks the contract; returns what was answered where.
    pub(crate) fn check(&mut self, contract: &Contract) -> BTreeSet<(String, u16)> {
        let exchanges = self.recorder.take();
        let wrong: Vec<String> = exchanges.iter().filter_map(|it| wrong(contract, it)).collect();
        let (count, of) = (wrong.len(), exchanges.len());
        assert!(wrong.is_empty(), "{count} of {of} are wrong:\n{}", wrong.join("\n"));
        let answered = |it: &Exchange| Some((contract.path_of(it)?.0.to_owned(), it.status));
        exchanges.iter().filter_map(answered).collect()
    }
}

fn wrong(contract: &Contract, exchange: &Exchange) -> Option<String> {
    let Exchange { method, path, query, status, .. } = exchange;
    let mut faults = contract.faults(exchange);
    faults.truncate(5);
    let place = format!("{method} {path}?{query} gives {status}");
    (!faults.is_empty()).then(|| format!("{place}:\n    {}", faults.join("\n    ")))
}

/// The documented path of an endpoint.
fn documented(endpoint: &str) -> String {
    format!("/api/v1/c/{endpoint}")
}

/// Two filters of a kind that are the ends of a range, the wrong way round: only a server can tell.
fn crossed(spec: &'static Spec, kind: &FilterKind, ends: [&str; 2]) -> Option<ListQuery> {
    let pair = spec.filters.iter().filter(|filter| filter.kind == *kind).zip(ends);
    let raw = pair.map(|(filter, typed)| {
        FilterValue::new(FilterTarget::Raw(filter.param.to_owned()), typed).unwrap()
    });
    let raw: Vec<FilterValue> = raw.collect();
    (raw.len() == 2).then(|| ListQuery::with_filters(spec, raw, common::today()).unwrap())
}

/// All lists of a sandbox: pages, each filter alone and all together, connection tests, the limits.
pub(crate) async fn check_lists(options: Options) {
    let shape = options.shape;
    let mut wire = Wire::start(options).await;
    let mut expected = BTreeSet::new();
    for spec in common::shapes::lists_of(shape) {
        for (page, per_page) in [(1, 1), (2, 1), (1, 100), (1, 500), (2, 97), (1_000, 100)] {
            wire.list(ListQuery::new(spec).page(page, per_page)).await;
        }
        let all: Vec<_> = spec.filters.iter().map(|it| (it.param, representative(it))).collect();
        // The server's filters are the same in each shape.
        for filter in spec.filters.iter().filter(|_| shape == Shape::default()) {
            let words = match filter.kind {
                FilterKind::OneOf(words) => words,
                _ => &[],
            };
            for typed in words.iter().copied().chain([representative(filter)]) {
                wire.list(common::filtered(spec, &[(filter.param, typed)])).await;
            }
        }
        wire.list(common::filtered(spec, &all)).await;
        wire.send(Request::Connection(spec.path)).await;
        let ranges =
            [(FilterKind::Date, ["2026-02-01", "2026-01-01"]), (FilterKind::Amount, ["2", "1"])];
        for query in ranges.iter().filter_map(|(kind, ends)| crossed(spec, kind, *ends)) {
            wire.list(query).await;
        }
        expected.extend([200, 404, 422].map(|status| (documented(spec.path), status)));
    }
    wire.send(Request::Limits).await;
    expected.insert(("/api/v1/tokens/limits".to_owned(), 200));
    assert_eq!(wire.check(&Contract::customer()), expected);
}

/// A booking of every kind, an unknown one, and the connection test.
pub(crate) async fn check_bookings(options: Options) {
    let mut wire = Wire::start(options).await;
    // The one that shows what is made of amounts that break the contract.
    let sound = Special::VARIANTS.iter().filter(|it| **it != Special::AmountAsString);
    let references = sound.map(|it| wire.sandbox.known().one(*it).to_owned());
    let references: Vec<String> = references.chain(["../BK 1&x=2#é".to_owned()]).collect();
    for reference in references {
        wire.send(Request::Booking(reference)).await;
    }
    wire.send(Request::Connection(BOOKING_PATH)).await;
    let expected = [200, 404].map(|status| (documented(BOOKING_PATH), status));
    assert_eq!(wire.check(&Contract::customer()), BTreeSet::from(expected));
}

#[tokio::test]
async fn every_request_of_a_list_and_its_answer_keep_the_contract() {
    for shape in Shape::all() {
        check_lists(common::shapes::in_shape(shape)).await;
    }
}

#[tokio::test]
async fn every_request_of_a_booking_and_its_answer_keep_the_contract() {
    for shape in Shape::all() {
        check_bookings(common::shapes::in_shape(shape)).await;
    }
}

#[tokio::test]
async fn every_error_keeps_the_contract() {
    let contract = Contract::customer();
    let mut wire = Wire::start(Options { limit: 1_000, ..common::options() }).await;
    for status in [400, 401, 403, 422, 429, 500, 503] {
        wire.set_fault(&format!("{status}:*"));
        for request in one_of_each() {
            wire.send(request).await;
        }
        let answered = wire.check(&contract);
        assert!(answered.iter().all(|(_, own)| *own == status), "{status}: {answered:?}");
        assert_eq!(answered.len(), contract.paths().len());
    }
}

#[tokio::test]
async fn a_refused_token_and_a_spent_limit_keep_the_contract() {
    let contract = Contract::customer();
    let mut wire = Wire::start(Options { limit: 2, ..common::options() }).await;
    let base = wire.recorder.by_way(&wire.sandbox.base_url());
    let unknown = "sd_0123456789012345678901234567890123456789";
    let employee = wire.sandbox.employee_token().to_owned();
    for (token, status) in [(unknown, 401), (&employee, 403)] {
        let client = other_client(&base, token);
        for request in one_of_each() {
            assert!(client.send(&request).await.is_err());
        }
        let answered = wire.check(&contract);
        assert!(answered.iter().all(|(_, own)| *own == status), "{status}: {answered:?}");
    }
    for _ in 0..2 {
        wire.send(Request::Limits).await;
    }
    wire.check(&contract);
    for request in tested_paths().into_iter().map(Request::Connection).chain(one_of_each()) {
        wire.send(request).await;
    }
    let answered = wire.check(&contract);
    assert!(answered.iter().all(|(_, own)| *own == 429), "{answered:?}");
    assert_eq!(answered.len(), contract.paths().len());
}

#[tokio::test]
async fn an_exchange_that_breaks_the_contract_is_told_from_a_sound_one() {
    let contract = Contract::customer();
    let mut wire = Wire::start(common::options()).await;
    wire.list(ListQuery::new(Spec::named("penalties").unwrap()).page(1, 5)).await;
    let [sound] = wire.recorder.take().try_into().unwrap();
    assert_eq!(contract.faults(&sound), [""; 0]);
    let body = |from: &str, to: &str| {
        let text = String::from_utf8(sound.body.clone()).unwrap();
        assert!(text.contains(from), "{from} is not in {text}");
        Exchange { body: text.replacen(from, to, 1).into_bytes(), ..sound.clone() }
    };
    let with = |change: fn(&mut Exchange)| {
        let mut changed = sound.clone();
        change(&mut changed);
        changed
    };
    let table = [
        (body("\"amount\":", "\"amount\":\"x\",\"odd\":"), "odd"),
        (body("\"current_page\":1", "\"current_page\":0"), "/pagination/current_page"),
        (body("\"due_date\":\"2", "\"due_date\":\"on 2"), "/due_date"),
        (body("{", ""), "not JSON"),
        (with(|it| it.status = 418), "418"),
        (with(|it| it.status = 401), "Unauthenticated."),
        (with(|it| it.content_type = "text/html".to_owned()), "text/html"),
        (with(|it| it.method = "POST".to_owned()), "method"),
        (with(|it| it.path.push_str("/x")), "path"),
        (with(|it| it.query = "per_page=501".to_owned()), "per_page"),
        (with(|it| it.query = "page=two".to_owned()), "page"),
        (with(|it| it.query = "page=1&page=1".to_owned()), "twice"),
        (with(|it| it.query = "status=late".to_owned()), "status"),
        (with(|it| it.query = "due_date_to=1.2.2026".to_owned()), "due_date_to"),
        (with(|it| it.query = "amount_from=1,5".to_owned()), "amount_from"),
        (with(|it| it.query = "moon=full".to_owned()), "moon"),
        (with(|it| it.headers.retain(|(name, _)| name != "accept")), "media types"),
        (with(|it| it.headers.retain(|(name, _)| name != "authorization")), "authorization"),
    ];
    for (exchange, part) in table {
        let faults = contract.faults(&exchange);
        assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:?}");
    }
}
