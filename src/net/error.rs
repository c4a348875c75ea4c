//! The errors of a request, with all known details.

use std::fmt;

use chrono::{DateTime, Local, Utc};

use crate::domain::date::seconds_in_words;
use crate::domain::decode::DecodeError;
use crate::domain::failure::{Advice, Check, Failure, Kind};
use crate::domain::money::counted;
use crate::domain::text::{Untrusted, sanitize};
use crate::list::Host;
use crate::net::breaker::RateWindow;
use crate::net::payments;
use crate::net::request::Request;
use crate::net::transport::TransportError;

const MOST_SAID: usize = 3;
/// Seconds to wait after a 429 without a time, or with one longer than its window.
const DEFAULT_WAIT: u64 = 60;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint}: {cause}")]
pub struct ApiError {
    pub endpoint: &'static str,
    pub cause: Cause,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    #[error("{0}")]
    Transport(TransportError),
    #[error("{}", .0.explained(.0.meaning().0))]
    Refused(Refusal),
    #[error("{0}")]
    Limited(Limited),
    #[error("{0}")]
    Unreadable(DecodeError),
    #[error("the server cannot be reached")]
    Offline,
    #[error("the token expired at {}", .at.format("%Y-%m-%d %H:%M:%SZ"))]
    Expired { at: DateTime<Utc>, advice: Advice },
    /// The request was not sent, for this reason.
    #[error("{}", sanitize(.0))]
    Unsendable(String),
    #[error("internal error in valora")]
    Internal,
}

/// An error status and its body (contract, "Errors").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    pub status: u16,
    pub message: Option<Untrusted>,
    /// For 503: seconds to wait before a retry.
    pub retry_after: Option<u64>,
    pub no_such_booking: bool,
    /// For 422: query parameters with their messages.
    pub fields: Vec<(Untrusted, Untrusted)>,
    /// For 401 of a Payments API: the advice, which names the source of the token.
    pub token_advice: Option<Advice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limited {
    pub window: Option<RateWindow>,
    pub limit: Option<u32>,
    /// Seconds until the window resets, by the body.
    pub resets_in: Option<u64>,
    pub retry_after: Option<u64>,
    /// The server's clock at that time, in seconds since 1970.
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

    /// Returns the failure to show, with all texts from outside sanitized.
    pub fn failure(&self, request: &Request) -> Failure {
        let (why, kind, advice) = match request.host() {
            Host::Customer => self.cause.meaning(),
            _ => payments::meaning(&self.cause, request),
        };
        let failed = match request {
            Request::Connection(_) => "failed",
            _ => "could not be loaded",
        };
        let what = match request {
            Request::List(query) => query.in_words(),
            Request::Booking(reference) => format!("Booking {}", sanitize(reference)),
            Request::Limits => "The limits".to_owned(),
            Request::Connection(path) => format!("The connection test of {path}"),
            Request::Payments(ask) => ask.subject().to_owned(),
        };
        let mut failure = Failure::new(kind, format!("{what} {failed}"), why, advice);
        if let Cause::Refused(refusal) = &self.cause {
            let shown = |text: &Untrusted| text.shown().into_owned();
            let fields = refusal.fields.iter();
            failure.fields = fields.map(|(field, text)| (shown(field), shown(text))).collect();
        }
        failure
    }
}

impl Cause {
    /// The words for the log, without any text from outside.
    pub fn in_the_log(&self) -> &'static str {
        match self {
            Self::Transport(error) => error.in_the_log(),
            Self::Refused(_) => "refused",
            Self::Limited(_) => "limited",
            Self::Unreadable(_) => "not the documented response",
            Self::Offline => "offline",
            Self::Expired { .. } | Self::Unsendable(_) => "not sent",
            Self::Internal => "internal error",
        }
    }

    pub(super) fn meaning(&self) -> (String, Kind, Advice) {
        let (kind, advice) = match self {
            Self::Transport(error) if error.is_answer() => (Kind::Unreadable, advice_on_way(error)),
            Self::Transport(error) => (Kind::Passing, advice_on_way(error)),
            Self::Refused(refusal) => {
                let (_, kind, advice) = refusal.meaning();
                (kind, advice)
            }
            Self::Limited(_) => (Kind::Limited, Advice::RetryAfterReset),
            Self::Unreadable(DecodeError::Html | DecodeError::Empty) => {
                (Kind::Unreadable, Advice::Check(Check::BaseUrl))
            }
            Self::Unreadable(_) => (Kind::Unreadable, Advice::RetryOrUpdate),
            Self::Offline => (Kind::Passing, Advice::Retry),
            Self::Expired { .. } => (Kind::Access, Advice::NewToken),
            Self::Unsendable(_) => (Kind::Refused, Advice::LookUpAnother),
            Self::Internal => (Kind::Internal, Advice::RetryAndReport),
        };
        (self.to_string(), kind, advice)
    }
}

