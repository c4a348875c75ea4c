//! Text that strangers typed. It is kept as it came and shown only through [`sanitise`].

use lean_string::LeanString;
use std::borrow::Cow;
use std::fmt::{self, Write as _};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Graphemes of one text that are ever shown; the rest is cut with an ellipsis.
const GRAPHEMES_SHOWN: usize = 512;
/// Characters for each of these that are read at first: of nearly every text enough to fill them.
const FEW_CHARS: usize = 2;
/// Characters for each of these that are read at most: what piles up more marks is cut sooner.
const MOST_CHARS: usize = 8;
/// Zero-width characters (combining marks) that one grapheme may carry.
const MARKS_SHOWN: usize = 4;

/// Default-ignorable code points (Unicode 16, `DerivedCoreProperties`): they take no cell and can
/// make two different texts look alike.
const IGNORABLE: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1_BCA0, 0x1_BCA3),
    (0x1_D173, 0x1_D17A),
    (0xE_0000, 0xE_0FFF),
];

/// A text from the API, from a paste, or from an error that may quote either.
///
/// The raw form can be reached only by [`Untrusted::raw_never_printed`]; everything that is
/// printed goes through [`Untrusted::shown`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Untrusted(LeanString);

impl Untrusted {
    /// Takes a text as it came.
    #[must_use]
    pub fn new(raw: impl AsRef<str>) -> Self {
        Self(LeanString::from(raw.as_ref()))
    }

    /// The text as it came: to compare, to send back as a query value, to store. Never to print.
    #[must_use]
    pub fn raw_never_printed(&self) -> &str {
        &self.0
    }

    /// The text made printable: one line, no control or direction characters, bounded.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        sanitise(&self.0)
    }

    /// The text made printable as [`Self::shown`] does, but never cut: for a file.
    #[must_use]
    pub fn shown_whole(&self) -> Cow<'_, str> {
        printable(&self.0, usize::MAX)
    }

    /// Whether showing the text changed it; such a text is marked where it is shown in full.
    #[must_use]
    pub fn is_altered(&self) -> bool {
        matches!(self.shown(), Cow::Owned(shown) if shown != self.raw_never_printed())
    }

    /// Every character outside printable ASCII spelled out (`\u{202e}`), for the detail pane.
    #[must_use]
    pub fn spelled_out(&self) -> String {
        self.0.chars().take(GRAPHEMES_SHOWN).flat_map(char::escape_default).collect()
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untrusted({:?})", self.shown())
    }
}

/// Makes any text printable on a terminal in one line; borrows where nothing had to change.
#[must_use]
pub fn sanitise(raw: &str) -> Cow<'_, str> {
    printable(raw, GRAPHEMES_SHOWN)
}

/// JSON with every character that a terminal could take amiss escaped: it says the same, and what
/// stands in it is a text on a screen too.
#[must_use]
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let is_odd =
        |c: char| c.is_control() && c != '\n' || is_direction(c) || is_ignorable(c) || is_break(c);
    if json.is_ascii() && !json.contains('\u{7f}') || !json.contains(is_odd) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_odd(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // A String takes everything.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

fn is_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Makes any text printable, of which at most so many graphemes are kept. However long it is, no
/// more is looked at than so many can take.
fn printable(raw: &str, most: usize) -> Cow<'_, str> {
    let is_plain = |bytes: &[u8]| bytes.iter().all(|b| (0x20..0x7F).contains(b));
    if raw.len() <= most && is_plain(raw.as_bytes()) {
        return Cow::Borrowed(raw);
    }
    // The letter behind is plain too: no mark of it belongs to the last one.
    if raw.as_bytes().get(..=most).is_some_and(is_plain) {
        return Cow::Owned(format!("{}…", raw.get(..most).unwrap_or_default()));
    }
    let few = most.saturating_mul(FEW_CHARS);
    let shown = bounded(raw, few, most)
        .or_else(|| bounded(raw, most.saturating_mul(MOST_CHARS), most))
        .unwrap_or_default();
    if shown == raw { Cow::Borrowed(raw) } else { Cow::Owned(shown) }
}

/// At most so many graphemes of the first so many characters; `None` where these are too few and
/// could be more.
fn bounded(raw: &str, chars: usize, most: usize) -> Option<String> {
    let end = raw.char_indices().nth(chars).map(|(at, _)| at);
    let part = end.and_then(|end| raw.get(..end)).unwrap_or(raw);
    let mut shown = String::with_capacity(part.len());
    for (count, grapheme) in cleaned(part).graphemes(true).enumerate() {
        if count == most {
            shown.push('…');
            return Some(shown);
        }
        push_grapheme(&mut shown, grapheme);
    }
    if end.is_none() {
        return Some(shown);
    }
    let is_all_that_is_read = chars >= most.saturating_mul(MOST_CHARS);
    is_all_that_is_read.then(|| shown + "…")
}

