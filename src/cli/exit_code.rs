//! How a command ended: the errors that have an exit code of their own.

use std::borrow::Cow;

use crate::config::ConfigError;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::net::log::LogError;
use crate::net::transport::BuildError;
use crate::tui::advice::remedy;

/// The network or the API failed.
pub(super) const FAILED: u8 = 1;
pub(super) const USAGE: u8 = 2;
/// What was asked for does not exist.
pub(super) const MISSING: u8 = 3;
/// The token is not accepted.
pub(super) const ACCESS: u8 = 4;
/// Stopped by ctrl-c, as shells count it.
const INTERRUPTED: u8 = 130;

/// Messages about fields that are printed.
const MOST_FIELDS: usize = 5;

/// An error with an exit code of its own.
#[derive(Debug, thiserror::Error)]
#[error("{1}")]
pub(super) struct Exit(pub(super) u8, pub(super) String);

impl Exit {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self(USAGE, text.into())
    }

    pub(super) fn interrupted() -> Self {
        Self(INTERRUPTED, "interrupted, nothing has changed".to_owned())
    }
}

/// The server did not give what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{}", in_shell(.0))]
pub(super) struct Unanswered(pub(super) Failure);

/// The exit code of an error; 1 for all that has none of its own.
pub(super) fn code(error: &anyhow::Error) -> u8 {
    if let Some(Exit(code, _)) = error.downcast_ref() {
        return *code;
    }
    let is_proxy = matches!(error.downcast_ref(), Some(BuildError::Proxy(_)));
    if error.is::<ConfigError>() || error.is::<LogError>() || is_proxy {
        return USAGE;
    }
    match error.downcast_ref::<Unanswered>().map(|unanswered| unanswered.0.kind) {
        Some(Kind::Missing) => MISSING,
        Some(Kind::Access) => ACCESS,
        _ => FAILED,
    }
}

/// A failure where there are no keys to press.
fn in_shell(failure: &Failure) -> String {
    let fields = failure.fields.iter().take(MOST_FIELDS);
    let fields = fields.map(|(name, why)| format!("\n  {name}: {why}"));
    let more = match failure.fields.len().saturating_sub(MOST_FIELDS) {
        0 => String::new(),
        more => format!("\n  … and {more} more"),
    };
    let advice = advice(&failure.advice);
    let joint = if advice.is_empty() { "" } else { "; " };
    format!("{failure}{joint}{advice}{}{more}", fields.collect::<String>())
}

/// What to do where there are no keys; that a command can be run again is known.
fn advice(advice: &Advice) -> Cow<'static, str> {
    let text = match advice {
        Advice::RetryOrUpdate => "if it stays, the API has changed",
        Advice::RetryAndReport => "please report it",
        Advice::ChangeFilters => "change the filters",
        Advice::CorrectFilters => "correct the filters",
        Advice::NarrowFilters => "narrow the filters",
        Advice::NewToken => {
            "it may be revoked, replaced or for another environment: run `valora auth login`"
        }
        other => return remedy(other),
    };
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::Check;

    #[test]
    fn advice_names_commands_and_no_key_and_long_lists_are_cut() {
        let table = [
            (Advice::Retry, ""),
            (Advice::Check(Check::Network), "; check the network"),
            (
                Advice::Check(Check::TrustedAuthorities),
                "; a company's proxy may need its CA: name a file with it in SSL_CERT_FILE and \
                 start valora again",
            ),
            (
                Advice::NewToken,
                "; it may be revoked, replaced or for another environment: run `valora auth login`",
            ),
            (Advice::CorrectFilters, "; correct the filters"),
        ];
        let failed =
            |advice| Failure::new(Kind::Passing, "Debt could not be loaded", "why", advice);
        for (advice, expected) in table {
            let shown = in_shell(&failed(advice));
            assert_eq!(shown, format!("Debt could not be loaded: why{expected}"));
        }
        let mut failure = failed(Advice::None);
        failure.fields = (0..50).map(|at| (format!("f{at}"), "is wrong".to_owned())).collect();
        let shown = in_shell(&failure);
        assert!(shown.ends_with("f4: is wrong\n  … and 45 more"), "{shown}");
    }
}
