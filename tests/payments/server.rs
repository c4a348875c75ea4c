//! A sandbox with the two clients on it.

use valora::net::response::Response;

use valora::filter::ListQuery;
use valora::list::Host;
use valora::list::Spec;
use valora::net::client::Client;
use valora::net::error::ApiError;
use valora::net::request::Request;
use valora::net::response::Page;
use valora::net::target::Token;
use valora::payments::fields::Fields;
use valora::payments::request::PaymentsRequest;
use valora::payments::response::Response as PaymentsResponse;
use valora::sandbox::Options;
use valora::sandbox::Sandbox;

use crate::common;

/// A running sandbox and its clients.
pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) payments: Client,
    pub(crate) finance: Client,
}

impl Server {
    pub(crate) async fn start(quirks: bool) -> Self {
        let sandbox = Sandbox::start(Options { quirks, ..common::options() }).await.unwrap();
        let tokens = sandbox.payments_tokens();
        let payments = side(Host::Payments, &sandbox.payments_url(), tokens.admin);
        let finance = side(Host::Finance, &sandbox.finance_url(), tokens.finance);
        Self { sandbox, payments, finance }
    }

    pub(crate) async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        match request.host() {
            Host::Finance => self.finance.send(request).await,
            _ => self.payments.send(request).await,
        }
    }

    pub(crate) async fn told(&self, ask: PaymentsRequest) -> PaymentsResponse {
        match self.send(&Request::Payments(ask.clone())).await {
            Ok(Response::Payments(told)) => *told,
            other => panic!("{ask:?} gives {other:?}"),
        }
    }

    /// What a screen says of the failure that a request earns.
    pub(crate) async fn why(&self, ask: PaymentsRequest) -> String {
        let request = Request::Payments(ask);
        self.send(&request).await.expect_err("this fails").failure(&request).to_string()
    }

    pub(crate) async fn object(&self, ask: PaymentsRequest) -> Fields {
        self.told(ask).await.object().unwrap().clone()
    }

    pub(crate) async fn page(&self, query: &ListQuery) -> Page {
        match self.send(&Request::List(query.clone())).await {
            Ok(Response::Page(page)) => page,
            other => panic!("{:?} gives {other:?}", query.pairs()),
        }
    }
}

/// A client of a host under any token.
pub(crate) fn side(host: Host, base: &str, token: &str) -> Client {
    common::side_client(host, base, Token::jwt(token).unwrap())
}

/// The list of tenant payments.
pub(crate) fn spec() -> &'static Spec {
    Spec::named("payments").unwrap()
}

/// A field as it is shown.
pub(crate) fn text(fields: &Fields, name: &str) -> String {
    fields.text(name).map(|text| text.shown().into_owned()).unwrap_or_default()
}
