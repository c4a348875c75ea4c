//! How a command ended: the errors that have an exit code of their own.

use crate::config::ConfigError;
use crate::domain::failure::{Failure, Kind};
use crate::net::log::LogError;
use crate::net::transport::BuildError;

/// The network or the API failed.
pub(super) const FAILED: u8 = 1;
pub(super) const USAGE: u8 = 2;
/// What was asked for does not exist.
const MISSING: u8 = 3;
/// The token is not accepted.
pub(super) const ACCESS: u8 = 4;
/// Stopped by ctrl-c, as shells count it.
const INTERRUPTED: u8 = 130;

/// Messages about fields that are printed.
const MOST_FIELDS: usize = 5;

/// What was given cannot be meant.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Usage(pub(super) String);

/// The server did not give what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{}", in_shell(.0))]
pub(super) struct Unanswered(pub(super) Failure);

#[derive(Debug, thiserror::Error)]
#[error("interrupted, nothing has changed")]
pub(super) struct Interrupted;

/// The exit code of an error; 1 for all that has none of its own.
pub(super) fn code(error: &anyhow::Error) -> u8 {
    if error.is::<Interrupted>() {
        return INTERRUPTED;
    }
    if error.is::<ConfigError>()
        || error.is::<super::dashboard::NoTerminal>()
        || error.is::<LogError>()
        || error.is::<super::Ineffective>()
        || error.is::<super::Misplaced>()
        || error.is::<super::settings::Mistakes>()
        || error.is::<super::settings::Present>()
        || error.is::<Usage>()
    {
        return USAGE;
    }
    if matches!(error.downcast_ref(), Some(BuildError::Proxy(_))) {
        return USAGE;
    }
    if let Some(worst) = error.downcast_ref::<super::check::NotWell>() {
        return worst.0;
    }
    if error.is::<super::auth::NotKept>() {
        return MISSING;
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
    // The advice of the screen ends with its keys; here the way to try again is known.
    let is_key = |part: &&str| {
        part.contains("press ") || part.contains("r reads ") || part.contains("r tries")
    };
    let ends = [',', ':', ';'];
    let todo = failure.todo.split_inclusive(ends).take_while(|part| !is_key(part));
    let todo = todo.collect::<String>().trim_end_matches(ends).to_owned();
    let todo = if todo.is_empty() { todo } else { format!("; {todo}") };
    format!("{}: {}{todo}{}{more}", failure.what, failure.why, fields.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_keeps_what_is_no_key_as_it_is_and_long_lists_are_cut() {
        let table = [
            ("press r to try again", ""),
            (
                "write it as http://name:password@host:port, and start again",
                "; write it as http://name:password@host:port, and start again",
            ),
            (
                "a CA may be missing: name it in SSL_CERT_FILE; then press r",
                "; a CA may be missing: name it in SSL_CERT_FILE",
            ),
            ("check the network, then press r to try again", "; check the network"),
        ];
        let mut failure = Failure {
            kind: Kind::Passing,
            what: "Debt could not be loaded".to_owned(),
            why: "why".to_owned(),
            todo: String::new(),
            fields: Vec::new(),
        };
        for (todo, expected) in table {
            todo.clone_into(&mut failure.todo);
            assert_eq!(in_shell(&failure), format!("Debt could not be loaded: why{expected}"));
        }
        failure.fields = (0..50).map(|at| (format!("f{at}"), "is wrong".to_owned())).collect();
        let shown = in_shell(&failure);
        assert!(shown.ends_with("f4: is wrong\n  … and 45 more"), "{shown}");
    }
}
