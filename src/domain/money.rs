//! Money: integer minor units with a currency. No float, no sum across currencies.

use std::collections::BTreeMap;
use std::fmt;

/// A currency code of the API: three letters, or [`Currency::NONE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// No currency is known, as for the `totals` of a conciliation (contract, "conciliation").
    pub const NONE: Self = Self(*b"   ");

    /// A currency that is not a code, such as `Euro`: no sum includes its amounts.
    pub const UNKNOWN: Self = Self(*b"?  ");

    pub const EUR: Self = Self(*b"EUR");

    pub fn parse(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        let is_code = letters.iter().all(u8::is_ascii_alphabetic);
        is_code.then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end()
    }

    /// Returns `true` for a code of ISO 4217.
    pub fn is_listed(&self) -> bool {
        iso_currency::Currency::from_code(self.code()).is_some()
    }

    /// Decimal places (ISO 4217); 2 for an unknown code: the contract calls every amount "cents".
    pub fn exponent(&self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(iso_currency::Currency::exponent)
            .map_or(2, u32::from)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// Minor units as major units: grouped by thousands, with the currency's own decimals, never cut.
pub fn format_amount(minor: i128, currency: Currency) -> String {
    let exponent = currency.exponent() as usize;
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = exponent + 1);
    let (whole, fraction) = digits.split_at(digits.len() - exponent);
    let sign = if minor < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", thousands(whole))
}

/// An amount after its currency code: `EUR 1,000.00`; only the amount if there is no currency.
pub fn format_money(minor: i128, currency: Currency) -> String {
    let space = if currency == Currency::NONE { "" } else { " " };
    format!("{currency}{space}{}", format_amount(minor, currency))
}

pub fn format_count(count: u64) -> String {
    thousands(&count.to_string())
}

/// A number with its noun, in the plural for any number but one: `2,113 rows`.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", format_count(count), if count == 1 { "" } else { "s" })
}

pub(super) fn thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Minor units, one sum for each currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(BTreeMap<Currency, i128>);

impl Sums {
    pub fn add(&mut self, minor: impl Into<i128>, currency: Currency) {
        *self.0.entry(currency).or_default() += minor.into();
    }

    pub fn of(&self, currency: Currency) -> i128 {
        self.0.get(&currency).copied().unwrap_or_default()
    }

    pub fn merge(&mut self, other: &Self) {
        for (currency, minor) in other.iter() {
            self.add(minor, currency);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Currency, i128)> {
        self.0.iter().map(|(currency, minor)| (*currency, *minor))
    }

    /// With EUR, the main currency, first.
    pub fn euros_first(&self) -> impl Iterator<Item = (Currency, i128)> {
        let is_euro = |(currency, _): &(Currency, i128)| *currency == Currency::EUR;
        self.iter().filter(is_euro).chain(self.iter().filter(move |sum| !is_euro(sum)))
    }

    pub fn only_currency(&self) -> Option<Currency> {
        let mut each = self.0.keys();
        each.next().copied().filter(|_| each.next().is_none())
    }

    /// `EUR 1.00, PLN 2.00`.
    pub fn in_words(&self) -> String {
        let each = self.iter().map(|(currency, minor)| format_money(minor, currency));
        each.collect::<Vec<_>>().join(", ")
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (currency, minor)) in self.iter().enumerate() {
            let gap = if index > 0 { " · " } else { "" };
            write!(f, "{gap}{}", format_money(minor, currency))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn amounts_are_grouped_with_the_exponent_of_their_currency() {
        let table = [
            (0, "EUR", "0.00"),
            (5, "EUR", "0.05"),
            (-5, "EUR", "-0.05"),
            (100_000, "EUR", "1,000.00"),
            (-123_456_789, "PLN", "-1,234,567.89"),
            (1_234_567, "JPY", "1,234,567"),
            (1_234_567, "KWD", "1,234.567"),
            (1_234, "XQQ", "12.34"),
        ];
        for (minor, code, shown) in table {
            assert_eq!(format_amount(minor, currency(code)), shown);
        }
        assert_eq!(
            format_amount(i128::from(i64::MIN), currency("EUR")),
            "-92,233,720,368,547,758.08"
        );
    }

    #[test]
    fn counts_have_their_plural_and_thousands() {
        let table = [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (2_113, "2,113 rows")];
        for (count, shown) in table {
            assert_eq!(counted(count, "row"), shown);
        }
    }

    #[test]
    fn only_three_letters_are_a_currency() {
        assert_eq!(currency("eur").code(), "EUR");
        for odd in ["", "EU", "EURO", "E\u{1b}R", "€", "E1R"] {
            assert_eq!(Currency::parse(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn sums_keep_currencies_apart_and_do_not_overflow() {
        let mut sums = Sums::default();
        for _ in 0..3 {
            sums.add(i64::MAX, currency("EUR"));
            sums.add(100, currency("CZK"));
        }
        assert_eq!(sums.to_string(), "CZK 3.00 · EUR 276,701,161,105,643,274.21");
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(minor in any::<i64>()) {
            let shown = format_amount(i128::from(minor), currency("EUR"));
            let back: i128 = shown.replace([',', '.'], "").parse().unwrap();
            prop_assert_eq!(back, i128::from(minor));
        }
    }
}
