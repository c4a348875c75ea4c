//! A terminal on which no text shifts what stands beside it.
//!
//! Terminals, tmux and the Unicode tables disagree about the width of letters with marks (Devanagari,
//! Tamil, Thai, joined emoji). Where they do, the rest of the line lands in the wrong cells, and
//! what is left there stays. So such a cell is drawn on blanked ground, and the cells behind it are
//! drawn anew at places of their own.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use unicode_width::UnicodeWidthStr;

/// Columns and rows that are drawn at most: a terminal that claims more would cost gigabytes.
const LARGEST: (u16, u16) = (1_000, 500);

/// The part of a terminal of this size that is drawn on.
#[must_use]
pub fn drawn(size: (u16, u16)) -> (u16, u16) {
    (size.0.min(LARGEST.0), size.1.min(LARGEST.1))
}

/// Leaves no half of a wide letter: where something was drawn over its second cell, or the screen
/// ends there, its first one is blanked too. The difference of two such frames is never ambiguous.
pub fn whole_letters(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut at = 0;
        while let Some((cell, behind)) = row.get_mut(at..).and_then(<[Cell]>::split_first_mut) {
            let hidden = usize::from(width(cell)) - 1;
            let is_whole = behind
                .get(..hidden)
                .is_some_and(|below| below.iter().all(|cell| matches!(cell.symbol(), " " | "")));
            if is_whole {
                at += hidden;
            } else {
                cell.set_symbol(" ");
            }
            at += 1;
        }
    }
}

/// Draws on another terminal.
#[derive(Debug)]
pub struct Steady<B> {
    inner: B,
    /// What stands on the screen.
    screen: Buffer,
}

impl<B: Backend> Steady<B> {
    /// Draws on `inner`, which is taken to be blank and to have this many columns and rows.
    pub fn new(inner: B, size: (u16, u16)) -> Self {
        let size = drawn(size);
        Self { inner, screen: Buffer::empty(Rect::new(0, 0, size.0, size.1)) }
    }

    /// Nothing is on the screen any more, and its size may be another.
    fn forget(&mut self) {
        let area = self.size().map(|size| Rect::new(0, 0, size.width, size.height));
        self.screen = Buffer::empty(area.unwrap_or(self.screen.area));
    }
}

/// Whether terminals may disagree about the width of what stands in a cell.
fn is_contested(cell: &Cell) -> bool {
    let mut chars = cell.symbol().chars();
    let first = chars.next();
    chars.next().is_some() || first.is_some_and(|c| !c.is_ascii() && cell.symbol().width() == 0)
}

/// Columns behind a cell that a terminal may have drawn on: those of its characters, each by itself.
fn reach(cell: &Cell) -> u16 {
    if !is_contested(cell) {
        return width(cell);
    }
    let chars = u16::try_from(cell.symbol().chars().count()).unwrap_or(u16::MAX);
    (2 * chars.min(16)).max(width(cell) + 1)
}

fn width(cell: &Cell) -> u16 {
    if cell.symbol().len() == 1 {
        return 1;
    }
    u16::try_from(cell.symbol().width()).unwrap_or(1).max(1)
}

impl<B: Backend> Steady<B> {
    /// Takes a cell into the copy of the screen; gives the columns that have to be drawn for it.
    fn note(&mut self, x: u16, y: u16, cell: &Cell) -> std::ops::Range<u16> {
        let mut until = x.saturating_add(1);
        if let Some(before) = self.screen.cell_mut((x, y)) {
            if is_contested(before) {
                until = x.saturating_add(reach(before));
            }
            before.clone_from(cell);
        }
        // What stood below the second half of a wide letter is gone.
        for behind in x.saturating_add(1)..x.saturating_add(width(cell)) {
            let Some(hidden) = self.screen.cell_mut((behind, y)) else { continue };
            if is_contested(hidden) {
                until = until.max(behind.saturating_add(reach(hidden)));
            }
            hidden.reset();
        }
        x..until.min(self.screen.area.width)
    }

