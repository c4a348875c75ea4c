//! A cursor and a scroll window over lines.

use crate::tui::keymap::Step;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scroll {
    pub cursor: usize,
    pub top: usize,
}

impl Scroll {
    pub fn step(&mut self, step: Step, lines: usize, height: usize) {
        let (page, half) = (height.max(1), (height / 2).max(1));
        let (cursor, top) = (self.cursor, self.top);
        (self.cursor, self.top) = match step {
            Step::Down => (cursor + 1, top),
            Step::Up => (cursor.saturating_sub(1), top),
            Step::HalfDown => (cursor + half, top + half),
            Step::HalfUp => (cursor.saturating_sub(half), top.saturating_sub(half)),
            Step::PageDown => (cursor + page, top + page),
            Step::PageUp => (cursor.saturating_sub(page), top.saturating_sub(page)),
            Step::First => (0, top),
            Step::Last => (usize::MAX, top),
        };
        self.settle(lines, height);
    }

    /// Scrolls a window without a cursor.
    pub fn step_window(top: &mut usize, step: Step, lines: usize, height: usize) {
        let mut scroll = Self { cursor: *top, top: *top };
        scroll.step(step, lines.saturating_sub(height) + 1, height);
        *top = scroll.cursor;
    }

    pub fn settle(&mut self, lines: usize, height: usize) {
        let height = height.max(1);
        self.cursor = self.cursor.min(lines.saturating_sub(1));
        let least = (self.cursor + 1).saturating_sub(height);
        let lowest = lines.saturating_sub(height);
        self.top = self.top.min(lowest).clamp(least, self.cursor.max(least));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_is_always_on_a_line_in_the_window(
            lines in 0usize..60, steps in proptest::collection::vec((0u8..8, 0usize..30), 1..60)
        ) {
            let all = [Step::Down, Step::Up, Step::HalfDown, Step::HalfUp, Step::PageDown,
                       Step::PageUp, Step::First, Step::Last];
            let mut scroll = Scroll::default();
            for (step, height) in steps {
                scroll.step(all[usize::from(step)], lines, height);
                prop_assert!(scroll.cursor < lines.max(1));
                prop_assert!(scroll.top <= scroll.cursor);
                prop_assert!(scroll.cursor < scroll.top + height.max(1));
            }
        }
    }
}
