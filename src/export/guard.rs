//! Texts for spreadsheets: a text that a spreadsheet could read as a formula is quoted.

use unicode_normalization::UnicodeNormalization;

use crate::domain::text::is_invisible;

/// Characters that can start a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];
/// The minus sign, which spreadsheets may read as `-`.
const MINUS: char = '\u{2212}';

/// Prefixes a possible formula with `'`, which marks a text in spreadsheets. Invisible characters before
/// a sign are skipped; full-width, small, superscript and subscript forms count as the sign. A spreadsheet of
/// another country may split the text at another separator, so a sign after one is prefixed, too.
pub fn guarded(text: &str) -> String {
    let begins = text.starts_with(['\t', '\r', '\n']);
    let first = text.trim_start_matches(is_invisible).chars().next();
    let before = if begins || first.is_some_and(is_sign) { "'" } else { "" };
    let first = text.len() - text.trim_start_matches(is_invisible).len();
    let mut out = before.to_owned();
    let mut follows_separator = false;
    for (at, c) in text.char_indices() {
        if follows_separator && at > first && is_sign(c) {
            out.push('\'');
        }
        follows_separator = is_separator(c) || follows_separator && is_invisible(c);
        out.push(c);
    }
    out
}

fn is_sign(c: char) -> bool {
    c == MINUS || std::iter::once(c).nfkc().next().is_some_and(|plain| FORMULA.contains(&plain))
}

/// Separators of csv files, and the quote, which can follow one.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '\t' | '\r' | '\n' | '|' | '"')
}

/// JSON in a cell: a sign in a string that could become the start of a cell is escaped, so that the value
/// stays the same.
pub fn guarded_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut is_in_text, mut is_escaped, mut follows_separator) = (false, false, false);
    for c in json.chars() {
        let is_quote = c == '"' && !is_escaped;
        if is_in_text && follows_separator && is_sign(c) && !is_escaped {
            let mut units = [0; 2];
            let codes = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            out.extend(codes);
        } else {
            out.push(c);
        }
        follows_separator = is_separator(c) || follows_separator && is_invisible(c);
        is_in_text ^= is_quote;
        is_escaped = c == '\\' && !is_escaped;
    }
    out
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

/// Returns `true` for a text that a spreadsheet would read as a number, a date or a time, and change: `12.5`
/// is 12 May where the decimal sign is a comma. A whole number of at most 11 digits stays as it is.
pub fn is_misread(text: &str) -> bool {
    let text = text.trim_matches(is_invisible);
    let is_kept = text.bytes().all(|byte| byte.is_ascii_digit())
        && text.len() < LONGEST_SHOWN
        && !is_padded(text);
    let begins = text.trim_start_matches(['+', '-', '.', ',']);
    begins.starts_with(|c: char| c.is_ascii_digit())
        && !is_kept
        && text.chars().all(|c| c.is_ascii_digit() || "+-.,/:'%eE".contains(c))
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
        for text in ["", "INV-2025", "1-2", "'=1", "Zoë", "a, b; c", "x\"y"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn a_sign_after_any_separator_is_text() {
        for (text, expected) in [
            ("x,=1+1,", "x,'=1+1,"),
            ("x; \u{200b}＝1", "x; \u{200b}'＝1"),
            ("a\";\"=1", "a\";\"'=1"),
            ("x\t@y|-1", "x\t'@y|'-1"),
            ("=1;=2", "'=1;'=2"),
            (" =1", "' =1"),
        ] {
            assert_eq!(guarded(text), expected);
        }
        let json = r#"{"a":"=1;+2","b":[1,-5],"c\"":"x\",@y","d":"a=b"}"#;
        let guarded = guarded_json(json);
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&guarded), read(json));
        assert!(!guarded.contains("\"=") && !guarded.contains(";+") && !guarded.contains(",@"));
        assert!(guarded.contains("[1,-5]") && guarded.contains("a=b"), "{guarded}");
    }
}
