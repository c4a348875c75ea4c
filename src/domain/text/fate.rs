//! What becomes of each character of a text from outside when it is shown.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

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

/// The first code point that Unicode has not assigned.
const FIRST_UNASSIGNED: char = '\u{378}';

/// What becomes of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is shown as it is.
    Kept,
    /// It ends a line or a cell: a run of such becomes one space.
    Break,
    /// It looks like a space and becomes one.
    Blank,
    /// It becomes U+FFFD.
    Replaced,
    /// Nothing is shown of it.
    Dropped,
}

/// What becomes of `c` between the character that was shown before it and the one that follows.
pub(super) fn fate(before: char, c: char, after: Option<char>) -> Fate {
    match c {
        ' '..='~' => Fate::Kept,
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Break,
        _ if c.is_control() || is_direction(c) => Fate::Replaced,
        _ if is_blank(c) => Fate::Blank,
        '\u{200C}' | '\u{200D}' if joins(before) && after.is_some_and(joins) => Fate::Kept,
        '\u{FE0F}' if is_symbol(before, after) => Fate::Kept,
        _ if is_ignorable(c) => Fate::Dropped,
        _ if is_without_glyph(c) => Fate::Replaced,
        _ => Fate::Kept,
    }
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_ignorable(c: char) -> bool {
    let code = u32::from(c);
    IGNORABLE.iter().any(|&(first, last)| (first..=last).contains(&code))
}

/// White space other than the space, and the one letter of Braille without a dot.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// No two terminals and fonts agree about a code point that Unicode has not assigned, or has left to
/// private agreements.
fn is_without_glyph(c: char) -> bool {
    if c < FIRST_UNASSIGNED || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') {
        return false;
    }
    matches!(c.general_category(), GeneralCategory::Unassigned | GeneralCategory::PrivateUse)
}

/// Letters of scripts that a joiner changes the shape of, and emoji: between any others it is only
/// invisible.
fn joins(c: char) -> bool {
    let is_of_such = matches!(
        u32::from(c),
        0x0600..=0x1CFF | 0x2190..=0x2BFF | 0xA800..=0xABFF | 0xFE0F | 0x1_0A00..=0x1_1FFF
            | 0x1_E900..=0x1_E95F | 0x1_F000..=0x1_FAFF
    );
    is_of_such && (c == '\u{FE0F}' || !is_ignorable(c)) && !is_without_glyph(c)
}

/// Whether the character before is one that VS16 makes an emoji.
fn is_symbol(before: char, after: Option<char>) -> bool {
    match before {
        '#' | '*' | '0'..='9' => after == Some('\u{20E3}'),
        '©' | '®' | '\u{203C}'..='\u{3299}' | '\u{1F000}'..='\u{1FAFF}' => true,
        _ => false,
    }
}
