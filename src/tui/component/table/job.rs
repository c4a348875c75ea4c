//! The work of arranging many rows, as data: done beside the screen, so that no key waits for it.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::money::Sums;
use crate::list::record::Record;
use crate::list::search::{Haystack, Needle};
use crate::list::sort::{Sort, order};
use crate::list::{Spec, record};
use crate::tui::component::table::Table;

/// Rows up to which a table is arranged at once: some milliseconds at most.
const AT_ONCE: usize = 4_000;

/// Whether the rows are shown as they are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Due {
    #[default]
    Nothing,
    /// Later rows are at the end, unsorted: worth arranging once all are loaded.
    Later,
    /// The user has asked for another arrangement.
    Now,
}

/// All records in an order that took a while to find: what is searched needs it with every key.
#[derive(Debug)]
pub struct Ordered {
    epoch: u64,
    sort: Sort,
    today: NaiveDate,
    places: Vec<u32>,
}

/// Which records are to be shown in which order.
#[derive(Debug, Clone)]
pub struct Job {
    generation: u64,
    epoch: u64,
    spec: &'static Spec,
    amount: &'static str,
    is_net: bool,
    records: Arc<Vec<Record>>,
    sort: Option<Sort>,
    /// The order that was found last.
    ordered: Option<Arc<Ordered>>,
    /// The order that is decided elsewhere.
    queue: Option<Vec<u32>>,
    today: NaiveDate,
    typed: String,
    haystack: Option<Arc<Haystack>>,
    all: (Sums, usize),
}

/// Two jobs are the same if they arrange the same rows the same way.
impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && Arc::ptr_eq(&self.records, &other.records)
    }
}

impl Eq for Job {}

#[derive(Debug, Clone)]
pub struct Arrangement {
    generation: u64,
    epoch: u64,
    /// Records that were there when it was asked for.
    covered: usize,
    shown: Vec<u32>,
    sums: Sums,
    without_amount: usize,
    haystack: Option<Arc<Haystack>>,
    ordered: Option<Arc<Ordered>>,
}

impl Job {
    /// All records as they are to be sorted, if they are.
    fn ordered(&self) -> Option<Arc<Ordered>> {
        let (sort, epoch, today) = (self.sort?, self.epoch, self.today);
        let is_current = |known: &&Arc<Ordered>| {
            (known.epoch, known.sort, known.today) == (epoch, sort, today)
                && known.places.len() == self.records.len()
        };
        if let Some(known) = self.ordered.as_ref().filter(is_current) {
            return Some(Arc::clone(known));
        }
        let places = order(self.spec, &self.records, sort, today);
        Some(Arc::new(Ordered { epoch, sort, today, places }))
    }

    pub fn run(self) -> Arrangement {
        let needle = Needle::new(&self.typed);
        let ordered = if self.queue.is_none() { self.ordered() } else { None };
        let haystack = match self.haystack {
            None if !needle.is_empty() => Some(Arc::new(Haystack::new(self.spec, &self.records))),
            known => known,
        };
        let count = self.records.len();
        let found = haystack.as_ref().filter(|_| !needle.is_empty()).map(|hay| hay.find(&needle));
        let sums_of = |places: &[u32]| {
            let rows = places.iter().filter_map(|at| self.records.get(*at as usize));
            summed(self.is_net, rows, self.amount)
        };
        // In the order of the records: to go through them in another one takes much longer.
        let known = match &found {
            _ if self.queue.is_some() => None,
            Some(found) if found.len() < count => Some(sums_of(found)),
            _ => Some(self.all),
        };
        let sorted = || ordered.as_ref().map(|ordered| ordered.places.clone());
        let shown = match (self.queue.or_else(sorted), found) {
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
        let (sums, without_amount) = known.unwrap_or_else(|| sums_of(&shown));
        let (generation, epoch, covered) = (self.generation, self.epoch, count);
        Arrangement { generation, epoch, covered, shown, sums, without_amount, haystack, ordered }
    }
}

fn summed<'a>(
    is_net: bool,
    records: impl Iterator<Item = &'a Record> + Clone,
    amount: &str,
) -> (Sums, usize) {
    if is_net { record::net_sums(records, amount) } else { record::sums(records, amount) }
}

