//! What went wrong, why, and what can be done about it.

use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The network or the server; retrying may help.
    Passing,
    /// The token is missing, revoked or of the wrong kind (401, 403).
    Access,
    /// The server does not know what was requested (404).
    Missing,
    /// The server no longer serves this path at all.
    Gone,
    Refused,
    /// The rate limit of the customer is reached (429).
    Limited,
    Unreadable,
    Internal,
}

/// What can be done about a failure. The screen and the command line each put it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    None,
    Retry,
    /// If it persists, the API has changed.
    RetryOrUpdate,
    /// It is a bug in valora.
    RetryAndReport,
    /// The reason says when the window of the limit ends.
    RetryAfterReset,
    RetryLater {
        seconds: u64,
    },
    ChangeFilters,
    CorrectFilters,
    NarrowFilters,
    ChangeRequest,
    LookUpAnother,
    /// The reference may be in the list of debt.
    LookUpAnotherOrSearchDebt,
    CheckId,
    NewToken,
    CustomerToken,
    /// Set a valid one in this environment variable, which is read at the start.
    TokenIn(Arc<str>),
    /// Check this key of a profile, whose program is run again.
    TokenFrom(Arc<str>),
    Check(Check),
    /// The inner advice, or load the rest of the pages.
    ResumeLoading(Box<Self>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Network,
    Firewall,
    NetworkAndBaseUrl,
    BaseUrl,
    BaseUrlAndProxy,
    Proxy,
    ProxyPassword,
    ProxyPermission,
    TrustedAuthorities,
    Clock,
    ServerCertificate,
}

/// A failure in words. Its creator must sanitize untrusted texts in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Failure {
    pub kind: Kind,
    /// What failed: `Penalties could not be loaded`.
    pub what: String,
    pub why: String,
    pub advice: Advice,
    /// Query parameters that the server refused (422), each with its text, in its order.
    pub fields: Vec<(String, String)>,
}

impl Failure {
    pub fn new(
        kind: Kind,
        what: impl Into<String>,
        why: impl Into<String>,
        advice: Advice,
    ) -> Self {
        Self { kind, what: what.into(), why: why.into(), advice, fields: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Advice {
        pub fn examples() -> Vec<Self> {
            vec![
                Self::None,
                Self::Retry,
                Self::RetryOrUpdate,
                Self::RetryAndReport,
                Self::RetryAfterReset,
                Self::RetryLater { seconds: 65 },
                Self::ChangeFilters,
                Self::CorrectFilters,
                Self::NarrowFilters,
                Self::ChangeRequest,
                Self::LookUpAnother,
                Self::LookUpAnotherOrSearchDebt,
                Self::CheckId,
                Self::NewToken,
                Self::CustomerToken,
                Self::TokenIn("A_TOKEN".into()),
                Self::TokenFrom("profile a, payments.token_command".into()),
                Self::Check(Check::Network),
                Self::Check(Check::Firewall),
                Self::Check(Check::NetworkAndBaseUrl),
                Self::Check(Check::BaseUrl),
                Self::Check(Check::BaseUrlAndProxy),
                Self::Check(Check::Proxy),
                Self::Check(Check::ProxyPassword),
                Self::Check(Check::ProxyPermission),
                Self::Check(Check::TrustedAuthorities),
                Self::Check(Check::Clock),
                Self::Check(Check::ServerCertificate),
                Self::ResumeLoading(Box::new(Self::Retry)),
            ]
        }
    }
}
