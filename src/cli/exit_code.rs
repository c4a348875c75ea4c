//! Exit codes and error messages of commands; a token passed as an argument is not quoted.

use std::borrow::Cow;
use std::io;
use std::process::ExitCode;

use super::{print, say, width};
use crate::config::ConfigError;
use crate::domain::failure::{Advice, Failure, Kind};
use crate::net::log::LogError;
use crate::net::transport::BuildError;
use crate::process::password_prompt::Interrupted;
use crate::process::tokens::{SHORTEST_ARGUMENT, advised};
use crate::tui::advice::remedy;
use crate::writes::command::UNKNOWN;

pub(super) const FAILED: u8 = 1;
pub(super) const USAGE: u8 = 2;
pub(super) const MISSING: u8 = 3;
pub(super) const ACCESS: u8 = 4;
/// Stopped by ctrl-c, as in shells.
const INTERRUPTED: u8 = 130;
/// The table of the manual.
pub const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "done"),
    ("1", "failed: the API, the network, or a list that changed while loading"),
    ("2", "wrong usage or settings; nothing was sent"),
    ("3", "not found"),
    ("4", "the token is not accepted (401, 403)"),
    (
        "5",
        "a write: the state of the object does not allow it (409, 422), or is the requested one already",
    ),
    ("6", "a write: it is not known whether it was carried out"),
    ("130", "interrupted with ctrl-c"),
    ("101", "an internal error in valora"),
    ("128 + n", "ended by signal n"),
];
const MOST_FIELDS: usize = 5;
#[derive(Debug, thiserror::Error)]
#[error("{1}")]
pub(super) struct Exit(pub(super) u8, pub(super) String);

impl Exit {
    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self(USAGE, text.into())
    }

    pub(super) fn interrupted_write() -> Self {
        let why =
            "interrupted while a write was under way; its result is unknown: run valora audit";
        Self(UNKNOWN, why.to_owned())
    }

    pub(super) fn interrupted() -> Self {
        Self(INTERRUPTED, Interrupted.to_string())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{}", in_shell(.0))]
pub(super) struct Unanswered(pub(super) Failure);

/// Returns the exit code of an error; 1 if none is documented for it.
pub(super) fn code(error: &anyhow::Error) -> u8 {
    if let Some(Exit(code, _)) = error.downcast_ref() {
        return *code;
    }
    if error.is::<Interrupted>() {
        return INTERRUPTED;
    }
    let is_proxy = matches!(error.downcast_ref(), Some(BuildError::Proxy(_)));
    if error.is::<ConfigError>() || error.is::<LogError>() || is_proxy {
        return USAGE;
    }
    match error.downcast_ref::<Unanswered>().map(|unanswered| unanswered.0.kind) {
        Some(Kind::Missing | Kind::Gone) => MISSING,
        Some(Kind::Access) => ACCESS,
        _ => FAILED,
    }
}

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

/// Returns the advice without keys; empty if it is only to retry.
fn advice(advice: &Advice) -> Cow<'static, str> {
    let text = match advice {
        Advice::RetryOrUpdate => "if this persists, the API has changed: update valora",
        Advice::RetryAndReport => "please report it",
        Advice::ChangeFilters => "change the filters",
        Advice::CorrectFilters => "correct the filters",
        Advice::NarrowFilters => "narrow the filters",
        Advice::LookUpAnotherOrSearchDebt => {
            "check the reference, or search debt: `valora list debt search=REF`"
        }
        Advice::NewToken => {
            "it may be revoked, replaced or for another environment: run `valora auth login`, with \
             --profile NAME if you have several"
        }
        other => return remedy(other).into(),
    };
    text.into()
}

pub(super) fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let text = error.render().to_string();
        // A closed pipe is not an error.
        let _ = print(&width::fitted(&text, width::of(&io::stdout())));
        return ExitCode::SUCCESS;
    }
    say(&advised(&error.render().to_string(), SHORTEST_ARGUMENT));
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
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
                "; a company's proxy may need its own CA: set SSL_CERT_FILE to its file and restart \
                 valora",
            ),
            (
                Advice::NewToken,
                "; it may be revoked, replaced or for another environment: run `valora auth login`, \
                 with --profile NAME if you have several",
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
