//! `valora check`: for a person who cannot get in. Each thing that can be wrong is looked at, and
//! what is not well says what to do. Nothing secret is printed, so that it can be sent to others.

mod finding;
mod machine;
mod server;

use std::io;

use anyhow::Context;
use clap::{Args, ValueEnum};
use finding::Finding;

use super::{Connection, keys, print};
use crate::config::{ConfigError, Environment, find};
use crate::domain::text::sanitise;

/// What is checked, and how it is told.
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
    connection: Connection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For support, and for programs
    Json,
}

/// Something is not well; it was printed, and this is the exit code of the worst.
#[derive(Debug, thiserror::Error)]
#[error("not all is well; what to do stands beside each line")]
pub(super) struct NotWell(pub(super) u8);

pub(super) fn run(
    flags: &CheckFlags,
    profile: Option<String>,
    environment: &Environment,
) -> anyhow::Result<()> {
    let mut findings = vec![settings(environment)];
    match find(&flags.connection.clone().flags(profile), environment, io::stdin().lock()) {
        Ok(found) => {
            findings.extend(server::pointed(&found));
            findings.extend(server::asked(found.target)?);
        }
        Err(error) => {
            let todo = "do what it says; valora auth status then says whether it was enough";
            findings.push(Finding::bad("token", &error.to_string(), todo, super::outcome::USAGE));
        }
    }
    findings.extend(machine::terminal(flags.output == Output::Text));
    findings.extend(machine::folders(environment.store.as_ref()));
    match flags.output {
        Output::Text => print(&finding::in_words(&findings))?,
        Output::Json => {
            let json = finding::to_json(&findings);
            let text = serde_json::to_string_pretty(&json).context("it cannot be written")?;
            print(&format!("{text}\n"))?;
        }
    }
    match findings.iter().filter_map(Finding::code).max() {
        Some(code) => Err(NotWell(code).into()),
        None => Ok(()),
    }
}

fn settings(environment: &Environment) -> Finding {
    let name = "settings";
    let settings = match keys::settings(environment) {
        Ok((settings, _keymap)) => settings,
        Err(error) => {
            let is_exposed = matches!(error, ConfigError::Exposed { .. });
            let todo =
                if is_exposed { "run what it says" } else { "make it readable for this user" };
            return Finding::bad(name, &error.to_string(), todo, super::outcome::USAGE);
        }
    };
    let path = settings.path.as_deref().map(|path| path.display().to_string());
    let path = sanitise(&path.unwrap_or_default()).into_owned();
    let problems = settings.warnings().join("; ");
    let todo = "mend these lines; valora config check reads them again";
    if settings.document.is_broken() {
        Finding::bad(name, &problems, todo, super::outcome::USAGE)
    } else if !problems.is_empty() {
        Finding::odd(name, &problems, todo)
    } else {
        let count = settings.names().len();
        let plural = if count == 1 { "" } else { "s" };
        Finding::well(name, &format!("{path}, {count} profile{plural}"))
    }
}
