//! Decisions about penalties of any customer: each is saved in the file of its own customer, and undone
//! there.

use std::collections::{BTreeMap, BTreeSet};

use super::TriageAllScreen;
use super::part::Part;
use crate::domain::customer::CustomerKey;
use crate::list::record::Record;
use crate::state::persisted::Change;
use crate::triage::id_of;
use crate::triage::memory::{Collision, Entry, Memory, MemoryChange, common_note};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Way};
use crate::tui::modal::prompt::{Prompt, PromptAction};
use crate::tui::screen::triage::change::{
    ChangeKind, Decided, Intent, Stamp, in_words, next_of, not_undone, note_of, outcome,
    own_and_theirs, put, resolve, snoozed_until, snoozes, undone,
};
use crate::tui::undo;

/// A penalty with an id, and the position of its customer.
type Row = (usize, Record);

/// The penalties that an action changes, and how many more have no id.
#[derive(Default)]
struct Chosen {
    rows: Vec<Row>,
    without_id: usize,
}

/// The penalties for which a prompt is open, by customer and id, and how many more have no id.
#[derive(Debug, Default)]
pub(super) struct AskedAbout {
    ids: Vec<(CustomerKey, String)>,
    without_id: usize,
}

/// Entries by the position of their customer.
type Entries = BTreeMap<usize, BTreeMap<String, Entry>>;

impl TriageAllScreen {
    /// Runs an action that decides or undoes. Returns `false` for any other action.
    pub(super) fn act_on_decisions(&mut self, action: Action, cx: &mut Cx) -> bool {
        match action {
            Action::Decide(decision) => {
                self.decide(cx, &self.chosen(), ChangeKind::Decision, |entry| {
                    entry.decision = Some(decision);
                    entry.snoozed_until = None;
                });
            }
            Action::Flag => {
                // Flags all rows, or clears the flags if all rows have one.
                let chosen = self.chosen();
                let is_flagged = |it| self.entry_of(it).is_some_and(|entry| entry.is_flagged);
                let all = chosen.rows.iter().all(is_flagged);
                self.decide(cx, &chosen, ChangeKind::Remark, |entry| entry.is_flagged = !all);
            }
            Action::ClearDecision => {
                let clear = |entry: &mut Entry| *entry = Entry::default();
                self.decide(cx, &self.chosen(), ChangeKind::Clearing, clear);
            }
            Action::Snooze => {
                self.asked_about = self.ask_about(&self.chosen());
                cx.open(snoozes(cx.now.local.date()));
            }
            Action::Note => {
                let chosen = self.chosen();
                let note = common_note(chosen.rows.iter().map(|row| self.entry_of(row)));
                self.asked_about = self.ask_about(&chosen);
                cx.open(Prompt::new(note, PromptAction::Note));
            }
            Action::Undo => self.undo(cx),
            _ => return false,
        }
        true
    }

    /// The marked penalties, hidden ones too; without marks, the one under the cursor.
    fn chosen(&self) -> Chosen {
        let mut chosen = Chosen::default();
        for index in self.table.chosen_indexes() {
            let Some((at, _, record)) = self.record(index) else { continue };
            match id_of(record) {
                Some(_) => chosen.rows.push((at, record.clone())),
                None => chosen.without_id += 1,
            }
        }
        chosen
    }

    fn entry_of(&self, (at, record): &Row) -> Option<&Entry> {
        self.parts.get(*at)?.entry(record)
    }

    /// ` (acme, BK123456)`: whose penalty it is.
    fn which(&self, (at, record): &Row) -> String {
        let profile = self.parts.get(*at).map_or("", |part| part.profile.as_str());
        let of = record.booking().or_else(|| record.reference("id"));
        format!(" ({profile}, {})", of.map(|of| of.shown()).unwrap_or_default())
    }

    fn named(&self, customer: &CustomerKey, id: &str) -> String {
        let at = self.parts.iter().position(|part| part.customer == *customer);
        let row = at.and_then(|at| {
            let row = self.parts.get(at)?.rows.iter().find(|row| id_of(row) == Some(id))?;
            Some((at, row.clone()))
        });
        row.map(|row| self.which(&row)).unwrap_or_default()
    }

    fn ask_about(&self, chosen: &Chosen) -> AskedAbout {
        let id = |(at, record): &Row| {
            Some((self.parts.get(*at)?.customer.clone(), id_of(record)?.to_owned()))
        };
        let ids = chosen.rows.iter().filter_map(id).collect();
        AskedAbout { ids, without_id: chosen.without_id }
    }

