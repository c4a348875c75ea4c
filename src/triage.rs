//! Which penalties need a call today: how old each is, what was decided about it, and what has changed
//! since. The API changes nothing, so a decision is local and never sent. Pure: no I/O, no clock.

pub mod ageing;
pub mod changes;
pub mod decision;
pub mod fingerprint;
pub mod memory;
pub mod overview;
pub mod queue;

use crate::list::record::Record;

/// Bytes of an id under which something is remembered; the documented ones are UUIDs.
const LONGEST_ID: usize = 128;

/// The id under which a record is remembered; `None` for one that has none, or an absurd one.
pub fn id_of(record: &Record) -> Option<&str> {
    let id = record.text("id")?.expose_raw();
    (id.len() <= LONGEST_ID).then_some(id)
}
