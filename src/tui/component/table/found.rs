//! The searches that narrow a table: the one being typed, and the kept ones.

use crate::search::Needle;
use crate::tui::component::table::{SearchLine, Table};

/// Kept searches; each has a chip.
const MOST_FOUND: usize = 9;

impl Table {
    pub fn is_narrowed(&self) -> bool {
        !self.options.found.is_empty() || !Needle::new(&self.options.typed).is_empty()
    }

    /// The kept searches.
    pub fn found(&self) -> &[String] {
        &self.options.found
    }

    /// A search may be typed now: the rows are made searchable in the background, before the first
    /// key.
    pub fn begin_search(&mut self) {
        self.search = SearchLine::Open;
        if self.haystack.is_none() {
            self.arrange();
        }
    }

    pub(super) fn is_searching(&self) -> bool {
        self.search == SearchLine::Open
    }

    pub fn end_search(&mut self) {
        self.search = SearchLine::Closed;
        if !self.is_narrowed() {
            self.haystack = None;
        }
    }

    /// Shows the rows that match what is typed; an empty text shows all rows again. The cursor
    /// moves to the match nearest to where the search began, or back there.
    pub fn narrow(&mut self, typed: &str) {
        let here = self.anchor();
        self.origin.get_or_insert(here);
        typed.clone_into(&mut self.options.typed);
        self.wants_first = false;
        self.arrange();
    }

    /// Keeps the search that is typed. If there are too many, the oldest one is dropped.
    pub fn keep_found(&mut self) {
        let typed = std::mem::take(&mut self.options.typed).trim().to_owned();
        let is_new = !Needle::new(&typed).is_empty() && !self.options.found.contains(&typed);
        let mut found = self.options.found.clone();
        found.extend(is_new.then_some(typed));
        let extra = found.len().saturating_sub(MOST_FOUND);
        self.set_found(found.split_off(extra));
    }

    pub fn set_found(&mut self, found: Vec<String>) {
        self.options.found = found;
        self.wants_first = false;
        self.arrange();
    }

    /// Ends the last search. Returns it if there was one.
    pub fn drop_found(&mut self) -> Option<String> {
        let mut found = self.options.found.clone();
        let last = found.pop()?;
        self.set_found(found);
        Some(last)
    }

    /// The row of the first shown record at or after this one, else of the last one before it.
    /// `None` if the record is not in the table.
    pub(super) fn nearest_shown(&self, identity: u64) -> Option<usize> {
        let here = self.identities.iter().position(|it| *it == identity)?;
        let here = u32::try_from(here).ok()?;
        let before = match (&self.options.queue, &self.ordered) {
            (Some(queue), _) => self.shown_before(here, self.positions_of(queue).into_iter()),
            (None, Some(ordered)) => self.shown_before(here, ordered.positions()),
            (None, None) => Some(self.shown.partition_point(|at| *at < here)),
        };
        before.map(|row| row.min(self.shown.len().saturating_sub(1)))
    }

    /// How many of the rows before this one, in `order`, are shown. Shown rows have the same order.
    fn shown_before(&self, here: u32, order: impl Iterator<Item = u32>) -> Option<usize> {
        let mut before = 0;
        for at in order {
            if at == here {
                return Some(before);
            }
            before += usize::from(self.shown.get(before) == Some(&at));
        }
        None
    }
}

#[cfg(test)]
mod tests;
