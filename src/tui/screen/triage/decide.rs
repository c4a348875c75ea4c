//! Decisions about the row under the cursor or all marked rows: saved immediately, undone step by
//! step.

use std::collections::{BTreeMap, HashSet};

use chrono::Days;

use crate::domain::money::format_count;
use crate::domain::text::sanitize;
use crate::list::record::Record;
use crate::triage::fingerprint::Fingerprint;
use crate::triage::id_of;
use crate::triage::memory::{Collision, Decisions, Entry, EntryChange, LONGEST_NOTE, MemoryChange};
use crate::triage::{Decision, SNOOZES};
use crate::tui::cx::Cx;
use crate::tui::keymap::Action;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::screen::triage::state::{Decided, TriageScreen};
use crate::tui::screen::triage::update::open_rows;
use crate::tui::undo;

/// Whether a change decides a penalty, so that the cursor moves to the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ChangeKind {
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

/// Runs an action that decides or undoes. Returns `false` for any other action.
pub fn act(screen: &mut TriageScreen, action: Action, cx: &mut Cx) -> bool {
    match action {
        Action::Decide(decision) => screen.decide(cx, &chosen(cx), ChangeKind::Decision, |entry| {
            entry.decision = Some(decision);
            entry.snoozed_until = None;
        }),
        Action::Flag => {
            // Flags all rows, or clears the flags if all rows have one.
            let is_flagged = |record| entry_of(cx, record).is_some_and(|entry| entry.is_flagged);
            let chosen = chosen(cx);
            let all = chosen.iter().all(is_flagged);
            screen.decide(cx, &chosen, ChangeKind::Remark, |entry| entry.is_flagged = !all);
        }
        Action::ClearDecision => {
            screen.decide(cx, &chosen(cx), ChangeKind::Clearing, |entry| *entry = Entry::default());
        }
        Action::Snooze => {
            let today = cx.now.local.date();
            let entry = |(words, days): &(&str, u64)| {
                let until = today.checked_add_days(Days::new(*days)).unwrap_or(today);
                format!("{words}, until {}", until.format("%A %Y-%m-%d"))
            };
            let entries = SNOOZES.iter().map(entry).collect();
            screen.asked_about = identities(cx);
            cx.open(Pick::new("Snooze until …", entries, PickAction::Snooze));
        }
        Action::Note => {
            let chosen = cx.list().table.chosen();
            let entry = chosen.first().and_then(|record| entry_of(cx, record));
            let note = entry.map(|entry| entry.note.clone()).unwrap_or_default();
            screen.asked_about = identities(cx);
            cx.open(Prompt::new(note, PromptAction::Note));
        }
        Action::Undo => screen.undo(cx),
        _ => return false,
    }
    true
}

fn chosen(cx: &Cx) -> Vec<Record> {
    cx.list().table.chosen().into_iter().cloned().collect()
}

fn identities(cx: &Cx) -> Vec<u64> {
    cx.list().table.chosen().into_iter().map(Record::identity).collect()
}

fn entry_of<'a>(cx: &'a Cx, record: &Record) -> Option<&'a Entry> {
    cx.kept.memory.entries.get(id_of(record)?)
}

impl TriageScreen {
    /// The penalties that a prompt was opened for, if all of them are still in the list.
    fn asked_about(&self, cx: &Cx) -> Result<Vec<Record>, String> {
        let is_meant = |record: &&Record| self.asked_about.contains(&record.identity());
        let records = cx.list().table.records().iter();
        let found: Vec<Record> = records.filter(is_meant).cloned().collect();
        match self.asked_about.len() - found.len().min(self.asked_about.len()) {
            0 => Ok(found),
            gone => Err(format!(
                "Nothing was changed: the list no longer has {gone} of these penalties."
            )),
        }
    }

    pub fn snooze_for(&mut self, index: usize, cx: &mut Cx) {
        let Some((_, days)) = SNOOZES.get(index) else { return };
        let until = cx.now.local.date().checked_add_days(Days::new(*days));
        match self.asked_about(cx) {
            Ok(chosen) => self.decide(cx, &chosen, ChangeKind::Decision, |entry| {
                entry.decision = None;
                entry.snoozed_until = until;
            }),
            Err(why) => cx.tell(why),
        }
    }

    pub fn note(&mut self, typed: &str, cx: &mut Cx) -> Result<(), String> {
        let note: String = typed.chars().take(LONGEST_NOTE).collect();
        let chosen = self.asked_about(cx)?;
        self.decide(cx, &chosen, ChangeKind::Remark, |entry| entry.note.clone_from(&note));
        Ok(())
    }

