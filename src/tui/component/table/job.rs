//! Sorting and searching many rows, as a job for the background, so that no key waits for it.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::names::Names;
use crate::figures::Figures;
use crate::list::record::Record;
use crate::list::sort::{AmountBasis, Sort, order, order_by_owner};
use crate::list::{Rule, Spec};
use crate::search::{Haystack, Needle};
use crate::tui::component::table::Table;

/// Up to this many rows, a table is arranged immediately: some milliseconds at most.
const AT_ONCE: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ArrangeWhen {
    #[default]
    Nothing,
    /// Added rows are at the end, unsorted, until all rows are loaded.
    Later,
    Now,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowOptions {
    pub sort: Option<Sort>,
    /// The day for derived columns and figures.
    pub today: NaiveDate,
    /// What is being typed into the search.
    pub typed: String,
    /// The kept searches, in their order.
    pub found: Vec<String>,
    /// Identities, if the order is decided elsewhere.
    pub queue: Option<Vec<u64>>,
}

impl RowOptions {
    /// The searches that each shown row matches.
    pub fn needles(&self) -> Vec<Needle> {
        let needles = self.found.iter().chain([&self.typed]).map(|typed| Needle::new(typed));
        needles.filter(|needle| !needle.is_empty()).collect()
    }
}

/// All records in sort order, cached: each key of a search needs it.
#[derive(Debug)]
pub struct Ordered {
    replaced: u32,
    sort: Sort,
    today: NaiveDate,
    positions: Vec<u32>,
    basis: Option<AmountBasis>,
}

impl Ordered {
    pub fn positions(&self) -> impl Iterator<Item = u32> {
        self.positions.iter().copied()
    }
}

#[derive(Debug, Clone)]
pub struct SortJob {
    spec: &'static Spec,
    options: RowOptions,
    records: Arc<Vec<Record>>,
    replaced: u32,
    ordered: Option<Arc<Ordered>>,
    /// The positions of the queue's records.
    queue: Option<Vec<u32>>,
    haystack: Option<Arc<Haystack>>,
    is_searching: bool,
    names: Arc<Names>,
    all: Figures,
}

impl PartialEq for SortJob {
    fn eq(&self, other: &Self) -> bool {
        self.options == other.options && Arc::ptr_eq(&self.records, &other.records)
    }
}

impl Eq for SortJob {}

/// A job with its result.
#[derive(Debug, Clone)]
pub struct Arrangement {
    job: SortJob,
    shown: Vec<u32>,
    figures: Figures,
}

impl SortJob {
    fn ordered(&self) -> Option<Arc<Ordered>> {
        let (sort, replaced, today) = (self.options.sort?, self.replaced, self.options.today);
        let is_current = |known: &&Arc<Ordered>| {
            (known.replaced, known.sort, known.today) == (replaced, sort, today)
                && known.positions.len() == self.records.len()
        };
        if let Some(known) = self.ordered.as_ref().filter(is_current) {
            return Some(Arc::clone(known));
        }
        let spec = self.spec;
        let owner = spec.computed(Rule::Owner).map(|owner| owner.field.name);
        let (positions, basis) = if owner == Some(sort.column) {
            (order_by_owner(spec, &self.records, sort.descending, &self.names), None)
        } else {
            order(spec, &self.records, sort, today)
        };
        Some(Arc::new(Ordered { replaced, sort, today, positions, basis }))
    }

    pub fn run(mut self) -> Arrangement {
        let needles = self.options.needles();
        self.ordered = if self.queue.is_none() { self.ordered() } else { None };
        let make = || Arc::new(Haystack::new(self.spec, &self.records, &self.names));
        let is_searched = self.is_searching || !needles.is_empty();
        self.haystack = self.haystack.take().or_else(|| is_searched.then(make));
        let count = self.records.len();
        let hay = self.haystack.as_ref().filter(|_| !needles.is_empty());
        let found = hay.map(|hay| hay.find(0, &needles));
        let figures_of = |positions: &[u32]| {
            let rows = positions.iter().filter_map(|at| self.records.get(*at as usize));
            Figures::of(rows, self.options.today)
        };
        // In the order of the records, which is much faster to read.
        let known = match &found {
            _ if self.queue.is_some() => None,
            Some(found) if found.len() < count => Some(figures_of(found)),
            _ => Some(self.all.clone()),
        };
        let sorted = || self.ordered.as_ref().map(|ordered| ordered.positions.clone());
        let shown = match (self.queue.clone().or_else(sorted), found) {
            (None, None) => (0..).take(count).collect(),
            (None, Some(found)) => found,
            (Some(ordered), None) => ordered,
            (Some(mut ordered), Some(found)) => {
                let mut is_found = vec![false; count];
                for at in found {
                    if let Some(is_found) = is_found.get_mut(at as usize) {
                        *is_found = true;
                    }
                }
                ordered.retain(|at| is_found.get(*at as usize).copied().unwrap_or(false));
                ordered
            }
        };
        let figures = known.unwrap_or_else(|| figures_of(&shown));
        Arrangement { job: self, shown, figures }
    }
}

impl Table {
    fn job(&self) -> SortJob {
        SortJob {
            spec: self.spec,
            options: self.options.clone(),
            records: Arc::clone(&self.records),
            replaced: self.replaced,
            ordered: self.ordered.clone(),
            queue: self.options.queue.as_ref().map(|queue| self.positions_of(queue)),
            haystack: self.haystack.clone(),
            is_searching: self.is_searching(),
            names: Arc::clone(&self.names),
            all: self.all.clone(),
        }
    }

    /// One job at a time; with `is_growing`, only one that the user waits for.
    pub fn take_job(&mut self, is_growing: bool) -> Option<SortJob> {
        let is_due = self.due == ArrangeWhen::Now || self.due == ArrangeWhen::Later && !is_growing;
        if !is_due || self.is_arranging {
            return None;
        }
        self.due = ArrangeWhen::Nothing;
        self.is_arranging = true;
        Some(self.job())
    }

    /// `None` after a panic. Returns `true` if the result is still current.
    pub fn accept(&mut self, arrangement: Option<Arrangement>) -> bool {
        self.is_arranging = false;
        let Some(mut arrangement) = arrangement else { return false };
        let job = &mut arrangement.job;
        let is_of_these = job.replaced == self.replaced;
        if !Arc::ptr_eq(&job.names, &self.names) {
            // The results lack names that were loaded since.
            (job.haystack, job.ordered) = (None, None);
        }
        let is_wanted = is_of_these && arrangement.job.options == self.options;
        if is_wanted {
            self.keeping_anchor(|table| table.show(arrangement));
        } else if is_of_these && self.haystack.is_none() {
            // The next job reuses the search index.
            self.take_haystack(arrangement.job.haystack);
        }
        is_wanted
    }

    fn take_haystack(&mut self, made: Option<Arc<Haystack>>) {
        // It is as large as the rows: without a search, it is not kept.
        let is_needed = self.is_searching() || self.is_narrowed();
        let Some(mut haystack) = made.filter(|_| is_needed) else { return self.haystack = None };
        let later = self.records.get(haystack.len()..).unwrap_or_default();
        if !later.is_empty() {
            Arc::make_mut(&mut haystack).extend(self.spec, later, &self.names);
        }
        self.haystack = Some(haystack);
    }

    /// Returns `true` if the shown rows are not yet the requested ones.
    pub fn is_behind(&self) -> bool {
        self.is_arranging || self.due == ArrangeWhen::Now
    }

    /// How amounts in several currencies are sorted, once the rows are arranged.
    pub fn amount_basis(&self) -> Option<AmountBasis> {
        self.ordered.as_ref().filter(|it| Some(it.sort) == self.options.sort)?.basis
    }

    pub fn arrange(&mut self) {
        let is_light = !self.is_ordered() && !self.is_narrowed() && !self.is_searching();
        if is_light || self.records.len() <= AT_ONCE {
            self.due = ArrangeWhen::Nothing;
            let arrangement = self.job().run();
            self.keeping_anchor(|table| table.show(arrangement));
        } else {
            self.due = ArrangeWhen::Now;
        }
    }

    pub fn add_up(&mut self, first: usize) {
        self.all.add(self.records.get(first..).unwrap_or_default(), self.options.today);
    }

    /// Days overdue are counted to this day.
    pub fn set_day(&mut self, today: NaiveDate) {
        if self.options.today != today {
            self.options.today = today;
            self.all = Figures::default();
            self.add_up(0);
            self.count_marked();
            self.arrange();
        }
    }

    fn show(&mut self, arrangement: Arrangement) {
        self.shown = arrangement.shown;
        self.arrangement += 1;
        self.figures = arrangement.figures;
        self.is_found = !arrangement.job.options.needles().is_empty();
        self.ordered = arrangement.job.ordered;
        self.take_haystack(arrangement.job.haystack);
        self.show_from(arrangement.job.records.len());
    }

    fn show_from(&mut self, first: usize) {
        // The queue decides about added rows, too.
        if first >= self.records.len() || self.options.queue.is_some() {
            return;
        }
        let needles = self.options.needles();
        let added: Vec<u32> = match &self.haystack {
            // The job in progress shows them.
            None if !needles.is_empty() => return,
            Some(haystack) if !needles.is_empty() => haystack.find(first, &needles),
            _ => (0..).take(self.records.len()).skip(first).collect(),
        };
        let rows = added.iter().filter_map(|at| self.records.get(*at as usize));
        self.figures.add(rows, self.options.today);
        self.shown.extend(added);
        self.arrangement += 1;
        if self.options.sort.is_some() && self.due == ArrangeWhen::Nothing {
            self.due = ArrangeWhen::Later;
        }
    }

    /// Sorts added rows into a small table, and appends them to a large one.
    pub fn arrange_added(&mut self, first: usize) {
        self.add_up(first);
        if self.is_ordered() && self.records.len() <= AT_ONCE {
            self.arrange();
        } else {
            self.show_from(first);
        }
    }

    fn is_ordered(&self) -> bool {
        self.options.sort.is_some() || self.options.queue.is_some()
    }

    /// Puts the cursor back on its record, or stays at the top.
    fn keeping_anchor(&mut self, change: impl FnOnce(&mut Self)) {
        let anchor = self.origin.unwrap_or_else(|| self.anchor());
        let is_first_wanted = std::mem::take(&mut self.wants_first) && self.scroll.cursor == 0;
        change(self);
        if is_first_wanted {
            self.scroll.top = 0;
        } else {
            self.return_to(anchor);
        }
        self.origin = self.origin.filter(|_| !self.options.typed.is_empty());
    }
}

#[cfg(test)]
mod tests;
