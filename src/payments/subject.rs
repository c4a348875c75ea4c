//! The subjects of screens and commands of the two APIs, as data: they can be typed, shown and loaded.

use super::event::{Event, Family};
use super::request::{PaymentsRequest as Request, Tin};
use crate::list::Host;

pub const WINDOW: u64 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hosts {
    pub payments: bool,
    pub finance: bool,
}

impl Hosts {
    pub fn any(self) -> bool {
        self.payments || self.finance
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Payment(String),
    Events(Feed),
    Account,
    /// The Stripe account of a landlord.
    Stripe(String),
    /// The account of a landlord: the default one, or the one for a property.
    BankOf(String, Option<String>),
    Bank(String),
    Tin(Tin),
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    pub from: u64,
    pub to: u64,
    pub family: Option<Family>,
    /// The events of this stream instead of a window.
    pub stream: Option<String>,
    pub text: Option<String>,
}

impl Feed {
    pub fn from(from: u64) -> Self {
        Self { from, to: from.saturating_add(WINDOW - 1), ..Self::default() }
    }

    pub fn moved(&self, is_forward: bool) -> Self {
        let size = self.to.saturating_sub(self.from).saturating_add(1);
        let step = if is_forward { u64::saturating_add } else { u64::saturating_sub };
        let from = step(self.from, size);
        Self { from, to: from.saturating_add(size - 1), ..self.clone() }
    }

    pub fn shows(&self, event: &Event) -> bool {
        self.family.is_none_or(|family| event.family() == family)
            && self.text.as_ref().is_none_or(|text| event.contains(text))
    }
}

impl Subject {
    /// The first requests, without those to a server without a token.
    pub fn first(&self, hosts: Hosts) -> Vec<Request> {
        let all = match self {
            Self::Payment(id) => [Request::Admin, Request::Block, Request::Stream]
                .map(|request| request(id.clone()))
                .to_vec(),
            Self::Events(Feed { stream: Some(id), .. }) => vec![Request::Stream(id.clone())],
            Self::Events(feed) => vec![Request::Events(feed.from, feed.to)],
            Self::Account => vec![
                Request::MyAccounts(1),
                Request::AccountHolder,
                Request::Methods(1),
                Request::Currencies(1),
            ],
            Self::Stripe(landlord) => vec![Request::Stripe(landlord.clone())],
            Self::BankOf(landlord, None) => vec![Request::DefaultAccount(landlord.clone())],
            Self::BankOf(landlord, Some(property)) => {
                vec![Request::AccountOfProperty(landlord.clone(), property.clone())]
            }
            Self::Bank(id) => [Request::Account, Request::AccountProperties, Request::BankAccount]
                .map(|request| request(id.clone()))
                .to_vec(),
            Self::Tin(tin) => vec![Request::Tin(tin.clone())],
        };
        let is_served = |request: &Request| {
            if request.host() == Host::Finance { hosts.finance } else { hosts.payments }
        };
        all.into_iter().filter(is_served).collect()
    }

    /// The title of a screen, without the tax number.
    pub fn title(&self) -> String {
        match self {
            Self::Payment(id) => format!("Payment {id}"),
            Self::Events(Feed { stream: Some(stream), .. }) => format!("Events of {stream}"),
            Self::Events(feed) => format!("Events {} to {}", feed.from, feed.to),
            Self::Account => "Account".to_owned(),
            Self::Stripe(landlord) => format!("Stripe account of {landlord}"),
            Self::BankOf(landlord, None) => format!("Bank account of {landlord}"),
            Self::BankOf(landlord, Some(property)) => {
                format!("Bank account of {landlord} for {property}")
            }
            Self::Bank(id) => format!("Bank account {id}"),
            Self::Tin(_) => "Tax number".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_without_a_gap() {
        let feed = Feed::from(1);
        assert_eq!((feed.from, feed.to), (1, 100));
        let next = feed.moved(true);
        assert_eq!((next.from, next.to), (101, 200));
        assert_eq!(next.moved(false), feed);
        assert_eq!(feed.moved(false).from, 0);
        assert!(Feed { from: u64::MAX, to: u64::MAX, ..feed }.moved(true).to > 0);
    }

    #[test]
    fn only_servers_with_a_token_are_asked() {
        let hosts = |payments, finance| Hosts { payments, finance };
        assert!(Subject::Account.first(hosts(false, false)).is_empty());
        assert_eq!(
            Subject::Account.first(hosts(false, true)),
            [Request::AccountHolder, Request::Currencies(1)]
        );
        let bank = Subject::Bank("a".to_owned());
        assert_eq!(bank.first(hosts(true, true)).len(), 3);
        assert!(Subject::Payment("a".to_owned()).first(hosts(false, true)).is_empty());
    }
}
