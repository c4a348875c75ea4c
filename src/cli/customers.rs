//! `valora customers`: prints the figures of all customers, first the one that needs the user first.

use std::collections::HashMap;
use std::io;

use anyhow::bail;
use clap::Args;

use super::exit_code::{Exit, FAILED};
use super::requests::block_on;
use super::{Cx, formats, print, say, warn, width};
use crate::clock::Clock;
use crate::config::profile::Settings;
use crate::config::program::Interactivity;
use crate::config::{ConfigError, Found, find_in};
use crate::customers::state::{CustomerRow, RowState};
use crate::customers::totals::Totals;
use crate::domain::money::counted;
use crate::export::Format;
use crate::export::customers::{error, render};
use crate::figures::summary::text_of;
use crate::hub::{Hub, HubCommand, JobId, Unlock};
use crate::net::budget::Pace;
use crate::net::pool::{Pool, SharedPool};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora customers                       who needs you first\n  \
                  valora customers -o json | jq '.[] | select(.need == \"blocked\") | .profile'\n\n\
                  Each customer has a row, even one that could not be loaded. Loading a customer costs 3 to 10\n\
                  requests of its own limit, for debt, penalties and scheduled payments; four customers load\n\
                  at once. A figure that counts only a part of a list is marked: 12+, or (4,000 of 6,113).\n\
                  Changes are counted since the last saved day before today; this command saves no rows.\n\n\
                  A token_command that may ask for a password, such as pass or gpg, runs only with --unlock.\n\
                  token_command_asks = true or false, in the table of its profile, says whether it may.\n\n\
                  Exit codes: 0 done, 1 a customer or one of its lists could not be loaded,\n\
                  2 wrong usage or settings"
)]
pub(super) struct CustomersFlags {
    /// Output format
    #[arg(short, long, value_parser = formats(Format::CUSTOMERS), default_value = "table")]
    output: Format,
    /// Also run each `token_command` that may ask for a password, one after the other
    #[arg(long)]
    unlock: bool,
}

pub(super) fn run(flags: &CustomersFlags, cx: &Cx) -> anyhow::Result<()> {
    let store = cx.environment.store.clone();
    let settings = Settings::read(store.as_ref())?;
    settings.ensure_valid()?;
    settings.warnings().iter().for_each(|warning| warn(warning));
    let names = settings.names();
    if names.is_empty() {
        bail!(ConfigError::NoToken);
    }
    let unlocked = if flags.unlock { unlock(&settings, &names) } else { HashMap::new() };
    let rows = block_on(async {
        let pool = SharedPool::start(Pool::new(cx.log.clone(), Pace::Metered));
        let mut hub = Hub::new(settings, store, pool, Clock::start());
        for (profile, found) in unlocked {
            hub.unlocked(&profile, found);
        }
        Ok(load_all(&mut hub, &names).await)
    })?;
    let rows = sorted(rows);
    print(&render(&rows, flags.output, width::of(&io::stdout())).map_err(anyhow::Error::msg)?)?;
    let errors = rows.iter().map(|row| (row, error(row))).filter(|(_, error)| !error.is_empty());
    let errors: Vec<_> = errors.collect();
    for (row, error) in &errors {
        warn(&format!("{}: {error}", row.profile));
    }
    if flags.output == Format::Table {
        say(&text_of(&Totals::of(&rows).parts(usize::MAX)));
    }
    if errors.is_empty() {
        return Ok(());
    }
    let of = counted(rows.len() as u64, "customer");
    bail!(Exit(FAILED, format!("{} of {of} could not be loaded completely", errors.len())))
}

/// Runs the programs that may prompt. A profile whose program fails stays locked.
fn unlock(settings: &Settings, names: &[String]) -> HashMap<String, Found> {
    let mut unlocked = HashMap::new();
    for name in names {
        if !settings.profile(name).is_ok_and(|profile| profile.prompter.is_some()) {
            continue;
        }
        match find_in(settings, name, Interactivity::Interactive) {
            Ok(found) => _ = unlocked.insert(name.clone(), found),
            Err(error) => warn(&format!("{name}: {error}")),
        }
    }
    unlocked
}

/// The rows of all profiles in their order, each with its figures or why there are none.
async fn load_all(hub: &mut Hub, names: &[String]) -> Vec<CustomerRow> {
    let row = |profile: &String| CustomerRow {
        profile: profile.clone(),
        environment: String::new(),
        is_production: false,
        state: RowState::Loading,
    };
    let mut rows: Vec<CustomerRow> = names.iter().map(row).collect();
    for (job, profile) in names.iter().enumerate() {
        let (job, profile) = (JobId(job as u64), profile.clone());
        hub.run(HubCommand::Load { job, profile, unlock: Unlock::NotAsked });
    }
    let mut running = rows.len();
    while running > 0
        && let Some(event) = hub.next().await
    {
        running -= usize::from(event.news.is_last());
        let at = usize::try_from(event.job.0).unwrap_or(usize::MAX);
        if let Some(row) = rows.get_mut(at) {
            event.apply(row);
        }
    }
    rows
}

fn sorted(rows: Vec<CustomerRow>) -> Vec<CustomerRow> {
    let mut ranked: Vec<_> = rows.into_iter().enumerate().collect();
    ranked.sort_by_key(|(place, row)| row.attention(*place));
    ranked.into_iter().map(|(_, row)| row).collect()
}
