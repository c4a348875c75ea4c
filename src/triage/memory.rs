//! What is remembered of one customer between sessions: verdicts, notes, snoozes, and what was seen.
//! As data that is read, changed and written; where it is kept is the business of the store.

mod day;
mod decision;

pub use decision::{Collision, Decided, Decision};

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::id_of;
use super::seen::Seen;
use super::verdict::Verdict;
use crate::list::record::Record;

/// The form of the file that this program writes.
const VERSION: u32 = 1;
/// Days after which what was neither decided nor met again is forgotten.
pub const REMEMBERED: u64 = 90;
/// Rows of a list that are remembered at most: what is written must be small enough to be read.
const MOST_MET: usize = 50_000;
/// Characters of a note and of a reference.
pub const LONGEST_NOTE: usize = 255;

/// Everything that is remembered of a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Memory {
    /// What was decided, by the id of the penalty.
    #[serde(default)]
    pub entries: BTreeMap<String, Entry>,
    /// What was met of each list, by its name.
    #[serde(default)]
    pub met: BTreeMap<String, MetList>,
}

/// What was decided about a penalty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The reference of its booking, as it came.
    #[serde(default)]
    pub booking: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The day on which a penalty that was put off comes back.
    #[serde(default, with = "day::optional", skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<NaiveDate>,
    /// A line of the user's own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether the user wants it to stand out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_flagged: bool,
    #[serde(default)]
    pub seen: Seen,
    /// When it was decided, in milliseconds since 1970 UTC.
    #[serde(default)]
    pub decided: i64,
    /// The session that decided it, a random number; 0 where no session wrote its own.
    #[serde(default)]
    pub session: u32,
}

/// Rows of a list that were met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetList {
    /// Whether every row of the list was met once: then one that was not is new.
    #[serde(default)]
    pub is_whole: bool,
    #[serde(default)]
    pub rows: BTreeMap<String, Met>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// The last day on which it was.
    #[serde(with = "day::required")]
    pub day: NaiveDate,
    /// The reference of its booking, as it came.
    #[serde(default)]
    pub booking: String,
    #[serde(default)]
    pub seen: Seen,
}

/// Something to remember, in the order in which it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remember {
    /// These verdicts, each in the place of the one before.
    Decided(Decided),
    /// These rows of the list of this name, and whether all of its rows are met now.
    Met(&'static str, MetList),
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
        Self { booking: booking(record), seen: Seen::of(record), ..Self::default() }
    }

    /// Whether nothing is decided or noted in it.
    pub fn is_empty(&self) -> bool {
        let is_undecided = self.verdict.is_none() && self.snoozed_until.is_none();
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

/// The reference of a row's booking as it is kept.
fn booking(record: &Record) -> String {
    let raw = record.booking().map(crate::domain::text::Untrusted::expose_raw);
    raw.unwrap_or_default().chars().take(LONGEST_NOTE).collect()
}

impl MetList {
    /// What rows show on a day.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>, day: NaiveDate) -> Self {
        let met = |record: &Record| {
            let met = Met { day, booking: booking(record), seen: Seen::of(record) };
            Some((id_of(record)?.to_owned(), met))
        };
        Self { is_whole: false, rows: records.into_iter().filter_map(met).collect() }
    }
}

impl Memory {
    /// Reads what was written; an empty text is a memory of nothing.
    ///
    /// # Errors
    /// [`Unreadable`] for anything else than what this program writes.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let corrupt = |why: serde_json::Error| {
            // The place, and not the text there: a message on the screen quotes no data.
            Unreadable::Corrupt(format!("line {}, column {}", why.line(), why.column()))
        };
        let value: serde_json::Value = serde_json::from_str(text).map_err(corrupt)?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(1) => serde_json::from_str(text).map_err(corrupt),
            Some(version @ 2..) => Err(Unreadable::Newer(version.try_into().unwrap_or(u32::MAX))),
            _ => Err(Unreadable::Corrupt("it has no version".to_owned())),
        }
    }

    /// The text that [`Self::read`] reads.
    ///
    /// # Errors
    /// Never for what valora holds; the library's reason otherwise.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            version: u32,
            entries: &'a BTreeMap<String, Entry>,
            met: &'a BTreeMap<String, MetList>,
        }
        let written = Written { version: VERSION, entries: &self.entries, met: &self.met };
        serde_json::to_string(&written).map(|text| text + "\n")
    }

    /// Takes in what one session decided or met at `at` (milliseconds since 1970 UTC), on the day
    /// `today`; all else stays as it is. Of each penalty the newest decision stands, whichever
    /// session made it. Gives the decisions of other sessions that this one did not know.
    pub fn remember(&mut self, what: &Remember, at: i64, today: NaiveDate) -> Vec<Collision> {
        let collisions = match what {
            Remember::Decided(decided) => self.decide(decided, at, oldest(today)),
            Remember::Met(list, met) => {
                let known = self.met.entry((*list).to_owned()).or_default();
                known.is_whole |= met.is_whole;
                known.rows.extend(met.rows.iter().map(|(id, met)| (id.clone(), met.clone())));
                Vec::new()
            }
        };
        self.prune(today);
        collisions
    }

    /// Forgets what was neither decided nor met for [`REMEMBERED`] days.
    pub fn prune(&mut self, today: NaiveDate) {
        let oldest = oldest(today);
        for list in self.met.values_mut() {
            list.rows.retain(|_, met| met.day >= oldest);
            list.keep_newest(MOST_MET);
        }
        let penalties = self.met.get("penalties");
        self.entries.retain(|id, entry| {
            let is_met = penalties.is_some_and(|list| list.rows.contains_key(id));
            is_met || entry.is_decided_since(oldest)
        });
    }
}

impl MetList {
    /// Forgets the rows that were met longest ago, where there are more than so many.
    fn keep_newest(&mut self, most: usize) {
        let Some(surplus) = self.rows.len().checked_sub(most).filter(|surplus| *surplus > 0) else {
            return;
        };
        let mut by_age: Vec<_> = self.rows.iter().map(|(id, met)| (met.day, id.clone())).collect();
        by_age.sort_unstable();
        for (_, id) in by_age.into_iter().take(surplus) {
            self.rows.remove(&id);
        }
        // A row that is not among them may be an old one.
        self.is_whole = false;
    }
}

#[cfg(test)]
mod tests;
