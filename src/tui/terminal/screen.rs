//! A ratatui backend that writes each frame in few bytes, and on which no text shifts its
//! neighbors.
//!
//! Changed cells are collected until the frame is complete. Rows that moved together are then
//! scrolled by the terminal; for other rows, only the difference is sent. For any two frames, the
//! bytes transform one into the other, which is tested on an emulator.

pub mod glyph;
pub mod line;
pub mod pen;
pub mod scroll;

use std::io::{self, Write};

use pen::Pen;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

pub use glyph::blank_split_wide_cells;

/// Most columns and rows that are drawn: a terminal that reports more would cost gigabytes.
const LARGEST: (u16, u16) = (1_000, 500);

/// Bytes; a longer frame is wrapped as a synchronized update (DEC mode 2026), which costs sixteen.
const WRAPPED_FROM: usize = 256;
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

pub fn clamp_size(size: (u16, u16)) -> (u16, u16) {
    (size.0.min(LARGEST.0), size.1.min(LARGEST.1))
}

pub type Measure = fn() -> io::Result<(u16, u16)>;

#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    /// Without it, the size never changes.
    measure: Option<Measure>,
    shown: Buffer,
    next: Buffer,
    /// The rows of `next` that were drawn on since the last frame: only these can differ.
    touched: Vec<bool>,
    pen: Pen,
    is_cursor_shown: bool,
    /// Where to show the cursor in the next frame.
    cursor: Option<Position>,
    /// Where ratatui placed the cursor, shown or not.
    position: Position,
}

impl<W: Write> Screen<W> {
    /// Draws through `out` on a blank terminal of `size` columns and rows whose cursor is hidden.
    pub fn new(out: W, size: (u16, u16)) -> Self {
        let (width, height) = clamp_size(size);
        let blank = Buffer::empty(Rect::new(0, 0, width, height));
        Self {
            out,
            measure: None,
            shown: blank.clone(),
            next: blank,
            touched: vec![false; height.into()],
            pen: Pen::default(),
            is_cursor_shown: false,
            cursor: None,
            position: Position::ORIGIN,
        }
    }

    pub fn measured_by(self, measure: Measure) -> Self {
        Self { measure: Some(measure), ..self }
    }

    /// Erases the terminal with the next frame, whatever it shows.
    fn forget(&mut self) -> io::Result<()> {
        let size = self.size()?;
        let blank = Buffer::empty(Rect::new(0, 0, size.width, size.height));
        self.pen.erase_all();
        self.is_cursor_shown = false;
        self.shown = blank.clone();
        self.next = blank;
        self.touched = vec![false; size.height.into()];
        Ok(())
    }

    fn encode(&mut self) {
        if self.shown.area != self.next.area {
            return;
        }
        let columns = usize::from(self.shown.area.width).max(1);
        if let Some(moved) = scroll::find(&self.shown, &self.next, &self.touched) {
            self.pen.scroll(&moved);
            moved.apply(&mut self.shown);
            self.touched.get_mut(moved.rows).unwrap_or_default().fill(true);
        }
        let before = self.shown.content.chunks_mut(columns);
        let rows = before.zip(self.next.content.chunks(columns)).zip(&mut self.touched);
        for (y, ((before, after), touched)) in (0..).zip(rows) {
            if std::mem::take(touched) && before != after {
                line::draw(&mut self.pen, y, before, after);
                before.clone_from_slice(after);
            }
        }
    }

    fn place_cursor(&mut self) {
        match self.cursor {
            Some(at) => {
                self.pen.go_to(at.x, at.y);
                if !self.is_cursor_shown {
                    self.pen.bytes += "\x1b[?25h";
                }
            }
            None if self.is_cursor_shown => self.pen.bytes += "\x1b[?25l",
            None => {}
        }
        self.is_cursor_shown = self.cursor.is_some();
    }
}

impl<W: Write> Backend for Screen<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            if let Some(touched) = self.touched.get_mut(usize::from(y)) {
                *touched = true;
            }
            if let Some(place) = self.next.cell_mut((x, y)) {
                place.clone_from(cell);
            }
            // The second half of a wide letter.
            for behind in x.saturating_add(1)..x.saturating_add(glyph::width(cell)) {
                if let Some(hidden) = self.next.cell_mut((behind, y)) {
                    hidden.reset();
                }
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor = Some(self.position);
        Ok(())
    }

    /// From memory: the terminal may never answer.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.position)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.position = position.into();
        self.cursor = self.cursor.map(|_| self.position);
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget()
    }

    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.forget()
    }

    fn size(&self) -> io::Result<Size> {
        let known = (self.shown.area.width, self.shown.area.height);
        let (width, height) = clamp_size(self.measure.map_or(Ok(known), |measure| measure())?);
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encode();
        self.place_cursor();
        let frame = std::mem::take(&mut self.pen.bytes);
        if frame.is_empty() {
            return Ok(());
        }
        let frame = if frame.len() < WRAPPED_FROM { frame } else { format!("{BEGIN}{frame}{END}") };
        self.out.write_all(frame.as_bytes())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