    /// Changes the entries of these penalties, stores them, and moves to the next penalty.
    fn decide(
        &mut self,
        cx: &mut Cx,
        chosen: &[Record],
        kind: ChangeKind,
        change: impl Fn(&mut Entry),
    ) {
        let next = next_open(cx, chosen);
        let (mut decided, mut kept) = (Vec::new(), BTreeMap::new());
        for record in chosen {
            let Some(id) = id_of(record).filter(|id| !kept.contains_key(*id)) else { continue };
            let before = cx.kept.memory.entries.get(id).cloned();
            let mut entry = before.clone().unwrap_or_else(|| Entry::new(record));
            if kind == ChangeKind::Decision {
                entry.seen = Fingerprint::of(record);
            }
            change(&mut entry);
            entry.session = cx.kept.session;
            entry.decided = cx.now.utc;
            let after = entry.clone();
            decided.push(Decided { id: id.to_owned(), before, after });
            kept.insert(id.to_owned(), entry);
        }
        let without = chosen.len() - kept.len();
        if without > 0 {
            cx.tell(match without {
                1 => "1 penalty has no id, so no decision was saved for it.".to_owned(),
                _ => format!(
                    "{} penalties have no id, so no decision was saved for them.",
                    format_count(without as u64)
                ),
            });
        }
        let Some(first) = kept.values().next() else { return };
        if let Some(what) = outcome(first, kind, kept.len() as u64) {
            cx.tell_also(&format!("{what}; {}", cx.words("{undo} undoes it.")));
        }
        undo::remember(&mut self.decisions, decided);
        self.put(kept, Intent::Decide, cx);
        self.arrange(cx);
        if kind == ChangeKind::Decision {
            cx.list_mut().table.unmark_all();
            self.detail.top = 0;
            let went = next.is_some_and(|place| cx.list_mut().table.go_to_index(place));
            if !went && without == 0 {
                let words = "Nothing is left to decide here. {show-hidden} shows what is hidden.";
                cx.tell_also(&cx.words(words));
            }
        }
    }

    /// Stores entries in memory and on disk; an empty one removes its penalty.
    pub fn put(&mut self, kept: BTreeMap<String, Entry>, intent: Intent, cx: &mut Cx) {
        let memory = &mut cx.kept.memory;
        let change = |(id, entry): (String, Entry)| {
            let known = memory.entries.get(&id).cloned();
            (id, EntryChange { entry, known })
        };
        let entries = kept.into_iter().map(change).collect();
        let is_undo = intent == Intent::Undo;
        let decisions = Decisions { session: cx.kept.session, entries, is_undo };
        memory.decide(&decisions, cx.now.local.date());
        cx.decisions_version += 1;
        if cx.kept.remembers {
            cx.remember(MemoryChange::Decisions(decisions));
        }
    }

    fn undo(&mut self, cx: &mut Cx) {
        let Some(last) = self.decisions.pop_back() else { return };
        let first = last.first().map(|it| it.id.clone());
        // Later decisions of other sessions stay.
        let is_own = |it: &Decided| {
            let now = cx.kept.memory.entries.get(&it.id);
            now.map_or_else(|| it.after.is_empty(), |now| *now == it.after)
        };
        let (own, theirs): (Vec<Decided>, Vec<Decided>) = last.into_iter().partition(is_own);
        let count = own.len();
        let kept = own.into_iter().map(|it| (it.id, it.before.unwrap_or_default()));
        self.put(kept.collect(), Intent::Undo, cx);
        self.arrange(cx);
        let table = &mut cx.list_mut().table;
        let is_first = |record: &Record| id_of(record) == first.as_deref();
        if let Some(place) = table.records().iter().position(is_first) {
            table.go_to_index(place);
        }
        self.detail.top = 0;
        let others = theirs.len().saturating_sub(1);
        if let Some(Decided { id, before: known, after: entry }) = theirs.into_iter().next() {
            let theirs = cx.kept.memory.entries.get(&id).cloned();
            let own = EntryChange { entry, known };
            let left = Collision { id, theirs, at: None, own, is_left: true };
            return cx.tell(in_words(cx, &left, others));
        }
        let undone = if count == 1 { "decision".to_owned() } else { format!("{count} decisions") };
        cx.tell(format!("Undone: {undone}; {} more to undo.", self.decisions.len()));
    }

    /// Tells what another session had decided. If this session replaced it, undo restores it; if
    /// this session only undid its own decision, the other decision is shown now.
    pub fn collided(&mut self, collisions: Vec<Collision>, cx: &mut Cx) {
        let Some(first) = collisions.first() else { return };
        cx.tell(in_words(cx, first, collisions.len() - 1));
        let mut restored = BTreeMap::new();
        for collision in collisions {
            let Collision { id, theirs, own, is_left, .. } = collision;
            if is_left {
                let entries = &mut cx.kept.memory.entries;
                entries.remove(&id);
                entries.extend(theirs.map(|theirs| (id, theirs)));
                continue;
            }
            let is_of = |it: &&mut Decided| it.id == id && it.before == own.known;
            match self.decisions.iter_mut().rev().flatten().find(is_of) {
                Some(it) => it.before = theirs,
                // It is already undone.
                None => {
                    restored.insert(id, theirs.unwrap_or_default());
                }
            }
        }
        // The queue is rebuilt when it is on top again: another list may be shown now.
        cx.decisions_version += 1;
        if !restored.is_empty() {
            self.put(restored, Intent::Undo, cx);
        }
    }
}

/// `Marked as done`, `3 penalties decided: dispute`; `None` for a flag or a note, which the row shows.
fn outcome(entry: &Entry, kind: ChangeKind, count: u64) -> Option<String> {
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

/// The index of the next undecided penalty that is not in `chosen`: the first one below the cursor,
/// else the first one.
fn next_open(cx: &Cx, chosen: &[Record]) -> Option<usize> {
    let table = &cx.list().table;
    let chosen: HashSet<&str> = chosen.iter().filter_map(id_of).collect();
    let is_other = |(row, _): &&(usize, usize)| {
        table.row(*row).and_then(id_of).is_some_and(|id| !chosen.contains(id))
    };
    let open = open_rows(cx);
    let below = open.iter().filter(is_other).find(|(row, _)| *row > table.cursor());
    below.or_else(|| open.iter().find(is_other)).map(|(_, place)| *place)
}

fn in_words(cx: &Cx, collision: &Collision, others: usize) -> String {
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
