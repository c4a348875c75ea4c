//! What a decision changes, of one customer or of several: entries, their undo, and the decisions of
//! other sessions.

use std::collections::{BTreeMap, VecDeque};

use chrono::{Days, NaiveDate};

use crate::domain::customer::CustomerKey;
use crate::domain::money::format_count;
use crate::domain::text::sanitize;
use crate::list::record::Record;
use crate::triage::fingerprint::Fingerprint;
use crate::triage::memory::{Collision, Decisions, Entry, EntryChange, LONGEST_NOTE, Memory};
use crate::triage::{Decision, SNOOZES};
use crate::tui::cx::Cx;
use crate::tui::keymap::Way;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::screen::table::NO_ROW;

pub const NOTHING_TO_UNDO: &str = "There is no decision in this session to undo.";

/// Why penalties cannot be decided; one `bool` for each, `true` if it has an id.
pub fn why_not(have_ids: impl Iterator<Item = bool>) -> Option<&'static str> {
    match have_ids.reduce(|any, has_id| any || has_id) {
        None => Some(NO_ROW),
        Some(false) => Some("This penalty has no id, so decisions about it cannot be saved."),
        Some(true) => None,
    }
}

/// Whether a change decides a penalty, so that the cursor moves to the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Decision,
    Clearing,
    Remark,
}

/// Whether entries are decided or restored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    Decide,
    Undo,
}

/// Which session decides, and when: milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    pub session: u32,
    pub utc: i64,
}

/// The change of a penalty's entry by a decision of this session.
#[derive(Debug)]
pub struct Decided {
    pub customer: CustomerKey,
    pub id: String,
    pub before: Option<Entry>,
    /// An empty entry removed the earlier one.
    pub after: Entry,
}

impl Decided {
    pub fn about(
        record: &Record,
        id: &str,
        customer: &CustomerKey,
        before: Option<&Entry>,
        (kind, change): (ChangeKind, impl Fn(&mut Entry)),
        stamp: Stamp,
    ) -> Self {
        let mut after = before.cloned().unwrap_or_else(|| Entry::new(record));
        if kind == ChangeKind::Decision {
            after.seen = Fingerprint::of(record);
        }
        change(&mut after);
        after.session = stamp.session;
        after.decided = stamp.utc;
        Self { customer: customer.clone(), id: id.to_owned(), before: before.cloned(), after }
    }
}

/// Stores entries in memory; an empty one removes its penalty. Returns what is to be saved.
pub fn put(
    kept: BTreeMap<String, Entry>,
    intent: Intent,
    memory: &mut Memory,
    (session, today): (u32, NaiveDate),
) -> Decisions {
    let change = |(id, entry): (String, Entry)| {
        let known = memory.entries.get(&id).cloned();
        (id, EntryChange { entry, known })
    };
    let entries = kept.into_iter().map(change).collect();
    let decisions = Decisions { session, entries, is_undo: intent == Intent::Undo };
    memory.decide(&decisions, today);
    decisions
}

/// The next or the previous of these rows of undecided penalties, seen from the row `here`.
pub fn next_of(
    mut open: impl DoubleEndedIterator<Item = usize>,
    here: usize,
    way: Way,
) -> Result<usize, String> {
    let (found, side) = match way {
        Way::Forward => (open.find(|row| *row > here), "below"),
        Way::Back => (open.rfind(|row| *row < here), "above"),
    };
    found.ok_or_else(|| format!("There is no undecided penalty {side}."))
}

/// Which decisions are still those of this session: later ones of other sessions are not undone.
pub fn own_and_theirs(last: Vec<Decided>, memory: &Memory) -> (Vec<Decided>, Vec<Decided>) {
    let is_own = |it: &Decided| {
        let now = memory.entries.get(&it.id);
        now.map_or_else(|| it.after.is_empty(), |now| *now == it.after)
    };
    last.into_iter().partition(is_own)
}

/// What is said about decisions of other sessions that stay; `None` without any.
pub fn not_undone(theirs: Vec<Decided>, memory: &Memory, cx: &Cx) -> Option<String> {
    let others = theirs.len().saturating_sub(1);
    let Decided { id, before: known, after: entry, .. } = theirs.into_iter().next()?;
    let theirs = memory.entries.get(&id).cloned();
    let own = EntryChange { entry, known };
    let left = Collision { id, theirs, at: None, own, is_left: true };
    Some(in_words(&left, others, cx))
}

