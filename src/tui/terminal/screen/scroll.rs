//! Rows that moved as one: the terminal can move them by itself.

use std::collections::HashMap;

use ratatui::buffer::{Buffer, Cell};

/// Rows that differ from which it is worth looking for a move.
const WORTH_LOOKING: usize = 4;
/// Cells that a move must save: the sequences for it are about as many bytes.
const WORTH_MOVING: usize = 32;

/// Rows that move by so many, within others that are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The first row of the part that scrolls.
    pub top: u16,
    pub bottom: u16,
    /// Rows upwards; downwards where it is negative.
    pub up: i32,
}

impl Moved {
    /// Does to a buffer what the terminal does.
    pub fn apply(self, buffer: &mut Buffer) {
        let columns = usize::from(buffer.area.width);
        let (top, bottom) = (usize::from(self.top), usize::from(self.bottom) + 1);
        let part = buffer.content.get_mut(top * columns..bottom * columns).unwrap_or_default();
        let shift = (self.up.unsigned_abs() as usize * columns).min(part.len());
        let blanked = if self.up > 0 {
            part.rotate_left(shift);
            let kept = part.len() - shift;
            part.get_mut(kept..)
        } else {
            part.rotate_right(shift);
            part.get_mut(..shift)
        };
        blanked.unwrap_or_default().iter_mut().for_each(Cell::reset);
    }
}

/// The rows of two buffers of the same size.
struct Rows<'a> {
    before: Vec<&'a [Cell]>,
    after: Vec<&'a [Cell]>,
    blank: Vec<Cell>,
}

impl Rows<'_> {
    /// Cells that differ between the row `y` and what stands there after a move upwards.
    fn cost(&self, y: usize, up: i32) -> usize {
        let source = moved(y, up).and_then(|source| self.before.get(source));
        self.differing(y, source.copied().unwrap_or(&self.blank))
    }

    fn differing(&self, y: usize, stands: &[Cell]) -> usize {
        let wanted = self.after.get(y).copied().unwrap_or_default();
        wanted.iter().zip(stands).filter(|(a, b)| a != b).count()
    }
}

fn moved(y: usize, up: i32) -> Option<usize> {
    y.checked_add_signed(isize::try_from(up).ok()?)
}

/// The move that saves most, if one is worth it. Rows that are not `touched` are the same in both.
pub fn find(before: &Buffer, after: &Buffer, touched: &[bool]) -> Option<Moved> {
    if touched.iter().filter(|touched| **touched).count() < WORTH_LOOKING {
        return None;
    }
    let columns = usize::from(before.area.width).max(1);
    let rows = Rows {
        before: before.content.chunks(columns).collect(),
        after: after.content.chunks(columns).collect(),
        blank: vec![Cell::EMPTY; columns],
    };
    let is_touched = |y: &usize| touched.get(*y).is_some_and(|touched| *touched);
    let differs = |y: &usize| is_touched(y) && rows.before.get(*y) != rows.after.get(*y);
    let changed: Vec<usize> = (0..rows.after.len()).filter(differs).collect();
    if changed.len() < WORTH_LOOKING {
        return None;
    }
    let (up, found) = most_common_move(&rows, &changed)?;
    let (mut first, mut last) = (*found.first()?, *found.last()?);
    // A row that is nearly the same, such as the one that the cursor left, moves with its neighbours.
    let is_nearer = |y: usize| {
        moved(y, up).is_some_and(|source| source < rows.before.len())
            && 2 * rows.cost(y, up) < rows.cost(y, 0)
    };
    while first > 0 && is_nearer(first - 1) {
        first -= 1;
    }
    while last + 1 < rows.after.len() && is_nearer(last + 1) {
        last += 1;
    }
    let (top, bottom) = (first.min(moved(first, up)?), last.max(moved(last, up)?));
    let cost_of = |y: usize| {
        let is_filled = moved(y, up).is_some_and(|source| (top..=bottom).contains(&source));
        if is_filled { rows.cost(y, up) } else { rows.differing(y, &rows.blank) }
    };
    let with: usize = (top..=bottom).map(cost_of).sum();
    let without: usize = (top..=bottom).map(|y| rows.cost(y, 0)).sum();
    (with + WORTH_MOVING < without).then_some(Moved {
        top: u16::try_from(top).ok()?,
        bottom: u16::try_from(bottom).ok()?,
        up,
    })
}

/// By how many rows most rows moved upwards, and which rows these are now.
fn most_common_move(rows: &Rows<'_>, changed: &[usize]) -> Option<(i32, Vec<usize>)> {
    let mut sources: HashMap<u64, Vec<usize>> = HashMap::new();
    for (y, row) in rows.before.iter().enumerate() {
        sources.entry(fingerprint(row)).or_default().push(y);
    }
    let blank = fingerprint(&rows.blank);
    let mut moves: HashMap<i32, Vec<usize>> = HashMap::new();
    for y in changed {
        let row = rows.after.get(*y).copied().unwrap_or_default();
        let print = fingerprint(row);
        let Some(from) = sources.get(&print).filter(|_| print != blank) else { continue };
        for source in from {
            let (Ok(source), Ok(here)) = (i32::try_from(*source), i32::try_from(*y)) else {
                continue;
            };
            if source != here {
                moves.entry(source - here).or_default().push(*y);
            }
        }
    }
    // The smaller move among equals, so that the same frames always give the same bytes.
    moves.into_iter().max_by_key(|(up, rows)| (rows.len(), -up.abs(), *up))
}

/// The letters of a row as one number. Two rows that share it by chance cost a look, and no more.
fn fingerprint(row: &[Cell]) -> u64 {
    let letters = row.iter().flat_map(|cell| cell.symbol().bytes());
    letters.fold(0, |print: u64, byte| {
        (print.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95)
    })
}
