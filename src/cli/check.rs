//! `valora check`: for a person who cannot get in. Each thing that can be wrong is looked at, and
//! what is not well says what to do. Nothing secret is printed, so that it can be sent to others.

mod machine;
mod server;

use std::fmt::{Display, Write};
use std::path::Path;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::exit_code::{Exit, USAGE};
use super::settings::read;
use super::{Cx, counted, print};
use crate::config::{ConfigError, Environment, Flags};
use crate::domain::text::sanitise;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  valora check\n  valora check --profile acme\n  \
                  valora check -o json > check.json      for support; it holds no secret\n\n\
                  Exit codes: 0 all is well or only odd, 1 the network or the API, 2 the settings or the \
                  token's source, 4 the token is not accepted")]
pub(super) struct CheckFlags {
    /// The form
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    output: Output,
    #[command(flatten)]
    connection: Flags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For support, and for programs
    Json,
}

pub(super) fn run(flags: &CheckFlags, cx: &Cx) -> anyhow::Result<()> {
    let mut findings = vec![settings(&cx.environment)];
    match cx.find(&flags.connection) {
        Ok(found) => {
            findings.extend(server::pointed(&found));
            findings.extend(server::asked(found.target)?);
        }
        Err(error) => {
            let advice = "do what it says, or run: valora auth login";
            findings.push(Finding::new(State::Bad(USAGE), "token", error, advice));
        }
    }
    findings.extend(machine::terminal(flags.output == Output::Text));
    findings.extend(machine::folders(cx.environment.store.as_ref()));
    let text = match flags.output {
        Output::Text => in_words(&findings),
        Output::Json => serde_json::to_string_pretty(&to_json(&findings))? + "\n",
    };
    print(&text)?;
    if let Some(worst) = findings.iter().filter_map(Finding::code).max() {
        bail!(Exit(worst, "some checks failed; see the → lines".to_owned()));
    }
    Ok(())
}

fn settings(environment: &Environment) -> Finding {
    let name = "settings";
    let settings = match read(environment) {
        Ok((settings, _keymap)) => settings,
        Err(error) => {
            let advice = match error {
                ConfigError::Exposed { .. } => "run what it says",
                _ => "make it readable for this user",
            };
            return Finding::new(State::Bad(USAGE), name, error, advice);
        }
    };
    let problems = settings.warnings().join("; ");
    let state = match problems.as_str() {
        "" => {
            let path = settings.path.as_deref().unwrap_or(Path::new("")).display();
            let count = counted(settings.names().len() as u64, "profile");
            return Finding::well(name, format!("{path}, {count}"));
        }
        _ if settings.document.is_broken() => State::Bad(USAGE),
        _ => State::Odd,
    };
    Finding::new(state, name, problems, "fix these lines; then run: valora config check")
}

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

    /// It is odd where there is something to do.
    fn of(name: &str, says: impl Display, advice: &str) -> Self {
        let state = if advice.is_empty() { State::Well } else { State::Odd };
        Self::new(state, name, says, advice)
    }

    pub(super) fn code(&self) -> Option<u8> {
        match self.state {
            State::Bad(code) => Some(code),
            _ => None,
        }
    }
}

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
