//! What stands in the cells of a row: letters, their width, and whether terminals agree on it.
//!
//! Terminals, tmux and the Unicode tables disagree about the width of letters with marks (Devanagari,
//! Tamil, Thai, joined emoji), of new emoji, of half-width marks. Where they do, the rest of the line
//! lands in the wrong cells, and what is left there stays. So a line that holds such a letter, or held
//! one, is erased and written as a whole, each part behind such a letter at a column of its own.

use ratatui::buffer::{Buffer, Cell, CellWidth};

/// Letters that take the same cells on every terminal, by ranges in their order: those of European
/// and East Asian writing, and the signs that valora draws with. All else is contested: marks, letters
/// that join, pictographs, what a newer Unicode has added or made wide.
pub const SETTLED: [(char, char); 24] = [
    ('\u{A1}', '\u{AC}'),
    ('\u{AE}', '\u{2FF}'),
    ('\u{370}', '\u{377}'),
    ('\u{37A}', '\u{482}'),
    ('\u{48A}', '\u{52F}'),
    ('\u{5D0}', '\u{5EA}'),
    ('\u{1E00}', '\u{1FFE}'),
    ('\u{2010}', '\u{2027}'),
    ('\u{2030}', '\u{205E}'),
    ('\u{20A0}', '\u{20C0}'),
    ('\u{2100}', '\u{2319}'),
    ('\u{2400}', '\u{2426}'),
    ('\u{2460}', '\u{25FC}'),
    ('\u{2600}', '\u{2603}'),
    ('\u{2713}', '\u{2718}'),
    ('\u{3001}', '\u{3029}'),
    ('\u{3041}', '\u{3096}'),
    ('\u{309D}', '\u{30FF}'),
    ('\u{3105}', '\u{312F}'),
    ('\u{3400}', '\u{4DBF}'),
    ('\u{4E00}', '\u{9FFC}'),
    ('\u{AC00}', '\u{D7A3}'),
    ('\u{FF01}', '\u{FF9D}'),
    ('\u{FFFD}', '\u{FFFD}'),
];

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
pub fn width(cell: &Cell) -> u16 {
    cell.cell_width().max(1)
}

/// Whether terminals may disagree about the width of what stands in a cell.
pub fn is_contested(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    if symbol.is_ascii() {
        return symbol.len() > 1;
    }
    let mut letters = symbol.chars();
    let (first, more) = (letters.next(), letters.next());
    let settled = |letter: char| {
        let behind = SETTLED.partition_point(|(from, _)| *from <= letter);
        behind.checked_sub(1).and_then(|at| SETTLED.get(at)).is_some_and(|(_, to)| letter <= *to)
    };
    more.is_some() || !first.is_some_and(settled)
}

/// The letters of a row, one entry a column: nothing where the second half of a wide one stands.
pub fn letters(row: &[Cell]) -> Vec<Option<&Cell>> {
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
