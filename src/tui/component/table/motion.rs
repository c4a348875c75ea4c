//! Moves the cursor over the shown rows, and applies an order decided elsewhere.

use std::collections::HashMap;

use crate::tui::component::table::Table;
use crate::tui::keymap::Step;

impl Table {
    pub fn step(&mut self, step: Step, height: usize) {
        self.scroll.step(step, self.shown.len(), height);
    }

    pub fn step_column(&mut self, is_right: bool) {
        let last = self.columns.len().saturating_sub(1);
        self.column =
            if is_right { self.column + 1 } else { self.column.saturating_sub(1) }.min(last);
    }

    pub fn settle(&mut self, height: usize) {
        self.scroll.settle(self.shown.len(), height);
    }

    pub fn go_to_row(&mut self, row: usize) {
        self.scroll.cursor = row.min(self.shown.len().saturating_sub(1));
    }

    /// Returns `true` if the record is shown.
    pub fn go_to_index(&mut self, index: usize) -> bool {
        let found = self.shown.iter().position(|at| *at as usize == index);
        self.scroll.cursor = found.unwrap_or(self.scroll.cursor);
        found.is_some()
    }

    /// The position in the server's order, from 0.
    pub fn index(&self, row: usize) -> Option<usize> {
        self.shown.get(row).map(|index| *index as usize)
    }

    /// Marks exactly these rows, and moves to the first of them.
    pub fn select_rows(&mut self, indexes: &[usize]) {
        self.marks.clear();
        self.marks.extend(indexes.iter().filter_map(|index| self.identities.get(*index)));
        if indexes.first().is_some_and(|first| self.go_to_index(*first)) {
            self.settle(1);
        }
    }

    /// Shows only these indexes (in the server's order), in this order; `None` shows all rows
    /// again.
    pub fn set_queue(&mut self, indexes: Option<&[usize]>) {
        let identities = |indexes: &[usize]| {
            indexes.iter().filter_map(|index| self.identities.get(*index)).copied().collect()
        };
        self.options.queue = indexes.map(identities);
        let was_at_top = self.scroll.top == 0;
        self.wants_first = false;
        self.arrange();
        // If the first row was visible, the new first row is, too.
        if was_at_top {
            self.scroll.top = 0;
        }
    }

    pub fn positions_of(&self, queue: &[u64]) -> Vec<u32> {
        let positions: HashMap<u64, u32> = self.identities.iter().copied().zip(0..).collect();
        queue.iter().filter_map(|identity| positions.get(identity)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Spec;
    use crate::list::record::Record;

    #[test]
    fn a_queue_orders_and_hides_rows_and_lives_through_a_refresh() {
        let spec = Spec::named("penalties").unwrap();
        let row = |id: &str| Record::read(spec, &format!(r#"{{"id":"{id}","amount":1}}"#));
        let ids = |table: &Table| -> String {
            let id = |row| table.row(row).unwrap().text("id").unwrap().shown().into_owned();
            (0..table.len()).map(id).collect()
        };
        let mut table = Table::new(spec);
        table.extend(["a", "b", "c", "d"].map(row).into());
        table.set_queue(Some(&[3, 0, 2]));
        assert_eq!((ids(&table).as_str(), table.cursor()), ("dac", 1), "the cursor stays on a");
        assert!(table.go_to_index(2) && !table.go_to_index(1));
        let before = table.records_version();
        table.replace([["x", "c", "d", "a"].map(row).into()]);
        assert_eq!((ids(&table).as_str(), table.cursor()), ("dac", 2));
        assert!(table.records_version() != before);
        assert_eq!(table.figures().open.sums.to_string(), "0.03");
        table.set_queue(None);
        assert_eq!(ids(&table), "xcda");
    }
}
