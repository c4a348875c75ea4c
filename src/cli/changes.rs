//! `valora changes [since=DATE] [LIST]...`: prints new, changed and gone rows.

use clap::Args;
use clap::builder::ArgPredicate;

use super::everyone::{self, AllProfiles};
use super::exit_code::Exit;
use super::requests::{block_on, network, unanswered};
use super::{Cx, print_bytes, warn};
use crate::clock::Clock;
use crate::config::Found;
use crate::export::changes::{render, render_all};
use crate::export::flags::{CSV, CsvFlag, formats};
use crate::export::{Format, Output};
use crate::hub::changes::{ChangesError, Comparison, load_all, part, report, requested};
use crate::hub::report::Reporter;
use crate::journal::DAYS;
use crate::journal::rows::Entry;
use crate::list::ALL;

/// Rows of each list that are loaded: 10 requests.
const MOST: u64 = 5_000;

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct ChangesFlags {
    /// `since=yesterday`, `since=2026-11-20` or `since=-7d`, and the lists to compare [default: all lists,
    /// since the last saved day before today]
    #[arg(value_name = "since=DATE|LIST")]
    words: Vec<String>,
    /// Load at most N rows of each list
    #[arg(long, value_name = "N", default_value_t = MOST,
          value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    /// Output format
    #[arg(short, long, value_parser = formats(Format::CHANGES), default_value = "table",
          default_value_if(CSV, ArgPredicate::IsPresent, CSV))]
    output: Format,
    #[command(flatten)]
    csv: CsvFlag,
    #[command(flatten)]
    profiles: AllProfiles,
}

fn help() -> String {
    let lists: Vec<&str> = ALL.iter().map(|spec| spec.key).collect();
    format!(
        "Examples:\n  \
         valora changes since=yesterday\n  \
         valora changes since=-7d penalties debt -o csv > changes.csv\n  \
         valora changes --all-profiles          of all customers\n\n\
         Lists: {}\n\n\
         Each run saves the loaded rows by day, for {DAYS} days: ids, references, statuses, amounts and dates,\n\
         but no names or account numbers. The dashboard uses the same file. The first run has nothing to\n\
         compare with. A row is reported as gone only if all rows were loaded on both days. If nothing was\n\
         saved on DATE, valora uses the last saved day before DATE, or else the first saved\n\
         day; a warning names that day.\n\n\
         With --all-profiles, each customer is compared with its own saved days. The first column is the\n\
         customer, and a customer that could not be loaded is a row with its error.\n\n\
         Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
         4 the token is not accepted; with --all-profiles: 1 if any customer failed",
        lists.join(" ")
    )
}

pub(super) fn run(flags: &ChangesFlags, cx: &Cx) -> anyhow::Result<()> {
    let today = Clock::start().today();
    let (since, lists) = requested(&flags.words, today).map_err(Exit::usage)?;
    let comparison = Comparison { since, lists, limit: flags.limit, today };
    let store = || {
        let store = cx.environment.store.clone();
        store.ok_or_else(|| Exit::usage("there is no folder to save changes in; set HOME"))
    };
    let output = cx.output(flags.output, flags.csv)?;
    if flags.profiles.all_profiles {
        let store = store()?;
        let all = everyone::load(flags.profiles, cx, move |session, network, mut reporter| {
            let (comparison, store) = (comparison.clone(), store.clone());
            async move {
                let saved = (&store, &session.customer);
                let done = load_all(network, &comparison, saved, &mut reporter).await;
                let done = done.map(|(compared, requests)| {
                    report(&compared, &comparison, requests, &mut reporter);
                    reporter.part = part(&compared, today);
                    (Entry::all(&compared), Ok(()))
                });
                (reporter, done.map_err(of_changes))
            }
        })?;
        if flags.output != Format::Table || !everyone::is_empty(&all) {
            print_bytes(&render_all(&all, output).map_err(anyhow::Error::msg)?)?;
        }
        return everyone::finish(&all);
    }
    let Found { target, session, .. } = cx.find()?;
    let (store, mut reporter) = (store()?, Reporter::of_one(warn));
    let (compared, requests) = block_on(async {
        let saved = (&store, &session.customer);
        let network = network(target, &cx.log)?;
        load_all(network, &comparison, saved, &mut reporter).await.map_err(of_changes)
    })?;
    let entries = Entry::all(&compared);
    let entries: Vec<&Entry> = entries.iter().collect();
    if !entries.is_empty() || flags.output != Format::Table {
        let part = part(&compared, today);
        print_bytes(
            &render(&entries, Output { part: &part, ..output }).map_err(anyhow::Error::msg)?,
        )?;
    }
    report(&compared, &comparison, requests, &mut reporter);
    Ok(())
}

fn of_changes(error: ChangesError) -> anyhow::Error {
    match error {
        ChangesError::Pages(error) => unanswered(error),
        other => other.into(),
    }
}
