//! Bank accounts of the landlord: those that the database pays to.

use serde_json::{Value, json};

use super::super::account::Account;
use super::super::database::Database;
use super::data::{ACCOUNT, id, number};

const ACCOUNTS: usize = 4;
/// The currencies that the documents list, with their symbols.
pub(super) const CURRENCIES: [(&str, &str); 8] = [
    ("EUR", "€"),
    ("GBP", "£"),
    ("AED", "AED"),
    ("TRY", "TL"),
    ("PLN", "zł"),
    ("CZK", "Kč"),
    ("HUF", "Ft"),
    ("CAD", "$"),
];

pub(super) fn accounts(database: &Database) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for row in database.transactions.iter().rev() {
        if accounts.len() < ACCOUNTS && !accounts.iter().any(|known| known.iban == row.account.iban)
        {
            accounts.push(Account::clone(&row.account));
        }
    }
    // One that somebody mistyped: its check digits are wrong.
    if let Some(last) = accounts.last_mut() {
        let digit = last.iban.pop().and_then(|c| c.to_digit(10)).unwrap_or(0);
        last.iban.push(char::from_digit((digit + 1) % 10, 10).unwrap_or('0'));
    }
    accounts
}

/// The place of the account with an identifier.
pub(super) fn place(accounts: &[Account], text: &str) -> Option<usize> {
    number(ACCOUNT, text)?.checked_sub(1).filter(|at| *at < accounts.len())
}

/// Bank account details, as Payments has them.
pub(super) fn details(accounts: &[Account], at: usize) -> Option<Value> {
    let account = accounts.get(at)?;
    Some(json!({
        "id": id(ACCOUNT, at + 1), "useAsDefault": at == 0, "invoiceName": account.holder,
        "vatNumber": "DE11111", "beneficiaryName": account.holder, "beneficiarySurname": null,
        "iban": account.iban, "bic": "BBVAESMM", "city": "Madrid", "zipCode": "28001",
        "street": "Calle de Sta Engracia", "streetNumber": "41", "floor": "1", "door": "A",
        "countryCode": "ES", "businessType": "individual", "tin": "27484819A",
        "tinCountry": "ES", "registrationCountry": "ES", "registrationDate": "2020-01-01",
    }))
}

/// The properties whose rent is paid to an account.
pub(super) fn properties(at: usize) -> Vec<String> {
    (0..=at).map(|nth| (67_882 + 1_000 * at + nth).to_string()).collect()
}

/// A bank account, as Payments and Finance has it.
pub(super) fn finance(account: &Account) -> Value {
    json!({
        "iban": account.iban, "bic": "BSANADAD", "currency": account.currency.code,
        "address": {"city": "madrid", "zipCode": "80312", "street": "Calle Gonzalez 12",
            "country": "spain"},
        "accountHolderFullName": account.holder,
    })
}

/// The holder with an account, in `snake_case`.
pub(super) fn holder(account: &Account) -> Value {
    json!({
        "_id": "10038", "name": account.holder, "vat_number": "B82860165", "is_multi_iban": true,
        "bank_account": {
            "iban": account.iban, "bic": "", "currency_code": account.currency.code,
            "address": {"city": "undefined", "country_code": "undefined",
                "zip_code": "undefined", "street": "undefined"},
            "holder_name": account.holder,
        },
    })
}
