//! Records the loaded rows of the lists in the journal of changes.

use crate::journal::look::LookBuilder;
use crate::list::record::Record;
use crate::list::{Spec, penalties};
use crate::net::response::Page;
use crate::state::persisted::Change;
use crate::triage::id_of;
use crate::triage::memory::{MemoryChange, SeenRows};
use crate::tui::cx::Cx;
use crate::tui::effect::Effect;

impl Cx {
    /// Gathers the rows of a list after the first `known` ones; records them once none of their
    /// pages is loading.
    pub fn record_rows(&mut self, tab: usize, known: usize) {
        let list = self.list_at(tab);
        let (spec, is_busy) = (list.spec(), list.all.is_some());
        let is_replacing = list.load.as_ref().is_some_and(|load| load.refresh.is_some());
        if is_replacing || !self.records(spec) {
            return;
        }
        let (records, total) = (list.table.shared_records(), list.total);
        let is_filtered = !list.filters().is_empty();
        let is_loaded = list.fetched.is_some()
            && !list.has_more()
            && list.pager.shifted().is_none()
            && total.is_none_or(|total| total <= records.len() as u64);
        let mut builder =
            self.since.gathered.remove(&tab).filter(|it| known > 0 && it.count() == known);
        let known = if builder.is_some() { known } else { 0 };
        let builder = builder.get_or_insert_with(|| LookBuilder::new(spec));
        let added = records.get(known..).unwrap_or_default();
        builder.add(added);
        self.touch_decided(spec, added);
        let is_due = !is_busy && (is_loaded || builder.is_due());
        let look = if is_due { builder.take(total, is_loaded, is_filtered) } else { None };
        let builder = std::mem::replace(builder, LookBuilder::new(spec));
        self.since.gathered.insert(tab, builder);
        if let Some(look) = look {
            self.record(spec, look);
        }
    }

    /// Records the first page of a list that is not open.
    pub fn record_page(&mut self, spec: &'static Spec, page: &Page, is_filtered: bool) {
        if !self.records(spec) {
            return;
        }
        let mut builder = LookBuilder::new(spec);
        builder.add(&page.rows);
        self.touch_decided(spec, &page.rows);
        let is_loaded = page.total == Some(page.rows.len() as u64);
        let look = builder.take(page.total, is_loaded, is_filtered);
        if let Some(look) = look {
            self.record(spec, look);
        }
    }

    /// Notes whether the last load of a list failed. Rows with filters are not compared.
    pub fn note_load(&mut self, tab: usize, has_failed: bool) {
        let list = self.list_at(tab);
        if list.filters().is_empty() {
            let spec = list.spec();
            self.since.set_failed(spec, has_failed);
        }
    }

    pub fn records(&self, spec: &Spec) -> bool {
        self.kept.records_changes && !spec.tracked.is_empty()
    }

    fn record(&mut self, spec: &'static Spec, look: crate::journal::look::Look) {
        let (customer, today) = (self.session.customer.clone(), self.now.local.date());
        self.effect(Effect::Keep(Change::Record(customer, spec, Box::new(look), today)));
    }

    /// Notes that decided penalties were seen today, so that their decisions do not expire.
    fn touch_decided(&mut self, spec: &'static Spec, records: &[Record]) {
        if !self.kept.remembers || spec.key != penalties::SPEC.key {
            return;
        }
        let (memory, today) = (&self.kept.memory, self.now.local.date());
        let known = memory.seen.get(spec.key);
        let is_due = |record: &&Record| {
            id_of(record).is_some_and(|id| {
                let last = known.and_then(|known| known.rows.get(id)).map(|row| row.day);
                memory.entries.contains_key(id) && last != Some(today)
            })
        };
        let seen = SeenRows::of(records.iter().filter(is_due), today);
        if !seen.rows.is_empty() {
            self.kept.memory.seen.entry(spec.key.to_owned()).or_default().extend(&seen);
            self.remember(MemoryChange::Seen(spec.key, seen));
        }
    }

    pub fn remember(&mut self, change: MemoryChange) {
        let customer = self.session.customer.clone();
        self.effect(Effect::Keep(Change::Remember(customer, Box::new(change))));
    }
}
