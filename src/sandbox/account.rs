//! The owners and their accounts, and integer arithmetic on minor units (two decimals in all currencies).

use std::sync::Arc;

use fastrand::Rng;

const NAMES: &str = include_str!("../../assets/sandbox/names.txt");

/// Country, bank letters, digits, currency; Canada has no IBAN: its dollars go to an Irish account.
const BANKS: [(&str, usize, usize, Currency); 22] = [
    ("ES", 0, 20, Currency::EUR),
    ("ES", 0, 20, Currency::EUR),
    ("ES", 0, 20, Currency::EUR),
    ("ES", 0, 20, Currency::EUR),
    ("DE", 0, 18, Currency::EUR),
    ("FR", 0, 23, Currency::EUR),
    ("IT", 1, 22, Currency::EUR),
    ("IT", 1, 22, Currency::EUR),
    ("PT", 0, 21, Currency::EUR),
    ("NL", 4, 10, Currency::EUR),
    ("BE", 0, 12, Currency::EUR),
    ("GR", 0, 23, Currency::EUR),
    ("IE", 4, 14, Currency::EUR),
    ("AT", 0, 16, Currency::EUR),
    ("GB", 4, 14, Currency::GBP),
    ("GB", 4, 14, Currency::GBP),
    ("PL", 0, 24, Currency::PLN),
    ("CZ", 0, 20, Currency::CZK),
    ("HU", 0, 24, Currency::HUF),
    ("AE", 0, 19, Currency::AED),
    ("TR", 0, 22, Currency::TRY),
    ("IE", 4, 14, Currency::CAD),
];

#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    pub(super) holder: &'static str,
    pub(super) iban: String,
    pub(super) currency: Currency,
}

pub(super) fn accounts(rng: &mut Rng) -> Vec<Arc<Account>> {
    let banks = BANKS.iter().cycle().skip(rng.usize(..BANKS.len()));
    let names = NAMES.lines().filter(|name| !name.is_empty());
    let open = |(holder, &(country, letters, digits, currency))| {
        let mut number: String = (0..letters).map(|_| rng.uppercase()).collect();
        number.extend((0..digits).map(|_| rng.digit(10)));
        Arc::new(Account { holder, iban: iban(country, &number), currency })
    };
    names.zip(banks).map(open).collect()
}

/// ISO 13616: check digits make `number country check`, with letters as 10..35, equal 1 modulo 97.
pub(super) fn iban(country: &str, number: &str) -> String {
    let rest = format!("{number}{country}00").chars().fold(0_u32, |rest, sign| {
        let value = sign.to_digit(36).unwrap_or_default();
        let width = if value > 9 { 100 } else { 10 };
        (rest * width + value) % 97
    });
    format!("{country}{:02}{number}", 98 - rest)
}

/// The rate 1 with the ten decimals of `rate_to_eur`.
const RATE_ONE: i64 = 10_000_000_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Currency {
    pub(super) code: &'static str,
    /// Euros per unit, times 10^10.
    rate: i64,
}

impl Currency {
    pub(super) const EUR: Self = Self { code: "EUR", rate: RATE_ONE };
    pub(super) const GBP: Self = Self { code: "GBP", rate: 11_584_213_907 };
    pub(super) const PLN: Self = Self { code: "PLN", rate: 2_331_405_126 };
    pub(super) const CZK: Self = Self { code: "CZK", rate: 398_721_450 };
    pub(super) const HUF: Self = Self { code: "HUF", rate: 24_693_817 };
    pub(super) const AED: Self = Self { code: "AED", rate: 2_519_446_208 };
    pub(super) const TRY: Self = Self { code: "TRY", rate: 243_310_592 };
    pub(super) const CAD: Self = Self { code: "CAD", rate: 6_702_187_335 };

    /// An amount of euro cents in this currency's minor units, rounded to full units like prices.
    pub(super) fn price(self, euro_cents: i64) -> i64 {
        if self == Self::EUR {
            return euro_cents;
        }
        let minor = i128::from(euro_cents) * i128::from(RATE_ONE) / i128::from(self.rate);
        i64::try_from(minor / 100 * 100).unwrap_or(i64::MAX)
    }

    /// An amount in this currency as euro cents, rounded half up.
    pub(super) fn to_eur(self, amount: i64) -> i64 {
        let scaled = i128::from(amount) * i128::from(self.rate);
        let half = i128::from(RATE_ONE / 2);
        i64::try_from((scaled + half).div_euclid(i128::from(RATE_ONE))).unwrap_or(i64::MAX)
    }

    pub(super) fn rate_text(self) -> String {
        format!("{}.{:010}", self.rate / RATE_ONE, self.rate % RATE_ONE)
    }
}

/// Rounded half up.
pub(super) fn percent(amount: i64, percent: i64) -> i64 {
    (amount * percent + 50).div_euclid(100)
}

pub(super) fn gross(net: i64) -> i64 {
    percent(net, 121)
}

#[cfg(test)]
mod tests {
    use super::iban;

    #[test]
    fn the_check_digits_are_those_of_published_examples() {
        assert_eq!(iban("ES", "21000418450200051332"), "ES9121000418450200051332");
        assert_eq!(iban("GB", "WEST12345698765432"), "GB82WEST12345698765432");
    }
}
