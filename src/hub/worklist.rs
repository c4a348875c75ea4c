//! The worklist of one customer: its penalties, the user's decisions about them, and their owners.

use std::io;

use chrono::NaiveDate;

use super::load::without_decisions;
use super::owners;
use super::pages::{Pages, PagesError, Shifted, misfits};
use super::report::Reporter;
use crate::domain::customer::CustomerKey;
use crate::domain::failure::Failure;
use crate::domain::money::counted;
use crate::domain::text::Untrusted;
use crate::export::worklist::Item;
use crate::filter::ListQuery;
use crate::list::penalties;
use crate::list::record::Record;
use crate::net::router::Router;
use crate::state::{StateFile, Store, writer};
use crate::triage::memory::Memory;
use crate::triage::queue::{Grouping, Queue, QueueOptions};

/// The decisions about a customer's penalties. Fails if they cannot be read: without them, all penalties
/// would seem undecided. Writes no file.
pub fn decisions(
    store: Option<&Store>,
    customer: &CustomerKey,
    reporter: &mut Reporter,
) -> Result<Memory, Failure> {
    let Some(store) = store else {
        reporter.say(
            "decisions could not be loaded: there is no state folder. Set HOME or XDG_STATE_HOME",
        );
        return Ok(Memory::default());
    };
    writer::decisions(store, customer).map_err(|why| {
        let path = store.path(StateFile::Triage(customer));
        let why = io::Error::other(format!("{}: {why}", path.display()));
        without_decisions("The worklist could not be loaded", &why)
    })
}

/// The rows of the queue, and an error if the list changed while loading.
pub async fn load(
    network: Router,
    memory: &Memory,
    (shows_all, today): (bool, NaiveDate),
    reporter: &mut Reporter,
) -> Result<(Vec<Item>, Result<(), Shifted>), PagesError> {
    let mut pages = Pages::start(network, ListQuery::new(&penalties::SPEC), None);
    let mut records = Vec::new();
    while let Some(page) = pages.next(&mut |network| reporter.wait(network)).await? {
        records.extend(page);
    }
    let (cell, grouping) = (None, Grouping::None);
    let options = QueueOptions { day: today, today, cell, grouping, shows_all };
    let (queue, end) = (Queue::of(&records, memory, &options), pages.whole());
    let rows = || queue.places.iter().filter_map(|place| records.get(*place));
    let bookings: Vec<&Untrusted> = rows().filter_map(Record::booking).collect();
    let owners = owners::find(pages.into_network(), &bookings).await;
    for misfit in misfits(&records) {
        reporter.say(&misfit);
    }
    if records.is_empty() {
        reporter.say("no penalties");
    }
    if queue.hidden.count() > 0 {
        reporter.say(&format!("not included: {}; --all includes them", queue.hidden));
    }
    let owner = |row: &Record| owners.names().get(row.booking()?);
    let items = rows().map(|row| Item::of(row, owner(row), memory, today, today)).collect();
    let without = rows().filter(|row| owner(row).is_none()).count() as u64;
    if without > 0 {
        reporter.say(&format!("{} without an owner", counted(without, "row")));
    }
    Ok((items, end))
}
