//! The journal of a customer on disk: looks are added under a lock, so that several sessions lose nothing.

use std::io;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::domain::customer::CustomerKey;
use crate::journal::Journal;
use crate::journal::compare::Compared;
use crate::journal::look::Look;
use crate::list::Spec;
use crate::state::{StateFile, Store};
use crate::triage::memory::{Memory, Unreadable};

/// Adds a look at a list, and returns the list compared with the last look before today. A broken journal
/// is set aside; returns where it is then.
pub fn record(
    store: &Store,
    customer: &CustomerKey,
    spec: &'static Spec,
    look: &Look,
    today: NaiveDate,
) -> io::Result<(Compared, Option<PathBuf>)> {
    let file = StateFile::Journal(customer);
    let mut compared = None;
    let mut add = || {
        store.change(file, |before| {
            let mut journal = read(store, customer, before)?;
            journal.add(spec.key, look, today);
            compared = Some(journal.compare_list(spec, None, today));
            journal.write().map_err(io::Error::other)
        })
    };
    let mut aside = None;
    match add() {
        Err(error) if is_broken(&error) => {
            let is_sound =
                |text: &str| !read(store, customer, text).is_err_and(|it| is_broken(&it));
            aside = store.set_aside(file, is_sound)?;
            add()?;
        }
        added => added?,
    }
    let compared = compared.unwrap_or_else(|| Journal::default().compare_list(spec, None, today));
    Ok((compared, aside))
}

/// Compares all lists as they were recorded last.
pub fn compare(
    store: &Store,
    customer: &CustomerKey,
    since: Option<NaiveDate>,
    today: NaiveDate,
) -> io::Result<Vec<Compared>> {
    let text = store.read(StateFile::Journal(customer))?;
    Ok(read(store, customer, &text)?.compare(since, today))
}

/// A customer without a journal has the rows that earlier versions kept beside the decisions.
fn read(store: &Store, customer: &CustomerKey, text: &str) -> io::Result<Journal> {
    if text.trim().is_empty() {
        let decisions = store.read(StateFile::Triage(customer)).unwrap_or_default();
        return Ok(Journal::of_memory(&Memory::read(&decisions).unwrap_or_default()));
    }
    Journal::read(text).map_err(|why| match why {
        Unreadable::Corrupt(_) => io::Error::new(io::ErrorKind::InvalidData, why),
        Unreadable::Newer(_) => io::Error::other(why),
    })
}

fn is_broken(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}
