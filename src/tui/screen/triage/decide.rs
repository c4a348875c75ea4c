//! Decisions: on the row under the cursor or on all marked ones, kept at once, undone step by step.

use std::collections::{BTreeMap, HashSet};

use chrono::Days;
use tui_input::Input;

use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::decision::SNOOZES;
use crate::triage::fingerprint::Fingerprint;
use crate::triage::id_of;
use crate::triage::memory::{Decisions, Entry, EntryChange, LONGEST_NOTE, MemoryChange};
use crate::tui::component::table::Table;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Pick, Picked, Popup};
use crate::tui::screen::list::set_filters as filters;
use crate::tui::screen::list::state::List;
use crate::tui::screen::triage::ask::{Ask, Asked};
use crate::tui::screen::triage::state::Step;
use crate::tui::screen::triage::update::{arrange, open_rows};

const STEPS: usize = 200;

/// Whether a change settles what becomes of a penalty, and the next one is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    Decision,
    Remark,
}

pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Decide(verdict) => decide(model, Weight::Decision, |entry| {
            entry.decision = Some(verdict);
            entry.snoozed_until = None;
        }),
        Action::Flag => {
            // Of several rows all stand out, unless all do already.
            let all = chosen(model)
                .iter()
                .all(|record| entry_of(model, record).is_some_and(|entry| entry.is_flagged));
            decide(model, Weight::Remark, |entry| entry.is_flagged = !all)
        }
        _ => decide(model, Weight::Remark, |entry| *entry = Entry::default()),
    }
}

/// Asks for what a key alone does not say.
pub fn ask(model: &mut Model, action: Action) -> Vec<Effect> {
    let chosen = chosen(model);
    let Some(first) = chosen.first() else { return nothing(model) };
    let today = model.now.local.date();
    model.popup = Some(if action == Action::Snooze {
        let entry = |(words, days): &(&str, u64)| {
            let until = today.checked_add_days(Days::new(*days)).unwrap_or(today);
            format!("{words}, until {}", until.format("%A %Y-%m-%d"))
        };
        let entries = SNOOZES.iter().map(entry).collect();
        let title = "Put it off".to_owned();
        Popup::Pick(Pick { title, entries, cursor: 0, then: Picked::Snooze })
    } else {
        let note = entry_of(model, first).map(|entry| entry.note.clone()).unwrap_or_default();
        Popup::Ask(Ask {
            title: " Note ",
            words: "One line, kept on this machine only; an empty one goes.",
            input: Input::new(note),
            problem: None,
            then: Asked::Note,
        })
    });
    Vec::new()
}

/// Puts the penalties off by the picked stretch of days.
pub fn snooze_for(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some((_, days)) = SNOOZES.get(index) else { return Vec::new() };
    let until = model.now.local.date().checked_add_days(Days::new(*days));
    decide(model, Weight::Decision, |entry| {
        entry.decision = None;
        entry.snoozed_until = until;
    })
}

/// Takes what was typed: a note, or the path of a worklist.
pub fn answered(model: &mut Model) -> Vec<Effect> {
    let Some(Popup::Ask(ask)) = &model.popup else { return Vec::new() };
    if ask.then == Asked::Worklist {
        return crate::tui::screen::triage::worklist::save(model);
    }
    let note: String = ask.input.value().trim().chars().take(LONGEST_NOTE).collect();
    model.popup = None;
    decide(model, Weight::Remark, |entry| entry.note.clone_from(&note))
}

fn nothing(model: &mut Model) -> Vec<Effect> {
    model.notice = Some("There is no row here.".to_owned());
    Vec::new()
}

/// The marked penalties, or the one under the cursor.
fn chosen(model: &Model) -> Vec<Record> {
    model.table().map(Table::chosen).unwrap_or_default().into_iter().cloned().collect()
}

fn entry_of<'a>(model: &'a Model, record: &Record) -> Option<&'a Entry> {
    model.kept.memory.entries.get(id_of(record)?)
}

