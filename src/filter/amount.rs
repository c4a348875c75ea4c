//! Amounts in major units as they are typed: `100`, `100.50`, `100..500`, `100..`, `..500`.

use super::part::{Fault, Part};

/// Digits before the dot; more than any amount of the API has.
const LONGEST_WHOLE: usize = 12;

/// The ends of a typed range, as they are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amounts<'a> {
    pub(super) from: Option<&'a str>,
    pub(super) to: Option<&'a str>,
}

/// Reads a range; a single amount is both its ends.
pub(super) fn parse_range(typed: Part<'_>) -> Result<Amounts<'_>, Fault> {
    let Some((from, to)) = typed.split_once("..") else {
        parse(typed)?;
        return Ok(Amounts { from: Some(typed.text), to: Some(typed.text) });
    };
    let (from, to) = (from.trim(), to.trim());
    if from.text.is_empty() && to.text.is_empty() {
        return Err(typed.fault("open at both ends: write 100.. or ..500, or leave it out"));
    }
    let end = |part: Part<'_>| if part.text.is_empty() { Ok(None) } else { parse(part).map(Some) };
    if let (Some(least), Some(most)) = (end(from)?, end(to)?)
        && least > most
    {
        return Err(to.fault("less than the amount before it: write the smaller one first"));
    }
    Ok(Amounts { from: written(from), to: written(to) })
}

fn written(part: Part<'_>) -> Option<&str> {
    Some(part.text).filter(|text| !text.is_empty())
}

/// Reads one amount; gives it in hundredths.
pub(super) fn parse(typed: Part<'_>) -> Result<u64, Fault> {
    if let Some(at) = typed.text.chars().position(|c| !(c.is_ascii_digit() || c == '.')) {
        return Err(typed.fault_at(at..at + 1, strange(typed.text, at)));
    }
    let (whole, fraction) = match typed.split_once(".") {
        None => (typed, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    if whole.text.is_empty() {
        return Err(typed.fault("not an amount: write 100 or 0.50"));
    }
    if whole.text.len() > LONGEST_WHOLE {
        return Err(whole.fault(format!("more than {LONGEST_WHOLE} digits")));
    }
    let hundredths = match fraction {
        None => 0,
        Some(fraction) => hundredths(fraction)?,
    };
    let whole: u64 = whole.text.parse().map_err(|_| whole.fault("not a number"))?;
    Ok(whole * 100 + hundredths)
}

fn hundredths(fraction: Part<'_>) -> Result<u64, Fault> {
    let is_number = fraction.text.bytes().all(|byte| byte.is_ascii_digit());
    match (fraction.text.len(), is_number) {
        (1, true) => fraction.text.parse().map(|tenths: u64| tenths * 10),
        (2, true) => fraction.text.parse(),
        (0, _) => return Err(fraction.fault("digits are missing after the dot")),
        (_, true) => return Err(fraction.fault("at most two digits after the dot")),
        (_, false) => return Err(fraction.fault("only one dot, as in 12.50")),
    }
    .map_err(|_| fraction.fault("not a number"))
}

/// Why the character at `at` cannot stand in an amount.
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

/// Where the comma can only have been a decimal one, what to write instead of it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_gives_what_is_sent() {
        let table = [
            ("100", Some("100"), Some("100")),
            ("100.5", Some("100.5"), Some("100.5")),
            ("100..500", Some("100"), Some("500")),
            (" 100 .. 500.25 ", Some("100"), Some("500.25")),
            ("100..", Some("100"), None),
            ("..0.50", None, Some("0.50")),
            ("5..5", Some("5"), Some("5")),
        ];
        for (typed, from, to) in table {
            assert_eq!(parse_range(Part::trimmed(typed)), Ok(Amounts { from, to }), "{typed}");
        }
    }

    #[test]
    fn the_fault_is_pointed_at_and_explained() {
        let table = [
            ("12,5,0", 2..3, "no commas; use a dot: 12.50"),
            ("12,50", 2..3, "use a dot: 12.50"),
            ("1,000", 1..2, "no thousands separator: 1000"),
            ("1.000", 2..5, "at most two digits after the dot"),
            ("1.0.0", 2..5, "only one dot, as in 12.50"),
            ("5.", 2..2, "digits are missing after the dot"),
            (".5", 0..2, "not an amount: write 100 or 0.50"),
            ("-5", 0..1, "amounts have no sign"),
            ("100..-5", 5..6, "amounts have no sign"),
            ("  5 0", 3..4, "no gaps in an amount: 1234.50"),
            ("€5", 0..1, "only digits and a dot, without a currency: 12.50"),
            ("500..100.01", 5..11, "less than the amount before it: write the smaller one first"),
            ("..", 0..2, "open at both ends: write 100.. or ..500, or leave it out"),
            ("1234567890123", 0..13, "more than 12 digits"),
        ];
        for (typed, at, why) in table {
            let fault = parse_range(Part::trimmed(typed)).unwrap_err();
            assert_eq!((fault.at, fault.why.as_str()), (at, why), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_explained(typed in "\\PC{0,20}|[0-9.,]{0,12}") {
            match parse_range(Part::trimmed(&typed)) {
                Ok(amounts) => prop_assert!(amounts.from.is_some() || amounts.to.is_some()),
                Err(fault) => prop_assert!(fault.at.end <= typed.chars().count()),
            }
        }
    }
}