    /// The penalties that a prompt was opened for, if all of them are still there.
    fn asked_about(&self) -> Result<Chosen, String> {
        let find = |(customer, id): &(CustomerKey, String)| {
            let at = self.parts.iter().position(|part| part.customer == *customer)?;
            let record = self.parts.get(at)?.rows.iter().find(|row| id_of(row) == Some(id))?;
            Some((at, record.clone()))
        };
        let AskedAbout { ids, without_id } = &self.asked_about;
        let rows: Vec<Row> = ids.iter().filter_map(find).collect();
        match ids.len() - rows.len() {
            0 => Ok(Chosen { rows, without_id: *without_id }),
            gone => Err(format!(
                "Nothing was changed: the queue no longer has {gone} of these penalties."
            )),
        }
    }

    pub(super) fn snooze_for(&mut self, index: usize, cx: &mut Cx) {
        let Some(until) = snoozed_until(index, cx.now.local.date()) else { return };
        if let Some(chosen) = cx.ok_or_tell(self.asked_about()) {
            self.decide(cx, &chosen, ChangeKind::Decision, |entry| {
                entry.decision = None;
                entry.snoozed_until = Some(until);
            });
        }
    }

    pub(super) fn note(&mut self, typed: &str, cx: &mut Cx) -> Result<(), String> {
        let (note, chosen) = (note_of(typed), self.asked_about()?);
        self.decide(cx, &chosen, ChangeKind::Remark, |entry| entry.note.clone_from(&note));
        Ok(())
    }

    /// Changes the entries of these penalties, stores each with its customer, and moves to the next
    /// penalty.
    fn decide(
        &mut self,
        cx: &mut Cx,
        chosen: &Chosen,
        kind: ChangeKind,
        change: impl Fn(&mut Entry),
    ) {
        let next = self.next_open(&chosen.rows, cx);
        let stamp = Stamp { session: cx.kept.session, utc: cx.now.utc };
        let (mut decided, mut kept) = (Vec::new(), Entries::new());
        for (at, record) in &chosen.rows {
            let Some((part, id)) = self.parts.get(*at).zip(id_of(record)) else { continue };
            let own = kept.entry(*at).or_default();
            if own.contains_key(id) {
                continue;
            }
            let before = part.memory.entries.get(id);
            let one = Decided::about(record, id, &part.customer, before, (kind, &change), stamp);
            own.insert(id.to_owned(), one.after.clone());
            decided.push(one);
        }
        cx.tell_without_id(chosen.without_id);
        let Some(first) = decided.first() else { return };
        if let Some(what) = outcome(&first.after, kind, decided.len() as u64) {
            let row = chosen.rows.first().filter(|_| decided.len() == 1);
            let which = row.map(|row| self.which(row)).unwrap_or_default();
            cx.tell_also(&format!("{what}{which}; {}", cx.words("{undo} undoes it.")));
        }
        undo::remember(&mut self.decisions, decided);
        self.put_all(kept, Intent::Decide, cx);
        if kind == ChangeKind::Decision {
            self.table.unmark_all();
            self.detail.top = 0;
            let went = next.is_some_and(|index| self.table.go_to_index(index));
            if !went && chosen.without_id == 0 {
                let words = "Nothing is left to decide here. {show-hidden} shows what is hidden.";
                cx.tell_also(&cx.words(words));
            }
        }
    }

    fn put_all(&mut self, kept: Entries, intent: Intent, cx: &mut Cx) {
        for (at, entries) in kept {
            self.put(at, entries, intent, cx);
        }
        self.decided();
        self.arrange(cx);
    }

    /// Stores entries in the memory and the file of one customer.
    fn put(&mut self, at: usize, kept: BTreeMap<String, Entry>, intent: Intent, cx: &mut Cx) {
        let Some(part) = self.parts.get_mut(at).filter(|_| !kept.is_empty()) else { return };
        let stamp = (cx.kept.session, cx.now.local.date());
        let decisions = put(kept, intent, &mut part.memory, stamp);
        part.change();
        if part.is_saved {
            let change = Box::new(MemoryChange::Decisions(decisions));
            cx.effect(Effect::Keep(Change::Remember(part.customer.clone(), change)));
        }
    }

