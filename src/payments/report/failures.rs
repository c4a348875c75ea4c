//! What could not be loaded: of the report as a whole, and of its lists.

use super::{LISTS, List, Part, Report};
use crate::domain::failure::{Advice, Failure, Kind};
use crate::domain::money::format_count;
use crate::domain::text::sanitize;
use crate::payments::request::PaymentsRequest as Request;
use crate::payments::response::Response;
use crate::payments::subject::Subject;

impl Report {
    /// The failure of the report, if no request succeeded: "not found" only if every failure is.
    pub fn failure(&self) -> Option<Failure> {
        let payment = match &self.subject {
            Subject::Payment(id) => Some(id),
            _ => None,
        };
        // The stream of a payment that does not exist has no events.
        let is_nothing = |answer: &Response| {
            payment.is_some() && matches!(answer, Response::Events(events) if events.is_empty())
        };
        if self.parts.iter().filter_map(Part::answer).any(|answer| !is_nothing(answer)) {
            return None;
        }
        let mut failures = self.parts.iter().filter_map(Part::failure);
        let first = failures.clone().next()?;
        if let Some(other) = failures.find(|failure| failure.kind != Kind::Missing) {
            return Some(other.clone());
        }
        let Some(id) = payment else { return Some(first.clone()) };
        let what = format!("Payment {} was not found", sanitize(id));
        Some(Failure::new(Kind::Missing, what, first.why.clone(), Advice::CheckId))
    }

    /// The failures for other reasons than this one, each reason once.
    pub fn failures_besides(&self, shown: &Failure) -> Vec<Failure> {
        let mut others: Vec<Failure> = Vec::new();
        for failure in self.parts.iter().filter_map(Part::failure) {
            let is_same = |other: &Failure| other.why == failure.why;
            if !is_same(shown) && !others.iter().any(is_same) {
                others.push(failure.clone());
            }
        }
        others
    }

    /// The lists that are not loaded completely, each as a sentence.
    pub fn incomplete(&self) -> Vec<String> {
        let lists = LISTS.into_iter().filter_map(|list| {
            let failure = self.all(list.1).find_map(Part::failure);
            match (self.incomplete_list(list), failure) {
                (Some(text), Some(failure)) => Some(format!("{text}. {}", failure.why)),
                (None, Some(failure)) => Some(failure.to_string()),
                (text, None) => text,
            }
        });
        lists.chain(self.without_properties()).collect()
    }

    /// The accounts whose properties could not be loaded.
    fn without_properties(&self) -> Option<String> {
        let failures: Vec<&Failure> = self.unread_properties().collect();
        let all = self.parts.iter().filter(|part| is_of_properties(part)).count();
        match failures.as_slice() {
            [] => None,
            [one] if all == 1 => Some(one.to_string()),
            [first, ..] => {
                let [count, all] = [failures.len(), all].map(|it| format_count(it as u64));
                let why = &first.why;
                Some(format!(
                    "The properties of {count} of {all} accounts could not be loaded: {why}"
                ))
            }
        }
    }

    fn unread_properties(&self) -> impl Iterator<Item = &Failure> {
        // Where the account is not on this server, its properties are not missed.
        let is_elsewhere = |part: &Part| {
            let Request::AccountProperties(id) = &part.request else { return false };
            let account = self.part(&Request::Account(id.clone()));
            part.is_missing() && account.is_some_and(Part::is_missing)
        };
        let parts = self.parts.iter().filter(|part| is_of_properties(part));
        parts.filter(move |part| !is_elsewhere(part)).filter_map(Part::failure)
    }

    /// The kind of failure that left a list incomplete; a rejected token before all others.
    pub fn list_failure(&self) -> Option<Kind> {
        let of_list = |(_, fits): List| self.all(fits).filter_map(Part::failure);
        let failures = LISTS.into_iter().flat_map(of_list).chain(self.unread_properties());
        let mut kinds = failures.map(|failure| failure.kind);
        let first = kinds.next()?;
        Some(kinds.find(|kind| *kind == Kind::Access).unwrap_or(first))
    }
}

fn is_of_properties(part: &Part) -> bool {
    matches!(part.request, Request::MyProperties(_) | Request::AccountProperties(_))
}
