//! Sends one [`Write`] once: no retry, no redirect, no connection that was used before. The answer says
//! whether the server may have carried it out.
//!
//! No other write can be expressed: a request is a read, and only a [`Write`] gets a method that changes
//! something.
//!
//! ```
//! use valora::net::request::Request;
//! use valora::payments::request::PaymentsRequest;
//! assert_eq!(Request::Payments(PaymentsRequest::Block("1".into())).method(), "GET");
//! ```
//!
//! A write cannot be given to the scheduler, which retries requests:
//!
//! ```compile_fail,E0308
//! use valora::net::request::{NetCommand, Priority, Request, Ticket};
//! use valora::payments::write::Write;
//! NetCommand::Send(Ticket(1), Priority::Visible, Write::Block { id: "1".into() });
//! ```
//!
//! A write that is not in the audit log cannot be sent, and only the log makes a [`Logged`]:
//!
//! ```compile_fail,E0308
//! use valora::net::client::Sender;
//! use valora::payments::write::Write;
//! async fn send(sender: &Sender) {
//!     sender.write(Write::Block { id: "1".into() }).await;
//! }
//! ```
//!
//! ```compile_fail,E0624
//! use valora::net::write::Logged;
//! use valora::payments::write::Write;
//! Logged::new(Write::Block { id: "1".into() });
//! ```
//!
//! There is no write that creates a payment:
//!
//! ```compile_fail,E0599
//! use valora::payments::write::Write;
//! Write::CreatePayment { amount: 1 };
//! ```

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Method, Response as HttpResponse};
use tokio::task::spawn_blocking;
use url::Url;

use super::transport::body;
use super::transport::classify::classify;
use super::transport::{Transport, TransportError, redirect_host, retry_after};
use crate::payments::problem::Problem;
use crate::payments::write::Write;

/// The limit of the complete exchange; shorter than the time for which a server may work on it.
pub const LIMIT: Duration = Duration::from_secs(30);

/// A write whose intent is in the audit log, on the disk. Only this is sent, and once.
#[derive(Debug)]
pub struct Logged(Write);

impl Logged {
    /// Only for the audit log, after it was written.
    pub(crate) fn new(write: Write) -> Self {
        Self(write)
    }
}

/// What is known after a write was sent, or was not.
#[derive(Debug, Clone, PartialEq)]
pub enum WriteAnswer {
    Answered(Answered),
    /// The request did not reach the server, for this reason.
    NotSent(String),
    /// The server may have carried it out: with the status, if there was one.
    Unknown(Option<u16>, String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// 2xx, or a status of `REFUSED`, 401, 409, 422 or 429.
    pub status: u16,
    pub problem: Problem,
    /// Seconds.
    pub retry_after: Option<u64>,
}

/// Statuses of a server that did not carry out the request.
const REFUSED: [u16; 11] = [400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429];

impl WriteAnswer {
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(answered) => Some(answered.status),
            Self::NotSent(_) => None,
            Self::Unknown(status, _) => *status,
        }
    }

    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Answered(Answered { status: 200..=299, .. }))
    }
}

impl Transport {
    /// The URL of a write; `None` if an id cannot be a path segment.
    pub(super) fn write_url(&self, write: &Write) -> Result<Url, String> {
        let ids = write.segments()?;
        let mut url = self.target.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(ids);
        }
        Ok(url)
    }

    pub(super) async fn write(&self, Logged(write): Logged) -> WriteAnswer {
        let url = match self.write_url(&write) {
            Ok(url) => url,
            Err(why) => return WriteAnswer::NotSent(why),
        };
        let transport = self.clone();
        // Reads the certificates of the system.
        let client = match spawn_blocking(move || transport.for_one_write()).await {
            Ok(Ok(client)) => client,
            Ok(Err(error)) => return WriteAnswer::NotSent(error.to_string()),
            Err(_broken) => return WriteAnswer::NotSent("internal error in valora".to_owned()),
        };
        let method = match write.method() {
            "PUT" => Method::PUT,
            "POST" => Method::POST,
            _ => Method::DELETE,
        };
        let mut builder =
            client.request(method, url).timeout(LIMIT).header(CONTENT_TYPE, "application/json");
        builder = match write.body() {
            Some(body) => builder.body(body.to_string()),
            // Some servers refuse a PUT without it (411).
            None => builder.header(CONTENT_LENGTH, 0),
        };
        match builder.send().await {
            Ok(response) => answer(response).await,
            Err(error) => {
                // Only a failure before the first byte of the request proves that nothing was sent.
                let is_unsent = error.is_connect() || error.is_builder();
                let error = classify(&error, TransportError::Reset).named(self.proxy());
                if is_unsent {
                    WriteAnswer::NotSent(error.to_string())
                } else {
                    WriteAnswer::Unknown(None, error.to_string())
                }
            }
        }
    }
}

async fn answer(mut response: HttpResponse) -> WriteAnswer {
    let status = response.status();
    if status.is_redirection() {
        // The request arrived; 303, for example, means that it was carried out (RFC 9110, 15.4.4).
        let why = TransportError::Redirect { host: redirect_host(&response) }.to_string();
        return WriteAnswer::Unknown(Some(status.as_u16()), why);
    }
    let retry_after = retry_after(response.headers());
    let status = status.as_u16();
    let is_refused = REFUSED.contains(&status);
    let text = match body::read(&mut response).await {
        Ok(body) => String::from_utf8_lossy(&body).into_owned(),
        // The status alone says that nothing was done.
        Err(_unread) if is_refused => String::new(),
        Err(error) => return WriteAnswer::Unknown(Some(status), error.to_string()),
    };
    let is_json =
        text.trim().is_empty() || serde_json::from_str::<serde_json::Value>(&text).is_ok();
    if !is_refused && (!(200..=299).contains(&status) || !is_json) {
        let what = if is_json { "" } else { ", with a body that is not a response of the API" };
        return WriteAnswer::Unknown(Some(status), format!("the server answered {status}{what}"));
    }
    WriteAnswer::Answered(Answered { status, problem: Problem::read(&text), retry_after })
}
