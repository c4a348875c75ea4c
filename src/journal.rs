//! The rows of each list by day, so that changes since a day can be listed.
//!
//! The journal of a customer contains ids, references, statuses, amounts, currencies and dates
//! ([`Spec::tracked`](crate::list::Spec)), but no names and no account numbers. A row has one
//! version for each day on which its values were different from before; the last look of a day
//! counts.

pub mod compare;
pub mod look;
pub mod rows;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::triage::fingerprint::Fingerprint;
use crate::triage::memory::{Memory, SeenRows, Unreadable, read_versioned, write_versioned};

use look::{Extent, Look, hash_of};

/// Days after which looks, and rows that were not seen again, are removed.
pub const DAYS: u64 = 90;
/// The most rows of a list.
pub const MOST_ROWS: usize = 20_000;
/// The most bytes of a journal as text.
const MOST_BYTES: usize = 24 * 1024 * 1024;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Journal {
    /// By the key of the list.
    pub lists: BTreeMap<String, ListJournal>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListJournal {
    /// The day of the first look. That look is recorded as of the day before, so that later looks
    /// of the same day are compared with it.
    began: Option<NaiveDate>,
    /// How much of the list was loaded, by day, without filters.
    looks: BTreeMap<NaiveDate, Extent>,
    /// By the key of the row, see [`look::LookBuilder`].
    rows: BTreeMap<String, Row>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    /// The raw reference of its booking.
    booking: String,
    /// From the oldest to the newest; never empty.
    versions: Vec<Version>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Version {
    /// The first and the last day on which it was seen.
    from: NaiveDate,
    to: NaiveDate,
    /// `None` if the row was gone from the complete list.
    seen: Option<Fingerprint>,
}

fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

impl Journal {
    /// An empty text is an empty journal.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        read_versioned(text)
    }

    pub fn write(&self) -> Result<String, serde_json::Error> {
        let text = write_versioned(self)?;
        if text.len() <= MOST_BYTES {
            return Ok(text);
        }
        let mut smaller = self.clone();
        for list in smaller.lists.values_mut() {
            list.keep_newest(list.rows.len() / 2);
        }
        smaller.write()
    }

    /// The rows that earlier versions of valora stored with the decisions.
    pub fn of_memory(memory: &Memory) -> Self {
        let lists = memory
            .seen
            .iter()
            .filter_map(|(key, seen)| Some((key.clone(), ListJournal::of_seen(seen)?)));
        Self { lists: lists.collect() }
    }

    pub fn add(&mut self, list: &str, look: &Look, today: NaiveDate) {
        self.lists.entry(list.to_owned()).or_default().add(look, today);
    }
}

impl Row {
    fn set(&mut self, seen: Option<&Fingerprint>, day: NaiveDate) {
        match self.versions.last_mut() {
            Some(last) if last.seen.as_ref() == seen => {
                if seen.is_some() {
                    last.to = day;
                }
            }
            Some(last) if last.from == day => {
                // The last look of a day counts.
                self.versions.pop();
                self.set(seen, day);
            }
            None if seen.is_none() => {}
            _ => self.versions.push(Version { from: day, to: day, seen: seen.cloned() }),
        }
    }

    /// The version of a day, or the last one before.
    fn at(&self, day: NaiveDate) -> Option<&Version> {
        self.versions.iter().rfind(|version| version.from <= day)
    }

    fn last_seen(&self) -> Option<NaiveDate> {
        self.versions.last().map(|version| version.to)
    }
}

impl ListJournal {
    fn of_seen(seen: &SeenRows) -> Option<Self> {
        let row = |row: &crate::triage::memory::SeenRow| Row {
            booking: row.booking.clone(),
            versions: vec![Version { from: row.day, to: row.day, seen: Some(row.seen.clone()) }],
        };
        let rows: BTreeMap<String, Row> =
            seen.rows.iter().map(|(id, it)| (id.clone(), row(it))).collect();
        let days = || seen.rows.values().map(|row| row.day);
        let count = rows.len() as u64;
        // It is unknown which rows the list had on its last day.
        let extent = Extent { rows: count, ..Extent::default() };
        let looks = BTreeMap::from([(days().max()?, extent)]);
        Some(Self { began: days().min(), looks, rows })
    }

    fn add(&mut self, look: &Look, today: NaiveDate) {
        self.forget_later(today);
        self.prune(today);
        let day = if self.began.is_some() { today } else { day_before(today) };
        self.began.get_or_insert(today);
        for (key, seen) in &look.rows {
            let row = self.rows.entry(key.clone()).or_default();
            row.booking.clone_from(&seen.booking);
            row.set(Some(&seen.print), day);
        }
        if let Some(present) = &look.present {
            for (key, row) in &mut self.rows {
                if !present.contains(&hash_of(key)) {
                    row.set(None, day);
                }
            }
        }
        if let Some(extent) = &look.extent {
            self.looks.entry(day).or_default().widen(extent);
        }
        self.rows.retain(|_, row| !row.versions.is_empty());
        self.keep_newest(MOST_ROWS);
    }

    /// Replaces future dates, recorded with a wrong clock, by today's.
    fn forget_later(&mut self, today: NaiveDate) {
        let is_later = self.looks.last_key_value().is_some_and(|(day, _)| *day > today);
        if !is_later {
            return;
        }
        self.looks.retain(|day, _| *day <= today);
        self.began = self.began.map(|began| began.min(today));
        for version in self.rows.values_mut().flat_map(|row| &mut row.versions) {
            (version.from, version.to) = (version.from.min(today), version.to.min(today));
        }
    }

    fn prune(&mut self, today: NaiveDate) {
        let oldest = today.checked_sub_days(Days::new(DAYS)).unwrap_or(NaiveDate::MIN);
        self.looks.retain(|day, _| *day >= oldest);
        for row in self.rows.values_mut() {
            while row.versions.get(1).is_some_and(|next| next.from <= oldest) {
                row.versions.remove(0);
            }
        }
        self.rows.retain(|_, row| row.last_seen().is_some_and(|day| day >= oldest));
    }

    /// Keeps the `most` rows that were seen last. After this, an unknown row is not necessarily
    /// new.
    fn keep_newest(&mut self, most: usize) {
        let surplus = self.rows.len().saturating_sub(most);
        if surplus == 0 {
            return;
        }
        let ages = self.rows.iter().map(|(key, row)| (row.last_seen(), key.clone()));
        for (_, key) in ages.collect::<BTreeSet<_>>().into_iter().take(surplus) {
            self.rows.remove(&key);
        }
        for look in self.looks.values_mut() {
            (look.is_complete, look.earlier, look.reached) = (false, None, None);
        }
    }
}

#[cfg(test)]
mod tests;
