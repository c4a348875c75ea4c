//! Updates one row of the terminal.

use ratatui::buffer::Cell;

use crate::tui::terminal::screen::glyph::{is_contested, letters, width};
use crate::tui::terminal::screen::pen::{Look, Pen, is_blank, letter_of};

/// Bytes that erasing a row must save to be worth it, since it may flicker.
const WORTH_ERASING: usize = 8;
/// From this many blank cells at the end of a row, they are erased instead of written.
const ERASED_FROM: usize = 4;

/// Draws row `y` in the shorter way: only what differs, or everything on an erased row.
pub fn draw(pen: &mut Pen, y: u16, before: &[Cell], after: &[Cell]) {
    let (shown, target) = (letters(before), letters(after));
    let changed = changed(&shown, &target);
    let Some(first) = changed.iter().position(|is_changed| *is_changed) else { return };
    if shown.iter().chain(&target).flatten().any(|cell| is_contested(cell)) {
        return draw_on_erased(pen, (0, y), &shown, &target);
    }
    let mut patched = pen.aside();
    patch(&mut patched, y, &target, &changed);
    if patched.bytes.len() <= WORTH_ERASING {
        return pen.adopt(&patched);
    }
    let mut erased = pen.aside();
    draw_on_erased(&mut erased, (first, y), &shown, &target);
    let is_worth_it = erased.bytes.len() + WORTH_ERASING < patched.bytes.len();
    pen.adopt(if is_worth_it { &erased } else { &patched });
}

fn draw_on_erased(
    pen: &mut Pen,
    (first, y): (usize, u16),
    shown: &[Option<&Cell>],
    target: &[Option<&Cell>],
) {
    let blank = Cell::EMPTY;
    let kept = shown.iter().take(first).copied();
    let erased = shown.iter().skip(first).map(|_| Some(&blank));
    let ground: Vec<Option<&Cell>> = kept.chain(erased).collect();
    pen.erase_from(column(first), y);
    patch(pen, y, target, &changed(&ground, target));
}

fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

fn changed(shown: &[Option<&Cell>], target: &[Option<&Cell>]) -> Vec<bool> {
    fn seen(cell: &Cell) -> (&str, Look) {
        (letter_of(cell), Look::of(cell))
    }
    shown.iter().zip(target).map(|(a, b)| a.map(seen) != b.map(seen)).collect()
}

fn patch(pen: &mut Pen, y: u16, target: &[Option<&Cell>], changed: &[bool]) {
    let is_plain = |cell: &Cell| is_blank(cell) && Look::of(cell) == Look::default();
    let written = target.iter().rposition(|cell| !cell.is_some_and(is_plain));
    let tail = written.map_or(0, |x| x + 1);
    let in_tail = changed.iter().skip(tail).filter(|is_changed| **is_changed).count();
    let last = column(target.len());
    for (x, (cell, _)) in target.iter().zip(changed).enumerate().filter(|(_, (_, is))| **is) {
        let Some(cell) = cell else { continue };
        if x >= tail && in_tail >= ERASED_FROM {
            return pen.erase_from(column(x), y);
        }
        approach(pen, x, y, target);
        pen.letter(cell, width(cell), last);
        if is_contested(cell) {
            pen.place = None;
        }
    }
}

/// Moves to a column, by rewriting the cells before it if that is shorter than a jump.
fn approach(pen: &mut Pen, x: usize, y: u16, target: &[Option<&Cell>]) {
    let from = pen.place.filter(|place| place.1 == y).map(|place| usize::from(place.0));
    let gap = from.filter(|from| *from < x).and_then(|from| target.get(from..x));
    let jump = if gap.is_some_and(|gap| gap.len() < 10) { 4 } else { 5 };
    let is_short = |gap: &&[Option<&Cell>]| {
        let bytes: usize = gap.iter().flatten().map(|cell| letter_of(cell).len()).sum();
        let is_writable = |cell: Option<&Cell>| {
            cell.is_some_and(|cell| !is_contested(cell) && width(cell) == 1 && pen.is_fit_for(cell))
        };
        bytes <= jump && gap.iter().copied().all(is_writable)
    };
    match gap.filter(is_short) {
        Some(gap) => {
            for cell in gap.iter().flatten() {
                pen.letter(cell, 1, column(target.len()));
            }
        }
        None => pen.go_to(column(x), y),
    }
}
