//! The people and companies that are paid, and bank accounts with valid check digits.

use std::sync::Arc;

use fastrand::Rng;

use super::money::Currency;

/// Names in many scripts, one a line.
const NAMES: &str = include_str!("../../assets/sandbox/names.txt");

/// Where an account lies: country, letters of the bank code, digits after them, and the currency.
/// Canada has no IBAN, so its dollars go to an Irish account.
const BANKS: [(&str, usize, usize, Currency); 22] = [
    ("ES", 0, 20, Currency::Eur),
    ("ES", 0, 20, Currency::Eur),
    ("ES", 0, 20, Currency::Eur),
    ("ES", 0, 20, Currency::Eur),
    ("DE", 0, 18, Currency::Eur),
    ("FR", 0, 23, Currency::Eur),
    ("IT", 1, 22, Currency::Eur),
    ("IT", 1, 22, Currency::Eur),
    ("PT", 0, 21, Currency::Eur),
    ("NL", 4, 10, Currency::Eur),
    ("BE", 0, 12, Currency::Eur),
    ("GR", 0, 23, Currency::Eur),
    ("IE", 4, 14, Currency::Eur),
    ("AT", 0, 16, Currency::Eur),
    ("GB", 4, 14, Currency::Gbp),
    ("GB", 4, 14, Currency::Gbp),
    ("PL", 0, 24, Currency::Pln),
    ("CZ", 0, 20, Currency::Czk),
    ("HU", 0, 24, Currency::Huf),
    ("AE", 0, 19, Currency::Aed),
    ("TR", 0, 22, Currency::Try),
    ("IE", 4, 14, Currency::Cad),
];

/// Somebody who is paid: a name, an account and the currency it is held in.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) holder: &'static str,
    pub(super) iban: String,
    pub(super) currency: Currency,
}

pub(super) fn accounts(rng: &mut Rng) -> Vec<Arc<Account>> {
    let banks = BANKS.iter().cycle().skip(rng.usize(..BANKS.len()));
    let names = NAMES.lines().filter(|name| !name.is_empty());
    names.zip(banks).map(|(holder, bank)| Arc::new(open(rng, holder, bank))).collect()
}

fn open(rng: &mut Rng, holder: &'static str, bank: &(&str, usize, usize, Currency)) -> Account {
    let (country, letters, digits, currency) = *bank;
    let mut number: String = (0..letters).map(|_| rng.uppercase()).collect();
    number.extend((0..digits).map(|_| rng.digit(10)));
    Account { holder, iban: iban(country, &number), currency }
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
