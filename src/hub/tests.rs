//! Many customers on made-up servers: what each may request, and what is reported under which name.

mod customers;
mod each;
mod lists;
mod penalties;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::filter::ListQuery;
use crate::list::record::Record;
use crate::list::{Host, debt};
use crate::net::budget::Pace;
use crate::net::error::{ApiError, Cause, Limited, Refusal};
use crate::net::log::Log;
use crate::net::request::Request;
use crate::net::response::{Page, Response};
use crate::net::router::Router;
use crate::net::schedule::Scheduler;
use crate::net::worker::Worker;

type Outcome = Result<Response, ApiError>;
type Reply = Arc<dyn Fn(&Request, &ListQuery) -> Outcome + Send + Sync>;

/// A server that answers each request after `lasts` milliseconds.
#[derive(Clone)]
struct Server {
    lasts: u64,
    reply: Reply,
    sent: Arc<AtomicUsize>,
    in_flight: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Server {
    fn new(
        lasts: u64,
        reply: impl Fn(&Request, &ListQuery) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        let reply = Arc::new(reply);
        let [sent, in_flight, most] = [(); 3].map(|()| Arc::default());
        Self { lasts, reply, sent, in_flight, most }
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    async fn answer(self, request: Request) -> Outcome {
        let other = ListQuery::new(&debt::SPEC);
        let query = if let Request::List(query) = &request { query } else { &other };
        self.sent.fetch_add(1, Ordering::SeqCst);
        let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(self.lasts)).await;
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        (self.reply)(&request, query)
    }

    fn router(&self) -> Router {
        let server = self.clone();
        let exchange = move |request| {
            let server = server.clone();
            Box::pin(async move { server.answer(request).await.into() })
                as Pin<Box<dyn Future<Output = _> + Send>>
        };
        let worker = Worker::new(Host::Customer, Scheduler::new(Pace::Metered, 7), Log::default());
        let (mut router, events) = Router::without_workers();
        router.add(worker, Box::new(exchange), &events);
        router
    }
}

/// A page of a list of so many rows, each EUR 1.00 of a status that is open in every list.
#[expect(clippy::unnecessary_wraps, reason = "it is one of the outcomes of a request")]
fn page(query: &ListQuery, rows: u32) -> Outcome {
    let from = (query.page - 1) * query.per_page;
    let row = |id| {
        let json = format!(
            r#"{{"id":"{id}","booking_id":"BK{id}","reference_id":"BK{id}","amount":100,
                "currency":"EUR","status":"pending","due_date":"2999-01-01"}}"#
        );
        Record::read(query.spec, &json)
    };
    Ok(Response::Page(Page {
        rows: (from.min(rows)..(from + query.per_page).min(rows)).map(row).collect(),
        total: Some(rows.into()),
        current: query.page,
        last: Some(rows.div_ceil(query.per_page).max(1)),
        per_page: query.per_page,
    }))
}

fn refused(request: &Request, status: u16) -> Outcome {
    Err(ApiError::new(request, Cause::Refused(Refusal { status, ..Refusal::default() })))
}

fn limited(request: &Request, seconds: u64) -> Outcome {
    let limited = Limited { resets_in: Some(seconds), ..Limited::default() };
    Err(ApiError::new(request, Cause::Limited(limited)))
}
