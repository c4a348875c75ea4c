//! What can be asked of the two APIs: every read of the documents, and the check of a tax number.

use std::fmt;

use crate::domain::text::Untrusted;
use crate::list::Host;

/// Rows of a page; the documents request for as many.
pub const PAGE: u32 = 100;
/// Characters of an identifier in a path.
const LONGEST_ID: usize = 255;

/// One request to one of the two APIs.
#[derive(Clone, PartialEq, Eq)]
pub enum PaymentsRequest {
    Block(String),
    /// A payment as anybody may see it.
    Public(String),
    /// A payment as an administrator may see it.
    Admin(String),
    /// The ways to pay, a page of them.
    Methods(u32),
    /// The holder of payments, with their ways to pay.
    Holder(String),
    /// The Stripe account of a landlord.
    Stripe(String),
    /// The bank account details of the token's user, a page of them.
    MyAccounts(u32),
    /// The properties of one of them.
    MyProperties(String),
    /// Bank account details by their id.
    Account(String),
    /// The properties of bank account details.
    AccountProperties(String),
    /// The bank account details that a landlord has for a property: landlord, property.
    AccountOfProperty(String, String),
    /// A landlord's default bank account details.
    DefaultAccount(String),
    Events(u64, u64),
    Stream(String),
    /// Whether a tax number is valid.
    Tin(Tin),
    /// A bank account of Payments and Finance.
    BankAccount(String),
    /// The holder of the landlord's bank accounts.
    AccountHolder,
    /// The currencies, a page of them.
    Currencies(u32),
}

/// A tax number that is to be checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Tin {
    pub number: Untrusted,
    /// The country that gave it, two letters.
    pub country: String,
    /// Of whom it is: `individual`, `company`.
    pub business: String,
}

impl fmt::Debug for Tin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The number is in no log.
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

    /// The documented path with its placeholders, and what could not be loaded, as the subject of a
    /// sentence.
    fn described(&self) -> (&'static str, &'static str) {
        match self {
            Self::Block(_) => ("payments/{id}", "The block state of the payment"),
            Self::Public(_) => ("public/payments/{id}", "The public view of the payment"),
            Self::Admin(_) => ("admin/payments/{id}", "The full view of the payment"),
            Self::Methods(_) => ("payments/payment-methods", "The payment methods"),
            Self::Holder(_) => ("payment-holders/{id}", "The holder of the payment"),
            Self::Stripe(_) => ("stripe/accounts/{landlordId}", "The Stripe account"),
            Self::MyAccounts(_) => ("me/bank-account-details", "The bank account details"),
            Self::MyProperties(_) => {
                ("me/bank-account-details/{id}/properties", "The properties of the account")
            }
            Self::Account(_) => ("admin/bank-account-details/{id}", "The bank account"),
            Self::AccountProperties(_) => {
                ("admin/bank-account-details/{id}/properties", "The properties of the account")
            }
            Self::AccountOfProperty(..) => (
                "admin/landlords/{landlordId}/properties/{propertyId}/bank-account-detail",
                "The bank account",
            ),
            Self::DefaultAccount(_) => (
                "admin/landlords/{landlordId}/bank-account-details/default",
                "The default bank account",
            ),
            Self::Events(..) => ("event-store/{fromEventId}/{toEventId}", "The events"),
            Self::Stream(_) => ("event-store/streams/{streamId}", "The events"),
            Self::Tin(_) => ("tin/validate", "The check of the tax number"),
            Self::BankAccount(_) => ("api/bank-accounts/{bankAccountId}", "The bank account"),
            Self::AccountHolder => {
                ("api/landlord/bank-account-holders", "The holder of the bank accounts")
            }
            Self::Currencies(_) => ("api/currencies", "The currencies"),
        }
    }

    /// The documented path with its placeholders: what an error may name.
    pub fn endpoint(&self) -> &'static str {
        self.described().0
    }

    /// What could not be loaded, as the subject of a sentence.
    pub fn subject(&self) -> &'static str {
        self.described().1
    }

    /// The identifiers in the path, in the order of its placeholders.
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
            Self::Methods(_)
            | Self::MyAccounts(_)
            | Self::Tin(_)
            | Self::AccountHolder
            | Self::Currencies(_) => Vec::new(),
        }
    }

    /// The segments of the path below the base URL, each still to be encoded as one segment.
    ///
    /// # Errors
    /// Why an identifier can stand in no path, in words.
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

/// A segment that is empty or made of dots would change the path around it.
fn check_id(id: &str) -> Result<(), String> {
    if id.trim().is_empty() {
        return Err("an id is missing".to_owned());
    }
    if matches!(id, "." | "..") || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("the id holds what no id has".to_owned());
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
