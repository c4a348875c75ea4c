//! Collects the bytes of one frame and writes them at once, large ones as a synchronised update.

use std::io::{self, Write};

/// Bytes from which a frame is wrapped in the marks of a synchronised update (DEC mode 2026), which
/// cost sixteen bytes themselves.
const WRAPPED_FROM: usize = 256;
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// A writer that passes on whole frames.
#[derive(Debug)]
pub struct FrameWriter<W> {
    inner: W,
    frame: Vec<u8>,
}

impl<W> FrameWriter<W> {
    /// Writes frames to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, frame: Vec::new() }
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if self.frame.len() >= WRAPPED_FROM {
            self.frame.splice(0..0, BEGIN.iter().copied());
            self.frame.extend_from_slice(END);
        }
        let written = self.inner.write_all(&self.frame).and_then(|()| self.inner.flush());
        self.frame.clear();
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_frames_carry_the_marks_and_nothing_is_written_twice() {
        let mut out = Vec::new();
        let mut writer = FrameWriter::new(&mut out);
        writer.write_all(b"small").unwrap();
        writer.flush().unwrap();
        writer.flush().unwrap();
        writer.write_all(&[b'x'; 300]).unwrap();
        writer.flush().unwrap();
        let large = [BEGIN, &[b'x'; 300], END].concat();
        assert_eq!(out, [b"small".as_slice(), &large].concat());
    }
}
