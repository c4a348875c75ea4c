//! IBANs as they are shown: in groups of four, hidden but for the country and the last four
//! characters until they are revealed, with their check digits verified (ISO 13616, mod 97).

use iban::BaseIban;

use crate::domain::text::{Untrusted, sanitise};

/// The sign that stands for a hidden character.
const HIDDEN: char = '•';
/// Characters at the end that are always shown.
const TAIL: usize = 4;

/// What is said of an IBAN that is none.
pub const WRONG: &str = "✗ wrong check digits";

/// Whether form and check digits are those of an IBAN.
#[must_use]
pub fn is_sound(text: &str) -> bool {
    plain(text).parse::<BaseIban>().is_ok()
}

/// An IBAN for the screen; one with wrong check digits says so.
#[must_use]
pub fn shown(iban: &Untrusted, is_revealed: bool) -> String {
    let plain = plain(iban.raw_never_printed());
    let text = if is_revealed { plain.clone() } else { hidden(&plain, 2, TAIL) };
    let grouped = grouped(&sanitise(&text));
    if is_sound(&plain) { grouped } else { format!("{grouped} {WRONG}") }
}

/// A tax number for the screen: hidden but for its last two characters.
#[must_use]
pub fn tin_shown(tin: &Untrusted, is_revealed: bool) -> String {
    let raw = tin.raw_never_printed();
    if is_revealed { sanitise(raw).into_owned() } else { sanitise(&hidden(raw, 0, 2)).into_owned() }
}

/// `text` without the spaces that people put into it.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Hides all but the first and the last characters; of a short text, everything.
fn hidden(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let tail = if count > 2 * (head + tail) { tail } else { 0 };
    text.chars()
        .enumerate()
        .map(|(at, c)| if at < head || at + tail >= count { c } else { HIDDEN })
        .collect()
}

fn grouped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_are_sound_and_a_changed_digit_is_not() {
        for sound in
            ["ES9121000418450200051332", "GB82 WEST 1234 5698 7654 32", "de89370400440532013000"]
        {
            assert!(is_sound(sound), "{sound}");
        }
        for wrong in ["ES9121000418450200051333", "", "ES", "12", "ES91€"] {
            assert!(!is_sound(wrong), "{wrong}");
        }
    }

    #[test]
    fn only_country_and_last_four_are_seen_until_it_is_revealed() {
        let iban = Untrusted::new("ES9121000418450200051332");
        assert_eq!(shown(&iban, false), "ES•• •••• •••• •••• •••• 1332");
        assert_eq!(shown(&iban, true), "ES91 2100 0418 4502 0005 1332");
        let wrong = Untrusted::new("ES9704874526943884555358");
        assert_eq!(shown(&wrong, false), format!("ES•• •••• •••• •••• •••• 5358 {WRONG}"));
        assert_eq!(shown(&Untrusted::new("ES91213"), false), format!("ES•• ••• {WRONG}"));
        assert!(!shown(&Untrusted::new("\u{1b}[31m\u{202e}x"), true).contains('\u{1b}'));
    }

    #[test]
    fn a_tax_number_shows_its_end_alone() {
        assert_eq!(tin_shown(&Untrusted::new("27484819A"), false), "•••••••9A");
        assert_eq!(tin_shown(&Untrusted::new("27484819A"), true), "27484819A");
        assert_eq!(tin_shown(&Untrusted::new("12"), false), "••");
    }
}
