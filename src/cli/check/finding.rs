//! One thing that was looked at, and how all of them are told.

use std::fmt::Write;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::domain::text::sanitise;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Well,
    /// It works, but not all of it, or not for long.
    Odd,
    /// It does not work; the exit code that says so.
    Bad(u8),
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Well => "ok",
            Self::Odd => "odd",
            Self::Bad(_) => "BAD",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) says: String,
    /// What to do; empty where all is well.
    pub(super) todo: String,
}

impl Finding {
    fn new(name: &str, state: State, says: &str, todo: &str) -> Self {
        let printable = |text: &str| {
            // Errors have several lines; the columns of the table have one.
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            sanitise(&text).into_owned()
        };
        Self { name: printable(name), state, says: printable(says), todo: printable(todo) }
    }

    pub(super) fn well(name: &str, says: &str) -> Self {
        Self::new(name, State::Well, says, "")
    }

    pub(super) fn odd(name: &str, says: &str, todo: &str) -> Self {
        Self::new(name, State::Odd, says, todo)
    }

    pub(super) fn bad(name: &str, says: &str, todo: &str, code: u8) -> Self {
        Self::new(name, State::Bad(code), says, todo)
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
        let (name, word) = (&finding.name, finding.state.word());
        let _ = writeln!(out, "{word:<3}  {name}{gap}  {}", finding.says);
        if !finding.todo.is_empty() {
            let _ = writeln!(out, "     {:width$}  → {}", "", finding.todo);
        }
    }
    out
}

/// For support: what stands here holds no secret.
pub(super) fn to_json(findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({
            "name": finding.name,
            "state": finding.state.word().to_lowercase(),
            "says": finding.says,
            "todo": finding.todo,
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
        let findings =
            [Finding::well("a", "fine"), Finding::bad("bcd", "one\n\x1b[2Jtwo", "mend it", 4)];
        let expected = "ok   a    fine\nBAD  bcd  one \u{FFFD}[2Jtwo\n          → mend it\n";
        assert_eq!(in_words(&findings), expected);
        assert_eq!(to_json(&findings)["checks"][1]["state"], "bad");
        assert_eq!(findings.iter().filter_map(Finding::code).max(), Some(4));
    }
}
