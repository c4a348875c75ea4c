//! What can go wrong with one request, with all that is known of it.

use std::fmt;

use chrono::{DateTime, Local, Utc};

use crate::domain::date::seconds_in_words;
use crate::domain::decode::DecodeError;
use crate::domain::failure::{Advice, Check, Failure, Kind};
use crate::domain::text::{Untrusted, sanitise};
use crate::list::Host;
use crate::net::breaker::RateWindow;
use crate::net::request::Request;
use crate::net::transport::TransportError;

/// Messages about fields that one sentence holds.
const MOST_SAID: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint}: {cause}")]
pub struct ApiError {
    /// The path that was asked, without host and query.
    pub endpoint: &'static str,
    pub cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    Transport(TransportError),
    Refused(Refusal),
    /// The server counts too many requests (429).
    Limited(Limited),
    Unreadable(DecodeError),
    /// Not sent, because the server has been out of reach.
    Offline,
    /// Not sent, because the token ended at this time.
    Expired(DateTime<Utc>),
    /// Not sent, because it makes no sense; why.
    Unsendable(String),
    Internal,
}

/// An error status and its body (contract, "Errors").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub message: Option<Untrusted>,
    /// For 503: seconds after which the server wants to be asked again.
    pub retry_after: Option<u64>,
    /// For 404: the server knows the path but not the booking.
    pub no_such_booking: bool,
    /// For 422: each text with the query parameter that it is about.
    pub fields: Vec<(Untrusted, Untrusted)>,
}

/// What a 429 says (contract, "Limits").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limited {
    pub window: Option<RateWindow>,
    pub limit: Option<u32>,
    /// Seconds until the window resets, by the body.
    pub resets_in: Option<u64>,
    pub retry_after: Option<u64>,
    /// The server's clock when it said so, in seconds since 1970.
    pub said_at: Option<i64>,
}

impl ApiError {
    pub fn new(request: &Request, cause: Cause) -> Self {
        Self { endpoint: request.endpoint(), cause }
    }

    pub fn status(&self) -> Option<u16> {
        match &self.cause {
            Cause::Refused(refusal) => Some(refusal.status),
            Cause::Limited(_) => Some(429),
            _ => None,
        }
    }

    /// What is shown of it. Every text from outside in it is sanitised.
    pub fn failure(&self, request: &Request) -> Failure {
        if request.host() != Host::Customer {
            return crate::net::payments::failure(&self.cause, request);
        }
        let (kind, advice) = self.advice();
        Failure {
            kind,
            what: what_failed(request),
            why: self.cause.to_string(),
            advice,
            fields: self.cause.fields(),
        }
    }

    fn advice(&self) -> (Kind, Advice) {
        match &self.cause {
            Cause::Transport(error) => transport_advice(error),
            Cause::Refused(refusal) => refusal.advice(),
            Cause::Limited(_) => (Kind::Limited, Advice::RetryAfterReset),
            Cause::Unreadable(DecodeError::Html | DecodeError::Empty) => {
                (Kind::Unreadable, Advice::Check(Check::BaseUrl))
            }
            Cause::Unreadable(_) => (Kind::Unreadable, Advice::RetryOrUpdate),
            Cause::Offline => (Kind::Passing, Advice::Retry),
            Cause::Expired(_) => (Kind::Access, Advice::NewToken),
            Cause::Unsendable(_) => (Kind::Refused, Advice::LookUpAnother),
            Cause::Internal => (Kind::Internal, Advice::RetryAndReport),
        }
    }
}

pub(super) fn what_failed(request: &Request) -> String {
    match request {
        Request::List(query) => format!("{} could not be loaded", query.spec.title),
        Request::Booking(reference) => {
            format!("Booking {} could not be loaded", sanitise(reference))
        }
        Request::Limits => "The limits could not be loaded".to_owned(),
        Request::Connection(path) => format!("The connection test of {path} failed"),
        Request::Payments(ask) => format!("{} could not be loaded", ask.subject()),
    }
}

fn transport_advice(error: &TransportError) -> (Kind, Advice) {
    let advice = match error {
        TransportError::Through(error, _) => match **error {
            TransportError::Connect(_) | TransportError::ProxySilent => Advice::Check(Check::Proxy),
            _ => return transport_advice(error),
        },
        TransportError::Connect(_) => Advice::Check(Check::NetworkAndBaseUrl),
        TransportError::Certificate(distrust) => distrust.advice(),
        TransportError::ProxyAuth => Advice::Check(Check::ProxyPassword),
        TransportError::ProxyRefused => Advice::Check(Check::ProxyPermission),
        TransportError::Handshake => Advice::Check(Check::Firewall),
        TransportError::Tls(_) => Advice::Check(Check::BaseUrlAndProxy),
        TransportError::Dns => Advice::Check(Check::Network),
        TransportError::TooLarge => return (Kind::Unreadable, Advice::NarrowFilters),
        TransportError::Redirect { .. } | TransportError::Garbled => {
            return (Kind::Unreadable, Advice::Check(Check::BaseUrlAndProxy));
        }
        _ => Advice::Retry,
    };
    (Kind::Passing, advice)
}