fn advice_on_way(error: &TransportError) -> Advice {
    use TransportError as Error;
    Advice::Check(match error {
        Error::Through(error, _) => match **error {
            Error::Connect(_) | Error::ProxySilent => Check::Proxy,
            _ => return advice_on_way(error),
        },
        Error::Connect(_) => Check::NetworkAndBaseUrl,
        Error::Certificate(distrust) => return distrust.advice(),
        Error::ProxyAuth => Check::ProxyPassword,
        Error::ProxyRefused => Check::ProxyPermission,
        Error::Handshake => Check::Firewall,
        Error::Tls(_) | Error::Redirect { .. } | Error::Garbled => Check::BaseUrlAndProxy,
        Error::Dns => Check::Network,
        Error::TooLarge => return Advice::NarrowFilters,
        _ => return Advice::Retry,
    })
}

impl Refusal {
    fn meaning(&self) -> (&'static str, Kind, Advice) {
        use Kind::{Access, Missing, Passing, Refused};
        let base_url = Advice::Check(Check::BaseUrl);
        match self.status {
            400 => ("the server could not understand the request", Refused, Advice::ChangeFilters),
            401 => ("the server does not accept the token", Access, Advice::NewToken),
            403 => ("the server denies access with this token", Access, Advice::CustomerToken),
            404 if self.no_such_booking => {
                ("the server does not know this booking", Missing, Advice::LookUpAnother)
            }
            404 => ("not found at this base URL", Missing, base_url),
            422 => ("the server refused the filters", Refused, Advice::CorrectFilters),
            500..=599 => ("the server has a problem", Passing, Advice::Retry),
            408 => ("the server returned an error", Passing, Advice::Retry),
            _ => ("the server returned an error", Refused, Advice::Retry),
        }
    }

    pub(super) fn explained(&self, meaning: &str) -> String {
        let mut text = format!("{meaning} ({}", self.status);
        if let Some(message) = &self.message {
            text = format!("{text}: {}", message.shown());
        }
        text.push(')');
        if let Some(seconds) = self.retry_after.filter(|_| self.status == 503) {
            let wait = seconds_in_words(seconds);
            text = format!("{text}; it asks clients to wait {wait}");
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
        let limit = self.limit.map(|limit| counted(limit.into(), "request")).unwrap_or_default();
        let limit = limit + self.window.map_or("", RateWindow::per);
        f.write_str("rate limit reached")?;
        if !limit.is_empty() {
            write!(f, " ({})", limit.trim_start())?;
        }
        let Some(seconds) = self.resets_in else { return Ok(()) };
        let wait = seconds_in_words(seconds);
        match self.resets_at().filter(|_| seconds >= 3_600) {
            Some(at) => write!(f, "; it resets at {at}, in {wait}"),
            None => write!(f, "; it resets in {wait}"),
        }
    }
}

impl Limited {
    /// `resets_in_seconds`, else `Retry-After`, else a minute; times longer than the window are ignored.
    pub(super) fn seconds_to_wait(&self) -> u64 {
        let longest = self.window.unwrap_or(RateWindow::Other).seconds();
        let mut stated = [self.resets_in, self.retry_after].into_iter().flatten();
        stated.find(|seconds| *seconds <= longest).unwrap_or(DEFAULT_WAIT).max(1)
    }

    /// The local time of the reset by the server's clock, with the date unless it is near.
    fn resets_at(&self) -> Option<String> {
        let (said_at, wait) = (self.said_at?, i64::try_from(self.resets_in?).ok()?);
        let local =
            |seconds: i64| Some(DateTime::from_timestamp(seconds, 0)?.with_timezone(&Local));
        // Both are rounded to seconds, so a reset at a full minute may be a second off.
        let at = said_at.checked_add(wait)?.checked_add(30)? / 60 * 60;
        let (now, at) = (local(said_at)?, local(at)?);
        let is_near = at.date_naive() == now.date_naive() || wait < 86_400;
        Some(at.format(if is_near { "%H:%M" } else { "%Y-%m-%d %H:%M" }).to_string())
    }
}

#[cfg(test)]
mod tests;
