//! What the deciding reads of a write say, as far as plan and verdict need it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::money::{Currency, format_money};
use crate::domain::text::Untrusted;
use crate::payments::write::WriteKind;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    Payment(PaymentSeen),
    Fees(FeesSeen),
    Account(AccountSeen),
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentSeen {
    pub is_blocked: Option<bool>,
    pub updated_at: Option<Text>,
    pub status: Option<Text>,
    pub kind: Option<Text>,
    /// The reference of the booking.
    pub reference: Option<Text>,
    pub due: Option<Text>,
    /// Minor units.
    pub amount: Option<i64>,
    pub currency: Option<Text>,
    /// The highest event number of its stream; `None` if the events could not be read.
    pub last_event: Option<u64>,
    /// The events that block, unblock and cancel it, in the order of their numbers.
    pub effects: Vec<Effect>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The number of the event.
    pub event: u64,
    pub kind: WriteKind,
    /// UTC, to the second.
    pub at: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeesSeen {
    pub fees: Vec<Fee>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fee {
    pub id: Text,
    pub status: Option<Text>,
    pub amount: Option<i64>,
    pub currency: Option<Text>,
    pub booking: Option<Text>,
    pub reference: Option<Text>,
    pub due: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSeen {
    pub properties: Vec<Text>,
    pub beneficiary: Option<Text>,
    /// Masked except for the country and the last four characters.
    pub iban: Option<Text>,
    /// The SHA-256 of the complete IBAN; never saved.
    #[serde(skip)]
    pub iban_hash: Option<String>,
    pub has_wrong_digits: bool,
    /// The last change of its IBAN in the last days, by its events.
    pub iban_changed: Option<Text>,
    /// The events could not be read, so that a change of the IBAN is not known.
    pub is_iban_history_unread: bool,
}

/// An untrusted text that can be saved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(pub Untrusted);

impl Text {
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(Untrusted::new(text))
    }

    pub fn raw(&self) -> &str {
        self.0.expose_raw()
    }

    pub fn shown(&self) -> String {
        self.0.shown().into_owned()
    }
}

impl From<Untrusted> for Text {
    fn from(text: Untrusted) -> Self {
        Self(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.raw())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

/// `EUR 372.70`; empty without an amount.
pub fn money(amount: Option<i64>, currency: Option<&Text>) -> String {
    let code = currency.and_then(|code| Currency::parse(code.raw()));
    match (amount, code, currency) {
        (Some(minor), Some(code), _) => format_money(minor.into(), code),
        (Some(minor), None, Some(other)) => format!("{} {minor}", other.shown()),
        (Some(minor), None, None) => minor.to_string(),
        (None, ..) => String::new(),
    }
}

/// Returns `true` for a cancelled status, in each spelling of the API.
pub fn is_cancelled(status: Option<&Text>) -> bool {
    let word = status.map(|status| status.raw().trim().to_ascii_lowercase()).unwrap_or_default();
    word.strip_prefix("cancel").is_some_and(|rest| matches!(rest, "ed" | "led"))
}

pub fn is_paid(status: Option<&Text>) -> bool {
    status.is_some_and(|status| status.raw().trim().eq_ignore_ascii_case("paid"))
}
