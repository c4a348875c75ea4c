//! Tenant payments per booking: rent before each payout to a landlord, and one fee.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use super::super::Options;
use super::super::account::{Account, iban, percent};
use super::super::calendar::shift;
use super::super::database::Database;

const TENANTS: &str = "Ana Lindqvist,Tomasz Zieliński,Chidi Okafor,Zoë Martin,Yuki Tanaka,\
                       Lars Østergaard,María Peña,Ivana Horváthová";
/// Reverses the text behind it, and changes its color in a terminal with 8-bit controls.
const HOSTILE: &str = "Ana\u{202e}tsed\u{9b}31m";
/// Days between a tenant's payment and the payout.
const BEFORE: i64 = 5;

pub(super) struct Payment {
    /// From 1, in the order of the due dates.
    pub(super) number: usize,
    pub(super) reference: String,
    /// From 1.
    pub(super) booking: usize,
    pub(super) amount: i64,
    pub(super) currency: &'static str,
    pub(super) due: NaiveDate,
    pub(super) seen: NaiveDate,
    /// At the start of the sandbox.
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    /// What writes did to it, in their order.
    pub(super) changes: Vec<Change>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Blocked,
    Unblocked,
    Canceled,
}

pub(super) struct Change {
    pub(super) what: What,
    pub(super) at: NaiveDateTime,
    /// The number of its event.
    pub(super) event: usize,
}

pub(super) struct PaymentsData {
    pub(super) payments: Vec<Payment>,
    pub(super) bank: Vec<Account>,
    /// The properties of each account.
    pub(super) properties: Vec<Vec<String>>,
    /// Of the last event that a write caused.
    pub(super) last_event: usize,
}

pub(super) fn id(kind: u32, number: usize) -> String {
    format!("{kind:08x}-b68f-4423-bc93-{number:012x}")
}

pub(super) fn number(kind: u32, text: &str) -> Option<usize> {
    let number = usize::from_str_radix(text.rsplit('-').next()?, 16).ok()?;
    (id(kind, number) == text).then_some(number)
}

pub(super) const PAYMENT: u32 = 0x8f2d_be69;
pub(super) const HOLDER: u32 = 0xec80_8186;
pub(super) const METHOD: u32 = 0xf8b9_1b3e;
pub(super) const BOOKING: u32 = 0xeeee_f468;
pub(super) const TENANT: u32 = 0xcbbf_054a;
pub(super) const LANDLORD: u32 = 0x8aae_4496;
pub(super) const ACCOUNT: u32 = 0xc592_95ab;

impl PaymentsData {
    pub(super) fn of(database: &Database, options: &Options) -> Self {
        let today = options.today;
        let made = database.transactions.iter();
        let made = made.map(|row| (row.booking, row.issued_on, row.amount, row.currency));
        let scheduled = database.scheduled.iter();
        let scheduled = scheduled.map(|row| (row.booking, row.due, row.amount, row.currency));
        let mut bookings: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for (booking, day, amount, currency) in made.chain(scheduled) {
            let payout = (day, amount.abs(), currency.code);
            bookings.entry(booking.to_string()).or_default().push(payout);
        }
        let mut payments = Vec::new();
        for (booking, (reference, payouts)) in (1..).zip(bookings) {
            let mut add = |day, amount, currency, kind| {
                let due = shift(day, -BEFORE);
                payments.push(Payment {
                    number: 0,
                    reference: reference.clone(),
                    booking,
                    amount,
                    currency,
                    due,
                    seen: due.min(shift(today, -1)),
                    status: "",
                    kind,
                    changes: Vec::new(),
                });
            };
            if let Some((day, amount, currency)) = payouts.iter().min_by_key(|(day, ..)| *day) {
                add(shift(*day, -BEFORE), percent(*amount, 30), *currency, "fee-collection");
            }
            for (day, amount, currency) in payouts {
                add(day, amount + percent(amount, 5), currency, "rent-collection");
            }
        }
        payments.sort_by(|one, two| (one.due, &one.reference).cmp(&(two.due, &two.reference)));
        for (number, payment) in (1..).zip(&mut payments) {
            payment.number = number;
            payment.status = match number % 23 {
                _ if payment.due > today => "Ready",
                3 => "Failed",
                7 => "Canceled",
                _ if payment.due > shift(today, -3) => "InProgress",
                _ => "Paid",
            };
        }
        let mut bank = accounts(database, options.accounts.unwrap_or(ACCOUNTS));
        if let Some(first) = bank.first_mut().filter(|_| options.hostile) {
            first.holder = HOSTILE;
        }
        let properties = (0..bank.len()).map(properties).collect();
        let last_event = payments.len() * EACH;
        Self { payments, bank, properties, last_event }
    }

    pub(super) fn payment_mut(&mut self, text: &str) -> Option<&mut Payment> {
        self.payments.get_mut(number(PAYMENT, text)?.checked_sub(1)?)
    }

    pub(super) fn properties(&self, at: usize) -> &[String] {
        self.properties.get(at).map_or(&[], Vec::as_slice)
    }

    pub(super) fn payment(&self, text: &str) -> Option<&Payment> {
        self.payments.get(number(PAYMENT, text)?.checked_sub(1)?)
    }
}

