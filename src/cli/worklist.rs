//! `valora worklist`: prints the queue of penalties with the user's decisions.

use std::io;

use clap::Args;

use super::list::warn_of_settings;
use super::requests::{Pages, block_on, network, tell_of_waiting};
use super::{Cx, formats, owners, print, warn, width};
use crate::clock::Clock;
use crate::config::Found;
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::export::Format;
use crate::export::worklist::{Item, render};
use crate::filter::ListQuery;
use crate::list::penalties;
use crate::list::record::Record;
use crate::state::persisted::PersistedState;
use crate::triage::queue::{Grouping, Queue, QueueOptions};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  valora worklist                        open penalties, undecided first\n  \
                  valora worklist --all -o csv > penalties.csv\n\n\
                  Decisions, snoozes and notes are those saved on this computer for this customer. To name\n\
                  the owners, up to 15 more requests load payouts, invoices and scheduled payments of the\n\
                  same bookings. Owners that are not found are left empty.\n\
                  csv and json use the column names of valora list penalties; amounts in json are\n\
                  integers in minor units.\n\n\
                  Exit codes: 0 done, 1 the API or the network failed, 2 wrong usage or settings,\n\
                  4 the token is not accepted"
)]
pub(super) struct WorklistFlags {
    /// Output format
    #[arg(short, long, value_parser = formats(Format::WORKLIST), default_value = "table")]
    output: Format,
    /// Include snoozed, done and closed penalties
    #[arg(long)]
    all: bool,
}

pub(super) fn run(flags: &WorklistFlags, cx: &Cx) -> anyhow::Result<()> {
    let Found { target, session, .. } = cx.find()?;
    let store = cx.environment.store.as_ref();
    let kept = store.map(|store| PersistedState::read(store, &session.customer));
    let kept = kept.unwrap_or_else(|| PersistedState {
        memory_fault: Some(
            "decisions could not be loaded: there is no state folder. Set HOME or XDG_STATE_HOME"
                .to_owned(),
        ),
        ..PersistedState::default()
    });
    if let Some(fault) = &kept.memory_fault {
        warn(fault);
    }
    let today = Clock::start().today();
    let options = QueueOptions {
        memory: &kept.memory,
        day: today,
        today,
        cell: None,
        grouping: Grouping::None,
        shows_all: flags.all,
    };
    let (records, queue, owners, is_whole) = block_on(async {
        let network = network(target, &cx.log)?;
        let mut pages = Pages::start(network, ListQuery::new(&penalties::SPEC), None);
        let mut records = Vec::new();
        while let Some(page) = pages.next(&mut tell_of_waiting).await? {
            records.extend(page);
        }
        let (queue, is_whole) = (Queue::of(&records, &options), pages.whole());
        let rows = queue.places.iter().filter_map(|place| records.get(*place));
        let bookings: Vec<&Untrusted> = rows.filter_map(Record::booking).collect();
        let owners = owners::find(pages.into_network(), &bookings).await;
        Ok((records, queue, owners, is_whole))
    })?;
    warn_of_settings(&records);
    if records.is_empty() {
        warn("no penalties");
    }
    if queue.hidden.count() > 0 {
        warn(&format!("not included: {}; --all includes them", queue.hidden));
    }
    let owner = |row: &Record| owners.names().get(row.booking()?);
    let rows = || queue.places.iter().filter_map(|place| records.get(*place));
    let items = rows().map(|row| Item::of(row, owner(row), &kept.memory, today, today));
    let items: Vec<Item> = items.collect();
    let without = rows().filter(|row| owner(row).is_none()).count() as u64;
    if without > 0 {
        warn(&format!("{} without an owner", counted(without, "row")));
    }
    let room = width::of(&io::stdout());
    print(&render(&items, flags.output, room).map_err(anyhow::Error::msg)?)?;
    Ok(is_whole?)
}
