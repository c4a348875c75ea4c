//! What is known about each customer: its figures, or why there are none.

use super::summary::Summary;
use crate::domain::failure::{Advice, Failure, Kind};

/// Figures stay while a refresh runs or has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    Queued,
    Loading,
    Ready(Box<Summary>),
    Reloading(Box<Summary>),
    Stale(Box<Summary>, Trouble),
    Failed(Trouble),
}

/// Why a customer could not be loaded. No variant contains a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    NoToken,
    /// The program that prints the token may prompt, and the user has not asked to run it.
    Locked(String),
    /// 401 or 403.
    Refused(Failure),
    Offline(Failure),
    /// The rate limit stops requests until this time, in milliseconds since the program started.
    Limited {
        until: u64,
    },
    /// Not all lists had answered in time.
    Slow,
    Failed(Failure),
    /// The settings of the profile, or its token, cannot be used.
    Settings(String),
}

/// A profile and its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    pub profile: String,
    /// `PRODUCTION`, `sandbox` or `custom server`; empty until the token is known.
    pub environment: String,
    pub is_production: bool,
    pub state: RowState,
}

impl RowState {
    /// The newest figures, which a failed refresh may have left out of date.
    pub fn figures(&self) -> Option<&Summary> {
        match self {
            Self::Ready(summary) | Self::Reloading(summary) | Self::Stale(summary, _) => {
                Some(summary)
            }
            Self::Queued | Self::Loading | Self::Failed(_) => None,
        }
    }

    /// A load begins.
    pub fn reload(&mut self) {
        *self = match std::mem::replace(self, Self::Queued) {
            Self::Ready(old) | Self::Reloading(old) | Self::Stale(old, _) => Self::Reloading(old),
            Self::Queued | Self::Loading | Self::Failed(_) => Self::Queued,
        };
    }

    /// The load ends without news.
    pub fn stop(&mut self) {
        *self = match std::mem::replace(self, Self::Queued) {
            Self::Reloading(old) => Self::Ready(old),
            Self::Loading => Self::Queued,
            other => other,
        };
    }

    pub fn trouble(&self) -> Option<&Trouble> {
        match self {
            Self::Stale(_, trouble) | Self::Failed(trouble) => Some(trouble),
            Self::Queued | Self::Loading | Self::Ready(_) | Self::Reloading(_) => None,
        }
    }

    /// One or two words for a column.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Queued => "waiting",
            Self::Loading | Self::Reloading(_) => "loading",
            Self::Ready(summary) if summary.failures().next().is_some() => "part failed",
            Self::Ready(summary) if !summary.is_whole() => "partial",
            Self::Ready(_) => "ready",
            Self::Stale(_, trouble) | Self::Failed(trouble) => trouble.word(),
        }
    }
}

impl Trouble {
    /// Why a request of the customer failed.
    pub fn of_failure(failure: Failure) -> Self {
        match (failure.kind, &failure.advice) {
            (Kind::Access, _) => Self::Refused(failure),
            (Kind::Passing, Advice::Check(_)) => Self::Offline(failure),
            _ => Self::Failed(failure),
        }
    }

    pub fn word(&self) -> &'static str {
        match self {
            Self::Failed(failure) if failure.kind == Kind::Limited => "limit",
            Self::NoToken => "no token",
            Self::Locked(_) => "locked",
            Self::Refused(_) => "refused",
            Self::Offline(_) => "offline",
            Self::Limited { .. } => "limit",
            Self::Slow => "slow",
            Self::Failed(_) => "failed",
            Self::Settings(_) => "settings",
        }
    }

    /// What happened, and what to do about it where that is known.
    pub fn in_words(&self, profile: &str) -> String {
        match self {
            Self::NoToken => format!("no token: run valora auth login --profile {profile}"),
            Self::Locked(program) => format!("locked: {program} may ask for a password"),
            Self::Refused(_) => {
                format!("token refused: run valora check --profile {profile}")
            }
            Self::Offline(_) => format!("server not reached: run valora check --profile {profile}"),
            Self::Limited { .. } => "rate limit reached".to_owned(),
            Self::Slow => "the server did not respond in time".to_owned(),
            Self::Failed(failure) => failure.to_string(),
            Self::Settings(why) => why.clone(),
        }
    }
}
