//! What stands in the cells of a row: letters, their width, and whether terminals agree on it.
//!
//! Terminals, tmux and the Unicode tables disagree about the width of letters with marks (Devanagari,
//! Tamil, Thai, joined emoji). Where they do, the rest of the line lands in the wrong cells, and
//! what is left there stays. So such a cell is drawn on blanked ground, and the cells behind it are
//! drawn anew at places of their own.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr;

/// The first of the pictographs, whose width older terminals take for one cell.
const PICTOGRAPHS: char = '\u{1F000}';

/// Leaves no half of a wide letter: where something was drawn over its second cell, or the screen
/// ends there, its first one is blanked too. What its second cell holds is never seen, and is always
/// the same. The difference of two such frames is never ambiguous.
pub fn whole_letters(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut at = 0;
        while let Some((cell, behind)) = row.get_mut(at..).and_then(<[Cell]>::split_first_mut) {
            at += 1;
            // Nearly all cells.
            if cell.symbol().len() == 1 {
                continue;
            }
            let hidden = usize::from(width(cell)) - 1;
            let below = behind
                .get_mut(..hidden)
                .filter(|below| below.iter().all(|cell| matches!(cell.symbol(), " " | "")));
            match below {
                Some(below) => {
                    below.iter_mut().for_each(Cell::reset);
                    at += hidden;
                }
                None => {
                    cell.set_symbol(" ");
                }
            }
        }
    }
}

/// Cells that a letter takes, at least one.
pub(super) fn width(cell: &Cell) -> u16 {
    if cell.symbol().len() == 1 {
        return 1;
    }
    u16::try_from(cell.symbol().width()).unwrap_or(1).max(1)
}

/// Whether terminals may disagree about the width of what stands in a cell.
pub(super) fn is_contested(cell: &Cell) -> bool {
    if cell.symbol().len() == 1 {
        return false;
    }
    let mut chars = cell.symbol().chars();
    let first = chars.next();
    chars.next().is_some() || first.is_some_and(|c| !c.is_ascii() && cell.symbol().width() == 0)
}

/// Whether the cursor is known to stand behind what was written.
pub(super) fn is_sure(cell: &Cell) -> bool {
    cell.symbol().len() < 4 || cell.symbol().chars().all(|c| c < PICTOGRAPHS)
}

/// Columns behind a cell that a terminal may have drawn on: those of its characters, each by itself.
pub(super) fn reach(cell: &Cell) -> u16 {
    if !is_contested(cell) {
        return width(cell);
    }
    let chars = u16::try_from(cell.symbol().chars().count()).unwrap_or(u16::MAX);
    (2 * chars.min(16)).max(width(cell) + 1)
}

/// The letters of a row, one entry a column: nothing where the second half of a wide one stands.
pub(super) fn letters(row: &[Cell]) -> Vec<Option<&Cell>> {
    let mut hidden = 0;
    let each = row.iter().map(|cell| {
        if hidden > 0 {
            hidden -= 1;
            return None;
        }
        hidden = width(cell) - 1;
        Some(cell)
    });
    each.collect()
}
