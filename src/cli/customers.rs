//! `valora customers`: prints the figures of all customers, first the one that needs the user first.

use clap::Args;
use clap::builder::ArgPredicate;

use super::everyone::{self, ended};
use super::requests::block_on;
use super::{Cx, print_bytes, say};
use crate::customers::state::{CustomerRow, RowState, Trouble};
use crate::customers::totals::Totals;
use crate::export::Format;
use crate::export::customers::{error, render};
use crate::export::flags::{CSV, CsvFlag, formats};
use crate::figures::summary::text_of;
use crate::hub::{Hub, HubCommand, JobId, Unlock};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora customers                       who needs you first\n  \
                  valora customers -o json | jq '.[] | select(.need == \"blocked\") | .profile'\n\n\
                  Each customer has a row, even one that could not be loaded. Loading a customer costs 3 to 10\n\
                  requests of its own limit, for debt, penalties and scheduled payments; four customers load\n\
                  at once. A figure that counts only a part of a list is marked: 12+, or (4,000 of 6,113).\n\
                  Changes are counted since the last saved day before today; this command saves no rows.\n\n\
                  A token_command that may ask for a password, such as pass or gpg, runs only with --unlock.\n\
                  To say whether it may ask for a password, set token_command_asks to true or\n\
                  false in the table of its profile.\n\n\
                  Exit codes: 0 done, 1 a customer or one of its lists could not be loaded,\n\
                  2 wrong usage or settings"
)]
pub(super) struct CustomersFlags {
    /// Output format
    #[arg(short, long, value_parser = formats(Format::CUSTOMERS), default_value = "table",
          default_value_if(CSV, ArgPredicate::IsPresent, CSV))]
    output: Format,
    #[command(flatten)]
    csv: CsvFlag,
    /// Also run each `token_command` that may ask for a password, one after the other
    #[arg(long)]
    unlock: bool,
}

pub(super) fn run(flags: &CustomersFlags, cx: &Cx) -> anyhow::Result<()> {
    let output = cx.output(flags.output, flags.csv)?;
    let profiles = everyone::profiles(flags.unlock, cx)?;
    let names = profiles.names.clone();
    let rows = block_on(async { Ok(load_all(&mut everyone::hub(profiles, cx), &names).await) })?;
    let rows = sorted(rows);
    print_bytes(&render(&rows, output).map_err(anyhow::Error::msg)?)?;
    let words = |row: &CustomerRow| match row.state.trouble() {
        Some(trouble @ Trouble::Locked(_)) => everyone::in_words(trouble, &row.profile),
        _ => error(row),
    };
    let errors = rows.iter().map(|row| (row.profile.as_str(), words(row)));
    let errors: Vec<_> = errors.filter(|(_, error)| !error.is_empty()).collect();
    let done = ended(rows.len(), errors.into_iter());
    if flags.output == Format::Table {
        say(&text_of(&Totals::of(&rows).parts(usize::MAX)));
    }
    done
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
