//! How the cursor and the window move over the rows that are shown.

use crate::tui::component::table::Table;
use crate::tui::keymap::Step;

impl Table {
    pub fn step(&mut self, step: Step, height: usize) {
        let page = height.max(1);
        let half = (height / 2).max(1);
        let last = self.shown.len().saturating_sub(1);
        self.cursor = match step {
            Step::Down => self.cursor + 1,
            Step::Up => self.cursor.saturating_sub(1),
            Step::HalfDown => self.cursor + half,
            Step::HalfUp => self.cursor.saturating_sub(half),
            Step::PageDown => self.cursor + page,
            Step::PageUp => self.cursor.saturating_sub(page),
            Step::First => 0,
            Step::Last => last,
        }
        .min(last);
        // A page moves the window as a whole, so that the eye finds the cursor where it was.
        self.top = match step {
            Step::PageDown => self.top + page,
            Step::HalfDown => self.top + half,
            Step::PageUp => self.top.saturating_sub(page),
            Step::HalfUp => self.top.saturating_sub(half),
            _ => self.top,
        };
        self.settle(height);
    }

    pub fn step_column(&mut self, is_right: bool) {
        let last = self.columns.len().saturating_sub(1);
        self.column =
            if is_right { self.column + 1 } else { self.column.saturating_sub(1) }.min(last);
    }

    /// Keeps the cursor inside a window of `height` rows, and the window inside the table.
    pub fn settle(&mut self, height: usize) {
        let height = height.max(1);
        let lowest_top = self.shown.len().saturating_sub(height);
        let least = (self.cursor + 1).saturating_sub(height);
        self.top = self.top.min(lowest_top).clamp(least, self.cursor.max(least));
    }
}
