//! The API client: the target, the transport, the responses and the scheduling of requests.

pub mod breaker;
pub mod budget;
pub mod client;
pub mod envelope;
pub mod error;
pub mod log;
pub mod pager;
pub mod payments;
pub mod proxy;
pub mod request;
pub mod response;
pub mod retry;
pub mod router;
pub mod schedule;
pub mod target;
pub mod transport;
pub mod worker;
pub mod write;
