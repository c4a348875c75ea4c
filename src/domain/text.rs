//! Untrusted text. The raw text is kept unchanged and shown only through [`sanitize`].

use lean_string::LeanString;
use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

mod fate;
#[cfg(test)]
mod tests;

use fate::{Fate, fate};

/// Most graphemes of a text that are shown; the rest is cut with an ellipsis.
const GRAPHEMES_SHOWN: usize = 512;
/// Most characters read per shown grapheme; a text with more combining marks is cut sooner.
const MOST_CHARS: usize = 8;
/// Most zero-width characters (combining marks) of a grapheme.
const MARKS_SHOWN: usize = 4;

pub const CHANGED: &str = "≈";
const CHARS_COMPARED: usize = GRAPHEMES_SHOWN * MOST_CHARS;

/// A text from the API, a paste, or an error that quotes one; print it with [`Untrusted::shown`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, derive_more::Debug)]
#[debug("Untrusted({:?})", self.shown())]
pub struct Untrusted(LeanString);

impl Untrusted {
    pub fn new(raw: impl AsRef<str>) -> Self {
        Self(LeanString::from(raw.as_ref()))
    }

    /// The raw text: to compare, to send as a query value, to store. Never print it.
    pub fn expose_raw(&self) -> &str {
        &self.0
    }

    /// The text made printable: one line, no control or direction characters, bounded.
    pub fn shown(&self) -> Cow<'_, str> {
        sanitize(&self.0)
    }

    /// Returns `true` if the shown text differs from the raw text, so that it is marked with
    /// [`CHANGED`]: also for a leading, trailing or double space, and if it contains that mark itself.
    pub fn is_changed(&self) -> bool {
        let raw = self.expose_raw();
        if raw.starts_with(' ') || raw.ends_with(' ') || raw.contains("  ") {
            return true;
        }
        if is_plain(raw.as_bytes()) {
            return false;
        }
        let part = start(raw, CHARS_COMPARED);
        part.contains(CHANGED) || printable(part, usize::MAX) != part
    }

    /// The text with every character that [`Self::shown`] would change written as `\u{200b}`, and each
    /// backslash before `u{` too. It is never cut: different texts have different results.
    pub fn escaped(&self) -> Cow<'_, str> {
        const SPELLING: &str = "\\u{";
        let raw = self.expose_raw();
        if is_plain(raw.as_bytes()) && !raw.contains(SPELLING) {
            return Cow::Borrowed(raw);
        }
        let mut out = String::with_capacity(raw.len() + 16);
        let (mut before, mut marks) = (' ', 0);
        for (at, c) in raw.char_indices() {
            let rest = raw.get(at..).unwrap_or_default();
            marks = if c.width() == Some(0) { marks + 1 } else { 0 };
            let is_kept =
                fate(before, c, rest.chars().nth(1)) == Fate::Kept && marks <= MARKS_SHOWN;
            if is_kept && !rest.starts_with(SPELLING) {
                out.push(c);
                before = c;
            } else {
                out.extend(c.escape_unicode());
                before = ' ';
            }
        }
        Cow::Owned(out)
    }

    /// For the detail pane: everything escaped except printable ASCII and single inner spaces.
    pub fn spelled_out(&self) -> String {
        let mut out = String::new();
        let mut chars = self.0.chars().take(GRAPHEMES_SHOWN).peekable();
        let mut before = ' ';
        while let Some(c) = chars.next() {
            if c == ' ' && (before == ' ' || chars.peek().is_none_or(|after| *after == ' ')) {
                out.extend(c.escape_unicode());
            } else {
                out.extend(c.escape_default());
            }
            before = c;
        }
        out
    }
}

/// Makes a text printable on one line of a terminal; borrows if nothing changes.
pub fn sanitize(raw: &str) -> Cow<'_, str> {
    printable(raw, GRAPHEMES_SHOWN)
}

/// Equivalent JSON in which every character that could affect a terminal is escaped.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    // A line break can only be between values; inside strings it is already escaped.
    let is_odd = |c: char| c != '\n' && fate(' ', c, None) != Fate::Kept;
    if json.is_ascii() && !json.contains('\u{7f}') || !json.contains(is_odd) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_odd(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn start(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map(|(at, _)| at);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| (0x20..0x7F).contains(byte))
}

/// Sanitizes the first `most` graphemes, and reads only as much of the text as they may need.
fn printable(raw: &str, most: usize) -> Cow<'_, str> {
    if raw.len() <= most && is_plain(raw.as_bytes()) {
        return Cow::Borrowed(raw);
    }
    // The next letter is plain too, so it is not a combining mark of the last one.
    if raw.as_bytes().get(..=most).is_some_and(is_plain) {
        return Cow::Owned(format!("{}…", raw.get(..most).unwrap_or_default()));
    }
    let part = start(raw, most.saturating_mul(MOST_CHARS));
    let mut shown = String::with_capacity(part.len());
    let cleaned = cleaned(part);
    let mut graphemes = cleaned.graphemes(true);
    for grapheme in graphemes.by_ref().take(most) {
        let mut marks = 0;
        shown.extend(grapheme.chars().filter(|c| {
            marks += usize::from(c.width() == Some(0));
            c.width() != Some(0) || marks <= MARKS_SHOWN
        }));
    }
    if part.len() < raw.len() || graphemes.next().is_some() {
        shown.push('…');
    }
    if shown == raw { Cow::Borrowed(raw) } else { Cow::Owned(shown) }
}

fn cleaned(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut is_after_break = false;
    let mut chars = raw.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let fate = fate(before, c, chars.peek().copied());
        let shown = match fate {
            Fate::Break if is_after_break => continue,
            Fate::Break | Fate::Blank => ' ',
            Fate::Replaced => char::REPLACEMENT_CHARACTER,
            Fate::Dropped => continue,
            Fate::Kept => c,
        };
        is_after_break = fate == Fate::Break;
        out.push(shown);
        before = shown;
    }
    out
}

/// Returns `true` if the character is invisible: a space, or one that is changed or dropped.
pub fn is_invisible(c: char) -> bool {
    fate(' ', c, None) != Fate::Kept || c == ' '
}
