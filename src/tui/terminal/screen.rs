//! The terminal as a backend of ratatui's that says each frame in few bytes, and on which no text
//! shifts what stands beside it.
//!
//! ratatui tells which cells changed; they are gathered until the frame is whole. What is then
//! written is the shortest way from what stands on the terminal to that frame: rows that moved as
//! one are scrolled by the terminal, and of the others only the difference is sent. A frame that
//! changes nothing is nothing. For any two frames the bytes lead from one to the other, which is
//! tested on an emulator.

pub mod glyph;
pub mod line;
pub mod pen;
pub mod scroll;

use std::fmt::Write as _;
use std::io::{self, Write};

use pen::Pen;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

pub use glyph::whole_letters;

/// Columns and rows that are drawn at most: a terminal that claims more would cost gigabytes.
const LARGEST: (u16, u16) = (1_000, 500);

/// Bytes from which a frame is wrapped in the marks of a synchronised update (DEC mode 2026), which
/// cost sixteen bytes themselves.
const WRAPPED_FROM: usize = 256;
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

/// The part of a terminal of this size that is drawn on.
pub fn drawn(size: (u16, u16)) -> (u16, u16) {
    (size.0.min(LARGEST.0), size.1.min(LARGEST.1))
}

/// How the size of the terminal is found, in columns and rows.
pub type Measure = fn() -> io::Result<(u16, u16)>;

#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    /// Gives the size; without it the first one holds.
    measure: Option<Measure>,
    shown: Buffer,
    /// What is to stand there once the frame is whole.
    next: Buffer,
    /// Which of its rows were drawn on since the last frame: no other can differ.
    touched: Vec<bool>,
    pen: Pen,
    /// Whether the terminal shows its cursor.
    is_cursor_shown: bool,
    /// Where the cursor is to stand, if anywhere.
    cursor: Option<Position>,
    /// Where ratatui believes the cursor to be.
    told: Position,
}

impl<W: Write> Screen<W> {
    /// Draws through `out` on a blank terminal of `size` columns and rows whose cursor is hidden.
    pub fn new(out: W, size: (u16, u16)) -> Self {
        let (width, height) = drawn(size);
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
            told: Position::ORIGIN,
        }
    }

    /// The same on a terminal whose size changes.
    pub fn measured_by(self, measure: Measure) -> Self {
        Self { measure: Some(measure), ..self }
    }

    /// Erases the terminal, whatever stood there, with the next frame.
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

    /// Leads from what is shown to what is to be shown.
    fn encode(&mut self) {
        if self.shown.area != self.next.area {
            return;
        }
        let columns = usize::from(self.shown.area.width).max(1);
        if let Some(moved) = scroll::find(&self.shown, &self.next, &self.touched) {
            self.pen.scroll(moved.top, moved.bottom, moved.up);
            moved.apply(&mut self.shown);
            let part = usize::from(moved.top)..=usize::from(moved.bottom);
            self.touched.get_mut(part).unwrap_or_default().fill(true);
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

    /// The terminal's own cursor, where something is typed.
    fn place_cursor(&mut self) {
        match self.cursor {
            Some(at) => {
                self.pen.go_to(at.x, at.y);
                if !self.is_cursor_shown {
                    self.pen.write_mode("?25h");
                }
            }
            None if self.is_cursor_shown => self.pen.write_mode("?25l"),
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
            // What stood below the second half of a wide letter is gone.
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
        self.cursor = Some(self.told);
        Ok(())
    }

    /// Answered from memory: the terminal is never asked, since it may never answer.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.told)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.told = position.into();
        self.cursor = self.cursor.map(|_| self.told);
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
        let (width, height) = drawn(self.measure.map_or(Ok(known), |measure| measure())?);
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    /// Writes the frame at once, a large one as a synchronised update.
    fn flush(&mut self) -> io::Result<()> {
        self.encode();
        self.place_cursor();
        let frame = self.pen.take();
        if frame.is_empty() {
            return Ok(());
        }
        let mut whole = String::new();
        let frame = if frame.len() < WRAPPED_FROM {
            &frame
        } else {
            // Writing to a string does not fail.
            let _ = write!(whole, "{BEGIN}{frame}{END}");
            &whole
        };
        self.out.write_all(frame.as_bytes())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