/// Replaces and drops single characters.
fn cleaned(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut spaced = false;
    let mut chars = raw.chars().peekable();
    let mut previous = ' ';
    while let Some(c) = chars.next() {
        let break_char = matches!(c, '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        if break_char {
            if !spaced {
                out.push(' ');
            }
            spaced = true;
            continue;
        }
        spaced = false;
        let joins = matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}');
        let beside_letters = !previous.is_ascii() || chars.peek().is_some_and(|n| !n.is_ascii());
        match c {
            _ if c.is_control() || is_direction(c) => out.push(char::REPLACEMENT_CHARACTER),
            _ if joins && beside_letters => out.push(c),
            _ if is_ignorable(c) => continue,
            _ => out.push(c),
        }
        previous = c;
    }
    out
}

fn push_grapheme(shown: &mut String, grapheme: &str) {
    let mut marks = 0;
    for c in grapheme.chars() {
        if c.width() == Some(0) {
            marks += 1;
            if marks > MARKS_SHOWN {
                continue;
            }
        }
        shown.push(c);
    }
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_ignorable(c: char) -> bool {
    let code = u32::from(c);
    IGNORABLE.iter().any(|&(first, last)| (first..=last).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_plain_stays_as_it_is() {
        for text in ["", "Jane Smith", "Zoë Müller-Łukasz", "שלום עולם", "محمد", "李小龍", "👨‍👩‍👧"]
        {
            assert!(matches!(sanitise(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn each_rule_of_the_page_on_text_holds() {
        let table = [
            ("100\t\t000", "100 000"),
            ("two\r\nlines", "two lines"),
            ("a\u{1b}[31mb", "a\u{fffd}[31mb"),
            ("a\u{9b}31mb", "a\u{fffd}31mb"),
            ("a\u{202e}b\u{2066}", "a\u{fffd}b\u{fffd}"),
            ("a\u{200b}b\u{feff}\u{200d}c", "abc"),
            ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}"),
            ("\u{7f}", "\u{fffd}"),
        ];
        for (raw, shown) in table {
            assert_eq!(sanitise(raw), shown, "{raw:?}");
            assert!(Untrusted::new(raw).is_altered(), "{raw:?}");
        }
        assert_eq!(sanitise(&"x".repeat(5_000)).chars().count(), GRAPHEMES_SHOWN + 1);
    }

    #[test]
    fn of_a_long_text_the_same_is_shown_whatever_it_is_made_of_and_marks_do_not_hide_its_end() {
        for letter in ["x", "ł", "李", "e\u{301}", "e\u{301}\u{302}\u{303}\u{304}"] {
            let shown = sanitise(&letter.repeat(100_000)).into_owned();
            assert_eq!(shown, format!("{}…", letter.repeat(GRAPHEMES_SHOWN)));
            let whole = letter.repeat(GRAPHEMES_SHOWN);
            assert_eq!(sanitise(&whole), whole);
        }
        let marked = format!("{}\u{301}{}", "x".repeat(GRAPHEMES_SHOWN), "x".repeat(9));
        assert!(sanitise(&marked).ends_with("x\u{301}…"));
        let piled = sanitise(&format!("e{}end", "\u{301}".repeat(100_000))).into_owned();
        assert_eq!(piled, "e\u{301}\u{301}\u{301}\u{301}…");
    }

    #[test]
    fn a_file_holds_texts_whole_and_json_says_the_same_without_its_odd_characters() {
        let long = Untrusted::new(format!("{}\u{1b}[31m", "x".repeat(5_000)));
        assert!(long.shown_whole().ends_with("x\u{fffd}[31m"));
        let raw = "a\u{9b}31m\u{202e}\u{feff}\u{e0001}\u{2028}ż";
        let json = serde_json::to_string(raw).unwrap();
        let escaped = escape_json(&json);
        assert!(!escaped.chars().any(|c| c.is_control() || is_direction(c) || is_ignorable(c)));
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), raw);
        assert!(escaped.ends_with("\\u2028ż\""), "{escaped}");
    }

    #[test]
    fn debug_output_is_printable_too() {
        assert!(!format!("{:?}", Untrusted::new("\u{1b}]52;c;x\u{7}")).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn any_text_becomes_printable_and_bounded(raw in any::<String>()) {
            let shown = sanitise(&raw);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_direction(c)));
            prop_assert!(shown.graphemes(true).count() <= 2 * GRAPHEMES_SHOWN);
            prop_assert_eq!(sanitise(&shown), shown.clone());
        }
    }
}
