//! The chain of the lines: the SHA-256 of each line is in the next one.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use ring::digest::{SHA256, digest};

const FIRST_PIECE: u64 = 16 * 1024;

pub(super) struct End {
    /// Of the last line; empty if there is none.
    pub(super) hash: String,
    /// The last line has no line break: its writer was killed.
    pub(super) is_torn: bool,
}

/// In hexadecimal digits; of a line without its line break.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in digest(&SHA256, bytes).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Reads from the end, in pieces that double.
pub(super) fn end(file: &mut File) -> io::Result<End> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut piece = FIRST_PIECE;
    loop {
        let from = length.saturating_sub(piece);
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let is_torn = bytes.last().is_some_and(|byte| *byte != b'\n');
        let text = bytes.trim_ascii_end();
        let start = text.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
        if let Some(line) = start.or((from == 0).then_some(0)).and_then(|at| text.get(at..)) {
            let hash = if line.is_empty() { String::new() } else { sha256(line) };
            return Ok(End { hash, is_torn });
        }
        piece = piece.saturating_mul(2);
    }
}