impl Table {
    /// The sums of these records, and how many of them have no amount.
    pub fn summed<'a>(&self, records: impl Iterator<Item = &'a Record> + Clone) -> (Sums, usize) {
        summed(self.is_net, records, self.amount)
    }

    fn job(&self) -> Job {
        Job {
            generation: self.generation,
            epoch: self.epoch,
            spec: self.spec,
            amount: self.amount,
            is_net: self.is_net,
            records: Arc::clone(&self.records),
            sort: self.sort,
            ordered: self.ordered.clone(),
            queue: self.queue.as_ref().map(|queue| self.queued(queue)),
            today: self.today,
            typed: self.typed.clone(),
            haystack: self.haystack.clone(),
            all: self.all.clone(),
        }
    }

    /// The work to do in the background; with `is_growing`, only what the user asked for. One job at
    /// a time.
    pub fn take_job(&mut self, is_growing: bool) -> Option<Job> {
        let is_due = match self.due {
            Due::Now => true,
            Due::Later => !is_growing,
            Due::Nothing => false,
        };
        if !is_due || self.is_arranging {
            return None;
        }
        self.due = Due::Nothing;
        self.is_arranging = true;
        Some(self.job())
    }

    /// Takes the result of a job, `None` if it panicked. Returns `true` unless a newer one was asked for.
    pub fn accept(&mut self, arrangement: Option<Arrangement>) -> bool {
        self.is_arranging = false;
        let Some(arrangement) = arrangement else { return false };
        let is_wanted = arrangement.generation == self.generation;
        if is_wanted {
            self.keeping_place(|table| table.show(arrangement));
        } else if arrangement.epoch == self.epoch && self.haystack.is_none() {
            // What was made searchable serves the next wish too.
            self.take_haystack(arrangement.haystack);
        }
        is_wanted
    }

    /// Takes rows that were made searchable, and adds those loaded since.
    fn take_haystack(&mut self, made: Option<Arc<Haystack>>) {
        let Some(mut haystack) = made else { return };
        let later = self.records.get(haystack.len()..).unwrap_or_default();
        if !later.is_empty() {
            Arc::make_mut(&mut haystack).extend(self.spec, later);
        }
        self.haystack = Some(haystack);
    }

    /// Arranges the rows as they are wanted now, at once where they are few.
    pub fn arrange(&mut self) {
        self.generation += 1;
        let is_light = self.sort.is_none() && self.queue.is_none() && !self.is_narrowed();
        if is_light || self.records.len() <= AT_ONCE {
            self.due = Due::Nothing;
            let arrangement = self.job().run();
            self.keeping_place(|table| table.show(arrangement));
        } else {
            self.due = Due::Now;
        }
    }

    /// Adds the records from this one on to the sums of all.
    pub fn add_up(&mut self, first: usize) {
        let added = self.records.get(first..).unwrap_or_default();
        let (sums, without) = self.summed(added.iter());
        self.all.0.merge(&sums);
        self.all.1 += without;
    }

    fn show(&mut self, arrangement: Arrangement) {
        self.shown = arrangement.shown;
        self.sums = arrangement.sums;
        self.without_amount = arrangement.without_amount;
        self.ordered = arrangement.ordered;
        self.take_haystack(arrangement.haystack);
        self.show_from(arrangement.covered);
    }

    fn show_from(&mut self, first: usize) {
        // Whoever decides on the order decides on them too.
        if first >= self.records.len() || self.queue.is_some() {
            return;
        }
        let needle = Needle::new(&self.typed);
        let added: Vec<u32> = match &self.haystack {
            // They are shown with the arrangement that is being made.
            None if !needle.is_empty() => return,
            Some(haystack) if !needle.is_empty() => haystack.find_from(first, &needle),
            _ => (0..).take(self.records.len()).skip(first).collect(),
        };
        let rows = added.iter().filter_map(|at| self.records.get(*at as usize));
        let (sums, without) = self.summed(rows);
        self.sums.merge(&sums);
        self.without_amount += without;
        self.shown.extend(added);
        if self.sort.is_some() && self.due == Due::Nothing {
            self.due = Due::Later;
        }
    }

    /// Shows records that were added behind the others: where they are sorted and few, in their
    /// place.
    pub fn arrange_added(&mut self, first: usize) {
        self.add_up(first);
        let is_ordered = self.sort.is_some() || self.queue.is_some();
        if is_ordered && self.records.len() <= AT_ONCE {
            self.arrange();
        } else {
            self.show_from(first);
        }
    }

    /// Changes what is shown and puts the cursor back on its record, or stays at the top.
    fn keeping_place(&mut self, change: impl FnOnce(&mut Self)) {
        let selected = self.selected_identity();
        let (row, on_screen) = (self.cursor, self.cursor - self.top);
        let is_first_wanted = std::mem::take(&mut self.wants_first) && row == 0;
        change(self);
        if is_first_wanted {
            self.top = 0;
        } else {
            self.return_to(selected, row, on_screen);
        }
    }
}

#[cfg(test)]
mod tests;
