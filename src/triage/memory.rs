//! Stored decisions of a customer, and when their penalties were last seen.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::{Decision, id_of};
use crate::domain::text::Untrusted;
use crate::list::penalties;
use crate::list::record::Record;

const VERSION: u32 = 1;
/// Days after which an entry is removed if its penalty was not decided or seen again.
pub const REMEMBERED: u64 = 90;
/// The most stored rows of a list, so that the file stays small enough to be read.
const MOST_SEEN: usize = 50_000;
/// Characters of a note and of a reference.
pub const LONGEST_NOTE: usize = 255;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// By the id of the penalty.
    pub entries: BTreeMap<String, Entry>,
    /// By list: decided penalties. Earlier versions stored all rows of penalties and debt here; the
    /// [journal](crate::journal) starts with them.
    #[serde(rename = "met")]
    pub seen: BTreeMap<String, SeenRows>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The raw reference of its booking.
    pub booking: String,
    #[serde(rename = "verdict", skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<NaiveDate>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_flagged: bool,
    pub seen: Fingerprint,
    /// When this was decided, in milliseconds since 1970 UTC. Undo restores an earlier entry with
    /// its time and session, so that other sessions know it and it is pruned by its own age.
    pub decided: i64,
    /// The random number of the session that decided it; 0 for no session.
    pub session: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeenRows {
    pub rows: BTreeMap<String, SeenRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenRow {
    pub day: NaiveDate,
    #[serde(default)]
    pub booking: String,
    #[serde(default)]
    pub seen: Fingerprint,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoryChange {
    Decisions(Decisions),
    Seen(&'static str, SeenRows),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decisions {
    pub session: u32,
    pub entries: BTreeMap<String, EntryChange>,
    /// `true` if the session undoes its own decisions; then it does not change those of other
    /// sessions.
    pub is_undo: bool,
}

/// The note that all these penalties have; empty if they differ, so that no note of one penalty
/// gets to another one by itself.
pub fn common_note<'a>(entries: impl IntoIterator<Item = Option<&'a Entry>>) -> String {
    let mut notes = entries.into_iter().map(|entry| entry.map_or("", |entry| entry.note.as_str()));
    let first = notes.next().unwrap_or_default();
    if notes.all(|note| note == first) { first.to_owned() } else { String::new() }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryChange {
    /// An empty entry removes the stored one.
    pub entry: Entry,
    pub known: Option<Entry>,
}

/// A penalty that another session decided without this session knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    pub id: String,
    /// The decision of the other session; `None` if it cleared it.
    pub theirs: Option<Entry>,
    /// When the other session decided, in local time, if known.
    pub at: Option<NaiveDateTime>,
    pub own: EntryChange,
    /// `true` if their decision was kept, because this session only undid its own.
    pub is_left: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("its format is invalid: {0}")]
    Corrupt(String),
    #[error("a newer version of valora wrote it (format {0}); update valora")]
    Newer(u32),
}

impl Entry {
    pub fn new(record: &Record) -> Self {
        Self { booking: booking(record), seen: Fingerprint::of(record), ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        let is_undecided = self.decision.is_none() && self.snoozed_until.is_none();
        is_undecided && self.note.is_empty() && !self.is_flagged
    }

    pub fn in_words(&self) -> String {
        match (self.decision, self.snoozed_until) {
            (Some(decision), _) => decision.word().to_owned(),
            (None, Some(until)) => format!("snoozed until {until}"),
            (None, None) if !self.note.is_empty() => "a note".to_owned(),
            (None, None) if self.is_flagged => "flagged".to_owned(),
            (None, None) => "cleared".to_owned(),
        }
    }

    fn is_decided_since(&self, oldest: NaiveDate) -> bool {
        let day = DateTime::from_timestamp_millis(self.decided).map(|at| at.date_naive());
        day.is_some_and(|day| day >= oldest)
    }
}

fn oldest(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(REMEMBERED)).unwrap_or(NaiveDate::MIN)
}

fn booking(record: &Record) -> String {
    let raw = record.booking().map(Untrusted::expose_raw);
    raw.unwrap_or_default().chars().take(LONGEST_NOTE).collect()
}

impl SeenRows {
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>, day: NaiveDate) -> Self {
        let row = |record: &Record| {
            let row = SeenRow { day, booking: booking(record), seen: Fingerprint::of(record) };
            Some((id_of(record)?.to_owned(), row))
        };
        Self { rows: records.into_iter().filter_map(row).collect() }
    }

    pub fn extend(&mut self, later: &Self) {
        self.rows.extend(later.rows.iter().map(|(id, row)| (id.clone(), row.clone())));
    }

    /// Keeps the `most` rows seen last.
    fn keep_newest(&mut self, most: usize) {
        let surplus = self.rows.len().saturating_sub(most);
        if surplus > 0 {
            let ages = self.rows.iter().map(|(id, row)| (row.day, id.clone()));
            for (_, id) in ages.collect::<BTreeSet<_>>().into_iter().take(surplus) {
                self.rows.remove(&id);
            }
        }
    }
}

