//! Texts for spreadsheets: a text that a spreadsheet could read as a formula is quoted.

use unicode_normalization::UnicodeNormalization;

use crate::domain::text::is_invisible;

/// Characters that can start a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// The minus sign, which spreadsheets may read as `-`.
const MINUS: char = '\u{2212}';

/// Prefixes a possible formula with `'`, which marks a text in spreadsheets. Invisible characters before
/// a sign are skipped; full-width, small, superscript and subscript forms count as the sign.
pub fn guarded(text: &str) -> String {
    let begins = text.starts_with(['\t', '\r', '\n']);
    let first = text.trim_start_matches(is_invisible).chars().next();
    let plain = first.and_then(|c| std::iter::once(c).nfkc().next());
    let is_formula = first == Some(MINUS) || plain.is_some_and(|c| FORMULA.contains(&c));
    if begins || is_formula { format!("'{text}") } else { text.to_owned() }
}

/// Returns `true` for a plain decimal number, which needs no quoting even with a sign.
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

/// The digits that spreadsheets keep of a number.
const DIGITS_KEPT: usize = 15;
/// From so many digits on, spreadsheets show a number as `4.9E+19`.
const LONGEST_SHOWN: usize = 12;

/// Returns `true` for a text of digits that a spreadsheet would change: at least 12, or with a leading
/// zero; or digits around an `E`, which is a number such as `12E5`.
pub fn is_misread(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(['E', 'e']) {
        Some((number, exponent)) => is_digits(number) && is_digits(exponent),
        None => is_digits(text) && (text.len() >= LONGEST_SHOWN || is_padded(text)),
    }
}

fn is_padded(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// Returns `true` if a spreadsheet keeps and shows all digits of this plain decimal number.
pub fn is_exact(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
    digits.count() <= DIGITS_KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_are_exact() {
        for number in ["0", "-0.05", "9999999999999.99", "-999999999999999", "0.000000000000001"] {
            assert!(is_exact(number), "{number}");
        }
        for number in ["10000000000000.00", "90071992547409.92"] {
            assert!(!is_exact(number), "{number}");
        }
    }

    #[test]
    fn what_looks_like_a_formula_is_text() {
        for text in ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\u{feff} ＠"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        let signs = ['=', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '⁺', '₌', '\u{2212}'];
        for blank in (0..=0x10_FFFF).filter_map(char::from_u32) {
            let is_unseen = blank.is_whitespace()
                || "\0\u{ad}\u{180e}\u{feff}\u{2060}\u{2800}\u{3164}\u{e0020}".contains(blank)
                || ('\u{200b}'..='\u{200f}').contains(&blank);
            for sign in signs.into_iter().filter(|_| is_unseen) {
                let text = format!("{blank}{blank}{sign}1");
                assert_eq!(guarded(&text), format!("'{text}"), "{blank:?}");
            }
        }
        for text in ["", "INV-2025", "1-2", "'=1", "Zoë"] {
            assert_eq!(guarded(text), text);
        }
    }
}
