//! Decisions about the row under the cursor or all marked rows: saved immediately, undone step by
//! step.

use std::collections::{BTreeMap, HashSet};

use super::change::{
    ChangeKind, Decided, Intent, Stamp, in_words, not_undone, note_of, outcome, own_and_theirs,
    put, resolve, snoozed_until, snoozes, undone,
};
use crate::list::record::Record;
use crate::triage::id_of;
use crate::triage::memory::{Collision, Entry, MemoryChange, common_note};
use crate::tui::cx::Cx;
use crate::tui::keymap::Action;
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::screen::triage::state::TriageScreen;
use crate::tui::screen::triage::update::open_rows;
use crate::tui::undo;

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
            screen.asked_about = identities(cx);
            cx.open(snoozes(cx.now.local.date()));
        }
        Action::Note => {
            let chosen = cx.list().table.chosen();
            let note = common_note(chosen.iter().map(|record| entry_of(cx, record)));
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
        let Some(until) = snoozed_until(index, cx.now.local.date()) else { return };
        match self.asked_about(cx) {
            Ok(chosen) => self.decide(cx, &chosen, ChangeKind::Decision, |entry| {
                entry.decision = None;
                entry.snoozed_until = Some(until);
            }),
            Err(why) => cx.tell(why),
        }
    }

    pub fn note(&mut self, typed: &str, cx: &mut Cx) -> Result<(), String> {
        let note = note_of(typed);
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
        let stamp = Stamp { session: cx.kept.session, utc: cx.now.utc };
        let customer = &cx.session.customer;
        for record in chosen {
            let Some(id) = id_of(record).filter(|id| !kept.contains_key(*id)) else { continue };
            let before = cx.kept.memory.entries.get(id);
            let one = Decided::about(record, id, customer, before, (kind, &change), stamp);
            kept.insert(id.to_owned(), one.after.clone());
            decided.push(one);
        }
        let without = chosen.iter().filter(|record| id_of(record).is_none()).count();
        cx.tell_without_id(without);
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
        let (session, today) = (cx.kept.session, cx.now.local.date());
        let decisions = put(kept, intent, &mut cx.kept.memory, (session, today));
        cx.decisions_version += 1;
        if cx.kept.remembers {
            cx.remember(MemoryChange::Decisions(decisions));
        }
    }

    fn undo(&mut self, cx: &mut Cx) {
        let Some(last) = self.decisions.pop_back() else { return };
        let first = last.first().map(|it| it.id.clone());
        let (own, theirs) = own_and_theirs(last, &cx.kept.memory);
        let count = own.len();
        let kept = own.into_iter().map(|it| (it.id, it.before.unwrap_or_default()));
        self.put(kept.collect(), Intent::Undo, cx);
        self.arrange(cx);
        let table = &mut cx.list_mut().table;
        let is_first = |record: &Record| id_of(record) == first.as_deref();
        let place = table.records().iter().position(is_first);
        if let Some(place) = place {
            table.go_to_index(place);
        }
        let which = place.and_then(|place| table.records().get(place)?.booking().cloned());
        let which = which.map(|booking| format!(" ({})", booking.shown())).unwrap_or_default();
        self.detail.top = 0;
        if let Some(text) = not_undone(theirs, &cx.kept.memory, cx) {
            return cx.tell(text);
        }
        cx.tell(undone(count, &which, self.decisions.len()));
    }

    /// Tells what another session had decided. If this session replaced it, undo restores it; if
    /// this session only undid its own decision, the other decision is shown now.
    pub fn collided(&mut self, collisions: Vec<Collision>, cx: &mut Cx) {
        let Some(first) = collisions.first() else { return };
        cx.tell(in_words(first, collisions.len() - 1, cx));
        let customer = cx.session.customer.clone();
        let memory = &mut cx.kept.memory;
        let restored = resolve(collisions, &customer, memory, &mut self.decisions);
        // The queue is rebuilt when it is on top again: another list may be shown now.
        cx.decisions_version += 1;
        if !restored.is_empty() {
            self.put(restored, Intent::Undo, cx);
        }
    }
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
