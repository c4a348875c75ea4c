//! Lines of cells as aligned columns. No cell is cut: one wider than its column shifts its line.

use unicode_width::UnicodeWidthStr;

const GAP: &str = "  ";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

pub(super) struct Columns(Vec<(usize, Side)>);

impl Columns {
    pub(super) fn new(sides: impl IntoIterator<Item = Side>) -> Self {
        Self(sides.into_iter().map(|side| (0, side)).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn fit(&mut self, cells: &[String]) {
        for ((width, _), cell) in self.0.iter_mut().zip(cells) {
            *width = cell.width().max(*width);
        }
    }

    pub(super) fn line(&self, cells: &[String]) -> String {
        let mut text = String::new();
        for (cell, (width, side)) in cells.iter().zip(&self.0) {
            let blank = " ".repeat(width.saturating_sub(cell.width()));
            match side {
                Side::Left => text.extend([cell, blank.as_str(), GAP]),
                Side::Right => text.extend([blank.as_str(), cell, GAP]),
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}