impl Refusal {
    fn advice(&self) -> (Kind, Advice) {
        match self.status {
            400 => (Kind::Refused, Advice::ChangeFilters),
            401 => (Kind::Access, Advice::NewToken),
            403 => (Kind::Access, Advice::CustomerToken),
            404 if self.no_such_booking => (Kind::Missing, Advice::LookUpAnother),
            404 => (Kind::Missing, Advice::Check(Check::BaseUrl)),
            422 => (Kind::Refused, Advice::CorrectFilters),
            500..=599 | 408 => (Kind::Passing, Advice::Retry),
            _ => (Kind::Refused, Advice::Retry),
        }
    }

    fn meaning(&self) -> &'static str {
        match self.status {
            400 => "the server could not understand the request",
            401 => "the server does not accept the token",
            403 => "the server does not allow this to the token",
            404 if self.no_such_booking => "the server knows no such booking",
            404 => "not found at this base URL",
            422 => "the server refused the filters",
            500..=599 => "the server has a problem",
            _ => "the server answered with an error",
        }
    }
}

impl Cause {
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        match self {
            Self::Refused(refusal) => refusal
                .fields
                .iter()
                .map(|(field, text)| (field.shown().into_owned(), text.shown().into_owned()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Cause {
    /// What a log may say of it: no text from outside.
    pub fn in_the_log(&self) -> &'static str {
        match self {
            Self::Transport(error) => error.in_the_log(),
            Self::Refused(_) => "refused",
            Self::Limited(_) => "limited",
            Self::Unreadable(_) => "not the documented answer",
            Self::Offline => "offline",
            Self::Expired(_) | Self::Unsendable(_) => "not sent",
            Self::Internal => "a fault of valora's own",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Refused(refusal) => f.write_str(&refusal.explained(refusal.meaning())),
            Self::Limited(limited) => limited.fmt(f),
            Self::Unreadable(unreadable) => unreadable.fmt(f),
            Self::Offline => f.write_str("the server has been out of reach"),
            Self::Expired(at) => {
                write!(f, "the token ran out at {}", at.format("%Y-%m-%d %H:%M:%SZ"))
            }
            Self::Unsendable(why) => f.write_str(&sanitise(why)),
            Self::Internal => f.write_str("valora itself failed"),
        }
    }
}

impl Refusal {
    /// What the status means, with all that the server said about it.
    pub(super) fn explained(&self, meaning: &str) -> String {
        let mut text = format!("{meaning} ({}", self.status);
        if let Some(message) = &self.message {
            text = format!("{text}: {}", message.shown());
        }
        text.push(')');
        if let Some(seconds) = self.retry_after {
            let wait = seconds_in_words(seconds);
            text = format!("{text}, which asks to be left alone for {wait}");
        }
        for (at, (field, message)) in self.fields.iter().take(MOST_SAID).enumerate() {
            let joint = if at == 0 { ": " } else { "; " };
            text = format!("{text}{joint}{}: {}", field.shown(), message.shown());
        }
        match self.fields.len().saturating_sub(MOST_SAID) {
            0 => text,
            more => format!("{text}; … and {more} more"),
        }
    }
}

impl fmt::Display for Limited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the limit of ")?;
        if let Some(limit) = self.limit {
            write!(f, "{limit} ")?;
        }
        write!(f, "requests{} is spent", self.window.map_or("", RateWindow::per))?;
        match (self.resets_in, self.resets_at().filter(|_| self.is_long())) {
            (Some(seconds), Some(at)) => {
                write!(f, "; it resets at {at}, in {}", seconds_in_words(seconds))
            }
            (Some(seconds), None) => write!(f, "; it resets in {}", seconds_in_words(seconds)),
            (None, _) => Ok(()),
        }
    }
}

impl Limited {
    /// Whether the wait is so long that the time of day says more.
    fn is_long(&self) -> bool {
        self.resets_in.is_some_and(|seconds| seconds >= 3_600)
    }

    /// When it resets, by the server's clock and in the user's zone; the day too unless it is the
    /// same one.
    fn resets_at(&self) -> Option<String> {
        let (said_at, wait) = (self.said_at?, i64::try_from(self.resets_in?).ok()?);
        let local =
            |seconds: i64| Some(DateTime::from_timestamp(seconds, 0)?.with_timezone(&Local));
        // Both are whole seconds, so that a reset on the minute may be a second off.
        let at = said_at.checked_add(wait)?.checked_add(30)? / 60 * 60;
        let (now, at) = (local(said_at)?, local(at)?);
        let is_near = at.date_naive() == now.date_naive() || wait < 86_400;
        Some(at.format(if is_near { "%H:%M" } else { "%Y-%m-%d %H:%M" }).to_string())
    }
}

#[cfg(test)]
mod tests;
