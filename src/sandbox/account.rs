//! The people and companies that are paid, and bank accounts with valid check digits.

use std::sync::Arc;

use fastrand::Rng;

use super::money::Currency;

const NAMES: &str = include_str!("../../assets/sandbox/names.txt");

/// Where an account lies: country, letters of the bank code, digits after them, and the currency.
/// Canada has no IBAN, so its dollars go to an Irish account.
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

#[derive(Clone, Debug)]
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
fn iban(country: &str, number: &str) -> String {
    let rest = format!("{number}{country}00").chars().fold(0_u32, |rest, sign| {
        let value = sign.to_digit(36).unwrap_or_default();
        let width = if value > 9 { 100 } else { 10 };
        (rest * width + value) % 97
    });
    format!("{country}{:02}{number}", 98 - rest)
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