impl Payment {
    pub(super) fn id(&self) -> String {
        id(PAYMENT, self.number)
    }

    /// At the start of the sandbox.
    pub(super) fn starts_blocked(&self) -> bool {
        self.number % 17 == 5
    }

    pub(super) fn is_blocked(&self) -> bool {
        let blocks = self.changes.iter().rev().find(|it| it.what != What::Canceled);
        blocks.map_or_else(|| self.starts_blocked(), |it| it.what == What::Blocked)
    }

    pub(super) fn status(&self) -> &'static str {
        let is_canceled = self.changes.iter().any(|it| it.what == What::Canceled);
        if is_canceled { "Canceled" } else { self.status }
    }

    /// The time of the last change.
    pub(super) fn updated(&self) -> String {
        match self.changes.last() {
            Some(change) => change.at.format("%Y-%m-%dT%H:%M:%S+0000").to_string(),
            None => format!("{}T15:13:42+0000", self.seen),
        }
    }

    fn is_automatic(&self) -> bool {
        !self.number.is_multiple_of(4)
    }

    pub(super) fn row(&self) -> Value {
        json!({
            "id": self.id(), "dueDate": self.due.to_string(), "amount": self.amount,
            "currencyCode": self.currency, "status": self.status(), "type": self.kind,
            "reason": (self.status() == "Failed").then_some("Rejected"), "sourceType": "booking",
            "sourceId": id(BOOKING, self.booking), "sourceRefCode": self.reference,
            "isAutomatic": self.is_automatic(),
        })
    }

    pub(super) fn public(&self) -> Value {
        json!({
            "id": self.id(), "type": self.kind, "amount": self.amount.to_string(),
            "currencyCode": self.currency, "reference": "spotahome fee", "status": self.status(),
            "dueDate": self.due.to_string(),
        })
    }

    pub(super) fn admin(&self) -> Value {
        let paid = (self.status() == "Paid").then(|| self.due.to_string());
        json!({
            "id": self.id(), "sourceType": "booking", "sourceId": id(BOOKING, self.booking),
            "sourceRefCode": self.reference, "referencePaymentId": null,
            "originPaymentHolderId": id(HOLDER, self.booking),
            "originPaymentMethodId": id(METHOD, self.booking),
            "targetPaymentHolderId": id(HOLDER, 0), "targetPaymentMethodId": id(METHOD, 0),
            "isAutomatic": self.is_automatic(), "status": self.status(),
            "dueDate": self.due.to_string(), "paidDate": paid,
            "transactionId": format!("pi_{:08}", self.number),
        })
    }

    pub(super) fn holder_body(&self) -> Value {
        let name = TENANTS.split(',').nth((self.booking - 1) % 8).unwrap_or_default();
        let mail: String = name.chars().filter(char::is_ascii_alphabetic).collect();
        let card = id(METHOD, self.booking);
        json!({
            "id": id(HOLDER, self.booking), "name": name,
            "email": format!("{}@example.com", mail.to_lowercase()),
            "defaultPaymentMethodId": card,
            "paymentMethods": [
                {"id": card, "type": "card", "provider": "stripe"},
                {"id": id(METHOD, self.booking + 99_999), "type": "paypal", "provider": "braintree"},
            ],
        })
    }
}

const ACCOUNTS: usize = 4;
/// The maximum events of a payment at the start, and the range of their numbers.
pub(super) const EACH: usize = 10;
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

fn accounts(database: &Database, count: usize) -> Vec<Account> {
    let mut accounts: Vec<Account> = Vec::new();
    for row in database.transactions.iter().rev() {
        if accounts.len() < ACCOUNTS.min(count)
            && !accounts.iter().any(|known| known.iban == row.account.iban)
        {
            accounts.push(Account::clone(&row.account));
        }
    }
    // An IBAN with a typo, so that its check digits are wrong.
    if let Some(last) = accounts.last_mut() {
        let digit = last.iban.pop().and_then(|c| c.to_digit(10)).unwrap_or(0);
        last.iban.push(char::from_digit((digit + 1) % 10, 10).unwrap_or('0'));
    }
    let more = (accounts.len()..count).map(|at| Account {
        iban: iban("ES", &format!("{at:020}")),
        ..accounts.get(at % ACCOUNTS).cloned().unwrap_or_default()
    });
    let more: Vec<Account> = more.collect();
    accounts.extend(more);
    accounts
}

pub(super) fn place(accounts: &[Account], text: &str) -> Option<usize> {
    number(ACCOUNT, text)?.checked_sub(1).filter(|at| *at < accounts.len())
}

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

fn properties(at: usize) -> Vec<String> {
    (0..=at).map(|nth| (67_882 + 1_000 * at + nth).to_string()).collect()
}

pub(super) fn finance(account: &Account) -> Value {
    json!({
        "iban": account.iban, "bic": "BSANADAD", "currency": account.currency.code,
        "address": {"city": "madrid", "zipCode": "80312", "street": "Calle Gonzalez 12",
            "country": "spain"},
        "accountHolderFullName": account.holder,
    })
}

pub(super) fn landlord(account: &Account) -> Value {
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
