//! Typed amounts in major units: `100`, `100.50`, `1.234,56`.

use crate::domain::input::{InputError, Spanned};
use crate::domain::typed::TypedAmount;

/// Most digits before the decimal mark; no amount of the API has more.
const LONGEST_WHOLE: usize = 12;

/// In hundredths.
pub(super) fn parse(typed: &Spanned<&str>) -> Result<i64, InputError> {
    let amount = TypedAmount::read(typed.value).ok_or_else(|| unreadable(typed))?;
    let error = |why: String| Err(typed.error(why));
    if amount.is_negative {
        return Err(typed.error_at(0..1, "write amounts without a sign"));
    }
    if amount.is_in_doubt {
        let thousands = amount.as_thousands();
        return error(format!("{thousands} or {amount}? Write {thousands}, or use two decimals"));
    }
    if amount.fraction.len() > 2 {
        return error("at most two decimals".to_owned());
    }
    if amount.whole.len() > LONGEST_WHOLE {
        return error(format!("more than {LONGEST_WHOLE} digits"));
    }
    let hundredths = format!("{}{:0<2}", amount.whole, amount.fraction).parse();
    hundredths.map_err(|_| typed.error("not a number"))
}

/// As it is sent; a currency is not part of it.
pub(super) fn plain(typed: &str) -> String {
    TypedAmount::read(typed).map_or_else(|| typed.to_owned(), |amount| amount.to_string())
}

pub(super) fn has_currency(typed: &str) -> bool {
    TypedAmount::read(typed).is_some_and(|amount| amount.currency.is_some())
}

/// Why a text is not an amount, at the first invalid character.
fn unreadable(typed: &Spanned<&str>) -> InputError {
    let strange = |c: char| match c {
        '.' | ',' => None,
        '-' | '+' => Some("write amounts without a sign"),
        c if c.is_whitespace() => {
            Some("spaces are allowed only between groups of three digits: 1 234.50")
        }
        c if c.is_alphabetic() => Some("not an amount: write 12.50"),
        _ => Some("only digits and a decimal mark: 12.50"),
    };
    let mut chars = typed.value.chars().enumerate().filter(|(_, c)| !c.is_ascii_digit());
    let found = chars.find_map(|(at, c)| Some((at, strange(c)?)));
    match (found, typed.value.chars().last()) {
        (Some((at, why)), _) => typed.error_at(at..at + 1, why),
        (None, Some('.' | ',')) => {
            let end = typed.span.len();
            typed.error_at(end..end, "digits are missing after the decimal mark")
        }
        _ => typed.error("not an amount: write 100, 0.50 or 1234.50"),
    }
}
