//! Everything that was asked for one [`Subject`], and the answers: the screens and the commands show the
//! same lines of it.

mod account;
mod events;
mod line;
mod payment;

pub use line::{Line, Opens, Tone};

use super::fields::Fields;
use super::request::PaymentsRequest as Request;
use super::response::{Response, Rows};
use super::subject::{Hosts, Subject};
use crate::domain::failure::Failure;

/// Pages of one list that are fetched: far more than there are.
const MOST_PAGES: u32 = 50;

#[derive(Debug, Clone)]
pub struct Part {
    pub request: Request,
    pub response: Option<Result<Response, Failure>>,
}

impl Part {
    fn answer(&self) -> Option<&Response> {
        self.response.as_ref()?.as_ref().ok()
    }

    fn object(&self) -> Option<&Fields> {
        self.answer()?.object()
    }

    fn rows(&self) -> &[Fields] {
        match self.answer() {
            Some(Response::Rows(rows)) => &rows.rows,
            _ => &[],
        }
    }
}

#[derive(Debug, Clone)]
pub struct Report {
    pub subject: Subject,
    /// What is known of a payment from the list that it was opened from.
    pub known: Option<Fields>,
    parts: Vec<Part>,
}

impl Report {
    /// A report of which nothing has come, and what is to be asked for it.
    pub fn begin(subject: Subject, known: Option<Fields>, hosts: Hosts) -> (Self, Vec<Request>) {
        let mut requests = subject.first(hosts);
        if let (Subject::Payment(id), None, true) = (&subject, &known, hosts.payments) {
            // The administrator's view has no amount.
            requests.push(Request::Public(id.clone()));
        }
        let mut report = Self { subject, known, parts: Vec::new() };
        report.add(&requests);
        (report, requests)
    }

    fn add(&mut self, requests: &[Request]) {
        self.parts.extend(
            requests.iter().map(|request| Part { request: request.clone(), response: None }),
        );
    }

    /// Accepts an answer. Returns what is to be asked because of it.
    pub fn accept(
        &mut self,
        request: &Request,
        response: Result<Response, Failure>,
    ) -> Vec<Request> {
        let mut requests: Vec<Request> = Vec::new();
        for next in self.following(request, &response) {
            if !self.parts.iter().any(|part| part.request == next) && !requests.contains(&next) {
                requests.push(next);
            }
        }
        if let Some(part) = self.parts.iter_mut().find(|part| part.request == *request) {
            part.response = Some(response);
        }
        self.add(&requests);
        requests
    }

    fn following(&self, request: &Request, response: &Result<Response, Failure>) -> Vec<Request> {
        let id = |fields: &Fields, name: &str| Some(fields.text(name)?.expose_raw().to_owned());
        match (request, response) {
            (Request::Admin(payment), Err(_)) => vec![Request::Public(payment.clone())],
            (Request::Admin(_), Ok(Response::Object(payment))) => {
                let holders = ["originPaymentHolderId", "targetPaymentHolderId"];
                holders.iter().filter_map(|name| id(payment, name)).map(Request::Holder).collect()
            }
            (Request::MyAccounts(page), Ok(Response::Rows(rows))) => {
                let ids = rows.rows.iter().filter_map(|row| id(row, "id"));
                ids.map(Request::MyProperties)
                    .chain(self.next(*page, rows, Request::MyAccounts))
                    .collect()
            }
            (Request::Methods(page), Ok(Response::Rows(rows))) => {
                self.next(*page, rows, Request::Methods).into_iter().collect()
            }
            (Request::Currencies(page), Ok(Response::Rows(rows))) => {
                self.next(*page, rows, Request::Currencies).into_iter().collect()
            }
            (
                Request::DefaultAccount(_) | Request::AccountOfProperty(..),
                Ok(Response::Object(account)),
            ) => id(account, "id").map(Request::AccountProperties).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The page that follows, unless the server gives the same one over and over.
    fn next(&self, page: u32, rows: &Rows, request: fn(u32) -> Request) -> Option<Request> {
        let before = page.checked_sub(1).and_then(|page| self.part(&request(page)));
        let is_repeated = before.is_some_and(|before| before.rows() == rows.rows);
        rows.next.filter(|next| *next <= MOST_PAGES && !is_repeated).map(request)
    }

    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.response.is_some())
    }

    /// The parts, in the order in which they were asked for.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The first failure, where nothing at all came.
    pub fn failure(&self) -> Option<&Failure> {
        let responses = || self.parts.iter().filter_map(|part| part.response.as_ref());
        if responses().any(Result::is_ok) {
            return None;
        }
        responses().find_map(|response| response.as_ref().err())
    }

    fn part(&self, request: &Request) -> Option<&Part> {
        self.parts.iter().find(|part| part.request == *request)
    }

    /// The parts that fit, in their order.
    fn all(&self, fits: fn(&Request) -> bool) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| fits(&part.request))
    }

    /// The report line by line. Account and tax numbers are hidden unless they are revealed.
    pub fn lines(&self, is_revealed: bool) -> Vec<Line> {
        match &self.subject {
            Subject::Payment(id) => payment::lines(self, id),
            Subject::Events(feed) => events::lines(self, feed),
            Subject::Account => account::all(self, is_revealed),
            Subject::Stripe(_) => account::stripe(self),
            Subject::BankOf(..) | Subject::Bank(_) => account::bank(self, is_revealed),
            Subject::Tin(tin) => account::tin(self, tin, is_revealed),
        }
    }
}

#[cfg(test)]
mod tests;
