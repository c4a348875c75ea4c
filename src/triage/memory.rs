//! What is remembered of one customer between sessions: decisions, notes, snoozes, and the rows that
//! were seen. The screen and the writer of the file change it with the same functions.

mod changes;

pub use changes::{Collision, Decisions, EntryChange};

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::decision::Decision;
use super::fingerprint::Fingerprint;
use super::id_of;
use crate::domain::text::Untrusted;
use crate::list::penalties;
use crate::list::record::Record;

/// The version of the file format that this program writes.
const VERSION: u32 = 1;
/// Days after which what was neither decided nor seen again is removed.
pub const REMEMBERED: u64 = 90;
/// Rows of a list that are remembered at most: what is written must be small enough to be read.
const MOST_SEEN: usize = 50_000;
/// Characters of a note and of a reference.
pub const LONGEST_NOTE: usize = 255;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// By the id of the penalty.
    pub entries: BTreeMap<String, Entry>,
    /// By the key of the list.
    pub seen: BTreeMap<String, SeenRows>,
}

#[derive(Serialize, Deserialize)]
struct File<'a> {
    version: u32,
    #[serde(default)]
    entries: Cow<'a, BTreeMap<String, Entry>>,
    #[serde(default, rename = "met")]
    seen: Cow<'a, BTreeMap<String, SeenRows>>,
}

/// What was decided about a penalty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The reference of its booking, as it came.
    #[serde(default)]
    pub booking: String,
    #[serde(default, rename = "verdict", skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_flagged: bool,
    #[serde(default)]
    pub seen: Fingerprint,
    /// When it was decided, in milliseconds since 1970 UTC.
    #[serde(default)]
    pub decided: i64,
    /// The random number of the session that decided it; 0 for no session.
    #[serde(default)]
    pub session: u32,
}

/// Rows of a list that were seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRows {
    /// Whether every row of the list was seen once: then one that was not is new.
    #[serde(default, rename = "is_whole")]
    pub is_complete: bool,
    /// By the id of the row.
    #[serde(default)]
    pub rows: BTreeMap<String, SeenRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRow {
    /// The last day on which it was seen.
    pub day: NaiveDate,
    /// The reference of its booking, as it came.
    #[serde(default)]
    pub booking: String,
    #[serde(default)]
    pub seen: Fingerprint,
}

/// Something to remember, in the order in which it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoryChange {
    Decisions(Decisions),
    /// Rows of the list of this key.
    Seen(&'static str, SeenRows),
}

/// Why a text is no memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("it is not what valora writes: {0}")]
    Corrupt(String),
    #[error("a newer valora wrote it (form {0})")]
    Newer(u32),
}

impl Entry {
    /// The entry of a penalty about which nothing was decided.
    pub fn new(record: &Record) -> Self {
        Self { booking: booking(record), seen: Fingerprint::of(record), ..Self::default() }
    }

    /// Returns `true` if nothing is decided or noted in it.
    pub fn is_empty(&self) -> bool {
        let is_undecided = self.decision.is_none() && self.snoozed_until.is_none();
        is_undecided && self.note.is_empty() && !self.is_flagged
    }

    fn is_decided_since(&self, oldest: NaiveDate) -> bool {
        let day = DateTime::from_timestamp_millis(self.decided).map(|at| at.date_naive());
        day.is_some_and(|day| day >= oldest)
    }
}

/// The first day of which everything is remembered.
fn oldest(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(REMEMBERED)).unwrap_or(NaiveDate::MIN)
}

fn booking(record: &Record) -> String {
    let raw = record.booking().map(Untrusted::expose_raw);
    raw.unwrap_or_default().chars().take(LONGEST_NOTE).collect()
}

impl SeenRows {
    /// What rows show on a day.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>, day: NaiveDate) -> Self {
        let row = |record: &Record| {
            let row = SeenRow { day, booking: booking(record), seen: Fingerprint::of(record) };
            Some((id_of(record)?.to_owned(), row))
        };
        Self { is_complete: false, rows: records.into_iter().filter_map(row).collect() }
    }

    /// Adds what was seen later.
    pub fn extend(&mut self, later: &Self) {
        self.is_complete |= later.is_complete;
        self.rows.extend(later.rows.iter().map(|(id, row)| (id.clone(), row.clone())));
    }

    /// Removes the rows that were seen longest ago, where there are more than `most`.
    fn keep_newest(&mut self, most: usize) {
        let surplus = self.rows.len().saturating_sub(most);
        if surplus == 0 {
            return;
        }
        let mut by_age: Vec<_> = self.rows.iter().map(|(id, row)| (row.day, id.clone())).collect();
        by_age.sort_unstable();
        for (_, id) in by_age.into_iter().take(surplus) {
            self.rows.remove(&id);
        }
        // A row that is not among them may be an old one.
        self.is_complete = false;
    }
}

impl Memory {
    /// Reads what was written; an empty text is an empty memory.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let version = match serde_json::from_str::<File<'_>>(text) {
            Ok(File { version: VERSION, entries, seen }) => {
                return Ok(Self { entries: entries.into_owned(), seen: seen.into_owned() });
            }
            Ok(File { version, .. }) => version,
            Err(why) => match serde_json::from_str::<Version>(text) {
                Ok(Version { version }) if version > VERSION => version,
                // The position, and not the text there: a message on the screen quotes no data.
                _ => {
                    let place = format!("line {}, column {}", why.line(), why.column());
                    return Err(Unreadable::Corrupt(place));
                }
            },
        };
        Err(match version {
            0 => Unreadable::Corrupt("it has no version".to_owned()),
            newer => Unreadable::Newer(newer),
        })
    }

    /// The text that [`Self::read`] reads.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        let (entries, seen) = (Cow::Borrowed(&self.entries), Cow::Borrowed(&self.seen));
        let text = serde_json::to_string(&File { version: VERSION, entries, seen })?;
        Ok(text + "\n")
    }

    /// Applies a change on the day `today` and prunes; all else stays as it is. Returns the
    /// decisions of other sessions that the one which made the change did not know.
    pub fn apply(&mut self, change: &MemoryChange, today: NaiveDate) -> Vec<Collision> {
        let collisions = match change {
            MemoryChange::Decisions(decisions) => self.decide(decisions, today),
            MemoryChange::Seen(list, rows) => {
                self.seen.entry((*list).to_owned()).or_default().extend(rows);
                Vec::new()
            }
        };
        self.prune(today);
        collisions
    }

    /// Removes what was neither decided nor seen for [`REMEMBERED`] days.
    pub fn prune(&mut self, today: NaiveDate) {
        let oldest = oldest(today);
        for list in self.seen.values_mut() {
            list.rows.retain(|_, row| row.day >= oldest);
            list.keep_newest(MOST_SEEN);
        }
        let penalties = self.seen.get(penalties::SPEC.key);
        self.entries.retain(|id, entry| {
            let is_seen = penalties.is_some_and(|list| list.rows.contains_key(id));
            is_seen || entry.is_decided_since(oldest)
        });
    }
}

#[cfg(test)]
mod tests;
