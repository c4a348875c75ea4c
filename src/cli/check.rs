//! `valora check`: for a person who cannot get in. Each thing that can be wrong is looked at, and
//! what is not well says what to do. Nothing secret is printed, so that it can be sent to others.

mod finding;
mod machine;
mod server;

use std::path::Path;

use anyhow::bail;
use clap::{Args, ValueEnum};
use finding::{Finding, State};

use super::exit_code::{Exit, USAGE};
use super::{Cx, counted, keys, print};
use crate::config::{ConfigError, Environment, Flags};

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
        Output::Text => finding::in_words(&findings),
        Output::Json => serde_json::to_string_pretty(&finding::to_json(&findings))? + "\n",
    };
    print(&text)?;
    if let Some(worst) = findings.iter().filter_map(Finding::code).max() {
        bail!(Exit(worst, "some checks failed; see the → lines".to_owned()));
    }
    Ok(())
}

fn settings(environment: &Environment) -> Finding {
    let name = "settings";
    let settings = match keys::settings(environment) {
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
