//! How each character of an untrusted text is shown.

use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    /// It ends a line or a cell: a run of these becomes one space.
    Break,
    /// It looks like a space and becomes one.
    Blank,
    Replaced,
    Dropped,
}

/// What sanitizing does with `c`, given the last shown character and the next one of the text.
pub(super) fn fate(before: char, c: char, after: Option<char>) -> Fate {
    match c {
        ' '..='~' => Fate::Kept,
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Fate::Break,
        // Characters that change the direction of a text.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => Fate::Replaced,
        _ if c.is_control() => Fate::Replaced,
        // The Braille pattern without dots.
        _ if c.is_whitespace() || c == '\u{2800}' => Fate::Blank,
        '\u{200C}' | '\u{200D}' if after.is_some_and(|after| is_joint(before, c, after)) => {
            Fate::Kept
        }
        '\u{FE0F}' if is_symbol(before, after) => Fate::Kept,
        _ if is_ignorable(c) => Fate::Dropped,
        _ if is_without_glyph(c) => Fate::Replaced,
        _ => Fate::Kept,
    }
}

/// Default-ignorable code points (Unicode 16): invisible, so that different texts can look the same.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Unassigned or private: terminals and fonts differ in how they show it.
fn is_without_glyph(c: char) -> bool {
    if c < '\u{378}' || matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}') {
        return false;
    }
    matches!(c.general_category(), GeneralCategory::Unassigned | GeneralCategory::PrivateUse)
}

const VIRAMAS: &str =
    "\u{94D}\u{9CD}\u{A4D}\u{ACD}\u{B4D}\u{BCD}\u{C4D}\u{CCD}\u{D4D}\u{DCA}\u{1039}";

/// Returns `true` if a joiner is visible: after a virama (RFC 5892, A.1 and A.2), a non-joiner between
/// letters that would join (A.1), or a joiner that combines two emoji.
fn is_joint(before: char, joiner: char, after: char) -> bool {
    match joiner {
        // After a virama of an Indic script it selects how two consonants are joined.
        _ if VIRAMAS.contains(before) => is_indic(after),
        '\u{200C}' => is_joining(before) && is_joining(after) && !is_last_of_its_join(before),
        _ => (before == '\u{FE0F}' || is_emoji(before)) && is_emoji(after),
    }
}

fn is_indic(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}') && c.is_alphabetic()
}

/// Letters of Arabic, Syriac, N'Ko, Mongolian and Adlam.
fn is_joining(c: char) -> bool {
    let is_of_such = matches!(
        c,
        '\u{620}'..='\u{6FF}' | '\u{710}'..='\u{77F}' | '\u{7CA}'..='\u{7EA}'
            | '\u{860}'..='\u{8C9}' | '\u{1820}'..='\u{18AA}' | '\u{1E900}'..='\u{1E943}'
    );
    // A mark on a letter is not a letter, though it counts as alphabetic.
    is_of_such
        && matches!(
            c.general_category(),
            GeneralCategory::OtherLetter
                | GeneralCategory::ModifierLetter
                | GeneralCategory::UppercaseLetter
                | GeneralCategory::LowercaseLetter
        )
}

/// Letters of Arabic and Syriac that do not join with the next one, such as alef, dal, reh and waw.
fn is_last_of_its_join(c: char) -> bool {
    matches!(
        c,
        '\u{621}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62F}'..='\u{632}' | '\u{648}'
            | '\u{671}'..='\u{677}' | '\u{688}'..='\u{699}' | '\u{6C0}' | '\u{6C3}'..='\u{6CB}'
            | '\u{6CD}' | '\u{6CF}' | '\u{6D2}'..='\u{6D5}' | '\u{6EE}' | '\u{6EF}' | '\u{710}'
            | '\u{715}'..='\u{719}' | '\u{71E}' | '\u{728}' | '\u{72A}' | '\u{72C}' | '\u{72F}'
            | '\u{74D}' | '\u{759}'..='\u{75B}' | '\u{76B}' | '\u{76C}' | '\u{771}' | '\u{773}'
            | '\u{774}' | '\u{778}' | '\u{779}'
    )
}

fn is_emoji(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

/// Returns `true` if VS16 turns the previous character into an emoji.
fn is_symbol(before: char, after: Option<char>) -> bool {
    match before {
        '#' | '*' | '0'..='9' => after == Some('\u{20E3}'),
        _ => is_emoji(before),
    }
}