/// Reads a state file that starts with the version of its format; an empty text is the default.
pub fn read_versioned<T: DeserializeOwned + Default>(text: &str) -> Result<T, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    // Only the position: a message on the screen must not quote data.
    let corrupt = |why: serde_json::Error| {
        Unreadable::Corrupt(format!("line {}, column {}", why.line(), why.column()))
    };
    if text.trim().is_empty() {
        return Ok(T::default());
    }
    match serde_json::from_str(text).map_err(corrupt)? {
        Version { version: 0 } => Err(Unreadable::Corrupt("the version is missing".to_owned())),
        Version { version: VERSION } => serde_json::from_str(text).map_err(corrupt),
        Version { version } => Err(Unreadable::Newer(version)),
    }
}

/// The text that [`read_versioned`] reads.
pub fn write_versioned<T: Serialize>(content: &T) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct File<'a, T> {
        version: u32,
        #[serde(flatten)]
        content: &'a T,
    }
    Ok(serde_json::to_string(&File { version: VERSION, content })? + "\n")
}

impl Memory {
    /// Reads the file; an empty file is an empty memory.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        read_versioned(text)
    }

    pub fn write(&self) -> Result<String, serde_json::Error> {
        write_versioned(self)
    }

    /// Applies a change and prunes. Returns the decisions of other sessions that this session did
    /// not know.
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

    pub fn decide(&mut self, decisions: &Decisions, today: NaiveDate) -> Vec<Collision> {
        let mut collisions = Vec::new();
        let Decisions { session, is_undo, .. } = *decisions;
        for (id, own) in &decisions.entries {
            let before = self.entries.get(id);
            if !is_known(before, own.known.as_ref(), session, today) {
                let (id, theirs, own) = (id.clone(), before.cloned(), own.clone());
                collisions.push(Collision { id, theirs, at: None, own, is_left: is_undo });
                if is_undo {
                    continue;
                }
            }
            if own.entry.is_empty() {
                self.entries.remove(id);
            } else {
                self.entries.insert(id.clone(), own.entry.clone());
            }
        }
        collisions
    }

    /// Returns `true` if the file has no decision of another session that this memory does not
    /// have.
    pub fn knows_all_of(&self, file: &Self, session: u32, today: NaiveDate) -> bool {
        let mut ids = self.entries.keys().chain(file.entries.keys());
        ids.all(|id| is_known(file.entries.get(id), self.entries.get(id), session, today))
    }

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

/// Returns `true` if this session wrote or read the entry in the file. An entry that it read and
/// that is now missing counts if it was old enough to be pruned.
fn is_known(file: Option<&Entry>, known: Option<&Entry>, session: u32, today: NaiveDate) -> bool {
    match (file, known) {
        (None, Some(known)) => known.session != session && !known.is_decided_since(oldest(today)),
        (Some(file), _) if file.session == session => true,
        (file, known) => file == known,
    }
}

#[cfg(test)]
mod tests;
