//! Amounts, days and account numbers as people type them and as banks print them.

use std::fmt;

use chrono::NaiveDate;
use iban::BaseIban;

use super::money::{Currency, thousands};

/// Signs that only one currency uses.
const SIGNS: [(char, &str); 2] = [('€', "EUR"), ('£', "GBP")];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedAmount {
    pub currency: Option<Currency>,
    pub is_negative: bool,
    /// Digits before and after the decimal mark.
    pub whole: String,
    pub fraction: String,
    /// `1,234` and `1.234`: a thousand and more, or three decimals.
    pub is_in_doubt: bool,
}

impl TypedAmount {
    /// Reads `471.72`, `471,72`, `1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, each with or without a
    /// sign and a currency. Fails for anything that is not an amount, such as `1,2,3` or `12 34`.
    pub fn read(text: &str) -> Option<Self> {
        let (is_negative, text) = unsigned(text.trim());
        let (currency, text) = without_currency(text);
        let (is_negative, text) = if is_negative { (true, text) } else { unsigned(text) };
        let mark = text.chars().rev().find(|c| is_mark(*c));
        let parts = mark.filter(|mark| text.matches(*mark).count() == 1);
        let Some((head, tail)) = parts.and_then(|mark| text.split_once(mark)) else {
            let (whole, fraction) = (ungrouped(text)?, String::new());
            return Some(Self { currency, is_negative, whole, fraction, is_in_doubt: false });
        };
        if !is_digits(tail) {
            return None;
        }
        let is_in_doubt =
            tail.len() == 3 && is_digits(head) && head.len() <= 3 && !head.starts_with('0');
        let (whole, fraction) = (ungrouped(head)?, tail.to_owned());
        Some(Self { currency, is_negative, whole, fraction, is_in_doubt })
    }

    /// The other meaning of an amount in doubt: `1,234` as `1234`.
    pub fn as_thousands(&self) -> Self {
        let whole = format!("{}{}", self.whole, self.fraction);
        Self { whole, fraction: String::new(), is_in_doubt: false, ..self.clone() }
    }

    /// As in the cells of a table, without a currency: `1,234.56`.
    pub fn grouped(&self) -> String {
        let whole = self.whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        self.with_whole(&thousands(whole))
    }

    fn with_whole(&self, whole: &str) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let mark = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{mark}{}", self.fraction)
    }
}

/// As the API documents amounts: `1234.56`.
impl fmt::Display for TypedAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_whole(&self.whole))
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unsigned(text: &str) -> (bool, &str) {
    let negative = text.strip_prefix(['-', '\u{2212}']);
    (negative.is_some(), negative.unwrap_or(text).trim_start())
}

/// A code with a gap, or a sign, at one end.
fn without_currency(text: &str) -> (Option<Currency>, &str) {
    for (sign, code) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or(text.strip_suffix(sign)) {
            return (Currency::parse(code), rest.trim());
        }
    }
    let ends = [text.split_once(char::is_whitespace), reversed(text)];
    let known = ends.into_iter().flatten().find_map(|(code, rest)| {
        Some((Currency::parse(code).filter(Currency::is_listed)?, rest.trim()))
    });
    known.map_or((None, text), |(currency, rest)| (Some(currency), rest))
}

fn reversed(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(char::is_whitespace).map(|(rest, code)| (code, rest))
}

