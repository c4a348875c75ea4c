//! Texts for comparison: without case and accents, and with special letters replaced.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters that Unicode does not decompose, and what people type instead.
const LETTERS: &[(char, &str)] = &[
    ('ł', "l"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ı', "i"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ς', "σ"),
];

/// The ASCII letter that resembles this one, in the same case: `L` for `Ł`, `u` for `ü`.
pub fn plain_letter(c: char) -> Option<char> {
    let is_upper = c.is_uppercase();
    let lower = c.to_lowercase().next()?;
    let known = LETTERS.iter().find(|(odd, _)| *odd == lower);
    let known = known.and_then(|(_, plain)| plain.chars().next());
    let plain = known.or_else(|| lower.nfkd().next()).filter(char::is_ascii_alphanumeric)?;
    Some(if is_upper { plain.to_ascii_uppercase() } else { plain })
}

/// Appends `text` to `folded` without case and accents: `Łukasz Müller` as `lukasz muller`.
pub fn normalize_into(folded: &mut String, text: &str) {
    if text.is_ascii() {
        let from = folded.len();
        folded.push_str(text);
        if let Some(added) = folded.get_mut(from..) {
            added.make_ascii_lowercase();
        }
        return;
    }
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    // Lowercasing can add marks, as for the Turkish İ.
    for letter in letters.filter(|c| !is_combining_mark(*c)) {
        match LETTERS.iter().find(|(odd, _)| *odd == letter) {
            Some((_, plain)) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
}

pub fn normalize(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    normalize_into(&mut folded, text);
    folded
}

/// With a capital letter at the beginning.
pub fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Returns `true` for the same words in any case and with any separators: `PAID` and `paid`,
/// `Written Off`, `writtenOff` and `written_off`.
pub fn is_same_word(one: &str, other: &str) -> bool {
    one == other || letters(one).eq(letters(other))
}

/// The same text for the same words, see [`is_same_word`].
pub fn word_key(text: &str) -> String {
    letters(text).collect()
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    let is_separator = |c: &char| matches!(c, '_' | '-' | ' ');
    text.chars().filter(move |c| !is_separator(c)).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_lookalikes_are_folded() {
        let table = [
            ("INV-2025", "inv-2025"),
            ("Łukasz Müller", "lukasz muller"),
            ("Søren Ægir", "soren aegir"),
            ("Straße", "strasse"),
            ("İstanbul ılık", "istanbul ilik"),
            ("e\u{301}É", "ee"),
            ("ﬁn ½", "fin 1⁄2"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("李小龍", "李小龍"),
        ];
        for (text, folded) in table {
            assert_eq!(normalize(text), folded);
        }
    }

    #[test]
    fn a_word_is_the_same_in_any_case_and_with_any_separators() {
        for text in ["written_off", "WRITTEN_OFF", "Written Off", "written-off", "writtenOff"] {
            assert!(is_same_word(text, "written_off"), "{text}");
        }
        for text in ["written_of", "off_written", "", "written_off2"] {
            assert!(!is_same_word(text, "written_off"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let once = normalize(&text);
            prop_assert_eq!(normalize(&once), once);
        }

        #[test]
        fn case_does_not_matter(text in "[a-zA-Zà-žÀ-Ž0-9 ]{0,20}") {
            prop_assert_eq!(normalize(&text.to_lowercase()), normalize(&text));
        }
    }
}
