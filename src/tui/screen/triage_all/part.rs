//! One customer of the queue: its penalties, decisions and load.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::customers::state::Trouble;
use crate::customers::summary::Extent;
use crate::domain::customer::CustomerKey;
use crate::domain::money::format_count;
use crate::hub::penalties::Penalties;
use crate::hub::{HubCommand, JobId};
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::id_of;
use crate::triage::memory::{Entry, Memory};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::msg::Now;

/// Milliseconds between two loads of a customer that the user requests: a key that is held down must
/// not spend the rate limit.
const PAUSE: u64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    Idle,
    /// It starts as soon as the queue is shown.
    Due,
    Running(JobId),
}

/// Everything about the penalties of a customer is found through this value alone.
#[derive(Debug)]
pub struct Part {
    pub profile: String,
    pub customer: CustomerKey,
    pub rows: Vec<Record>,
    /// Of all its penalties; `None` until they were loaded.
    pub extent: Option<Extent>,
    pub memory: Memory,
    /// Whether `memory` was read: before, nothing is known about the decisions.
    pub(super) is_read: bool,
    /// Whether decisions can be saved.
    pub is_saved: bool,
    /// Incremented whenever `memory` changes here; 0 as long as it is what the file had.
    pub version: u64,
    /// Whether `memory` changed since the queue was opened: its figures must be loaded again.
    pub(super) is_decided: bool,
    pub loaded: Option<Now>,
    /// Why the last load failed; the rows are earlier ones.
    pub trouble: Option<Trouble>,
    pub(super) load: Load,
    /// What was loaded and is not in the table yet.
    pub(super) arrived: Option<Box<Penalties>>,
    /// When the last load started, in milliseconds since the start.
    started: Option<u64>,
}

impl Part {
    pub(super) fn new(profile: &str) -> Self {
        Self {
            profile: profile.to_owned(),
            customer: CustomerKey::of_profile(profile),
            rows: Vec::new(),
            extent: None,
            memory: Memory::default(),
            is_read: false,
            is_saved: false,
            version: 0,
            is_decided: false,
            loaded: None,
            trouble: None,
            load: Load::Due,
            arrived: None,
            started: None,
        }
    }

    pub fn is_loading(&self) -> bool {
        self.load != Load::Idle || self.arrived.is_some()
    }

    pub fn entry(&self, record: &Record) -> Option<&Entry> {
        self.memory.entries.get(id_of(record)?)
    }

    /// `5,000 of 6,113 penalties loaded`; `None` if all are loaded, or none.
    pub(super) fn partly_loaded(&self) -> Option<String> {
        let extent = self.extent.filter(|extent| !extent.is_whole)?;
        let loaded = format_count(extent.loaded);
        Some(match extent.total {
            Some(total) => format!("{loaded} of {} penalties loaded", format_count(total)),
            None => format!("penalties loaded: {loaded}; the server has more"),
        })
    }

    /// A number for its rows in the table, the same after each load.
    pub(super) fn number(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.customer.hash(&mut hasher);
        hasher.finish().max(1)
    }

    /// Loads it again because the user asked for it.
    pub(super) fn request(&mut self, now: u64) {
        if !self.is_loading() && self.started.is_none_or(|started| started + PAUSE <= now) {
            self.load = Load::Due;
        }
    }

    /// Starts its load, if it is due or its rate limit has ended.
    pub(super) fn load_due(&mut self, cx: &mut Cx) {
        let is_open_again = || self.limited_until().is_some_and(|until| until <= cx.now.elapsed);
        if self.load == Load::Due || is_open_again() {
            let job = cx.new_job();
            (self.load, self.started) = (Load::Running(job), Some(cx.now.elapsed));
            let profile = self.profile.clone();
            cx.effect(Effect::Hub(HubCommand::Penalties { job, profile }));
        }
    }

    /// When it can be loaded again after its rate limit, in milliseconds since the start.
    pub(super) fn limited_until(&self) -> Option<u64> {
        match (&self.trouble, self.load) {
            (Some(Trouble::Limited { until }), Load::Idle) => Some(*until),
            _ => None,
        }
    }

    /// Cancels its load; it is loaded again later.
    pub(super) fn cancel(&mut self, cx: &mut Cx) {
        self.arrived = None;
        if let Load::Running(job) = std::mem::replace(&mut self.load, Load::Due) {
            cx.effect(cancel(job));
        }
    }

    /// Uses what arrived. Returns `true` if there was anything.
    pub(super) fn accept(&mut self, cx: &mut Cx) -> bool {
        let Some(penalties) = self.arrived.take() else { return false };
        let Penalties { rows, extent, memory, is_saved, .. } = *penalties;
        (self.rows, self.extent, self.is_saved) = (rows, Some(extent), is_saved);
        (self.loaded, self.trouble) = (Some(cx.now), None);
        if self.version == 0 || !self.is_read {
            // When penalties were seen is of no use here.
            self.memory = Memory { entries: memory.entries, ..Memory::default() };
            self.is_read = true;
        } else {
            // What was read may be older than the newest decisions, which the writer saves first.
            self.reread(cx);
        }
        true
    }

    /// Its decisions changed here.
    pub(super) fn change(&mut self) {
        self.version += 1;
        self.is_decided = true;
    }

    /// Reads its decisions again.
    pub(super) fn reread(&self, cx: &mut Cx) {
        if self.is_saved {
            let reload = Change::Reload(self.customer.clone(), self.version);
            cx.effect(Effect::Keep(reload));
        }
    }
}

pub(super) fn cancel(job: JobId) -> Effect {
    Effect::Hub(HubCommand::Cancel(job))
}
