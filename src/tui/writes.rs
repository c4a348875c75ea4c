//! What the screens know about writes: what the profile allows, the lock, the write under way, and
//! writes whose outcome is unknown.

use std::collections::BTreeSet;

use crate::clock::Now;
use crate::payments::write::Write;
use crate::writes::log::{Contents, Unresolved};
use crate::writes::outcome::{Outcome, Progress};
use crate::writes::permission::{Allowed, Lock};
use crate::writes::plan::{Confirmed, NotPlanned, Plan};

/// Milliseconds until a write with an unknown outcome is looked up again; each look doubles it.
const FIRST_LOOK: u64 = 60_000;
const LONGEST_PAUSE: u64 = 15 * 60_000;
/// Milliseconds for which quitting waits for a write: the limit of its request.
const LONGEST_WAIT: u64 = 30_000;

/// What the screens ask of the engine of writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteCommand {
    /// Reads the object and plans the write, under this number.
    Prepare(u64, Write),
    CarryOut(Box<Confirmed>),
    /// Looks up all writes with an unknown outcome, by reads.
    FindOut,
    ReadLog,
}

#[derive(Debug)]
pub enum WriteNews {
    /// With the number of the command.
    Prepared(u64, Result<Box<Plan>, NotPlanned>),
    Progress(Progress),
    /// `None` after a panic.
    Ended(Option<Box<Outcome>>),
    /// The writes whose outcome is unknown after the reads, and what the reads found out; or why
    /// the log could not be read.
    FoundOut(Result<(Vec<Unresolved>, Vec<Outcome>), String>),
    Log(Result<Box<Contents>, String>),
}

/// The write that is under way.
#[derive(Debug, Clone)]
pub struct UnderWay {
    pub plan: Box<Plan>,
    pub note: String,
    pub stage: Progress,
    /// When this stage began, and when the write began.
    pub stage_since: Now,
    pub since: Now,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quitting {
    #[default]
    No,
    /// The program ends once the write has an outcome, at the latest at this time.
    At(u64),
}

#[derive(Debug, Default)]
pub struct Writes {
    /// Empty where nothing may be written: then no key, command or request differs.
    allowed: Allowed,
    /// What is typed to open the lock.
    pub profile: String,
    lock: Lock,
    pub under_way: Option<UnderWay>,
    /// The ids of writes with an unknown outcome.
    pub unknown: BTreeSet<String>,
    /// When they are looked up next, in milliseconds since the start, and the pause before.
    next_look: Option<(u64, u64)>,
    pub quitting: Quitting,
    newest: u64,
    /// Payments that were written in this session.
    pub written: BTreeSet<String>,
}

impl Writes {
    pub fn of(allowed: Allowed, profile: String, is_open: bool, now: Now) -> Self {
        let lock = if is_open { Lock::open(now.utc) } else { Lock::closed() };
        Self { allowed, profile, lock, ..Self::default() }
    }

    pub fn are_allowed(&self) -> bool {
        !self.allowed.is_empty()
    }

    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    pub fn is_open(&self, now: Now) -> bool {
        self.lock.is_open(now.utc)
    }

    pub fn open(&mut self, now: Now) {
        self.lock = Lock::open(now.utc);
    }

    pub fn close(&mut self) {
        self.lock = Lock::closed();
    }

    /// The 15 minutes begin again.
    pub fn extend(&mut self, now: Now) {
        self.lock = self.lock.extended(now.utc);
    }

    /// Closes a lock whose time is over. Returns `true` if it did.
    pub fn expire(&mut self, now: Now) -> bool {
        let is_over = self.lock != Lock::closed() && !self.is_open(now);
        if is_over {
            self.close();
        }
        is_over
    }

    pub fn new_number(&mut self) -> u64 {
        self.newest += 1;
        self.newest
    }

    /// When the screen changes without a message, in milliseconds since the start.
    pub fn wake_at(&self, now: Now, is_watched: bool) -> Option<u64> {
        let left = u64::try_from(self.lock.left(now.utc)).unwrap_or(0);
        let end = (left > 0).then(|| now.elapsed + left);
        // The seconds of a stage are counted.
        let second = self.under_way.as_ref().map(|it| {
            let passed = now.elapsed.saturating_sub(it.stage_since.elapsed);
            it.stage_since.elapsed + (passed / 1_000 + 1) * 1_000
        });
        let quit = match self.quitting {
            Quitting::At(at) => Some(at),
            Quitting::No => None,
        };
        let look = self.next_look.map(|(at, _)| at).filter(|at| is_watched && *at < u64::MAX);
        [end, second, quit, look].into_iter().flatten().min()
    }

    pub fn is_quitting(&self) -> bool {
        self.quitting != Quitting::No
    }

    pub fn begin_quitting(&mut self, now: Now) {
        let since = self.under_way.as_ref().map_or(now.elapsed, |it| it.since.elapsed);
        self.quitting = Quitting::At((since + LONGEST_WAIT).max(now.elapsed + 1));
    }

    /// Returns `true` once the program need not wait for the write any longer.
    pub fn may_quit(&self, now: Now) -> bool {
        match self.quitting {
            Quitting::At(at) => self.under_way.is_none() || now.elapsed >= at,
            Quitting::No => false,
        }
    }

    /// Plans the next look for writes with an unknown outcome, later each time.
    pub fn look_later(&mut self, now: Now) {
        let pause = self.next_look.map_or(FIRST_LOOK, |(_, pause)| (2 * pause).min(LONGEST_PAUSE));
        self.next_look = (!self.unknown.is_empty()).then_some((now.elapsed + pause, pause));
    }

    /// Returns `true` if it is time for a look.
    pub fn is_look_due(&mut self, now: Now) -> bool {
        let is_due = self.next_look.is_some_and(|(at, _)| at <= now.elapsed);
        if is_due {
            // Until the answer.
            self.next_look = self.next_look.map(|(_, pause)| (u64::MAX, pause));
        }
        is_due
    }
}

/// `1 write with an unknown outcome`
pub fn unknown_in_words(count: usize) -> String {
    match count {
        1 => "1 write with an unknown outcome".to_owned(),
        _ => format!("{count} writes with an unknown outcome"),
    }
}
