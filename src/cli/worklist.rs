//! `valora worklist`: prints the queue of penalties with the user's decisions.

use std::io;

use clap::Args;

use super::everyone::{self, AllProfiles};
use super::exit_code::Unanswered;
use super::requests::{block_on, network, unanswered};
use super::{Cx, formats, print, warn, width};
use crate::clock::Clock;
use crate::config::Found;
use crate::export::Format;
use crate::export::worklist::{render, render_all};
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
    #[arg(short, long, value_parser = formats(Format::WORKLIST), default_value = "table")]
    output: Format,
    /// Include snoozed, done and closed penalties
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    profiles: AllProfiles,
}

pub(super) fn run(flags: &WorklistFlags, cx: &Cx) -> anyhow::Result<()> {
    let (shows_all, today) = (flags.all, Clock::start().today());
    let store = cx.environment.store.clone();
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
        print(&render_all(&all, flags.output, room()).map_err(anyhow::Error::msg)?)?;
        return everyone::finish(&all);
    }
    let Found { target, session, .. } = cx.find()?;
    let mut reporter = Reporter::of_one(warn);
    let memory = decisions(store.as_ref(), &session.customer, &mut reporter).map_err(Unanswered)?;
    let (items, end) = block_on(async {
        let network = network(target, &cx.log)?;
        load(network, &memory, (shows_all, today), &mut reporter).await.map_err(unanswered)
    })?;
    print(&render(&items, flags.output, room()).map_err(anyhow::Error::msg)?)?;
    Ok(end?)
}

fn room() -> Option<usize> {
    width::of(&io::stdout())
}
