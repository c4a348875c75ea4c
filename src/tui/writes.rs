//! What the screens know about writes: what the profile allows, the lock, the write under way, and
//! writes whose outcome is unknown.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::clock::Now;
use crate::domain::text::sanitize;
use crate::net::request::Request;
use crate::payments::write::Write;
use crate::writes::command::{UNKNOWN, code};
use crate::writes::log::{Contents, Unresolved};
use crate::writes::outcome::{Outcome, Progress, Verdict};
use crate::writes::permission::{Allowed, Lock};
use crate::writes::plan::{Confirmed, NotPlanned, Plan};
use crate::writes::site::PRODUCTION;

/// Milliseconds until a write with an unknown outcome is looked up again; each look doubles it.
const FIRST_LOOK: u64 = 60_000;
const LONGEST_PAUSE: u64 = 15 * 60_000;
/// Milliseconds for which quitting waits for a request: its limit, and time to log the answer.
const LONGEST_WAIT: u64 = 32_000;

/// Milliseconds for which quitting waits for a read after the answer.
const LOOK: u64 = 3_000;

/// What the screens ask of the engine of writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteCommand {
    /// Reads the object and plans the write, under this number.
    Prepare(u64, Write),
    CarryOut(Box<Confirmed>),
    /// Stops the write that is under way, unless it is being sent.
    Stop,
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
    /// Or why the log could not be read.
    FoundOut(Result<FoundOut, String>),
    Log(Result<Box<Contents>, String>),
}

#[derive(Debug, Default)]
pub struct FoundOut {
    /// The writes whose outcome is unknown after the reads.
    pub open: Vec<Unresolved>,
    /// What the reads found out, each with the name of its object.
    pub found: Vec<(String, Outcome)>,
}

/// The write that is under way.
#[derive(Debug, Clone)]
pub struct UnderWay {
    pub plan: Box<Plan>,
    pub note: String,
    pub stage: Progress,
    /// When this stage began.
    pub stage_since: Now,
}

/// A write that has its outcome.
#[derive(Debug, Clone)]
pub struct Ended {
    /// The object: `HB100003 · rent-collection · AED 372.70`.
    pub about: String,
    pub outcome: Outcome,
    pub at: Now,
    /// The plan and the note with which this session confirmed it.
    pub confirmed: Option<(Box<Plan>, String)>,
}

impl Ended {
    pub fn of(UnderWay { plan, note, .. }: UnderWay, outcome: Outcome, at: Now) -> Self {
        let about = plan.about.first().cloned().unwrap_or_default();
        Self { about, outcome, at, confirmed: Some((plan, note)) }
    }

    /// `HB100003`
    pub fn name(&self) -> &str {
        name_of(&self.about)
    }

    /// `HB100003: blocked: the payment is blocked`, for standard error.
    fn line(&self) -> String {
        let Outcome { write, verdict, says, .. } = &self.outcome;
        let (name, kind) = (self.name(), write.kind().name());
        format!("{kind} {name}: {}: {says}", verdict.word())
    }
}

