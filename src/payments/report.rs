//! The requests for one [`Subject`], their responses, and the lines that screens and commands show.

mod account;
mod events;
mod payment;

use serde_json::Value;

use super::fields::Fields;
use super::request::PaymentsRequest as Request;
use super::response::{Response, Rows};
use super::subject::{Hosts, Subject};
use crate::domain::failure::Failure;
use crate::domain::text::Untrusted;

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
        if let Some(Response::Rows(rows)) = self.answer() { &rows.rows } else { &[] }
    }

    fn lines_of(&self, render: impl Fn(&Self) -> Vec<Line>) -> Vec<Line> {
        Line::of_state(self).map_or_else(|| render(self), |line| vec![line])
    }
}

#[derive(Debug, Clone)]
pub struct Report {
    pub subject: Subject,
    /// The fields of a payment from the list in which it was opened.
    pub known: Option<Fields>,
    pub parts: Vec<Part>,
}

impl Report {
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
        let part = |request: &Request| Part { request: request.clone(), response: None };
        self.parts.extend(requests.iter().map(part));
    }

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
                let next = self.next(*page, rows, Request::MyAccounts);
                ids.map(Request::MyProperties).chain(next).collect()
            }
            (Request::Methods(page), Ok(Response::Rows(rows))) => {
                Vec::from_iter(self.next(*page, rows, Request::Methods))
            }
            (Request::Currencies(page), Ok(Response::Rows(rows))) => {
                Vec::from_iter(self.next(*page, rows, Request::Currencies))
            }
            (
                Request::DefaultAccount(_) | Request::AccountOfProperty(..),
                Ok(Response::Object(account)),
            ) => id(account, "id").map(Request::AccountProperties).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The next page, unless the server repeats the same one.
    fn next(&self, page: u32, rows: &Rows, request: fn(u32) -> Request) -> Option<Request> {
        let before = page.checked_sub(1).and_then(|page| self.part(&request(page)));
        let is_repeated = before.is_some_and(|before| before.rows() == rows.rows);
        rows.next.filter(|next| *next <= MOST_PAGES && !is_repeated).map(request)
    }

    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.response.is_some())
    }

    /// The first failure, if no request succeeded.
    pub fn failure(&self) -> Option<&Failure> {
        if self.parts.iter().any(|part| part.answer().is_some()) {
            return None;
        }
        self.parts.iter().find_map(|part| part.response.as_ref()?.as_ref().err())
    }

    fn part(&self, request: &Request) -> Option<&Part> {
        self.parts.iter().find(|part| part.request == *request)
    }

    fn all(&self, fits: fn(&Request) -> bool) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| fits(&part.request))
    }

    fn lines_of(
        &self,
        fits: fn(&Request) -> bool,
        render: impl Fn(&Part) -> Vec<Line>,
    ) -> Vec<Line> {
        self.all(fits).flat_map(|part| part.lines_of(&render)).collect()
    }

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Plain,
    Quiet,
    Warning,
    Failure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    Booking(Untrusted),
    Stream(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Empty if the text needs no label.
    pub label: &'static str,
    pub text: String,
    pub tone: Tone,
    pub opens: Option<Opens>,
    /// The JSON behind the line, with nothing masked.
    pub raw: Option<Value>,
}

impl Line {
    fn new(label: &'static str, text: impl Into<String>, tone: Tone) -> Self {
        Self { label, text: text.into(), tone, opens: None, raw: None }
    }

    fn title(text: impl Into<String>) -> Self {
        Self::new("", text, Tone::Title)
    }

    fn plain(label: &'static str, text: impl Into<String>) -> Self {
        Self::new(label, text, Tone::Plain)
    }

    fn opening(mut self, opens: Option<Opens>) -> Self {
        self.opens = opens;
        self
    }

    fn with_raw(mut self, raw: &Value) -> Self {
        self.raw = Some(raw.clone());
        self
    }

    fn all_with_raw(lines: Vec<Self>, raw: &Value) -> Vec<Self> {
        lines.into_iter().map(|line| line.with_raw(raw)).collect()
    }

    fn of_fields(fields: &Fields, table: &[(&str, &'static str)]) -> Vec<Self> {
        let text = |name| Some(fields.text(name)?.shown().into_owned());
        table.iter().filter_map(|(name, label)| Some(Self::plain(label, text(name)?))).collect()
    }

    fn of_state(part: &Part) -> Option<Self> {
        match &part.response {
            None => {
                Some(Self::new("", format!("{}: loading…", part.request.subject()), Tone::Quiet))
            }
            Some(Err(failure)) => {
                let text = format!("✗ {}: {}", failure.what, failure.why);
                Some(Self::new("", text, Tone::Failure))
            }
            Some(Ok(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests;
