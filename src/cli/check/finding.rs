//! One thing that was checked, and how all of them are printed.

use std::fmt::{Display, Write};

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::domain::text::sanitise;

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
pub(super) enum State {
    #[strum(serialize = "ok")]
    Well,
    /// It works, but not all of it, or not for long.
    #[strum(serialize = "odd")]
    Odd,
    /// It does not work; the exit code that says so.
    #[strum(serialize = "BAD")]
    Bad(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) says: String,
    /// What to do; empty where there is nothing to do.
    pub(super) advice: String,
}

impl Finding {
    pub(super) fn new(state: State, name: &str, says: impl Display, advice: impl Display) -> Self {
        // Errors have several lines; the columns of the table have one.
        let in_a_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let texts = [name.to_owned(), says.to_string(), advice.to_string()];
        let [name, says, advice] = texts.map(|text| sanitise(&in_a_line(text)).into_owned());
        Self { name, state, says, advice }
    }

    pub(super) fn well(name: &str, says: impl Display) -> Self {
        Self::new(State::Well, name, says, "")
    }

    pub(super) fn odd(name: &str, says: impl Display, advice: impl Display) -> Self {
        Self::new(State::Odd, name, says, advice)
    }

    pub(super) fn code(&self) -> Option<u8> {
        match self.state {
            State::Bad(code) => Some(code),
            _ => None,
        }
    }
}

/// A line each, and what to do below it.
pub(super) fn in_words(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.name.width()).max().unwrap_or(0);
    let mut out = String::new();
    for finding in findings {
        let gap = " ".repeat(width - finding.name.width());
        let (name, word): (_, &str) = (&finding.name, finding.state.into());
        let _ = writeln!(out, "{word:<3}  {name}{gap}  {}", finding.says);
        if !finding.advice.is_empty() {
            let _ = writeln!(out, "     {:width$}  → {}", "", finding.advice);
        }
    }
    out
}

/// For support; it holds no secret.
pub(super) fn to_json(findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({
            "name": finding.name,
            "state": <&str>::from(finding.state).to_lowercase(),
            "says": finding.says,
            "todo": finding.advice,
        })
    });
    json!({
        "valora": env!("CARGO_PKG_VERSION"),
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        "checks": checks.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_stands_below_what_is_not_well() {
        let findings = [
            Finding::well("a", "fine"),
            Finding::new(State::Bad(4), "bcd", "one\n\x1b[2Jtwo", "fix it"),
        ];
        let expected = "ok   a    fine\nBAD  bcd  one \u{FFFD}[2Jtwo\n          → fix it\n";
        assert_eq!(in_words(&findings), expected);
        assert_eq!(to_json(&findings)["checks"][1]["state"], "bad");
        assert_eq!(findings.iter().filter_map(Finding::code).max(), Some(4));
    }
}
