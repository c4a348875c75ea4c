//! The letters of a row, their width, and whether terminals agree on it.
//!
//! Terminals, tmux and the Unicode tables disagree about the width of letters with marks
//! (Devanagari, Tamil, Thai, joined emoji), new emoji and half-width marks. The rest of such a line
//! lands in the wrong cells and stays there. So a line that has such a letter, or had one, is
//! erased and written again, with a jump to the column after each such letter.

use ratatui::buffer::{Buffer, Cell, CellWidth};

use crate::tui::terminal::screen::pen::is_blank;

/// Blanks wide letters whose second cell was overwritten or is outside the screen. The second cell
/// of other wide letters is reset, so that equal frames have equal cells.
pub fn blank_split_wide_cells(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut at = 0;
        while let Some((cell, behind)) = row.get_mut(at..).and_then(<[Cell]>::split_first_mut) {
            at += 1;
            // The common case.
            if cell.symbol().len() == 1 {
                continue;
            }
            let hidden = usize::from(width(cell)) - 1;
            match behind.get_mut(..hidden).filter(|below| below.iter().all(is_blank)) {
                Some(below) => {
                    below.iter_mut().for_each(Cell::reset);
                    at += hidden;
                }
                None => _ = cell.set_symbol(" "),
            }
        }
    }
}

pub fn width(cell: &Cell) -> u16 {
    cell.cell_width().max(1)
}

/// Returns `true` if terminals may disagree about the width of a cell.
pub fn is_contested(cell: &Cell) -> bool {
    let mut letters = cell.symbol().chars();
    let (first, more) = (letters.next(), letters.next());
    more.is_some() || first.is_some_and(|letter| !letter.is_ascii() && !is_settled(letter))
}

/// Letters with the same width on every terminal: European and East Asian scripts, and the symbols
/// that valora draws. All others are contested: marks, joining letters, pictographs, and characters
/// that a newer Unicode has added or widened.
fn is_settled(letter: char) -> bool {
    matches!(letter,
        '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{370}'..='\u{377}' | '\u{37A}'..='\u{482}'
        | '\u{48A}'..='\u{52F}' | '\u{5D0}'..='\u{5EA}' | '\u{1E00}'..='\u{1FFE}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20A0}'..='\u{20C0}'
        | '\u{2100}'..='\u{2319}' | '\u{2400}'..='\u{2426}' | '\u{2460}'..='\u{25FC}'
        | '\u{2600}'..='\u{2603}' | '\u{2713}'..='\u{2718}' | '\u{3001}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{30FF}' | '\u{3105}'..='\u{312F}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFC}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{FF01}'..='\u{FF9D}' | '\u{FFFD}'
    )
}

/// One entry for each column; `None` for the second half of a wide letter.
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
