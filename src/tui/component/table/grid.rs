//! Rows in columns. On a narrow screen texts are cut, then columns hidden; amounts are never cut.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::{CHANGED, Untrusted};
use crate::domain::truncate::truncate;
use crate::tui::theme::Theme;

/// The mark of the cursor, in the gutter: a move then changes two cells and not two rows.
pub const CURSOR: &str = "▌";
/// Cells that a text keeps, however narrow the screen is.
const SHORTEST: u16 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Never,
    Allowed,
}

#[derive(Debug, Clone, Copy)]
pub struct Column<T> {
    pub id: T,
    pub side: Side,
    /// The column with the greatest is hidden first; one with 0 is never hidden.
    pub priority: u8,
    pub least: u16,
    /// Cells of its widest content.
    pub natural: u16,
    pub cut: Cut,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedColumn<T> {
    pub id: T,
    pub side: Side,
    pub width: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnLayout<T> {
    pub shown: Vec<PlacedColumn<T>>,
    pub hidden: usize,
    /// Cells between two columns.
    pub gap: u16,
}

/// `available` and `gap` in cells.
pub fn fit<T: Copy>(
    columns: impl IntoIterator<Item = Column<T>>,
    gap: u16,
    available: u16,
) -> ColumnLayout<T> {
    let mut columns: Vec<(Column<T>, u16)> =
        columns.into_iter().map(|column| (column, column.least)).collect();
    let all = columns.len();
    let over = |columns: &[(Column<T>, u16)]| {
        let widths: i64 = columns.iter().map(|(_, width)| i64::from(*width)).sum();
        let gaps = columns.len().saturating_sub(1) * usize::from(gap);
        widths + i64::try_from(gaps).unwrap_or(i64::MAX) - i64::from(available)
    };
    while over(&columns) > 0 {
        let droppable = columns.iter().enumerate().filter(|(_, (column, _))| column.priority > 0);
        let Some((last, _)) = droppable.max_by_key(|(at, (column, _))| (column.priority, *at))
        else {
            break;
        };
        columns.remove(last);
    }
    let missing = u16::try_from(over(&columns).max(0)).unwrap_or(u16::MAX);
    let texts = columns.iter_mut().filter(|(column, _)| column.cut == Cut::Allowed);
    if let Some((_, width)) = texts.max_by_key(|(_, width)| *width) {
        *width = width.saturating_sub(missing).max(SHORTEST.min(*width));
    }
    let mut room = u16::try_from((-over(&columns)).max(0)).unwrap_or(u16::MAX);
    let mut order: Vec<_> = columns.iter_mut().collect();
    order.sort_by_key(|(column, _)| column.priority);
    for (column, width) in order {
        let more = column.natural.saturating_sub(*width).min(room);
        *width += more;
        room -= more;
    }
    let hidden = all - columns.len();
    let shown = columns.iter().map(|(column, width)| PlacedColumn {
        id: column.id,
        side: column.side,
        width: *width,
    });
    ColumnLayout { shown: shown.collect(), hidden, gap }
}

impl<T> ColumnLayout<T> {
    pub fn width(&self) -> usize {
        let gaps = self.shown.len().saturating_sub(1) * usize::from(self.gap);
        self.shown.iter().map(|column| usize::from(column.width)).sum::<usize>() + gaps
    }
}

pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub style: Style,
    pub is_changed: bool,
}

/// Drawn cell by cell: a widget would first make a row, a line and a text of each.
pub struct Grid<'a, T> {
    pub layout: &'a ColumnLayout<T>,
    /// Cells before the first column.
    pub gutter: u16,
    pub theme: &'a Theme,
}

impl<T> Grid<'_, T> {
    fn places(&self, line: Rect) -> impl Iterator<Item = (Rect, &PlacedColumn<T>)> {
        self.layout.shown.iter().scan(line.x.saturating_add(self.gutter), move |next, column| {
            let x = *next;
            *next = x.saturating_add(column.width).saturating_add(self.layout.gap);
            Some((Rect { x, width: column.width, ..line }.intersection(line), column))
        })
    }

    pub fn header<'a>(
        &self,
        buffer: &mut Buffer,
        line: Rect,
        title: impl Fn(&PlacedColumn<T>) -> (Cow<'a, str>, Style),
    ) {
        for (place, column) in self.places(line) {
            let (title, style) = title(column);
            write(buffer, place, &title, column.side, style);
        }
    }

    pub fn signs(&self, buffer: &mut Buffer, line: Rect, signs: &[Option<(&str, Style)>]) {
        for (x, sign) in (line.x..line.right()).zip(signs) {
            if let Some((sign, style)) = sign {
                buffer.set_string(x, line.y, sign, *style);
            }
        }
    }

    /// Returns where the last text ends.
    pub fn line<'a>(
        &self,
        buffer: &mut Buffer,
        line: Rect,
        cell: impl Fn(&PlacedColumn<T>) -> Cell<'a>,
    ) -> u16 {
        let mut end = line.x;
        for (place, column) in self.places(line) {
            let cell = cell(column);
            let text = truncate(cell.text, column.width);
            write(buffer, place, &text, column.side, cell.style);
            if !text.is_empty() {
                let width = u16::try_from(text.width()).unwrap_or(u16::MAX);
                let right = place.x.saturating_add(width).min(place.right());
                end = if column.side == Side::Right { place.right() } else { right };
            }
            let after = place.x.saturating_add(column.width);
            if cell.is_changed && after < line.right() {
                buffer.set_string(after, line.y, CHANGED, self.theme.warning);
            }
        }
        end
    }

    /// What the server sent instead, so that it is not taken for a row whose fields are empty.
    pub fn unreadable(&self, json: &Untrusted, buffer: &mut Buffer, line: Rect) {
        let room = line.width.saturating_sub(self.gutter);
        if room > 0 {
            let text = truncate(format!("✗ not readable: {}", json.shown()).into(), room);
            buffer.set_string(line.x + self.gutter, line.y, text, self.theme.odd);
        }
    }
}

fn write(buffer: &mut Buffer, cell: Rect, text: &str, side: Side, style: Style) {
    if cell.is_empty() {
        return;
    }
    let room = usize::from(cell.width);
    if !text.is_ascii() {
        let taken = text.width().min(room);
        let left = if side == Side::Right { room - taken } else { 0 };
        let x = cell.x.saturating_add(u16::try_from(left).unwrap_or(u16::MAX));
        buffer.set_stringn(x, cell.y, text, room, style);
        return;
    }
    let left = if side == Side::Right { room.saturating_sub(text.len()) } else { 0 };
    for (x, letter) in (cell.x..cell.right()).skip(left).zip(text.chars()) {
        if let Some(place) = buffer.cell_mut((x, cell.y)) {
            place.set_char(letter).set_style(style);
        }
    }
}