    /// Draws these columns of one line, and those behind contested cells.
    fn draw_line(&mut self, y: u16, columns: &BTreeSet<u16>) -> Result<(), B::Error> {
        let mut plain: Vec<(u16, u16, &Cell)> = Vec::new();
        let mut unsure_until = 0;
        let mut hidden_until = 0;
        let first = columns.first().copied().unwrap_or(0);
        for x in first..self.screen.area.width {
            if x < hidden_until || !(columns.contains(&x) || x < unsure_until) {
                continue;
            }
            let Some(cell) = self.screen.cell((x, y)) else { break };
            hidden_until = x.saturating_add(width(cell));
            if !is_contested(cell) {
                plain.push((x, y, cell));
                continue;
            }
            self.inner.draw(plain.drain(..))?;
            let blank = Cell::EMPTY;
            self.inner.draw((x..hidden_until).map(|x| (x, y, &blank)))?;
            self.inner.draw(std::iter::once((x, y, cell)))?;
            unsure_until = unsure_until.max(x.saturating_add(reach(cell)));
        }
        self.inner.draw(plain.into_iter())
    }
}

impl<B: Backend> Backend for Steady<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut lines: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
        for (x, y, cell) in content {
            let columns = self.note(x, y, cell);
            lines.entry(y).or_default().extend(columns);
        }
        for (y, columns) in lines {
            self.draw_line(y, &columns)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Self::Error> {
        self.forget();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        let size = self.inner.size()?;
        let (width, height) = drawn((size.width, size.height));
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::backend::CrosstermBackend;
    use ratatui::style::Style;

    const TEXTS: [&str; 6] = ["விஜய் குமார்", "प्रिया वर्मा", "ณัฐพร ศรีสุข", "👩‍👩‍👧‍🏳️‍🌈", "李小龍", "plain"];

    fn frame(parts: &[(u16, usize)]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 1));
        for (x, text) in parts {
            let text = TEXTS[text % TEXTS.len()];
            buffer.set_stringn(*x, 0, text, usize::from(60 - x), Style::new());
        }
        whole_letters(&mut buffer);
        buffer
    }

    /// What a terminal shows that takes every character by itself, as some do, after these frames.
    fn shown(frames: &[Buffer]) -> String {
        let mut terminal = vt100::Parser::new(1.try_into().unwrap(), 60.try_into().unwrap(), 0);
        let mut before = Buffer::empty(Rect::new(0, 0, 60, 1));
        let mut bytes = Vec::new();
        let mut backend = Steady::new(CrosstermBackend::new(&mut bytes), (60, 1));
        for frame in frames {
            backend.draw(before.diff(frame).into_iter()).unwrap();
            before = frame.clone();
        }
        drop(backend);
        terminal.process(&bytes);
        terminal.screen().contents().trim_end().to_owned()
    }

    #[test]
    fn a_terminal_that_claims_to_be_enormous_is_drawn_in_part() {
        let steady = Steady::new(ratatui::backend::TestBackend::new(9, 9), (60_000, 60_000));
        assert_eq!((steady.screen.area.width, steady.screen.area.height), LARGEST);
        assert_eq!(drawn((80, 24)), (80, 24));
    }

    #[test]
    fn a_popup_over_half_a_wide_letter_has_its_border() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
        buffer.set_string(0, 0, "李小龍", Style::new());
        buffer.set_string(3, 0, "│", Style::new());
        buffer.set_string(8, 0, "李", Style::new());
        whole_letters(&mut buffer);
        let symbols: Vec<_> = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(symbols, ["李", " ", " ", "│", "龍", " ", " ", " ", " "]);
    }

    proptest! {
        #[test]
        fn nothing_is_left_of_an_earlier_frame(
            earlier in proptest::collection::vec((0u16..50, 0usize..6), 0..3),
            later in proptest::collection::vec((0u16..50, 0usize..6), 0..3),
        ) {
            let (earlier, later) = (frame(&earlier), frame(&later));
            let blank = frame(&[]);
            prop_assert_eq!(shown(&[earlier.clone(), blank.clone()]), shown(&[blank]));
            prop_assert_eq!(shown(&[earlier, later.clone()]), shown(&[later]));
        }
    }
}
