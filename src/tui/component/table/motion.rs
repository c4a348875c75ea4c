//! How the cursor and the window move over the rows that are shown.

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

    /// Keeps the cursor inside a window of `height` rows, and the window inside the table.
    pub fn settle(&mut self, height: usize) {
        self.scroll.settle(self.shown.len(), height);
    }
}
