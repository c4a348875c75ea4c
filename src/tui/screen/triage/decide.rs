//! Decisions: on the row under the cursor or on all marked ones, kept at once, undone step by step.

use std::collections::{BTreeMap, HashSet};

use chrono::Days;

use super::state::TriageScreen;
use super::update::open_rows;
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::decision::SNOOZES;
use crate::triage::fingerprint::Fingerprint;
use crate::triage::id_of;
use crate::triage::memory::{Decisions, Entry, EntryChange, LONGEST_NOTE, MemoryChange};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::modal::pick::{Pick, PickAction};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::undo;

/// Whether a change decides a penalty, so that the cursor moves to the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Decision,
    Remark,
}

/// Whether entries are decided, or taken back as they were.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Decide,
    Undo,
}

pub fn act(screen: &mut TriageScreen, action: Action, cx: &mut Cx) {
    match action {
        Action::Decide(verdict) => screen.decide(cx, Weight::Decision, |entry| {
            entry.decision = Some(verdict);
            entry.snoozed_until = None;
        }),
        Action::Flag => {
            // Of several rows all stand out, unless all do already.
            let is_flagged =
                |record: &Record| entry_of(cx, record).is_some_and(|entry| entry.is_flagged);
            let all = chosen(cx).iter().all(is_flagged);
            screen.decide(cx, Weight::Remark, |entry| entry.is_flagged = !all);
        }
        Action::ClearVerdict => {
            screen.decide(cx, Weight::Remark, |entry| *entry = Entry::default());
        }
        Action::Snooze => ask_for_days(cx),
        Action::Note => ask_for_note(cx),
        _ => screen.undo(cx),
    }
}

fn ask_for_days(cx: &mut Cx) {
    let today = cx.now.local.date();
    let entry = |(words, days): &(&str, u64)| {
        let until = today.checked_add_days(Days::new(*days)).unwrap_or(today);
        format!("{words}, until {}", until.format("%A %Y-%m-%d"))
    };
    let entries = SNOOZES.iter().map(entry).collect();
    cx.open(Pick::new("Put it off", entries, PickAction::Snooze));
}

fn ask_for_note(cx: &mut Cx) {
    let first = chosen(cx).into_iter().next();
    let entry = first.and_then(|record| entry_of(cx, &record));
    let note = entry.map(|entry| entry.note.clone()).unwrap_or_default();
    cx.open(Prompt::new(note, PromptAction::Note));
}

fn chosen(cx: &Cx) -> Vec<Record> {
    let table = cx.list().map(|list| &list.table);
    table.map(|table| table.chosen().into_iter().cloned().collect()).unwrap_or_default()
}

fn entry_of<'a>(cx: &'a Cx, record: &Record) -> Option<&'a Entry> {
    cx.kept.memory.entries.get(id_of(record)?)
}

impl TriageScreen {
    pub fn snooze_for(&mut self, index: usize, cx: &mut Cx) {
        let Some((_, days)) = SNOOZES.get(index) else { return };
        let until = cx.now.local.date().checked_add_days(Days::new(*days));
        self.decide(cx, Weight::Decision, |entry| {
            entry.decision = None;
            entry.snoozed_until = until;
        });
    }

    pub fn note(&mut self, typed: &str, cx: &mut Cx) {
        let note: String = typed.chars().take(LONGEST_NOTE).collect();
        self.decide(cx, Weight::Remark, |entry| entry.note.clone_from(&note));
    }

    /// Changes what is remembered of the chosen penalties, keeps it, and goes on.
    fn decide(&mut self, cx: &mut Cx, weight: Weight, change: impl Fn(&mut Entry)) {
        let chosen = chosen(cx);
        let next = next_open(cx, &chosen);
        let (mut before_it, mut kept) = (Vec::new(), BTreeMap::new());
        for record in &chosen {
            let Some(id) = id_of(record).filter(|id| !kept.contains_key(*id)) else { continue };
            let before = cx.kept.memory.entries.get(id).cloned();
            let mut entry = before.clone().unwrap_or_else(|| Entry::new(record));
            if weight == Weight::Decision {
                entry.seen = Fingerprint::of(record);
            }
            change(&mut entry);
            entry.session = cx.kept.session;
            entry.decided = cx.now.utc;
            before_it.push((id.to_owned(), before));
            kept.insert(id.to_owned(), entry);
        }
        let without = chosen.len() - kept.len();
        if without > 0 {
            cx.say(format!("{without} of the penalties cannot be told apart: no verdict."));
        }
        if kept.is_empty() {
            return;
        }
        undo::remember(&mut self.decisions, before_it);
        self.put(kept, Course::Decide, cx);
        if weight == Weight::Decision {
            if let Some(list) = cx.list_mut() {
                list.table.unmark_all();
            }
            self.go_on(next, cx);
        }
    }

    /// Stores entries in memory and on disk; an empty one removes its penalty.
    pub fn put(&mut self, kept: BTreeMap<String, Entry>, course: Course, cx: &mut Cx) {
        let memory = &mut cx.kept.memory;
        let change = |(id, entry): (String, Entry)| {
            let known = memory.entries.get(&id).cloned();
            (id, EntryChange { entry, known })
        };
        let entries = kept.into_iter().map(change).collect();
        let is_undo = course == Course::Undo;
        let decisions = Decisions { session: cx.kept.session, entries, is_undo };
        memory.decide(&decisions, cx.now.local.date());
        cx.decisions_version += 1;
        self.arrange(cx);
        if cx.kept.remembers {
            let change = Box::new(MemoryChange::Decisions(decisions));
            cx.effect(Effect::Keep(Change::Remember(cx.session.customer.clone(), change)));
        }
    }

    fn go_on(&mut self, next: Option<usize>, cx: &mut Cx) {
        self.detail.top = 0;
        let went = match (next, cx.list_mut()) {
            (Some(place), Some(list)) => list.table.go_to_index(place),
            _ => false,
        };
        if !went && cx.notice.is_none() {
            cx.say("Nothing is left to decide here. {show-hidden} shows what is hidden.");
        }
    }

    fn undo(&mut self, cx: &mut Cx) {
        let Some(before) = self.decisions.pop_back() else { return };
        let first = before.first().map(|(id, _)| id.clone());
        let count = before.len();
        let kept =
            before.into_iter().map(|(id, before)| (id, before.unwrap_or_default())).collect();
        self.put(kept, Course::Undo, cx);
        if let (Some(first), Some(list)) = (first, cx.list_mut()) {
            let is_first = |record: &Record| id_of(record) == Some(first.as_str());
            if let Some(place) = list.table.records().iter().position(is_first) {
                list.table.go_to_index(place);
            }
        }
        self.detail.top = 0;
        let told = if count == 1 { "decision".to_owned() } else { format!("{count} decisions") };
        cx.say(format!("Undone: {told}; {} more to undo.", self.decisions.len()));
    }
}

/// The place of the next penalty that waits for a decision and is none of these: the first below
/// the cursor, else the first of all.
fn next_open(cx: &Cx, chosen: &[Record]) -> Option<usize> {
    let table = &cx.list()?.table;
    let chosen: HashSet<&str> = chosen.iter().filter_map(id_of).collect();
    let is_other = |(row, _): &&(usize, usize)| {
        table.row(*row).and_then(id_of).is_some_and(|id| !chosen.contains(id))
    };
    let open = open_rows(cx);
    let below = open.iter().filter(is_other).find(|(row, _)| *row > table.cursor());
    below.or_else(|| open.iter().find(is_other)).map(|(_, place)| *place)
}
