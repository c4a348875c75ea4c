//! The rows of one load of a list, gathered page by page.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hasher;

use chrono::NaiveDate;
use fnv::FnvHasher;
use serde::{Deserialize, Serialize};

use super::MOST_ROWS;
use crate::domain::text::Untrusted;
use crate::list::Spec;
use crate::list::record::Record;
use crate::triage::fingerprint::Fingerprint;

/// How many rows of later pages are added to the journal at once, because each time rewrites its
/// file.
const WORTH_WRITING: usize = 1_000;
/// Characters of a key and of a reference.
const LONGEST: usize = 128;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRow {
    /// The raw reference of its booking.
    pub booking: String,
    pub print: Fingerprint,
}

/// How much of a list without filters was loaded: by a look, or by the looks of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    pub rows: u64,
    /// Rows on the server, if known.
    pub total: Option<u64>,
    /// Whether the last look of the day was complete.
    pub is_complete: bool,
    /// The rows of a complete look, if later looks of that day were not complete.
    #[serde(default)]
    pub earlier: Option<u64>,
    /// The date of the last loaded row, if all rows of later dates were loaded.
    #[serde(default)]
    pub reached: Option<NaiveDate>,
}

/// What is added to the journal at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    pub rows: BTreeMap<String, SeenRow>,
    /// `None` for a list with filters.
    pub extent: Option<Extent>,
    /// The hashes of all keys, if the list is complete.
    pub present: Option<HashSet<u64>>,
}

/// Gathers the rows of one load from its first page on.
///
/// The key of a row is its id; in lists without ids it is a hash of the tracked fields, numbered if
/// several rows have the same.
#[derive(Debug)]
pub struct LookBuilder {
    spec: &'static Spec,
    /// Rows not taken yet.
    rows: BTreeMap<String, SeenRow>,
    keys: HashSet<u64>,
    same: HashMap<u64, u32>,
    count: usize,
    /// `false` if a row has no unique key, or there are too many rows.
    is_exact: bool,
    order: Order,
    taken: Option<Extent>,
}

/// The dates of the rows so far, if the newest come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    NewestFirst(Option<NaiveDate>),
    Undated(Option<NaiveDate>),
    Unknown,
}

impl Extent {
    /// Adds a later look of the same day.
    pub fn widen(&mut self, later: &Self) {
        self.reached = match (self.reached, later.reached) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        if self.is_complete || later.is_complete {
            self.earlier = (!later.is_complete).then_some(self.rows);
            (self.rows, self.total) = (later.rows, later.total);
        } else {
            self.rows = self.rows.max(later.rows);
            self.total = later.total.or(self.total);
        }
        self.is_complete = later.is_complete;
    }

    /// Returns `true` if a look of the day was complete.
    pub fn was_complete(&self) -> bool {
        self.is_complete || self.earlier.is_some()
    }
}

impl Look {
    /// Adds a later look at the same list on the same day.
    pub fn extend(&mut self, later: Self) {
        match (&mut self.present, later.present) {
            (Some(present), None) => present.extend(later.rows.keys().map(|key| hash_of(key))),
            (present, Some(newer)) => {
                self.rows.retain(|key, _| newer.contains(&hash_of(key)));
                *present = Some(newer);
            }
            (None, None) => {}
        }
        self.rows.extend(later.rows);
        match (&mut self.extent, later.extent) {
            (Some(extent), Some(later)) => extent.widen(&later),
            (extent, later) => *extent = extent.take().or(later),
        }
    }
}

pub(super) fn hash_of(text: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

impl Order {
    fn after(self, date: Option<NaiveDate>) -> Self {
        match (self, date) {
            (Self::NewestFirst(last), Some(date)) if last.is_none_or(|last| date <= last) => {
                Self::NewestFirst(Some(date))
            }
            // Rows without a date are last.
            (Self::NewestFirst(last) | Self::Undated(last), None) => Self::Undated(last),
            _ => Self::Unknown,
        }
    }
}

impl LookBuilder {
    pub fn new(spec: &'static Spec) -> Self {
        let order = spec.newest_first.map_or(Order::Unknown, |_| Order::NewestFirst(None));
        Self {
            spec,
            rows: BTreeMap::new(),
            keys: HashSet::new(),
            same: HashMap::new(),
            count: 0,
            is_exact: true,
            order,
            taken: None,
        }
    }

    /// The number of rows so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns `true` if these rows are worth a write: the first ones, or many.
    pub fn is_due(&self) -> bool {
        self.taken.is_none() || self.rows.len() >= WORTH_WRITING
    }

    pub fn add(&mut self, records: &[Record]) {
        for record in records {
            self.count += 1;
            if self.keys.len() >= MOST_ROWS {
                self.is_exact = false;
                continue;
            }
            if let Some(field) = self.spec.newest_first {
                self.order = self.order.after(record.date(field));
            }
            let print = Fingerprint::of(record);
            let key = self.key(record, &print).filter(|key| self.keys.insert(hash_of(key)));
            match key {
                Some(key) => _ = self.rows.insert(key, SeenRow { booking: booking(record), print }),
                None => self.is_exact = false,
            }
        }
    }

    fn key(&mut self, record: &Record, print: &Fingerprint) -> Option<String> {
        if let Some(field) = self.spec.identity.first() {
            let id = record.reference(field)?.expose_raw();
            return (id.len() <= LONGEST).then(|| id.to_owned());
        }
        if record.unreadable().is_some() {
            return None;
        }
        let content = serde_json::to_string(print).ok()?;
        let hash = hash_of(&format!("{}\n{content}", booking(record)));
        let nth = self.same.entry(hash).or_default();
        *nth += 1;
        Some(format!("{hash:016x}-{nth}"))
    }

    /// The rows since they were last taken; `None` if there is nothing new to record.
    pub fn take(&mut self, total: Option<u64>, is_loaded: bool, is_filtered: bool) -> Option<Look> {
        let is_complete = is_loaded && self.is_exact && !is_filtered;
        let reached = match self.order {
            Order::NewestFirst(last) | Order::Undated(last) => last,
            Order::Unknown => None,
        };
        let extent =
            Extent { rows: self.count as u64, total, is_complete, reached, ..Extent::default() };
        let is_known = self.taken.as_ref() == Some(&extent);
        if self.rows.is_empty() && (is_known || is_filtered) {
            return None;
        }
        self.taken = Some(extent.clone());
        Some(Look {
            rows: std::mem::take(&mut self.rows),
            present: is_complete.then(|| self.keys.clone()),
            extent: (!is_filtered).then_some(extent),
        })
    }
}

fn booking(record: &Record) -> String {
    let raw = record.booking().map(Untrusted::expose_raw);
    raw.unwrap_or_default().chars().take(LONGEST).collect()
}
