//! Draws rows in columns, cell by cell.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::domain::columns::{ColumnLayout, PlacedColumn, Side};
use crate::domain::text::{CHANGED, Untrusted};
use crate::domain::truncate::truncate;
use crate::tui::theme::Theme;

pub struct Cell<'a> {
    pub text: Cow<'a, str>,
    pub style: Style,
    pub is_changed: bool,
}

/// Writes into the buffer: a widget would first build a row, a line and a text for each cell.
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
        buffer.set_style(line, self.theme.header);
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

    /// Restyles one cell of a line.
    pub fn style(&self, buffer: &mut Buffer, line: Rect, of: &T, style: Style)
    where
        T: PartialEq,
    {
        let place = self.places(line).find(|(_, column)| column.id == *of);
        if let Some((place, _)) = place {
            buffer.set_style(place, style);
        }
    }

    /// Shows the JSON of a row that cannot be read, so that it does not look like a row of empty
    /// fields.
    pub fn unreadable(&self, json: &Untrusted, buffer: &mut Buffer, line: Rect) {
        let room = line.width.saturating_sub(self.gutter);
        if room > 0 {
            let text = truncate(format!("✗ cannot be read: {}", json.shown()).into(), room);
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