/// Changes what is remembered of the chosen penalties, keeps it, and goes on.
fn decide(model: &mut Model, weight: Weight, change: impl Fn(&mut Entry)) -> Vec<Effect> {
    let chosen = chosen(model);
    if chosen.is_empty() {
        return nothing(model);
    }
    let next = next_open(model, &chosen);
    let was_marked = model.table().is_some_and(|table| table.marked() > 0);
    let (mut before_it, mut kept) = (Vec::new(), BTreeMap::new());
    for record in &chosen {
        let Some(id) = id_of(record).filter(|id| !kept.contains_key(*id)) else { continue };
        let before = model.kept.memory.entries.get(id).cloned();
        let mut entry = before.clone().unwrap_or_else(|| Entry::new(record));
        if weight == Weight::Decision {
            entry.seen = Fingerprint::of(record);
        }
        change(&mut entry);
        entry.session = model.kept.session;
        entry.decided = model.now.utc;
        before_it.push((id.to_owned(), before));
        kept.insert(id.to_owned(), entry);
    }
    let without = chosen.len() - kept.len();
    if without > 0 {
        model.notice =
            Some(format!("{without} of the penalties cannot be told apart: no verdict."));
    }
    if kept.is_empty() {
        return Vec::new();
    }
    let filters = model.list().map_or(0, List::undoable);
    model.triage.steps.push(Step { before: before_it, filters });
    if model.triage.steps.len() > STEPS {
        model.triage.steps.remove(0);
    }
    let effects = put(model, kept, false);
    if weight == Weight::Decision {
        if was_marked && let Some(table) = model.table_mut() {
            table.unmark_all();
        }
        go_on(model, next);
    }
    effects
}

/// Puts entries into the memory, here and on disk; an empty one takes its penalty out.
pub fn put(model: &mut Model, kept: BTreeMap<String, Entry>, is_undo: bool) -> Vec<Effect> {
    let memory = &mut model.kept.memory;
    let change = |(id, entry): (String, Entry)| {
        let known = memory.entries.get(&id).cloned();
        (id, EntryChange { entry, known })
    };
    let entries = kept.into_iter().map(change).collect();
    let decisions = Decisions { session: model.kept.session, entries, is_undo };
    memory.decide(&decisions, model.now.local.date());
    model.triage.revision += 1;
    arrange(model);
    let customer = model.session.customer.clone();
    if !model.kept.remembers {
        return Vec::new();
    }
    vec![Effect::Keep(Change::Remember(customer, Box::new(MemoryChange::Decisions(decisions))))]
}

/// The place of the next penalty that waits for a decision and is none of these: the first below
/// the cursor, else the first of all.
fn next_open(model: &Model, chosen: &[Record]) -> Option<usize> {
    let table = model.table()?;
    let chosen: HashSet<&str> = chosen.iter().filter_map(id_of).collect();
    let is_other = |(row, _): &&(usize, usize)| {
        table.row(*row).and_then(id_of).is_some_and(|id| !chosen.contains(id))
    };
    let open = open_rows(model);
    let below = open.iter().filter(is_other).find(|(row, _)| *row > table.cursor());
    below.or_else(|| open.iter().find(is_other)).map(|(_, place)| *place)
}

fn go_on(model: &mut Model, next: Option<usize>) {
    model.detail.top = 0;
    let went = match (next, model.table_mut()) {
        (Some(place), Some(table)) => table.go_to_place(place),
        _ => false,
    };
    if !went && model.notice.is_none() {
        model.notice = Some("Nothing is left to decide here. H shows what is hidden.".to_owned());
    }
}

/// Takes the last decision back, or the last change of filters where that was later.
pub fn undo(model: &mut Model) -> Vec<Effect> {
    let before = model.triage.steps.last().map_or(0, |step| step.filters);
    if model.list().map_or(0, List::undoable) > before {
        return filters::act(model, Action::Undo).unwrap_or_default();
    }
    let Some(step) = model.triage.steps.pop() else {
        model.notice = Some("There is no decision of this session left to undo.".to_owned());
        return Vec::new();
    };
    let first = step.before.first().map(|(id, _)| id.clone());
    let count = step.before.len();
    let kept =
        step.before.into_iter().map(|(id, before)| (id, before.unwrap_or_default())).collect();
    let effects = put(model, kept, true);
    let place = first.and_then(|first| {
        let records = model.table()?.records();
        records.iter().position(|record| id_of(record) == Some(first.as_str()))
    });
    if let (Some(place), Some(table)) = (place, model.table_mut()) {
        table.go_to_place(place);
    }
    model.detail.top = 0;
    let told = if count == 1 { "decision".to_owned() } else { format!("{count} decisions") };
    model.notice = Some(format!("Undone: {told}; {} more to undo.", model.triage.steps.len()));
    effects
}
