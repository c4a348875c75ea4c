//! IBANs on the screen: in groups of four, masked except for the country and the last four characters.

use std::borrow::Cow;

use iban::{BaseIban, Iban};

use crate::domain::text::{Untrusted, sanitize};

pub const WRONG: &str = "✗ wrong check digits";

const LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;

pub fn is_sound(text: &str) -> bool {
    plain(text).parse::<BaseIban>().is_ok()
}

/// For people: says if the check digits are wrong.
pub fn shown(iban: &Untrusted, is_revealed: bool) -> String {
    let plain = plain(iban.expose_raw());
    let grouped = if is_revealed { grouped(&sanitize(&plain)) } else { masked(iban.expose_raw()) };
    if is_sound(&plain) { grouped } else { format!("{grouped} {WRONG}") }
}

/// For data: the masked number, and nothing else.
pub fn masked(iban: &str) -> String {
    grouped(&sanitize(&hidden(&plain(iban), 2, 4)))
}

/// A tax number for the screen: masked except for its last two characters.
pub fn tin_shown(tin: &Untrusted, is_revealed: bool) -> String {
    let raw = tin.expose_raw();
    if is_revealed { tin.shown().into_owned() } else { sanitize(&hidden(raw, 0, 2)).into_owned() }
}

/// A text with its IBANs masked, however they are grouped.
pub fn hidden_within(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut taken = 0;
    let mut is_inside = false;
    // The rest of a JSON escape, such as `\n` or `\u00a0`: not a part of a word.
    let mut escaped = 0;
    for (at, c) in text.char_indices() {
        if escaped > 0 {
            escaped = if escaped == 1 && c == 'u' && !is_inside { 5 } else { escaped } - 1;
            is_inside = escaped > 0;
            continue;
        }
        let is_start = !is_inside && at >= taken && c.is_ascii_alphabetic();
        is_inside = c.is_alphanumeric();
        if c == '\\' {
            escaped = 1;
            continue;
        }
        let Some((length, number)) = is_start.then(|| iban_at(text.get(at..)?)).flatten() else {
            continue;
        };
        out.push_str(text.get(taken..at).unwrap_or_default());
        out.push_str(&masked(&number));
        taken = at + length;
    }
    match text.get(taken..) {
        Some(rest) if taken > 0 => Cow::Owned(out + rest),
        _ => Cow::Borrowed(text),
    }
}

/// Its length in bytes, and the number. Country and length must be known, so that an id that looks
/// like an IBAN is not masked.
fn iban_at(text: &str) -> Option<(usize, String)> {
    let mut number = String::new();
    let mut found = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_of_group = next.is_some_and(|next| next.is_ascii_alphanumeric());
        match c {
            c if c.is_ascii_alphanumeric() => number.push(c.to_ascii_uppercase()),
            ' ' | '-' | '.' | '\u{a0}' => continue,
            _ => break,
        }
        let looks_like_one = number.as_bytes().first_chunk().is_none_or(|[a, b, c, d]| {
            [a, b].iter().all(|it| it.is_ascii_uppercase())
                && c.is_ascii_digit()
                && d.is_ascii_digit()
        });
        if !looks_like_one || number.len() > *LENGTHS.end() {
            break;
        }
        if !is_of_group && LENGTHS.contains(&number.len()) && number.parse::<Iban>().is_ok() {
            found = Some((at + c.len_utf8(), number.clone()));
        }
    }
    found
}

/// Without spaces, in upper case.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Masks all but the first and the last characters; a short text completely.
fn hidden(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    let tail = if count > 2 * (head + tail) { tail } else { 0 };
    text.chars()
        .enumerate()
        .map(|(at, c)| if at < head || at + tail >= count { c } else { '•' })
        .collect()
}

fn grouped(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
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

    #[test]
    fn a_number_is_hidden_wherever_it_stands_in_a_text() {
        let hidden = "ES•• •••• •••• •••• •••• 1332";
        for (text, shown) in [
            ("to ES9121000418450200051332, today", format!("to {hidden}, today")),
            ("{'iban': 'es91 2100 0418 4502 0005 1332'}", format!("{{'iban': '{hidden}'}}")),
            ("ES91-2100-0418-4502-0005-1332 by Ana", format!("{hidden} by Ana")),
            ("ES9121000418450200051332", hidden.to_owned()),
            ("ES91  2100 0418  4502 0005 1332 x", format!("{hidden} x")),
            (r#""to\nES9121000418450200051332""#, format!(r#""to\n{hidden}""#)),
            (r#""\u00a0ES9121000418450200051332""#, format!(r#""\u00a0{hidden}""#)),
            (r#""\\ES9121000418450200051332""#, format!(r#""\\{hidden}""#)),
        ] {
            assert_eq!(hidden_within(text), shown);
        }
        let two = "ES9121000418450200051332 DE89370400440532013000";
        assert!(
            hidden_within(two).ends_with("DE•• •••• •••• •••• •• 3000")
                || !hidden_within(two).contains("3704")
        );
        for plain in
            ["", "no number", "ES9121000418450200051333", "XES9121000418450200051332", "Ω ES91"]
        {
            assert!(matches!(hidden_within(plain), Cow::Borrowed(_)), "{plain}");
        }
    }
}