/// Digits, also in groups of three with the same separator between all of them.
fn ungrouped(text: &str) -> Option<String> {
    if is_digits(text) {
        return Some(text.to_owned());
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let is_separator =
        is_mark(separator) || matches!(separator, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let mut groups = text.split(separator);
    let is_first = |group: &&str| is_digits(group) && group.len() <= 3;
    let first = groups.next().filter(is_first).filter(|_| is_separator)?;
    let others: Option<String> =
        groups.map(|group| Some(group).filter(|it| is_digits(it) && it.len() == 3)).collect();
    Some(format!("{first}{}", others?))
}

/// Day, month and year of `31/12/2026`, `31.12.2026` and `31-12-2026`, as they are typed; in Europe the
/// day is first. The year may have two digits.
pub fn day_month_year(text: &str) -> Option<[&str; 3]> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = text.split(separator);
    let parts = [parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?];
    let [day, month, year] = parts;
    let is_short = |part: &str| matches!(part.len(), 1 | 2);
    let is_date = matches!(separator, '/' | '.' | '-')
        && parts.iter().all(|part| is_digits(part))
        && is_short(day)
        && is_short(month)
        && matches!(year.len(), 2 | 4);
    is_date.then_some(parts)
}

/// Characters of an IBAN, without gaps.
const IBAN: std::ops::RangeInclusive<usize> = 15..=34;
/// The country, the check digits, and at least one character of the account.
const SHORTEST_PART: usize = 5;
/// Years that people type.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// The beginning of an IBAN, or all of it, in capitals and without gaps, hyphens and the word in front:
/// `ES9121` of `IBAN es91-21`.
pub fn iban_part(text: &str) -> Option<String> {
    let part = without_gaps(text, |c| c.is_whitespace() || matches!(c, '-' | '.'));
    let (country, rest) = part.split_at_checked(2)?;
    let (check, account) = rest.split_at_checked(2)?;
    let is_one = country.bytes().all(|byte| byte.is_ascii_uppercase())
        && is_digits(check)
        && account.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_one && (SHORTEST_PART..=*IBAN.end()).contains(&part.len())).then_some(part)
}