/// `which` names the row of a single decision: ` (acme, BK100234)`.
pub fn undone(count: usize, which: &str, left: usize) -> String {
    let undone = match count {
        1 => format!("decision{which}"),
        _ => format!("{count} decisions"),
    };
    format!("Undone: {undone}; {left} more to undo.")
}

/// Applies what another session of this customer had decided. If this session replaced it, undo
/// restores it; if this session only undid its own decision, the other decision counts now. Returns
/// the entries to restore at once, because their decisions are already undone.
pub fn resolve(
    collisions: Vec<Collision>,
    customer: &CustomerKey,
    memory: &mut Memory,
    history: &mut VecDeque<Vec<Decided>>,
) -> BTreeMap<String, Entry> {
    let mut restored = BTreeMap::new();
    for collision in collisions {
        let Collision { id, theirs, own, is_left, .. } = collision;
        if is_left {
            memory.entries.remove(&id);
            memory.entries.extend(theirs.map(|theirs| (id, theirs)));
            continue;
        }
        let is_of =
            |it: &&mut Decided| it.customer == *customer && it.id == id && it.before == own.known;
        match history.iter_mut().rev().flatten().find(is_of) {
            Some(it) => it.before = theirs,
            None => {
                restored.insert(id, theirs.unwrap_or_default());
            }
        }
    }
    restored
}

pub fn snoozes(today: NaiveDate) -> Pick {
    let entry = |(index, (words, _)): (usize, &(&str, u64))| {
        let until = snoozed_until(index, today).unwrap_or(today);
        format!("{words}, until {}", until.format("%A %Y-%m-%d"))
    };
    let entries = SNOOZES.iter().enumerate().map(entry).collect();
    Pick::new("Snooze until …", entries, PickAction::Snooze)
}

pub fn snoozed_until(index: usize, today: NaiveDate) -> Option<NaiveDate> {
    today.checked_add_days(Days::new(SNOOZES.get(index)?.1))
}

pub fn note_of(typed: &str) -> String {
    typed.chars().take(LONGEST_NOTE).collect()
}

/// `Marked as done`, `3 penalties decided: dispute`; `None` for a flag or a note, which the row shows.
pub fn outcome(entry: &Entry, kind: ChangeKind, count: u64) -> Option<String> {
    let what = match (kind, entry.decision) {
        (ChangeKind::Decision, Some(Decision::Done)) => "marked as done".to_owned(),
        (ChangeKind::Decision, Some(decision)) => format!("decided: {}", decision.word()),
        (ChangeKind::Decision, None) => entry.in_words(),
        (ChangeKind::Clearing, _) => "cleared".to_owned(),
        (ChangeKind::Remark, _) => return None,
    };
    let mut letters = what.chars();
    Some(match (count, letters.next()) {
        (1, Some(first)) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        _ => format!("{} penalties {what}", format_count(count)),
    })
}

/// What another session had decided, and what became of it.
pub fn in_words(collision: &Collision, others: usize, cx: &Cx) -> String {
    let Collision { theirs, at, own, is_left, .. } = collision;
    let at = at.map(|at| {
        let is_today = at.date() == cx.now.local.date();
        at.format(if is_today { " at %H:%M" } else { " on %Y-%m-%d at %H:%M" }).to_string()
    });
    let booking = theirs.as_ref().unwrap_or(&own.entry).booking.as_str();
    let booking = if booking.is_empty() { "a penalty" } else { booking };
    let more = if others == 0 { String::new() } else { format!(" And {others} more like this.") };
    let theirs = theirs.as_ref().map_or_else(|| "cleared".to_owned(), Entry::in_words);
    let (booking, at) = (sanitize(booking), at.unwrap_or_default());
    let decided = format!("another session decided about {booking}: {theirs}{at}");
    if *is_left {
        return format!("Not undone: {decided}, after your own decision.{more}");
    }
    let (own, undo) = (own.entry.in_words(), cx.words("{undo} restores theirs."));
    format!("Note: {decided}. Yours replaces it: {own}; {undo}{more}")
}

impl Cx {
    pub fn tell_without_id(&mut self, penalties: usize) {
        match penalties {
            0 => {}
            1 => self.tell("1 penalty has no id, so no decision was saved for it.".to_owned()),
            _ => self.tell(format!(
                "{} penalties have no id, so no decision was saved for them.",
                format_count(penalties as u64)
            )),
        }
    }
}
