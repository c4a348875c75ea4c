//! The requests to the two APIs: every documented read, and the check of a tax number.

use std::fmt;

use strum::EnumMessage;

use crate::domain::text::Untrusted;
use crate::list::Host;

pub const PAGE: u32 = 100;
const LONGEST_ID: usize = 255;

/// Messages: the documented path, and the subject of a failure. A number alone is a page.
#[derive(Clone, PartialEq, Eq, strum::EnumMessage)]
pub enum PaymentsRequest {
    #[strum(message = "payments/{id}", detailed_message = "The block state of the payment")]
    Block(String),
    #[strum(message = "public/payments/{id}", detailed_message = "The public view of the payment")]
    Public(String),
    #[strum(message = "admin/payments/{id}", detailed_message = "The full view of the payment")]
    Admin(String),
    #[strum(message = "payments/payment-methods", detailed_message = "The payment methods")]
    Methods(u32),
    #[strum(message = "payment-holders/{id}", detailed_message = "The holder of the payment")]
    Holder(String),
    #[strum(message = "stripe/accounts/{landlordId}", detailed_message = "The Stripe account")]
    Stripe(String),
    #[strum(message = "me/bank-account-details", detailed_message = "The bank account details")]
    MyAccounts(u32),
    #[strum(
        message = "me/bank-account-details/{id}/properties",
        detailed_message = "The properties of the account"
    )]
    MyProperties(String),
    #[strum(message = "admin/bank-account-details/{id}", detailed_message = "The bank account")]
    Account(String),
    #[strum(
        message = "admin/bank-account-details/{id}/properties",
        detailed_message = "The properties of the account"
    )]
    AccountProperties(String),
    #[strum(
        message = "admin/landlords/{landlordId}/properties/{propertyId}/bank-account-detail",
        detailed_message = "The bank account"
    )]
    AccountOfProperty(String, String),
    #[strum(
        message = "admin/landlords/{landlordId}/bank-account-details/default",
        detailed_message = "The default bank account"
    )]
    DefaultAccount(String),
    #[strum(message = "event-store/{fromEventId}/{toEventId}", detailed_message = "The events")]
    Events(u64, u64),
    #[strum(message = "event-store/streams/{streamId}", detailed_message = "The events")]
    Stream(String),
    #[strum(message = "tin/validate", detailed_message = "The check of the tax number")]
    Tin(Tin),
    #[strum(message = "api/bank-accounts/{bankAccountId}", detailed_message = "The bank account")]
    BankAccount(String),
    #[strum(
        message = "api/landlord/bank-account-holders",
        detailed_message = "The holder of the bank accounts"
    )]
    AccountHolder,
    #[strum(message = "api/currencies", detailed_message = "The currencies")]
    Currencies(u32),
}

#[derive(Clone, PartialEq, Eq)]
pub struct Tin {
    pub number: Untrusted,
    pub country: String,
    /// `individual`, `company`.
    pub business: String,
}

impl fmt::Debug for Tin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The number must not get into a log.
        write!(f, "Tin({:?}, {:?})", self.country, self.business)
    }
}

impl fmt::Debug for PaymentsRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentsRequest({})", self.endpoint())
    }
}

impl PaymentsRequest {
    pub fn host(&self) -> Host {
        match self {
            Self::BankAccount(_) | Self::AccountHolder | Self::Currencies(_) => Host::Finance,
            _ => Host::Payments,
        }
    }

    pub fn endpoint(&self) -> &'static str {
        self.get_message().unwrap_or_default()
    }

    pub fn subject(&self) -> &'static str {
        self.get_detailed_message().unwrap_or_default()
    }

    fn ids(&self) -> Vec<String> {
        match self {
            Self::Block(id)
            | Self::Public(id)
            | Self::Admin(id)
            | Self::Holder(id)
            | Self::Stripe(id)
            | Self::MyProperties(id)
            | Self::Account(id)
            | Self::AccountProperties(id)
            | Self::DefaultAccount(id)
            | Self::Stream(id)
            | Self::BankAccount(id) => vec![id.clone()],
            Self::AccountOfProperty(landlord, property) => vec![landlord.clone(), property.clone()],
            Self::Events(from, to) => vec![from.to_string(), to.to_string()],
            _ => Vec::new(),
        }
    }

    /// Returns the path segments, not yet encoded, or why an id cannot be one.
    pub fn segments(&self) -> Result<Vec<String>, String> {
        let ids = self.ids();
        ids.iter().try_for_each(|id| check_id(id))?;
        let mut ids = ids.into_iter();
        let segment = |part: &str| {
            if part.starts_with('{') { ids.next().unwrap_or_default() } else { part.to_owned() }
        };
        Ok(self.endpoint().split('/').map(segment).collect())
    }

    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Methods(page) | Self::MyAccounts(page) | Self::Currencies(page) => {
                vec![("page", page.to_string()), ("itemsPerPage", PAGE.to_string())]
            }
            _ => Vec::new(),
        }
    }
}

/// An empty segment, or one of dots, would change the path around it.
fn check_id(id: &str) -> Result<(), String> {
    if id.trim().is_empty() {
        return Err("an id is missing".to_owned());
    }
    if matches!(id, "." | "..") || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("the id is not valid: it contains spaces, or only dots".to_owned());
    }
    if id.chars().count() > LONGEST_ID {
        return Err(format!("the id is longer than {LONGEST_ID} characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fill_the_places_of_the_documented_path() {
        let request = PaymentsRequest::AccountOfProperty("l/1".to_owned(), "p?2".to_owned());
        let path = ["admin", "landlords", "l/1", "properties", "p?2", "bank-account-detail"];
        assert_eq!(request.segments().unwrap(), path);
        assert_eq!(
            PaymentsRequest::Events(0, 100).segments().unwrap(),
            ["event-store", "0", "100"]
        );
        assert_eq!(PaymentsRequest::Currencies(2).pairs()[0], ("page", "2".to_owned()));
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for id in ["", " ", ".", "..", "a b", "a\n", &"x".repeat(256)] {
            assert!(PaymentsRequest::Stream(id.to_owned()).segments().is_err(), "{id:?}");
        }
    }

    #[test]
    fn a_tax_number_is_in_no_debug_output() {
        let tin = Tin {
            number: Untrusted::new("27484819A"),
            country: "ES".to_owned(),
            business: "individual".to_owned(),
        };
        let debug = format!("{tin:?} {:?}", PaymentsRequest::Tin(tin.clone()));
        assert!(!debug.contains("27484819"), "{debug}");
    }
}