/// The name of an object by the first line about it.
pub fn name_of(about: &str) -> &str {
    about.split(" · ").next().unwrap_or_default()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quitting {
    #[default]
    No,
    /// The program ends once the write has an outcome.
    Waiting,
    /// The same; it was to be stopped before it was sent.
    Stopping,
}

#[derive(Debug, Default)]
pub struct Writes {
    /// Empty where nothing may be written: then no key, command or request differs.
    allowed: Allowed,
    /// What is typed to open the lock.
    pub profile: String,
    /// That of the Payments API: `PRODUCTION`, `DEMO`, or the kind of the server.
    pub environment: String,
    lock: Lock,
    pub under_way: Option<UnderWay>,
    /// Outcomes that no window has shown yet, oldest first.
    pub unseen: VecDeque<Ended>,
    /// The writes with an unknown outcome, by their ids.
    pub unknown: BTreeMap<String, Write>,
    /// While they are looked up: the ids that were added since.
    looking: Option<BTreeSet<String>>,
    /// When they are looked up next, in milliseconds since the start.
    next_look: Option<u64>,
    /// Milliseconds between the last two looks.
    pause: u64,
    pub quitting: Quitting,
    newest: u64,
    /// Payments that were written in this session and whose rows are loaded again, or not yet.
    pub written: BTreeSet<String>,
    pub awaited: BTreeSet<String>,
    /// Requests for rows that wait for the end of a load that began before the write, by tab.
    pub rows_later: Vec<(usize, Request)>,
}

impl Writes {
    pub fn of(allowed: Allowed, place: [String; 2], is_open: bool, now: Now) -> Self {
        let lock = if is_open { Lock::open(now) } else { Lock::closed() };
        let [profile, environment] = place;
        Self { allowed, profile, environment, lock, ..Self::default() }
    }

    pub fn is_production(&self) -> bool {
        self.environment == PRODUCTION
    }

    pub fn are_allowed(&self) -> bool {
        !self.allowed.is_empty()
    }

    pub fn allowed(&self) -> &Allowed {
        &self.allowed
    }

    pub fn is_open(&self, now: Now) -> bool {
        self.lock.is_open(now)
    }

    pub fn open(&mut self, now: Now) {
        self.lock = Lock::open(now);
    }

    pub fn close(&mut self) {
        self.lock = Lock::closed();
    }

    /// The 15 minutes begin again.
    pub fn extend(&mut self, now: Now) {
        self.lock = self.lock.extended(now);
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
        let left = u64::try_from(self.lock.left(now)).unwrap_or(0);
        let end = (left > 0).then(|| now.elapsed + left);
        // The seconds of a stage are counted.
        let second = self.under_way.as_ref().map(|it| {
            let passed = now.elapsed.saturating_sub(it.stage_since.elapsed);
            it.stage_since.elapsed + (passed / 1_000 + 1) * 1_000
        });
        let quit = self.quits_at();
        let look = self.next_look.filter(|_| is_watched && self.looking.is_none());
        [end, second, quit, look].into_iter().flatten().min()
    }

    pub fn is_quitting(&self) -> bool {
        self.quitting != Quitting::No
    }

    /// While a write is under way, in milliseconds since the start: when quitting waits no longer. Its
    /// answer is in the log while its effect is looked for.
    fn quits_at(&self) -> Option<u64> {
        let UnderWay { stage, stage_since, .. } =
            self.under_way.as_ref().filter(|_| self.is_quitting())?;
        Some(match stage {
            Progress::Checking | Progress::Sending => stage_since.elapsed + LONGEST_WAIT,
            Progress::Looking { .. } => stage_since.elapsed + LOOK,
            Progress::Waiting { .. } => 0,
        })
    }

    /// Returns `true` once the program need not wait for the write any longer.
    pub fn may_quit(&self, now: Now) -> bool {
        self.quits_at().is_some_and(|at| now.elapsed >= at)
    }

    /// Whether the program may end with this outcome, which the user then reads on standard error.
    pub fn ends_quitting(&self, outcome: &Outcome) -> bool {
        match self.quitting {
            Quitting::No => false,
            Quitting::Waiting => matches!(outcome.verdict, Verdict::Done | Verdict::Already),
            Quitting::Stopping => {
                matches!(outcome.verdict, Verdict::Done | Verdict::Already | Verdict::NotSent)
            }
        }
    }

    /// Returns `true` until the request was answered.
    pub fn is_sending(&self) -> bool {
        let stage = self.under_way.as_ref().map(|it| it.stage);
        matches!(stage, Some(Progress::Checking | Progress::Sending))
    }

    /// The outcomes that nobody has seen, for standard error, and the exit code.
    pub fn parting(&self) -> (Vec<String>, u8) {
        let mut lines: Vec<String> = self.unseen.iter().map(Ended::line).collect();
        let codes = self.unseen.iter().map(|it| code(&it.outcome));
        let mut worst = codes.max().unwrap_or(0);
        if let Some(UnderWay { plan, stage, .. }) = &self.under_way {
            let about = plan.about.first().map(String::as_str).unwrap_or_default();
            let (kind, name) = (plan.kind().name(), name_of(about));
            let what = match stage {
                Progress::Looking { status: Some(status) } => {
                    format!("it was answered {status}, but its result was not seen")
                }
                _ => "its result is not known".to_owned(),
            };
            let profile = sanitize(&self.profile);
            lines.push(format!("{kind} {name}: {what}: run valora audit --profile {profile}"));
            worst = UNKNOWN;
        }
        (lines, worst)
    }

    /// Remembers a write with an unknown outcome, and plans a look.
    pub fn add_unknown(&mut self, id: String, write: Write, now: Now) {
        if let Some(added) = &mut self.looking {
            added.insert(id.clone());
        }
        self.unknown.insert(id, write);
        self.pause = 0;
        self.look_later(now);
    }

    /// Plans the next look, later each time.
    pub fn look_later(&mut self, now: Now) {
        self.pause = if self.pause == 0 { FIRST_LOOK } else { (2 * self.pause).min(LONGEST_PAUSE) };
        self.next_look = Some(now.elapsed + self.pause);
    }

    /// Returns `true` if it is time for a look.
    pub fn is_look_due(&self, now: Now) -> bool {
        self.looking.is_none() && self.next_look.is_some_and(|at| at <= now.elapsed)
    }

    /// Returns `false` while another look runs.
    pub fn begin_look(&mut self) -> bool {
        let is_free = self.looking.is_none();
        if is_free {
            self.looking = Some(BTreeSet::new());
        }
        is_free
    }

    /// The log could not be read: what was known stays.
    pub fn look_failed(&mut self, now: Now) {
        self.looking = None;
        self.look_later(now);
    }

    /// These are open after a look; those that were added since it began stay.
    pub fn looked(&mut self, open: Vec<Unresolved>, now: Now) {
        let added = self.looking.take().unwrap_or_default();
        self.unknown.retain(|id, _| added.contains(id));
        self.unknown.extend(open.into_iter().map(|it| (it.id, it.intent.write)));
        if self.unknown.is_empty() {
            (self.next_look, self.pause) = (None, 0);
        } else {
            self.look_later(now);
        }
    }
}

/// `1 write with an unknown outcome`
pub fn unknown_in_words(count: usize) -> String {
    match count {
        1 => "1 write with an unknown outcome".to_owned(),
        _ => format!("{count} writes with an unknown outcome"),
    }
}
