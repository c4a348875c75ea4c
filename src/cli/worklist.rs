//! `valora worklist`: prints the queue of penalties with the user's decisions.

use clap::Args;
use clap::builder::ArgPredicate;

use super::everyone::{self, AllProfiles};
use super::exit_code::Unanswered;
use super::requests::{block_on, network, unanswered};
use super::{Cx, print_bytes, warn};
use crate::clock::Clock;
use crate::config::Found;
use crate::export::flags::{CSV, CsvFlag, formats};
use crate::export::worklist::{render, render_all};
use crate::export::{Format, Output};
use crate::hub::report::Reporter;
use crate::hub::worklist::{decisions, load};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora worklist                        open penalties, undecided first\n  \
                  valora worklist --all -o csv > penalties.csv\n  \
                  valora worklist --all-profiles         of all customers\n\n\
                  Decisions, snoozes and notes are those saved on this computer for this customer. To name\n\
                  the owners, up to 15 more requests load payouts, invoices and scheduled payments of the\n\
                  same bookings. Owners that are not found are left empty.\n\
                  csv and json use the column names of valora list penalties; amounts in json are\n\
                  integers in minor units.\n\n\
                  With --all-profiles, the first column is the customer, and a customer that could not be\n\
                  loaded is a row with its error.\n\n\
                  Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
                  4 the token is not accepted; with --all-profiles: 1 if any customer failed"
)]
pub(super) struct WorklistFlags {
    /// Output format
    #[arg(short, long, value_parser = formats(Format::WORKLIST), default_value = "table",
          default_value_if(CSV, ArgPredicate::IsPresent, CSV))]
    output: Format,
    #[command(flatten)]
    csv: CsvFlag,
    /// Include snoozed, done and closed penalties
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    profiles: AllProfiles,
}

pub(super) fn run(flags: &WorklistFlags, cx: &Cx) -> anyhow::Result<()> {
    let (shows_all, today) = (flags.all, Clock::start().today());
    let (store, output) = (cx.environment.store.clone(), cx.output(flags.output, flags.csv)?);
    if flags.profiles.all_profiles {
        let all = everyone::load(flags.profiles, cx, move |session, network, mut reporter| {
            let store = store.clone();
            async move {
                let memory = match decisions(store.as_ref(), &session.customer, &mut reporter) {
                    Ok(memory) => memory,
                    Err(why) => return (reporter, Err(Unanswered(why).into())),
                };
                let loaded = load(network, &memory, (shows_all, today), &mut reporter).await;
                let loaded = loaded.map(|(items, end)| (items, end.map_err(Into::into)));
                (reporter, loaded.map_err(unanswered))
            }
        })?;
        print_bytes(&render_all(&all, output).map_err(anyhow::Error::msg)?)?;
        return everyone::finish(&all);
    }
    let Found { target, session, .. } = cx.find()?;
    let mut reporter = Reporter::of_one(warn);
    let memory = decisions(store.as_ref(), &session.customer, &mut reporter).map_err(Unanswered)?;
    let (items, end) = block_on(async {
        let network = network(target, &cx.log)?;
        load(network, &memory, (shows_all, today), &mut reporter).await.map_err(unanswered)
    })?;
    let part = end.as_ref().err().map(ToString::to_string).unwrap_or_default();
    print_bytes(&render(&items, Output { part: &part, ..output }).map_err(anyhow::Error::msg)?)?;
    Ok(end?)
}
