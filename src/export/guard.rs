//! Texts in a spreadsheet: one that would be taken for a formula is quoted.

/// Characters with which a spreadsheet may begin a formula, with their full-width forms.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as a cell. The mark before it is read by spreadsheets as "this is text".
#[must_use]
pub fn guarded(text: &str) -> String {
    let is_hidden = |c: char| matches!(c, '\u{feff}' | '\u{a0}' | '\u{3000}' | ' ');
    let begins = text.chars().next().is_some_and(|c| FORMULA.contains(&c))
        || text.trim_start_matches(is_hidden).starts_with(FORMULA);
    if begins { format!("'{text}") } else { text.to_owned() }
}

/// A plain decimal number, which stays one in a spreadsheet even with a sign.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole) && is_digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_text() {
        for text in
            ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", " =1", "\u{feff}=1", "\u{feff} ＠"]
        {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "INV-2025", "1-2", "'=1", "Zoë"] {
            assert_eq!(guarded(text), text);
        }
    }
}