    fn undo(&mut self, cx: &mut Cx) {
        if let Some(why) = self.why_not_undone() {
            return cx.tell(why);
        }
        let Some(last) = self.decisions.pop_back() else { return };
        let first = last.first().map(|it| (it.customer.clone(), it.id.clone()));
        let mut by_customer: BTreeMap<CustomerKey, Vec<Decided>> = BTreeMap::new();
        for it in last {
            by_customer.entry(it.customer.clone()).or_default().push(it);
        }
        let (mut count, mut kept, mut left) = (0, Entries::new(), Vec::new());
        for (customer, decided) in by_customer {
            let found = self.parts.iter().enumerate().find(|(_, part)| part.customer == customer);
            let Some((at, part)) = found else {
                left.push(removed(&customer));
                continue;
            };
            let (own, theirs) = own_and_theirs(decided, &part.memory);
            left.extend(not_undone(theirs, &part.memory, cx));
            count += own.len();
            let entries = own.into_iter().map(|it| (it.id, it.before.unwrap_or_default()));
            kept.insert(at, entries.collect());
        }
        self.put_all(kept, Intent::Undo, cx);
        if let Some((customer, id)) = &first {
            self.go_to(customer, id);
        }
        let which = first.filter(|_| count == 1).map(|(customer, id)| self.named(&customer, &id));
        self.detail.top = 0;
        if left.is_empty() {
            let which = which.unwrap_or_default();
            cx.tell(undone(count, &which, self.decisions.len()));
        } else {
            cx.tell(left.join(" "));
        }
    }

    /// Why the last decision cannot be undone yet: what is saved about one of its customers is unknown.
    fn why_not_undone(&self) -> Option<String> {
        let last = self.decisions.back()?;
        let is_of = |part: &&Part| last.iter().any(|it| it.customer == part.customer);
        let unread = self.parts.iter().filter(is_of).find(|part| !part.is_read)?;
        Some(format!("Nothing was undone: {} is not loaded yet.", unread.profile))
    }

    /// Moves the cursor to a penalty of a customer, if it is shown.
    fn go_to(&mut self, customer: &CustomerKey, id: &str) {
        let is_it = |row: &usize| {
            let at = self.row(*row);
            at.is_some_and(|(part, it)| part.customer == *customer && id_of(it) == Some(id))
        };
        if let Some(row) = (0..self.table.len()).find(is_it) {
            self.table.go_to_row(row);
        }
    }

    /// Tells what another session had decided about a penalty of this customer.
    pub fn collided(&mut self, customer: &CustomerKey, collisions: Vec<Collision>, cx: &mut Cx) {
        let Some(at) = self.parts.iter().position(|part| part.customer == *customer) else {
            return;
        };
        let Some((part, first)) = self.parts.get_mut(at).zip(collisions.first()) else { return };
        let text = in_words(first, collisions.len() - 1, cx);
        cx.tell(format!("{}: {text}", part.profile));
        part.change();
        let restored = resolve(collisions, customer, &mut part.memory, &mut self.decisions);
        self.put_all([(at, restored)].into(), Intent::Undo, cx);
    }

    /// Accepts decisions of other sessions about this customer, unless something was decided here
    /// since they were requested. Returns `true` if there are any.
    pub fn reloaded(
        &mut self,
        customer: &CustomerKey,
        version: u64,
        memory: Memory,
        cx: &mut Cx,
    ) -> bool {
        let (session, today) = (cx.kept.session, cx.now.local.date());
        let part = self.parts.iter_mut().find(|part| part.customer == *customer);
        let Some(part) = part.filter(|part| part.version == version) else { return false };
        if part.memory.knows_all_of(&memory, session, today) {
            return false;
        }
        part.memory.entries = memory.entries;
        part.change();
        cx.tell(format!("Another session's decisions about {} were loaded.", part.profile));
        self.decided();
        true
    }

    /// The index of the next undecided penalty that is not among these: the first one below the cursor,
    /// else the first one.
    fn next_open(&self, chosen: &[Row], cx: &Cx) -> Option<usize> {
        let chosen: BTreeSet<(usize, Option<&str>)> =
            chosen.iter().map(|(at, record)| (*at, id_of(record))).collect();
        let is_other = |row: &usize| {
            let id = self.row(*row).and_then(|(_, record)| id_of(record));
            id.is_some() && self.place(*row).is_some_and(|at| !chosen.contains(&(at, id)))
        };
        let open: Vec<usize> = self.open_rows(cx.now.local.date()).filter(is_other).collect();
        let below = open.iter().find(|row| **row > self.table.cursor());
        self.table.index(*below.or_else(|| open.first())?)
    }

    pub(super) fn next_undecided(&self, way: Way, cx: &Cx) -> Result<usize, String> {
        next_of(self.open_rows(cx.now.local.date()), self.table.cursor(), way)
    }
}

fn removed(customer: &CustomerKey) -> String {
    let name = customer.profile().unwrap_or_default();
    format!("Not undone: the settings no longer have the profile {name}.")
}
