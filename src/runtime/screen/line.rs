//! One row of the terminal, from what stands there to what is to stand there.

use ratatui::buffer::Cell;

use super::glyph::{is_contested, is_sure, letters, reach, width};
use super::pen::{Look, Pen, is_blank};

/// Bytes that erasing a row first must save: it is one more thing that may be seen to happen.
const WORTH_ERASING: usize = 8;
/// Blank cells to write at the end of a row from which they are erased instead.
const ERASED_FROM: usize = 4;

/// Draws the row `y`, the shorter of two ways: only what differs, or on ground that is erased first.
pub(super) fn draw(pen: &mut Pen, y: u16, before: &[Cell], after: &[Cell]) {
    let (shown, wanted) = (letters(before), letters(after));
    let changed = changed(&shown, &wanted);
    let Some(first) = changed.iter().position(|is_changed| *is_changed) else { return };
    let mut patched = pen.aside();
    patch(&mut patched, y, &wanted, &changed);
    if patched.len() <= WORTH_ERASING {
        return pen.adopt(&patched);
    }
    let blank = Cell::EMPTY;
    let ground: Vec<Option<&Cell>> = shown
        .iter()
        .enumerate()
        .map(|(x, cell)| if x < first { *cell } else { Some(&blank) })
        .collect();
    let mut erased = pen.aside();
    erased.erase_from(column(first), y);
    patch(&mut erased, y, &wanted, &self::changed(&ground, &wanted));
    let is_worth_it = erased.len() + WORTH_ERASING < patched.len();
    pen.adopt(if is_worth_it { &erased } else { &patched });
}

fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

fn is_same(a: Option<&Cell>, b: Option<&Cell>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            let is_same_letter = a.symbol() == b.symbol() || is_blank(a) && is_blank(b);
            is_same_letter && Look::of(a) == Look::of(b)
        }
        (None, None) => true,
        _ => false,
    }
}

/// The columns that have to be drawn: those that differ, and those behind contested letters that
/// come or go.
fn changed(shown: &[Option<&Cell>], wanted: &[Option<&Cell>]) -> Vec<bool> {
    let mut unsure_until = 0;
    let each = shown.iter().zip(wanted).enumerate().map(|(x, (before, after))| {
        let is_changed = x < unsure_until || !is_same(*before, *after);
        if is_changed {
            for cell in [before, after].into_iter().flatten().filter(|cell| is_contested(cell)) {
                unsure_until = unsure_until.max(x + usize::from(reach(cell)));
            }
        }
        is_changed
    });
    each.collect()
}

/// Draws the changed columns from left to right.
fn patch(pen: &mut Pen, y: u16, wanted: &[Option<&Cell>], changed: &[bool]) {
    let is_plain = |cell: &Cell| is_blank(cell) && Look::of(cell) == Look::default();
    let written = wanted.iter().rposition(|cell| !cell.is_some_and(is_plain));
    let tail = written.map_or(0, |x| x + 1);
    let in_tail = changed.iter().skip(tail).filter(|is_changed| **is_changed).count();
    let last = column(wanted.len());
    for (x, (cell, _)) in wanted.iter().zip(changed).enumerate().filter(|(_, (_, is))| **is) {
        let Some(cell) = cell else { continue };
        // A wide letter whose second half was the last thing written ends before the tail.
        if x >= tail && in_tail >= ERASED_FROM {
            return pen.erase_from(column(x), y);
        }
        approach(pen, x, y, wanted);
        let cells = width(cell);
        if !is_contested(cell) {
            pen.letter(cell, cells, last);
            if !is_sure(cell) {
                pen.lose_place();
            }
            continue;
        }
        for _ in 0..cells {
            pen.letter(&Cell::EMPTY, 1, last);
        }
        pen.go_to(column(x), y);
        pen.letter(cell, cells, last);
        pen.lose_place();
    }
}

/// Goes to a column, through the cells between where writing them again is shorter than a jump.
fn approach(pen: &mut Pen, x: usize, y: u16, wanted: &[Option<&Cell>]) {
    let from = pen.place().filter(|place| place.1 == y).map(|place| usize::from(place.0));
    let gap = from.filter(|from| *from < x).and_then(|from| wanted.get(from..x));
    let jump = if gap.is_some_and(|gap| gap.len() < 10) { 4 } else { 5 };
    let is_short = |gap: &&[Option<&Cell>]| {
        let bytes: usize = gap.iter().flatten().map(|cell| cell.symbol().len().max(1)).sum();
        let is_writable = |cell: Option<&Cell>| {
            cell.is_some_and(|cell| {
                let is_certain = !is_contested(cell) && is_sure(cell) && width(cell) == 1;
                is_certain && pen.is_fit_for(cell)
            })
        };
        bytes <= jump && gap.iter().copied().all(is_writable)
    };
    match gap.filter(is_short) {
        Some(gap) => {
            for cell in gap.iter().flatten() {
                pen.letter(cell, 1, column(wanted.len()));
            }
        }
        None => pen.go_to(column(x), y),
    }
}
