//! Finds rows that moved together, which the terminal can scroll.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use ratatui::buffer::{Buffer, Cell};

/// Rows that must differ before a move is searched for.
const WORTH_LOOKING: usize = 4;
/// Cells that a move must save: its escape sequences are about as many bytes.
const WORTH_MOVING: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The rows that scroll; content that leaves them is lost.
    pub rows: RangeInclusive<usize>,
    /// Rows up; negative for down.
    pub up: isize,
}

impl Moved {
    pub fn apply(&self, buffer: &mut Buffer) {
        let columns = usize::from(buffer.area.width);
        let (top, bottom) = (self.rows.start() * columns, (self.rows.end() + 1) * columns);
        let part = buffer.content.get_mut(top..bottom).unwrap_or_default();
        let shift = (self.up.unsigned_abs() * columns).min(part.len());
        let kept = part.len() - shift;
        let blanked = if self.up > 0 {
            part.rotate_left(shift);
            part.get_mut(kept..)
        } else {
            part.rotate_right(shift);
            part.get_mut(..shift)
        };
        blanked.unwrap_or_default().iter_mut().for_each(Cell::reset);
    }
}

/// The best move, if one is worth it. Rows that are not `touched` are the same in both.
pub fn find(before: &Buffer, after: &Buffer, touched: &[bool]) -> Option<Moved> {
    if touched.iter().filter(|touched| **touched).count() < WORTH_LOOKING {
        return None;
    }
    let columns = usize::from(before.area.width).max(1);
    let before: Vec<&[Cell]> = before.content.chunks(columns).collect();
    let after: Vec<&[Cell]> = after.content.chunks(columns).collect();
    let each = before.iter().zip(&after).zip(touched).enumerate();
    let differing = each.filter(|(_, ((a, b), is_touched))| **is_touched && a != b);
    let changed: Vec<usize> = differing.map(|(y, _)| y).collect();
    if changed.len() < WORTH_LOOKING {
        return None;
    }
    let blank = vec![Cell::EMPTY; columns];
    let (up, found) = most_common_move(&before, &after, &changed, &blank)?;
    let source = |y: usize| y.checked_add_signed(up);
    // Cells to write in row `y` if the terminal shows another row there, or a blank one.
    let cost = |y: usize, shown: Option<usize>| {
        let shown = shown.and_then(|y| before.get(y).copied()).unwrap_or(&blank);
        after.get(y).map_or(0, |target| target.iter().zip(shown).filter(|(a, b)| a != b).count())
    };
    // A row that is nearly the same, such as the one that the cursor left, moves with its
    // neighbors.
    let is_nearer = |y: &usize| {
        source(*y).is_some_and(|source| source < before.len())
            && 2 * cost(*y, source(*y)) < cost(*y, Some(*y))
    };
    let (first, last) = (*found.first()?, *found.last()?);
    let first = first - (0..first).rev().take_while(is_nearer).count();
    let last = last + (last + 1..after.len()).take_while(is_nearer).count();
    let rows = first.min(source(first)?)..=last.max(source(last)?);
    let moved = |y: usize| cost(y, source(y).filter(|source| rows.contains(source)));
    let with: usize = rows.clone().map(moved).sum();
    let without: usize = rows.clone().map(|y| cost(y, Some(y))).sum();
    (with + WORTH_MOVING < without).then_some(Moved { rows, up })
}

/// By how many rows most rows moved up, and the new positions of these rows.
fn most_common_move(
    before: &[&[Cell]],
    after: &[&[Cell]],
    changed: &[usize],
    blank: &[Cell],
) -> Option<(isize, Vec<usize>)> {
    let mut sources: HashMap<u64, Vec<usize>> = HashMap::new();
    for (y, row) in before.iter().enumerate() {
        sources.entry(fingerprint(row)).or_default().push(y);
    }
    sources.remove(&fingerprint(blank));
    let mut moves: HashMap<isize, Vec<usize>> = HashMap::new();
    for y in changed {
        let from = after.get(*y).and_then(|row| sources.get(&fingerprint(row)));
        for source in from.into_iter().flatten().filter(|source| *source != y) {
            moves.entry(source.wrapping_sub(*y).cast_signed()).or_default().push(*y);
        }
    }
    // The smaller move of equals, so that the same frames always write the same bytes.
    moves.into_iter().max_by_key(|(up, rows)| (rows.len(), -up.abs(), *up))
}

/// A hash of the letters of a row. A collision only costs time.
fn fingerprint(row: &[Cell]) -> u64 {
    let letters = row.iter().flat_map(|cell| cell.symbol().bytes());
    letters.fold(0, |print: u64, byte| {
        (print.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95)
    })
}
