//! Which penalties need a decision today. Decisions are local and never sent. Pure: no I/O, no
//! clock.

pub mod fingerprint;
pub mod memory;
pub mod overview;
pub mod queue;

use crate::list::record::Record;

/// The most bytes of a stored id; the documented ids are UUIDs.
const LONGEST_ID: usize = 128;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// Nothing is left to do; hidden from the queue.
    Done,
    Dispute,
    #[strum(to_string = "request waiver")]
    Waiver,
    #[strum(to_string = "needs notifying")]
    Notify,
}

impl Decision {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// How long a penalty can be snoozed: in words and in days.
pub const SNOOZES: [(&str, u64); 3] = [("1 day", 1), ("3 days", 3), ("1 week", 7)];

/// The id under which a record is stored; `None` if it has no id or a too long one.
pub fn id_of(record: &Record) -> Option<&str> {
    let id = record.reference("id")?.expose_raw();
    (id.len() <= LONGEST_ID).then_some(id)
}
