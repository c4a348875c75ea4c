//! Everything that was asked for one [`Wanted`], and what came: the screens and the commands show the
//! same lines of it.

mod account;
mod events;
mod line;
mod payment;

pub use line::{Line, Opens, Tone};

use super::ask::Ask;
use super::fields::Fields;
use super::told::{Rows, Told};
use super::wanted::{Hosts, Wanted};
use crate::domain::failure::Failure;

/// Pages of one list that are fetched: far more than there are.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Part {
    pub ask: Ask,
    pub told: Option<Result<Told, Failure>>,
}

/// What was asked and what came.
#[derive(Debug, Clone)]
pub struct Report {
    pub wanted: Wanted,
    /// What is known of a payment from the list that it was opened from.
    pub known: Option<Fields>,
    parts: Vec<Part>,
}

impl Report {
    /// A report of which nothing has come, and what is to be asked for it.
    pub fn begin(wanted: Wanted, known: Option<Fields>, hosts: Hosts) -> (Self, Vec<Ask>) {
        let mut asks = wanted.first(hosts);
        if let (Wanted::Payment(id), None, true) = (&wanted, &known, hosts.payments) {
            // The administrator's view has no amount.
            asks.push(Ask::Public(id.clone()));
        }
        let mut report = Self { wanted, known, parts: Vec::new() };
        report.add(&asks);
        (report, asks)
    }

    fn add(&mut self, asks: &[Ask]) {
        self.parts.extend(asks.iter().map(|ask| Part { ask: ask.clone(), told: None }));
    }

    /// Takes an answer; gives what is to be asked because of it.
    pub fn accept(&mut self, ask: &Ask, told: Result<Told, Failure>) -> Vec<Ask> {
        let mut asks = self.following(ask, &told);
        asks.retain(|ask| !self.parts.iter().any(|part| part.ask == *ask));
        let mut seen: Vec<Ask> = Vec::new();
        asks.retain(|ask| {
            let is_new = !seen.contains(ask);
            seen.push(ask.clone());
            is_new
        });
        if let Some(part) = self.parts.iter_mut().find(|part| part.ask == *ask) {
            part.told = Some(told);
        }
        self.add(&asks);
        asks
    }

    fn following(&self, ask: &Ask, told: &Result<Told, Failure>) -> Vec<Ask> {
        match (ask, told) {
            (Ask::Admin(id), Err(_)) => vec![Ask::Public(id.clone())],
            (Ask::Admin(_), Ok(Told::Object(payment))) => {
                ["originPaymentHolderId", "targetPaymentHolderId"]
                    .into_iter()
                    .filter_map(|name| payment.text(name))
                    .map(|id| Ask::Holder(id.expose_raw().to_owned()))
                    .collect()
            }
            (Ask::MyAccounts(page), Ok(Told::Rows(rows))) => {
                let ids = rows.rows.iter().filter_map(|row| row.text("id"));
                let mut asks: Vec<Ask> =
                    ids.map(|id| Ask::MyProperties(id.expose_raw().to_owned())).collect();
                asks.extend(self.next(*page, rows, Ask::MyAccounts));
                asks
            }
            (Ask::Methods(page), Ok(Told::Rows(rows))) => self.next(*page, rows, Ask::Methods),
            (Ask::Currencies(page), Ok(Told::Rows(rows))) => {
                self.next(*page, rows, Ask::Currencies)
            }
            (Ask::DefaultAccount(_) | Ask::AccountOfProperty(..), Ok(Told::Object(account))) => {
                let id = account.text("id");
                id.map(|id| Ask::AccountProperties(id.expose_raw().to_owned()))
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The page that follows, unless the server gives the same one over and over.
    fn next(&self, page: u32, rows: &Rows, ask: fn(u32) -> Ask) -> Vec<Ask> {
        let before = page.checked_sub(1).and_then(|page| self.told(&ask(page)));
        let is_repeated = matches!(before, Some(Told::Rows(before)) if before.rows == rows.rows);
        let next = rows.next.filter(|next| *next <= MOST_PAGES && !is_repeated);
        next.map(ask).into_iter().collect()
    }

    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.told.is_some())
    }

    /// The parts, in the order in which they were asked for.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The first failure, where nothing at all came.
    pub fn failure(&self) -> Option<&Failure> {
        let came = self.parts.iter().any(|part| matches!(part.told, Some(Ok(_))));
        let failed = |part: &'_ Part| matches!(part.told, Some(Err(_)));
        let first = self.parts.iter().find(|part| failed(part)).filter(|_| !came)?;
        first.told.as_ref()?.as_ref().err()
    }

    fn told(&self, ask: &Ask) -> Option<&Told> {
        self.parts.iter().find(|part| part.ask == *ask)?.told.as_ref()?.as_ref().ok()
    }

    /// The parts that fit, in their order.
    fn all(&self, fits: fn(&Ask) -> bool) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| fits(&part.ask))
    }

    /// The report line by line. Account and tax numbers are hidden unless they are revealed.
    pub fn lines(&self, is_revealed: bool) -> Vec<Line> {
        match &self.wanted {
            Wanted::Payment(id) => payment::lines(self, id),
            Wanted::Events(feed) => events::lines(self, feed),
            Wanted::Account => account::all(self, is_revealed),
            Wanted::Stripe(_) => account::stripe(self),
            Wanted::BankOf(..) | Wanted::Bank(_) => account::bank(self, is_revealed),
            Wanted::Tin(tin) => account::tin(self, tin, is_revealed),
        }
    }
}

#[cfg(test)]
mod tests;