/// In capitals, without the word in front.
fn without_gaps(text: &str, is_gap: impl Fn(char) -> bool) -> String {
    let text = text.trim();
    let has_word = text.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("iban"));
    let text = text.get(4..).filter(|_| has_word).unwrap_or(text);
    let text = text.trim_start_matches(|c: char| c == ':' || c.is_whitespace());
    text.chars().filter(|c| !is_gap(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

/// Any part of an IBAN, in capitals and without blanks and hyphens: `00051332` of `0005 1332`. `None`
/// for words, for a day, and for a part that is too short to identify an account.
pub fn iban_run(text: &str) -> Option<String> {
    let run = without_gaps(text, |c| c.is_whitespace() || c == '-');
    let is_one = run.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && run.bytes().any(|byte| byte.is_ascii_digit())
        && (SHORTEST_PART..=*IBAN.end()).contains(&run.len());
    let is_negative = unsigned(text.trim()).0;
    (is_one && !is_negative && !begins_like_day(text)).then_some(run)
}

/// Returns `true` for a day, or the year and the month of one: `31-12-2026`, `2026-11`.
fn begins_like_day(text: &str) -> bool {
    let mut parts = text.trim().split('-');
    let year = parts.next().and_then(|year| year.parse().ok()).filter(|it| YEARS.contains(it));
    let month = parts.next().and_then(|month| month.parse().ok());
    let is_month = |(year, month)| NaiveDate::from_ymd_opt(year, month, 1).is_some();
    year.zip(month).is_some_and(is_month) || day_month_year(text.trim()).is_some()
}

/// Like [`iban_part`], for a text as long as an IBAN.
pub fn account_number(text: &str) -> Option<String> {
    iban_part(text).filter(|part| IBAN.contains(&part.len()))
}

/// Like [`account_number`], for an IBAN with valid check digits.
pub fn sound_iban(text: &str) -> Option<String> {
    account_number(text).filter(|number| number.parse::<BaseIban>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_with_the_separators_of_every_country() {
        let table = [
            ("471.72", "471.72"),
            ("471,72", "471.72"),
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
            ("1 234,56", "1234.56"),
            ("1\u{202f}234,5", "1234.5"),
            ("1'234.50", "1234.50"),
            ("1.234.567", "1234567"),
            ("1,234,567.89", "1234567.89"),
            ("1 234 567", "1234567"),
            ("-12,50", "-12.50"),
            ("\u{2212}12.50", "-12.50"),
            ("1332", "1332"),
            ("0,123", "0.123"),
            ("1234,567", "1234.567"),
        ];
        for (typed, plain) in table {
            let read = TypedAmount::read(typed).unwrap();
            let expected = (plain.to_owned(), None, false);
            assert_eq!((read.to_string(), read.currency, read.is_in_doubt), expected, "{typed}");
        }
        for other in ["", "-", "1,2,3", "12 34", "1.2345.6", "5.", ".5", "1,23.45", "12 345 6", "a"]
        {
            assert_eq!(TypedAmount::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_thousand_or_three_decimals_are_in_doubt() {
        for typed in ["1,234", "1.234", "EUR 999,999"] {
            let read = TypedAmount::read(typed).unwrap();
            assert!(read.is_in_doubt && read.fraction.len() == 3, "{typed}");
        }
        let read = TypedAmount::read("1,234").unwrap();
        let both = [read.to_string(), read.as_thousands().to_string()];
        assert_eq!(both, ["1.234", "1234"]);
        assert_eq!(read.as_thousands().grouped(), "1,234");
    }

    #[test]
    fn a_currency_is_read_at_either_end_and_not_in_a_document_number() {
        for typed in ["EUR 471.72", "eur 471,72", "471,72 EUR", "€471,72", "471,72 €", "€ 471.72"]
        {
            let read = TypedAmount::read(typed).unwrap();
            let expected = (Some(Currency::EUR), "471.72".to_owned());
            assert_eq!((read.currency, read.to_string()), expected, "{typed}");
        }
        assert_eq!(TypedAmount::read("-EUR 5").unwrap().to_string(), "-5");
        for other in ["INV 2025", "PEN-2025", "PEN-2025-001", "BK 604753", "ABCD 5", "EUR"] {
            assert_eq!(TypedAmount::read(other), None, "{other}");
        }
    }

    #[test]
    fn a_day_before_its_month_is_recognized() {
        for (typed, parts) in [
            ("31/12/2026", ["31", "12", "2026"]),
            ("31.12.2026", ["31", "12", "2026"]),
            ("1-2-2026", ["1", "2", "2026"]),
            ("12/31/2026", ["12", "31", "2026"]),
            ("31/12/26", ["31", "12", "26"]),
        ] {
            assert_eq!(day_month_year(typed), Some(parts), "{typed}");
        }
        for other in
            ["", "2026-12-31", "31/12", "31/12.2026", "31/12/2026/1", "a/b/2026", "1/2/202"]
        {
            assert_eq!(day_month_year(other), None, "{other}");
        }
    }

    #[test]
    fn an_iban_is_read_as_banks_print_it() {
        let plain = "ES9121000418450200051332";
        for typed in [
            plain,
            "es91 2100 0418 4502 0005 1332",
            "ES91-2100-0418-4502-0005-1332",
            " IBAN: ES91 2100 0418 4502 0005 1332",
            "ES91\u{a0}2100\u{a0}0418 4502 0005 1332",
        ] {
            assert_eq!(sound_iban(typed).as_deref(), Some(plain), "{typed}");
        }
        assert_eq!(iban_part("es91 21").as_deref(), Some("ES9121"));
        for other in ["", "ES91", "1332", "BKX12345", "ES91 21€", "ES9121000418450200051333"] {
            assert_eq!(sound_iban(other), None, "{other}");
        }
    }

    #[test]
    fn any_part_of_an_iban_is_read_with_blanks_and_hyphens_and_no_sentence_is_one() {
        for (typed, run) in [
            ("0005 1332", "00051332"),
            ("nwbk-6016", "NWBK6016"),
            ("2 0005 13", "2000513"),
            ("IBAN 5 1332", "51332"),
            ("2026 1105", "20261105"),
            ("2005-1332", "20051332"),
        ] {
            assert_eq!(iban_run(typed).as_deref(), Some(run), "{typed}");
        }
        let others = ["13 3", "ana ruiz", "missing iban", "2026-11", "2026-11-05", "31-12-2026"];
        for other in others.into_iter().chain(["-12 345", "471.72", "1.234,56", "ES91 21€", ""]) {
            assert_eq!(iban_run(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}|[A-Z0-9 .,'€-]{0,30}") {
            if let Some(amount) = TypedAmount::read(&text) {
                let again = TypedAmount::read(&amount.to_string()).unwrap();
                prop_assert_eq!(again.to_string(), amount.to_string());
            }
            let _ = (day_month_year(&text), sound_iban(&text), iban_run(&text));
        }
    }
}
