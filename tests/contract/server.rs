//! A sandbox with a client on it, and the few things that every test asks of them.

use valora::net::response::Response;

use valora::filter::ListQuery;
use valora::list::ALL;
use valora::list::record::Record;
use valora::net::client::Client;
use valora::net::error::ApiError;
use valora::net::request::BOOKING_PATH;
use valora::net::request::Request;
use valora::net::response::Page;
use valora::net::target::Target;
use valora::net::target::Token;
use valora::sandbox::Options;
use valora::sandbox::{Sandbox, Shape};

use crate::common;

/// A running sandbox and its client.
pub(crate) struct Server {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
}

impl Server {
    /// One that behaves.
    pub(crate) async fn start() -> Self {
        Self::with(common::options()).await
    }

    pub(crate) async fn in_shape(shape: Shape) -> Self {
        Self::with(common::shapes::in_shape(shape)).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.unwrap();
        let client = common::client(&sandbox);
        Self { sandbox, client }
    }

    pub(crate) async fn send(&self, request: &Request) -> Result<Response, ApiError> {
        self.client.send(request).await
    }

    /// The error that a request earns.
    pub(crate) async fn error(&self, request: &Request) -> ApiError {
        self.send(request).await.expect_err("this request fails")
    }

    /// One page of a list.
    pub(crate) async fn page(&self, query: &ListQuery) -> Page {
        match self.send(&Request::List(query.clone())).await {
            Ok(Response::Page(page)) => page,
            other => panic!("{:?} gives {other:?}", query.pairs()),
        }
    }

    /// The rows of all pages. Each page is checked against the first one's `total`.
    pub(crate) async fn rows(&self, query: &ListQuery, per_page: u32) -> Vec<Record> {
        let mut rows = Vec::new();
        let mut number = 1;
        loop {
            let page = self.page(&query.clone().page(number, per_page)).await;
            let (path, total) = (query.spec.path, page.total.unwrap());
            let last = u32::try_from(total.div_ceil(per_page.into())).unwrap().max(1);
            assert_eq!((page.current, page.last), (number, Some(last)), "{path}");
            assert_eq!(page.per_page, per_page, "{path}");
            rows.extend(page.rows);
            if number == last {
                assert_eq!(rows.len() as u64, total, "{path}");
                return rows;
            }
            assert_eq!(rows.len() as u64, u64::from(number * per_page), "{path}: a full page");
            number += 1;
        }
    }
}

/// A client under another base or token than the sandbox's own.
pub(crate) fn other_client(base: &str, token: &str) -> Client {
    Client::new(Target::new(base, Token::new(token).unwrap()).unwrap()).unwrap()
}

/// Each record as text, in order: what is compared.
pub(crate) fn texts<'a>(rows: impl IntoIterator<Item = &'a Record>) -> Vec<String> {
    rows.into_iter().map(Record::to_json).collect()
}

/// One request to each list, to the conciliation and to the limits.
pub(crate) fn one_of_each() -> Vec<Request> {
    let lists = ALL.iter().map(|spec| Request::List(ListQuery::new(spec)));
    lists.chain([Request::Booking("BK000000".to_owned()), Request::Limits]).collect()
}

/// The paths that have a connection test.
pub(crate) fn tested_paths() -> Vec<&'static str> {
    ALL.iter().map(|spec| spec.path).chain([BOOKING_PATH]).collect()
}
