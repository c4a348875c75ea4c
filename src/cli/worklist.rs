//! `valora worklist`: the queue of penalties with the user's own verdicts, on standard output.

use clap::Args;

use super::list::warn_of_settings;
use super::requests::{Pages, block_on, network};
use super::{Cx, formats, print, warn};
use crate::clock::Clock;
use crate::config::Found;
use crate::export::Format;
use crate::export::worklist::{Item, render};
use crate::filter::ListQuery;
use crate::list::penalties;
use crate::state::persisted::PersistedState;
use crate::triage::queue::{Grouping, Queue, QueueOptions};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora worklist                        open penalties, undecided first\n  \
                  valora worklist --all -o csv > penalties.csv\n\n\
                  The verdicts are those that this machine remembers of the customer.\n\
                  Exit codes: 0 it was printed, 1 it failed, 2 wrong usage or configuration,\n\
                  4 the token is not accepted"
)]
pub(super) struct WorklistFlags {
    /// The form
    #[arg(short, long, value_parser = formats(Format::WORKLIST), default_value = "table")]
    output: Format,
    /// Snoozed, done and closed penalties too
    #[arg(long)]
    all: bool,
}

pub(super) fn run(flags: &WorklistFlags, cx: &Cx) -> anyhow::Result<()> {
    let Found { target, session, .. } = cx.find()?;
    let store = cx.environment.store.as_ref();
    let kept = store.map(|store| PersistedState::read(store, &session.customer));
    let kept = kept.unwrap_or_else(|| PersistedState {
        memory_fault: Some("there is no folder for what is remembered".to_owned()),
        ..PersistedState::default()
    });
    if let Some(fault) = &kept.memory_fault {
        warn(fault);
    }
    let (records, is_whole) = block_on(async {
        Pages::start(network(target, &cx.log)?, ListQuery::new(&penalties::SPEC), None).all().await
    })?;
    warn_of_settings(&records);
    let today = Clock::start().today();
    let options = QueueOptions {
        memory: &kept.memory,
        day: today,
        today,
        cell: None,
        grouping: Grouping::None,
        shows_all: flags.all,
    };
    let queue = Queue::of(&records, &options);
    if queue.hidden.count() > 0 {
        warn(&format!("{} left out; --all adds them", queue.hidden));
    }
    let rows = queue.places.iter().filter_map(|place| records.get(*place));
    let items: Vec<Item> = rows.map(|row| Item::of(row, &kept.memory, today, today)).collect();
    print(&render(&items, flags.output).map_err(anyhow::Error::msg)?)?;
    Ok(is_whole?)
}
