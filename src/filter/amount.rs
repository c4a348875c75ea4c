//! Typed amounts in major units: `100`, `100.50`.

use crate::domain::input::{InputError, Spanned};

/// The most digits before the dot; no amount of the API has more.
const LONGEST_WHOLE: usize = 12;

pub(super) fn parse(typed: &Spanned<&str>) -> Result<i64, InputError> {
    if let Some(at) = typed.value.chars().position(|c| !(c.is_ascii_digit() || c == '.')) {
        return Err(typed.error_at(at..at + 1, strange(typed.value, at)));
    }
    let (whole, fraction) = match typed.split_once(".") {
        None => (typed.clone(), None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    if whole.value.is_empty() {
        return Err(typed.error("not an amount: write 100 or 0.50"));
    }
    if whole.value.len() > LONGEST_WHOLE {
        return Err(whole.error(format!("more than {LONGEST_WHOLE} digits")));
    }
    let hundredths = fraction.map_or(Ok(0), |fraction| hundredths(&fraction))?;
    let whole: i64 = whole.value.parse().map_err(|_| whole.error("not a number"))?;
    Ok(whole * 100 + hundredths)
}

fn hundredths(fraction: &Spanned<&str>) -> Result<i64, InputError> {
    let is_number = fraction.value.bytes().all(|byte| byte.is_ascii_digit());
    Err(fraction.error(match (fraction.value.len(), is_number) {
        (1 | 2, true) => match format!("{:0<2}", fraction.value).parse() {
            Ok(hundredths) => return Ok(hundredths),
            Err(_) => "not a number",
        },
        (0, _) => "digits are missing after the dot",
        (_, true) => "at most two digits after the dot",
        (_, false) => "only one dot, as in 12.50",
    }))
}

fn strange(text: &str, at: usize) -> String {
    match text.chars().nth(at) {
        Some(',') => comma(text),
        Some('-' | '+') => "amounts have no sign".to_owned(),
        Some(c) if c.is_whitespace() => "no gaps in an amount: 1234.50".to_owned(),
        Some(c) if c.is_alphabetic() || !c.is_ascii() => {
            "only digits and a dot, without a currency: 12.50".to_owned()
        }
        _ => "only digits and a dot: 12.50".to_owned(),
    }
}

/// The error for an amount with a comma: how to write it instead.
fn comma(text: &str) -> String {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(',') {
        Some((whole, fraction)) if digits(whole) && digits(fraction) && fraction.len() < 3 => {
            format!("use a dot: {whole}.{fraction}")
        }
        Some((whole, rest)) if digits(whole) && digits(rest) && rest.len() == 3 => {
            format!("no thousands separator: {whole}{rest}")
        }
        _ => "no commas; use a dot: 12.50".to_owned(),
    }
}
